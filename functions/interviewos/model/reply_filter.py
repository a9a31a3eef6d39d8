"""What of a reply a listener may hear, and where it leads.

A reply is read as it streams: signal tokens, Markdown, names and roles in front, thoughts, plans, JSON and calls of
tools never come out, even when a chunk ends in the middle of one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from interviewos.domain.plan import NEXT, STAY
from interviewos.model import tells
from interviewos.model.marks import GONE, HEAD, LABEL, SIGNS, InlineMarks, may_become_a_name, name_in_front
from interviewos.model.prompt import LINE_END
from interviewos.model.sentences import NEAR, sentence_ends, whole_sentences
from interviewos.model.thoughts import LABELS, Verdict, begins_with_a_thought, judge, spoken_part
from interviewos.model.wrapped import WRAPPERS, is_wrapped, may_be_wrapped, unwrapped

MAX_REPLY_CHARACTERS = 6_000
"""A line of an interviewer has a few hundred; what is longer is a model gone wrong."""
LONGEST_BEGINNING = 200
"""Characters of a line after which it is let out, whatever it may still become."""

_SPEAKERS, _OTHERS = tells.phrases("speakers", "ours"), tells.phrases("speakers", "others")
_NAMES_OF_SIGNALS = rf"{STAY}(?:[ \t]+[a-z_]{{1,30}})?|{NEXT}|MOVE_TO_[A-Z0-9_]{{1,60}}"
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BEFORE, _AFTER = r"[*_`\[(]{0,4}", r"[*_`\])]{0,4}"
_THINK_TAG = re.compile(
    r"<[ \t]*/?[ \t]*(?i:think(?:ing)?|thoughts?|reasoning|reflection|scratchpad|inner_monologue)[ \t]*>"
)
_TOKEN = re.compile(
    rf"{_THINK_TAG.pattern}"
    r"|<\|[^|<>\n]{0,40}\|>|</?(?:start|end)_of_turn>|<(?:ctrl|unused)\d{1,4}>|</?(?:eos|bos|s)>"  # a tokenizer's own
    rf"|{_BEFORE}(?:<{{3,}}[^<>\n]{{0,60}}|<<[\w \t-]{{0,60}}|<[ \t]*/?(?:{_NAMES_OF_SIGNALS})[ \t]*/?)>+{_AFTER}"
    r"|<{3,}(?:[A-Z_ \t]{0,60}(?=[<\n]))?|>{3,}|MOVE_TO_[A-Z0-9_]*"  # broken ones, and names by themselves
    r"|`{3,}(?:[\w+-]{0,20}(?=[ \t]*(?:\n|\Z)))?"  # code fences
)
_UNFINISHED_TOKEN = re.compile(
    rf"(?:{_BEFORE}(?:<{{2,}}[^<>\n]{{0,60}}>*|<[ \t]*/?[ \t]*[\w|]{{0,20}}[ \t]*/?>*){_AFTER}|<\|[^|<>\n]{{0,40}}\|?"
    r"|[*_`\[(]{1,4}|>+|M(?:O(?:V(?:E(?:_(?:T(?:O(?:_[A-Z0-9_]*)?)?)?)?)?)?)?|`+[\w+-]{0,20}[ \t]*)\Z"
)
_BROKEN_TOKEN = re.compile(r"(?:<{2,}[ \t]*[A-Za-z_-]*[ \t]*|<[ \t]*[A-Z_]*)\Z")
_NONE = re.escape(GONE + SIGNS)
_SPEAKER_NAMES = "|".join(_SPEAKERS).replace(" ", rf"[ \t{_NONE}]+")
_CALLED = r"(?: \([^()\n]{1,30}\))?"
_SPEAKER = re.compile(
    rf"^(?:[\W_]*(?:{_SPEAKER_NAMES}){_CALLED}[ \t*_`\]){_NONE}]*[:：])+[ \t*_`{_NONE}]*", re.IGNORECASE
)
_OTHER = re.compile(rf"^[\W_]*(?:{'|'.join(_OTHERS)})[ \t*_`\]){_NONE}]*[:：]", re.IGNORECASE)
_BLOCK = re.compile(r"^[ \t\0]*(?:(#{1,6}[ \t]+)|>[ \t]+(?!\d)|[-*+•·‣◦][ \t]+)+")
_AFTER_MARK = re.compile(r"[\W_]*|[ *_]*\([^()\n]{0,30}\)?[\W_]*")
_NO_WORD = re.compile(r"[\W_]*(?:STAY[\W_]*)?")
_MARKS = (*_SPEAKERS, *_OTHERS, *LABELS, *WRAPPERS, "stay")
_SPACE = f" \t\n{GONE}{SIGNS}{HEAD}{LABEL}"
_BREAK = re.compile(rf"[ \t{_NONE}]*\n[ \t\n{_NONE}]*|[ \t]*[{_NONE}][ \t{_NONE}]*")


class ReplyReader:
    """Reads one reply while it streams; what it lets out is never taken back.

    Text goes through these steps: tokens out, then Markdown, then the beginnings of lines, then those of sentences,
    then white space. Each holds back no more than a later chunk could still turn into something that a listener must
    not hear. Where a plan, a thought or an object begins, the rest is held to its end and judged as a whole. `signals`
    are those that the interview knows.
    """

    def __init__(self, signals: Sequence[str], judged: bool = False, bare: bool = False) -> None:
        self._signs = dict(zip(signals, SIGNS, strict=False))
        self._judged = judged
        """Is what comes here what was left of a plan, so that no plan is looked for?"""
        self._bare = bare
        """Is what comes here out of its wrapping, so that none is looked for?"""
        self._room = MAX_REPLY_CHARACTERS
        self._overflowed = False
        self._held = ""
        self._thinks = False
        self._marks = InlineMarks()
        self._line_start = ""
        self._line_runs = False
        self._first = True
        """Was nothing heard yet, so that a name may stand in front?"""
        self._may_think = not judged
        self._over = False
        self._aside: str | None = None
        """The rest of the reply, from where a plan or an object began; judged when it is whole."""
        self._begun = ""
        """The beginning of a sentence that may be a plan, or what came since the last end of one."""
        self._running: str | None = None
        """What was let out of the sentence that is being said."""
        self._let_out = ""
        self._space = ""
        self._said = ""

    def feed(self, text: str) -> str:
        """Take a chunk and give the clean text that may be heard now, in order and without gaps."""
        self._overflowed |= len(text) > self._room
        text = text[: self._room]
        self._room -= len(text)
        return self._hear(text) if text else ""

    @property
    def overflowed(self) -> bool:
        """Was the reply longer than any may be?"""
        return self._overflowed

    def finish(self, cut: bool = False) -> tuple[str, str, str]:
        """Give the whole text, its signal, and the rest of it that was not let out yet.

        A reply that was cut ends at its last whole sentence, so it may be shorter than what was let out.
        """
        let_out = len(self._said)
        self._hear("", last=True)
        text = whole_sentences(self._said) if cut or self._overflowed else self._said
        return text, self._signal(), text[let_out:]

    def _hear(self, text: str, last: bool = False) -> str:
        self._held += _CONTROL.sub("", LINE_END.sub("\n", text))
        words = self._marks.feed(self._without_tokens(last), last)
        new = "".join(map(self._line, re.findall(r"[^\n]*\n|[^\n]+", words)))
        if last:
            new += self._line("\n") + self._sentences("", last=True) + self._aside_heard()
        new = self._spaced(new)
        self._said += new
        return new

    def _without_tokens(self, last: bool) -> str:
        """Take what is settled from the text that is held; a signal leaves its own character, other tokens another."""
        if last:
            self._held = _BROKEN_TOKEN.sub("", self._held)
        unfinished = None if last else _UNFINISHED_TOKEN.search(self._held)
        end = unfinished.start() if unfinished else len(self._held)
        text, at = "", 0
        for token in _TOKEN.finditer(self._held):
            if token.start() >= end:
                break
            text += self._outside(self._held[at : token.start()]) + self._outside(self._left_of(token[0]))
            at = token.end()
        text += self._outside(self._held[at:end])
        self._held = self._held[max(at, end) :]
        return text

    def _outside(self, text: str) -> str:
        return "" if self._thinks else text

    def _left_of(self, token: str) -> str:
        name = " ".join(token.strip("<>[]()*_`/ \t").split())
        if _THINK_TAG.fullmatch(token):
            self._thinks = "/" not in token
        return self._signs.get(name, GONE) if "<" in token and ">" in token else GONE

    def _line(self, piece: str) -> str:
        """Hold the beginning of a line until it is plain what it is; `piece` has a line end at most at its end."""
        if self._aside is not None:
            self._aside += piece
            return ""
        ended = piece.endswith("\n")
        if not self._line_runs:
            self._line_start += piece
            begun = self._begin(self._line_start, ended)
            if begun is None:
                return ""
            piece, self._line_start = begun, ""
        self._line_runs = not ended
        return "" if self._over or self._aside is not None else self._sentences(piece)

    def _begin(self, line: str, ended: bool) -> str | None:
        """Give what is heard of the beginning of a line, None while more of it is needed."""
        words = _SPEAKER.sub("", line.lstrip(LABEL)).lstrip(" \t\0")
        block = _BLOCK.match(words)
        words = words[block.end() :] if block else words
        if not ended and len(line) < LONGEST_BEGINNING and self._is_open(words):
            return None
        self._over |= bool(_OTHER.match(words))  # a model that answers for the candidate has said its own line
        if (is_wrapped(words) and not self._bare) or (self._may_think and begins_with_a_thought(words)):
            self._aside = words
            return ""
        if self._first and not self._over and (name := name_in_front(words, bold=LABEL in line)):
            self._first, self._line_start = False, words[name:]
            return self._begin(self._line_start, ended)
        if _NO_WORD.fullmatch(words):
            return re.sub(rf"[^{SIGNS}]", "", words) + "\n"
        self._first = self._may_think = False
        return HEAD + words if block and block[1] else words

    def _is_open(self, words: str) -> bool:
        """May more of this line make its beginning unspeakable?"""
        named = self._first and may_become_a_name(words)
        return named or _may_become_a_mark(words) or may_be_wrapped(words)

    def _sentences(self, text: str, last: bool = False) -> str:
        """Let out sentences as they come, but hold one whose beginning may be that of a plan."""
        out, self._begun = "", self._begun + text
        while self._begun and self._aside is None:
            if self._judged or self._running is not None:
                out += self._run_on()
                continue
            found = judge(self._begun, last)
            if found is Verdict.OPEN:
                break
            if found is Verdict.PLAN:
                self._aside, self._begun = self._begun, ""
            else:
                self._running = ""
        return out

    def _run_on(self) -> str:
        """Let out what belongs to the sentence that is being said."""
        said = self._running or ""
        end = None if self._judged else _settled_end(said, self._begun)
        words, self._begun = self._begun[:end], self._begun[len(self._begun) if end is None else end :]
        self._running = said + words if end is None else None
        return words

    def _aside_heard(self) -> str:
        """Give what is for the candidate of all that was held, with its signal."""
        if self._aside is None:
            return ""
        lines = self._aside.splitlines(keepends=True)
        ours = "".join(takewhile(lambda line: not _OTHER.match(line), lines))
        wrapped = is_wrapped(ours) and not self._bare
        text = unwrapped(ours) if wrapped else f"{spoken_part(ours)}\n"
        reader = ReplyReader(tuple(self._signs), judged=not wrapped, bare=True)
        reader.feed(text.translate(self._as_tokens()))
        heard, signal, _ = reader.finish()
        before = re.match(r"[\W_]*", ours)[0]  # type: ignore[index]
        ended = any(sign in ours[len(before) :] for sign in SIGNS)
        spaces = "".join(sign for sign in before if sign in _SPACE)
        return f"{spaces}{GONE}{heard}\n{self._signs[signal] if ended else ''}"

    def _as_tokens(self) -> dict[int, str]:
        return {ord(GONE): " "} | {ord(sign): f"<<<{name}>>>" for name, sign in self._signs.items()}

    def _signal(self) -> str:
        """Read the signal at the end of the last line, or at its beginning; anywhere else it is only a quotation."""
        lines = [line.strip(f" \t*_`()[]{GONE}") for line in self._let_out.split("\n")]
        last = next((line for line in reversed(lines) if line), "")
        names = {sign: name for name, sign in self._signs.items()}
        return names.get(last[-1:]) or names.get(last[:1]) or STAY

    def _spaced(self, text: str) -> str:
        """Hold white space until a word follows, and make one break of several."""
        self._let_out += text
        text = self._space + text.replace(HEAD, "").replace(LABEL, "")
        words = text.rstrip(_SPACE)
        self._space = text[len(words) :]
        return _BREAK.sub(_one_break, words if self._said else words.lstrip(_SPACE))


def _settled_end(said: str, text: str) -> int | None:
    """Find how much of a text belongs to a sentence, None while that is not settled: what follows may go on with it."""
    whole = said + text
    known = len(whole.rstrip(_SPACE)) - 1
    line = text.find("\n")
    ends = [max(0, end - len(said)) for end in sentence_ends(whole, max(0, len(said) - NEAR)) if end <= known]
    return min((*ends, line + 1) if line >= 0 else ends, default=None)


def _may_become_a_mark(line: str) -> bool:
    begun = re.sub(rf"[ \t{_NONE}]+", " ", re.sub(r"^[\W_]+", "", line)).lower()
    return any(
        mark.startswith(begun) or (begun.startswith(mark) and _AFTER_MARK.fullmatch(begun[len(mark) :]))
        for mark in _MARKS
    )


def _one_break(found: re.Match[str]) -> str:
    return "\n" * min(2, found[0].count("\n")) or " "
