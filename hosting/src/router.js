/** Which page is shown: the first one or an interview, as the address and this tab's history say. Opens and closes it. */

import { openInterview } from "./interview.js";
import { trouble } from "./problems.js";
import { isOver } from "./selectors.js";

/** @typedef {import("./storage.js").Session} Session */
/** @typedef {ReturnType<typeof openInterview>} Interview */

/**
 * @param {object} parts
 * @param {typeof import("./api.js")} parts.api
 * @param {import("./storage.js").PageStorage} parts.storage
 * @param {ReturnType<typeof import("./tabs.js").createTabs>} parts.tabs
 * @param {ReturnType<typeof import("./voice/loader.js").createVoiceLoader>} parts.voice
 * @param {ReturnType<typeof import("./report/loader.js").createReportLoader>} parts.report
 * @param {(event: {type: string, [field: string]: any}) => void} parts.dispatch
 * @param {() => import("./state.js").State} parts.state
 */
export function createRouter({ api, storage, tabs, voice, report, dispatch, state }) {
  /** @type {Interview | null} */
  let current = null;

  /** @param {Session} session @returns {Interview} */
  function open(session) {
    current = openInterview({ session, api, storage, tellTabs: tabs.tell, dispatch, state });
    return current;
  }

  /** Nothing of an interview goes on when the page shows something else. */
  function close() {
    voice.close();
    current?.close();
    current = null;
  }

  /** @param {Session} session @returns {object} what the tab's history remembers of it */
  function remember(session) {
    storage.saveSession(session);
    // Where nothing can be kept, the tab's own history still survives a reload.
    return { interview: session.id, ...(!state().durable && { token: session.token }) };
  }

  /** @param {Session} session */
  function enter(session) {
    close();
    const outgoing = storage.outbox(session.id).map((event) => ({ ...event, phase: /** @type {const} */ ("sending") }));
    dispatch({ type: "opened", session, outgoing, draft: storage.draft(session.id) });
    const opened = open(session);
    const byVoice = history.state?.voice === true;
    void opened.load().then(() => {
      if (isOver(state())) return;
      void askService();
      if (byVoice && current === opened) voice.use((controller) => controller.resume());
    });
  }

  /** Wakes the function that takes turns, and hears from it what an interview is like here. */
  async function askService() {
    dispatch({ type: "service", service: await api.service() });
  }

  /** Wakes the function that creates, and hears from it what there is to begin. */
  async function askPlans() {
    dispatch({ type: "plans", plans: await api.plans(), remembered: storage.choice().plan });
  }

  /** @param {string} [news] */
  function leave(news) {
    close();
    dispatch({ type: "left", sessions: storage.sessions(), news });
    void askService();
    void askPlans();
    void api.prepare();
  }

  function showHistory() {
    close();
    void report.history(() => history.state?.practised === true);
  }

  /** @param {string} slug */
  const lose = (slug) => dispatch({ type: "lost", problem: trouble(slug) });

  return {
    /** The interview that is open. */
    current: () => current,

    /** Shows what the address and this tab's history say. */
    route() {
      const link = takeLink();
      if (link === "bad") return lose("bad-link");
      if (link) {
        history.replaceState(remember(link), "", location.pathname);
        return enter(link);
      }
      const { interview: id, token } = history.state ?? {};
      if (!id && history.state?.practised) return showHistory();
      if (!id) return leave();
      const session = storage.session(id) ?? (token ? { id, token } : null);
      if (session) enter(session);
      else lose("other-browser");
    },

    /** @param {Session} session one of this browser's */
    goTo(session) {
      history.pushState(remember(session), "", location.pathname);
      enter(session);
    },

    /**
     * @param {any} said the answer to create
     * @returns {Interview | null} the new interview; null where it began before, and is loaded
     */
    goToNew(said) {
      const session = sessionOf(said);
      history.pushState(remember(session), "", location.pathname);
      storage.forgetRequest(); // only now: until the session is kept, the request is what leads to it
      if (said.status !== "created") return enter(session), null;
      close();
      const opened = open(session);
      dispatch({ type: "created", session, said, draft: "", now: performance.now() });
      return opened;
    },

    /** By the page itself, so that the way back is the browser's back button. */
    goToStart() {
      history.pushState(null, "", location.pathname);
      leave();
    },

    goToHistory() {
      history.pushState({ practised: true }, "", location.pathname);
      showHistory();
    },

    /** There is no way back. @param {string} [news] a sentence for the first page */
    leaveForGood(news) {
      history.replaceState(null, "", location.pathname);
      leave(news);
    },
  };
}

/** @param {any} said the answer to create @returns {Session} */
const sessionOf = (said) => ({
  id: said.session_id,
  token: said.session_token,
  name: said.candidate_name ?? "",
  role: said.role ?? "",
  status: said.status,
  created_at: new Date().toISOString(),
  expires_at: said.expires_at,
});

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
