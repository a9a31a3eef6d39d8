/** Every sentence that the script shows. A second language is a second file like this one and a second index.html. */

/** @typedef {import("./problems.js").Problem} Problem */

export const INTERVIEWERS = {
  model: "You will be interviewed by an AI.",
  script: "No AI model is connected: an offline script asks the questions.",
  unknown: "The interview service does not answer right now. You may still try to begin.",
};

export const SOURCE_NOTICES = {
  script: "No AI model is connected: an offline script asks the questions.",
  fallback: "The AI did not answer in time, so a stand-in line was used. Just go on.",
};

export const SPEAKERS = {
  model: "Interviewer",
  script: "Interviewer (script)",
  fallback: "Interviewer (stand-in, not the AI)",
};

export const FEEDBACK_SOURCES = {
  model: "Written by an AI from what you said here. It can be wrong.",
  script: "Written by an offline script from what you said here. No AI model was connected.",
  fallback: "Written by a script, because the AI did not answer.",
};

export const YOU = "You";

export const PHASES = {
  sending: "Sending…",
  kept: "Received",
  waiting: "Kept in this browser, trying again…",
  queued: "Kept in this browser, waiting for the answer before it",
  late: "This came after the end and is not part of the interview.",
};

export const STAGES = { intro: "Introduction", experience: "Experience", done: "Feedback" };

export const STATUSES = { created: "not started", running: "go on", ended: "read again", error: "go on" };

export const WORDS = {
  opening: "Opening your interview…",
  beginning: "Beginning…",
  begin: "Begin the interview",
  timeUp: "Time for this part is up. Finish your thought: your answer still counts.",
  nearlyUp: "Less than a minute left for this part. Your answer will still be heard in full.",
  stopped: "The interviewer failed three times in a row. The clock is stopped and everything is kept: your next answer goes on from here.",
  notDurable: "This browser keeps no copy for this page. Please leave it open until your answer is answered.",
  deleted: "The interview is deleted.",
};

/** @param {number} seconds */
export function timeLeft(seconds) {
  if (seconds <= 0) return "Time is up";
  if (seconds <= 60) return "Less than a minute left";
  return `About ${Math.round(seconds / 60)} min left`;
}

/** @param {number} left */
export const charactersLeft = (left) => (left < 0 ? `${-left} characters too many` : `${left} characters left`);

/**
 * People's words keep their own direction inside a sentence of ours.
 * @param {string} words
 */
const isolated = (words) => `\u2068${words}\u2069`;

/** @param {string} role */
export const title = (role) => (role ? `Interview: ${isolated(role)}` : "Interview");

/**
 * @param {string} name
 * @param {string} role
 */
export const welcome = (name, role) => (name ? `Welcome, ${isolated(name)}.` : "Welcome.") + (role ? ` This interview is for: ${isolated(role)}.` : "");

/** @param {string} date */
export const keptUntil = (date) =>
  `This interview is kept until ${new Date(date).toLocaleDateString("en", { day: "numeric", month: "long", year: "numeric" })} and then deleted by itself.`;

/** Why something waits to be sent again. @type {Record<string, string>} */
const WAITING = {
  "no-connection": "No connection. Your words are kept in this browser and sent again by themselves.",
  "rate-limited": "The service asks us to slow down. Trying again shortly.",
  "store-unavailable": "The service cannot save right now. Your words are kept in this browser; trying again.",
};
const WAITING_FOR_ANY_REASON = "The service does not answer as it should. Your words are kept in this browser; trying again.";

/**
 * @param {Problem} problem
 * @param {boolean} offline
 */
export const waiting = ({ slug }, offline) =>
  offline ? "You are offline. Your words are kept in this browser and sent when you are back." : WAITING[slug] ?? WAITING_FOR_ANY_REASON;

/** @param {Problem} problem */
export const beginWaiting = ({ slug }) =>
  slug === "no-connection" ? "No connection yet. Trying again…" : "The service is not ready for a new interview. Trying again…";

/** What was refused, and what the person can do. @type {Record<string, string>} */
const REFUSED = {
  "empty-text": "There are no words in this answer. Write a few and send it again.",
  "invalid-field": "This was not accepted: it may be too long. Shorten it and send it again.",
  "invalid-unicode": "This holds characters that cannot be stored. Remove what looks broken and send it again.",
  "body-too-large": "This is too long. Shorten it and send it again.",
  "event-reused": "This was not accepted as a new answer. Look at the conversation, then send it again.",
  "reserved-id": "This was not accepted. Please send it again.",
  "wrong-state": "The interview has not begun yet. Your words are kept below.",
};
const REFUSED_FOR_ANY_REASON = "This was not accepted. Your words are still here; you may change them and send them again.";

/** @param {Problem} problem */
export const refused = ({ slug }) => REFUSED[slug] ?? REFUSED_FOR_ANY_REASON;

/** @param {Problem} problem */
export const beginRefused = ({ slug }) =>
  slug === "rate-limited"
    ? "Too many interviews were started from here. Please try again later."
    : "The service did not accept this. Look at the two fields above and try again.";

/** Why an interview cannot be shown. @type {Record<string, [string, string]>} */
const LOST = {
  "unknown-session": ["This interview is not here", "It was deleted, it has expired, or the link is not complete."],
  "not-found": ["This interview is not here", "The link is not complete, or it was changed."],
  "session-expired": ["This interview has expired", "Interviews are kept for a limited time, and this one is past it."],
  unauthenticated: ["This link no longer opens the interview", "Its key is not valid any more. Open the link you were given once more, or begin a new interview."],
  "other-browser": ["This interview was opened elsewhere", "This browser does not hold its key. Open the link you were given, or begin a new interview."],
  "bad-link": ["This link is not complete", "A part of it is missing. Copy the whole link and open it again."],
};
/** @type {[string, string]} */
const LOST_FOR_ANY_REASON = ["This interview cannot be opened", "The service refused to open it from here."];

/** @param {Problem} problem */
export const lost = ({ slug }) => LOST[slug] ?? LOST_FOR_ANY_REASON;

/** @param {Problem} problem */
export const eraseFailed = ({ status }) =>
  status === 0 ? "No connection: nothing was deleted yet. Please try again." : "The service could not delete it right now. Please try again.";

/** @param {string} [date] */
export const day = (date) => (date ? new Date(date).toLocaleDateString("en", { day: "numeric", month: "long" }) : "");

/** @param {string} [status] */
export const statusOf = (status = "running") => STATUSES[/** @type {keyof STATUSES} */ (status)] ?? "";
