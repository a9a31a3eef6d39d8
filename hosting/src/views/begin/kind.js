/**
 * Which kind of interview it will be, and what that means: one line, chosen before anybody looks.
 *
 * The browser's own list lies unseen over what is shown, so that any number of kinds can be chosen on any device.
 */

import { texts } from "../../language.js";
import { chosenPlan } from "../../selectors.js";
import { DEFAULT_PLAN } from "../../stages.js";
import { html, valueOf } from "../html.js";

/** @typedef {import("../../state.js").Plan} Plan */

/** While the service has not said what there is, the usual kind is certain. @type {() => Plan} */
const usual = () => ({ id: DEFAULT_PLAN, title: texts.PAGE.anyWork, minutes: null, questions: null, stages: null });

/** @param {{state: import("../../state.js").State, act: import("../page.js").Actions}} props */
export function Kind({ state, act }) {
  const plans = state.plans ?? [usual()];
  const chosen = chosenPlan(state) ?? plans[0];
  return chosen && html`
    <div class="field">
      <label for="plan">${texts.PAGE.kind}</label>
      <div class="kind">
        <select id="plan" name="plan" aria-describedby="forecast" onChange=${(/** @type {Event} */ event) => act.choosePlan(valueOf(event))}>
          ${plans.map((plan) => html`<option key=${plan.id} value=${plan.id} selected=${plan === chosen}>${texts.choice(plan)}</option>`)}
        </select>
        <p class="title" aria-hidden="true"><bdi>${chosen.title}</bdi></p>
        <p id="forecast" class="small">${texts.forecast(chosen.minutes, chosen.questions)}</p>
      </div>
    </div>
  `;
}
