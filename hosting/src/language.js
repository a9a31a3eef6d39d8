/** Which language the page speaks: the first of the browser's that has its file of texts. */

import * as english from "./texts.en.js";

/** A second language is one more file beside texts.en.js, one beside report/texts.en.js, and its name here. @type {string[]} */
const OTHERS = [];

export const wanted = navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => tag === "en" || OTHERS.includes(tag)) ?? "en";

/** @type {typeof english} */
export let texts = english;

/** Before anything is drawn: where the page speaks English its sentences are there from the first byte. */
export async function translatePage() {
  if (wanted !== "en") texts = await import(`./texts.${wanted}.js`);
  document.documentElement.lang = texts.LANGUAGE;
  document.documentElement.dir = texts.DIRECTION;
}
