/** The three points, each with a way to its words in the transcript. */

import { texts } from "../../language.js";
import { reportTexts } from "../../report/language.js";
import { wordsId } from "../../report/notes.js";
import { html } from "../html.js";
import { To } from "./walk.js";

/** @typedef {import("../../report/read.js").Report} Report */

/** The labels on the wire, the same in every language. @type {Record<string, "strength" | "gap" | "next">} */
const KINDS = { Strength: "strength", Gap: "gap", "Next step": "next" };

/** @param {{report: Report}} props */
export const Points = ({ report }) => html`
  <dl id="points" class="points">
    ${report.points.map((point) => html`<${Point} point=${point} />`)}
  </dl>
`;

/** @param {{point: Report["points"][number]}} props */
function Point({ point }) {
  const part = Object.hasOwn(KINDS, point.kind) ? KINDS[point.kind] : "next";
  return html`
    <div class=${part}>
      <dt>${texts.PAGE[part]}</dt>
      <dd id=${part} dir="auto">${linked(point)}</dd>
      ${!point.confirmed && html`<dd class="basis">${reportTexts.REPORT.unconfirmed}</dd>`}
    </div>
  `;
}

/** @param {Report["points"][number]} point */
function linked({ text, quote, span }) {
  const begin = span && quote ? text.indexOf(quote) : -1;
  if (!span || begin < 0) return text;
  return [text.slice(0, begin), html`<${To} place=${wordsId(span)}>${quote}<//>`, text.slice(begin + quote.length)];
}
