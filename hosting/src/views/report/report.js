/** The report on an interview: the candidate's own transcript with notes in its margin, and what they come to. Loaded at the end of one. */

import { Component, html } from "../html.js";
import { Compare } from "./compare.js";
import { Levels } from "./levels.js";
import { Made } from "./made.js";
import { Transcript } from "./transcript.js";

export { History } from "./history.js";
export { Points } from "./points.js";

/** @typedef {{state: import("../../state.js").State, report: import("../../report/read.js").Report, act: import("../page.js").Actions}} Props */

/** @extends {Component<Props>} */
export class Report extends Component {
  componentDidMount() {
    addEventListener("beforeprint", unfold);
    addEventListener("afterprint", fold);
  }

  componentWillUnmount() {
    removeEventListener("beforeprint", unfold);
    removeEventListener("afterprint", fold);
  }

  /** @param {Props} props */
  render({ state, report, act }) {
    return html`
      <${Compare} report=${report} state=${state} />
      <${Levels} report=${report} />
      <${Transcript} state=${state} report=${report} act=${act} />
      <${Made} state=${state} report=${report} />
    `;
  }
}

/** Paper cannot be opened. */
function unfold() {
  for (const one of document.querySelectorAll("details:not([open])")) one.toggleAttribute("open", one.toggleAttribute("data-folded", true));
}

function fold() {
  for (const one of document.querySelectorAll("details[data-folded]")) one.toggleAttribute("open", one.toggleAttribute("data-folded", false));
}
