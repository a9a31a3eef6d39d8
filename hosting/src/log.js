/**
 * The conversation. Elements are kept from render to render, so that focus, selection and scrolling survive, and words
 * that are being spoken are added to those that stand already.
 */

import { setText } from "./elements.js";
import { texts } from "./language.js";
import { feedback, isQueued } from "./state.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {{key: string, role: string, who: string, text: string, note: string}} Entry */

/** @type {Map<string, HTMLElement>} */
const shown = new Map();
/** @type {WeakMap<Element, string>} what each of them says, which is quicker to compare than to collect */
const words = new WeakMap();

/**
 * @param {State} state
 * @returns {Entry[]}
 */
function entries(state) {
  const given = feedback(state);
  const asCard = given?.points ? given.seq : null;
  const { SPEAKERS, SOURCE_NOTICES, PHASES, YOU } = texts;
  const source = state.messages.findLast((message) => message.role === "agent" && message.source !== "fallback")?.source;
  const newest = state.messages.at(-1)?.seq;
  const speaker = (/** @type {string} */ said) => SPEAKERS[/** @type {keyof typeof SPEAKERS} */ (said)] ?? SPEAKERS.model;
  return [
    ...state.messages
      .filter((message) => message.role !== "system" && message.seq !== asCard)
      .map(({ seq, role, text, source: from, event_ids }) => ({
        key: role === "user" ? event_ids?.[0] ?? `${seq}` : `${seq}`,
        role,
        who: role === "user" ? YOU : speaker(from ?? "model"),
        text,
        note: from === "fallback" && seq === newest && state.interview?.status === "running" ? SOURCE_NOTICES.fallback : "",
      })),
    ...state.outgoing
      .filter((event) => event.event_type === "user_turn")
      .map(({ event_id, text, phase }) => ({
        key: event_id,
        role: "user",
        who: YOU,
        text,
        note: PHASES[phase === "sending" && state.trouble ? (isQueued(state) ? "queued" : "waiting") : phase ?? "sending"],
      })),
    ...state.partial.map(({ seq, text }) => ({ key: `${seq}`, role: "agent", who: speaker(source ?? state.service?.interviewer ?? "model"), text, note: "" })),
  ];
}

/** @returns {HTMLElement} */
function build() {
  const entry = document.createElement("article");
  for (const part of ["who", "words", "note"]) {
    const line = document.createElement("p");
    line.className = part;
    entry.append(line);
  }
  /** @type {HTMLElement} */ (entry.children[1]).dir = "auto";
  return entry;
}

/**
 * @param {Element} element
 * @param {string} text
 */
function setWords(element, text) {
  const before = words.get(element) ?? "";
  if (before === text) return;
  words.set(element, text);
  if (!before || !text.startsWith(before)) return element.replaceChildren(text);
  const fresh = document.createElement("span");
  fresh.textContent = text.slice(before.length);
  element.append(fresh);
}

/**
 * @param {HTMLElement} log
 * @param {State} state
 */
export function renderLog(log, state) {
  const list = entries(state);
  const keys = new Set(list.map((entry) => entry.key));
  for (const [key, element] of shown) {
    if (keys.has(key)) continue;
    element.remove();
    shown.delete(key);
  }
  list.forEach((entry, index) => {
    const element = shown.get(entry.key) ?? build();
    shown.set(entry.key, element);
    element.className = `entry ${entry.role}`;
    const [who, said, note] = /** @type {HTMLElement[]} */ ([...element.children]);
    setText(who, entry.who);
    setWords(said, entry.text);
    setText(note, entry.note);
    note.hidden = !entry.note;
    if (log.children[index] !== element) log.insertBefore(element, log.children[index] ?? null);
  });
  log.setAttribute("aria-busy", String(state.partial.length > 0));
}
