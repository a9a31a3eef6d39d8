/** The one thing that the person should know now. Pure. */

import { texts } from "../../language.js";
import { hasWishes, isQueued, isQuiet, secondsLeft, untilSent } from "../../selectors.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {{text: string, slug?: string, retry?: boolean, calm?: boolean}} Notice calm: nothing is wrong */

const NOTICE_FROM_SECONDS = 60;
const LAST_NOTICE_MS = 10_000;

/**
 * @param {State} state
 * @param {boolean} running whether an answer can be given
 * @returns {Notice} its text is "" where there is nothing to say
 */
export function noticeOf(state, running) {
  const { WORDS } = texts;
  if (state.view === "opening") return state.trouble ? waits(state) : { text: WORDS.opening, calm: true };
  if (state.refusal) return { text: texts.refused(state.refusal), slug: state.refusal.slug, calm: Boolean(state.refusal.turn) };
  if (state.trouble && !isQueued(state)) return waits(state);
  if (state.notLoaded) return { text: WORDS.notLoaded };
  return running ? whileRunning(state) : { text: "" };
}

/** @param {State} state @returns {Notice} */
const waits = ({ trouble, online }) => ({ text: trouble ? texts.waiting(trouble, !online) : "", retry: online });

/** @param {State} state @returns {Notice} */
function whileRunning(state) {
  const { WORDS } = texts;
  if (state.interview?.status === "error") return { text: WORDS.stopped };
  if (state.asIs) return { text: WORDS.sentAsIs, calm: true };
  if (state.clock && isQuiet(state)) return { text: texts.quiet(new Date(performance.timeOrigin + state.clock.quietUntil)), calm: true };
  if (untilSent(state) <= LAST_NOTICE_MS) return { text: WORDS.sendsSoon };
  if (!state.durable) return { text: WORDS.notDurable };
  if (secondsLeft(state) > NOTICE_FROM_SECONDS) return { text: "" };
  return { text: [WORDS.nearlyUp, hasWishes(state) && WORDS.canBeLonger, !state.voice && WORDS.willSend].filter(Boolean).join(" ") };
}
