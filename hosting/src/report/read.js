/** The report as the service describes it, read once. What a later release adds is passed over, and what is no claim is none. */

/** @typedef {{seq: number, start: number, end: number}} Span words of a message, counted in code points as the service counts them */
/** @typedef {{span: Span | null, quote: string, sentence: string}} Place the sentence is the whole one that the words stand in */
/** @typedef {"rule" | "one reading" | "readings"} Basis what a claim rests on */

/** @typedef {Place & {kind: string, text: string, question: string, by: Basis, confirmed: boolean}} Point */
/** @typedef {Place & {sign: string, shows: boolean, by: Basis, text: string, exercise: string, wrong: boolean, words: string}} Finding */
/** @typedef {Place & {part: string}} Retold a sentence of their own; without one the part is missing */

/**
 * @typedef {object} Story
 * @property {string} question the id of the planned question, or its stage
 * @property {string} text
 * @property {string} stage
 * @property {number[]} seqs the candidate's messages
 * @property {Finding[]} findings
 * @property {Retold[]} retell
 * @property {string} notAssessed why not, or ""
 */

/** @typedef {{id: string, label: string, level: number | null, anchor: string, next: string, story: string, notAssessed: string}} Competency */
/** @typedef {Place & {part: string, has: string, lacks: string}} Contrast stories by their questions, and the words of the one that has the part */

/**
 * @typedef {object} Report
 * @property {{id: string, level: string, title: string}} plan
 * @property {"off" | "pending" | "made" | "unavailable"} grading
 * @property {Point[]} points
 * @property {Story[]} stories
 * @property {Contrast[]} contrasts
 * @property {Competency[]} competencies
 * @property {Record<string, number>} delivery what was counted
 * @property {{models: string[], asked: number, used: number, withheld: number}} madeBy
 */

/** @param {unknown} value @returns {any[]} */
const list = (value) => (Array.isArray(value) ? value.filter((one) => typeof one === "object" && one !== null) : []);

/** @param {unknown} value */
const words = (value) => (typeof value === "string" ? value : "");

/** @param {unknown} value */
const count = (value) => (typeof value === "number" ? value : 0);

/** @param {any} value @returns {Record<string, number>} */
const counts = (value) => Object.fromEntries(Object.entries(value ?? {}).filter(([, one]) => typeof one === "number"));

/** @param {any} said @returns {Place} */
function readPlace({ seq, start, end, quote, sentence }) {
  const stands = [seq, start, end].every(Number.isInteger) && start < end;
  return { span: stands ? { seq, start, end } : null, quote: words(quote), sentence: words(sentence) };
}

/** @param {unknown} by @returns {Basis} */
const readBasis = (by) => (by === "one reading" || by === "readings" ? by : "rule");

/** @param {any} said @returns {Point} */
const readPoint = (said) => ({
  ...readPlace(said),
  kind: words(said.kind), text: words(said.text), question: words(said.question), by: readBasis(said.by), confirmed: said.confirmed !== false,
});

/** @param {any} said @returns {Finding} */
const readFinding = (said) => ({
  ...readPlace(said),
  sign: words(said.sign), shows: said.shows === true, by: readBasis(said.by), text: words(said.text), exercise: words(said.exercise),
  wrong: said.wrong === true, words: words(said.words),
});

/** @param {any} said @returns {Story} */
const readStory = (said) => ({
  question: words(said.question), text: words(said.text), stage: words(said.stage),
  seqs: Array.isArray(said.seqs) ? said.seqs : [],
  findings: list(said.findings).map(readFinding).filter(({ span, text }) => span && text),
  retell: list(said.retell).map((one) => ({ ...readPlace(one), part: words(one.part) })),
  notAssessed: words(said.not_assessed),
});

/** @param {any} said @returns {Competency} */
const readCompetency = (said) => ({
  id: words(said.id), label: words(said.label), level: Number.isInteger(said.level) ? said.level : null,
  anchor: words(said.anchor), next: words(said.next), story: words(said.story), notAssessed: words(said.not_assessed),
});

/**
 * @param {any} said the answer of the service
 * @returns {Report}
 */
export function readReport(said) {
  const { plan, grading, made_by = {} } = said;
  return {
    plan: { id: words(plan?.id), level: words(plan?.level), title: words(plan?.title) },
    grading: ["pending", "made", "unavailable"].includes(grading) ? grading : "off",
    points: list(said.points).map(readPoint),
    stories: list(said.stories).map(readStory),
    contrasts: list(said.contrasts).map((one) => ({ ...readPlace(one), part: words(one.part), has: words(one.has), lacks: words(one.lacks) })),
    competencies: list(said.competencies).map(readCompetency),
    delivery: { ...counts(said.delivery?.spoken), ...counts(said.delivery) },
    madeBy: {
      models: Array.isArray(made_by.models) ? made_by.models.map(words) : [],
      asked: count(made_by.readings?.asked), used: count(made_by.readings?.used),
      withheld: Object.values(counts(made_by.withheld)).reduce((sum, one) => sum + one, 0),
    },
  };
}
