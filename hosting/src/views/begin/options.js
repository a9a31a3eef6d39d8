/** What can be chosen of a kind of interview: the level where it has any, the time, which few need to change, and texts to word its questions for. */

import { texts } from "../../language.js";
import { TIME_FACTORS, USUAL, pasteOf, takesPaste } from "../../plans.js";
import { html, valueOf } from "../html.js";
import { Notice } from "../parts.js";

const MOST_PASTED = 8000; // characters of each text, as many as the service takes

/** @typedef {{plan: import("../../state.js").Plan | undefined, act: import("../page.js").Actions}} Props */

/** @param {Props} props */
export function Level({ plan, act }) {
  const levels = plan?.levels?.filter((level) => level && Object.hasOwn(texts.LEVELS, level)) ?? [];
  const choice = (/** @type {string} */ level) => html`
    <label key=${level}><input type="radio" name="level" value=${level} checked=${level === plan?.level} onChange=${() => act.choose({ level })} /><span>${texts.LEVELS[level]}</span></label>
  `;
  return levels.length > 0 && html`
    <fieldset id="level" class="field wraps">
      <legend>${texts.PAGE.level}</legend>
      <div class="choices">${["", ...levels].map(choice)}</div>
    </fieldset>
  `;
}

/** @param {Props & {state: import("../../state.js").State}} props */
export function More({ state, plan, act }) {
  const { PAGE } = texts;
  const choice = (/** @type {number} */ time_factor) => html`
    <label><input type="radio" name="time" value=${time_factor} checked=${time_factor === plan?.time_factor} onChange=${() => act.choose({ time_factor })} /><span>${texts.timeOf(time_factor)}</span></label>
  `;
  return plan?.levels && html`
    <details id="more" class="more">
      <summary><span>${PAGE.more}</span> <span class="small">${noteOf(state, plan)}</span></summary>
      <fieldset id="time-factor" class="field" aria-describedby="time-why">
        <legend>${PAGE.time}</legend>
        <div class="choices">${TIME_FACTORS.map(choice)}</div>
        <p id="time-why" class="small">${PAGE.timeWhy}</p>
      </fieldset>
      ${takesPaste(state) && html`
        <${Paste} name="job" label=${PAGE.job} hint=${PAGE.jobHint} text=${state.form.job} act=${act} />
        <${Paste} name="background" label=${PAGE.background} hint=${PAGE.backgroundHint} text=${state.form.background} act=${act} />
        <p id="paste-why" class="small">${PAGE.pasteWhy}</p>
      `}
    </details>
  `;
}

/**
 * What is chosen, while the options are closed, or else what there is to choose.
 * @param {import("../../state.js").State} state
 * @param {import("../../state.js").Plan} plan
 */
function noteOf(state, plan) {
  const time = texts.timeNote(plan.time_factor);
  if (!takesPaste(state)) return time;
  const { job, background } = pasteOf(state);
  const chosen = [plan.time_factor !== USUAL.time_factor && time, (job || background) && texts.PAGE.pasted].filter(Boolean);
  return chosen.join(", ") || texts.PAGE.moreWhat;
}

/** @param {{name: "job" | "background", label: string, hint: string, text: string, act: Props["act"]}} props */
function Paste({ name, label, hint, text, act }) {
  const { PAGE } = texts;
  return html`
    <div class="field">
      <label for=${name}><span>${label}</span> <span class="optional">${PAGE.optional}</span></label>
      <textarea id=${name} name=${name} dir="auto" rows="3" maxlength=${MOST_PASTED} placeholder=${hint} aria-describedby=${`paste-why ${name}-full`}
        value=${text} onInput=${(/** @type {Event} */ event) => act.paste({ [name]: valueOf(event) })}></textarea>
      <${Notice} id=${`${name}-full`} text=${text.length >= MOST_PASTED ? texts.pasteFull(MOST_PASTED) : ""} />
    </div>
  `;
}
