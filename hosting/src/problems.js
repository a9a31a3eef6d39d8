/** What the page does about each way a request can fail. Pure: the sentences are in texts.en.js. */

/**
 * @typedef {object} Problem
 * @property {string} slug the last part of the problem's type, or one of the page's own: "no-connection", "app-check-failed", "room-…", "microphone-…"
 * @property {number} status 0 when there was no answer
 * @property {number | null} retryAfter seconds, when the server said so
 * @property {string} [detail]
 * @property {string} [pointer] the field that was refused
 * @property {any} [turn] where the interview is, when it went on without us
 */

/** @typedef {"again" | "look" | "gone" | "refused"} RetryPolicy */

/** @type {Record<string, RetryPolicy>} */
const RETRY_POLICIES = {
  "turn-in-progress": "again",
  "rate-limited": "again",
  "request-timeout": "again",
  "no-connection": "again",
  "interview-over": "look",
  "wrong-state": "look",
  "answered-elsewhere": "look",
  "app-check-failed": "refused",
  "daily-interviews-reached": "refused",
  "daily-budget-reached": "refused",
  "voice-not-configured": "refused",
  "voice-full": "refused",
  "room-unreachable": "again",
  "room-elsewhere": "refused",
  "room-closed": "refused",
  "room-left": "refused",
};

const BACK_OFF_SECONDS = [1, 2, 4, 8, 15, 30];
const LONGEST_WAIT_SECONDS = 600;

/**
 * "again": the same request may be sent again. "look": the interview went on without us. "gone": this interview cannot be
 * opened from here. "refused": only the person can change something.
 * @param {Problem} problem
 * @returns {RetryPolicy}
 */
export function retryPolicy({ slug, status }) {
  if (Object.hasOwn(RETRY_POLICIES, slug)) return RETRY_POLICIES[slug];
  if (slug.startsWith("microphone-")) return "refused";
  if (status === 0 || status >= 500) return "again";
  return [401, 403, 404, 410].includes(status) ? "gone" : "refused";
}

/**
 * How long to wait before the same request is sent again. The wait is spread, so that many pages do not return at once.
 * @param {Problem} problem
 * @param {number} attempt 0 for the first failure
 * @param {() => number} [chance]
 * @returns {number} milliseconds
 */
export function delay({ retryAfter }, attempt, chance = Math.random) {
  const seconds = retryAfter ?? BACK_OFF_SECONDS[Math.min(attempt, BACK_OFF_SECONDS.length - 1)];
  return Math.min(seconds, LONGEST_WAIT_SECONDS) * 1000 * (1 + chance() / 4);
}

/**
 * @param {number} status
 * @param {unknown} body
 * @param {string | null} [retryAfter] the header
 * @returns {Problem}
 */
export function readProblem(status, body, retryAfter = null) {
  const said = /** @type {Record<string, unknown>} */ (body !== null && typeof body === "object" ? body : {});
  const slug = typeof said.type === "string" ? said.type.replace(/^.*[#/]/, "") : "";
  const inBody = typeof said.retry_after_s === "number" ? said.retry_after_s : null; // a stream has no header left to set
  const seconds = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : inBody;
  return {
    slug: slug || `http-${status}`,
    status: typeof said.status === "number" ? said.status : status,
    retryAfter: seconds,
    detail: typeof said.detail === "string" ? said.detail : undefined,
    pointer: /** @type {any} */ (said.errors)?.[0]?.pointer,
    turn: said.turn,
  };
}

/**
 * A problem of the page's own, which no server answered.
 * @param {string} slug
 * @returns {Readonly<Problem>}
 */
export const trouble = (slug) => Object.freeze({ slug, status: 0, retryAfter: null });

export const NO_CONNECTION = trouble("no-connection");
