/**
 * Which kind of interview it will be, and what it will come to: one line, chosen before anybody looks.
 *
 * The browser's own list lies unseen over what is shown, so that any number of kinds can be chosen on any device.
 */

import { texts } from "../../language.js";
import { chosenPlan, offered } from "../../plans.js";
import { html, valueOf } from "../html.js";

/** @param {{state: import("../../state.js").State, act: import("../page.js").Actions}} props */
export function Kind({ state, act }) {
  const chosen = chosenPlan(state);
  const live = state.plans ? "polite" : undefined; // what a choice changes is read out, what is there at first is not
  return chosen && html`
    <div class="field">
      <label for="plan">${texts.PAGE.kind}</label>
      <div class="kind">
        <select id="plan" name="plan" aria-describedby="forecast" onChange=${(/** @type {Event} */ event) => act.choose({ plan: valueOf(event) })}>
          ${offered(state).map((plan) => html`<option key=${plan.id} value=${plan.id} selected=${plan.id === chosen.id}>${texts.choice(plan)}</option>`)}
        </select>
        <p class="title" aria-hidden="true"><bdi>${chosen.title}</bdi></p>
        <p id="forecast" class="small" aria-live=${live}>${texts.forecast(chosen)}</p>
      </div>
    </div>
  `;
}
