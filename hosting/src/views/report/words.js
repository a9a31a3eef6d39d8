/** What somebody said, with the words marked that something is said about. */

import { piecesOf } from "../../report/notes.js";
import { html } from "../html.js";
import { To, noteId } from "./walk.js";

/** @typedef {import("../../report/notes.js").Mark} Mark */
/** @typedef {import("../../report/notes.js").Piece} Piece */

/** @param {{text: string, marks: Mark[], at?: number}} props at: the note that the person looks at */
export const Words = ({ text, marks, at = 0 }) => html`
  <p class="words" dir="auto">${piecesOf(text, marks).map((piece) => (piece.marks.length ? html`<${Marked} ...${piece} at=${at} />` : piece.text))}</p>
`;

/** @param {Piece & {at: number}} props */
function Marked({ text, marks, id, ends, at }) {
  const notes = marks.flatMap(({ note }) => note || []);
  const leadsTo = notes.includes(at) ? at : notes[0];
  return html`
    <mark class=${notes.includes(at) ? "here" : ""}>${leadsTo
      ? html`<${To} id=${id || undefined} place=${noteId(leadsTo)} data-ends=${ends.join(" ") || undefined}>${text}<//>`
      : html`<span id=${id || undefined} tabindex="-1">${text}</span>`}</mark>
  `;
}
