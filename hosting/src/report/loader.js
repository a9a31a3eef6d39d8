/** Brings the report when an interview is over; what shows it is loaded then, and not before. */

import { isOver } from "../selectors.js";

/** @typedef {ReturnType<typeof import("./controller.js").createReportController>} ReportController */

/**
 * @param {object} parts
 * @param {() => Promise<ReportController>} parts.load
 * @param {(event: {type: string, [field: string]: any}) => void} parts.dispatch
 * @param {() => import("../state.js").State} parts.state
 */
export function createReportLoader({ load, dispatch, state }) {
  /** @type {ReportController | null} */
  let controller = null;

  const loaded = async () => (controller ??= await load());

  async function ask() {
    const { session } = state();
    if (!session) return;
    dispatch({ type: "report", change: { phase: "asking" } });
    try {
      void (await loaded()).open(session);
    } catch {
      if (state().session === session && state().report) dispatch({ type: "report", change: { phase: "failed" } });
    }
  }

  return {
    /** null until it is loaded. */
    controller: () => controller,
    ask,

    /** What was practised in this browser, where the person has gone there. @param {() => boolean} isWanted */
    async history(isWanted) {
      try {
        const here = await loaded();
        if (isWanted()) here.history();
      } catch {
        dispatch({ type: "notLoaded" });
      }
    },

    /** Something changed: is there a report to bring now? */
    follow() {
      if (state().view === "room" && isOver(state()) && !state().report) void ask();
    },

    /** The connection is back. */
    retryNow() {
      if (state().report?.phase === "failed") void ask();
    },
  };
}
