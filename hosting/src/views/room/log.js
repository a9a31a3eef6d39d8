/**
 * The conversation. Words that are being spoken are added to those that stand already, so that a selection survives. The
 * open question is shown above it; here it is told to who cannot see that, and stands again when it has been answered.
 */

import { texts } from "../../language.js";
import { feedback, openLine } from "../../selectors.js";
import { Component, html } from "../html.js";
import { told, unanswered } from "../lines.js";

/** @typedef {import("../../state.js").State} State */
/** @typedef {import("../lines.js").Line} Line */

/** @param {{state: State}} props */
export function Log({ state }) {
  const open = `${openLine(state)?.seq}`;
  const lines = [...told(state), ...unanswered(state), ...beingSpoken(state)];
  return html`
    ${feedback(state) && html`<h2 id="transcript-title" class="transcript-title">${texts.PAGE.transcript}</h2>`}
    <div id="log" class="log" role="log" aria-label=${texts.PAGE.conversation} aria-busy=${state.partial.length > 0}>
      ${lines.map((line) => html`<${Entry} key=${line.key} ...${line} open=${line.key === open} />`)}
    </div>
  `;
}

/** @param {State} state @returns {Line[]} */
function beingSpoken(state) {
  const before = state.messages.findLast(({ role, source }) => role === "agent" && source !== "fallback")?.source;
  const who = texts.speaker(before ?? state.service?.interviewer);
  return state.partial.map(({ seq, text }) => ({ key: `${seq}`, role: "agent", who, text, note: "" }));
}

/** @extends {Component<Line>} */
class Entry extends Component {
  /** @param {Line} line */
  shouldComponentUpdate({ role, who, text, note, open }) {
    const { props } = this;
    return text !== props.text || note !== props.note || who !== props.who || role !== props.role || open !== props.open;
  }

  /** @param {Line} line */
  render({ role, who, text, note, open }) {
    return html`
      <article class=${`entry ${role}${open ? " open" : ""}`}>
        <p class="who">${who}</p>
        <${Words} text=${text} />
        ${note !== "" && html`<p class="note">${note}</p>`}
      </article>
    `;
  }
}

/** @extends {Component<{text: string}>} */
export class Words extends Component {
  /** @param {{text: string}} props */
  constructor(props) {
    super(props);
    /** @type {string[]} as they came */
    this.pieces = [];
  }

  /** @param {{text: string}} props */
  render({ text }) {
    const before = this.pieces.join("");
    if (!before || !text.startsWith(before)) this.pieces = [text];
    else if (text !== before) this.pieces = [...this.pieces, text.slice(before.length)];
    const [first, ...fresh] = this.pieces;
    return html`<p class="words" dir="auto">${first}${fresh.map((piece) => html`<span>${piece}</span>`)}</p>`;
  }
}
