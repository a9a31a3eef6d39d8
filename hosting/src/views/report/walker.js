/** From one note to the next: it stays in view, and takes the eyes and the focus along. */

import { reportTexts } from "../../report/language.js";
import { html } from "../html.js";
import { goTo, noteId } from "./walk.js";

/** @param {{notes: import("../../report/notes.js").Note[], at: number}} props at: the note that the person looks at, 0 before the first */
export function Walker({ notes, at }) {
  const { REPORT } = reportTexts;
  if (notes.length === 0) return html`<p class="small">${REPORT.noNotes}</p>`;
  return html`
    <div id="walker" class="walker" role="group" aria-label=${REPORT.notes}>
      <p id="walked" class="small">${at ? REPORT.noteOf(at, notes.length) : REPORT.countOfNotes(notes.length)}</p>
      <${Steps} at=${at} of=${notes.length} />
    </div>
  `;
}

/** @param {{at: number, of: number}} props */
export function Steps({ at, of }) {
  const { REPORT } = reportTexts;
  return html`
    <button type="button" class="quiet back" aria-disabled=${at <= 1} onClick=${() => at > 1 && goTo(noteId(at - 1))}><span>${REPORT.previousNote}</span></button>
    <button type="button" class="quiet on" aria-disabled=${at >= of} onClick=${() => at < of && goTo(noteId(at + 1))}><span>${REPORT.nextNote}</span></button>
  `;
}
