/** Creates a new interview: one request, sent again under the same key until it is answered, refused or taken back. */

import { delay, retryPolicy, trouble } from "./problems.js";

const LONGEST_WAIT_SECONDS = 60;
const SLOW_MS = 4_000;

/** @typedef {import("./problems.js").Problem} Problem */

/**
 * @param {object} parts
 * @param {typeof import("./api.js")} parts.api
 * @param {import("./storage.js").PageStorage} parts.storage
 * @param {ReturnType<typeof import("./clock.js").createPause>} parts.pause
 * @param {(event: {type: string, [field: string]: any}) => void} parts.dispatch
 * @param {() => import("./state.js").State} parts.state
 */
export function createCreator({ api, storage, pause, dispatch, state }) {
  /** @typedef {ReturnType<typeof storage.createRequest>} Request */

  /** @param {Request} request */
  async function send(request) {
    const slow = setTimeout(() => state().creating === request && dispatch({ type: "createWaits", problem: trouble("slow") }), SLOW_MS);
    const outcome = await api.create(request);
    // A function of the release before this page's does not know what was seen, and can do without.
    const answered = "problem" in outcome && outcome.problem.pointer === "/seen" ? await api.create({ ...request, seen: [] }) : outcome;
    clearTimeout(slow);
    return answered;
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
        const outcome = await send(request);
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
