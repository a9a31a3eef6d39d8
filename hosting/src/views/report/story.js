/** What follows the answers to a question: why nothing is said about them, their own sentences in the order of a story, and the way to answer once more. */

import { reportTexts } from "../../report/language.js";
import { isPlanned } from "../../report/practice.js";
import { html } from "../html.js";
import { Button } from "../parts.js";
import { questionId } from "./walk.js";

/** @typedef {import("../../report/read.js").Story} StoryOfReport */

/** @param {{number: number, story: StoryOfReport, plan: import("../../report/read.js").Report["plan"], act: import("../page.js").Actions}} props */
export function Story({ number, story, plan, act }) {
  const { notAssessed, retell, question } = story;
  const why = reportTexts.noStory(notAssessed);
  return html`
    ${why && html`<p class="small">${why}</p>`}
    <div class="once-more">
      ${retell.length > 0 && html`<${Retell} retell=${retell} />`}
      ${isPlanned(story) && html`<${Button} class="quiet" data-again=${question} aria-describedby=${questionId(number)} onClick=${() => act.answerAgain({ question, plan: plan.id, level: plan.level })}>${reportTexts.REPORT.answerAgain}<//>`}
    </div>
  `;
}

/** @param {{retell: StoryOfReport["retell"]}} props */
function Retell({ retell }) {
  const { REPORT } = reportTexts;
  return html`
    <details class="retell">
      <summary>${REPORT.retell}</summary>
      <p class="small">${REPORT.retellWhat}</p>
      <dl>
        ${retell.map(({ part, span, quote }) => html`
          <div class=${span ? "" : "missing"}><dt>${reportTexts.partOf(part)}</dt>${span ? html`<dd dir="auto">${quote}</dd>` : html`<dd class="small">${REPORT.missing}</dd>`}</div>
        `)}
      </dl>
    </details>
  `;
}
