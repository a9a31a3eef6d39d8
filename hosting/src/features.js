/**
 * What the page needs and not every browser has; the rest is written as if all of it were there, so this comes first.
 * Which browsers it is for is said in index.html, and held by tests.
 */

if (!AbortSignal.timeout || ![].findLast) throw new Error("This browser is too old."); // old.js tells the person

AbortSignal.any ??= (signals) => {
  const any = new AbortController();
  for (const signal of signals) {
    if (signal.aborted) any.abort(signal.reason);
    signal.addEventListener("abort", () => any.abort(signal.reason), { signal: any.signal });
  }
  return any.signal;
};

Element.prototype.checkVisibility ??= function () {
  return this.getClientRects().length > 0;
};

// Missing where a page came over plain http. Version 4 of RFC 9562: all is random but the 4, and two bits of the 8.
crypto.randomUUID ??= () => {
  const random = (/** @type {string} */ digit) => +digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (+digit / 4)));
  return /** @type {any} */ ("10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) => random(digit).toString(16)));
};
