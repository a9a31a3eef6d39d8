/** Who is speaking, and the one thing that a person who speaks should know now. Pure. */

import { texts } from "../../language.js";
import { isBusy } from "../../selectors.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../../state.js").Voice} Voice */
/** @typedef {{text: string, button?: string}} Notice the button's words, where a press helps */

const LONG_AWAITED_SECONDS = 30;

/**
 * @param {State} state one with voice
 * @returns {keyof typeof texts.SPEAKING}
 */
export function speakerOf(state) {
  const { phase, agent, you, muted, ear, finishing } = /** @type {Voice} */ (state.voice);
  if (finishing) return "keeping";
  if (phase === "joining" && isBusy(state)) return "sending";
  if (phase !== "on") return phase;
  if (agent === "speaking") return "agent";
  if (agent === "thinking") return "thinking";
  if (agent !== "listening") return "coming";
  if (ear === "gone") return ear;
  return muted ? "muted" : you ? "you" : "listening";
}

/**
 * @param {State} state one with voice
 * @returns {Notice} its text is "" where there is nothing to say
 */
export function noticeOf({ voice, online }) {
  const { problem, blocked, ear, trouble, awaited } = /** @type {Voice} */ (voice);
  const { BUTTONS, EARS, VOICE } = texts;
  if (problem) return ofProblem(/** @type {Voice} */ (voice), problem, online);
  if (blocked) return { text: VOICE.blocked, button: BUTTONS.hear };
  if (ear) return { text: EARS[ear], button: BUTTONS.microphone };
  if (trouble) return { text: texts.troubleOf(trouble) };
  if (awaited >= LONG_AWAITED_SECONDS) return { text: VOICE.nobody };
  return { text: awaited ? VOICE.called : "" };
}

/**
 * @param {Voice} voice
 * @param {import("../../problems.js").Problem} problem
 * @param {boolean} online
 * @returns {Notice}
 */
function ofProblem({ phase }, problem, online) {
  if (phase !== "stopped") return { text: texts.voiceWaits(problem, !online), button: texts.BUTTONS.again };
  const text = texts.voiceStopped(problem);
  return problem.slug === "voice-not-configured" ? { text } : { text, button: texts.voiceButton(problem) };
}
