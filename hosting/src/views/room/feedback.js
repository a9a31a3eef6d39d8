/** The end: three points from the person's own words, and what can be done with them. */

import { texts } from "../../language.js";
import { feedback } from "../../selectors.js";
import { html } from "../html.js";
import { Button, Notice, Unsent } from "../parts.js";

/** @typedef {Omit<import("../page.js").Props, "voiceView">} Props */
/** @typedef {NonNullable<ReturnType<typeof feedback>>} Given */

const POINTS = /** @type {const} */ (["strength", "gap", "next"]);

/** @param {Props} props */
export function Feedback({ state, act, reportView }) {
  const { PAGE } = texts;
  const given = feedback(state);
  const expiresAt = state.interview?.expiresAt;
  return given && html`
    <section id="feedback" class="feedback" aria-labelledby="feedback-title" ref=${act.prepareDownload}>
      <${Card} state=${state} given=${given} reportView=${reportView} />
      <div class="actions">
        <${Button} id="again-button" class="primary" onClick=${act.again}>${PAGE.again}<//>
        <${Button} id="markdown-button" class="outline" onClick=${() => act.download("md")}>${PAGE.markdown}<//>
        <${Button} id="json-button" class="outline" onClick=${() => act.download("json")}>${PAGE.json}<//>
        <${Button} id="print-button" class="outline" onClick=${() => window.print()}>${PAGE.print}<//>
      </div>
      <div class="keeping">
        ${expiresAt && html`<p id="kept-until" class="small">${texts.keptUntil(expiresAt)}</p>`}
        <${Button} id="erase-button" class="quiet danger" onClick=${() => act.askToErase()}>${PAGE.erase}<//>
      </div>
      <${News} report=${state.report} act=${act} />
    </section>
    <${Unsent} parts=${[state.draft]} label=${PAGE.unsent} />
  `;
}

/** How far the report is. @param {{report: Props["state"]["report"], act: Props["act"]}} props */
function News({ report, act }) {
  const failed = report?.phase === "failed";
  return html`
    <${Notice} id="report-notice" text=${texts.newsOf(report)} calm=${!failed}>
      ${failed && html`<${Button} id="report-again" class="quiet" onClick=${act.loadReport}>${texts.BUTTONS.again}<//>`}
    <//>
  `;
}

/** @param {{state: Props["state"], given: Given, reportView: Props["reportView"]}} props */
function Card({ state, given, reportView }) {
  const { PAGE } = texts;
  const { points, text, source } = given;
  const report = state.report?.said;
  const { name = "", role = "" } = state.interview ?? {};
  return html`
    <div class="card">
      <header>
        <h2 id="feedback-title" tabindex="-1">${PAGE.yourFeedback}</h2>
        <p id="feedback-about" class="about">
          ${[name, role].filter(Boolean).map((words) => html`<bdi>${words}</bdi>`)}
          <span>${texts.fullDay(state.messages[0]?.created_at)}</span>
        </p>
      </header>
      ${report?.points.length && reportView ? html`<${reportView.Points} report=${report} />` : points ? html`<${Points} points=${points} />` : text !== "" && html`<p id="feedback-text" class="words" dir="auto">${text}</p>`}
      <footer>
        <p class="brand">InterviewOS</p>
        <p id="feedback-source" class="small">${texts.feedbackSource(source)}</p>
      </footer>
    </div>
  `;
}

/** @param {{points: NonNullable<Given["points"]>}} props */
const Points = ({ points }) => html`
  <dl id="points" class="points">
    ${POINTS.map((part) => html`<div class=${part}><dt>${texts.PAGE[part]}</dt><dd id=${part} dir="auto">${points[part]}</dd></div>`)}
  </dl>
`;
