/** What this browser keeps. It may be blocked or full: then a copy in memory serves until the page is closed. */

import { NO_PASTE, TIME_FACTORS, USUAL } from "./plans.js";

/**
 * @typedef {object} Session
 * @property {string} id
 * @property {string} token
 * @property {string} [name]
 * @property {string} [role]
 * @property {string} [status]
 * @property {string} [created_at]
 * @property {string} [expires_at]
 * @property {string} [kind] what kind of interview it is
 * @property {{number: number, of: number} | null} [question] the last one that was asked
 * @property {number | null} [ends_at] when its time is over, in milliseconds of this machine's own date
 * @property {string} [work_on] the gap that the feedback named; it goes when the interview does
 */
/**
 * A question that was practised, as this browser remembers it.
 * @typedef {object} Practice
 * @property {string} session the interview
 * @property {string} at when it was held
 * @property {string} question
 * @property {string} text of the question
 * @property {string} plan
 * @property {string} level
 * @property {string} kind the title of the plan
 * @property {string} expires_at when its words go
 * @property {string[]} signs what was found in the answer, by the report's names
 * @property {{text: string, notes: {start: number, end: number, text: string}[]}[]} lines the answer; none where its words are gone
 */
/** @typedef {import("./state.js").Outgoing} Outgoing */
/** @typedef {{only?: string, language?: string}} Part one question to ask, and in which language; a whole interview where it is not said */
/** @typedef {{name: string, role: string} & import("./plans.js").Choice & import("./plans.js").Paste & Part} Asked who begins an interview, what they chose and pasted */
/** @typedef {Asked & {key: string, seen: string[]}} CreateRequest its key makes a repeat the same interview */

const PREFIX = "interviewos/";
const MOST_SESSIONS = 20;
const MOST_SEEN = 200; // as many as the service takes
const MOST_PRACTICES = 200;

/** What is kept for a limited time there is kept no longer here. @param {Session} session @returns {Session} */
function withoutExpiredWords({ work_on, ...session }) {
  const expired = Date.parse(session.expires_at ?? "") < Date.now();
  return work_on && !expired ? { ...session, work_on } : session;
}

/** @returns {Storage | null} */
function localArea() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/**
 * @param {Storage | null} [area]
 * @param {() => void} [onTrouble] called when something could be kept in memory only
 */
export function createStorage(area = localArea(), onTrouble = () => {}) {
  /** @type {Map<string, string>} */
  const memory = new Map();

  /** @param {string} key */
  function read(key) {
    let text = memory.get(key);
    try {
      text ??= area?.getItem(PREFIX + key) ?? undefined;
      return text === undefined ? null : JSON.parse(text);
    } catch {
      return null;
    }
  }

  /**
   * @param {string} key
   * @param {unknown} value
   */
  function write(key, value) {
    const text = JSON.stringify(value);
    try {
      if (!area) throw new Error("no storage");
      area.setItem(PREFIX + key, text);
      memory.delete(key);
    } catch {
      memory.set(key, text);
      onTrouble();
    }
  }

  /** @param {string} key */
  function remove(key) {
    memory.delete(key);
    try {
      area?.removeItem(PREFIX + key);
    } catch {
      // A storage that refuses this has refused the write before: nothing is in it.
    }
  }

  /** @param {string} prefix */
  function keys(prefix) {
    const found = new Set([...memory.keys()].filter((key) => key.startsWith(prefix)));
    try {
      for (const key of Object.keys(area ?? {})) if (key.startsWith(PREFIX + prefix)) found.add(key.slice(PREFIX.length));
    } catch {
      // As above.
    }
    return [...found];
  }

  /** @param {string} key */
  const text = (key) => {
    const kept = read(key);
    return typeof kept === "string" ? kept : "";
  };

  /** @returns {Session[]} newest first */
  const sessions = () => {
    const kept = read("sessions");
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.id === "string" && typeof one?.token === "string") : [];
  };

  /** @returns {string[]} the questions that were asked in interviews of this browser, by their ids, the newest last */
  const seen = () => {
    const kept = read("seen");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  };

  /** @returns {Practice[]} the oldest first; of an interview that has expired there are no words */
  const practices = () => {
    const kept = read("practices");
    const now = Date.now();
    const known = Array.isArray(kept) ? kept.filter((one) => typeof one?.question === "string" && Array.isArray(one.signs)) : [];
    return known.map((one) => (Date.parse(one.expires_at) < now ? { ...one, lines: [] } : one));
  };

  /** @param {Practice[]} kept */
  const writePractices = (kept) => (kept.length ? write("practices", kept.slice(-MOST_PRACTICES)) : remove("practices"));

  /** @returns {CreateRequest | null} the request for a new interview that was not answered yet */
  const unanswered = () => {
    const kept = read("wish"); // as browsers have stored it since the first release, which had nothing to choose
    return kept?.key ? { ...USUAL, ...NO_PASTE, seen: [], ...kept } : null;
  };

  /** What was written in an interview and not answered. @param {string} id */
  const unsent = (id) => keys("").filter((key) => key === `draft/${id}` || key.startsWith(`outbox/${id}/`));

  /** @param {string} id */
  function forgetSession(id) {
    write("sessions", sessions().filter((one) => one.id !== id));
    unsent(id).forEach(remove);
  }

  return {
    sessions,
    unanswered,
    forgetSession,

    /**
     * The person deleted it. What was asked holds no word of theirs, and spares them the same questions in the next
     * interview, so it goes with the last one only; and with that goes what they chose, for then nothing is to be left.
     * @param {string} id
     */
    eraseSession(id) {
      forgetSession(id);
      writePractices(practices().filter(({ session }) => session !== id));
      if (sessions().length === 0) ["seen", "wish", ...Object.keys(USUAL)].forEach(remove);
    },

    /** @param {string} id */
    session: (id) => sessions().find((one) => one.id === id) ?? null,

    /**
     * The oldest ones leave, but none with words that could still be sent.
     * @param {Session} session
     */
    saveSession(session) {
      const others = sessions().filter((one) => one.id !== session.id).map(withoutExpiredWords);
      const known = sessions().find((one) => one.id === session.id);
      write("sessions", [{ ...known, ...session }, ...others]);
      for (const { id, status } of others.slice(MOST_SESSIONS - 1)) if (status === "ended" || !unsent(id).length) forgetSession(id);
    },

    /**
     * One key for each event, so that two tabs never overwrite each other's words.
     * @param {string} id
     * @returns {Outgoing[]}
     */
    outbox: (id) =>
      keys(`outbox/${id}/`)
        .map(read)
        .filter((event) => typeof event?.event_id === "string" && typeof event?.text === "string")
        .sort((a, b) => a.at - b.at),

    /**
     * @param {string} id
     * @param {Outgoing} event
     */
    keep: (id, event) => write(`outbox/${id}/${event.event_id}`, event),

    /**
     * @param {string} id
     * @param {string} eventId
     */
    release: (id, eventId) => remove(`outbox/${id}/${eventId}`),

    /**
     * @param {string} id
     * @returns {string}
     */
    draft: (id) => text(`draft/${id}`),

    /**
     * @param {string} id
     * @param {string} text
     */
    saveDraft: (id, text) => (text ? write(`draft/${id}`, text) : remove(`draft/${id}`)),

    /**
     * The request for a new interview is kept until it is answered, so that a repeat has its idempotency key and makes no
     * second one. What was pasted is kept in it, and nowhere else.
     * @param {Asked} asked
     * @returns {CreateRequest}
     */
    createRequest(asked) {
      const kept = unanswered();
      const names = /** @type {(keyof Asked)[]} */ (["only", "language", ...Object.keys(asked)]);
      if (kept && names.every((name) => kept[name] === asked[name])) return kept;
      const fresh = { key: crypto.randomUUID(), ...asked, seen: seen() };
      write("wish", fresh);
      return fresh;
    },

    forgetRequest: () => remove("wish"),

    /** @param {string[]} ids of questions that are asked in an interview */
    saveSeen(ids) {
      if (ids.length) write("seen", [...seen().filter((id) => !ids.includes(id)), ...ids].slice(-MOST_SEEN));
    },

    practices,

    /** Each question of an interview is kept once, as it is now. @param {Practice[]} fresh */
    savePractices(fresh) {
      const names = new Set(fresh.map(({ session, question }) => `${session} ${question}`));
      const others = practices().filter(({ session, question }) => !names.has(`${session} ${question}`));
      writePractices([...others, ...fresh].sort((one, other) => Date.parse(one.at) - Date.parse(other.at)));
    },

    forgetPractices: () => writePractices([]),

    /** @returns {import("./plans.js").Choice} what was chosen last */
    choice() {
      const time_factor = read("time_factor");
      return { plan: text("plan"), level: text("level"), time_factor: TIME_FACTORS.includes(time_factor) ? time_factor : USUAL.time_factor };
    },

    /** @param {Partial<import("./plans.js").Choice>} change */
    saveChoice(change) {
      for (const [name, value] of Object.entries(change)) write(name, value);
    },

    /** @returns {string} the id of the microphone that was used last */
    microphone: () => text("microphone"),

    /** @param {string} id */
    saveMicrophone: (id) => write("microphone", id),

    /** @returns {string} where the voice room was the last time */
    room: () => text("room"),

    /** @param {string} url */
    saveRoom: (url) => write("room", url),
  };
}

/** @typedef {ReturnType<typeof createStorage>} PageStorage */
