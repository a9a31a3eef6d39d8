/** The kind of interview and what is chosen of it, role, name, the way to talk, and the button that begins. */

import { texts } from "../../language.js";
import { chosenPlan } from "../../plans.js";
import { running } from "../../selectors.js";
import { focus } from "../focus.js";
import { html, valueOf } from "../html.js";
import { Button, Interviewer, Notice } from "../parts.js";
import { Kind } from "./kind.js";
import { Level, More } from "./options.js";

/** @typedef {import("../page.js").Props} Props */

/** @param {Props} props */
export function Form({ state, act, voiceView }) {
  const { PAGE, WORDS } = texts;
  const plan = chosenPlan(state);
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    act.begin();
  };
  return html`
    <form id="begin-form" class="card" autocomplete="off" novalidate="" onSubmit=${submit}>
      <${Kind} state=${state} act=${act} />
      <${Level} plan=${plan} act=${act} />
      <${More} state=${state} plan=${plan} act=${act} />
      <${Role} role=${state.form.role} suggests=${state.plans?.length === 0} act=${act} />
      <div class="field">
        <label for="name"><span>${PAGE.name}</span> <span class="optional">${PAGE.optional}</span></label>
        <input id="name" name="name" type="text" dir="auto" maxlength="128" autocomplete="given-name"
          value=${state.form.name} onInput=${(/** @type {Event} */ event) => act.fill({ name: valueOf(event) })} />
      </div>
      <${Modes} state=${state} act=${act} />
      <div id="begin-check">${state.check && voiceView && html`<${voiceView.Check} check=${state.check} act=${act} />`}</div>
      <${Notice} id="begin-notice" ...${notice(state)}>
        ${state.creating && html`<${Button} id="begin-cancel" class="quiet" onClick=${act.cancel}>${PAGE.cancel}<//>`}
      <//>
      <${Button} id="begin-button" class=${running(state) ? "outline" : "primary"} type="submit" usable=${!state.creating}>${state.creating ? WORDS.beginning : PAGE.begin}<//>
      <${Interviewer} id="interviewer" service=${state.service} said=${texts.INTERVIEWERS} />
      ${state.service?.guarded && html`<p id="guarded" class="small">${PAGE.guarded}</p>`}
    </form>
  `;
}

/** @param {{role: string, suggests: boolean, act: Props["act"]}} props suggests: no kind of interview can be chosen */
function Role({ role, suggests, act }) {
  const { PAGE } = texts;
  return html`
    <div class="field">
      <label for="role"><span>${PAGE.role}</span> <span class="optional">${PAGE.optional}</span></label>
      <input id="role" name="role" type="text" dir="auto" maxlength="256" placeholder=${PAGE.roleHint}
        value=${role} onInput=${(/** @type {Event} */ event) => act.fill({ role: valueOf(event) })} />
      ${suggests && html`<${Suggestions} act=${act} />`}
    </div>
  `;
}

/** @param {{act: Props["act"]}} props */
function Suggestions({ act }) {
  const { PAGE } = texts;
  const suggest = (/** @type {string} */ one) => {
    act.fill({ role: one });
    focus("role");
  };
  return html`
    <div id="suggestions" class="suggestions" role="group" aria-label=${PAGE.suggestions}>
      ${[PAGE.role1, PAGE.role2, PAGE.role3, PAGE.role4].map((one) => html`<${Button} onClick=${() => suggest(one)}>${one}<//>`)}
    </div>
  `;
}

/** @param {{state: Props["state"], act: Props["act"]}} props */
function Modes({ state, act }) {
  const { PAGE, VOICE } = texts;
  const { service, check } = state;
  const voice = service?.voice === true;
  const why = !service || service.interviewer === "unknown" ? "" : voice ? VOICE.yes : VOICE.no;
  return html`
    <fieldset class="field modes" aria-describedby="voice-why">
      <legend>${PAGE.mode}</legend>
      <div class="choices">
        <label><input id="mode-text" type="radio" name="mode" value="text" checked=${!check} onChange=${act.write} /><span>${PAGE.inWriting}</span></label>
        <label><input id="mode-voice" type="radio" name="mode" value="voice" checked=${Boolean(check)} disabled=${!voice} onChange=${act.chooseVoice} /><span>${PAGE.byVoice}</span></label>
      </div>
      <p id="voice-why" class="small">${why}</p>
    </fieldset>
  `;
}

/** @param {Props["state"]} state */
function notice({ refusal, trouble, news, online, notLoaded }) {
  if (refusal) return { text: texts.beginRefused(refusal) };
  if (trouble) return { text: texts.beginWaiting(trouble, !online) };
  if (notLoaded) return { text: texts.WORDS.notLoaded };
  return { text: news, calm: true };
}
