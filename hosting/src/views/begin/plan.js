/** What will happen in an interview, and what it costs the person: minutes, and for how long their words are kept. */

import { texts } from "../../language.js";
import { shownStages } from "../../stages.js";
import { html } from "../html.js";

/** @param {{state: import("../../state.js").State}} props */
export function Plan({ state }) {
  const { PAGE } = texts;
  const { service } = state;
  return html`
    <div class="what">
      <h2 class="unseen">${PAGE.whatHappens}</h2>
      <ol class="plan">
        ${shownStages(state).map(Part)}
      </ol>
      <ul class="assurances">
        <li>${PAGE.assureLost}</li>
        <li>${PAGE.assureStop}</li>
        <li id="retention">${service?.retentionDays ? texts.retention(service.retentionDays) : PAGE.assureKept}</li>
      </ul>
    </div>
  `;
}

/** @param {import("../../state.js").Stage} stage */
const Part = ({ id, label, about, minutes }) =>
  html`<li><p><strong><bdi>${label}</bdi></strong> <span id=${`${id}-minutes`} class="minutes">${minutes ? texts.upTo(minutes) : ""}</span></p><p><bdi>${about}</bdi></p></li>`;
