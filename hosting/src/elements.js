/** The elements that index.html holds, and the few ways in which they change. */

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
export const byId = (id) => /** @type {T} */ (document.getElementById(id));

/**
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {string} id
 * @param {boolean} visible
 */
export const show = (id, visible) => {
  byId(id).hidden = !visible;
};

/**
 * Says it, and takes no room where there is nothing to say.
 * @param {string} id
 * @param {string} text
 */
export const say = (id, text) => {
  setText(byId(id), text);
  show(id, text !== "");
};

/**
 * A button that cannot be used keeps its focus: aria-disabled, not disabled.
 * @param {string} id
 * @param {boolean} usable
 */
export const usable = (id, usable) => byId(id).setAttribute("aria-disabled", String(!usable));

/** Whether keys are typed on a keyboard: on a screen Enter is the only way to a new line. */
export const hasKeyboard = () => matchMedia("(pointer: fine)").matches;
