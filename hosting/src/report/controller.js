/** Reads the report until it is complete, tells the service what is wrong in it, and keeps what was practised. */

import { save } from "../export.js";
import { MOST_BYTES, asFile, lastOf, practicesOf, readFile } from "./practice.js";
import { readReport } from "./read.js";

export { translateReport } from "./language.js";

/** @typedef {import("../storage.js").Session} Session */
/** @typedef {import("./notes.js").Note} Note */

const LOOK_AGAIN_SECONDS = 5; // where the service does not say when
const LOOKS_AT_THAT_PACE = 24;
const LONGEST_WAIT_SECONDS = 60;

/** A release before this page's has no reports: its feedback is all there is. @param {import("../problems.js").Problem} problem */
const hasNone = ({ status, slug }) => [404, 405].includes(status) && slug !== "unknown-session";

/**
 * When to look again at a report that is being made: as the service says, and more rarely when it takes very long.
 * @param {number | null} retryAfter seconds
 * @param {number} looks so far
 */
export function waitSeconds(retryAfter, looks) {
  const pace = Math.max(1, retryAfter ?? LOOK_AGAIN_SECONDS);
  return Math.min(Math.max(LONGEST_WAIT_SECONDS, pace), pace * 2 ** Math.max(0, looks - LOOKS_AT_THAT_PACE));
}

/**
 * @param {object} parts
 * @param {typeof import("../api.js")} parts.api
 * @param {import("../storage.js").PageStorage} parts.storage
 * @param {(event: {type: string, [field: string]: any}) => void} parts.dispatch
 * @param {() => import("../state.js").State} parts.state
 */
export function createReportController({ api, storage, dispatch, state }) {
  /** @type {object | null} */
  let latest = null;

  /** @param {Session} session */
  async function open(session) {
    const mine = (latest = {});
    const shown = () => latest === mine && state().session?.id === session.id && state().report !== null;
    /** @type {string | null} */
    let etag = null;
    for (let looks = 1; shown(); looks += 1) {
      const outcome = await api.report(session, etag);
      if (!shown()) return;
      if ("problem" in outcome) {
        if (looks === 1 || !mayPass(outcome.problem)) return dispatch({ type: "report", change: { phase: hasNone(outcome.problem) ? "none" : "failed" } });
      } else {
        etag = outcome.etag;
        if (outcome.body) show(session, outcome.body);
        if (state().report?.said?.grading !== "pending") return;
      }
      const retryAfter = "problem" in outcome ? outcome.problem.retryAfter : outcome.retryAfter;
      await new Promise((resolve) => setTimeout(resolve, waitSeconds(retryAfter, looks) * 1000));
    }
  }

  /** @param {Session} session @param {any} json the service's answer */
  function show(session, json) {
    const said = readReport(json);
    const known = storage.practices();
    const before = Object.fromEntries(said.stories.flatMap(({ question }) => {
      const last = lastOf(known.filter(({ at }) => at < (state().messages[0]?.created_at ?? "")), question, session.id);
      return last ? [[question, last]] : [];
    }));
    dispatch({ type: "report", change: { phase: "here", said, json, before } });
    remember();
  }

  /** What is called wrong is not remembered, whether the report was read before that or after it. */
  function remember() {
    const said = state().report?.said;
    if (said && said.grading !== "pending") storage.savePractices(practicesOf(said, state()));
  }

  /** @param {import("../problems.js").Problem} problem of one look among others */
  const mayPass = ({ status }) => status === 0 || status === 429 || status >= 500;

  /**
   * @param {Note} note
   * @param {string} words how misheard speech should read, or ""
   */
  async function objectTo({ key, finding }, words) {
    const { session } = state();
    if (!session || state().report?.objections[key]?.phase === "sending") return;
    const tell = (/** @type {import("../state.js").Objection} */ objection) =>
      state().session === session && dispatch({ type: "report", change: { objections: { ...state().report?.objections, [key]: objection } } });
    tell({ phase: "sending", words });
    const { seq, start } = finding.span;
    const { problem } = await api.objectTo(session, { seq, start, sign: finding.sign, ...(words && { words }) });
    tell(problem ? { phase: "failed", words, problem } : { phase: "sent", words });
    if (state().session === session) remember();
  }

  const history = (news = "") => dispatch({ type: "history", practices: storage.practices(), news });

  /** @param {File} file */
  async function bringHistory(file) {
    const outcome = file.size > MOST_BYTES ? { fault: "too-large" } : readFile(await file.text().catch(() => ""));
    if ("practices" in outcome) storage.savePractices(outcome.practices);
    if (state().view === "history") history("fault" in outcome ? outcome.fault : "brought");
  }

  return {
    open,
    objectTo,
    history,
    bringHistory,
    saveHistory: () => save(asFile(storage.practices()), "application/json", `interview-history-${new Date().toISOString().slice(0, 10)}.json`),
    deleteHistory() {
      storage.forgetPractices();
      history("deleted");
    },
  };
}
