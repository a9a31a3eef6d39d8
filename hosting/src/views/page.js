/** The whole page: one view for one state. The same state always looks the same, so this may run as often as it likes. */

import { texts } from "../language.js";
import { isOver } from "../selectors.js";
import { stageName } from "../stages.js";
import { Begin } from "./begin/begin.js";
import { Erase, Finish } from "./dialogs/dialogs.js";
import { html, render } from "./html.js";
import { Lost } from "./lost/lost.js";
import { Room } from "./room/room.js";
import { isNearTheEnd } from "./scroll.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {import("../actions.js").Actions} Actions */
/** @typedef {typeof import("./voice/voice.js")} VoiceView */
/** @typedef {typeof import("./report/report.js")} ReportView */

/**
 * @typedef {object} Props what each view is given
 * @property {State} state
 * @property {Actions} act what the person can do
 * @property {VoiceView | null} voiceView null until the candidate chooses to speak
 * @property {ReportView | null} reportView null until an interview is over
 */

/** What was practised is shown by what shows reports. @param {Props} props */
const History = (props) => props.reportView && html`<${props.reportView.History} ...${props} />`;

const VIEWS = { begin: Begin, opening: Room, room: Room, lost: Lost, history: History };

/** @param {Props} props */
const Page = (props) => html`
  <${VIEWS[props.state.view]} ...${props} />
  <${Finish} ...${props} />
  <${Erase} ...${props} />
`;

/** @param {State} state */
function titleOf(state) {
  const { view, lost } = state;
  if (view === "begin") return texts.TITLE;
  if (view === "history") return `${texts.PAGE.history} · InterviewOS`;
  if (view === "opening") return document.title;
  return `${view === "lost" && lost ? texts.lost(lost)[0] : stageName(state)} · InterviewOS`;
}

/**
 * Draws the state, and stays at the end of a conversation where the person is.
 * @param {Element} place
 * @param {Props} props
 */
export function draw(place, props) {
  const { state } = props;
  const follows = state.view === "room" && !isOver(state) && isNearTheEnd();
  document.title = titleOf(state);
  render(html`<${Page} ...${props} />`, place);
  if (follows) window.scrollTo({ top: document.documentElement.scrollHeight });
}

/**
 * Lets the first drawing find the elements of index.html where it would put its own: the blanks between them, which no
 * template has, would make it move them, and what is moved loses the focus.
 * @param {Element} place
 */
export function adopt(place) {
  const blanks = document.createTreeWalker(place, NodeFilter.SHOW_TEXT, ({ nodeValue }) =>
    /^\s*\n\s*$/.test(nodeValue ?? "") ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
  const found = [];
  while (blanks.nextNode()) found.push(blanks.currentNode);
  for (const blank of found) blank.parentNode?.removeChild(blank);
}
