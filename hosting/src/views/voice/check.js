/** The microphone, tried out before it is needed. */

import { texts } from "../../language.js";
import { html, valueOf } from "../html.js";
import { Button } from "../parts.js";

/** @typedef {import("../../state.js").Check} CheckState */
/** @typedef {import("../page.js").Actions} Actions */

/** @param {{check: CheckState, act: Actions}} props */
export function Check({ check, act }) {
  const { CHECK, PAGE } = texts;
  const { where, phase, fault } = check;
  const on = phase === "on";
  return html`
    <section id="check" class="check" aria-labelledby="check-title" data-phase=${fault ? "fault" : phase}>
      <h2 id="check-title" tabindex="-1">${PAGE.yourMicrophone}</h2>
      <div role="status"><p id="check-text">${textOf(check)}</p></div>
      ${on && html`<div id="check-level" class="level" aria-hidden="true"></div>`}
      ${on && check.devices.length > 1 && html`<${Devices} check=${check} act=${act} />`}
      <div class="row">
        ${where === "room" && on && html`<${Button} id="talk-button" class="primary" onClick=${act.startTalking}>${PAGE.startTalking}<//>`}
        ${phase === "idle" && html`<${Button} id="microphone-button" class="outline" onClick=${act.listen}>${fault ? CHECK.again : PAGE.turnOn}<//>`}
        <${Button} id="check-write" class="quiet" onClick=${act.write}>${PAGE.goOnInWriting}<//>
      </div>
    </section>
  `;
}

/** @param {CheckState} check */
function textOf({ phase, fault, heard }) {
  if (fault) return texts.MICROPHONE[fault];
  if (phase === "on") return texts.CHECK[heard ? "heard" : "quiet"];
  return texts.CHECK[phase];
}

/** @param {{check: CheckState, act: Actions}} props */
const Devices = ({ check, act }) => html`
  <div id="check-devices">
    <label for="device">${texts.PAGE.microphone}</label>
    <select id="device" onChange=${(/** @type {Event} */ event) => act.chooseDevice(valueOf(event))}>
      ${check.devices.map(({ id, label }) => html`<option key=${id} value=${id} selected=${id === check.device}>${label}</option>`)}
    </select>
  </div>
`;
