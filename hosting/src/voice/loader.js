/** Loads what only speakers need, when the candidate chooses to speak. */

/** @typedef {ReturnType<typeof import("./controller.js").createVoiceController>} VoiceController */

/**
 * @param {() => Promise<VoiceController>} load
 * @param {() => void} onFailure it did not come, and the next use tries again
 */
export function createVoiceLoader(load, onFailure) {
  /** @type {VoiceController | null} */
  let controller = null;
  /** @type {Promise<VoiceController> | null} */
  let loading = null;
  /** @type {object | null} */
  let latest = null;

  /** @returns {Promise<VoiceController>} */
  const loaded = () =>
    (loading ??= load().catch((error) => {
      loading = null;
      throw error;
    }));

  return {
    /** null until it is loaded. */
    controller: () => controller,

    /**
     * At once where it is loaded; else later, unless something else is wanted by then.
     * @param {(controller: VoiceController) => unknown} act
     */
    use(act) {
      if (controller) return void act(controller);
      const mine = (latest = {});
      loaded().then(
        (here) => {
          controller = here;
          if (latest === mine) act(here);
        },
        () => latest === mine && onFailure(),
      );
    },

    /** Back to writing. */
    write() {
      latest = null;
      controller?.write();
    },

    /** The interview is left: nothing of it goes on. */
    close() {
      latest = null;
      controller?.close();
    },
  };
}
