/** Where one is: the way out, the stages, and the time that is left. */

import { texts } from "../../language.js";
import { shownStages } from "../../stages.js";
import { isInLobby, isOver, isRunning, roleOf, secondsLeft } from "../../selectors.js";
import { html } from "../html.js";

/** @param {import("../page.js").Props} props */
export function Bar({ state, act }) {
  const { PAGE } = texts;
  const goHome = (/** @type {MouseEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act.goToStart();
  };
  return html`
    <header class="bar">
      <a id="home" class="brand" href="/" aria-label=${PAGE.home} onClick=${goHome}>InterviewOS</a>
      <h1 id="room-title" class="unseen" tabindex="-1">${texts.title(roleOf(state))}</h1>
      <${Steps} state=${state} />
      <p id="time" class="time">${state.clock && isRunning(state) ? texts.timeLeft(secondsLeft(state)) : ""}</p>
    </header>
  `;
}

/** @param {{state: import("../../state.js").State}} props */
function Steps({ state }) {
  const stages = shownStages(state);
  const here = isInLobby(state) ? -1 : stages.findIndex(({ id }) => id === state.interview?.stage);
  const step = (/** @type {import("../../state.js").Stage} */ { label }, /** @type {number} */ index) =>
    html`<li class=${index < here || isOver(state) ? "past" : ""} aria-current=${index === here ? "step" : undefined}><bdi>${label}</bdi></li>`;
  return html`<ol id="steps" class="steps" aria-label=${texts.PAGE.parts}>${stages.map(step)}</ol>`;
}
