/** What is asked twice: to end an interview, and to delete one. */

import { texts } from "../../language.js";
import { html } from "../html.js";
import { Button } from "../parts.js";
import { Dialog } from "./dialog.js";

/** @param {import("../page.js").Props} props */
export function Finish({ state, act }) {
  const { PAGE } = texts;
  return html`
    <${Dialog} name="finish" title=${PAGE.finishTitle} open=${state.asking === "finish"} onCancel=${act.unask}>
      <p>${PAGE.finishText}</p>
      ${state.draft.trim() !== "" && html`<p id="finish-draft" class="notice">${PAGE.finishDraft}</p>`}
      <div class="actions">
        <${Button} id="finish-yes" class="primary" onClick=${act.finish}>${PAGE.finishYes}<//>
        <${Button} id="finish-no" class="quiet" onClick=${act.unask}>${PAGE.finishNo}<//>
      </div>
    <//>
  `;
}

/** @param {import("../page.js").Props} props */
export function Erase({ state, act }) {
  const { PAGE } = texts;
  const { role, created_at } = state.erasing ?? {};
  const which = [role, texts.fullDay(created_at)].filter(Boolean).join(" · ");
  return html`
    <${Dialog} name="erase" title=${PAGE.eraseTitle} open=${state.asking === "erase"} onCancel=${act.unask}>
      ${which !== "" && html`<p id="erase-which" class="which">${which}</p>`}
      <p>${PAGE.eraseText}</p>
      ${state.eraseProblem && html`<p id="erase-notice" class="notice" role="alert">${texts.eraseFailed(state.eraseProblem)}</p>`}
      <div class="actions">
        <${Button} id="erase-yes" class="primary danger" onClick=${act.erase}>${PAGE.eraseYes}<//>
        <${Button} id="erase-no" class="quiet" autofocus onClick=${act.unask}>${PAGE.eraseNo}<//>
      </div>
    <//>
  `;
}
