/** What the person can do, for the views to offer. */

import { texts } from "./language.js";
import { NO_PASTE, USUAL, chosenPlan, choiceOf, pasteOf } from "./plans.js";
import { clean } from "./selectors.js";

/** @typedef {ReturnType<typeof createActions>} Actions */

/**
 * @param {object} parts
 * @param {typeof import("./api.js")} parts.api
 * @param {import("./storage.js").PageStorage} parts.storage
 * @param {ReturnType<typeof import("./tabs.js").createTabs>} parts.tabs
 * @param {ReturnType<typeof import("./voice/loader.js").createVoiceLoader>} parts.voice
 * @param {ReturnType<typeof import("./report/loader.js").createReportLoader>} parts.report
 * @param {ReturnType<typeof import("./router.js").createRouter>} parts.router
 * @param {ReturnType<typeof import("./create.js").createCreator>} parts.creator
 * @param {() => void} parts.onBegun
 * @param {(event: {type: string, [field: string]: any}) => void} parts.dispatch
 * @param {() => import("./state.js").State} parts.state
 */
export function createActions({ api, storage, tabs, voice, report, router, creator, onBegun, dispatch, state }) {
  /** @param {"finish" | "erase" | null} question @param {import("./storage.js").Session} [session] */
  const ask = (question, session) => dispatch({ type: "asked", question, ...(session && { session }) });

  /** A spoken interview begins with a microphone that works. */
  function begin(/** @type {import("./plans.js").Choice & import("./storage.js").Part} */ choice = choiceOf(chosenPlan(state()))) {
    const { check } = state();
    if (!check || check.phase === "on") void create(choice);
    else voice.use(async (controller) => (await controller.listen()) && create(choice));
  }

  /** @param {import("./plans.js").Choice & import("./storage.js").Part} choice */
  async function create(choice) {
    const { form } = state();
    const paste = choice.only ? NO_PASTE : pasteOf(state());
    const created = await creator.create({ name: clean(form.name), role: clean(form.role), ...choice, ...paste });
    if (created) begun(created);
  }

  /** @param {any} created */
  function begun(created) {
    const byVoice = state().check !== null;
    const interview = router.goToNew(created);
    dispatch({ type: "filled", change: NO_PASTE }); // the service has it, and forgets it as soon
    if (!interview) return;
    if (byVoice) voice.use((controller) => controller.start());
    else interview.start();
    onBegun();
  }

  const OF_FIRST_PAGE = {
    begin: () => begin(),
    cancel: creator.cancel,
    /** @param {{name?: string, role?: string}} change */
    fill: (change) => dispatch({ type: "filled", change }),
    /** What is changed or taken out is kept no longer in the request that held it. @param {Partial<import("./plans.js").Paste>} change */
    paste(change) {
      storage.forgetRequest();
      dispatch({ type: "filled", change });
    },
    /** @param {Partial<import("./plans.js").Choice>} change */
    choose(change) {
      storage.saveChoice(change);
      dispatch({ type: "filled", change });
    },
    chooseVoice() {
      dispatch({ type: "check", change: { where: "begin" } }); // chosen is chosen, also while what speakers need is loaded
      voice.use((controller) => controller.check("begin", false));
    },
    open: router.goTo,
  };

  const OF_INTERVIEW = {
    start: () => void router.current()?.start(),
    /** @param {string} text */
    type(text) {
      dispatch({ type: "typed", text });
      const { session, draft } = state();
      if (session) storage.saveDraft(session.id, draft);
    },
    send: () => void router.current()?.answer(clean(state().draft)),
    /** @param {import("./selectors.js").Wish} name what is asked for instead of answering; in a voice room it is spoken */
    async wish(name) {
      const interview = router.current();
      interview?.wish(name);
      await interview?.delivered();
      voice.controller()?.changed();
    },
    retryNow: () => void router.current()?.retryNow(),
    askToFinish: () => ask("finish"),
    finish() {
      ask(null);
      const controller = voice.controller();
      if (controller) void controller.finish();
      else router.current()?.finish();
    },
    goToStart: router.goToStart,
    leaveLost() {
      const { session, lost } = state();
      if (session && [404, 410].includes(lost?.status ?? 0)) storage.forgetSession(session.id);
      router.leaveForGood();
    },
  };

  /** The same person begins another interview. @param {import("./plans.js").Choice} choice @param {import("./storage.js").Part} [part] */
  async function beginAgain(choice, part) {
    const { interview, spoken } = state();
    router.goToStart();
    if (interview) dispatch({ type: "filled", change: { name: interview.name, role: interview.role, ...choice } });
    if (spoken) await voice.controller()?.check("begin", true);
    begin({ ...choice, ...part });
  }

  const OF_END = {
    again: () => beginAgain(choiceOf(state().interview?.plan)),
    /** While there is a connection. */
    prepareDownload: () => void import("./export.js").catch(() => {}),
    /** @param {"md" | "json"} kind */
    download: (kind) => import("./export.js").then(({ download }) => download(state(), kind), () => dispatch({ type: "notLoaded" })),
    /** @param {import("./storage.js").Session} [session] the open one, if it is not said */
    askToErase: (session) => ask("erase", session),
    async erase() {
      const session = state().erasing;
      if (!session) return;
      const { problem } = await api.erase(session);
      if (problem && problem.status !== 404) return dispatch({ type: "eraseFailed", problem });
      storage.eraseSession(session.id);
      tabs.tell({ session_id: session.id, gone: true });
      router.leaveForGood(texts.WORDS.deleted);
    },
    unask: () => ask(null),
  };

  const OF_REPORT = {
    loadReport: () => void report.ask(),
    /** @param {number} at the number of a note */
    walkTo: (at) => state().report?.at !== at && dispatch({ type: "report", change: { at } }),
    /** @param {import("./report/notes.js").Note} note @param {string} words how misheard speech should read, or "" */
    objectTo: (note, words) => void report.controller()?.objectTo(note, clean(words)),
    /** One question alone, as it was chosen then. @param {{question: string, plan: string, level: string}} asked */
    answerAgain({ question, plan, level }) {
      const { interview, report: open } = state();
      const language = open?.json?.plan?.language;
      return beginAgain({ plan, level, time_factor: interview?.plan?.time_factor ?? USUAL.time_factor }, { only: question, ...(language && { language }) });
    },
    goToHistory: router.goToHistory,
    saveHistory: () => report.controller()?.saveHistory(),
    /** @param {File} file */
    bringHistory: (file) => void report.controller()?.bringHistory(file),
    deleteHistory: () => report.controller()?.deleteHistory(),
  };

  const BY_VOICE = {
    write() {
      dispatch({ type: "check", change: null });
      voice.write();
    },
    checkMicrophone: () => voice.use((controller) => controller.check("room", true)),
    startVoice: () => voice.use((controller) => controller.startVoice()),
    startTalking: () => voice.use((controller) => controller.start()),
    listen: () => voice.use((controller) => controller.listen()),
    /** @param {string} device */
    chooseDevice: (device) => voice.use((controller) => controller.listen(device)),
    repairVoice: () => voice.use((controller) => controller.repair()),
    mute: () => voice.use((controller) => controller.mute()),
    done: () => voice.use((controller) => controller.done()),
  };

  return { ...OF_FIRST_PAGE, ...OF_INTERVIEW, ...OF_END, ...OF_REPORT, ...BY_VOICE };
}
