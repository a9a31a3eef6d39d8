/** What follows from the state: pure questions, asked by those who act and by the views. */

import { isStored } from "./captions.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./state.js").Outgoing} Outgoing */

export const MOST_CHARACTERS = 4000;
// Long enough for a slow connection: the interviewer goes on at a moment of its own.
const SENT_BEFORE_MS = 4_000;

/**
 * Whether the candidate or the interviewer said it. A later service may store other messages.
 * @param {import("./state.js").Message} message
 */
export const isSaid = ({ role }) => role === "user" || role === "agent";

/** @param {State} state */
export const newest = ({ messages, partial }) => partial.at(-1)?.seq ?? messages.at(-1)?.seq ?? 0;

/** @param {State} state */
export const hasWordsBelow = (state) => !state.atEnd && newest(state) > state.seen;

/**
 * @param {State} state
 * @returns {Set<string>} the ids that are in the transcript
 */
export const answeredIds = ({ messages }) => new Set(messages.flatMap((message) => message.event_ids ?? []));

/** @typedef {"repeat" | "simpler" | "next" | "skip" | "pause" | "more_time"} Wish what can be asked for instead of answering */

/** Wishes that are granted without a new question. @type {unknown[]} */
const GRANTED = ["repeat", "simpler", "pause", "more_time"];

/**
 * Whether a line asks something new, or the open question in simpler words. Of a service that does not say what its lines
 * ask every one does.
 * @param {import("./state.js").Message} message
 */
const asks = ({ role, question, wish }) => role === "agent" && question !== "" && (!GRANTED.includes(wish) || wish === "simpler");

/**
 * The interviewer's line that is open, also while it is being spoken.
 * @param {State} state
 * @returns {import("./state.js").Message | undefined}
 */
export function openLine(state) {
  const { messages, partial, outgoing } = state;
  if (!isRunning(state) && !isStarting(state)) return undefined;
  const grants = outgoing.some(({ wish, event_type }) => event_type === "finish" || GRANTED.includes(wish));
  return (grants ? undefined : partial[0]) ?? messages.findLast(asks);
}

/**
 * @param {State} state
 * @returns {string[]} the planned questions that were asked, by their ids
 */
export const askedQuestions = ({ messages }) => [...new Set(messages.flatMap(({ question }) => question || []))];

/**
 * Which of the planned questions is open, counted as the service counts them.
 * @param {State} state
 * @returns {{number: number, of: number} | null} null where the service does not say it
 */
export function questionNumber(state) {
  const number = askedQuestions(state).length;
  const expected = state.interview?.plan?.questions;
  return number && expected ? { number, of: Math.max(number, expected) } : null;
}

/** @param {State} state whether anything was answered to the open question */
export function isBegun({ messages }) {
  const open = messages.findLast(asks)?.question;
  const since = messages.find(({ question }) => question === open)?.seq ?? 0;
  return messages.some(({ seq, role, wish }) => role === "user" && !wish && seq > since);
}

/** @param {State} state whether there are wishes: the service takes them, and there is a question to ask them about */
export const hasWishes = (state) =>
  isRunning(state) && state.interview?.status === "running" && state.interview.accepts.includes("wish") && askedQuestions(state).length > 0;

/** @param {State} state whether one can be sent: nobody is answering, and nobody speaks */
export const canWish = (state) => !isBusy(state) && !state.interview?.thinking && (state.voice === null || state.voice.agent === "listening");

/** @param {State} state whether the candidate asked for time to think, and still has it */
export const isQuiet = ({ clock, now }) => (clock?.quietUntil ?? -Infinity) > now;

/** @param {State} state */
export const lastAsked = ({ messages }) => messages.findLast(({ role }) => role === "agent")?.seq ?? 0;

/** @param {State} state */
export const lastSeq = ({ messages }) => messages.at(-1)?.seq ?? 0;

/**
 * @param {State} state
 * @returns {number | null} the message after which some are missing, because another client moved the interview on
 */
export function gapAfter({ messages }) {
  const index = messages.findIndex((message, at) => at > 0 && message.seq > messages[at - 1].seq + 1);
  return index < 0 ? null : messages[index - 1].seq;
}

/**
 * What to send next. Finish goes before words that the server has acknowledged: it answers them too.
 * @param {State} state
 * @returns {Outgoing | undefined}
 */
export function nextToSend({ outgoing }) {
  const finishes = outgoing.some((event) => event.event_type === "finish");
  return outgoing.find((event) => event.phase !== "late" && !(finishes && event.phase === "acknowledged" && event.event_type !== "finish"));
}

/** @param {State} state */
export const isRunning = ({ view, interview }) => view === "room" && (interview?.status === "running" || interview?.status === "error");

/** @param {State} state */
export const isOver = ({ interview }) => interview?.status === "ended";

/** @param {State} state */
export const isBusy = ({ outgoing }) => outgoing.some((event) => event.phase !== "late");

/** @param {State} state */
export const spokenWords = ({ captions, messages }) => captions.filter((caption) => caption.text.trim() && !isStored(caption, messages));

/**
 * Whether the candidate's turn can be ended: the interviewer listens and has heard something.
 * @param {State} state
 */
export const canBeDone = ({ voice }) => voice?.phase === "on" && voice.agent === "listening" && voice.spoke;

/**
 * Another turn is in flight, perhaps our own from before a reload: the event waits, and that is no failure.
 * @param {State} state
 */
export const isQueued = ({ trouble }) => trouble?.slug === "turn-in-progress";

/**
 * @param {string} text
 * @returns {string} the words as they are sent: no control characters, no broken halves of characters
 */
export function clean(text) {
  const plain = text.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "").trim();
  return /** @type {any} */ (plain).toWellFormed?.() ?? plain;
}

/**
 * @param {string} text
 * @returns {number} characters as the server counts them
 */
export const length = (text) => [...text].length;

/** @param {State} state */
export const canSend = (state) => !isBusy(state) && clean(state.draft) !== "" && length(state.draft) <= MOST_CHARACTERS;

/**
 * @param {State} state
 * @returns {number} milliseconds until what stands in the box is sent as it is; below 0 it is, and Infinity where it is not
 */
export function untilSent(state) {
  const { clock, now, voice, check } = state;
  if (!clock || now >= clock.movesOnAt || voice || check || !isRunning(state) || !canSend(state)) return Infinity;
  return clock.movesOnAt - SENT_BEFORE_MS - now;
}

/**
 * @param {State} state
 * @returns {{points: ReturnType<typeof readFeedback>, text: string, seq: number, source: string} | null} null before the end
 */
export function feedback(state) {
  if (!isOver(state)) return null;
  const given = state.messages.findLast((message) => message.role === "agent" && message.stage === "done");
  if (!given) return null;
  return { points: readFeedback(given.text), text: given.text, seq: given.seq, source: given.source ?? "model" };
}

/**
 * @param {string} text
 * @returns {{strength: string, gap: string, next: string} | null}
 */
export function readFeedback(text) {
  const found = /^\s*- Strength: (.+)\n- Gap: (.+)\n- Next step: (.+?)\s*$/.exec(text);
  return found && { strength: found[1], gap: found[2], next: found[3] };
}

/**
 * The interviewer thinks, or what was sent is on its way.
 * @param {State} state
 */
export function isThinking(state) {
  if (state.partial.length || (state.trouble && !isQueued(state))) return false;
  return isBusy(state) || (isRunning(state) && state.interview?.thinking === true);
}

/**
 * An interview that has not begun, and yet there is no way back: it is being started, or talked about.
 * @param {State} state
 */
export const isStarting = (state) => state.interview?.status === "created" && (isBusy(state) || state.voice !== null);

/** @param {State} state */
export const isInLobby = (state) => state.view === "room" && state.interview?.status === "created" && !isStarting(state);

/** @param {State} state */
export const canFinish = ({ outgoing }) => !outgoing.some((event) => event.event_type !== "user_turn");

/** @param {State} state whether it is not known yet what became of the candidate's texts */
export const awaitsWordings = ({ pasted, interview }) => pasted && interview?.tailored === null;

/** @param {State} state */
export const roleOf = ({ interview, session }) => interview?.role ?? session?.role ?? "";

/**
 * @param {State} state
 * @returns {number | null} milliseconds until the time of the whole interview is over; null where no clock runs
 */
export function timeLeft({ clock, interview, now }) {
  const stages = interview?.plan?.stages ?? [];
  const later = stages.slice(stages.findIndex(({ id }) => id === interview?.stage) + 1);
  return clock && clock.deadline - now + later.reduce((sum, { minutes = 0 }) => sum + minutes * 60_000, 0);
}

/**
 * @param {State} state
 * @returns {import("./storage.js").Session | undefined} an interview of this browser that is still going on
 */
export const running = ({ sessions }) =>
  sessions.find(({ status, ends_at }) => (status === "running" && (ends_at ?? 0) > Date.now()) || status === "error");

/**
 * @param {State} state
 * @returns {number} until the time of the stage is over; Infinity where no clock runs
 */
export const secondsLeft = ({ clock, now }) => (clock ? (clock.deadline - now) / 1000 : Infinity);
