/** Watches the microphone that the room gets: how loud it is, what is wrong with it, and how it is had again. */

import { listen } from "./microphone.js";

// Some microphones give nothing at all in a silence: from one that has worked, a longer silence is believed.
const SILENCE_SECONDS = { unheard: 8, heard: 20 };

/**
 * @param {object} parts
 * @param {() => any} parts.room LiveKit's; null where none is entered
 * @param {HTMLElement} parts.loudspeaker where the sound is attached
 * @param {(level: number) => void} parts.onLevel
 * @param {(change: Partial<import("../state.js").Voice>) => void} parts.tell
 * @param {() => import("../state.js").Voice | null} parts.voice
 */
export function createMicrophoneWatch({ room, loudspeaker, onLevel, tell, voice }) {
  /** @type {{track: MediaStreamTrack, close: () => void} | null} */
  let ear = null;
  let recovering = false;
  let silentSince = Infinity;
  let silenceSeconds = SILENCE_SECONDS.unheard;

  const published = () => room()?.localParticipant.getTrackPublication("microphone")?.track;

  /** A call is over, a device was plugged in, the page is visible again: the browser may give back what it took. */
  async function recover() {
    if (document.hidden || !room()) return;
    if (loudspeaker.querySelector("audio")?.paused) room().startAudio().catch(() => {});
    const sent = published();
    const { readyState, muted } = sent?.mediaStreamTrack ?? {};
    if (recovering || !sent || voice()?.muted || !(sent.isMuted || muted || readyState === "ended")) return;
    recovering = true;
    await (sent.isMuted ? sent.unmute() : sent.restartTrack()).catch(() => {}); // the page says already that it is gone
    recovering = false;
  }

  /** The track may be another one after a device was unplugged or the connection was made again. */
  function start() {
    ear?.close();
    const track = published()?.mediaStreamTrack;
    if (!track) return;
    silentSince = Infinity;
    ear = { track, close: listen(track, measured, () => void recover()).close };
  }

  /** @param {import("./microphone.js").Sound} sound */
  function measured({ level, silent, gone }) {
    const now = voice();
    if (!now || !ear) return;
    const sent = published();
    if (sent && sent.mediaStreamTrack !== ear.track) return start();
    onLevel(now.muted ? 0 : level);
    if (silent === false) silenceSeconds = SILENCE_SECONDS.heard;
    const listensToNothing = silent && !now.muted && now.agent === "listening";
    silentSince = listensToNothing ? Math.min(silentSince, performance.now()) : Infinity;
    const lost = gone || (!now.muted && sent?.isMuted);
    const wrong = lost ? "gone" : performance.now() - silentSince >= silenceSeconds * 1000 ? "silent" : "";
    if (wrong !== now.ear && now.phase === "on") tell({ ear: wrong });
  }

  return {
    start,
    recover,
    stop() {
      ear?.close();
      ear = null;
    },
  };
}
