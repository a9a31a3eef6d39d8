/** The lines of a conversation: what is stored, and what waits to be. */

import { texts } from "../language.js";
import { feedback, isQueued, isSaid } from "../selectors.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {{key: string, role: string, who: string, text: string, note: string, open?: boolean}} Line */
/** @typedef {Line & {seq: number, question?: string}} Told */

/** @param {State} state @returns {Told[]} */
export function told(state) {
  const given = feedback(state);
  const newest = state.messages.at(-1)?.seq;
  return state.messages
    .filter((message) => isSaid(message) && !(given?.points && message.seq === given.seq))
    .map(({ seq, role, text, source, event_ids, question }) => ({
      key: role === "user" ? event_ids?.[0] ?? `${seq}` : `${seq}`,
      seq,
      role,
      question,
      who: role === "user" ? texts.YOU : texts.speaker(source),
      text,
      note: source === "fallback" && seq === newest && state.interview?.status === "running" ? texts.SOURCE_NOTICES.fallback : "",
    }));
}

/** @param {State} state @returns {Line[]} */
export const unanswered = (state) =>
  state.outgoing
    .filter((event) => event.event_type === "user_turn" && event.text)
    .map(({ event_id, text, phase = "sending" }) => ({ key: event_id, role: "user", who: texts.YOU, text, note: texts.PHASES[whatHappens(state, phase)] }));

/**
 * @param {State} state
 * @param {NonNullable<import("../state.js").Outgoing["phase"]>} phase
 * @returns {keyof typeof texts.PHASES}
 */
function whatHappens(state, phase) {
  if (phase !== "sending" || !state.trouble) return phase;
  return isQueued(state) ? "queued" : "waiting";
}
