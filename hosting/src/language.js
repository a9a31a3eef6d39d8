/** Which language the page speaks: the first of the browser's that has its file of texts. */

import * as english from "./texts.en.js";

/** A second language is one more file beside texts.en.js, and its name here. @type {string[]} */
const OTHERS = [];

const wanted = navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => tag === "en" || OTHERS.includes(tag)) ?? "en";

/** @type {typeof english} */
export let texts = english;

/** Puts the standing sentences into the page, before anything is drawn; where it speaks English they are there from the first byte. */
export async function translatePage() {
  if (wanted !== "en") texts = await import(`./texts.${wanted}.js`);
  document.documentElement.lang = texts.LANGUAGE;
  document.documentElement.dir = texts.DIRECTION;
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-text], [data-label], [data-hint]"))) {
    const { text, label, hint } = element.dataset;
    const said = (/** @type {string} */ key) => texts.PAGE[/** @type {keyof typeof texts.PAGE} */ (key)];
    if (text && element.textContent !== said(text)) element.textContent = said(text);
    if (label) element.setAttribute("aria-label", said(label));
    if (hint) element.setAttribute("placeholder", said(hint));
  }
}
