/** Joins the parts: what the person does and what the address says become events, and every event is drawn. */

import "./features.js";
import { createActions } from "./actions.js";
import * as api from "./api.js";
import { createPause } from "./clock.js";
import { createCreator } from "./create.js";
import { translatePage } from "./language.js";
import { NO_PASTE } from "./plans.js";
import { createReportLoader } from "./report/loader.js";
import { createRouter } from "./router.js";
import { clean, untilSent } from "./selectors.js";
import { INITIAL, reduce } from "./state.js";
import { createStorage } from "./storage.js";
import { createTabs } from "./tabs.js";
import { focusWhereToGoOn, hasKeyboard, moveFocus } from "./views/focus.js";
import { adopt, draw } from "./views/page.js";
import { isNearTheEnd } from "./views/scroll.js";
import { createVoiceLoader } from "./voice/loader.js";

const WORTH_A_LOOK_MS = 20_000;
const NAMES = /** @type {const} */ (["name", "role"]);

const place = /** @type {HTMLElement} */ (document.getElementById("page"));
let state = INITIAL;
/** @type {import("./views/page.js").VoiceView | null} */
let voiceView = null;
/** @type {import("./views/page.js").ReportView | null} */
let reportView = null;
let lastSign = Date.now();
let lastTick = lastSign;

/** @param {{type: string, [field: string]: any}} event */
function dispatch(event) {
  const before = state;
  const focused = document.activeElement;
  state = reduce(state.view === "room" ? { ...state, atEnd: isNearTheEnd() } : state, event);
  if (state.view === "lost") voice.close();
  draw(place, { state, act, voiceView, reportView });
  moveFocus(before, state, focused);
  report.follow();
}

const pause = createPause();
const storage = createStorage(undefined, () => state.durable && dispatch({ type: "notDurable" }));
const tabs = createTabs(({ session_id, turn, gone }) => {
  if (router.current()?.session.id !== session_id) return;
  if (gone) dispatch({ type: "lost", problem: { slug: "unknown-session", status: 404, retryAfter: null } });
  else if (turn) void router.current()?.heard(turn);
});
const parts = { api, storage, tabs, pause, dispatch, state: () => state };
const voice = createVoiceLoader(loadVoice, () => dispatch({ type: "notLoaded" }));
const report = createReportLoader({ load: loadReport, dispatch, state: () => state });
const router = createRouter({ ...parts, voice, report });
const onBegun = () => hasKeyboard() && focusWhereToGoOn(state);
const act = createActions({ ...parts, voice, report, router, creator: createCreator(parts), onBegun });

async function loadVoice() {
  const [{ createVoiceController }, view] = await Promise.all([import("./voice/controller.js"), import("./views/voice/voice.js")]);
  voiceView = view;
  return createVoiceController({ ...parts, interview: router.current });
}

async function loadReport() {
  const [{ createReportController, translateReport }, view] = await Promise.all([import("./report/controller.js"), import("./views/report/report.js"), loadStyles("/report.css")]);
  await translateReport();
  reportView = view;
  return createReportController(parts);
}

/** @param {string} href @returns {Promise<void>} when what is drawn next is drawn with them */
const loadStyles = (href) =>
  new Promise((resolve, reject) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href, onload: () => resolve() });
    link.onerror = () => reject(link.remove());
    document.head.append(link);
  });

/** The candidate is here. After a while without a sign of them, they may have been on another device. */
function sign() {
  const still = Date.now() - lastSign;
  lastSign = lastTick = Date.now();
  if (still > WORTH_A_LOOK_MS) void router.current()?.cameBack();
}

function onTick() {
  // A machine that slept says so only here: its steady clock may have slept, too.
  if (!document.hidden && Date.now() - lastTick > WORTH_A_LOOK_MS) sign();
  lastTick = Date.now();
  if (state.clock || (state.view === "begin" && state.sessions.length)) dispatch({ type: "tick", now: performance.now() });
  if (document.hidden || untilSent(state) > 0) return;
  router.current()?.answer(clean(state.draft));
  dispatch({ type: "sentAsIs" });
}

function onOnline() {
  dispatch({ type: "connection", online: true });
  pause.skip();
  router.current()?.retryNow();
  voice.controller()?.retryNow();
  report.retryNow();
}

function listen() {
  window.addEventListener("popstate", router.route);
  window.addEventListener("hashchange", () => location.hash.includes("token=") && router.route());
  window.addEventListener("offline", () => dispatch({ type: "connection", online: false }));
  window.addEventListener("online", onOnline);
  document.addEventListener("visibilitychange", () => document.hidden || sign());
  for (const name of ["focus", "keydown", "pointerdown"]) window.addEventListener(name, sign);
  const onScroll = () => state.view === "room" && isNearTheEnd() !== state.atEnd && dispatch({ type: "scrolled" });
  document.addEventListener("scroll", onScroll, { passive: true });
  setInterval(onTick, 1000);
}

/** What was typed before the first script ran stays, else what was said the last time, and not answered. Which kinds there are is not known yet. */
function firstForm() {
  const unanswered = storage.unanswered();
  const latest = unanswered ?? storage.sessions()[0];
  const { level, time_factor } = storage.choice();
  const { job, background } = unanswered ?? NO_PASTE;
  const typed = (/** @type {string} */ id) => /** @type {HTMLInputElement | null} */ (document.getElementById(id))?.value;
  return { ...Object.fromEntries(NAMES.map((name) => [name, typed(name) || latest?.[name] || ""])), level, time_factor, job, background };
}

void translatePage().then(() => {
  adopt(place);
  dispatch({ type: "filled", change: firstForm() });
  listen();
  router.route();
  document.getElementById("too-old")?.remove();
});
