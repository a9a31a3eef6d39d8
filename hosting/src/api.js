/** The interview functions over HTTPS: one request each, told as an answer or as a problem, never thrown. */

import { config } from "./config.js";
import { USUAL } from "./plans.js";
import { NO_CONNECTION, readProblem, trouble } from "./problems.js";
import { readEvents } from "./sse.js";

/** @typedef {import("./problems.js").Problem} Problem */
/** @typedef {import("./state.js").Outgoing} Outgoing */
/** @typedef {import("./storage.js").Session} Session */

const BASE = "/api/interview";
// A turn is answered within half a minute or its lease is over: a longer silence is a connection that died without saying so.
const SILENCE_MS = 35_000;
// A turn is acknowledged in less, unless nothing of it gets through.
const UNREACHABLE_MS = 10_000;

/**
 * @param {string} path
 * @param {RequestInit & {signal: AbortSignal}} options
 * @param {string} [origin]
 * @returns {Promise<{response: Response} | {problem: Problem}>}
 */
async function request(path, options, origin = "") {
  try {
    const response = await fetch(origin + BASE + path, { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", ...options });
    if (response.ok || response.status === 304) return { response };
    const body = await response.json().catch(() => null);
    return { problem: readProblem(response.status, body, response.headers.get("Retry-After")) };
  } catch {
    return { problem: NO_CONNECTION };
  }
}

// Whether turns go to their function's own address.
let direct = true;

/**
 * Asks the function that takes turns at its own address, for the proxy at ours may hold streams back. Where that address
 * gives no answer and ours does, ours is asked from then on: the same event twice is one turn.
 * @type {typeof request}
 */
async function requestTurn(path, options) {
  const { nextTurnUrl } = await config();
  if (!nextTurnUrl || !direct) return request(path, options);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), UNREACHABLE_MS);
  const outcome = await request(path, { ...options, signal: AbortSignal.any([options.signal, late.signal]) }, nextTurnUrl);
  clearTimeout(timer);
  if ("response" in outcome || outcome.problem !== NO_CONNECTION) return outcome;
  const ours = await request(path, options);
  direct = "problem" in ours && ours.problem === NO_CONNECTION;
  return ours;
}

/**
 * @param {Session} session
 * @returns {Record<string, string>}
 */
const bearer = (session) => ({ Authorization: `Bearer ${session.token}` });

/**
 * What the service says of itself.
 * @typedef {object} Service
 * @property {"model" | "script" | "unknown"} interviewer
 * @property {boolean} voice
 * @property {Record<string, number>} minutes by stage
 * @property {number | null} retentionDays
 * @property {boolean} guarded whether reCAPTCHA looks at who begins an interview
 */

/** A question to each function that needs no interview. */
const FUNCTIONS = {
  next_turn: "/ui/next_turn/health",
  create: "/plans",
  messages: "/sessions/messages/health",
  token: "/livekit/token/health",
};
/** @type {Map<string, Promise<any>>} */
const woken = new Map();

/**
 * Wakes a function while the person still reads, once for each page, so that no cold start is waited for later. What it says is
 * read at once: a body that is left for later ends with the time limit of its request.
 * @param {keyof typeof FUNCTIONS} name
 * @returns {Promise<any>} null when it did not answer, and then the next call asks again
 */
export function wake(name) {
  const ask = name === "next_turn" ? requestTurn : request;
  const asked = woken.get(name) ?? ask(FUNCTIONS[name], { signal: AbortSignal.timeout(SILENCE_MS) }).then(read).catch(() => null);
  woken.set(name, asked);
  return asked.then((said) => {
    if (said === null) woken.delete(name);
    return said;
  });
}

/** @param {{response: Response} | {problem: Problem}} outcome */
const read = (outcome) => ("response" in outcome ? outcome.response.json() : null);

/** @returns {Promise<Service>} */
export async function service() {
  const said = await wake("next_turn");
  const minutes = Object.entries(said?.stage_minutes ?? {}).filter(([, value]) => typeof value === "number");
  return {
    interviewer: said?.interviewer === "model" || said?.interviewer === "script" ? said.interviewer : "unknown",
    voice: said?.voice === true,
    minutes: Object.fromEntries(minutes),
    retentionDays: typeof said?.retention_days === "number" ? said.retention_days : null,
    guarded: (await config()).appCheck !== undefined,
  };
}

/** @returns {Promise<any[]>} the kinds of interview that there are; none where the service does not say them */
export async function plans() {
  const said = await wake("create");
  return Array.isArray(said) ? said : [];
}

/** Makes ready what a new interview needs, while the person still reads. */
export async function prepare() {
  void wake("messages");
  const { appCheck } = await config();
  if (appCheck) await import("./appcheck.js").then(({ ready }) => ready(appCheck)).catch(() => {}); // create tries again, and says so
}

/** @returns {Promise<{"X-Firebase-AppCheck"?: string} | null>} the header that proves who asks, where one is wanted; null without a proof */
async function proof() {
  const { appCheck } = await config();
  if (!appCheck) return {};
  const token = await import("./appcheck.js").then(({ prove }) => prove(appCheck)).catch(() => null);
  return token === null ? null : { "X-Firebase-AppCheck": token };
}

/**
 * @param {import("./storage.js").CreateRequest} request
 * @returns {Promise<{created: any} | {problem: Problem}>}
 */
export async function create({ key, name, role, plan, level, time_factor, job, background, seen, only, language }) {
  const proven = await proof();
  if (proven === null) return { problem: navigator.onLine ? trouble("app-check-failed") : NO_CONNECTION };
  const body = {
    ...(name && { candidate_name: name }),
    ...(role && { role }),
    ...(plan !== USUAL.plan && { plan }),
    ...(level && { level }),
    ...(time_factor !== USUAL.time_factor && { time_factor }),
    ...(job && { job }),
    ...(background && { background }),
    ...(seen.length > 0 && { seen }),
    ...(only && { only: [only], ...(language && { language }) }),
  };
  const outcome = await request("/sessions/create", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Idempotency-Key": key, ...proven },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(SILENCE_MS),
  });
  if ("problem" in outcome) return outcome;
  const created = await outcome.response.json().catch(() => null);
  return created ? { created } : { problem: NO_CONNECTION };
}

/**
 * @param {Session} session
 * @param {{after: number, etag: string | null, signal: AbortSignal}} from
 * @returns {Promise<{body: any, etag: string | null} | {problem: Problem}>} body is null when nothing is new
 */
export async function messages(session, { after, etag, signal }) {
  const outcome = await request(`/sessions/${encodeURIComponent(session.id)}/messages?after=${after}`, {
    headers: { ...bearer(session), ...(etag && { "If-None-Match": etag }) },
    signal: AbortSignal.any([signal, AbortSignal.timeout(SILENCE_MS)]),
  });
  if ("problem" in outcome) return outcome;
  if (outcome.response.status === 304) return { body: null, etag };
  const body = await outcome.response.json().catch(() => null);
  return body ? { body, etag: outcome.response.headers.get("ETag") } : { problem: NO_CONNECTION };
}

/**
 * The report on an interview that is over.
 * @param {Session} session
 * @param {string | null} etag of what is known
 * @returns {Promise<{body: any, etag: string | null, retryAfter: number | null} | {problem: Problem}>} body is null when nothing is new
 */
export async function report(session, etag) {
  const outcome = await request(`/sessions/${encodeURIComponent(session.id)}/report`, {
    headers: { ...bearer(session), ...(etag && { "If-None-Match": etag }) },
    signal: AbortSignal.timeout(SILENCE_MS),
  });
  if ("problem" in outcome) return outcome;
  const { status, headers } = outcome.response;
  const body = status === 304 ? null : await outcome.response.json().catch(() => undefined);
  const retryAfter = Number(headers.get("Retry-After")) || null;
  return body === undefined ? { problem: NO_CONNECTION } : { body, etag: headers.get("ETag") ?? etag, retryAfter };
}

/**
 * Says that a claim of the report is wrong.
 * @param {Session} session
 * @param {{seq: number, start: number, sign: string, words?: string}} objection
 * @returns {Promise<{problem?: Problem}>}
 */
export async function objectTo(session, objection) {
  const outcome = await request(`/sessions/${encodeURIComponent(session.id)}/report/wrong`, {
    method: "POST",
    headers: { ...bearer(session), "Content-Type": "application/json" },
    body: JSON.stringify(objection),
    signal: AbortSignal.timeout(SILENCE_MS),
  });
  return "problem" in outcome ? { problem: outcome.problem } : {};
}

/**
 * @param {Session} session
 * @returns {Promise<{problem?: Problem}>}
 */
export async function erase(session) {
  const outcome = await request(`/sessions/${encodeURIComponent(session.id)}`, {
    method: "DELETE",
    headers: bearer(session),
    signal: AbortSignal.timeout(SILENCE_MS),
  });
  return "problem" in outcome ? { problem: outcome.problem } : {};
}

/**
 * The key of the interview's voice room. Asking also makes sure that an interviewer is there.
 * @param {Session} session
 * @param {AbortSignal} signal
 * @returns {Promise<{url: string, token: string} | {problem: Problem}>}
 */
export async function voiceToken(session, signal) {
  const outcome = await request("/livekit/token", {
    method: "POST",
    headers: { ...bearer(session), "Content-Type": "application/json" },
    body: JSON.stringify({ session_id: session.id }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(SILENCE_MS)]),
  });
  if ("problem" in outcome) return outcome;
  const said = await outcome.response.json().catch(() => null);
  return said?.url && said.token ? said : { problem: NO_CONNECTION };
}

/**
 * Sends one event and reads its answer as it comes. A stream that ends without a turn counts as no connection: the
 * server goes on with the turn, so the same event may be sent again.
 * @param {Session} session
 * @param {Outgoing} event
 * @param {{signal: AbortSignal, onAck: () => void, onDelta: (seq: number, text: string) => void}} listener
 * @returns {Promise<{turn: any} | {problem: Problem}>}
 */
export async function takeTurn(session, event, { signal, onAck, onDelta }) {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), SILENCE_MS);
  };
  const { event_type, event_id, text, wish, after } = event;
  const said = { ...((text || !wish) && { user_text: text }), ...(wish && { wish }) };
  const answer = event_type === "user_turn" && { event_id, ...said, ...(after && { after }) };
  try {
    const outcome = await requestTurn("/ui/next_turn", {
      method: "POST",
      headers: { ...bearer(session), "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify({ session_id: session.id, event_type, ...answer }),
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if ("problem" in outcome) return outcome;
    const { response } = outcome;
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) return { turn: await response.json() };
    return await readTurn(/** @type {ReadableStream} */ (response.body), { heard, onAck, onDelta });
  } catch {
    return { problem: NO_CONNECTION };
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Events that this page does not know are those of a later release, and none of its business.
 * @param {ReadableStream} body
 * @param {{heard: () => void, onAck: () => void, onDelta: (seq: number, text: string) => void}} listener
 * @returns {Promise<{turn: any} | {problem: Problem}>}
 */
async function readTurn(body, { heard, onAck, onDelta }) {
  for await (const { event, data } of readEvents(body)) {
    heard();
    if (event === "ack") onAck();
    if (!["delta", "turn", "problem"].includes(event)) continue;
    const said = JSON.parse(data);
    if (event === "delta") onDelta(said.seq, said.text);
    if (event === "turn") return { turn: said };
    if (event === "problem") return { problem: readProblem(said.status ?? 500, said) };
  }
  return { problem: NO_CONNECTION };
}
