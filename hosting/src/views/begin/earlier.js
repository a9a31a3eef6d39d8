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
  const { id, role, status, created_at } = session;
  const name = role || texts.title("");
  const erase = texts.eraseOf([name, texts.day(created_at)].filter(Boolean).join(", "));
  return html`
    <li>
      <button type="button" data-open=${id} onClick=${() => act.open(session)}>
        <bdi>${name}</bdi><span>${[texts.day(created_at), texts.statusOf(status)].filter(Boolean).join(" · ")}</span>
      </button>
      <button type="button" class="quiet erase" data-erase=${id} aria-label=${erase} onClick=${() => act.askToErase(session)}>×</button>
    </li>
  `;
}
