/** Small parts that several views share. */

import { html } from "./html.js";

/** @typedef {import("./html.js").Children} Children */

/**
 * A button that cannot be used keeps its focus: aria-disabled, not disabled.
 * @param {{usable?: boolean, onClick?: (event: MouseEvent) => void, type?: string, children?: Children, [attribute: string]: any}} props
 */
export function Button({ usable, onClick, type = "button", children, ...rest }) {
  const unusable = usable === undefined ? undefined : !usable;
  return html`<button type=${type} aria-disabled=${unusable} onClick=${unusable ? undefined : onClick} ...${rest}>${children}</button>`;
}

/**
 * The one thing that the person should know now. The place is always there, or it would not be read out.
 * @param {{id: string, text: string, calm?: boolean, children?: Children}} props calm: nothing is wrong
 */
export const Notice = ({ id, text, calm = false, children }) => html`
  <div role="status">
    ${text !== "" && html`<p id=${id} class=${calm ? "notice calm" : "notice"}><span id=${`${id}-text`}>${text}</span> ${children}</p>`}
  </div>
`;

/**
 * Who asks the questions.
 * @param {{id: string, service: import("../api.js").Service | null, said: Record<string, string>}} props
 */
export const Interviewer = ({ id, service, said }) =>
  html`<p id=${id} class="who" data-interviewer=${service?.interviewer ?? ""}>${service ? said[service.interviewer] : ""}</p>`;

/**
 * Words that are not heard any more are not hidden: they can be copied.
 * @param {{parts: string[], label: string}} props
 */
export function Unsent({ parts, label }) {
  const words = parts.filter(Boolean).join("\n\n");
  return words !== "" && html`
    <div id="unsent">
      <label for="unsent-words">${label}</label>
      <textarea id="unsent-words" dir="auto" rows="5" readonly="" value=${words}></textarea>
    </div>
  `;
}
