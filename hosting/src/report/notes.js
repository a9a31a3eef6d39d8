/** The notes of a report and the words they are about. Pure. Places are code points, as Python counts characters. */

/** @typedef {import("./read.js").Report} Report */
/** @typedef {import("./read.js").Finding & {span: import("./read.js").Span}} Finding */
/** @typedef {{number: number, key: string, question: string, finding: Finding}} Note numbered as one reads */
/** @typedef {{start: number, end: number, id: string, note: number}} Mark words that something is said about; note is 0 where a point is all that is */
/** @typedef {{text: string, marks: Mark[], id: string, ends: number[]}} Piece a stretch of text: which marks cover it, the id of words that begin here or "", the notes of those that end here */

/** @param {Finding} finding */
export const keyOf = ({ span: { seq, start }, sign }) => `${seq}:${start}:${sign}`;

/** @param {Report} report @returns {Note[]} */
export function notesOf({ stories }) {
  const found = stories.flatMap(({ question, findings }) => findings.map((finding) => ({ question, finding: /** @type {Finding} */ (finding) })));
  found.sort(({ finding: { span: one } }, { finding: { span: other } }) => one.seq - other.seq || one.start - other.start || one.end - other.end);
  return found.map((note, index) => ({ ...note, key: keyOf(note.finding), number: index + 1 }));
}

/** Where words begin, as an element of the page is called. @param {import("./read.js").Span} span */
export const wordsId = ({ seq, start }) => `words-${seq}-${start}`;

/** @param {Report} report @returns {Map<number, Mark[]>} the words of notes and points, by the message */
export function marksOf(report) {
  const ofPoints = report.points.flatMap(({ span }) => (span ? { span, note: 0 } : []));
  const all = [...notesOf(report).map(({ number, finding: { span } }) => ({ span, note: number })), ...ofPoints];
  /** @type {Map<number, Mark[]>} */
  const bySeq = new Map();
  for (const { span, note } of all) {
    const { seq, start, end } = span;
    bySeq.set(seq, [...(bySeq.get(seq) ?? []), { start, end, id: wordsId(span), note }]);
  }
  return bySeq;
}

/**
 * Cuts a text where marks begin and end; they may overlap.
 * @param {string} text
 * @param {Mark[]} marks
 * @returns {Piece[]}
 */
export function piecesOf(text, marks) {
  if (marks.length === 0) return [{ text, marks, id: "", ends: [] }];
  const characters = [...text];
  const cuts = new Set([0, characters.length, ...marks.flatMap(({ start, end }) => [start, Math.min(end, characters.length)])]);
  const places = [...cuts].filter((place) => place <= characters.length).sort((one, other) => one - other);
  return places.slice(0, -1).map((from, index) => {
    const to = places[index + 1];
    const here = marks.filter(({ start, end }) => start < to && from < end);
    return {
      text: characters.slice(from, to).join(""),
      marks: here,
      id: here.find(({ start }) => start === from)?.id ?? "",
      ends: here.filter(({ end, note }) => note && Math.min(end, characters.length) === to).map(({ note }) => note),
    };
  });
}

/**
 * @template {{seq: number, role: string, question?: string}} Line
 * @typedef {{question: string, lines: Line[], begins: boolean, ends: boolean}} Section what was said about one question; begins and ends: the first and the last that was said about it
 */

/**
 * Sorts a conversation by its questions, in the order in which it was held.
 * @template {{seq: number, role: string, question?: string}} Line
 * @param {Line[]} lines
 * @param {Report} report
 * @returns {Section<Line>[]}
 */
export function sectionsOf(lines, report) {
  const known = new Set(report.stories.map(({ question }) => question));
  const answers = new Map(report.stories.flatMap(({ question, seqs }) => seqs.map((seq) => [seq, question])));
  /** @type {Section<Line>[]} */
  const sections = [];
  for (const line of lines) {
    const before = sections.at(-1)?.question ?? "";
    const asked = line.question && known.has(line.question) ? line.question : before;
    const question = line.role === "user" ? answers.get(line.seq) ?? before : asked;
    if (sections.length === 0 || question !== before) sections.push({ question, lines: [line], begins: false, ends: false });
    else sections[sections.length - 1].lines.push(line);
  }
  for (const question of known) {
    const about = sections.filter((section) => section.question === question);
    if (about.length) about[0].begins = about[about.length - 1].ends = true;
  }
  return sections;
}

/** The number of a question, as the report counts them; 0 where it has none. @param {Report} report @param {string} question */
export const numberOf = ({ stories }, question) => stories.findIndex((story) => story.question === question) + 1;
