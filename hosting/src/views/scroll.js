/** Whether the newest words are in view, and how they come into it. */

const NEAR_THE_END_PX = 160;

export const isNearTheEnd = () => {
  const page = document.documentElement;
  return page.scrollHeight - window.scrollY - window.innerHeight < NEAR_THE_END_PX;
};

/** At once, for words that come while a page still glides would be missed. */
export const toTheEnd = () => window.scrollTo({ top: document.documentElement.scrollHeight, behavior: "instant" });
