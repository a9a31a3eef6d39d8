/**
 * The first page: what will happen, who asks, and one button. index.html holds it once more as it is before anything is
 * known, so that it is there before any script; a test holds the two together.
 */

import { texts } from "../../language.js";
import { html } from "../html.js";
import { Button } from "../parts.js";
import { Continue } from "./continue.js";
import { Earlier } from "./earlier.js";
import { Form } from "./form.js";
import { Plan } from "./plan.js";

/** @param {import("../page.js").Props} props */
export const Begin = ({ state, act, voiceView }) => html`
  <main id="begin" class="begin">
    <${Continue} state=${state} act=${act} />
    <div class="promise">
      <p class="brand">InterviewOS</p>
      <h1 id="begin-title" tabindex="-1">${texts.PAGE.promise}</h1>
      <p class="lead">${texts.PAGE.lead}</p>
    </div>
    <div class="start">
      <${Form} state=${state} act=${act} voiceView=${voiceView} />
      <${Earlier} sessions=${state.sessions} act=${act} />
      <${Button} id="history-button" class="quiet" onClick=${act.goToHistory}>${texts.PAGE.history}<//>
    </div>
    <${Plan} state=${state} />
  </main>
`;
