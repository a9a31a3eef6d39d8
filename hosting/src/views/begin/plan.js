/** What will happen in an interview, and what it costs the person: minutes, and for how long their words are kept. */

import { texts } from "../../language.js";
import { STAGES } from "../../stages.js";
import { html } from "../html.js";

/** @param {{service: import("../../api.js").Service | null}} props */
export function Plan({ service }) {
  const { PAGE } = texts;
  return html`
    <div class="what">
      <h2 class="unseen">${PAGE.whatHappens}</h2>
      <ol class="plan">
        ${STAGES.map((stage) => html`<${Part} stage=${stage} minutes=${service?.minutes[stage]} />`)}
      </ol>
      <ul class="assurances">
        <li>${PAGE.assureLost}</li>
        <li>${PAGE.assureStop}</li>
        <li id="retention">${service?.retentionDays ? texts.retention(service.retentionDays) : PAGE.assureKept}</li>
      </ul>
    </div>
  `;
}

/** @param {{stage: keyof typeof texts.STAGES, minutes?: number}} props */
function Part({ stage, minutes }) {
  const { name, about } = texts.STAGES[stage];
  return html`<li><p><strong>${name}</strong> <span id=${`${stage}-minutes`} class="minutes">${minutes ? texts.upTo(minutes) : ""}</span></p><p>${about}</p></li>`;
}
