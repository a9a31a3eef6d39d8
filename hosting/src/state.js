/** The one state of the page, and every way it may change. Pure: nothing here touches the document, the network or time. */

import { current, hear } from "./captions.js";
import { readClock } from "./clock.js";
import { NO_PASTE, USUAL } from "./plans.js";
import { answeredIds, isOver, lastSeq, newest } from "./selectors.js";

/** @typedef {import("./problems.js").Problem} Problem */
/** @typedef {import("./storage.js").Session} Session */

/**
 * Something the person did that is not answered yet. Ids of start and finish are their own names.
 * @typedef {object} Outgoing
 * @property {"start" | "user_turn" | "finish"} event_type
 * @property {string} event_id
 * @property {string} text
 * @property {number} at only orders the entries of one browser
 * @property {number} [after] the interviewer's line that it answers
 * @property {import("./selectors.js").Wish} [wish] what is asked for instead of answering; then the text may be ""
 * @property {"sending" | "acknowledged" | "late"} [phase] acknowledged: the server has stored it; late: the interview was over before it came
 */

/**
 * @typedef {object} Message
 * @property {number} seq
 * @property {"user" | "agent" | "system"} role
 * @property {string} stage
 * @property {string} text
 * @property {string} [source]
 * @property {string[]} [event_ids]
 * @property {string} [created_at]
 * @property {string} [question] which planned question a line asks; absent where the service does not say it
 * @property {string | null} [wish] what the words ask for, or the line grants
 */

/** @typedef {{id: string, label: string, about?: string, minutes?: number}} Stage as the service describes it */

/** @typedef {{level: string, questions: number, not_covered: string[]}} Forecast what a kind comes to, as the service describes it: without a level or at one */

/**
 * A kind of interview: one that can be chosen, or that of the open interview.
 * @typedef {object} Plan
 * @property {string} id
 * @property {string} title "" where the service does not say it
 * @property {number | null} questions how many there is time for, about; null where the service does not say it
 * @property {number | null} minutes the most that it takes, of one that can be chosen
 * @property {string[] | null} levels of one that can be chosen; null where the service does not say it
 * @property {Forecast[]} forecast
 * @property {string[]} [notCovered] the competencies that its questions cannot show, as it is chosen now
 * @property {string} level the one that was chosen, or ""
 * @property {number} time_factor times the planned time
 * @property {Stage[] | null} stages null where the service has not named them
 */

/**
 * @typedef {object} Interview
 * @property {string} status
 * @property {string} stage
 * @property {Plan | null} plan null where the service has not said it
 * @property {string[]} accepts the optional members of a turn that the service reads; none where it has not said them
 * @property {number | null} tailored how many questions are worded for what was pasted; null before the first turn, which words them
 * @property {number} epoch
 * @property {string} name
 * @property {string} role
 * @property {boolean} thinking
 * @property {string} expiresAt
 */

/**
 * The microphone, tried out before it is needed.
 * @typedef {object} Check
 * @property {"begin" | "room"} where
 * @property {"idle" | "asking" | "on"} phase
 * @property {import("./voice/microphone.js").Fault | ""} fault
 * @property {boolean} heard
 * @property {import("./voice/microphone.js").Device[]} devices
 * @property {string} device
 */

/**
 * A conversation by voice, or the request for one.
 * @typedef {object} Voice
 * @property {"joining" | "on" | "back" | "stopped"} phase back: the connection broke and is being made again
 * @property {Problem | null} problem why there is no connection; its slug may be one of ours, as in texts.en.js
 * @property {string} agent what the interviewer does, "" when none is in the room
 * @property {number} awaited seconds without an interviewer in the room
 * @property {string} trouble what the interviewer says that it cannot do
 * @property {boolean} you whether the person speaks now
 * @property {boolean} spoke whether there are words that the interviewer has not taken up
 * @property {boolean} finishing whether the last words are being kept, before the interview is finished
 * @property {boolean} muted
 * @property {"" | "silent" | "gone"} ear what is wrong with the microphone
 * @property {boolean} blocked the browser plays no sound before a press
 */

/** @typedef {{phase: "sending" | "sent" | "failed", words: string, problem?: Problem}} Objection words: how misheard speech should read, or "" */

/**
 * The report on the open interview, which is over.
 * @typedef {object} ReportState
 * @property {"asking" | "here" | "none" | "failed"} phase none: the service has no reports
 * @property {import("./report/read.js").Report | null} said
 * @property {any} json as the service gave it
 * @property {number} at the note that the person looks at, by its number; 0 before the first
 * @property {Record<string, import("./storage.js").Practice>} before the last time that a question was practised, by the question
 * @property {Record<string, Objection>} objections what they called wrong on this page, by the note's key
 */

/**
 * @typedef {object} State
 * @property {"begin" | "opening" | "room" | "lost" | "history"} view
 * @property {import("./api.js").Service | null} service null until the service has answered
 * @property {Plan[] | null} plans the kinds of interview that can be chosen, the usual one first: null until that is known, none where the service does not say them
 * @property {Session[]} sessions the interviews of this browser
 * @property {import("./storage.js").Asked} form what stands on the first page
 * @property {import("./storage.js").CreateRequest | null} creating the create request that is being sent
 * @property {Problem | null} trouble why a request waits to be sent again
 * @property {(Problem & {wish?: string}) | null} refusal why the person's words came back, or what they asked for did not come
 * @property {Session | null} session
 * @property {Interview | null} interview
 * @property {import("./clock.js").Clock | null} clock
 * @property {Message[]} messages
 * @property {boolean} pasted whether this page has sent a text to word its questions for
 * @property {Message[]} partial replies that are still being spoken
 * @property {boolean} stale the partial replies belong to a connection that broke
 * @property {Outgoing[]} outgoing
 * @property {string} draft
 * @property {boolean} asIs the last words were sent for the person, because the time was over
 * @property {Check | null} check
 * @property {Voice | null} voice null in writing
 * @property {import("./captions.js").Caption[]} captions
 * @property {boolean} spoken whether any of it was by voice
 * @property {ReportState | null} report null before the end
 * @property {"finish" | "erase" | null} asking
 * @property {Session | null} erasing which interview the question is about
 * @property {boolean} atEnd the newest words are in view
 * @property {number} seen the newest message that has been in view
 * @property {Problem | null} eraseProblem
 * @property {Problem | null} lost
 * @property {string} news a sentence for the begin page
 * @property {{practices: import("./storage.js").Practice[], news: string} | null} history null where it is not shown; news: what became of a file, by its name in the texts
 * @property {boolean} durable false when this browser keeps nothing
 * @property {boolean} notLoaded a part of the page that was wanted did not come
 * @property {boolean} online
 * @property {number} now
 */


const NO_INTERVIEW = {
  session: null, interview: null, pasted: false, clock: null, messages: [], partial: [], stale: false, outgoing: [], draft: "", asIs: false,
  trouble: null, refusal: null, asking: null, erasing: null, eraseProblem: null, lost: null, creating: null, news: "",
  atEnd: true, seen: 0, check: null, voice: null, captions: [], spoken: false, notLoaded: false, report: null, history: null,
};

/** @type {Omit<Check, "where">} */
const NEW_CHECK = { phase: "idle", fault: "", heard: false, devices: [], device: "" };

/** @type {Voice} */
const NEW_VOICE = {
  phase: "joining", problem: null, agent: "", awaited: 0, trouble: "", you: false, spoke: false, finishing: false, muted: false, ear: "", blocked: false,
};

/** @type {ReportState} */
const NEW_REPORT = { phase: "asking", said: null, json: null, at: 0, before: {}, objections: {} };

/** @type {State} */
export const INITIAL = {
  view: "begin", service: null, plans: null, sessions: [], form: { name: "", role: "", ...USUAL, ...NO_PASTE }, durable: true, online: true, now: 0, ...NO_INTERVIEW,
};

/**
 * @param {Message[]} known
 * @param {Message[]} fresh
 * @returns {Message[]} each message once, in order
 */
function merge(known, fresh) {
  const bySeq = new Map([...known, ...fresh].map((message) => [message.seq, message]));
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** @param {unknown} value */
const numberOf = (value) => (typeof value === "number" ? value : null);

/**
 * @param {any} said a kind of interview as the service describes it
 * @returns {Plan | null} null where it is none
 */
function readPlan(said) {
  if (typeof said?.id !== "string") return null;
  const { id, title, stages, levels, forecast, level } = said;
  const named = (Array.isArray(stages) ? stages : []).filter((stage) => typeof stage?.id === "string" && typeof stage.label === "string");
  return {
    id,
    title: typeof title === "string" ? title : "",
    questions: numberOf(said.expected) ?? numberOf(said.questions),
    minutes: numberOf(said.minutes),
    levels: Array.isArray(levels) ? levels : null,
    forecast: Array.isArray(forecast) ? forecast : [],
    level: typeof level === "string" ? level : "",
    time_factor: numberOf(said.time_factor) ?? 1,
    stages: named.length ? named.map((stage) => ({ ...stage, minutes: stage.minutes ?? stage.seconds / 60 })) : null,
  };
}

/**
 * @param {any[]} said what the service lists
 * @returns {Plan[]} those that have a name, the usual one first
 */
function readPlans(said) {
  const plans = said.map(readPlan).filter((plan) => plan !== null && plan.title !== "");
  const order = (/** @type {Plan} */ { id }) => Number(id !== USUAL.plan);
  return /** @type {Plan[]} */ (plans).sort((one, other) => order(one) - order(other));
}

/**
 * @param {State} state
 * @param {any[]} said what the service lists
 * @param {string} remembered the id of the one that was chosen the last time
 * @returns {State}
 */
function offer(state, said, remembered) {
  const plans = readPlans(said);
  const ids = plans.map(({ id }) => id);
  const before = state.form.plan === USUAL.plan ? remembered : state.form.plan;
  const plan = ids.includes(before) ? before : ids[0] ?? USUAL.plan;
  return { ...state, plans, form: { ...state.form, plan } };
}

/**
 * Takes in what the server says about the interview: by create, by a turn, by `messages`, or told by another tab.
 *
 * A turn says neither `plan` nor `accepts`, and create of the release before this page's does not either. Only here that
 * makes a difference: what was known stays, and what nobody has said is no plan, and nothing accepted.
 * @param {State} state
 * @param {any} said
 * @param {number} now
 * @returns {State}
 */
function follow(state, said, now) {
  const messages = merge(state.messages, said.messages ?? []);
  const known = state.interview;
  if (known && (isOver(state) || said.epoch < known.epoch)) return settle({ ...state, messages });
  const interview = {
    status: said.status,
    stage: said.stage,
    plan: readPlan(said.plan) ?? known?.plan ?? null,
    accepts: Array.isArray(said.accepts) ? said.accepts : known?.accepts ?? [],
    tailored: said.plan ? readTailored(said) : known?.tailored ?? null,
    epoch: said.epoch,
    name: said.candidate_name ?? known?.name ?? state.session?.name ?? "",
    role: said.role ?? known?.role ?? state.session?.role ?? "",
    thinking: said.thinking === true,
    expiresAt: said.expires_at ?? known?.expiresAt ?? state.session?.expires_at ?? "",
  };
  return settle({ ...state, messages, interview, clock: readClock(said, now), now });
}

/**
 * @param {any} said
 * @returns {number | null} null before the first turn; of a release that words nothing for anybody, 0 at once
 */
function readTailored({ status, plan: { tailored } }) {
  return status === "created" && tailored === 0 ? null : numberOf(tailored) ?? 0;
}

/**
 * Drops what is answered by now from what is not.
 * @param {State} state
 * @returns {State}
 */
function settle(state) {
  const answered = answeredIds(state);
  const ended = isOver(state);
  const outgoing = state.outgoing
    .filter((event) => !answered.has(event.event_id))
    .filter((event) => event.event_type !== "start" || state.interview?.status === "created")
    .filter((event) => event.event_type !== "finish" || !ended)
    .map((event) => (ended ? { ...event, phase: /** @type {const} */ ("late") } : event));
  const seqs = new Set(state.messages.map((message) => message.seq));
  const partial = state.partial.filter((message) => !seqs.has(message.seq));
  const captions = current(state.captions, state.messages);
  return { ...state, outgoing, partial, captions, trouble: outgoing.length ? state.trouble : null };
}

/**
 * @param {State} state
 * @param {string} eventId
 * @param {Partial<Outgoing>} change
 * @returns {Outgoing[]}
 */
const mark = (state, eventId, change) =>
  state.outgoing.map((event) => (event.event_id === eventId ? { ...event, ...change } : event));

/** @type {Record<string, (state: State, event: any) => State>} */
const REDUCERS = {
  tick: (state, { now }) => ({ ...state, now }),
  service: (state, { service }) => ({ ...state, service }),
  plans: (state, { plans, remembered }) => offer(state, plans, remembered),
  connection: (state, { online }) => ({ ...state, online }),
  notDurable: (state) => ({ ...state, durable: false }),
  filled: (state, { change }) => ({ ...state, form: { ...state.form, ...change } }),
  notLoaded: (state) => ({ ...state, notLoaded: true, check: null }),
  typed: (state, { text }) => ({ ...state, draft: text, refusal: null, asIs: false, notLoaded: false }),
  scrolled: (state) => state,
  asked: (state, { question, session = state.session }) => ({ ...state, asking: question, erasing: session, eraseProblem: null }),
  eraseFailed: (state, { problem }) => ({ ...state, eraseProblem: problem }),

  left: (state, { sessions, news = "" }) => ({ ...state, ...NO_INTERVIEW, view: "begin", sessions, news }),
  history: (state, { practices, news = "" }) => ({ ...state, ...NO_INTERVIEW, view: "history", history: { practices, news } }),
  creating: (state, { request }) => ({ ...state, creating: request, trouble: null, refusal: null, news: "", notLoaded: false }),
  createWaits: (state, { problem }) => ({ ...state, trouble: problem }),
  createRefused: (state, { problem }) => ({ ...state, creating: null, trouble: null, refusal: problem }),

  check: (state, { change }) => ({ ...state, notLoaded: false, check: change && { ...NEW_CHECK, ...state.check, ...change } }),
  voice: (state, { change }) => ({
    ...state,
    notLoaded: false,
    voice: change && { ...NEW_VOICE, ...state.voice, ...change },
    spoken: true,
    captions: change ? state.captions : [],
  }),
  report: (state, { change }) => ({ ...state, report: { ...NEW_REPORT, ...state.report, ...change } }),
  caption: (state, { heard }) => ({ ...state, captions: current(hear(state.captions, heard, lastSeq(state)), state.messages) }),

  opened: (state, { session, outgoing, draft }) => ({ ...state, ...NO_INTERVIEW, view: "opening", session, outgoing, draft }),
  created: (state, { session, said, draft, now }) => {
    const pasted = Boolean(state.creating?.job || state.creating?.background);
    return follow({ ...state, ...NO_INTERVIEW, view: "room", session, draft, pasted }, { ...said, epoch: said.epoch ?? 0 }, now);
  },
  loadWaits: (state, { problem }) => ({ ...state, trouble: problem }),
  loaded: (state, { said, now }) => {
    const mine = new Set(state.outgoing.map((event) => event.event_id));
    const stored = (said.pending ?? [])
      .filter((/** @type {any} */ words) => !mine.has(words.event_id))
      .map((/** @type {any} */ { event_id, text, wish, at }) => ({ event_type: "user_turn", event_id, text, ...(wish && { wish }), at: Date.parse(at) || 0, phase: "acknowledged" }));
    return follow({ ...state, view: "room", trouble: null, outgoing: [...stored, ...state.outgoing] }, said, now);
  },
  looked: (state, { said, now }) => follow(state, said, now),

  said: (state, { event }) => ({
    ...state,
    outgoing: [...state.outgoing, event],
    refusal: null,
    asIs: false,
    draft: event.text ? "" : state.draft,
  }),
  sentAsIs: (state) => ({ ...state, asIs: true }),
  sending: (state) => ({ ...state, trouble: null, stale: true }),
  ack: (state, { eventId }) => ({ ...state, outgoing: mark(state, eventId, { phase: "acknowledged" }) }),
  delta: (state, { seq, text }) => {
    const spoken = state.stale ? [] : state.partial;
    const before = spoken.find((message) => message.seq === seq)?.text ?? "";
    const message = { seq, role: /** @type {const} */ ("agent"), stage: state.interview?.stage ?? "", text: before + text };
    return { ...state, stale: false, partial: merge(spoken, [message]) };
  },
  waits: (state, { problem }) => ({ ...state, trouble: problem }),
  answered: (state, { eventId, said, now }) => {
    const outgoing = state.outgoing.filter((event) => event.event_id !== eventId);
    return follow({ ...state, outgoing, partial: [], trouble: null }, said, now);
  },
  refused: (state, { eventId, problem }) => {
    const { text: words = "", wish } = state.outgoing.find((event) => event.event_id === eventId) ?? {};
    const outgoing = state.outgoing.filter((event) => event.event_id !== eventId);
    const draft = [words, state.draft].filter(Boolean).join("\n\n");
    return { ...state, outgoing, draft, partial: [], trouble: null, refusal: { ...problem, wish } };
  },
  lost: (state, { problem }) => ({ ...state, view: "lost", lost: problem, trouble: null, asking: null, check: null, voice: null }),
};

/**
 * @param {State} state
 * @param {{type: string, [field: string]: any}} event
 * @returns {State}
 */
export function reduce(state, event) {
  const next = REDUCERS[event.type](state, event);
  return next.atEnd ? { ...next, seen: newest(next) } : next;
}
