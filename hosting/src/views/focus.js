/** Focus goes where the person goes on: never lost with an element that is gone, never taken from one they use. */

import { isOver } from "../selectors.js";

/** @typedef {import("../state.js").State} State */

/** Whether keys are typed on a keyboard: on a screen Enter is the only way to a new line. */
export const hasKeyboard = () => matchMedia("(pointer: fine)").matches;

/** @param {string} id */
export const focus = (id) => document.getElementById(id)?.focus({ preventScroll: true });

/**
 * @param {State} before
 * @param {State} state what is drawn now
 * @param {Element | null} focused what had the focus before this was drawn
 */
export function moveFocus(before, state, focused) {
  if (state.view === "lost" && before.view !== "lost") document.getElementById("lost-title")?.focus();
  if (state.view === "history" && before.view !== "history") document.getElementById("history-title")?.focus();
  if (state.view === "begin" && before.view !== "begin") document.getElementById("begin-title")?.focus();
  else if (state.view === "begin" && isGone(focused)) document.getElementById(whereToBegin(state, focused))?.focus();
  if (state.view === "room") moveInRoom(before, state, focused);
}

/**
 * @param {State} before
 * @param {State} state
 * @param {Element | null} focused
 */
function moveInRoom(before, state, focused) {
  if (before.view !== "room") {
    focus(isOver(state) ? "feedback-title" : hasKeyboard() && hasComposer() ? "answer" : "room-title");
  } else if (isOver(state) && !isOver(before)) {
    focus("feedback-title");
    window.scrollTo({ top: 0 });
  } else if (isGone(focused)) {
    focusWhereToGoOn(state);
  }
}

/** @param {State} state */
export function focusWhereToGoOn(state) {
  if (state.check) return focus("check-title");
  if (state.voice) return focus("voice-title");
  return focus(hasComposer() ? "answer" : "room-title");
}

const hasComposer = () => document.getElementById("composer") !== null;

/**
 * @param {State} state
 * @param {Element | null} focused
 */
function whereToBegin(state, focused) {
  if (!focused?.closest("#check")) return "begin-button";
  return state.check ? "check-title" : "mode-text";
}

/**
 * @param {Element | null} focused
 * @returns {boolean} whether it took the focus with it; a dialog gives it back by itself
 */
const isGone = (focused) =>
  focused !== null && focused !== document.body && !focused.checkVisibility() && [focused, document.body].includes(document.activeElement ?? document.body);
