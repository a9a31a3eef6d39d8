/** What was counted, and how the report came to be: nothing of it judges. */

import { texts } from "../../language.js";
import { reportTexts } from "../../report/language.js";
import { feedback } from "../../selectors.js";
import { html } from "../html.js";

/** @param {Omit<import("./report.js").Props, "act">} props */
export const Made = ({ state, report }) => html`
  <div class="behind">
    <${Delivery} delivery=${report.delivery} />
    <${HowMade} report=${report} chosen=${feedback(state)?.source === "model"} expiresAt=${state.interview?.expiresAt ?? ""} />
  </div>
`;

/** @param {{delivery: Record<string, number>}} props */
function Delivery({ delivery }) {
  const counts = reportTexts.measured(delivery);
  const missing = reportTexts.notMeasured(delivery);
  return counts.length > 0 && html`
    <section class="delivery" aria-labelledby="delivery-title">
      <h2 id="delivery-title">${reportTexts.REPORT.delivery}</h2>
      <dl>${counts.map(([name, count]) => html`<div><dt>${name}</dt><dd>${count}</dd></div>`)}</dl>
      ${missing && html`<p class="small">${missing}</p>`}
    </section>
  `;
}

/** @param {{report: import("./report.js").Props["report"], chosen: boolean, expiresAt: string}} props */
function HowMade({ report, chosen, expiresAt }) {
  const { REPORT } = reportTexts;
  const sentences = [
    reportTexts.readBy(report, chosen), reportTexts.withheld(report.madeBy.withheld), REPORT.ours, expiresAt && texts.keptUntil(expiresAt), REPORT.objections,
  ];
  return html`
    <section class="made" aria-labelledby="made-title">
      <h2 id="made-title">${REPORT.made}</h2>
      <ul class="small">${sentences.filter(Boolean).map((sentence) => html`<li>${sentence}</li>`)}</ul>
      <p id="practice">${REPORT.practice}</p>
    </section>
  `;
}
