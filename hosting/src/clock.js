/**
 * Time left, counted from what the server said and the browser's steady clock. The machine's own date may be wrong by
 * hours, so it is never asked.
 */

/**
 * @typedef {object} Clock
 * @property {number} movesOnAt when the interviewer moves on by itself, in performance.now() milliseconds
 * @property {number} deadline when the stage's time is up, on the same scale
 * @property {number} quietUntil until when the candidate thinks and nothing is said, on the same scale; in the past where they do not
 * @property {string} name the server's own name for movesOnAt: another name is another alarm
 */

/**
 * @param {{moves_on_in_s?: number | null, moves_on_at?: string | null, stage_deadline?: string | null, quiet_until?: string | null}} said
 * @param {number} now performance.now() at the answer
 * @returns {Clock | null} null when no clock runs
 */
export function readClock({ moves_on_in_s, moves_on_at, stage_deadline, quiet_until }, now) {
  if (typeof moves_on_in_s !== "number") return null;
  const movesOnAt = now + moves_on_in_s * 1000;
  const before = (/** @type {string | null | undefined} */ moment) => Date.parse(moves_on_at ?? "") - Date.parse(moment ?? "");
  return { movesOnAt, deadline: movesOnAt - (before(stage_deadline) || 0), quietUntil: movesOnAt - (before(quiet_until) || Infinity), name: moves_on_at ?? "" };
}

/**
 * Waits that can be cut short: by the person, or by a connection that came back.
 */
export function createPause() {
  /** @type {Set<() => void>} */
  const waiting = new Set();
  return {
    /** @param {number} ms */
    wait: (ms) =>
      new Promise((resolve) => {
        const end = () => {
          clearTimeout(timer);
          waiting.delete(end);
          resolve(undefined);
        };
        const timer = setTimeout(end, ms);
        waiting.add(end);
      }),
    skip: () => [...waiting].forEach((end) => end()),
  };
}
