/**
 * One open interview: what the person does is sent until it is answered, and when the clock moves the interview on, the
 * page looks, and ever more rarely again while it waits. Nothing is asked in between.
 */

import { createPause } from "./clock.js";
import { delay, retryPolicy } from "./problems.js";
import { answeredIds, askedQuestions, awaitsWordings, canWish, feedback, gapAfter, isBusy, isOver, isRunning, lastAsked, lastSeq, nextToSend, questionNumber, timeLeft } from "./selectors.js";

/** @typedef {import("./state.js").Outgoing} Outgoing */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./storage.js").Session} Session */

// The first pause is for a turn that another client has in flight, the others follow a look that found nothing.
const LOOK_AGAIN_SECONDS = [2, 2, 4, 8, 15, 30, 60];

/**
 * What the list of this browser's interviews says of one.
 * @param {State} state
 * @returns {Partial<Session>}
 */
function summary(state) {
  const { name = "", role = "", status, plan, expiresAt } = state.interview ?? {};
  const created_at = state.session?.created_at ?? state.messages[0]?.created_at;
  const left = timeLeft({ ...state, now: performance.now() });
  const gap = feedback(state)?.points?.gap;
  return {
    name, role, status,
    question: questionNumber(state),
    ends_at: left === null ? null : Date.now() + left,
    ...(plan?.title && { kind: plan.title }),
    ...(created_at && { created_at }),
    ...(expiresAt && { expires_at: expiresAt }),
    ...(gap && { work_on: gap }),
  };
}

/**
 * @param {object} parts
 * @param {Session} parts.session
 * @param {typeof import("./api.js")} parts.api
 * @param {import("./storage.js").PageStorage} parts.storage
 * @param {(news: any) => void} parts.tellTabs
 * @param {(event: {type: string, [field: string]: any}) => void} parts.dispatch
 * @param {() => State} parts.state
 */
export function openInterview({ session, api, storage, tellTabs, dispatch, state }) {
  const closing = new AbortController();
  const pause = createPause();
  /** @type {{event: Outgoing, stop: AbortController} | null} */
  let current = null;
  /** @type {string | null} */
  let etag = null;
  /** @type {Promise<void> | null} */
  let pumping = null;
  let looks = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let alarm;

  const closed = () => closing.signal.aborted;
  /** @type {typeof dispatch} */
  const tell = (event) => {
    if (!closed()) dispatch(event);
  };

  async function load() {
    for (let attempt = 0; !closed(); attempt += 1) {
      const outcome = await api.messages(session, { after: 0, etag: null, signal: closing.signal });
      if ("body" in outcome) {
        etag = outcome.etag;
        tell({ type: "loaded", said: outcome.body, now: performance.now() });
        looks = isOverdue() ? 1 : 0;
        return settled();
      }
      if (retryPolicy(outcome.problem) !== "again") return tell({ type: "lost", problem: outcome.problem });
      tell({ type: "loadWaits", problem: outcome.problem });
      await pause.wait(delay(outcome.problem, attempt));
    }
  }

  /** @param {number} [after] */
  async function look(after = lastSeq(state())) {
    const outcome = await api.messages(session, { after, etag, signal: closing.signal });
    if ("body" in outcome) {
      etag = outcome.etag;
      if (outcome.body) tell({ type: "looked", said: outcome.body, now: performance.now() });
    } else if (retryPolicy(outcome.problem) === "gone") {
      tell({ type: "lost", problem: outcome.problem });
    }
  }

  /** Forgets the copies of what is answered, sends what is not, and sets the alarm. */
  function settled() {
    if (closed()) return;
    release();
    void pump();
    arm();
  }

  function release() {
    if (closed()) return;
    const open = new Set(state().outgoing.map((event) => event.event_id));
    for (const { event_type, event_id } of storage.outbox(session.id)) {
      const done = event_type === "user_turn" ? answeredIds(state()).has(event_id) : !open.has(event_id);
      if (done) storage.release(session.id, event_id);
    }
    if (state().interview) storage.saveSession({ ...session, ...summary(state()) });
    storage.saveSeen(askedQuestions(state()));
  }

  function pump() {
    pumping ??= sendAll().finally(() => {
      pumping = null;
      arm();
    });
    return pumping;
  }

  async function sendAll() {
    while (!closed() && state().view === "room") {
      const event = nextToSend(state());
      if (!event) break;
      await deliver(event);
    }
  }

  /** @param {Outgoing} event */
  async function deliver(event) {
    for (let attempt = 0; !closed(); attempt += 1) {
      const stop = new AbortController();
      current = { event, stop };
      tell({ type: "sending", eventId: event.event_id });
      const outcome = await api.takeTurn(session, event, {
        signal: AbortSignal.any([closing.signal, stop.signal]),
        onAck: () => tell({ type: "ack", eventId: event.event_id }),
        onDelta: (seq, text) => tell({ type: "delta", seq, text }),
      });
      current = null;
      if (closed() || stop.signal.aborted) return;
      if ("turn" in outcome) return answered(event, outcome.turn);
      if (event.after && outcome.problem.pointer === "/after") {
        event = { ...event, after: 0 }; // functions of the release before this page's do not know it yet
        continue;
      }
      const next = retryPolicy(outcome.problem);
      if (next === "gone") return tell({ type: "lost", problem: outcome.problem });
      if (next === "look" || outcome.problem.slug === "event-reused") return overtaken(event, outcome.problem);
      if (next === "refused") return refuse(event, outcome.problem);
      tell({ type: "waits", problem: outcome.problem });
      await pause.wait(delay(outcome.problem, attempt));
      if (nextToSend(state())?.event_id !== event.event_id) return;
    }
  }

  /**
   * @param {Outgoing} event
   * @param {any} turn
   */
  async function answered(event, turn) {
    looks = 0;
    storage.release(session.id, event.event_id);
    tell({ type: "answered", eventId: event.event_id, said: turn, now: performance.now() });
    tellTabs({ session_id: session.id, turn });
    const gap = gapAfter(state());
    if (gap !== null) await look(gap);
    release();
    if (awaitsWordings(state())) void look(); // a turn does not say it
  }

  /**
   * The interview is not where we thought: see where it is, then give back the words that have no place in it.
   * @param {Outgoing} event
   * @param {import("./problems.js").Problem} problem
   */
  async function overtaken(event, problem) {
    if (problem.turn) tell({ type: "looked", said: problem.turn, now: performance.now() });
    else await look();
    if (closed()) return;
    if (isOver(state())) return release();
    if (!answeredIds(state()).has(event.event_id)) refuse(event, problem);
  }

  /**
   * @param {Outgoing} event
   * @param {import("./problems.js").Problem} problem
   */
  function refuse(event, problem) {
    tell({ type: "refused", eventId: event.event_id, problem });
    storage.saveDraft(session.id, state().draft);
    storage.release(session.id, event.event_id);
  }

  const whereItIs = () => {
    const { interview, clock } = state();
    return [interview?.status, interview?.epoch, lastSeq(state()), clock?.name].join();
  };

  const isOverdue = () => (state().clock?.movesOnAt ?? Infinity) <= performance.now();

  function arm() {
    clearTimeout(alarm);
    const { clock, interview } = state();
    if (closed() || !isRunning(state()) || isBusy(state()) || !(clock || interview?.thinking)) return;
    const due = clock && !interview?.thinking ? clock.movesOnAt - performance.now() : 0;
    const backOff = looks || interview?.thinking ? LOOK_AGAIN_SECONDS[Math.min(looks, LOOK_AGAIN_SECONDS.length - 1)] : 0;
    alarm = setTimeout(onAlarm, Math.max(due, backOff * 1000));
  }

  /** The interviewer moves on by itself when nothing came: look once, and with growing pauses until it did. */
  async function onAlarm() {
    const before = whereItIs();
    await look();
    looks = whereItIs() === before ? looks + 1 : 0;
    settled();
  }

  /** The person came back to this page, perhaps after an hour: what did the clock do meanwhile? */
  async function cameBack() {
    pause.skip();
    if (closed() || !isRunning(state()) || isBusy(state())) return;
    await look();
    looks = isOverdue() ? 1 : 0;
    settled();
  }

  /**
   * Keeps first, sends then: from here on the words survive whatever happens to the page.
   * @param {Outgoing["event_type"]} event_type
   * @param {string} [event_id]
   * @param {string} [text]
   * @param {import("./selectors.js").Wish} [wish]
   */
  function say(event_type, event_id = event_type, text = "", wish) {
    const event = { event_type, event_id, text, ...(wish && { wish }), at: Date.now(), after: lastAsked(state()), phase: /** @type {const} */ ("sending") };
    storage.keep(session.id, event);
    tell({ type: "said", event });
    storage.saveDraft(session.id, state().draft);
    clearTimeout(alarm);
    void pump();
  }

  return {
    session,
    load,
    start: () => isBusy(state()) || say("start"),

    /** @param {string} text */
    answer: (text) => isBusy(state()) || say("user_turn", crypto.randomUUID(), text),

    /** @param {import("./selectors.js").Wish} wish */
    wish: (wish) => canWish(state()) && say("user_turn", crypto.randomUUID(), "", wish),

    finish() {
      if (state().outgoing.some((event) => event.event_type === "finish")) return;
      say("finish");
      if (current && nextToSend(state())?.event_id !== current.event.event_id) current.stop.abort();
      pause.skip();
    },

    /** Another tab of this browser was answered. @param {any} turn */
    async heard(turn) {
      tell({ type: "looked", said: turn, now: performance.now() });
      const gap = gapAfter(state());
      if (gap !== null) await look(gap);
      settled();
    },

    cameBack,

    /** The voice worker knows of more messages. */
    async look() {
      await look();
      settled();
    },

    /** Resolves when nothing that was written waits to be sent. */
    delivered: pump,

    /** The connection came back, or the person does not want to wait. */
    retryNow: () => (looks ? cameBack() : pause.skip()),

    close() {
      closing.abort();
      clearTimeout(alarm);
      pause.skip();
    },
  };
}
