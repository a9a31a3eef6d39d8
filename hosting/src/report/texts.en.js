/** Every sentence around a report, in English, but for those that are there before it. A second language is a second file like this one. */

import { counted, isolated, lookUp } from "../texts.en.js";

/** @typedef {import("../problems.js").Problem} Problem */

/** The report on an interview. */
export const REPORT = {
  unconfirmed: "Not confirmed by later readings.",
  notes: "Notes",
  noNotes: "There are no notes on these answers.",
  /** @param {number} count */
  countOfNotes: (count) => counted(count, "note"),
  /** @param {number} number @param {number} of */
  noteOf: (number, of) => `Note ${number} of ${of}`,
  previousNote: "Previous note",
  nextNote: "Next note",
  /** @param {number} number @param {string} quote */
  toWords: (number, quote) => `${number}, your words: “${isolated(quote)}”`,
  /** @param {number} number */
  question: (number) => `Question ${number}`,
  oneReading: "One reading by an AI model says so.",
  exercise: "Exercise",
  wrong: "This is wrong",
  shouldRead: "How it should read",
  wrongWhat: "Only where your speech was misheard. A note that is called wrong stays called so.",
  callWrong: "Call it wrong",
  sending: "Sending…",
  keep: "Cancel",
  calledWrong: "You called this wrong.",
  reads: "It should read:",
};

/** Why a note was not called wrong, and what the person can do. @type {Record<string, string>} */
const OBJECTION_FAILED = {
  "no-connection": "No connection: this was not sent yet. Try again when you are back.",
  "too-many-objections": "So many notes were called wrong that no more are taken. All that you called wrong before is kept.",
  "rate-limited": "The service asks us to slow down. Try again in a minute.",
  "invalid-field": "This was not accepted: the words may be too long. Shorten them and try again.",
};

/** @param {Problem} problem */
export const objectionFailed = ({ slug }) => lookUp(OBJECTION_FAILED, slug) ?? "The service could not take this right now. Try again in a moment.";
