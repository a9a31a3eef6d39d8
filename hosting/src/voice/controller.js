/**
 * The way from writing to speaking and back: the microphone is tried out, then the voice room is entered, and writing is
 * always one press away. The room itself is loaded when it is entered.
 */

import { createPause } from "../clock.js";
import { trouble } from "../problems.js";
import { isOver, lastSeq, spokenWords } from "../selectors.js";

/** @typedef {import("../state.js").State} State */
/** @typedef {ReturnType<typeof import("../interview.js").openInterview>} Open */

const LOUD_ENOUGH = 0.35;
// The worker still answers what was said before the candidate left, and cannot tell a page that is not in the room.
const LOOK_AFTER_SECONDS = [4, 4, 8, 15];

/**
 * @param {object} parts
 * @param {typeof import("../api.js")} parts.api
 * @param {import("../storage.js").PageStorage} parts.storage
 * @param {() => Open | null} parts.interview
 * @param {(event: {type: string, [field: string]: any}) => void} parts.dispatch
 * @param {() => State} parts.state
 */
export function createVoiceController({ api, storage, interview, dispatch, state }) {
  /** @type {import("./room.js").Talk | null} */
  let talk = null;
  /** @type {{stream: MediaStream, close: () => void} | null} */
  let trial = null;

  const microphone = () => import("./microphone.js");
  /** @param {Partial<import("../state.js").Check>} change */
  const tell = (change) => {
    if (state().check) dispatch({ type: "check", change });
  };

  /** What this tab remembers over a reload. @param {boolean} voice */
  const remember = (voice) => history.replaceState({ ...history.state, voice }, "", location.pathname);

  /** @param {string} id @param {number} level */
  const drawLevel = (id, level) => document.getElementById(id)?.style.setProperty("--level", level.toFixed(2));

  /**
   * Shows the microphone before it is needed. Where the browser would have to ask, it does so only after a press.
   * @param {"begin" | "room"} where
   * @param {boolean} pressed whether the person asked for the microphone itself
   */
  async function check(where, pressed) {
    dispatch({ type: "check", change: { where, device: storage.microphone() } });
    void api.wake("token");
    void import("./room.js").catch(() => {});
    void import("./livekit.js").then(({ prepareRoom }) => prepareRoom(storage.room())).catch(() => {}); // both are loaded again when needed
    const { faultOfPage, permission } = await microphone();
    const fault = faultOfPage();
    if (fault) return tell({ fault });
    const answer = await permission();
    if (pressed || answer.state === "granted") await listen();
    answer.onchange = () => answer.state === "granted" && state().check && !trial && void listen();
  }

  /**
   * @param {string} [device]
   * @returns {Promise<boolean>} whether the microphone is on
   */
  async function listen(device = state().check?.device ?? "") {
    const { devices, faultOf, faultOfPage, listen: measure, open } = await microphone();
    const fault = faultOfPage();
    if (fault) return tell({ fault }), false;
    stopTrial();
    tell({ phase: "asking", fault: "", heard: false, device });
    try {
      const stream = await open(device);
      if (!state().check) return stream.getTracks().forEach((track) => track.stop()), false;
      stopTrial();
      trial = { stream, close: measure(stream.getAudioTracks()[0], showSound).close };
      const used = stream.getAudioTracks()[0].getSettings().deviceId ?? device;
      tell({ phase: "on", devices: await devices(), device: used });
      storage.saveMicrophone(used);
      return true;
    } catch (error) {
      tell({ phase: "idle", fault: faultOf(error) });
      return false;
    }
  }

  /** @param {import("./microphone.js").Sound} sound */
  function showSound({ level, gone }) {
    if (gone) {
      stopTrial();
      return tell({ phase: "idle", fault: "gone" });
    }
    drawLevel("check-level", level);
    if (level > LOUD_ENOUGH && !state().check?.heard) tell({ heard: true });
  }

  function stopTrial() {
    trial?.close();
    trial?.stream.getTracks().forEach((track) => track.stop());
    trial = null;
  }

  function endCheck() {
    stopTrial();
    dispatch({ type: "check", change: null });
  }

  /** Enters the voice room of the open interview. */
  async function start() {
    const open = interview();
    if (!open) return;
    leaveRoom();
    endCheck();
    dispatch({ type: "voice", change: { phase: "joining" } });
    remember(true);
    const loaded = await import("./room.js").catch(() => null);
    if (interview() !== open || !state().voice || talk) return;
    if (!loaded) return dispatch({ type: "voice", change: { phase: "stopped", problem: trouble("no-connection") } });
    const { session } = open;
    const parts = { session, api, storage, interview: open, dispatch, state, loudspeaker: /** @type {HTMLElement} */ (document.getElementById("loudspeaker")), onEnd: end };
    talk = loaded.openVoice({ ...parts, onLevel: (level) => drawLevel("voice-level", level) });
  }

  function leaveRoom() {
    talk?.close();
    talk = null;
  }

  /** Leaves the voice room for good. */
  function end() {
    leaveRoom();
    remember(false);
    dispatch({ type: "voice", change: null });
  }

  async function lookAfter() {
    const open = interview();
    const known = lastSeq(state());
    for (const seconds of LOOK_AFTER_SECONDS) {
      await createPause().wait(seconds * 1000);
      if (interview() !== open || state().voice || lastSeq(state()) > known) return;
      await open?.look();
    }
  }

  return {
    check,
    listen,
    start,

    /** Speaks at once where the microphone is known already. */
    async startVoice() {
      const { permission } = await microphone();
      if (storage.microphone() && (await permission()).state === "granted") await start();
      else await check("room", true);
    },

    /** On in writing: the interview is the same, and what the room would have done is done by the page. */
    write() {
      endCheck();
      const { voice, interview: now } = state();
      if (!voice) return;
      const unanswered = voice.spoke || spokenWords(state()).some(({ role }) => role === "user");
      end();
      if (now?.status === "created") interview()?.start();
      else if (unanswered) void lookAfter();
    },

    /** The page was loaded again in mid-conversation. */
    async resume() {
      const { mayPlay, permission } = await microphone();
      if (state().voice || isOver(state())) return;
      if ((await permission()).state === "granted" && (await mayPlay())) return start();
      dispatch({ type: "voice", change: { phase: "stopped", problem: trouble("room-left") } });
    },

    /** What the button beside the notice does. */
    async repair() {
      const { voice } = state();
      if (voice?.blocked) return talk?.hear();
      if (voice?.ear || voice?.problem?.slug.startsWith("microphone-")) {
        end();
        return check("room", true);
      }
      if (talk) talk.again();
      else await start();
    },

    done: () => void talk?.done(),
    mute: () => void talk?.mute(),
    retryNow: () => talk?.retryNow(),

    /** Something was said in writing: the room hears of it. */
    changed: () => talk?.changed(),

    /** Ends the interview: what was just said counts, and the room hears of it. */
    async finish() {
      const open = interview();
      const keeps = (/** @type {boolean} */ finishing) => state().voice && dispatch({ type: "voice", change: { finishing } });
      keeps(true);
      await talk?.done();
      keeps(false);
      open?.finish();
      await open?.delivered();
      talk?.changed();
    },

    /** The interview is left: nothing of it goes on. */
    close() {
      leaveRoom();
      stopTrial();
    },
  };
}
