/** The way to say that a note is wrong, with the words as they should be where speech was misheard. It is said once. */

import { texts } from "../../language.js";
import { reportTexts } from "../../report/language.js";
import { Component, html, valueOf } from "../html.js";
import { Button } from "../parts.js";

const MOST_WORDS = 500; // characters, as many as the service takes

/** @typedef {{note: import("../../report/notes.js").Note, objection?: import("../../state.js").Objection, act: import("../page.js").Actions}} Props */

/** @extends {Component<Props, {open: boolean, words: string}>} */
export class Wrong extends Component {
  /** @param {Props} props */
  constructor(props) {
    super(props);
    this.state = { open: false, words: "" };
  }

  /** @param {Props} props @param {{open: boolean, words: string}} state */
  render({ note, objection, act }, { open, words }) {
    const { finding } = note;
    if (objection?.phase === "sent") return html`<${Called} words=${objection.words} />`;
    if (finding.wrong) return html`<${Called} words=${finding.words} />`;
    if (!open) return html`<${Button} class="quiet wrong" aria-describedby=${`note-${note.number}-text`} onClick=${() => this.open(note.number)}>${reportTexts.REPORT.wrong}<//>`;
    return html`<${Form} ...${{ note, objection, words }} onWords=${(/** @type {string} */ said) => this.setState({ words: said })}
      onCancel=${() => this.close(note.number)} onSend=${() => act.objectTo(note, words)} />`;
  }

  /** What had the focus is gone when it was sent. @param {Props} before */
  componentDidUpdate({ objection }) {
    if (objection?.phase === "sending" && this.props.objection?.phase === "sent") document.getElementById(`note-${this.props.note.number}`)?.focus({ preventScroll: true });
  }

  /** @param {number} number */
  open(number) {
    this.setState({ open: true }, () => document.getElementById(`reads-${number}`)?.focus());
  }

  /** @param {number} number */
  close(number) {
    this.setState({ open: false }, () => /** @type {HTMLElement | null} */ (document.querySelector(`#note-${number} .wrong`))?.focus());
  }
}

/** @param {{words: string}} props */
const Called = ({ words }) => html`
  <p class="called" role="status">${reportTexts.REPORT.calledWrong}${words && html` ${reportTexts.REPORT.reads} <q dir="auto">${words}</q>`}</p>
`;

/** @param {Omit<Props, "act"> & {words: string, onWords: (words: string) => void, onCancel: () => void, onSend: () => void}} props */
function Form({ note: { number }, objection, words, onWords, onCancel, onSend }) {
  const { REPORT } = reportTexts;
  const sending = objection?.phase === "sending";
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    onSend();
  };
  return html`
    <form class="objection" novalidate="" autocomplete="off" onSubmit=${submit}>
      <label for=${`reads-${number}`}>${REPORT.shouldRead} <span class="optional">${texts.PAGE.optional}</span></label>
      <input id=${`reads-${number}`} type="text" dir="auto" maxlength=${MOST_WORDS} value=${words} aria-describedby=${`why-${number}`}
        onInput=${(/** @type {Event} */ event) => onWords(valueOf(event))} />
      <p id=${`why-${number}`} class="small">${REPORT.wrongWhat}</p>
      <div role="alert">${objection?.problem && html`<p class="notice">${reportTexts.objectionFailed(objection.problem)}</p>`}</div>
      <div class="row">
        <${Button} class="outline" type="submit" usable=${!sending}>${sending ? REPORT.sending : REPORT.callWrong}<//>
        <${Button} class="quiet" onClick=${onCancel}>${REPORT.keep}<//>
      </div>
    </form>
  `;
}
