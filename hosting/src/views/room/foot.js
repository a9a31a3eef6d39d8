/** What stays in view at the bottom: the one thing to know now, and the way to answer, in writing or by voice. */

import { texts } from "../../language.js";
import { hasWordsBelow, isOver, newest, openLine } from "../../selectors.js";
import { html } from "../html.js";
import { Button, Notice } from "../parts.js";
import { toTheEnd } from "../scroll.js";
import { Composer } from "./composer.js";
import { noticeOf } from "./notice.js";

/** @param {import("../page.js").Props & {running: boolean}} props running: whether an answer can be given */
export function Foot({ state, act, voiceView, running }) {
  const { voice, check } = state;
  const below = state.view === "room" && !isOver(state) && hasWordsBelow(state);
  return html`
    <div class="foot">
      ${below && html`<${Button} id="below-button" class=${newest(state) === openLine(state)?.seq ? "below at-top" : "below"} onClick=${toTheEnd}>${texts.PAGE.below}<//>`}
      <${News} state=${state} act=${act} running=${running} />
      ${running && !voice && !check && html`<${Composer} state=${state} act=${act} />`}
      <div id="room-check">${check && voiceView && html`<${voiceView.Check} check=${check} act=${act} />`}</div>
      ${voice && voiceView && html`<${voiceView.Bar} state=${state} act=${act} />`}
    </div>
  `;
}

/** @param {Omit<import("../page.js").Props, "voiceView"> & {running: boolean}} props */
function News({ state, act, running }) {
  const { PAGE } = texts;
  const { text, calm, slug, retry } = noticeOf(state, running);
  return html`
    <${Notice} id="notice" text=${text} calm=${calm}>
      ${slug && html`<a id="notice-link" href=${`/problems#${slug}`}>${PAGE.meaning}</a>`} ${retry && html`<${Button} id="notice-button" class="quiet" onClick=${act.retryNow}>${PAGE.tryNow}<//>`}
    <//>
  `;
}
