"""What of a reply a listener may hear, and where it leads.

A reply is read as it streams: signal tokens, role prefixes, code fences and control characters never come out, even
when a chunk ends in the middle of one.
"""

from __future__ import annotations

import re

from interviewos.interview import Signal
from interviewos.prompting import LINE_END

MAX_REPLY_CHARACTERS = 6_000
"""A line of an interviewer has a few hundred; what is longer is a model gone wrong."""

_SPEAKERS = ("interviewer", "ai interviewer", "assistant", "ai", "agent", "model", "system")
_OTHERS = ("candidate", "user")
_SIGNALS = "|".join(Signal)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BEFORE, _AFTER = r"[*_`\[(]{0,4}", r"[*_`\])]{0,4}"
_TOKEN = re.compile(
    rf"{_BEFORE}(?:<{{3,}}[^<>\n]{{0,60}}|<<[\w \t-]{{0,60}}|<[ \t]*/?(?:{_SIGNALS})[ \t]*/?)>+{_AFTER}"
    r"|<{3,}(?:[A-Z_ \t]{0,60}(?=[<\n]))?|>{3,}|MOVE_TO_[A-Z_]*"  # broken ones, and names by themselves
    r"|`{3,}(?:[\w+-]{0,20}(?=[ \t]*(?:\n|\Z)))?"  # code fences
)
_UNFINISHED_TOKEN = re.compile(
    rf"(?:{_BEFORE}(?:<{{2,}}[^<>\n]{{0,60}}>*|<[ \t]*/?[A-Z_]{{0,20}}[ \t]*/?>*){_AFTER}"
    r"|[*_`\[(]{1,4}|>+|M(?:O(?:V(?:E(?:_(?:T(?:O(?:_[A-Z_]*)?)?)?)?)?)?)?|`+[\w+-]{0,20}[ \t]*)\Z"
)
_BROKEN_TOKEN = re.compile(r"(?:<{2,}[ \t]*[A-Za-z_-]*[ \t]*|<[ \t]*[A-Z_]*)\Z")
_GONE = "\0"
"""Stands where a token was, so that nothing grows together around it; no reply holds control characters."""
_NAMES = "|".join(_SPEAKERS).replace(" ", r"[ \t\0]+")
_SPEAKER = re.compile(rf"^(?:[\W_]*(?:{_NAMES})[ \t*_`\])\0]*[:：])+[ \t*_`\0]*", re.IGNORECASE)
_OTHER = re.compile(rf"^[\W_]*(?:{'|'.join(_OTHERS)})[ \t*_`\])\0]*[:：]", re.IGNORECASE)
_NO_WORD = re.compile(r"[\W_]*(?:STAY[\W_]*)?")
_MARKS = (*_SPEAKERS, *_OTHERS, "stay")
_SPACE = " \t\n\0"
_BREAK = re.compile(r"[ \t\0]*\n[ \t\n\0]*|[ \t]*\0[ \t\0]*")
_SENTENCE_END = re.compile(r"""[.!?…؟۔।॥]["'”’»)\]*_]*(?=\s|$)|[。！？｡．]["'”’»」』）]*""")


class ReplyReader:
    """Reads one reply while it streams; what it lets out is never taken back.

    Text goes through three steps: tokens out, then the beginnings of lines, then white space. Each holds back no more
    than a later chunk could still turn into something that a listener must not hear.
    """

    def __init__(self) -> None:
        self._room = MAX_REPLY_CHARACTERS
        self._overflowed = False
        self._signal = Signal.STAY
        self._held = ""
        self._line_start = ""
        self._line_runs = False
        self._over = False
        self._space = ""
        self._said = ""

    def feed(self, text: str) -> str:
        """Take a chunk and give the clean text that may be heard now, in order and without gaps."""
        self._overflowed |= len(text) > self._room
        text = text[: self._room]
        self._room -= len(text)
        return self._hear(text) if text else ""

    def finish(self, cut: bool = False) -> tuple[str, Signal, str]:
        """Give the whole text, its signal, and the rest of it that was not let out yet.

        A reply that was cut ends at its last whole sentence, so it may be shorter than what was let out.
        """
        let_out = len(self._said)
        self._hear("", last=True)
        text = whole_sentences(self._said) if cut or self._overflowed else self._said
        return text, self._signal, text[let_out:]

    def _hear(self, text: str, last: bool = False) -> str:
        self._held += _CONTROL.sub("", LINE_END.sub("\n", text))
        lines = re.findall(r"[^\n]*\n|[^\n]+", self._without_tokens(last))
        if last:
            lines.append("\n")
        new = self._spaced("".join(map(self._without_mark, lines)))
        self._said += new
        return new

    def _without_tokens(self, last: bool) -> str:
        """Take what is settled from the text that is held, and read the signals in it."""
        if last:
            self._held = _BROKEN_TOKEN.sub("", self._held)
        unfinished = None if last else _UNFINISHED_TOKEN.search(self._held)
        end = unfinished.start() if unfinished else len(self._held)
        text, at = "", 0
        for token in _TOKEN.finditer(self._held):
            if token.start() >= end:
                break
            self._read_signal(token[0])
            text += self._held[at : token.start()] + _GONE
            at = token.end()
        text += self._held[at:end]
        self._held = self._held[max(at, end) :]
        return text

    def _read_signal(self, token: str) -> None:
        name = token.strip("<>[]()*_`/ \t")
        if "<" in token and ">" in token and name in list(Signal):
            self._signal = Signal(name)

    def _without_mark(self, piece: str) -> str:
        """Hold the beginning of a line until it is plain what it is; `piece` has a line end at most at its end."""
        ended = piece.endswith("\n")
        if not self._line_runs:
            self._line_start += piece
            piece = _SPEAKER.sub("", self._line_start)
            if not ended and _may_become_a_mark(piece):
                return ""
            self._line_start = ""
            self._over |= bool(_OTHER.match(piece))  # a model that answers for the candidate has said its own line
            if _NO_WORD.fullmatch(piece):
                piece = "\n"
        self._line_runs = not ended
        return "" if self._over else piece

    def _spaced(self, text: str) -> str:
        """Hold white space until a word follows, and make one break of several."""
        text = self._space + text
        words = text.rstrip(_SPACE)
        self._space = text[len(words) :]
        return _BREAK.sub(_one_break, words if self._said else words.lstrip(_SPACE))


def _may_become_a_mark(line: str) -> bool:
    begun = re.sub(r"[ \t\0]+", " ", re.sub(r"^[\W_]+", "", line)).lower()
    return any(
        mark.startswith(begun) or (begun.startswith(mark) and _NO_WORD.fullmatch(begun[len(mark) :])) for mark in _MARKS
    )


def _one_break(found: re.Match[str]) -> str:
    return "\n" * min(2, found[0].count("\n")) or " "


def whole_sentences(text: str) -> str:
    """Cut a text at the end of its last whole sentence; nothing is left of one that has none."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends else ""


_POINTS = ("Strength", "Gap", "Next step")
_POINT = re.compile(r"^[\W\d_]*(strength|gap|next[ -]step)s?[\s*_]*[:：–—][\s*_]*(.*)$", re.IGNORECASE)
_BULLET = re.compile(r"^(?:[-*+•·–—]|\d+[.)])\s")


def parse_feedback(text: str) -> tuple[str, str] | None:
    """Read a closing line and exactly three points, Strength, Gap, Next step; None when it is anything else."""
    closing: list[str] = []
    points: list[tuple[str, str]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if match := _POINT.match(line):
            points.append((match[1].replace("-", " ").capitalize(), match[2].strip(" *_")))
        elif _BULLET.match(line):
            return None
        elif points:
            points[-1] = (points[-1][0], f"{points[-1][1]} {line}".strip())
        else:
            closing.append(line)
    if tuple(name for name, _ in points) != _POINTS or not all(said for _, said in points):
        return None
    return " ".join(closing), "\n".join(f"- {name}: {said}" for name, said in points)
