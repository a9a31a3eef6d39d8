/** Every sentence around a report, in English, but for those that are there before it. A second language is a second file like this one. */

import { counted, isolated, listed, lookUp } from "../texts.en.js";

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
  onceMore: (/** @type {number} */ number) => `Question ${number}, once more`,
  levels: "What your answers show",
  level: (/** @type {number} */ level) => `Level ${level} of 5`,
  next: (/** @type {number} */ level) => `What level ${level} sounds like:`,
  seenIn: "Seen in",
  retell: "Say it again, in the order of a story",
  retellWhat: "These are your own sentences. Say them aloud in this order, and add what is missing.",
  missing: "Not told yet.",
  answerAgain: "Answer this one again",
  then: "Then and now",
  history: "What you practised in this browser, question by question. It is kept here and nowhere else; the words of an answer go when its interview does.",
  none: "Nothing yet. What you practise in this browser is remembered here, or bring a file from another one.",
  saveHistory: "Save as a file",
  bringHistory: "Bring in a file",
  deleteHistory: "Delete this history",
  deleteSure: "Delete it from this browser? Interviews that are still kept stay.",
  yes: "Delete",
  no: "Keep it",
  wordsGone: "The words of this answer are gone.",
  noSigns: "No note.",
  bothAnswers: "Read the answers",
  delivery: "How it was said",
  made: "How this was made",
  ours: "Each note is a sentence of ours about words that you said; no AI model words one.",
  practice: "Practice feedback; not a hiring decision.",
  objections: "What you call wrong is stored with this interview, and deleted with it.",
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

/** Why a competency has no level. @type {Record<string, string>} */
const NO_LEVEL = {
  not_asked: "no question asked for it.",
  not_answered: "the questions about it were left open.",
  too_short: "the answers about it are too short to tell.",
  no_evidence: "no words in the answers show it clearly enough.",
  degraded: "too much of this interview was stand-in lines or misheard for a fair level.",
  uncertain: "the readings of it are too far apart for a level.",
  grader_unavailable: "these answers were not read for levels.",
};

/**
 * @param {string[]} labels of competencies
 * @param {string} why
 * @param {string} grading
 * @returns {[string, string]} which, and the reason
 */
export const noLevel = (labels, why, grading) => [
  `Not assessed: ${listed(labels.map(isolated))}`,
  why === "grader_unavailable" && grading === "pending" ? "the answers are still being read." : lookUp(NO_LEVEL, why) ?? "there is too little to go by.",
];

/** Why nothing is said about a story. @type {Record<string, string>} */
const NO_STORY = {
  not_asked: "This question was not asked.",
  not_answered: "This question was left open, so nothing is said about it.",
  too_short: "These few words are too little to say more about.",
  no_evidence: "No words here show anything clearly enough for a note.",
  degraded: "The interviewer was a stand-in here, or too much was misheard, so nothing is said about it.",
  uncertain: "The readings of this are too far apart to say anything.",
  grader_unavailable: "This answer was not read by an AI model.",
};

/** @param {string} why */
export const noStory = (why) => lookUp(NO_STORY, why) ?? "";

/** The parts of a story, and what it is to have told one. @type {Record<string, [string, string]>} */
const PARTS = {
  situation: ["The situation", "you said where and when it was"],
  task: ["Your task", "you said what was asked of you"],
  action: ["What you did", "you told your own part"],
  result: ["How it ended", "you told how it ended"],
  number: ["A figure", "you gave a figure"],
};

/** @param {string} part */
export const partOf = (part) => lookUp(PARTS, part)?.[0] ?? part;

/**
 * What one story has and another has not, around the names of both, and what stands around the words of the first.
 * @param {string} part
 * @returns {{begin: string, told: string, quoted: [string, string], between: string, end: string} | null}
 */
export function contrast(part) {
  const told = lookUp(PARTS, part)?.[1];
  if (!told) return null;
  return { begin: "In ", told: ` ${told}`, quoted: [", “", "”"], between: "; in ", end: " that was asked for and is not told." };
}

/** @param {number} number */
export const inQuestion = (number) => `question ${number}`;

/** What is counted of how it was said. @type {Record<string, [string, (count: number) => string]>} */
const COUNTS = {
  answers: ["Answers", String],
  words: ["Words", String],
  longest_answer_words: ["Longest answer", (words) => counted(words, "word")],
  words_a_minute: ["Words a minute", (words) => `${Math.round(words)}`],
  pauses: ["Pauses of a second or more", String],
  longest_pause_s: ["Longest pause", (seconds) => counted(seconds, "second")],
  fillers: ["Filler words", String],
};
const COUNTED_OF_SPEECH = ["words_a_minute", "pauses", "fillers"];

/**
 * @param {Record<string, number>} delivery
 * @returns {[string, string][]} names and figures of what was counted
 */
export const measured = (delivery) =>
  Object.entries(COUNTS).flatMap(([name, [label, said]]) => (Object.hasOwn(delivery, name) ? [[label, said(delivery[name])]] : []));

/** @param {Record<string, number>} delivery */
export function notMeasured(delivery) {
  const missing = COUNTED_OF_SPEECH.filter((name) => !Object.hasOwn(delivery, name)).map((name) => COUNTS[name][0].toLowerCase());
  return missing.length ? `Not measured: ${listed(missing)}.` : "";
}

const COUNTED = "was found by counting, which names what is there and never says that something is missing.";

/**
 * Who has read it.
 * @param {import("./read.js").Report} report
 * @param {boolean} chosen whether the interviewer's model chose what the points are about
 */
export function readBy({ grading, madeBy: { models, asked, used } }, chosen) {
  if (grading === "made") return `Read by an AI model (${models.map(isolated).join(", ") || "unnamed"}): ${used} of ${counted(asked, "reading")} could be used.`;
  if (grading === "pending") return "An AI model is still reading; until then you see what counting finds.";
  if (grading === "unavailable") return `An AI model was asked to read this and did not answer. What you see ${COUNTED}`;
  return chosen ? `The interviewer’s AI model chose what to name in the three points. All else ${COUNTED}` : `No AI model has read these answers. What you see ${COUNTED}`;
}

/** @param {number} count */
export const withheld = (count) => (count ? `${counted(count, "claim")} of the model's ${count === 1 ? "is" : "are"} withheld, because your words do not bear ${count === 1 ? "it" : "them"} out.` : "");

/** What became of a file, or of the history. @type {Record<string, string>} */
const HISTORY_NEWS = {
  brought: "The file was brought in.",
  deleted: "The history of this browser is deleted.",
  unreadable: "This file cannot be read. Choose one that was saved here as a history.",
  "not-history": "This file is not a history of practice, or it was changed. Choose one that was saved here.",
  later: "This file was saved by a later release of this page. Reload the page and try again.",
  "too-large": "This file is too large for a history. Choose one that was saved here.",
};

/** @param {string} news */
export const historyNews = (news) => lookUp(HISTORY_NEWS, news) ?? "";

/** What an answer has, by the names of the signs. @type {Record<string, string>} */
const HAS = {
  situation_named: "where and when it was",
  choice_reasoned: "a reason for your choice",
  obstacle_met: "what stood in the way",
  task_named: "your task",
  own_action: "your own part",
  result_told: "how it ended",
  result_measured: "a figure",
  other_view_told: "how somebody else saw it",
  hard_talk: "a hard talk",
  mistake_owned: "a mistake of your own",
  lesson_drawn: "a lesson",
  changed_since: "what you do differently since",
};

/** What an answer lacks. @type {Record<string, string>} */
const LACKS = {
  no_example: "no single time",
  no_reason: "no reason",
  team_only: "“we” throughout",
  no_action: "no part of your own",
  no_result: "no end",
  no_number: "no figure",
  others_missing: "nobody else’s view",
  no_lesson: "no lesson",
  too_long: "more than two minutes",
  too_short: "a few words only",
  off_question: "something else than was asked",
};

/** @param {string[]} signs @returns {string} what an answer has, in a line */
export const signsOf = (signs) => listed(signs.flatMap((sign) => lookUp(HAS, sign) ?? lookUp(LACKS, sign) ?? []));

/** @param {string[]} signs */
export const found = (signs) => (signsOf(signs) ? `Found in your answer: ${signsOf(signs)}.` : "No note on your answer.");

/**
 * What changed from one answer to the next.
 * @param {string[]} before the signs of the one before
 * @param {string[]} now
 */
export function changed(before, now) {
  const figure = before.includes("result_told") && !before.includes("result_measured") && now.includes("result_measured");
  const named = (/** @type {Record<string, string>} */ table, /** @type {string[]} */ signs) => listed(signs.flatMap((sign) => lookUp(table, sign) ?? []));
  const fresh = now.filter((sign) => !before.includes(sign) && !(figure && sign === "result_measured"));
  const gone = before.filter((sign) => !now.includes(sign) && !(figure && sign === "result_told"));
  const sentences = [
    figure && "Last time a result without a figure; this time a figure.",
    named(HAS, fresh) && `New this time: ${named(HAS, fresh)}.`,
    named(LACKS, gone) && `Last time ${named(LACKS, gone)}; not any more.`,
    named(HAS, gone) && `Last time, and not this time: ${named(HAS, gone)}.`,
    named(LACKS, fresh) && `This time: ${named(LACKS, fresh)}.`,
  ].filter(Boolean);
  return sentences.join(" ") || (now.length ? "The same notes as last time." : "Neither answer has a note.");
}

/** @param {number} count of times that a question was practised */
export const times = (count) => counted(count, "time");

/** Why a note was not called wrong, and what the person can do. @type {Record<string, string>} */
const OBJECTION_FAILED = {
  "no-connection": "No connection: this was not sent yet. Try again when you are back.",
  "too-many-objections": "So many notes were called wrong that no more are taken. All that you called wrong before is kept.",
  "rate-limited": "The service asks us to slow down. Try again in a minute.",
  "invalid-field": "This was not accepted: the words may be too long. Shorten them and try again.",
};

/** @param {Problem} problem */
export const objectionFailed = ({ slug }) => lookUp(OBJECTION_FAILED, slug) ?? "The service could not take this right now. Try again in a moment.";
