/** Tells the other tabs of this browser what was answered, so that they show it without asking the server. */

/** @param {(said: {session_id: string, turn?: any, gone?: boolean}) => void} onNews */
export function createTabs(onNews) {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel("interviewos") : null;
  channel?.addEventListener("message", ({ data }) => onNews(data));
  return {
    /** @param {{session_id: string, turn?: any, gone?: boolean}} news */
    tell: (news) => channel?.postMessage(news),
  };
}
