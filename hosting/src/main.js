/** Joins the parts: what the person does and what the address says become events, and every event is drawn. */

import "./features.js";
import * as api from "./api.js";
import { createPause } from "./clock.js";
import { byId, hasKeyboard } from "./elements.js";
import { openInterview } from "./interview.js";
import { download } from "./export.js";
import { texts, translatePage } from "./language.js";
import { delay, trouble, retryPolicy } from "./problems.js";
import { isNearTheEnd, render } from "./render.js";
import { INITIAL, canSend, clean, isOver, reduce, untilSent } from "./state.js";
import { createStorage } from "./storage.js";
import { createTabs } from "./tabs.js";
import { createVoiceController } from "./voice/controller.js";

/** @typedef {import("./storage.js").Session} Session */

const LONGEST_WAIT_TO_BEGIN_SECONDS = 60;
// What Safari reports of the Enter that chooses a word while one composes, when it does not say isComposing any more.
const COMPOSING = 229;
const SLOW_MS = 4_000;
const WORTH_A_LOOK_MS = 20_000;

let state = INITIAL;
/** @type {ReturnType<typeof openInterview> | null} */
let open = null;
let lastSign = Date.now();
let lastTick = lastSign;

/** @param {{type: string, [field: string]: any}} event */
function dispatch(event) {
  const before = state;
  const focused = document.activeElement;
  state = reduce(state.view === "room" ? { ...state, atEnd: isNearTheEnd() } : state, event);
  if (state.view === "lost") voiceController.close();
  render(state);
  moveFocus(before, focused);
}

const pause = createPause();
const storage = createStorage(undefined, () => state.durable && dispatch({ type: "notDurable" }));
const voiceController = createVoiceController({ api, storage, interview: () => open, dispatch, state: () => state });
const tabs = createTabs(({ session_id, turn, gone }) => {
  if (open?.session.id !== session_id) return;
  if (gone) dispatch({ type: "lost", problem: { slug: "unknown-session", status: 404, retryAfter: null } });
  else if (turn) void open.heard(turn);
});

/**
 * Focus goes where the person goes on: never lost with an element that is gone, never taken from one they use.
 * @param {typeof state} before
 * @param {Element | null} focused what had the focus before this was drawn
 */
function moveFocus(before, focused) {
  if (state.view === "lost" && before.view !== "lost") byId("lost-title").focus();
  if (state.view === "begin" && before.view !== "begin") byId("begin-title").focus();
  else if (state.view === "begin" && isGone(focused)) byId(whereToBegin(focused)).focus();
  if (state.view !== "room") return;
  if (before.view !== "room") {
    const place = isOver(state) ? "feedback-title" : hasKeyboard() && !byId("composer").hidden ? "answer" : "room-title";
    byId(place).focus({ preventScroll: true });
  } else if (isOver(state) && !isOver(before)) {
    byId("feedback-title").focus({ preventScroll: true });
    window.scrollTo({ top: 0 });
  } else if (isGone(focused)) {
    byId(whereToGoOn()).focus({ preventScroll: true });
  }
}

/** @param {Element | null} focused */
function whereToBegin(focused) {
  if (!byId("check").contains(focused)) return "begin-button";
  return state.check ? "check-title" : "mode-text";
}

function whereToGoOn() {
  if (state.check) return "check-title";
  if (state.voice) return "voice-title";
  return byId("composer").hidden ? "room-title" : "answer";
}

/**
 * @param {Element | null} focused
 * @returns {boolean} whether it took the focus with it; a dialog gives it back by itself
 */
const isGone = (focused) =>
  focused !== document.body && focused?.checkVisibility() === false && [focused, document.body].includes(document.activeElement);

/** @param {Session} session */
function remember(session) {
  storage.saveSession(session);
  // Where nothing can be kept, the tab's own history still survives a reload.
  return { interview: session.id, ...(!state.durable && { token: session.token }) };
}

/** Nothing of an interview goes on when the page shows something else. */
function close() {
  voiceController.close();
  open?.close();
  open = null;
}

/** @param {Session} session */
function enter(session) {
  close();
  const outgoing = storage.outbox(session.id).map((event) => ({ ...event, phase: /** @type {const} */ ("sending") }));
  dispatch({ type: "opened", session, outgoing, draft: storage.draft(session.id) });
  open = openInterview({ session, api, storage, tellTabs: tabs.tell, dispatch, state: () => state });
  const byVoice = history.state?.voice === true;
  void open.load().then(() => {
    if (isOver(state)) return;
    void askService();
    if (byVoice && open?.session === session) void voiceController.resume();
  });
}

/** Wakes the function that takes turns, and hears from it what an interview is like here. */
async function askService() {
  dispatch({ type: "service", service: await api.service() });
}

/** @param {string} [news] */
function leave(news) {
  close();
  dispatch({ type: "left", sessions: storage.sessions(), news });
  void askService();
  void api.prepare();
}

/**
 * A link holds the key of an interview after the #, which never reaches a server; it is taken out of the address at once.
 * @returns {Session | "bad" | null}
 */
function takeLink() {
  const said = new URLSearchParams(location.hash.slice(1));
  const [id, token] = [said.get("session"), said.get("token")];
  if (id === null && token === null) return null;
  history.replaceState(null, "", location.pathname);
  return id && token && /^[\w-]{1,128}$/.test(id) && /^[\w.~-]{1,4096}$/.test(token) ? { id, token } : "bad";
}

/** Shows what the address and this tab's history say. */
function route() {
  const link = takeLink();
  if (link === "bad") return dispatch({ type: "lost", problem: { slug: "bad-link", status: 0, retryAfter: null } });
  if (link) {
    history.replaceState(remember(link), "", location.pathname);
    return enter(link);
  }
  const { interview: id, token } = history.state ?? {};
  if (!id) return leave();
  const session = storage.session(id) ?? (token ? { id, token } : null);
  if (session) return enter(session);
  dispatch({ type: "lost", problem: { slug: "other-browser", status: 0, retryAfter: null } });
}

/**
 * @param {string} name
 * @param {string} role
 */
async function begin(name, role) {
  if (state.creating) return;
  const request = storage.createRequest(name, role);
  dispatch({ type: "creating", request });
  for (let attempt = 0; state.creating === request; attempt += 1) {
    const slow = setTimeout(() => state.creating === request && dispatch({ type: "createWaits", problem: trouble("slow") }), SLOW_MS);
    const outcome = await api.create(request);
    clearTimeout(slow);
    if (state.creating !== request) return; // it was left, perhaps for another
    if ("created" in outcome) return begun(outcome.created);
    const { problem } = outcome;
    const soon = (problem.retryAfter ?? 0) <= LONGEST_WAIT_TO_BEGIN_SECONDS;
    if (retryPolicy(problem) !== "again" || !soon) return dispatch({ type: "createRefused", problem });
    dispatch({ type: "createWaits", problem });
    await pause.wait(delay(problem, attempt));
  }
}

/** Whoever wants to speak has a microphone first. */
async function beginAsChosen() {
  if (state.check && state.check.phase !== "on" && !(await voiceController.listen())) return;
  await begin(fill("name"), fill("role"));
}

/** @param {any} said the answer to create */
function begun(said) {
  const session = {
    id: said.session_id,
    token: said.session_token,
    name: said.candidate_name ?? "",
    role: said.role ?? "",
    status: said.status,
    created_at: new Date().toISOString(),
    expires_at: said.expires_at,
  };
  history.pushState(remember(session), "", location.pathname);
  storage.createAnswered(); // only now: until the session is kept, the request is what leads to it
  const byVoice = state.check !== null;
  if (said.status !== "created") return enter(session);
  close();
  open = openInterview({ session, api, storage, tellTabs: tabs.tell, dispatch, state: () => state });
  dispatch({ type: "created", session, said, draft: "", now: performance.now() });
  if (byVoice) void voiceController.start();
  else open.start();
  if (hasKeyboard()) byId(whereToGoOn()).focus({ preventScroll: true });
}

async function erase() {
  const session = state.erasing;
  if (!session) return;
  const { problem } = await api.erase(session);
  if (problem && problem.status !== 404) return dispatch({ type: "eraseFailed", problem });
  storage.forgetSession(session.id);
  tabs.tell({ session_id: session.id, gone: true });
  history.replaceState(null, "", location.pathname);
  leave(texts.WORDS.deleted);
}

/** Leaves the room by the page itself, so that the way back is the browser's back button. */
function goToStart() {
  history.pushState(null, "", location.pathname);
  leave();
}

/**
 * @param {string} id
 * @param {string} [value]
 */
function fill(id, value) {
  const field = /** @type {HTMLInputElement} */ (byId(id));
  if (value !== undefined) field.value = value;
  return clean(field.value);
}

function send() {
  if (!canSend(state)) return;
  open?.answer(clean(state.draft));
  byId("answer").focus({ preventScroll: true });
  toTheEnd();
}

/** At once, for words that come while a page still glides would be missed. */
const toTheEnd = () => window.scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });

/** Somebody is here. After a while without a sign of them, they may have been on another device. */
function sign() {
  const still = Date.now() - lastSign;
  lastSign = lastTick = Date.now();
  if (still > WORTH_A_LOOK_MS) open?.cameBack();
}

/**
 * @param {string} id
 * @param {() => void} act
 */
const onClick = (id, act) =>
  byId(id).addEventListener("click", (event) => {
    if (/** @type {HTMLElement} */ (event.currentTarget).getAttribute("aria-disabled") !== "true") act();
  });

byId("begin-form").addEventListener("submit", (event) => {
  event.preventDefault();
  void beginAsChosen();
});
byId("suggestions").addEventListener("click", ({ target }) => {
  const button = /** @type {HTMLElement} */ (target).closest("button");
  if (!button) return;
  fill("role", button.textContent ?? "");
  byId("role").focus();
});
onClick("begin-cancel", () => {
  dispatch({ type: "creating", request: null });
  pause.skip();
});
byId("mode-voice").addEventListener("change", () => void voiceController.check("begin", false));
byId("mode-text").addEventListener("change", voiceController.write);
byId("device").addEventListener("change", ({ target }) => void voiceController.listen(/** @type {HTMLSelectElement} */ (target).value));
byId("earlier-list").addEventListener("click", (event) => {
  const { open: id, erase: goes } = /** @type {HTMLElement} */ (event.target).closest("button")?.dataset ?? {};
  if (goes) return dispatch({ type: "asked", question: "erase", session: storage.session(goes) });
  const session = id && storage.session(id);
  if (!session) return;
  history.pushState(remember(session), "", location.pathname);
  enter(session);
});
byId("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});
byId("answer").addEventListener("input", (event) => {
  dispatch({ type: "typed", text: /** @type {HTMLTextAreaElement} */ (event.target).value });
  if (state.session) storage.saveDraft(state.session.id, state.draft);
});
byId("answer").addEventListener("keydown", (event) => {
  const { key, keyCode, isComposing, shiftKey, ctrlKey, metaKey } = event;
  if (key !== "Enter" || isComposing || keyCode === COMPOSING || shiftKey || !(hasKeyboard() || ctrlKey || metaKey)) return;
  event.preventDefault();
  send();
});
onClick("lobby-button", () => open?.start());
onClick("lobby-voice", () => void voiceController.check("room", true));
onClick("microphone-button", () => void voiceController.listen());
onClick("talk-button", () => void voiceController.start());
onClick("speak-button", () => void voiceController.startVoice());
onClick("check-write", voiceController.write);
onClick("write-button", voiceController.write);
onClick("mute-button", voiceController.mute);
onClick("done-button", voiceController.done);
onClick("voice-again", () => void voiceController.act());
onClick("notice-button", () => open?.retryNow());
for (const id of ["finish-button", "voice-finish"]) onClick(id, () => dispatch({ type: "asked", question: "finish" }));
onClick("finish-no", () => dispatch({ type: "asked", question: null }));
onClick("finish-yes", () => {
  dispatch({ type: "asked", question: null });
  void voiceController.finish();
});
onClick("erase-button", () => dispatch({ type: "asked", question: "erase" }));
onClick("erase-no", () => dispatch({ type: "asked", question: null }));
onClick("erase-yes", () => void erase());
for (const question of ["finish", "erase"]) {
  const dialog = /** @type {HTMLDialogElement} */ (byId(`${question}-dialog`));
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault(); // the state closes it, at once: its own "close" comes later, perhaps after it was asked again
    dispatch({ type: "asked", question: null });
  });
  dialog.addEventListener("close", () => !dialog.open && state.asking === question && dispatch({ type: "asked", question: null }));
}
onClick("again-button", async () => {
  const { interview, spoken } = state;
  goToStart();
  fill("name", interview?.name);
  fill("role", interview?.role);
  if (spoken) await voiceController.check("begin", true);
  await beginAsChosen();
});
onClick("markdown-button", () => download(state, "md"));
onClick("json-button", () => download(state, "json"));
onClick("print-button", () => window.print());
onClick("below-button", toTheEnd);
byId("home").addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  goToStart();
});
onClick("lost-leave", () => {
  if (state.session && [404, 410].includes(state.lost?.status ?? 0)) storage.forgetSession(state.session.id);
  history.replaceState(null, "", location.pathname);
  leave();
});

window.addEventListener("popstate", route);
window.addEventListener("hashchange", () => location.hash.includes("token=") && route());
window.addEventListener("offline", () => dispatch({ type: "connection", online: false }));
window.addEventListener("online", () => {
  dispatch({ type: "connection", online: true });
  pause.skip();
  open?.retryNow();
  voiceController.retryNow();
});
document.addEventListener("visibilitychange", () => document.hidden || sign());
for (const name of ["focus", "keydown", "pointerdown"]) window.addEventListener(name, sign);
document.addEventListener("scroll", () => {
  if (state.view === "room" && isNearTheEnd() !== state.atEnd) dispatch({ type: "scrolled" });
}, { passive: true });
setInterval(() => {
  // A machine that slept says so only here: its steady clock may have slept, too.
  if (!document.hidden && Date.now() - lastTick > WORTH_A_LOOK_MS) sign();
  lastTick = Date.now();
  if (state.clock) dispatch({ type: "tick", now: performance.now() });
  if (!document.hidden && untilSent(state) <= 0) {
    open?.answer(clean(state.draft));
    dispatch({ type: "sentAsIs" });
  }
}, 1000);

void translatePage().then(() => {
  const [latest] = storage.sessions();
  if (!fill("role") && latest?.role) fill("role", latest.role);
  if (!fill("name") && latest?.name) fill("name", latest.name);
  route();
  byId("too-old").remove();
});
