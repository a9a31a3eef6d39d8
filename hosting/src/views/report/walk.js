/** Ways between words and notes. They are links, but the address stays as it is: it says which page is shown. */

import { html } from "../html.js";

/** @typedef {import("../html.js").Children} Children */

const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Focus and eyes go to the same place. @param {string} id */
export function goTo(id) {
  const place = document.getElementById(id);
  place?.focus({ preventScroll: true });
  place?.scrollIntoView({ block: "center", behavior: isStill() ? "auto" : "smooth" });
}

/** @param {{place: string, children?: Children, [attribute: string]: any}} props place: the id of where it leads */
export function To({ place, children, ...rest }) {
  const go = (/** @type {MouseEvent} */ event) => {
    event.preventDefault();
    goTo(place);
  };
  return html`<a href=${`#${place}`} onClick=${go} ...${rest}>${children}</a>`;
}

/** @param {number} number of a note */
export const noteId = (number) => `note-${number}`;

/** @param {number} number of a question */
export const questionId = (number) => `question-${number}`;
