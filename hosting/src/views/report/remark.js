/** A note: our sentence about marked words, what it rests on, an exercise, and the way to say that it is wrong. */

import { reportTexts } from "../../report/language.js";
import { wordsId } from "../../report/notes.js";
import { html } from "../html.js";
import { To, noteId } from "./walk.js";
import { Steps } from "./walker.js";
import { Wrong } from "./wrong.js";

/** @typedef {import("../../report/notes.js").Note} Note */
/** @typedef {{note: Note, of: number, here: boolean, objection?: import("../../state.js").Objection, act: import("../page.js").Actions}} Props */

/** @param {Props} props */
export function Remark({ note, of, here, objection, act }) {
  const { REPORT } = reportTexts;
  const { number, finding } = note;
  const id = noteId(number);
  return html`
    <div id=${id} class=${here ? "remark here" : "remark"} role="note" tabindex="-1" aria-labelledby=${`${id}-title ${id}-text`} onfocusin=${() => act.walkTo(number)}>
      <h4 id=${`${id}-title`} class="unseen">${REPORT.noteOf(number, of)}</h4>
      <${To} class="number" place=${wordsId(finding.span)} aria-label=${REPORT.toWords(number, finding.quote)}>${number}<//>
      <p id=${`${id}-text`} class="says"><bdi>${finding.text}</bdi></p>
      ${finding.by === "one reading" && html`<p class="basis">${REPORT.oneReading}</p>`}
      <div class="does">
        ${finding.exercise && html`<details class="exercise"><summary>${REPORT.exercise}</summary><p><bdi>${finding.exercise}</bdi></p></details>`}
        <${Wrong} note=${note} objection=${objection} act=${act} />
      </div>
      <div class="onward"><${Steps} at=${number} of=${of} /></div>
    </div>
  `;
}
