/** What can be chosen of a kind of interview: the level where it has any, and the time, which few need to change. */

import { texts } from "../../language.js";
import { TIME_FACTORS } from "../../plans.js";
import { html } from "../html.js";

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

/** @param {Props} props */
export function More({ plan, act }) {
  const { PAGE } = texts;
  const choice = (/** @type {number} */ time_factor) => html`
    <label><input type="radio" name="time" value=${time_factor} checked=${time_factor === plan?.time_factor} onChange=${() => act.choose({ time_factor })} /><span>${texts.timeOf(time_factor)}</span></label>
  `;
  return plan?.levels && html`
    <details id="more" class="more">
      <summary><span>${PAGE.more}</span> <span class="small">${texts.timeNote(plan.time_factor)}</span></summary>
      <fieldset id="time-factor" class="field" aria-describedby="time-why">
        <legend>${PAGE.time}</legend>
        <div class="choices">${TIME_FACTORS.map(choice)}</div>
        <p id="time-why" class="small">${PAGE.timeWhy}</p>
      </fieldset>
    </details>
  `;
}
