/** The way back into an interview that is still going on, before anything else. */

import { texts } from "../../language.js";
import { running } from "../../selectors.js";
import { html } from "../html.js";
import { Button } from "../parts.js";

/** @param {{state: import("../../state.js").State, act: import("../page.js").Actions}} props */
export function Continue({ state, act }) {
  const session = running(state);
  if (!session) return null;
  const { id, kind, role, question, ends_at } = session;
  const what = [role || kind || texts.title(""), question && texts.questionOf(question.number, question.of)].filter(Boolean);
  return html`
    <section id="continue" class="card continue" aria-labelledby="continue-title">
      <div>
        <h2 id="continue-title">${texts.PAGE.unfinished}</h2>
        <p class="small">${what.map((words) => html`<bdi>${words}</bdi>`)}</p>
      </div>
      <${Button} id="continue-button" class="primary" data-continue=${id} onClick=${() => act.open(session)}>${texts.goOn(ends_at ? ends_at - Date.now() : null)}<//>
    </section>
  `;
}
