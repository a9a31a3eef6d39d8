/** Keeps the screen on while a conversation goes on. */

/**
 * A phone that sleeps takes the microphone away. Where the screen may not be kept on, it sleeps as always.
 * @returns {() => void} lets it sleep
 */
export function stayAwake() {
  const over = new AbortController();
  const { signal } = over;
  async function ask() {
    if (document.hidden) return; // the lock is lost then, and asked for when the page is visible again
    const lock = await navigator.wakeLock?.request("screen").catch(() => null);
    const release = () => void lock?.release();
    if (signal.aborted) release();
    else signal.addEventListener("abort", release);
  }
  document.addEventListener("visibilitychange", ask, { signal });
  void ask();
  return () => over.abort();
}
