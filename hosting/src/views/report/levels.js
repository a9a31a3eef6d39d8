/** A line for each thing that was looked at: what was met, and what the next level sounds like. No sum, and nothing good or bad in colours. */

import { reportTexts } from "../../report/language.js";
import { numberOf, wordsId } from "../../report/notes.js";
import { html } from "../html.js";
import { To, questionId } from "./walk.js";

/** @typedef {import("../../report/read.js").Report} Report */
/** @typedef {import("../../report/read.js").Competency} Competency */

const LEVELS = [1, 2, 3, 4, 5];

/** @param {{report: Report}} props */
export function Levels({ report }) {
  const { competencies, contrasts } = report;
  if (competencies.length === 0) return null;
  return html`
    <section class="levels" aria-labelledby="levels-title">
      <h2 id="levels-title">${reportTexts.REPORT.levels}</h2>
      <dl>
        ${competencies.filter(({ level }) => level !== null).map((one) => html`<${Level} key=${one.id} competency=${one} report=${report} />`)}
      </dl>
      <ul>
        ${contrasts.map((one) => html`<${Contrast} ...${one} report=${report} />`)}
        ${byReason(competencies).map(([why, labels]) => html`<${NotAssessed} key=${why} labels=${labels} why=${why} grading=${report.grading} />`)}
      </ul>
    </section>
  `;
}

/** @param {{competency: Competency, report: Report}} props */
function Level({ competency: { label, level, anchor, next, story }, report }) {
  const { REPORT } = reportTexts;
  const met = /** @type {number} */ (level);
  return html`
    <div>
      <dt><bdi>${label}</bdi> <${Scale} level=${met} /></dt>
      <dd>
        <p><bdi>${anchor}</bdi> <${Seen} question=${story} report=${report} /></p>
        ${next && html`<p class="next"><span>${REPORT.next(met + 1)}</span> <bdi>${next}</bdi></p>`}
      </dd>
    </div>
  `;
}

/** @param {{level: number}} props */
const Scale = ({ level }) => html`
  <span class="scale">
    <span aria-hidden="true">${LEVELS.map((one) => html`<i class=${one === level ? "met" : ""}></i>`)}</span>
    <span class="small">${reportTexts.REPORT.level(level)}</span>
  </span>
`;

/** @param {{question: string, report: Report}} props */
function Seen({ question, report }) {
  const number = numberOf(report, question);
  return number > 0 && html`<span class="small">${reportTexts.REPORT.seenIn} <${ToQuestion} number=${number} /></span>`;
}

/** @param {{number: number}} props */
const ToQuestion = ({ number }) => html`<${To} place=${questionId(number)}>${reportTexts.inQuestion(number)}<//>`;

/** @param {Report["contrasts"][number] & {report: Report}} props */
function Contrast({ part, has, lacks, span, quote, report }) {
  const said = reportTexts.contrast(part);
  const [one, other] = [numberOf(report, has), numberOf(report, lacks)];
  if (!said || !one || !other) return null;
  const { begin, told, quoted, between, end } = said;
  const words = span && quote && [quoted[0], html`<${To} place=${wordsId(span)}><bdi>${quote}</bdi><//>`, quoted[1]];
  return html`<li>${begin}<${ToQuestion} number=${one} />${told}${words}${between}<${ToQuestion} number=${other} />${end}</li>`;
}

/** @param {Competency[]} competencies @returns {[string, string[]][]} the labels of those without a level, by the reason */
function byReason(competencies) {
  /** @type {Map<string, string[]>} */
  const reasons = new Map();
  for (const { level, notAssessed, label } of competencies) {
    if (level === null) reasons.set(notAssessed, [...(reasons.get(notAssessed) ?? []), label]);
  }
  return [...reasons];
}

/** @param {{labels: string[], why: string, grading: string}} props */
function NotAssessed({ labels, why, grading }) {
  const [which, reason] = reportTexts.noLevel(labels, why, grading);
  return html`<li><span class="which">${which}</span>: ${reason}</li>`;
}
