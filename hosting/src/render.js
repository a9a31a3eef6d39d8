/** Draws the state. The same state always looks the same, so this may run as often as it likes. */

import { byId, hasKeyboard, say, setText, show, usable } from "./elements.js";
import { texts } from "./language.js";
import { renderLog } from "./log.js";
import { MOST_CHARACTERS, canSend, feedback, hasWordsBelow, isBusy, isOver, isQueued, isRunning, length, untilSent } from "./state.js";
import { renderVoice } from "./voicebar.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {{text: string, slug?: string, retryNow?: boolean, calm?: boolean}} Notice */

const NEAR_THE_END_PX = 160;
const COUNT_FROM = MOST_CHARACTERS - 400;
const NOTICE_FROM_SECONDS = 60;
const LAST_NOTICE_MS = 10_000;

/** @param {State} state */
export function render(state) {
  const follows = state.view === "room" && !isOver(state) && isNearTheEnd();
  show("begin", state.view === "begin");
  show("room", state.view === "room" || state.view === "opening");
  show("lost", state.view === "lost");
  if (state.view === "begin") renderBegin(state);
  if (state.view === "lost") renderLost(state);
  renderRoom(state);
  renderVoice(state);
  renderDialogs(state);
  if (follows) window.scrollTo({ top: document.documentElement.scrollHeight });
}

export const isNearTheEnd = () => {
  const page = document.documentElement;
  return page.scrollHeight - window.scrollY - window.innerHeight < NEAR_THE_END_PX;
};

/**
 * @param {string} id
 * @param {State} state
 */
function renderInterviewer(id, { service }) {
  setText(byId(id), service ? texts.INTERVIEWERS[service.interviewer] : "");
  byId(id).dataset.interviewer = service?.interviewer ?? "";
}

/**
 * @param {string} id
 * @param {string} text
 * @param {boolean} [calm] nothing is wrong
 */
function notify(id, text, calm = false) {
  setText(byId(`${id}-text`), text);
  show(id, text !== "");
  byId(id).classList.toggle("calm", calm);
}

/** @param {State} state */
function renderBegin(state) {
  document.title = texts.TITLE;
  renderInterviewer("interviewer", state);
  renderService(state);
  /** @type {HTMLInputElement} */ (byId(state.check ? "mode-voice" : "mode-text")).checked = true;
  setText(byId("begin-button"), state.creating ? texts.WORDS.beginning : texts.PAGE.begin);
  usable("begin-button", !state.creating);
  const { creating, refusal, trouble, news, online } = state;
  const text = refusal ? texts.beginRefused(refusal) : trouble ? texts.beginWaiting(trouble, !online) : news;
  notify("begin-notice", text, !refusal && !trouble);
  show("begin-cancel", creating !== null);
  renderEarlier(state);
}

/** @param {State} state */
function renderService({ service }) {
  if (!service) return;
  const { minutes, retentionDays, voice, guarded } = service;
  setText(byId("intro-minutes"), minutes ? texts.upTo(minutes.intro) : "");
  setText(byId("experience-minutes"), minutes ? texts.upTo(minutes.experience) : "");
  setText(byId("retention"), retentionDays ? texts.retention(retentionDays) : texts.PAGE.assureKept);
  show("guarded", guarded);
  /** @type {HTMLInputElement} */ (byId("mode-voice")).disabled = !voice;
  setText(byId("voice-why"), service.interviewer === "unknown" ? "" : voice ? texts.VOICE.yes : texts.VOICE.no);
}

/** @param {State} state */
function renderEarlier({ sessions }) {
  show("earlier", sessions.length > 0);
  const list = byId("earlier-list");
  const wanted = JSON.stringify(sessions.map(({ id, role, status }) => [id, role, status]));
  if (list.dataset.shown === wanted) return;
  list.dataset.shown = wanted;
  list.replaceChildren(...sessions.map(earlierItem));
}

/** @param {import("./storage.js").Session} session */
function earlierItem(session) {
  const open = document.createElement("button");
  const name = document.createElement("bdi");
  name.textContent = session.role || texts.title("");
  const what = document.createElement("span");
  what.textContent = [texts.day(session.created_at), texts.statusOf(session.status)].filter(Boolean).join(" · ");
  open.append(name, what);
  open.dataset.open = session.id;
  const erase = document.createElement("button");
  erase.className = "quiet erase";
  erase.dataset.erase = session.id;
  erase.textContent = "×";
  erase.setAttribute("aria-label", texts.eraseOf([name.textContent, texts.day(session.created_at)].filter(Boolean).join(", ")));
  open.type = erase.type = "button";
  const item = document.createElement("li");
  item.append(open, erase);
  return item;
}

/** @param {State} state */
function renderRoom(state) {
  const { interview, session } = state;
  const role = interview?.role ?? session?.role ?? "";
  const begun = isBusy(state) || state.voice !== null;
  const lobby = state.view === "room" && interview?.status === "created" && !begun;
  const running = isRunning(state) || (interview?.status === "created" && begun);
  if (state.view === "room") {
    const stage = texts.STAGES[/** @type {keyof typeof texts.STAGES} */ (interview?.stage)] ?? texts.title("");
    document.title = `${stage} · InterviewOS`;
  }
  byId("room").dataset.view = state.view === "opening" ? "opening" : lobby ? "lobby" : isOver(state) ? "end" : "talk";
  setText(byId("room-title"), texts.title(role));
  renderSteps(lobby ? "" : interview?.stage ?? "", isOver(state));
  setText(byId("time"), state.clock && isRunning(state) ? texts.timeLeft(secondsLeft(state)) : "");

  const byScript = !isOver(state) && state.messages.findLast((message) => message.role === "agent")?.source === "script";
  say("source-notice", byScript ? texts.SOURCE_NOTICES.script : "");
  show("lobby", lobby);
  show("lobby-voice", state.service?.voice === true && !state.check);
  setText(byId("lobby-title"), texts.welcome(interview?.name ?? "", role));
  if (lobby) renderInterviewer("lobby-interviewer", state);
  setText(byId("lobby-kept"), interview?.expiresAt ? texts.keptUntil(interview.expiresAt) : "");
  renderFeedback(state);
  renderLog(byId("log"), state);
  show("thinking", state.view === "room" && isThinking(state));
  show("below-button", state.view === "room" && !isOver(state) && hasWordsBelow(state));
  renderNotice(state, running);
  renderComposer(state, running);
}

/**
 * @param {string} stage
 * @param {boolean} over
 */
function renderSteps(stage, over) {
  const steps = /** @type {HTMLElement[]} */ ([...byId("steps").children]);
  const here = steps.findIndex((step) => step.dataset.stage === stage);
  steps.forEach((step, index) => {
    step.classList.toggle("past", index < here || over);
    if (index === here) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  });
}

/** @param {State} state */
const secondsLeft = ({ clock, now }) => (clock ? (clock.deadline - now) / 1000 : Infinity);

/** @param {State} state */
function isThinking(state) {
  if (state.partial.length || (state.trouble && !isQueued(state))) return false;
  return isBusy(state) || (isRunning(state) && state.interview?.thinking === true);
}

/** @param {State} state */
function renderFeedback(state) {
  const given = feedback(state);
  show("feedback", Boolean(given));
  show("transcript-title", Boolean(given));
  if (state.view !== "lost") showUnsent("transcript-title", given ? [state.draft] : []);
  if (!given) return;
  const { closing, points, text, source } = given;
  const { name = "", role = "", expiresAt = "" } = state.interview ?? {};
  const about = [name, role].filter(Boolean).map((words) => {
    const part = document.createElement("bdi");
    part.textContent = words;
    return part;
  });
  const date = document.createElement("span");
  date.textContent = texts.fullDay(state.messages[0]?.created_at);
  byId("feedback-about").replaceChildren(...about, date);
  say("closing", closing);
  show("points", Boolean(points));
  say("feedback-text", points ? "" : text);
  for (const part of /** @type {const} */ (["strength", "gap", "next"])) setText(byId(part), points?.[part] ?? "");
  setText(byId("feedback-source"), texts.FEEDBACK_SOURCES[/** @type {keyof typeof texts.FEEDBACK_SOURCES} */ (source)] ?? "");
  say("kept-until", expiresAt ? texts.keptUntil(expiresAt) : "");
}

/**
 * The one thing the person should know now.
 * @param {State} state
 * @param {boolean} running
 * @returns {Notice | null}
 */
function notice(state, running) {
  const { WORDS } = texts;
  const waits = () => ({ text: texts.waiting(/** @type {any} */ (state.trouble), !state.online), retryNow: state.online });
  if (state.view === "begin") return null;
  if (state.view === "opening") return state.trouble ? waits() : { text: WORDS.opening, calm: true };
  if (state.refusal) return { text: texts.refused(state.refusal), slug: state.refusal.slug, calm: Boolean(state.refusal.turn) };
  if (state.trouble && !isQueued(state)) return waits();
  if (!running) return null;
  if (state.interview?.status === "error") return { text: WORDS.stopped };
  if (state.asIs) return { text: WORDS.sentAsIs, calm: true };
  if (untilSent(state) <= LAST_NOTICE_MS) return { text: WORDS.sendsSoon };
  if (!state.durable) return { text: WORDS.notDurable };
  if (secondsLeft(state) > NOTICE_FROM_SECONDS) return null;
  return { text: state.voice ? WORDS.nearlyUp : `${WORDS.nearlyUp} ${WORDS.willSend}` };
}

/**
 * @param {State} state
 * @param {boolean} running
 */
function renderNotice(state, running) {
  const now = notice(state, running);
  notify("notice", now?.text ?? "", now?.calm);
  show("notice-button", now?.retryNow === true);
  show("notice-link", Boolean(now?.slug));
  if (now?.slug) byId("notice-link").setAttribute("href", `/problems#${now.slug}`);
}

/**
 * @param {State} state
 * @param {boolean} running
 */
function renderComposer(state, running) {
  show("composer", running && !state.voice && !state.check);
  show("speak-button", state.service?.voice === true);
  const answer = /** @type {HTMLTextAreaElement} */ (byId("answer"));
  if (answer.value !== state.draft) answer.value = state.draft;
  byId("grows").dataset.words = state.draft;
  setText(byId("hint"), hasKeyboard() ? texts.PAGE.keys : "");
  const left = MOST_CHARACTERS - length(state.draft);
  setText(byId("counter"), MOST_CHARACTERS - left > COUNT_FROM ? texts.charactersLeft(left) : "");
  byId("counter").classList.toggle("over", left < 0);
  usable("send-button", canSend(state));
  usable("finish-button", !state.outgoing.some((event) => event.event_type !== "user_turn"));
}

/** @param {State} state */
function renderLost(state) {
  const problem = state.lost ?? { slug: "", status: 0, retryAfter: null };
  const [title, text] = texts.lost(problem);
  document.title = `${title} · InterviewOS`;
  setText(byId("lost-title"), title);
  setText(byId("lost-text"), text);
  show("lost-link", problem.status > 0);
  byId("lost-link").setAttribute("href", `/problems#${problem.slug}`);
  showUnsent("lost-actions", [...state.outgoing.map((event) => event.text), state.draft]);
}

/**
 * Words that are not heard any more are not hidden: they can be copied.
 * @param {string} place what they stand before
 * @param {string[]} parts
 */
function showUnsent(place, parts) {
  const unsent = byId("unsent");
  if (byId(place).previousElementSibling !== unsent) byId(place).before(unsent);
  const words = parts.filter(Boolean).join("\n\n");
  unsent.hidden = !words;
  /** @type {HTMLTextAreaElement} */ (byId("unsent-words")).value = words;
}

/** @param {State} state */
function renderDialogs(state) {
  for (const question of ["finish", "erase"]) {
    const dialog = /** @type {HTMLDialogElement} */ (byId(`${question}-dialog`));
    if (state.asking === question && !dialog.open) dialog.showModal();
    if (state.asking !== question && dialog.open) dialog.close();
  }
  show("finish-draft", state.draft.trim() !== "");
  const { role, created_at } = state.erasing ?? {};
  say("erase-which", [role, texts.fullDay(created_at)].filter(Boolean).join(" · "));
  say("erase-notice", state.eraseProblem ? texts.eraseFailed(state.eraseProblem) : "");
}
