/** What follows the answers to a question: why nothing is said about them, and their own sentences in the order of a story. */

import { reportTexts } from "../../report/language.js";
import { html } from "../html.js";

/** @typedef {import("../../report/read.js").Story} StoryOfReport */

/** @param {{story: StoryOfReport}} props */
export function Story({ story: { notAssessed, retell } }) {
  const why = reportTexts.noStory(notAssessed);
  return html`
    ${why && html`<p class="small">${why}</p>`}
    ${retell.length > 0 && html`<${Retell} retell=${retell} />`}
  `;
}

/** @param {{retell: StoryOfReport["retell"]}} props */
function Retell({ retell }) {
  const { REPORT } = reportTexts;
  return html`
    <details class="retell">
      <summary>${REPORT.retell}</summary>
      <p class="small">${REPORT.retellWhat}</p>
      <dl>
        ${retell.map(({ part, span, quote }) => html`
          <div class=${span ? "" : "missing"}><dt>${reportTexts.partOf(part)}</dt>${span ? html`<dd dir="auto">${quote}</dd>` : html`<dd class="small">${REPORT.missing}</dd>`}</div>
        `)}
      </dl>
    </details>
  `;
}
