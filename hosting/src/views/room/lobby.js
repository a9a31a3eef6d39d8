/** Before the first question: the clock starts when the person does. */

import { texts } from "../../language.js";
import { roleOf } from "../../selectors.js";
import { stagesOf } from "../../stages.js";
import { html } from "../html.js";
import { Button, Interviewer } from "../parts.js";

/** @param {import("../page.js").Props} props */
export function Lobby({ state, act }) {
  const { PAGE } = texts;
  const { name = "", expiresAt = "" } = state.interview ?? {};
  const hasVoice = state.service?.voice === true && !state.check;
  return html`
    <section id="lobby" class="card lobby" aria-labelledby="lobby-title">
      <h2 id="lobby-title" dir="auto">${texts.welcome(name, roleOf(state))}</h2>
      <p>${texts.lobbyPlan(stagesOf(state).map(({ label }) => label))}</p>
      <${Interviewer} id="lobby-interviewer" service=${state.service} said=${texts.INTERVIEWERS} />
      <div class="row">
        <${Button} id="lobby-button" class="primary" onClick=${act.start}>${PAGE.begin}<//>
        ${hasVoice && html`<${Button} id="lobby-voice" class="outline" onClick=${act.checkMicrophone}>${PAGE.byVoice}<//>`}
      </div>
      <p id="lobby-kept" class="small">${expiresAt ? texts.keptUntil(expiresAt) : ""}</p>
    </section>
  `;
}
