/** A question that must be answered first. */

import { Component, html } from "../html.js";

/**
 * @typedef {object} Props
 * @property {string} name
 * @property {string} title
 * @property {boolean} open
 * @property {() => void} onCancel
 * @property {import("../html.js").Children} [children]
 */

/**
 * The state opens and closes it. It is always there, for only the browser's own closing gives the focus back.
 * @extends {Component<Props>}
 */
export class Dialog extends Component {
  /** @param {Props} props */
  constructor(props) {
    super(props);
    /** @type {HTMLDialogElement | null} */
    this.dialog = null;
  }

  componentDidUpdate() {
    const { dialog } = this;
    if (this.props.open && !dialog?.open) dialog?.showModal();
    if (!this.props.open && dialog?.open) dialog.close();
  }

  /** At once: the browser's own "close" comes later, perhaps after it was asked again. @param {Event} event */
  cancel(event) {
    event.preventDefault();
    this.props.onCancel();
  }

  /** @param {Props} props */
  render({ name, title, open, onCancel, children }) {
    const keep = (/** @type {HTMLDialogElement | null} */ dialog) => {
      this.dialog = dialog;
    };
    return html`
      <dialog id=${`${name}-dialog`} class="card" aria-labelledby=${`${name}-title`} ref=${keep}
        onCancel=${(/** @type {Event} */ event) => this.cancel(event)} onClose=${() => open && !this.dialog?.open && onCancel()}>
        <h2 id=${`${name}-title`}>${title}</h2>
        ${children}
      </dialog>
    `;
  }
}
