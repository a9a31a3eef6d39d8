/** The WebRTC client: a tenth of a megabyte, loaded for speakers only. */

/** @typedef {any} LiveKit what livekit-client exports */

const CLIENT = "/vendor/livekit-client.umd.js";
/** @type {Promise<LiveKit> | undefined} */
let loading;

/** @returns {Promise<LiveKit>} rejects when it cannot be loaded; the next call tries again */
export function loadLiveKit() {
  loading ??= import(CLIENT).then(prepare, (error) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

function prepare() {
  const livekit = /** @type {any} */ (globalThis).LivekitClient;
  livekit.setLogLevel("silent"); // what goes wrong is told to the person, and no log of theirs holds who they are
  return livekit;
}

/**
 * Opens the way to the room while the person still tries the microphone.
 * @param {string} url where it was the last time, or ""
 */
export async function prepareRoom(url) {
  const { Room } = await loadLiveKit();
  if (url) await new Room().prepareConnection(url);
}
