/** Where an interview is held: from its opening to the report on it. */

import { texts } from "../../language.js";
import { feedback, isStarting, isInLobby, isOver, isRunning, isThinking } from "../../selectors.js";
import { html } from "../html.js";
import { Bar } from "./bar.js";
import { Feedback } from "./feedback.js";
import { Foot } from "./foot.js";
import { Lobby } from "./lobby.js";
import { Log } from "./log.js";
import { Question } from "./question.js";

/** @typedef {import("../page.js").Props} Props */

/** @param {Props} props */
export function Room({ state, act, voiceView, reportView }) {
  const report = state.report?.said;
  return html`
    <main id="room" class="room" data-view=${viewOf(state)}>
      <div class="top">
        <${Bar} state=${state} act=${act} />
        <${Question} state=${state} act=${act} />
      </div>
      <div class="column">
        ${isByScript(state) && html`<p id="source-notice" class="notice plain-notice">${texts.SOURCE_NOTICES.script}</p>`}
        ${wordings(state) !== "" && html`<p id="tailored" class="notice plain-notice">${wordings(state)}</p>`}
        ${isInLobby(state) && html`<${Lobby} state=${state} act=${act} />`}
        ${isOver(state) && html`<${Feedback} state=${state} act=${act} reportView=${reportView} />`}
        ${report && reportView ? html`<${reportView.Report} state=${state} report=${report} act=${act} />` : html`<${Log} state=${state} />`}
        ${state.voice && !isOver(state) && voiceView && html`<${voiceView.Captions} state=${state} />`}
        <${Thinking} thinks=${state.view === "room" && isThinking(state)} />
      </div>
      <${Foot} state=${state} act=${act} voiceView=${voiceView} running=${isRunning(state) || isStarting(state)} />
    </main>
  `;
}

/** @param {Props["state"]} state */
function viewOf(state) {
  if (state.view === "opening") return "opening";
  if (isInLobby(state)) return "lobby";
  return isOver(state) ? "end" : "talk";
}

/** @param {Props["state"]} state */
const isByScript = (state) => !isOver(state) && state.messages.findLast(({ role }) => role === "agent")?.source === "script";

/** What became of the texts that were pasted. @param {Props["state"]} state */
function wordings(state) {
  const tailored = state.interview?.tailored ?? null;
  if (isOver(state) || tailored === null) return "";
  return tailored > 0 ? texts.tailored(tailored) : state.pasted ? texts.WORDS.notTailored : "";
}

/** @param {{thinks: boolean}} props */
const Thinking = ({ thinks }) => html`
  <div role="status">
    ${thinks && html`<p id="thinking" class="thinking"><span class="unseen">${texts.PAGE.thinking}</span><i></i><i></i><i></i></p>`}
  </div>
`;
