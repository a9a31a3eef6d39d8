/** What a person takes home: the interview as Markdown, or with its report as JSON, made here from what the page already shows. */

import { texts } from "./language.js";
import { feedback, isSaid } from "./selectors.js";

/** @typedef {import("./state.js").State} State */

/** @param {State} state */
function about({ interview, messages }) {
  return { name: interview?.name ?? "", role: interview?.role ?? "", date: messages[0]?.created_at ?? "" };
}

/**
 * Words stay words: nothing that was typed is an element of Markdown, nor of GitHub's.
 * @param {string} words
 */
const plain = (words) =>
  words
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/[ \t]+$/gm, "")
    .replace(/^[ \t]+/gm, (indent) => "\u00a0".repeat(indent.length)) // a line that is set in would be code
    .replace(/[\\`*_[\]<>&~|$]|^[-+=#]/gm, "\\$&")
    .replace(/^(\d+)([.)])(?=\s|$)/gm, "$1\\$2");

/** @param {string} words every line of theirs is one of ours */
const quoted = (words) => plain(words).replace(/^/gm, "> ").replace(/\n(?=> .)/g, "  \n");

/** @param {State} state */
export function asMarkdown(state) {
  const { EXPORT, PAGE, YOU, feedbackSource, fullDay, speaker, title } = texts;
  const { name, role, date } = about(state);
  const given = feedback(state);
  const facts = [[EXPORT.name, name], [EXPORT.role, role], [EXPORT.date, fullDay(date)]].filter(([, value]) => value);
  const points = given?.points;
  return [
    `# ${title("")}`,
    facts.map(([fact, value]) => `${fact}: ${plain(value.replace(/\s+/g, " "))}`).join("  \n"),
    `## ${EXPORT.feedback}`,
    feedbackSource(given?.source),
    points
      ? [`**${PAGE.strength}**`, quoted(points.strength), `**${PAGE.gap}**`, quoted(points.gap), `**${PAGE.next}**`, quoted(points.next)].join("\n\n")
      : quoted(given?.text ?? ""),
    `## ${EXPORT.transcript}`,
    ...state.messages
      .filter((message) => isSaid(message) && message.seq !== (points ? given?.seq : null))
      .map((message) => `**${message.role === "user" ? YOU : speaker(message.source)}**\n\n${quoted(message.text)}`),
    "",
  ].join("\n\n");
}

/** @param {State} state */
export function asJson(state) {
  const messages = state.messages
    .filter(isSaid)
    .map(({ seq, role, stage, text, source, created_at }) => ({ seq, role, stage, text, source, created_at }));
  return JSON.stringify({ ...about(state), feedback: feedback(state)?.points ?? null, report: state.report?.json ?? null, messages }, null, 2) + "\n";
}

/**
 * @param {State} state
 * @param {"md" | "json"} kind
 */
export function download(state, kind) {
  const [text, type] = kind === "md" ? [asMarkdown(state), "text/markdown;charset=utf-8"] : [asJson(state), "application/json"];
  save(text, type, `interview-${about(state).date.slice(0, 10)}.${kind}`);
}

/** @param {string} text @param {string} type @param {string} name */
export function save(text, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
