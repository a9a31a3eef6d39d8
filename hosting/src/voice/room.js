/**
 * One stay in the interview's voice room. The worker there speaks and sends what it hears; the page shows what is being
 * said, reads the stored messages when the worker knows of more, and comes back by itself when the connection breaks.
 */

import { createPause } from "../clock.js";
import { loadLiveKit } from "./livekit.js";
import { faultOf } from "./microphone.js";
import { createMicrophoneWatch } from "./microphoneWatch.js";
import { stayAwake } from "./wakeLock.js";
import { delay, trouble, retryPolicy } from "../problems.js";
import { isOver, lastSeq, spokenWords } from "../selectors.js";

/** @typedef {import("../problems.js").Problem} Problem */
/** @typedef {import("../state.js").State} State */

const MOST_ATTEMPTS = 7;
const LONGEST_WAIT_SECONDS = 60;
const DONE_SECONDS = 10; // the worker answers when the words are kept, and a service that has to start takes its time
const CALL_SECONDS = [10, 10, 10, 30, 60];
const LOOK_AGAIN_SECONDS = [1, 2, 4, 8, 15];
const RPC_DONE = "interview.done";
const RPC_CHANGED = "interview.changed";

/**
 * @param {object} parts
 * @param {import("../storage.js").Session} parts.session
 * @param {typeof import("../api.js")} parts.api
 * @param {import("../storage.js").PageStorage} parts.storage
 * @param {{look: () => Promise<void>, delivered: () => Promise<void>}} parts.interview
 * @param {HTMLElement} parts.loudspeaker where the sound is attached
 * @param {(level: number) => void} parts.onLevel
 * @param {(event: {type: string, [field: string]: any}) => void} parts.dispatch
 * @param {() => State} parts.state
 * @param {() => void} parts.onEnd the interviewer has said everything
 */
export function openVoice({ session, api, storage, interview, loudspeaker, onLevel, dispatch, state, onEnd }) {
  const closing = new AbortController();
  const pause = createPause();
  const arrival = createPause();
  /** @type {any} */
  let room = null;
  let joining = false;
  let following = false;
  let calling = false;
  let letSleep = () => {};

  const closed = () => closing.signal.aborted;
  /** @param {Partial<import("../state.js").Voice>} change */
  const tell = (change) => {
    if (!closed()) dispatch({ type: "voice", change });
  };
  const watch = createMicrophoneWatch({ room: () => room, loudspeaker, onLevel, tell, voice: () => state().voice });

  /** Enters the room, again and again for a while; in the end it says why not. */
  async function join() {
    if (joining || closed()) return;
    joining = true;
    for (let attempt = 0; !closed(); attempt += 1) {
      const problem = await enter();
      if (!problem || closed()) break;
      const next = retryPolicy(problem);
      if (next === "gone") dispatch({ type: "lost", problem });
      if (next === "look") await ended(problem);
      if (next !== "again" || attempt + 1 === MOST_ATTEMPTS || (problem.retryAfter ?? 0) > LONGEST_WAIT_SECONDS) {
        if (next === "again" || next === "refused") stop(problem);
        break;
      }
      tell({ problem });
      await pause.wait(delay(problem, attempt));
    }
    joining = false;
  }

  /** @returns {Promise<Problem | null>} null when we are in */
  async function enter() {
    await interview.delivered();
    const livekit = await loadLiveKit().catch(() => null);
    if (!livekit) return trouble("no-connection");
    const outcome = await api.voiceToken(session, closing.signal);
    if ("problem" in outcome) return outcome.problem;
    if (closed()) return null;
    const entered = newRoom(livekit);
    try {
      await entered.connect(outcome.url, outcome.token);
    } catch {
      return trouble("room-unreachable");
    }
    storage.saveRoom(outcome.url);
    if (closed() || room !== entered) return null;
    return publishMicrophone(entered);
  }

  /**
   * @param {any} entered
   * @returns {Promise<Problem | null>}
   */
  async function publishMicrophone(entered) {
    const device = storage.microphone();
    try {
      await entered.localParticipant.setMicrophoneEnabled(!state().voice?.muted, device ? { deviceId: { ideal: device } } : undefined);
    } catch (error) {
      if (closed() || room !== entered) return null;
      if (entered.state !== "connected") return trouble("room-unreachable");
      stop(trouble(`microphone-${faultOf(error)}`));
      return null;
    }
    tell({ phase: "on", problem: null });
    watch.start();
    readAttributes();
    void interview.look();
    return null;
  }

  /** @param {import("./livekit.js").LiveKit} livekit */
  function newRoom(livekit) {
    void leaveRoom();
    const entered = new livekit.Room();
    room = entered;
    letSleep = stayAwake();
    const { RoomEvent } = livekit;
    /**
     * @param {string} event
     * @param {(...said: any[]) => void} act
     */
    const on = (event, act) => entered.on(event, (/** @type {any[]} */ ...said) => !closed() && room === entered && act(...said));
    on(RoomEvent.SignalReconnecting, () => tell({ phase: "back" }));
    on(RoomEvent.Reconnecting, () => tell({ phase: "back" }));
    on(RoomEvent.Reconnected, () => {
      tell({ phase: "on" });
      readAttributes();
    });
    on(RoomEvent.Disconnected, (reason) => void disconnected(livekit.DisconnectReason[reason]));
    for (const event of [RoomEvent.ParticipantConnected, RoomEvent.ParticipantDisconnected, RoomEvent.ParticipantAttributesChanged]) on(event, readAttributes);
    on(RoomEvent.TrackSubscribed, (track) => track.kind === "audio" && loudspeaker.append(track.attach()));
    on(RoomEvent.TrackUnsubscribed, (track) => track.detach().forEach((/** @type {Element} */ element) => element.remove()));
    on(RoomEvent.AudioPlaybackStatusChanged, () => tell({ blocked: !entered.canPlaybackAudio }));
    on(RoomEvent.ActiveSpeakersChanged, (speakers) => heardYou(speakers.includes(entered.localParticipant)));
    entered.registerTextStreamHandler("lk.transcription", (/** @type {any} */ reader, /** @type {{identity: string}} */ { identity }) =>
      read(reader, identity === entered.localParticipant.identity ? "user" : "agent", () => !closed() && room === entered));
    return entered;
  }

  /**
   * The candidate's words come as a whole, again and again; the interviewer's come one by one.
   * @param {any} reader
   * @param {"user" | "agent"} role
   * @param {() => boolean} here
   */
  async function read(reader, role, here) {
    const { "lk.segment_id": id = reader.info.id, "lk.transcription_final": final } = reader.info.attributes ?? {};
    const whole = role === "user";
    const heard = (/** @type {string} */ text, /** @type {boolean} */ last) => here() && dispatch({ type: "caption", heard: { id, role, text, final: last, whole } });
    try {
      if (whole) heard(await reader.readAll(), final === "true");
      else for await (const words of reader) heard(words, false);
    } catch {
      // Who spoke has left in the middle of it: what came so far was said.
    }
    if (whole) tell({ spoke: true });
    else heard("", true);
  }

  /** @returns {any} the newest interviewer: an older one has been replaced and is on its way out */
  function agent() {
    const there = [...(room?.remoteParticipants.values() ?? [])].filter((one) => one.isAgent);
    const age = (/** @type {any} */ one) => one.joinedAt?.getTime() ?? 0;
    return there.sort((a, b) => age(a) - age(b) || (a.identity < b.identity ? -1 : 1)).at(-1);
  }

  const said = () => agent()?.attributes ?? {};

  /** Takes in what the interviewer says of itself. */
  function readAttributes() {
    const { "lk.agent.state": does = "initializing", trouble: cannot = "", over } = said();
    const before = state().voice?.agent;
    const takesUp = does !== before && (does === "thinking" || does === "speaking");
    tell({ agent: agent() ? does : "", trouble: cannot, ...(agent() && { awaited: 0 }), ...(takesUp && { spoke: false }) });
    void follow();
    // The number of the newest message may come late or never: what was said is stored.
    if (does === "listening" && before !== does && spokenWords(state()).length) void interview.look();
    if (over === "1") void ended(null);
    else if (agent()) arrival.skip();
    else void call();
  }

  /** Reads the stored messages up to the newest that the interviewer knows of. */
  async function follow() {
    if (following) return;
    following = true;
    for (let attempt = 0; !closed() && Number(said().seq ?? 0) > lastSeq(state()); attempt += 1) {
      if (attempt) await pause.wait(LOOK_AGAIN_SECONDS[Math.min(attempt, LOOK_AGAIN_SECONDS.length) - 1] * 1000);
      if (!closed()) await interview.look();
    }
    following = false;
  }

  /** No interviewer is in the room: asking for a token dispatches one. */
  async function call() {
    if (calling) return;
    calling = true;
    const missing = () => !closed() && state().voice?.phase === "on" && !agent();
    let awaited = 0;
    for (const seconds of CALL_SECONDS) {
      await arrival.wait(seconds * 1000);
      if (!missing()) break;
      awaited += seconds;
      tell({ awaited });
      await api.voiceToken(session, closing.signal);
      if (!missing()) break;
    }
    calling = false;
  }

  /** @param {boolean} you */
  function heardYou(you) {
    if (you !== state().voice?.you) tell({ you, ...(you && { spoke: true }) });
  }

  /** @param {string | undefined} reason */
  async function disconnected(reason) {
    watch.stop();
    if (reason === "DUPLICATE_IDENTITY") return stop(trouble("room-elsewhere"));
    if (joining) return;
    tell({ phase: "back", agent: "", you: false });
    if (["ROOM_DELETED", "ROOM_CLOSED", "PARTICIPANT_REMOVED"].includes(reason ?? "")) return ended(trouble("room-closed"));
    await pause.wait(delay(trouble("no-connection"), 0)); // a page that is being left needs no room
    await join();
  }

  /**
   * The room has nothing more to say: is that the end of the interview?
   * @param {Problem | null} otherwise what it is if not
   */
  async function ended(otherwise) {
    if (!isOver(state())) await interview.look();
    if (closed()) return;
    if (isOver(state())) onEnd();
    else if (otherwise) stop(otherwise);
  }

  /** @param {Problem} problem */
  function stop(problem) {
    tell({ phase: "stopped", problem, agent: "", you: false, ear: "", blocked: false, awaited: 0 });
    void leaveRoom();
  }

  async function leaveRoom() {
    watch.stop();
    letSleep();
    const left = room;
    room = null;
    loudspeaker.replaceChildren();
    await left?.disconnect();
  }

  /** @param {string} method */
  async function ask(method) {
    const to = agent();
    if (!to) return false;
    const answer = room.localParticipant.performRpc({ destinationIdentity: to.identity, method, payload: "", responseTimeout: DONE_SECONDS * 1000 });
    return answer.then(() => true, () => false);
  }

  const { signal } = closing;
  document.addEventListener("visibilitychange", watch.recover, { signal });
  navigator.mediaDevices?.addEventListener("devicechange", watch.recover, { signal });
  void join();

  return {
    /** The candidate has said everything. @returns {Promise<void>} at most ten seconds later */
    async done() {
      tell({ spoke: false });
      const late = new Promise((resolve) => setTimeout(resolve, DONE_SECONDS * 1000, false));
      if (!(await Promise.race([ask(RPC_DONE), late]))) tell({ spoke: true });
    },

    /** The page moved the interview on by itself. */
    changed: () => void ask(RPC_CHANGED),

    async mute() {
      const muted = !state().voice?.muted;
      if (muted) tell({ muted, you: false }); // at once, and before the track says so, or it would look like a fault
      await room?.localParticipant.setMicrophoneEnabled(!muted).catch(() => {});
      tell({ muted });
    },

    /** Needs a press: browsers play no sound without one. */
    hear: () => void room?.startAudio().catch(() => {}),

    /** The person wants it once more. */
    again() {
      if (joining) return pause.skip();
      tell({ phase: "joining", problem: null });
      void join();
    },

    /** The connection came back. */
    retryNow() {
      const { phase, problem } = state().voice ?? {};
      if (joining) pause.skip();
      else if (phase === "stopped" && problem && retryPolicy(problem) === "again") this.again();
    },

    close() {
      closing.abort();
      pause.skip();
      arrival.skip();
      void leaveRoom();
    },
  };
}

/** @typedef {ReturnType<typeof openVoice>} Talk */
