/** How the views are written: Preact draws what tagged templates say, and no text is ever taken for markup. */

import htm from "../vendor/htm.mjs";
import { Component, h, render } from "../vendor/preact.mjs";

export const html = htm.bind(h);
export { Component, render };

/** @typedef {import("../vendor/preact.mjs").ComponentChildren} Children */
/** @typedef {import("../vendor/preact.mjs").VNode<any>} View */

/** @param {Event} event what was typed or chosen */
export const valueOf = (event) => /** @type {HTMLInputElement} */ (event.currentTarget).value;
