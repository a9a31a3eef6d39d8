/** What this browser remembers of a question that was practised: the answer and its signs. Pure. */

import { notesOf } from "./notes.js";

/** @typedef {import("./read.js").Report} Report */
/** @typedef {import("../storage.js").Practice} Practice */

const FORMAT = "interviewos-history";
const VERSION = 1;
export const MOST_BYTES = 4_000_000; // of a file
const MOST_CHARACTERS = 8_000; // of one answer
const MOST_IN_A_FILE = 200;

/** Whether a question can be asked alone: it was planned, and is not just a stage. @param {{question: string, stage: string}} story */
export const isPlanned = ({ question, stage }) => question !== "" && question !== stage;

/**
 * @param {Report} report
 * @param {import("../state.js").State} state
 * @returns {Practice[]} one for each planned question that was answered
 */
export function practicesOf(report, { session, interview, messages, report: shown }) {
  const notes = notesOf(report).filter(({ finding, key }) => !finding.wrong && shown?.objections[key]?.phase !== "sent");
  const said = new Map(messages.map(({ seq, text }) => [seq, text]));
  const at = messages[0]?.created_at ?? new Date().toISOString();
  return report.stories.filter((story) => isPlanned(story) && story.seqs.length > 0).map(({ question, text, seqs }) => {
    const mine = notes.filter(({ finding }) => seqs.includes(finding.span.seq));
    return {
      session: session?.id ?? "", at, question, text, plan: report.plan.id, level: report.plan.level, kind: report.plan.title,
      expires_at: interview?.expiresAt ?? "",
      signs: [...new Set(mine.map(({ finding }) => finding.sign))],
      lines: shortened(seqs.map((seq) => ({
        text: said.get(seq) ?? "",
        notes: mine.filter(({ finding }) => finding.span.seq === seq).map(({ finding: { span: { start, end }, text: says } }) => ({ start, end, text: says })),
      }))),
    };
  });
}

/** @param {Practice["lines"]} lines @returns {Practice["lines"]} as many as there is room for */
function shortened(lines) {
  let room = MOST_CHARACTERS;
  return lines.flatMap(({ text, notes }) => {
    const kept = [...text].slice(0, room);
    room -= kept.length;
    return kept.length ? { text: kept.join(""), notes: notes.filter(({ end }) => end <= kept.length) } : [];
  });
}

/**
 * @param {Practice[]} practices
 * @param {string} question
 * @param {string} [session] not of this interview
 * @returns {Practice | undefined} the last time that it was practised
 */
export const lastOf = (practices, question, session) =>
  practices.filter((one) => one.question === question && one.session !== session).sort(byTime).at(-1);

/** @param {Practice} one @param {Practice} other */
const byTime = (one, other) => Date.parse(one.at) - Date.parse(other.at);

/**
 * @param {Practice[]} practices
 * @returns {Practice[][]} those of each question, the newest last; the question that was practised last comes first
 */
export function byQuestion(practices) {
  /** @type {Map<string, Practice[]>} */
  const questions = new Map();
  for (const one of [...practices].sort(byTime)) {
    const before = questions.get(one.question) ?? [];
    questions.delete(one.question);
    questions.set(one.question, [...before, one]);
  }
  return [...questions.values()].reverse();
}

/** @param {Practice[]} practices */
export const asFile = (practices) => JSON.stringify({ format: FORMAT, version: VERSION, practices }, null, 1) + "\n";

/** @typedef {"unreadable" | "not-history" | "later" | "too-large"} Fault why a file is not taken */

/**
 * Checks every field of a file, for anybody may have written it.
 * @param {string} text
 * @returns {{practices: Practice[]} | {fault: Fault}}
 */
export function readFile(text) {
  if (text.length > MOST_BYTES) return { fault: "too-large" };
  const said = parse(text);
  if (said === undefined) return { fault: "unreadable" };
  if (said?.format !== FORMAT || !Array.isArray(said.practices)) return { fault: "not-history" };
  if (said.version !== VERSION) return { fault: "later" };
  if (said.practices.length > MOST_IN_A_FILE) return { fault: "too-large" };
  const practices = said.practices.map(readPractice);
  return practices.every((/** @type {Practice | null} */ one) => one !== null) ? { practices } : { fault: "not-history" };
}

/** @param {string} text @returns {any} */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @param {any} value @param {number} most */
const isText = (value, most) => typeof value === "string" && value.length <= most;

/** @param {any} value @param {number} most @param {(one: any) => boolean} holds */
const isList = (value, most, holds) => Array.isArray(value) && value.length <= most && value.every(holds);

/** @param {any} note */
const isNote = (note) => Number.isInteger(note?.start) && Number.isInteger(note.end) && 0 <= note.start && note.start < note.end && isText(note.text, 500);

/** @param {any} line */
const isLine = (line) => isText(line?.text, 2 * MOST_CHARACTERS) && isList(line.notes, 100, isNote);

/** @param {any} said @returns {Practice | null} only what belongs to it */
function readPractice(said) {
  const { session, at, question, text, plan, level, kind, expires_at, signs, lines } = said ?? {};
  const named = [session, question, plan, level].every((one) => isText(one, 128) && /^[\w.:-]*$/.test(one)) && question !== "";
  const told = isText(text, 1000) && isText(kind, 200) && isList(signs, 50, (sign) => isText(sign, 64)) && isList(lines, 60, isLine);
  if (!named || !told || Number.isNaN(Date.parse(at)) || !isText(expires_at, 40)) return null;
  const kept = lines.map((/** @type {any} */ line) => ({ text: line.text, notes: line.notes.map((/** @type {any} */ { start, end, text: says }) => ({ start, end, text: says })) }));
  return { session, at, question, text, plan, level, kind, expires_at, signs: [...signs], lines: kept };
}
