/** The open question, and what can be asked for instead of an answer to it. */

import { texts } from "../../language.js";
import { canWish, hasWishes, isBegun, openLine, questionNumber } from "../../selectors.js";
import { html } from "../html.js";
import { Button } from "../parts.js";
import { Words } from "./log.js";

const LONG = 200; // characters, from which on smaller letters leave more room for the answer

/** @param {Omit<import("../page.js").Props, "voiceView">} props */
export function Question({ state, act }) {
  const open = openLine(state);
  if (!open) return null;
  const counted = questionNumber(state);
  return html`
    <section id="question" class="question" aria-labelledby="question-title">
      <h2 id="question-title">${counted ? texts.questionOf(counted.number, counted.of) : texts.PAGE.question}</h2>
      <div id="open-question" class=${open.text.length > LONG ? "long" : ""}><${Words} key=${open.seq} text=${open.text} /></div>
      ${hasWishes(state) && html`<${Wishes} state=${state} act=${act} />`}
    </section>
  `;
}

/** @param {Omit<import("../page.js").Props, "voiceView">} props */
function Wishes({ state, act }) {
  const { PAGE, WISHES } = texts;
  const onwards = isBegun(state) ? "next" : "skip";
  const wishes = /** @type {const} */ (["repeat", "simpler", onwards, "pause", "more_time"]);
  const usable = canWish(state);
  return html`
    <div id="wishes" class="wishes" role="group" aria-label=${PAGE.instead}>
      ${wishes.map((wish, place) => html`<${Button} key=${place} data-wish=${wish} usable=${usable} onClick=${() => act.wish(wish)}><span>${WISHES[wish]}</span><//>`)}
    </div>
  `;
}
