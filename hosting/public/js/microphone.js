/** The microphone: opening it, naming what is in the way, and how loud it is. */

/** @typedef {"refused" | "missing" | "busy" | "insecure" | "unusable"} Fault why there is no microphone */
/** @typedef {{id: string, label: string}} Device */

const LEVELS_PER_SECOND = 20;
const QUIETEST_DECIBELS = -60;

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
  await context.close();
  return plays;
}

/**
 * Measures a track until it is closed.
 * @param {MediaStreamTrack} track
 * @param {(level: number, silent: boolean) => void} onLevel 0 to 1 by decibels, and whether there was not even noise
 */
export function listen(track, onLevel) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const timer = setInterval(() => {
    if (context.state !== "running") return void context.resume(); // it would show a silence that is its own
    analyser.getFloatTimeDomainData(samples);
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    onLevel(Math.max(0, 1 - (20 * Math.log10(peak || 1e-9)) / QUIETEST_DECIBELS), peak === 0);
  }, 1000 / LEVELS_PER_SECOND);
  return {
    close() {
      clearInterval(timer);
      if (context.state !== "closed") void context.close();
    },
  };
}
