/**
 * What is being said, as it comes, until the stored message shows the same words. Pure. A caption is not told which
 * message it belongs to, so its words are looked for in the messages that may be meant.
 */

/** @typedef {import("./state.js").Message} Message */

/**
 * @typedef {object} Caption
 * @property {string} id the segment's
 * @property {"user" | "agent"} role
 * @property {string} text
 * @property {boolean} final
 * @property {number} after the newest message when it began
 */

/**
 * @param {Caption[]} captions
 * @param {{id: string, role: "user" | "agent", text: string, final: boolean, whole: boolean}} heard whole: all words of
 *   the segment so far; else those that are new
 * @param {number} seq the newest message
 * @returns {Caption[]}
 */
export function hear(captions, { id, role, text, final, whole }, seq) {
  const known = captions.find((caption) => caption.id === id);
  if (!known) return text || !final ? [...captions, { id, role, text, final, after: seq }] : captions;
  if (known.final) return captions; // an interim that was overtaken
  const changed = { ...known, final, text: whole ? text || known.text : known.text + text };
  return captions.map((caption) => (caption.id === id ? changed : caption));
}

/** Only letters and digits: a recogniser, a voice and a transcript set their spaces and points differently. */
const essence = (/** @type {string} */ text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/**
 * @param {Message[]} messages
 * @returns {Message[]} what the interviewer said since the candidate's last words: it may be read aloud once more
 */
const lastSaid = (messages) => messages.slice(messages.findLastIndex((message) => message.role === "user") + 1);

/**
 * @param {Caption} caption
 * @param {Message[]} messages
 * @returns {boolean} whether a message shows its words already
 */
export function isStored({ role, text, after }, messages) {
  const words = essence(text);
  const meant = [...messages.filter(({ seq }) => seq > after), ...(role === "agent" ? lastSaid(messages) : [])];
  return meant.some((message) => message.role === role && essence(message.text).includes(words));
}

/**
 * Words that no message took up, such as an apology of the voice alone, stay until the interview has gone on.
 * @param {Caption} caption
 * @param {Message[]} messages
 */
function isPast({ role, after }, messages) {
  const later = messages.filter((message) => message.role === role && message.seq > after).length;
  return later > (role === "user" ? 1 : 0);
}

/**
 * @param {Caption[]} captions
 * @param {Message[]} messages
 * @returns {Caption[]} those that may still be needed
 */
export const current = (captions, messages) =>
  captions.filter((caption) => !caption.final || !(isStored(caption, messages) || isPast(caption, messages)));
