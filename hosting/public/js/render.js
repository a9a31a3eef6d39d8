/** Draws the state. The same state always looks the same, so this may run as often as it likes. */

import { renderLog, setText } from "./log.js";
import { MOST_CHARACTERS, feedback, isBusy, isOver, isQueued, isRunning, length } from "./state.js";
import * as texts from "./texts.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {{text: string, slug?: string, hurry?: boolean}} Notice */

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export const byId = (id) => /** @type {T} */ (document.getElementById(id));

const NEAR_THE_END_PX = 160;
const COUNT_FROM = MOST_CHARACTERS - 400;

/**
 * @param {string} id
 * @param {boolean} visible
 */
const show = (id, visible) => {
  byId(id).hidden = !visible;
};

/**
 * A button that cannot be used keeps its focus: aria-disabled, not disabled.
 * @param {string} id
 * @param {boolean} usable
 */
const usable = (id, usable) => byId(id).setAttribute("aria-disabled", String(!usable));

/** @param {State} state */
export function render(state) {
  const follows = state.view === "room" && !isOver(state) && nearTheEnd();
  show("begin", state.view === "begin");
  show("room", state.view === "room" || state.view === "opening");
  show("lost", state.view === "lost");
  if (state.view === "begin") renderBegin(state);
  if (state.view === "lost") renderLost(state);
  renderRoom(state);
  renderDialogs(state);
  if (follows) window.scrollTo({ top: document.documentElement.scrollHeight });
}

const nearTheEnd = () => {
  const page = document.documentElement;
  return page.scrollHeight - window.scrollY - window.innerHeight < NEAR_THE_END_PX;
};

/** @param {State} state */
function renderBegin(state) {
  document.title = "InterviewOS: practise an interview";
  setText(byId("interviewer"), state.interviewer ? texts.INTERVIEWERS[state.interviewer] : "");
  byId("interviewer").dataset.interviewer = state.interviewer ?? "";
  setText(byId("begin-button"), state.creating ? texts.WORDS.beginning : texts.WORDS.begin);
  usable("begin-button", !state.creating);
  const news = state.refusal ? texts.beginRefused(state.refusal) : state.trouble ? texts.beginWaiting(state.trouble) : state.news;
  setText(byId("begin-notice"), news);
  show("begin-notice", Boolean(news));
  renderEarlier(state);
}

/** @param {State} state */
function renderEarlier({ sessions }) {
  show("earlier", sessions.length > 0);
  const list = byId("earlier-list");
  const wanted = sessions.map((session) => session.id).join();
  if (list.dataset.shown === wanted) return;
  list.dataset.shown = wanted;
  list.replaceChildren(
    ...sessions.map((session) => {
      const button = document.createElement("button");
      button.type = "button";
      button.dataset.session = session.id;
      const name = document.createElement("bdi");
      name.textContent = session.role || texts.title("");
      const what = document.createElement("span");
      what.textContent = [texts.day(session.created_at), texts.statusOf(session.status)].filter(Boolean).join(" · ");
      button.append(name, what);
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
}

/** @param {State} state */
function renderRoom(state) {
  const { interview, session } = state;
  const role = interview?.role ?? session?.role ?? "";
  const lobby = state.view === "room" && interview?.status === "created" && !isBusy(state);
  const running = isRunning(state) || (interview?.status === "created" && isBusy(state));
  if (state.view === "room") document.title = `${texts.STAGES[/** @type {keyof texts.STAGES} */ (interview?.stage)] ?? "Interview"} · InterviewOS`;
  setText(byId("room-title"), texts.title(role));
  for (const step of byId("steps").children) {
    const here = /** @type {HTMLElement} */ (step).dataset.stage === interview?.stage && !lobby;
    if (here) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
  setText(byId("time"), state.clock && isRunning(state) ? texts.timeLeft(secondsLeft(state)) : "");

  const source = sourceNotice(state);
  setText(byId("source-notice"), source);
  show("source-notice", Boolean(source));
  show("lobby", lobby);
  setText(byId("lobby-title"), texts.welcome(interview?.name ?? "", role));
  renderFeedback(state);
  renderLog(byId("log"), state);
  show("thinking", state.view === "room" && isThinking(state));
  renderNotice(state, running);
  renderComposer(state, running);
}

/** @param {State} state */
const secondsLeft = ({ clock, now }) => (clock ? (clock.deadline - now) / 1000 : Infinity);

/** @param {State} state */
function isThinking(state) {
  if (state.partial.length || (state.trouble && !isQueued(state))) return false;
  return isBusy(state) || (isRunning(state) && state.interview?.thinking === true);
}

/** @param {State} state */
function sourceNotice({ messages }) {
  const source = messages.findLast((message) => message.role === "agent")?.source;
  return source === "script" || source === "fallback" ? texts.SOURCE_NOTICES[source] : "";
}

/** @param {State} state */
function renderFeedback(state) {
  const given = feedback(state);
  show("feedback", Boolean(given));
  show("transcript-title", Boolean(given));
  if (!given) return;
  const { closing, points, text, source } = given;
  setText(byId("closing"), closing);
  show("closing", Boolean(closing));
  show("points", Boolean(points));
  show("feedback-text", !points);
  setText(byId("feedback-text"), points ? "" : text);
  for (const part of /** @type {const} */ (["strength", "gap", "next"])) setText(byId(part), points?.[part] ?? "");
  setText(byId("feedback-source"), texts.FEEDBACK_SOURCES[/** @type {keyof texts.FEEDBACK_SOURCES} */ (source)] ?? "");
  setText(byId("kept-until"), state.session?.expires_at ? texts.keptUntil(state.session.expires_at) : "");
}

/**
 * The one thing the person should know now.
 * @param {State} state
 * @param {boolean} running
 * @returns {Notice | null}
 */
function notice(state, running) {
  if (state.view === "opening") return state.trouble ? { text: texts.waiting(state.trouble, !state.online), hurry: true } : { text: texts.WORDS.opening };
  if (state.refusal) return { text: texts.refused(state.refusal), slug: state.refusal.slug };
  if (state.trouble && !isQueued(state)) return { text: texts.waiting(state.trouble, !state.online), hurry: true };
  if (!running) return null;
  if (state.interview?.status === "error") return { text: texts.WORDS.stopped };
  if (!state.durable) return { text: texts.WORDS.notDurable };
  if (secondsLeft(state) <= 0) return { text: texts.WORDS.timeUp };
  if (secondsLeft(state) <= 60) return { text: texts.WORDS.nearlyUp };
  return null;
}

/**
 * @param {State} state
 * @param {boolean} running
 */
function renderNotice(state, running) {
  const now = notice(state, running);
  show("notice", Boolean(now));
  setText(byId("notice-text"), now?.text ?? "");
  show("notice-button", now?.hurry === true);
  show("notice-link", Boolean(now?.slug));
  if (now?.slug) byId("notice-link").setAttribute("href", `/problems#${now.slug}`);
}

/**
 * @param {State} state
 * @param {boolean} running
 */
function renderComposer(state, running) {
  show("composer", running);
  const answer = /** @type {HTMLTextAreaElement} */ (byId("answer"));
  if (answer.value !== state.draft) answer.value = state.draft;
  const left = MOST_CHARACTERS - length(state.draft);
  setText(byId("counter"), MOST_CHARACTERS - left > COUNT_FROM ? texts.charactersLeft(left) : "");
  byId("counter").classList.toggle("over", left < 0);
  usable("send-button", !isBusy(state) && left >= 0 && state.draft.trim() !== "");
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
  const words = [...state.outgoing.map((event) => event.text), state.draft].filter(Boolean).join("\n\n");
  show("lost-words", Boolean(words));
  /** @type {HTMLTextAreaElement} */ (byId("lost-answer")).value = words;
}

/** @param {State} state */
function renderDialogs(state) {
  for (const question of ["finish", "erase"]) {
    const dialog = /** @type {HTMLDialogElement} */ (byId(`${question}-dialog`));
    if (state.asking === question && !dialog.open) dialog.showModal();
    if (state.asking !== question && dialog.open) dialog.close();
  }
  setText(byId("erase-notice"), state.eraseProblem ? texts.eraseFailed(state.eraseProblem) : "");
  show("erase-notice", Boolean(state.eraseProblem));
}
