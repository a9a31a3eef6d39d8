/** In the place of an interview that cannot be shown. */

import { texts } from "../../language.js";
import { trouble } from "../../problems.js";
import { html } from "../html.js";
import { Button, Unsent } from "../parts.js";

/** @param {import("../page.js").Props} props */
export function Lost({ state, act }) {
  const { PAGE } = texts;
  const problem = state.lost ?? trouble("unknown-session");
  const [title, text] = texts.lost(problem);
  return html`
    <main id="lost" class="lost">
      <div class="card">
        <p class="brand">InterviewOS</p>
        <h1 id="lost-title" tabindex="-1">${title}</h1>
        <p id="lost-text">${text}</p>
        <${Unsent} parts=${[...state.outgoing.map((event) => event.text), state.draft]} label=${PAGE.unsent} />
        <div id="lost-actions" class="actions">
          <${Button} id="lost-leave" class="primary" onClick=${act.leaveLost}>${PAGE.toStart}<//>
          ${problem.status > 0 && html`<a id="lost-link" class="button quiet" href=${`/problems#${problem.slug}`}>${PAGE.meaning}</a>`}
        </div>
      </div>
    </main>
  `;
}
