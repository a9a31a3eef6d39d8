/** What differs between two deployments of this page; `config.json` is written when the page is deployed. */

/**
 * All of it is optional: without it everything is asked of the page's own origin.
 * @typedef {object} Config
 * @property {string} [nextTurnUrl] where turns can be streamed without a proxy in between
 * @property {import("./appcheck.js").Keys} [appCheck] set where a new interview needs a proof that this page asks for it
 */

const PATIENCE_MS = 5_000;
/** @type {Promise<Config> | undefined} */
let reading;

/** @returns {Promise<Config>} read once; a failed reading counts as empty, and the next call tries again */
export function config() {
  reading ??= read().catch(() => {
    reading = undefined;
    return {};
  });
  return reading;
}

async function read() {
  const response = await fetch("/config.json", { signal: AbortSignal.timeout(PATIENCE_MS) });
  return response.status === 404 ? {} : await response.json();
}
