/**
 * The stages of an interview that this page knows, in their order; their names are in the texts. A service of a later
 * release may send others: those get a plain name, and nothing else changes.
 */
export const STAGES = /** @type {const} */ (["intro", "experience", "done"]);

/** @typedef {typeof STAGES[number]} Stage */

/**
 * @param {string} stage
 * @returns {stage is Stage}
 */
export const isKnown = (stage) => STAGES.some((one) => one === stage);

/**
 * @param {string} stage where the interview is, "" before it has begun
 * @returns {readonly string[]} the stages to show: in an unknown one it alone, and the end
 */
export const shownStages = (stage) => (stage === "" || isKnown(stage) ? STAGES : [stage, "done"]);
