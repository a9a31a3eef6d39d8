/** The report on an interview: the candidate's own transcript with notes in its margin, and what they come to. Loaded at the end of one. */

import { html } from "../html.js";
import { Transcript } from "./transcript.js";

export { Points } from "./points.js";

/** @typedef {{state: import("../../state.js").State, report: import("../../report/read.js").Report, act: import("../page.js").Actions}} Props */

/** @param {Props} props */
export const Report = (props) => html`
  <${Transcript} ...${props} />
`;
