/** The same question, answered before and now: both answers side by side, with what changed between them. */

import { texts } from "../../language.js";
import { reportTexts } from "../../report/language.js";
import { lastOf, practicesOf } from "../../report/practice.js";
import { html } from "../html.js";
import { Words } from "./words.js";

/** @typedef {import("../../storage.js").Practice} Practice */

/** @param {Omit<import("./report.js").Props, "act">} props */
export function Compare({ report, state }) {
  const before = state.report?.before ?? {};
  const now = practicesOf(report, state).filter(({ question }) => before[question]);
  return now.length > 0 && html`
    <section class="compare" aria-labelledby="compare-title">
      <h2 id="compare-title">${reportTexts.REPORT.then}</h2>
      ${now.map((one) => html`
        <details key=${one.question} open=${report.stories.length === 1}>
          <summary><bdi>${one.text}</bdi></summary>
          <p class="changed">${reportTexts.changed(before[one.question].signs, one.signs)}</p>
          <${Both} before=${before[one.question]} now=${one} />
        </details>
      `)}
    </section>
  `;
}

/** @param {{before: Practice, now: Practice}} props */
export const Both = ({ before, now }) => html`
  <div class="both"><${Answer} practice=${before} /><${Answer} practice=${now} /></div>
`;

/** @param {{practice: Practice}} props */
function Answer({ practice: { at, lines, signs } }) {
  const { REPORT } = reportTexts;
  const marked = lines.map(({ text, notes }) => ({ text, marks: notes.map(({ start, end }) => ({ start, end, id: "", note: 0 })) }));
  return html`
    <article>
      <h3>${texts.moment(at)}</h3>
      ${lines.length ? marked.map(({ text, marks }) => html`<${Words} text=${text} marks=${marks} />`) : html`<p class="small">${REPORT.wordsGone}</p>`}
      <${Signs} lines=${lines} signs=${signs} />
    </article>
  `;
}

/** Our sentences where there are words for them, else what is left of them. @param {{lines: Practice["lines"], signs: string[]}} props */
function Signs({ lines, signs }) {
  const notes = lines.flatMap((line) => line.notes);
  const left = reportTexts.signsOf(signs) || reportTexts.REPORT.noSigns;
  return html`<ul class="signs">${notes.length ? notes.map(({ text }) => html`<li><bdi>${text}</bdi></li>`) : html`<li>${left}</li>`}</ul>`;
}
