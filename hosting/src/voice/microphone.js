/** The microphone: opening it, naming what is in the way, and how loud it is. */

/** @typedef {"refused" | "missing" | "busy" | "gone" | "insecure" | "unusable"} Fault why there is no microphone */
/** @typedef {{id: string, label: string}} Device */

const LEVELS_PER_SECOND = 20;
const QUIETEST_DECIBELS = -60;
const GONE_MS = 1000; // a browser changes its device in less

/** @type {Record<string, Fault>} the browsers' names, old ones too */
const FAULTS = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  PermissionDeniedError: "refused",
  NotFoundError: "missing",
  DevicesNotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
  TrackStartError: "busy",
};

/**
 * @param {any} error
 * @returns {Fault}
 */
export const faultOf = (error) => FAULTS[error?.name] ?? "unusable";

/** @returns {Fault | null} what is wrong before anybody is asked */
export function faultOfPage() {
  if (navigator.mediaDevices) return null;
  return window.isSecureContext ? "unusable" : "insecure";
}

/**
 * What the browser will answer. A browser that does not tell is one that asks.
 * @returns {Promise<{state: string, onchange: any}>}
 */
export async function permission() {
  try {
    return await navigator.permissions.query({ name: /** @type {any} */ ("microphone") });
  } catch {
    return { state: "prompt", onchange: null };
  }
}

/**
 * @param {string} device an id, or "" for the browser's own choice
 * @returns {Promise<MediaStream>} rejects with an error that faultOf can read
 */
export async function open(device) {
  const found = (/** @type {string} */ id) => navigator.mediaDevices.getUserMedia({ audio: id ? { deviceId: { exact: id } } : true });
  if (!device) return found("");
  return found(device).catch((error) => (error.name === "OverconstrainedError" ? found("") : Promise.reject(error)));
}

/** @returns {Promise<Device[]>} named only after a permission; "default" stands for one of the others */
export async function devices() {
  const all = await navigator.mediaDevices.enumerateDevices();
  return all
    .filter(({ kind, deviceId }) => kind === "audioinput" && deviceId && deviceId !== "communications")
    .map(({ deviceId, label }, index) => ({ id: deviceId, label: label || `${index + 1}` }));
}

/** @returns {Promise<boolean>} whether this page may make a sound without a press */
export async function mayPlay() {
  const context = new AudioContext();
  const plays = context.state === "running";
  await context.close().catch(() => {});
  return plays;
}

/**
 * Measures a track until it is closed.
 * @typedef {object} Sound
 * @property {number} level 0 to 1 by decibels
 * @property {boolean} [silent] whether there was not even noise, where the browser can tell
 * @property {boolean} gone whether it was taken away: by a call, or with its plug
 * @param {MediaStreamTrack} track
 * @param {(sound: Sound) => void} onSound
 * @param {() => void} [onBack] the browser is its own master again
 */
export function listen(track, onSound, onBack = () => {}) {
  const context = new AudioContext();
  const meter = createMeter(context, track);
  const taken = () => track.readyState === "ended" || track.muted || /** @type {string} */ (context.state) === "interrupted";
  let since = Infinity;
  const timer = setInterval(() => {
    since = taken() ? Math.min(since, performance.now()) : Infinity;
    const gone = performance.now() - since >= GONE_MS;
    if (context.state === "running" && meter) return onSound({ ...meter(), gone });
    onSound({ level: 0, gone });
    context.resume().catch(() => {}); // before a press, during a call
  }, 1000 / LEVELS_PER_SECOND);
  context.onstatechange = () => context.state === "running" && onBack();
  return {
    close() {
      clearInterval(timer);
      context.onstatechange = null;
      if (context.state !== "closed") context.close().catch(() => {});
    },
  };
}

/**
 * @param {AudioContext} context
 * @param {MediaStreamTrack} track
 * @returns {(() => {level: number, silent: boolean}) | null} null where the browser cannot mix what this device gives
 */
function createMeter(context, track) {
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  try {
    context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  } catch {
    return null;
  }
  return () => {
    analyser.getFloatTimeDomainData(samples);
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    return { level: Math.max(0, 1 - (20 * Math.log10(peak || 1e-9)) / QUIETEST_DECIBELS), silent: peak === 0 };
  };
}
