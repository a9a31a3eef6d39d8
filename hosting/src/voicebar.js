/** Draws what a person sees before and while they speak: the microphone, who is speaking, and what is being said. */

import { byId, say, setText, show, usable } from "./elements.js";
import { texts } from "./language.js";
import { canBeDone, isBusy, isOver, spokenWords } from "./state.js";

/** @typedef {import("./state.js").State} State */

/** @type {Map<string, HTMLElement>} */
const shown = new Map();

/** @param {State} state */
export function renderVoice(state) {
  renderCheck(state);
  renderBar(state);
  renderCaptions(state);
}

/** @param {State} state */
function renderCheck({ check }) {
  show("check", check !== null);
  if (!check) return;
  const host = byId(`${check.where}-check`);
  if (byId("check").parentElement !== host) host.append(byId("check"));
  const { phase, fault, heard, devices, device } = check;
  setText(byId("check-text"), fault ? texts.MICROPHONE[fault] : phase === "on" ? texts.CHECK[heard ? "heard" : "quiet"] : texts.CHECK[phase]);
  byId("check").dataset.phase = fault ? "fault" : phase;
  show("check-level", phase === "on");
  show("microphone-button", phase === "idle");
  setText(byId("microphone-button"), fault ? texts.CHECK.again : texts.PAGE.turnOn);
  show("check-devices", phase === "on" && devices.length > 1);
  show("talk-button", check.where === "room" && phase === "on");
  renderDevices(devices, device);
}

/**
 * @param {import("./voice/microphone.js").Device[]} devices
 * @param {string} chosen
 */
function renderDevices(devices, chosen) {
  const select = /** @type {HTMLSelectElement} */ (byId("device"));
  const wanted = JSON.stringify(devices);
  if (select.dataset.shown !== wanted) {
    select.dataset.shown = wanted;
    select.replaceChildren(...devices.map(({ id, label }) => new Option(label, id)));
  }
  if (devices.some(({ id }) => id === chosen)) select.value = chosen;
}

/** @param {State} state */
function renderBar(state) {
  const { voice } = state;
  show("voice", voice !== null);
  if (!voice) return;
  const over = isOver(state);
  const stopped = voice.phase === "stopped";
  const [text, button] = notice(state);
  say("voice-notice-text", text);
  show("voice-notice", text !== "");
  show("voice-again", button !== "");
  setText(byId("voice-again"), button);
  byId("voice").dataset.speaks = speaks(state);
  setText(byId("who-speaks"), texts.SPEAKING[speaks(state)]);
  for (const id of ["done-button", "mute-button", "voice-finish"]) show(id, !over);
  usable("done-button", canBeDone(state));
  usable("mute-button", !stopped);
  setText(byId("mute-button"), voice.muted ? texts.VOICE.unmute : texts.PAGE.mute);
  setText(byId("write-button"), over ? texts.VOICE.stop : texts.PAGE.goOnInWriting);
  usable("voice-finish", !state.outgoing.some((event) => event.event_type === "finish"));
}

/**
 * @param {State} state
 * @returns {keyof typeof texts.SPEAKING}
 */
function speaks(state) {
  const voice = /** @type {import("./state.js").Voice} */ (state.voice);
  const { phase, agent, you, muted, ear } = voice;
  if (phase === "joining" && isBusy(state)) return "sending";
  if (phase !== "on") return phase;
  if (agent === "speaking") return "agent";
  if (agent === "thinking") return "thinking";
  if (agent !== "listening") return "coming";
  if (ear === "gone") return ear;
  return muted ? "muted" : you ? "you" : "listening";
}

/**
 * The one thing the person should know now, and the press that helps.
 * @param {State} state
 * @returns {[text: string, button: string]}
 */
function notice(state) {
  const { phase, problem, blocked, ear, trouble, awaited } = /** @type {import("./state.js").Voice} */ (state.voice);
  const { BUTTONS, EARS, TROUBLES, VOICE } = texts;
  if (problem) {
    if (phase !== "stopped") return [texts.voiceWaits(problem, !state.online), BUTTONS.again];
    const { slug } = problem;
    const button = slug.startsWith("microphone-") ? BUTTONS.microphone : BUTTONS[/** @type {keyof typeof BUTTONS} */ (slug)] ?? BUTTONS.again;
    return [texts.voiceStopped(problem), slug === "voice-not-configured" ? "" : button];
  }
  if (blocked) return [VOICE.blocked, BUTTONS.hear];
  if (ear) return [EARS[ear], BUTTONS.microphone];
  if (trouble) return [TROUBLES[/** @type {keyof typeof TROUBLES} */ (trouble)] ?? TROUBLES.backend, ""];
  if (awaited >= 30) return [VOICE.nobody, ""];
  return [awaited ? VOICE.called : "", ""];
}

/** @param {State} state */
function renderCaptions(state) {
  const list = state.voice && !isOver(state) ? spokenWords(state) : [];
  const ids = new Set(list.map(({ id }) => id));
  for (const [id, element] of shown) {
    if (ids.has(id)) continue;
    element.remove();
    shown.delete(id);
  }
  for (const { id, role, text } of list) {
    const element = shown.get(id) ?? build();
    shown.set(id, element);
    element.className = `entry ${role}`;
    setText(element.children[0], role === "user" ? texts.YOU : texts.SPEAKERS.model);
    setText(element.children[1], text);
    if (!element.isConnected) byId("captions").append(element);
  }
  show("captions", list.length > 0);
}

/** @returns {HTMLElement} */
function build() {
  const entry = document.createElement("div");
  for (const part of ["who", "words"]) {
    const line = document.createElement("p");
    line.className = part;
    entry.append(line);
  }
  /** @type {HTMLElement} */ (entry.children[1]).dir = "auto";
  return entry;
}
