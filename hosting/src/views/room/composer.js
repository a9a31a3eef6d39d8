/** The box for an answer, and what can be done with it. */

import { texts } from "../../language.js";
import { MOST_CHARACTERS, canFinish, canSend, length } from "../../selectors.js";
import { focus, hasKeyboard } from "../focus.js";
import { html, valueOf } from "../html.js";
import { Button } from "../parts.js";
import { toTheEnd } from "../scroll.js";

/** @typedef {Omit<import("../page.js").Props, "voiceView">} Props */

const COUNT_FROM = MOST_CHARACTERS - 400;
// What Safari reports of the Enter that chooses a word while one composes, when it does not say isComposing any more.
const COMPOSING = 229;

/** @param {Props} props */
export function Composer({ state, act }) {
  const { PAGE } = texts;
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!canSend(state)) return;
    act.send();
    focus("answer");
    toTheEnd();
  };
  return html`
    <form id="composer" class="composer" novalidate="" onSubmit=${send}>
      <label for="answer">${PAGE.yourAnswer}</label>
      <div class="sheet">
        <${Box} draft=${state.draft} act=${act} send=${send} />
        <${Row} state=${state} act=${act} />
      </div>
    </form>
  `;
}

/**
 * As high as its words: main.css shows them under it once more, unseen.
 * @param {{draft: string, act: Props["act"], send: (event: Event) => void}} props
 */
const Box = ({ draft, act, send }) => html`
  <div id="grows" class="grows" data-words=${draft}>
    <textarea id="answer" name="answer" dir="auto" rows="1" enterkeyhint="enter" autocomplete="off" aria-describedby="hint counter"
      placeholder=${texts.PAGE.answerHint} value=${draft}
      onInput=${(/** @type {Event} */ event) => act.type(valueOf(event))}
      onKeyDown=${(/** @type {KeyboardEvent} */ event) => sends(event) && send(event)}></textarea>
  </div>
`;

/** @param {KeyboardEvent} event */
const sends = ({ key, keyCode, isComposing, shiftKey, ctrlKey, metaKey }) =>
  key === "Enter" && !isComposing && keyCode !== COMPOSING && !shiftKey && (hasKeyboard() || ctrlKey || metaKey);

/** @param {Props} props */
function Row({ state, act }) {
  const { PAGE } = texts;
  const used = length(state.draft);
  const left = MOST_CHARACTERS - used;
  return html`
    <div class="row">
      <${Button} id="finish-button" class="quiet" usable=${canFinish(state)} onClick=${act.askToFinish}><span>${PAGE.finishNow}</span> <span class="wide">${PAGE.finishWide}</span><//>
      <span id="hint" class="hint">${hasKeyboard() ? PAGE.keys : ""}</span>
      <span id="counter" class=${left < 0 ? "counter over" : "counter"}>${used > COUNT_FROM ? texts.charactersLeft(left) : ""}</span>
      ${state.service?.voice && html`<${Button} id="speak-button" class="outline" onClick=${act.startVoice}>${PAGE.speak}<//>`}
      <${Button} id="send-button" class="primary" type="submit" usable=${canSend(state)}>${PAGE.send}<//>
    </div>
  `;
}
