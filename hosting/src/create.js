/** Creates a new interview: one request, sent again under the same key until it is answered, refused or taken back. */

import { NO_PASTE } from "./plans.js";
import { delay, retryPolicy, trouble } from "./problems.js";

const LONGEST_WAIT_SECONDS = 60;
const SLOW_MS = 4_000;

/** @typedef {import("./problems.js").Problem} Problem */
/** @typedef {import("./storage.js").CreateRequest} Request */

/** The fields that functions of the release before this page's may not know, and what is asked without them. @type {Record<string, Partial<Request>>} */
const SPARED = { "/seen": { seen: [] }, "/job": NO_PASTE, "/background": NO_PASTE };

/**
 * @param {Request} request
 * @param {Problem} problem
 * @returns {Request | null} what can be asked of a release that does not know all of it; null where that is not why
 */
function spared(request, { slug, pointer = "" }) {
  if (slug !== "unknown-field" || !Object.hasOwn(SPARED, pointer)) return null;
  const sent = request[/** @type {"seen" | "job" | "background"} */ (pointer.slice(1))];
  return sent.length ? { ...request, ...SPARED[pointer] } : null;
}

/**
 * @param {object} parts
 * @param {typeof import("./api.js")} parts.api
 * @param {import("./storage.js").PageStorage} parts.storage
 * @param {ReturnType<typeof import("./clock.js").createPause>} parts.pause
 * @param {(event: {type: string, [field: string]: any}) => void} parts.dispatch
 * @param {() => import("./state.js").State} parts.state
 */
export function createCreator({ api, storage, pause, dispatch, state }) {
  /** @param {Request} request @returns {ReturnType<typeof api.create>} */
  async function send(request) {
    const outcome = await api.create(request);
    const less = "problem" in outcome && spared(request, outcome.problem);
    return less ? send(less) : outcome;
  }

  /** @param {Request} request */
  async function sendPatiently(request) {
    const slow = setTimeout(() => state().creating === request && dispatch({ type: "createWaits", problem: trouble("slow") }), SLOW_MS);
    const outcome = await send(request);
    clearTimeout(slow);
    return outcome;
  }

  /** @param {Problem} problem */
  const mayPass = (problem) => retryPolicy(problem) === "again" && (problem.retryAfter ?? 0) <= LONGEST_WAIT_SECONDS;

  return {
    /**
     * @param {import("./storage.js").Asked} asked
     * @returns {Promise<any>} the service's answer; null when it was refused or taken back
     */
    async create(asked) {
      if (state().creating) return null;
      const request = storage.createRequest(asked);
      dispatch({ type: "creating", request });
      for (let attempt = 0; state().creating === request; attempt += 1) {
        const outcome = await sendPatiently(request);
        if (state().creating !== request) return null; // it was left, perhaps for another
        if ("created" in outcome) return outcome.created;
        if (!mayPass(outcome.problem)) return dispatch({ type: "createRefused", problem: outcome.problem }), null;
        dispatch({ type: "createWaits", problem: outcome.problem });
        await pause.wait(delay(outcome.problem, attempt));
      }
      return null;
    },

    cancel() {
      dispatch({ type: "creating", request: null });
      pause.skip();
    },
  };
}
