/** What was said, question by question, and beside each line the notes on it. */

import { texts } from "../../language.js";
import { reportTexts } from "../../report/language.js";
import { marksOf, notesOf, numberOf, sectionsOf } from "../../report/notes.js";
import { Component, html } from "../html.js";
import { told, unanswered } from "../lines.js";
import { placeInMargin } from "./margin.js";
import { Remark } from "./remark.js";
import { Story } from "./story.js";
import { questionId } from "./walk.js";
import { Walker } from "./walker.js";
import { Words } from "./words.js";

/** @typedef {import("./report.js").Props} Props */
/** @typedef {import("../lines.js").Line & {seq?: number, question?: string}} Line */
/** @typedef {import("../../report/notes.js").Section<import("../lines.js").Told>} Section */
/** @typedef {{state: Props["state"], act: Props["act"], notes: import("../../report/notes.js").Note[], marks: ReturnType<typeof marksOf>}} Shown */

/** @extends {Component<Props>} */
export class Transcript extends Component {
  /** @param {Props} props */
  constructor(props) {
    super(props);
    /** @type {HTMLElement | null} */
    this.place = null;
    this.watch = new ResizeObserver(() => this.settle());
  }

  settle() {
    if (this.place) placeInMargin(this.place);
  }

  componentDidMount() {
    this.componentDidUpdate();
  }

  componentDidUpdate() {
    this.watch.disconnect();
    for (const one of this.place?.querySelectorAll(".remark") ?? []) this.watch.observe(one);
    if (this.place) this.watch.observe(this.place);
    this.settle();
  }

  componentWillUnmount() {
    this.watch.disconnect();
  }

  /** @param {Props} props */
  render({ state, report, act }) {
    const shown = { state, act, notes: notesOf(report), marks: marksOf(report) };
    const keep = (/** @type {HTMLElement | null} */ place) => {
      this.place = place;
    };
    return html`
      <section class="transcript" aria-labelledby="transcript-title">
        <header>
          <h2 id="transcript-title">${texts.PAGE.transcript}</h2>
          <${Walker} notes=${shown.notes} at=${state.report?.at ?? 0} />
        </header>
        <div id="log" class="told" role="log" aria-live="off" aria-label=${texts.PAGE.conversation} ref=${keep}>
          ${sectionsOf(told(state), report).map((section) => html`<${About} section=${section} report=${report} shown=${shown} />`)}
          ${unanswered(state).map((line) => html`<${Entry} line=${line} shown=${shown} />`)}
        </div>
      </section>
    `;
  }
}

/** @param {{section: Section, report: Props["report"], shown: Shown}} props */
function About({ section: { question, lines, begins, ends }, report, shown }) {
  const number = numberOf(report, question);
  const id = begins ? questionId(number) : `line-${lines[0].seq}`;
  return html`
    <section class="story" aria-labelledby=${number ? id : undefined}>
      ${number > 0 && html`<h3 id=${id} tabindex="-1">${begins ? reportTexts.REPORT.question(number) : reportTexts.REPORT.onceMore(number)}</h3>`}
      ${lines.map((line) => html`<${Entry} key=${line.key} line=${line} shown=${shown} />`)}
      ${ends && html`<${Story} number=${number} story=${report.stories[number - 1]} plan=${report.plan} act=${shown.act} />`}
    </section>
  `;
}

/** @param {{line: Line, shown: Shown}} props */
function Entry({ line: { seq, role, who, text, note }, shown: { state, act, notes, marks } }) {
  const mine = notes.filter(({ finding }) => finding.span.seq === seq);
  const at = state.report?.at ?? 0;
  return html`
    <article class=${`entry ${role}`}>
      <p class="who">${who}</p>
      <${Words} text=${text} marks=${(seq && marks.get(seq)) || []} at=${at} />
      ${note !== "" && html`<p class="note">${note}</p>`}
      ${mine.length > 0 && html`
        <div class="remarks">
          ${mine.map((one) => html`<${Remark} key=${one.key} note=${one} of=${notes.length} here=${one.number === at} objection=${state.report?.objections[one.key]} act=${act} />`)}
        </div>
      `}
    </article>
  `;
}
