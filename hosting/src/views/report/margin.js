/** Where there is a margin, each note stands beside its words, and below the note before it. */

const GAP_PX = 12;

/** @param {HTMLElement} place the transcript */
export function placeInMargin(place) {
  const stories = [...place.querySelectorAll(".story")].map((story) => /** @type {const} */ ([/** @type {HTMLElement} */ (story), tops(story)]));
  for (const [story, { places, end }] of stories) {
    story.style.setProperty("--end", `${end}px`);
    for (const [remark, top] of places) remark.style.setProperty("--top", `${top}px`);
  }
}

/**
 * All is read before anything is set, so that the page is laid out once.
 * @param {Element} story
 */
function tops(story) {
  const { top: begin } = story.getBoundingClientRect();
  let end = 0;
  const places = [...story.querySelectorAll(".remark")].map((one) => {
    const remark = /** @type {HTMLElement} */ (one);
    const words = document.getElementById(/** @type {HTMLAnchorElement} */ (remark.querySelector(".number")).hash.slice(1));
    const top = Math.max(words ? words.getBoundingClientRect().top - begin : 0, end);
    end = top + remark.offsetHeight + GAP_PX;
    return /** @type {const} */ ([remark, top]);
  });
  return { places, end };
}
