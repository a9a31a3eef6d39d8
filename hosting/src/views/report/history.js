/** What was practised in this browser, question by question. */

import { texts } from "../../language.js";
import { reportTexts } from "../../report/language.js";
import { byQuestion } from "../../report/practice.js";
import { Component, html } from "../html.js";
import { Button, Notice } from "../parts.js";
import { Both } from "./compare.js";

/** @typedef {import("../../storage.js").Practice} Practice */
/** @typedef {import("../page.js").Props} Props */

/** @param {Props} props */
export function History({ state, act }) {
  const { practices, news } = /** @type {NonNullable<Props["state"]["history"]>} */ (state.history);
  const { REPORT } = reportTexts;
  const goHome = (/** @type {MouseEvent} */ event) => {
    event.preventDefault();
    act.goToStart();
  };
  return html`
    <main id="history" class="history">
      <a class="brand" href="/" aria-label=${texts.PAGE.home} onClick=${goHome}>InterviewOS</a>
      <h1 id="history-title" tabindex="-1">${texts.PAGE.history}</h1>
      <p class="lead">${practices.length ? REPORT.history : REPORT.none}</p>
      <${Notice} id="history-notice" text=${reportTexts.historyNews(news)} calm=${["brought", "deleted"].includes(news)} />
      ${byQuestion(practices).map((times) => html`<${Question} key=${times[0].question} times=${times} act=${act} />`)}
      <${Keeping} empty=${practices.length === 0} act=${act} />
    </main>
  `;
}

/** @param {{times: Practice[], act: Props["act"]}} props */
function Question({ times, act }) {
  const { REPORT } = reportTexts;
  const now = times[times.length - 1];
  const before = times[times.length - 2];
  return html`
    <section class="practised" aria-label=${now.text}>
      <h2><bdi>${now.text}</bdi></h2>
      <p class="small"><bdi>${now.kind}</bdi> · ${reportTexts.times(times.length)} · ${texts.day(now.at)}</p>
      <p class=${before ? "changed" : ""}>${before ? reportTexts.changed(before.signs, now.signs) : reportTexts.found(now.signs)}</p>
      ${before && html`<details><summary>${REPORT.bothAnswers}</summary><${Both} before=${before} now=${now} /></details>`}
      <${Button} class="outline" data-again=${now.question} onClick=${() => act.answerAgain(now)}>${REPORT.answerAgain}<//>
    </section>
  `;
}

/** @extends {Component<{empty: boolean, act: Props["act"]}, {asks: boolean}>} */
class Keeping extends Component {
  /** @param {{empty: boolean, act: Props["act"]}} props */
  constructor(props) {
    super(props);
    this.state = { asks: false };
  }

  /** @param {{empty: boolean, act: Props["act"]}} props @param {{asks: boolean}} state */
  render({ empty, act }, { asks }) {
    const { REPORT } = reportTexts;
    const bring = (/** @type {Event} */ event) => {
      const input = /** @type {HTMLInputElement} */ (event.currentTarget);
      const [file] = input.files ?? [];
      if (file) act.bringHistory(file);
      input.value = ""; // the same file may be chosen once more
    };
    return html`
      <div class="actions">
        ${!empty && html`<${Button} id="history-save" class="outline" onClick=${act.saveHistory}>${REPORT.saveHistory}<//>`}
        <label class="button outline" for="history-file"><input id="history-file" type="file" accept="application/json,.json" onChange=${bring} /><span>${REPORT.bringHistory}</span></label>
        ${!empty && html`<${Button} id="history-delete" class="quiet danger" aria-expanded=${asks} onClick=${() => this.setState({ asks: !asks })}>${REPORT.deleteHistory}<//>`}
      </div>
      ${asks && !empty && html`
        <div class="card sure">
          <p>${REPORT.deleteSure}</p>
          <div class="actions">
            <${Button} class="primary danger" onClick=${() => this.setState({ asks: false }, act.deleteHistory)}>${REPORT.yes}<//>
            <${Button} class="quiet" onClick=${() => this.setState({ asks: false })}>${REPORT.no}<//>
          </div>
        </div>
      `}
    `;
  }
}
