/** Who is speaking, what is in the way, and what the person can press. */

import { texts } from "../../language.js";
import { canBeDone, isOver } from "../../selectors.js";
import { html } from "../html.js";
import { Button, Notice } from "../parts.js";
import { noticeOf, speakerOf } from "./notice.js";

/** @typedef {Omit<import("../page.js").Props, "voiceView">} Props */

/** @param {Props} props */
export function Bar({ state, act }) {
  const { PAGE } = texts;
  const speaks = speakerOf(state);
  const { text, button } = noticeOf(state);
  return html`
    <section id="voice" class="voice" aria-labelledby="voice-title" data-speaks=${speaks}>
      <h2 id="voice-title" class="unseen" tabindex="-1">${PAGE.talking}</h2>
      <${Notice} id="voice-notice" text=${text}>
        ${button && html`<${Button} id="voice-again" class="quiet" onClick=${act.repairVoice}>${button}<//>`}
      <//>
      <div class="sheet">
        <p class="speaks">
          <span id="who-speaks">${texts.SPEAKING[speaks]}</span>
          <${Ear} />
          <span id="voice-level" class="level" aria-hidden="true"></span>
        </p>
        <${Row} state=${state} act=${act} />
      </div>
    </section>
  `;
}

const Ear = () => html`
  <svg class="ear" viewBox="0 0 16 16" aria-hidden="true">
    <path d="M8 10a2 2 0 0 0 2-2V4a2 2 0 1 0-4 0v4a2 2 0 0 0 2 2Zm4-2a4 4 0 0 1-8 0M8 12v2.5" />
  </svg>
`;

/** @param {Props} props */
function Row({ state, act }) {
  const { PAGE, VOICE } = texts;
  const over = isOver(state);
  const finishes = state.voice?.finishing || state.outgoing.some((event) => event.event_type === "finish");
  const write = html`<${Button} id="write-button" class="outline" onClick=${act.write}>${over ? VOICE.stop : PAGE.goOnInWriting}<//>`;
  if (over) return html`<div class="row">${write}</div>`;
  return html`
    <div class="row">
      <${Button} id="voice-finish" class="quiet" usable=${!finishes} onClick=${act.askToFinish}><span>${PAGE.finishNow}</span> <span class="wide">${PAGE.finishWide}</span><//>
      ${write}
      <${Button} id="mute-button" class="outline" usable=${state.voice?.phase !== "stopped"} onClick=${act.mute}>${state.voice?.muted ? VOICE.unmute : PAGE.mute}<//>
      <${Button} id="done-button" class="primary" usable=${canBeDone(state)} onClick=${act.done}>${PAGE.doneTalking}<//>
    </div>
  `;
}
