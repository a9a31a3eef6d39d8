/** The interviews that this browser knows. */

import { texts } from "../../language.js";
import { html } from "../html.js";

/** @typedef {import("../../storage.js").Session} Session */

/** @param {{sessions: Session[], act: import("../page.js").Actions}} props */
export const Earlier = ({ sessions, act }) => sessions.length > 0 && html`
  <section id="earlier" aria-labelledby="earlier-title">
    <h2 id="earlier-title">${texts.PAGE.earlier}</h2>
    <ul id="earlier-list" class="earlier">
      ${sessions.map((session) => html`<${Item} key=${session.id} session=${session} act=${act} />`)}
    </ul>
  </section>
`;

/** @param {{session: Session, act: import("../page.js").Actions}} props */
function Item({ session, act }) {
  const { id, role, kind, status, created_at, question, work_on } = session;
  const name = role || kind || texts.title("");
  const far = status !== "ended" && question ? texts.questionOf(question.number, question.of) : "";
  const about = [texts.moment(created_at), role && kind, far, texts.statusOf(status)].filter(Boolean).join(" · ");
  const erase = texts.eraseOf([name, texts.day(created_at)].filter(Boolean).join(", "));
  return html`
    <li>
      <button type="button" data-open=${id} onClick=${() => act.open(session)}>
        <bdi>${name}</bdi><span>${about}</span>${work_on && html`<span class="work-on">${texts.workOn(work_on)}</span>`}
      </button>
      <button type="button" class="quiet erase" data-erase=${id} aria-label=${erase} onClick=${() => act.askToErase(session)}>×</button>
    </li>
  `;
}
