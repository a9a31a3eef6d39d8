/** What is being said, until the stored message shows the same words. */

import { texts } from "../../language.js";
import { spokenWords } from "../../selectors.js";
import { html } from "../html.js";

/** @param {{state: import("../../state.js").State}} props */
export function Captions({ state }) {
  const said = spokenWords(state);
  return said.length > 0 && html`
    <div id="captions" class="log captions" role="group" aria-label=${texts.PAGE.captions}>
      ${said.map(({ id, role, text }) => html`
        <div key=${id} class=${`entry ${role}`}>
          <p class="who">${role === "user" ? texts.YOU : texts.speaker("model")}</p>
          <p class="words" dir="auto">${text}</p>
        </div>
      `)}
    </div>
  `;
}
