/** Every sentence of the page, in English. A second language is a second file like this one, named in language.js. */

/** @typedef {import("./problems.js").Problem} Problem */

export const LANGUAGE = "en";
export const DIRECTION = "ltr";
const DATES = "en-GB";

/**
 * What the service says may be newer than this page, and a name like "constructor" stands in every object.
 * @template T
 * @param {Record<string, T>} table
 * @param {string | undefined} name
 * @returns {T | undefined}
 */
export const lookUp = (table, name) => (name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined);

/** The stages of an interview while the service does not say them, or is of a release that never does. */
export const STAGES = [
  { id: "intro", label: "Introduction", about: "Who you are and what you do." },
  { id: "experience", label: "Experience", about: "One or two pieces of your work, in depth." },
];
export const END = { id: "done", label: "Feedback", about: "A strength, a gap and a next step, from your own words." };
export const OTHER_STAGE = "Interview";

/** What always says the same. */
export const PAGE = {
  promise: "Practise the interview before it counts.",
  lead: "An interviewer that listens, asks about what you really did, and tells you in three points what to keep and what to work on.",
  kind: "Kind of interview",
  anyWork: "Interview for any work",
  level: "Your level",
  more: "More options",
  moreWhat: "time, job, résumé",
  pasted: "with what you pasted",
  time: "Time",
  timeWhy: "For slow typing, a screen reader or a second language: each part and each pause is longer, the questions are the same.",
  job: "The job you practise for",
  jobHint: "Paste a job advert.",
  background: "What you have done so far",
  backgroundHint: "Paste a résumé, or tell it in a few lines.",
  pasteWhy:
    "The AI model reads both, words some of the questions for you and notes a few facts; the texts themselves are forgotten once the interview has begun, by the service and by this browser.",
  role: "The role you practise for",
  roleHint: "For example: registered nurse",
  suggestions: "Suggestions",
  role1: "Teacher",
  role2: "Electrician",
  role3: "Engineer",
  role4: "Sales",
  name: "What may we call you?",
  optional: "(optional)",
  mode: "How would you like to talk?",
  inWriting: "In writing",
  byVoice: "By voice",
  begin: "Begin the interview",
  cancel: "Cancel",
  guarded: "This page is protected by reCAPTCHA.",
  yourMicrophone: "Your microphone",
  turnOn: "Turn the microphone on",
  microphone: "Microphone",
  startTalking: "Start talking",
  goOnInWriting: "Go on in writing",
  unfinished: "Your interview is still going on",
  earlier: "Your interviews in this browser",
  whatHappens: "What will happen",
  assureLost: "Close or reload the page whenever you like: nothing you sent is lost.",
  assureStop: "Stop when you want to. The feedback comes all the same.",
  history: "History on this device",
  assureKept: "Your words are kept for a limited time, then deleted. You can delete them sooner, here or at the end.",

  home: "InterviewOS: to the start page",
  parts: "Parts of the interview",
  question: "The question",
  instead: "Instead of an answer",
  conversation: "Conversation",
  thinking: "The interviewer is thinking",
  below: "New words below",
  meaning: "What this means",
  tryNow: "Try now",
  yourAnswer: "Your answer",
  answerHint: "Write as you would say it.",
  finishNow: "Finish now",
  finishWide: "and get feedback",
  keys: "Enter sends, Shift + Enter starts a new line",
  send: "Send",
  speak: "Speak",
  talking: "Talking",
  captions: "What is being said",
  mute: "Mute",
  doneTalking: "Done",

  again: "Practise again",
  yourFeedback: "Your feedback",
  strength: "Strength",
  gap: "Gap",
  next: "Next step",
  markdown: "Save as text",
  json: "Save as JSON",
  print: "Print",
  erase: "Delete my data",
  transcript: "What was said",

  unsent: "Your words that were not answered. Copy what you want to keep.",
  toStart: "To the start page",
  finishTitle: "Finish the interview now?",
  finishText: "You get feedback on what you have said so far. After that no more answers can be given in this interview.",
  finishDraft: "The answer that you have not sent yet will not be part of it.",
  finishYes: "Finish and get feedback",
  finishNo: "Go on",
  eraseTitle: "Delete this interview?",
  eraseText:
    "Your name, your answers and the feedback are deleted from the service and from this browser, at once and for good. Copies that you have downloaded stay with you.",
  eraseYes: "Delete",
  eraseNo: "Keep it",
};

export const TITLE = "InterviewOS: practise an interview";

export const INTERVIEWERS = {
  model: "You will be interviewed by an AI.",
  script: "No AI model is connected: an offline script asks the questions.",
  unknown: "The interview service does not answer right now. You may still try to begin.",
};

export const VOICE = {
  no: "Voice is not set up on this service.",
  yes: "",
  unmute: "Unmute",
  stop: "Stop the voice",
  blocked: "The browser plays no sound before you press a button.",
  called: "The interviewer is being called.",
  nobody: "The interviewer does not come. Your interview is kept: you can wait, or go on in writing.",
};

/** The microphone before it is needed. */
export const CHECK = {
  idle: "The interviewer hears you and speaks to you. Your browser will ask whether this page may use the microphone.",
  asking: "Your browser is asking: please allow the microphone.",
  quiet: "The microphone is on. Say a few words.",
  heard: "We hear you.",
  again: "Try again",
};

/** Why there is no microphone, and what the person can do. @type {Record<import("./voice/microphone.js").Fault, string>} */
export const MICROPHONE = {
  refused: "The browser does not let this page use the microphone. Allow it beside the address, then try again, or go on in writing.",
  missing: "No microphone was found. Connect one and try again, or go on in writing.",
  busy: "Another program is using the microphone. Close it there and try again, or go on in writing.",
  gone: "Your microphone is gone. Connect it again or end the call that has it, then try again, or go on in writing.",
  insecure: "The browser gives the microphone to https pages only. Open this page by https, or go on in writing.",
  unusable: "The browser cannot open the microphone. Try another browser, or go on in writing.",
};

export const SPEAKING = {
  sending: "Sending what you wrote…",
  keeping: "Keeping your last words…",
  joining: "Connecting…",
  back: "Connecting again…",
  stopped: "Not connected",
  coming: "Waiting for the interviewer",
  agent: "The interviewer is speaking",
  thinking: "The interviewer is thinking",
  listening: "The interviewer is listening",
  you: "You are speaking",
  muted: "You are muted",
  gone: "You cannot be heard",
};

/** What is wrong with a microphone that worked. */
export const EARS = {
  silent: "Nothing comes from your microphone. Is it switched off, or is another one in use?",
  gone: "Your microphone is gone. After a call it comes back by itself; if it does not, choose another one or go on in writing.",
};

/** What the interviewer says that it cannot do. */
const TROUBLES = {
  backend: "The interviewer cannot reach the service right now. Your words are kept; wait a moment, or go on in writing.",
  hearing: "The interviewer cannot make out words right now. Wait a moment, or go on in writing.",
  speech: "The interviewer has no voice right now. Its words are written here: read them, or go on in writing.",
};

/** @param {string} trouble */
export const troubleOf = (trouble) => lookUp(TROUBLES, trouble) ?? TROUBLES.backend;

export const BUTTONS = {
  again: "Try again",
  hear: "Hear the interviewer",
  microphone: "Check the microphone",
};

const VOICE_BUTTONS = { "room-elsewhere": "Speak here", "room-left": "Go on by voice" };

/** The press that helps where the voice stopped. @param {Problem} problem */
export const voiceButton = ({ slug }) => (slug.startsWith("microphone-") ? BUTTONS.microphone : lookUp(VOICE_BUTTONS, slug) ?? BUTTONS.again);

const SPEAKERS = {
  model: "Interviewer",
  script: "Interviewer",
  fallback: "Interviewer (stand-in, not the AI)",
};

/** @param {string} [source] of a line of the interviewer's */
export const speaker = (source) => lookUp(SPEAKERS, source) ?? SPEAKERS.model;

export const SOURCE_NOTICES = {
  script: "No AI model is connected: an offline script asks the questions.",
  fallback: "The AI did not answer in time, so this is a stand-in line. Just go on.",
};

const FEEDBACK_SOURCES = {
  model: "Chosen by an AI from what you said here. It can be wrong.",
  script: "Found by counting in what you said here. No AI model was connected.",
  fallback: "Found by counting, because the AI did not answer, or named nothing that your words bear out.",
};

/** @param {string} [source] of the feedback */
export const feedbackSource = (source) => lookUp(FEEDBACK_SOURCES, source) ?? "";

export const YOU = "You";

export const PHASES = {
  sending: "Sending…",
  acknowledged: "Received",
  waiting: "Kept in this browser, trying again…",
  queued: "Kept in this browser, waiting for the answer before it",
  late: "This came after the end and is not part of the interview.",
};

const STATUSES = { created: "not started", running: "go on", ended: "read again", error: "go on" };

export const WORDS = {
  opening: "Opening your interview…",
  beginning: "Beginning…",
  nearlyUp: "This part is nearly over. Finish your thought.",
  canBeLonger: "If you need longer, press More time.",
  willSend: "What stands in the box at the end is sent as it is.",
  sendsSoon: "In less than 10 seconds your words will be sent as they are.",
  sentAsIs: "The time was over, so your words were sent as they were.",
  notTailored: "What you pasted was not used: the questions are asked as they are planned.",
  stopped: "The interviewer failed three times in a row. The clock is stopped and everything is kept: your next answer goes on from here.",
  notDurable: "This browser keeps no copy for this page. Please leave it open until your answer is answered.",
  deleted: "The interview is deleted.",
  notLoaded: "A part of this page did not load. Check your connection, then press once more; nothing is lost.",
};

/** @param {number} minutes */
export const upTo = (minutes) => (minutes < 1 ? "about a minute" : `up to ${Math.round(minutes)} min`);

/** @param {number} count @param {string} one what is counted */
export const counted = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;

/** @param {string[]} names */
export const listed = (names) => [names.slice(0, -1).join(", "), ...names.slice(-1)].filter(Boolean).join(" and ");

/** What a candidate can show, by the service's names for it. @type {Record<string, string>} */
const COMPETENCIES = {
  approach: "how you go about things",
  ownership: "your own part",
  impact: "results",
  people: "working with others",
  learning: "learning from mistakes",
};

/**
 * What will come of what is chosen.
 * @param {import("./state.js").Plan} plan
 */
export function forecast({ minutes, questions, notCovered = [] }) {
  const known = [minutes !== null && counted(Math.max(1, Math.round(minutes)), "minute"), questions !== null && counted(questions, "question")].filter(Boolean);
  const missing = notCovered.flatMap((competency) => lookUp(COMPETENCIES, competency) ?? []);
  return [known.length && `About ${known.join(" and ")}.`, missing.length && `Not covered: ${listed(missing)}.`].filter(Boolean).join(" ");
}

/** The levels that are known; "" asks what fits any of them. @type {Record<string, string>} */
export const LEVELS = { "": "Any level", entry: "Entry", mid: "Mid", senior: "Senior", lead: "Lead" };

/** @type {Record<string, string>} */
const TIMES = { 1: "As planned", 1.5: "Half as much again", 2: "Twice", 3: "Three times" };
/** @type {Record<string, string>} */
const TIME_NOTES = { 1: "time as planned", 1.5: "half as much time again", 2: "twice the time", 3: "three times the time" };

/** @param {number} factor times the planned time */
export const timeOf = (factor) => lookUp(TIMES, `${factor}`) ?? "";

/** @param {number} factor */
export const timeNote = (factor) => lookUp(TIME_NOTES, `${factor}`) ?? "";

/**
 * A kind of interview in a list.
 * @param {import("./state.js").Plan} plan
 */
export function choice({ title, minutes, questions }) {
  const known = [minutes !== null && `${Math.max(1, Math.round(minutes))} min`, questions !== null && counted(questions, "question")].filter(Boolean);
  return known.length ? `${title} (${known.join(", ")})` : title;
}

/** @param {number} most characters */
export const pasteFull = (most) => `There is room for ${most.toLocaleString(LANGUAGE)} characters, and this is full: whatever comes after them is left out.`;

/** @param {number} count of questions */
export const tailored = (count) => `${count} of the questions ${count === 1 ? "is" : "are"} worded for what you pasted.`;

export const WISHES = {
  repeat: "Repeat",
  simpler: "Simpler",
  skip: "Skip",
  next: "Next question",
  pause: "Time to think",
  more_time: "More time",
};

/** @param {number | null} left milliseconds; null where the clock stands still */
export function goOn(left) {
  if (left === null) return "Continue";
  return left < 60_000 ? "Continue, less than a minute left" : `Continue, ${Math.round(left / 60_000)} min left`;
}

/** @param {number} number @param {number} of about how many there are */
export const questionOf = (number, of) => `Question ${number} of about ${of}`;

/** @param {Date} until by this machine's clock */
export const quiet = (until) =>
  `Time to think until ${until.toLocaleTimeString(DATES, { timeStyle: "medium" })}. Nothing is said before; answer when you are ready.`;

/** @param {number} days */
export const retention = (days) =>
  `Your words are kept for ${days === 1 ? "a day" : `${days} days`}, then deleted. You can delete them sooner, here or at the end.`;

/** @param {number} seconds */
export function timeLeft(seconds) {
  if (seconds <= 0) return "Finish your thought";
  if (seconds <= 60) return "Less than a minute left";
  return `About ${Math.round(seconds / 60)} min left`;
}

/** @param {number} left */
export const charactersLeft = (left) =>
  left < 0 ? `${-left} ${left === -1 ? "character" : "characters"} too many` : `${left} ${left === 1 ? "character" : "characters"} left`;

/**
 * Words that are not the page's keep their own direction inside a sentence of ours.
 * @param {string} words
 */
export const isolated = (words) => `\u2068${words}\u2069`;

/** @param {string} role */
export const title = (role) => (role ? `Interview: ${isolated(role)}` : "Interview");

/**
 * @param {string} name
 * @param {string} role
 */
export const welcome = (name, role) => (name ? `Welcome, ${isolated(name)}.` : "Welcome.") + (role ? ` This interview is for: ${isolated(role)}.` : "");

const COUNTS = ["one part", "two parts", "three parts", "four parts", "five parts", "six parts"];

/** @param {string[]} labels of the stages */
export const lobbyPlan = (labels) =>
  `This interview has ${COUNTS[labels.length - 1] ?? `${labels.length} parts`}: ${listed(labels.map(isolated))}. Then you get feedback in three points. The clock starts when you do.`;

/** @param {string} what the role and day of an interview */
export const eraseOf = (what) => `Delete: ${what}`;

/** @param {string} [date] */
export const day = (date) => (date ? new Date(date).toLocaleDateString(DATES, { day: "numeric", month: "long" }) : "");

/** @param {string} [date] */
export const moment = (date) => (date ? new Date(date).toLocaleString(DATES, { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" }) : "");

/** @param {string} gap what the feedback said is missing */
export const workOn = (gap) => `Work on: ${isolated(gap)}`;

/** @param {string} [date] */
export const fullDay = (date) => (date ? new Date(date).toLocaleDateString(DATES, { day: "numeric", month: "long", year: "numeric" }) : "");

/** @param {string} date */
export const keptUntil = (date) => `This interview is kept until ${fullDay(date)} and then deleted by itself.`;

/** @param {string} [status] */
export const statusOf = (status = "running") => lookUp(STATUSES, status) ?? "";

/** @param {number | null} seconds */
const soon = (seconds) => {
  if (!seconds || seconds < 3) return "shortly";
  if (seconds < 90) return `in about ${Math.round(seconds)} seconds`;
  return seconds < 90 * 60 ? `in about ${Math.round(seconds / 60)} minutes` : `in about ${Math.round(seconds / 3600)} hours`;
};

/** Why something waits to be sent again. @type {Record<string, string>} */
const WAITING = {
  "no-connection": "No connection. Your words are kept in this browser and sent again by themselves.",
  "store-unavailable": "The service cannot save right now. Your words are kept in this browser; trying again.",
  "request-timeout": "The connection is slow. Your words are kept in this browser; trying again.",
};
const WAITING_FOR_ANY_REASON = "The service does not answer as it should. Your words are kept in this browser; trying again.";

/**
 * @param {Problem} problem
 * @param {boolean} offline
 */
export function waiting({ slug, retryAfter }, offline) {
  if (offline) return "You are offline. Your words are kept in this browser and sent when you are back.";
  if (slug === "rate-limited") return `The service asks us to slow down. Your words are kept in this browser; trying again ${soon(retryAfter)}.`;
  return lookUp(WAITING, slug) ?? WAITING_FOR_ANY_REASON;
}

/**
 * @param {Problem} problem
 * @param {boolean} offline
 */
export function beginWaiting({ slug, retryAfter }, offline) {
  if (offline) return "You are offline. The interview begins when you are back.";
  if (slug === "no-connection") return "No connection yet. Trying again…";
  if (slug === "slow") return "The service takes its time. Still waiting…";
  if (slug === "rate-limited") return `Many interviews are being started from here. Yours begins ${soon(retryAfter)}.`;
  return "The service is not ready for a new interview. Trying again…";
}

/** Why there is no voice, and what the person can do. @type {Record<string, string>} */
const VOICE_STOPPED = {
  "voice-not-configured": "Voice is not set up on this service. Please go on in writing.",
  "voice-unavailable": "The voice service does not answer. Try again, or go on in writing.",
  "no-connection": "No connection. Try again when you are back, or go on in writing.",
  "voice-full": "All voice rooms are taken at the moment. Go on in writing, or try again in a minute.",
  "rate-limited": "The service asks us to slow down. Try again in a while, or go on in writing.",
  "room-unreachable": "The voice room cannot be reached from here. Try again, or go on in writing.",
  "room-elsewhere": "You opened this interview in another tab or on another device, and it is spoken there now.",
  "room-closed": "The voice room was closed. Your interview is kept: try again, or go on in writing.",
  "room-left": "You were talking when this page was closed or loaded again. The interview is where you left it.",
};
const VOICE_STOPPED_FOR_ANY_REASON = "The service did not open the voice room. Try again, or go on in writing.";

/** @param {Problem} problem */
export const voiceStopped = ({ slug }) =>
  slug.startsWith("microphone-")
    ? MICROPHONE[/** @type {keyof typeof MICROPHONE} */ (slug.slice("microphone-".length))]
    : lookUp(VOICE_STOPPED, slug) ?? VOICE_STOPPED_FOR_ANY_REASON;

/**
 * @param {Problem} problem
 * @param {boolean} offline
 */
export function voiceWaits({ slug, retryAfter }, offline) {
  if (offline) return "You are offline. The conversation goes on when you are back.";
  if (slug === "no-connection" || slug === "room-unreachable") return "No connection to the voice room. Trying again…";
  return `The voice service is not ready. Trying again ${soon(retryAfter)}; you can also go on in writing.`;
}

const MISUNDERSTOOD = "This page and the service do not understand each other. Your words are kept below: reload the page, then send them again.";

/** What was refused, and what the person can do. @type {Record<string, string>} */
const REFUSED = {
  "empty-text": "There are no words in this answer. Write a few and send it again.",
  "invalid-field": "This was not accepted: it may be too long. Shorten it and send it again.",
  "invalid-unicode": "This holds characters that cannot be stored. Remove what looks broken and send it again.",
  "body-too-large": "This is too long. Shorten it and send it again.",
  "event-reused": "This was not accepted as a new answer. Look at the conversation, then send it again.",
  "reserved-id": "This was not accepted. Please send it again.",
  "wrong-state": "The interview has not begun yet. Your words are kept below.",
  "interview-over": "The interview is over. Your words are kept below.",
  "interview-stuck": "This interview cannot go on. Your words are kept below; please begin a new one.",
  "answered-elsewhere": "This question was answered on another device. Your words are back in the box.",
  "malformed-json": MISUNDERSTOOD,
  "duplicate-key": MISUNDERSTOOD,
  "too-deep": MISUNDERSTOOD,
  "unknown-field": MISUNDERSTOOD,
  "missing-event-id": MISUNDERSTOOD,
  "unsupported-media-type": MISUNDERSTOOD,
  "unsupported-encoding": MISUNDERSTOOD,
  "method-not-allowed": MISUNDERSTOOD,
};
const REFUSED_FOR_ANY_REASON = "This was not accepted. Your words are still here; you may change them and send them again.";

const WENT_ON = "The interviewer went on before this came. Your words are back in the box.";

const WISH_REFUSED = "This did not come in time, or the service does not know it. Answer, or press once more.";

/** @param {Problem & {wish?: string}} problem */
export const refused = ({ slug, turn, wish }) =>
  wish ? WISH_REFUSED : turn && !turn.messages.some((/** @type {any} */ { role }) => role === "user") ? WENT_ON : lookUp(REFUSED, slug) ?? REFUSED_FOR_ANY_REASON;

const PASTE_REFUSED = "What you pasted under More options was not accepted. Shorten it or take it out, then begin again.";

/** Why no interview begins, and what the person can do. @type {Record<string, (when: string) => string>} */
const BEGIN_REFUSED = {
  "rate-limited": (when) => `Too many interviews were started from here. Please try again ${when}.`,
  "daily-interviews-reached": (when) => `All interviews of today are taken. Please come back ${when}.`,
  "daily-budget-reached": (when) => `The interviewer has done its work for today. Please come back ${when}.`,
  "body-too-large": () => PASTE_REFUSED,
  "app-check-failed": () =>
    "We could not make sure that a person is asking. Allow google.com if something here blocks it, reload the page and try again, or use another browser.",
};
/** What was not accepted, by its field. @type {Record<string, string>} */
const FIELD_REFUSED = {
  "/plan": "This kind of interview is not offered at the moment. Please choose another one.",
  "/level": "This level is not offered at the moment. Please choose another one.",
  "/time_factor": "Another time than planned is not offered at the moment. Choose “As planned” under More options: in the interview you can ask for more.",
  "/job": PASTE_REFUSED,
  "/background": PASTE_REFUSED,
  "/only": "This question cannot be asked alone at the moment. Begin a whole interview instead.",
};
const BEGIN_REFUSED_FOR_ANY_REASON = "The service did not accept this. Look at what you wrote above and try again.";

/** @param {Problem} problem */
export const beginRefused = ({ slug, retryAfter, pointer }) =>
  lookUp(BEGIN_REFUSED, slug)?.(retryAfter ? soon(retryAfter) : "later") ?? lookUp(FIELD_REFUSED, pointer) ?? BEGIN_REFUSED_FOR_ANY_REASON;

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
export const lost = ({ slug }) => lookUp(LOST, slug) ?? LOST_FOR_ANY_REASON;

/** @param {Problem} problem */
export const eraseFailed = ({ status }) =>
  status === 0 ? "No connection: nothing was deleted yet. Please try again." : "The service could not delete it right now. Please try again.";

/** Why there is no report yet, and how far the readings of a model are. @type {Record<string, string>} */
const REPORTS = {
  failed: "The notes on your answers did not load. The three points and what was said are here all the same.",
  pending: "Your answers are being read by an AI model. What it finds appears here by itself; you can read on meanwhile, or leave and come back.",
  unavailable: "No AI model could read your answers this time. What stands here was found by counting.",
};

/** @param {import("./state.js").ReportState | null} report */
export const newsOf = (report) => lookUp(REPORTS, report?.phase === "failed" ? report.phase : report?.said?.grading) ?? "";

/** The headings of a downloaded interview. */
export const EXPORT = { name: "Name", role: "Role", date: "Date", feedback: "Feedback", transcript: "What was said" };
