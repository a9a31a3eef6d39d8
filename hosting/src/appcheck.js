/**
 * Proves that this page asks for a new interview: reCAPTCHA Enterprise looks at the browser, Firebase App Check turns what
 * it says into a token. Loaded only where the service wants one. Firebase's own SDK does the same in 13 kB, and sets
 * addresses of scripts in a way that our Content-Security-Policy forbids.
 */

/** @typedef {{siteKey: string, appId: string, apiKey: string, projectId: string}} Keys none of them is a secret */

const RECAPTCHA = "https://www.google.com/recaptcha/enterprise.js?render=explicit&trustedtypes=true";
const APP_CHECK = "https://content-firebaseappcheck.googleapis.com/v1";
const PATIENCE_MS = 15_000;

/** @type {Promise<() => Promise<string>> | undefined} */
let loading;

/**
 * Lets reCAPTCHA look around while the person still reads.
 * @param {Keys} keys
 * @returns {Promise<() => Promise<string>>} what asks reCAPTCHA; rejects when it cannot be loaded, and the next call tries again
 */
export function ready({ siteKey }) {
  loading ??= load()
    .then((recaptcha) => place(recaptcha, siteKey))
    .catch((error) => {
      loading = undefined;
      throw error;
    });
  return loading;
}

/** @returns {Promise<any>} */
function load() {
  const { trustedTypes } = /** @type {any} */ (globalThis);
  const script = document.createElement("script");
  script.src = trustedTypes ? addresses(trustedTypes).createScriptURL(RECAPTCHA) : RECAPTCHA;
  return new Promise((resolve, reject) => {
    script.addEventListener("load", () => {
      const recaptcha = /** @type {any} */ (globalThis).grecaptcha?.enterprise;
      if (recaptcha) recaptcha.ready(() => resolve(recaptcha));
      else reject(new Error("this is not reCAPTCHA"));
    });
    script.addEventListener("error", () => reject(new Error("reCAPTCHA was not loaded")));
    document.head.append(script);
  });
}

/** @type {any} */
let policy;

/** @param {any} trustedTypes */
function addresses(trustedTypes) {
  policy ??= trustedTypes.createPolicy("app-check", { createScriptURL: () => RECAPTCHA });
  return policy;
}

/**
 * @param {any} recaptcha
 * @param {string} siteKey
 */
function place(recaptcha, siteKey) {
  const badge = document.createElement("div");
  badge.hidden = true; // a sentence of the page says what the badge would say
  document.body.append(badge);
  const widget = recaptcha.render(badge, { sitekey: siteKey, size: "invisible" });
  return () => recaptcha.execute(widget, { action: "fire_app_check" });
}

/**
 * @param {Keys} keys
 * @returns {Promise<string>} a token for the service; rejects when there is none within a quarter of a minute
 */
export async function prove(keys) {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE_MS, new Error("App Check takes too long")));
  return Promise.race([ready(keys).then((ask) => ask()).then((said) => exchange(keys, said)), late]);
}

/**
 * @param {Keys} keys
 * @param {string} recaptcha_enterprise_token
 */
async function exchange({ projectId, appId, apiKey }, recaptcha_enterprise_token) {
  const response = await fetch(`${APP_CHECK}/projects/${projectId}/apps/${appId}:exchangeRecaptchaEnterpriseToken?key=${apiKey}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ recaptcha_enterprise_token }),
    credentials: "omit",
    referrerPolicy: "strict-origin", // the key may be bound to the address of this page
  });
  const { token } = await response.json();
  if (typeof token !== "string") throw new Error(`App Check answered ${response.status}`);
  return token;
}
