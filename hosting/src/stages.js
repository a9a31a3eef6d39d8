/**
 * The stages of an interview as they are shown. The service names them; the texts only do where it does not: those of
 * the first release, the end, and a plain name for a stage that nobody has named.
 */

import { texts } from "./language.js";
import { chosenPlan } from "./plans.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Stage} Stage */

/**
 * @param {State} state
 * @returns {Stage[]} those of the open interview, or of one that is begun here, without the end
 */
export function stagesOf(state) {
  const { interview, service } = state;
  const named = interview?.plan?.stages ?? chosenPlan(state)?.stages;
  return named ?? texts.STAGES.map((stage) => ({ ...stage, minutes: service?.minutes[stage.id] }));
}

/**
 * @param {State} state
 * @returns {Stage[]} the stages with the end; in an unknown one it alone, and the end
 */
export function shownStages(state) {
  const all = [...stagesOf(state), texts.END];
  const here = state.interview?.stage;
  return !here || all.some(({ id }) => id === here) ? all : [{ id: here, label: texts.OTHER_STAGE }, texts.END];
}

/** What the stage is called that the interview is in. @param {State} state */
export const stageName = (state) => shownStages(state).find(({ id }) => id === state.interview?.stage)?.label ?? texts.OTHER_STAGE;
