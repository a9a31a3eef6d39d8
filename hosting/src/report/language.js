/** The sentences around a report, in the language that the page speaks. */

import { wanted } from "../language.js";
import * as english from "./texts.en.js";

/** @type {typeof english} */
export let reportTexts = english;

/** Before a report is drawn. */
export async function translateReport() {
  if (wanted !== "en") reportTexts = await import(`./texts.${wanted}.js`);
}
