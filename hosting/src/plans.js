/** The kinds of interview that can be begun, and what is chosen of one: its level and its time. */

import { texts } from "./language.js";
import { clean } from "./selectors.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Plan} Plan */

/** @typedef {{plan: string, level: string, time_factor: number}} Choice a kind by its id, a level of it or "", and times the planned time */

/** What an interview is where nothing is chosen. @type {Readonly<Choice>} */
export const USUAL = Object.freeze({ plan: "classic", level: "", time_factor: 1 });
export const TIME_FACTORS = [1, 1.5, 2, 3];

/** @typedef {{job: string, background: string}} Paste texts of the candidate's that questions are worded for: the job, and what they have done */

/** @type {Readonly<Paste>} */
export const NO_PASTE = Object.freeze({ job: "", background: "" });

/** While the service has not said what there is, the usual kind is certain. @type {() => Plan} */
const usual = () => ({ ...USUAL, id: USUAL.plan, title: texts.PAGE.anyWork, minutes: null, questions: null, stages: null, levels: [], forecast: [] });

/**
 * What can be begun, each kind as it would be with what is chosen now.
 * @param {State} state
 * @returns {Plan[]} none where the service does not say any
 */
export const offered = ({ plans, form }) => (plans ?? [usual()]).map((plan) => asChosen(plan, form));

/**
 * The kind that the first page begins.
 * @param {State} state
 * @returns {Plan | undefined} undefined where the service does not say any
 */
export function chosenPlan(state) {
  const all = offered(state);
  return all.find(({ id }) => id === state.form.plan) ?? all[0];
}

/**
 * A level that this kind does not have is none, and a release that lists no levels takes no other time either.
 * @param {Plan} plan
 * @param {Choice} form
 * @returns {Plan}
 */
function asChosen(plan, form) {
  const level = plan.levels?.includes(form.level) ? form.level : "";
  const time_factor = plan.levels ? form.time_factor : 1;
  const coming = plan.forecast.find((one) => one.level === level);
  return {
    ...plan,
    level,
    time_factor,
    minutes: plan.minutes && plan.minutes * time_factor,
    questions: coming?.questions ?? plan.questions,
    notCovered: coming?.not_covered ?? [],
    stages: plan.stages && plan.stages.map((stage) => ({ ...stage, minutes: stage.minutes && stage.minutes * time_factor })),
  };
}

/** Whether texts are of use: a script words no question for them, and a release that lists no levels takes none. @param {State} state */
export const takesPaste = (state) => state.service?.interviewer === "model" && Boolean(chosenPlan(state)?.levels);

/** @param {State} state @returns {Paste} what is sent; who comes back and begins before the service has said who asks sends it, too */
export const pasteOf = (state) =>
  takesPaste(state) || !state.service ? { job: clean(state.form.job), background: clean(state.form.background) } : NO_PASTE;

/**
 * What is asked for when an interview of this kind is begun.
 * @param {Plan | null} [plan]
 * @returns {Choice}
 */
export const choiceOf = (plan) => (plan ? { plan: plan.id, level: plan.level, time_factor: plan.time_factor } : USUAL);
