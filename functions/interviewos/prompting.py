"""What the model is told, and what of its reply a listener may hear.

The system instruction depends on the stage alone, so it is the same bytes for every candidate; what people said goes
in as JSON lines, where no text can end a line or speak for somebody else. A reply is read as it streams: signal
tokens, role prefixes, code fences and control characters never come out, even when a chunk ends in the middle of one.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from interviewos.interview import Message, Role, Signal, Stage, TurnPlan

PROMPTS = Path(__file__).parent / "prompts"
MAX_REPLY_CHARACTERS = 6_000
"""A line of an interviewer has a few hundred; what is longer is a model gone wrong."""


# to the model


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a model: instructions from us, words from people."""

    system: str
    contents: tuple[str, ...]


def request_for(turn: TurnPlan) -> Request:
    """Write the request for a turn: the transcript travels once and only grows at its end."""
    return Request(system_instruction(turn.stage), (transcript(turn), _prompt(f"reasons/{turn.reason}")))


@cache
def system_instruction(stage: Stage) -> str:
    """Join persona, stage and the stage's goal."""
    return f"{_prompt('persona')}\n\nCURRENT STAGE: {stage}\n\n{_prompt(stage)}"


@cache
def _prompt(name: str) -> str:
    return (PROMPTS / f"{name}.md").read_text(encoding="utf-8").strip()


def transcript(turn: TurnPlan) -> str:
    """Write candidate and conversation as JSON lines."""
    heard = {m.meta.heard.seq: m.meta.heard.text for m in turn.conversation if m.meta.heard}
    lines = [{"candidate_name": visible(turn.candidate_name), "role": visible(turn.role)}]
    lines += [_line(m, heard) for m in turn.conversation if m.role is not Role.SYSTEM]
    return "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)


def _line(message: Message, heard: dict[int, str]) -> dict[str, str]:
    speaker = "candidate" if message.role is Role.USER else "interviewer"
    line = {"speaker": speaker, "text": visible(message.text)}
    if message.seq in heard:
        line["interrupted_candidate_heard_only"] = visible(heard[message.seq])
    return line


# Tags and zero-width characters can hide an instruction from everybody but the model.
_INVISIBLE = re.compile("[\U000e0000-\U000e007f\ufe00-\ufe0f\u200b-\u200d\u2060\ufeff]")


def visible(text: str) -> str:
    """Leave out what no reader can see. For the prompt's copy only: joiners are letters in Persian and Hindi."""
    return _INVISIBLE.sub("", text)


# from the model

_SPEAKERS = ("interviewer", "ai interviewer", "assistant", "ai", "agent", "model", "system", "candidate", "user")
_SIGNALS = tuple(signal.value for signal in Signal)
_MARKS = " \t>*_#`[("
_TOKEN = re.compile(
    rf"[ \t]*(?:<{{2,}}[ \t]*(?P<name>[A-Za-z_ ]{{0,40}}?)[ \t]*>+|<[ \t]*(?:{'|'.join(_SIGNALS)})[ \t]*>+)"
)
_BARE_SIGNAL = re.compile(rf"^[{re.escape(_MARKS)}]*(?:{'|'.join(_SIGNALS)})[])*`_ \t]*$", re.MULTILINE)
_UNFINISHED_TOKEN = re.compile(r"<[^<>\n]{0,44}>*$|<{2,}[^>\n]{0,44}>*$")
_BROKEN_TOKEN = re.compile(r"[ \t]*<{2,}[A-Za-z_ ]*$|<+$")
_SPEAKER = re.compile(rf"^[ \t>*_#]*(?:{'|'.join(_SPEAKERS)})[ \t*_]*:[*_ \t]*", re.MULTILINE | re.IGNORECASE)
_FENCE = re.compile(r"^[ \t]*```[^\n]*(?:\n|$)", re.MULTILINE)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SENTENCE_END = re.compile(r"""[.!?…؟।]["'”’»)\]]*(?=\s|$)|[。！？]""")


class ReplyReader:
    """Reads one reply while it streams; what it lets out is never taken back."""

    def __init__(self) -> None:
        self._raw = ""
        self._said = ""
        self._overflowed = False

    def feed(self, text: str) -> str:
        """Take a chunk and give the clean text that may be heard now, in order and without gaps."""
        room = MAX_REPLY_CHARACTERS - len(self._raw)
        self._overflowed |= len(text) > room
        self._raw += _CONTROL.sub("", text[:room])
        clean = _clean(self._raw[: _safe_length(self._raw)])
        new = clean[len(self._said) :] if clean.startswith(self._said) else ""
        self._said += new
        return new

    def finish(self, cut: bool = False) -> tuple[str, Signal, str]:
        """Give the whole text, its signal, and the rest of it that was not let out yet.

        A reply that was cut ends at its last whole sentence, so it may be shorter than what was let out.
        """
        names = [match["name"] or match[0].strip(" \t<>") for match in _TOKEN.finditer(self._raw)]
        valid = [Signal(name) for name in names if name in _SIGNALS]
        text = _clean(_BROKEN_TOKEN.sub("", self._raw))
        if cut or self._overflowed:
            text = whole_sentences(text)
        rest = text[len(self._said) :] if text.startswith(self._said) else ""
        return text, valid[-1] if valid else Signal.STAY, rest


def _clean(raw: str) -> str:
    text = _TOKEN.sub("", raw)
    text = _FENCE.sub("", text)
    text = _BARE_SIGNAL.sub("", text)
    text = _SPEAKER.sub("", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _safe_length(raw: str) -> int:
    """Count the characters that no later chunk can turn into something a listener must not hear."""
    start = raw.rfind("\n") + 1
    if _may_become_a_mark(raw[start:]):
        return start
    unfinished = _UNFINISHED_TOKEN.search(raw, start)
    return unfinished.start() if unfinished else len(raw)


def _may_become_a_mark(line: str) -> bool:
    begun = line.lstrip(_MARKS).lower()
    marks = (*_SPEAKERS, *(name.lower() for name in _SIGNALS))
    return not begun or any(
        mark.startswith(begun) or (begun.startswith(mark) and not begun[len(mark) :].strip(" \t*_:`])"))
        for mark in marks
    )


def whole_sentences(text: str) -> str:
    """Cut a text at the end of its last whole sentence; nothing is left of one that has none."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends else ""


_POINTS = ("Strength", "Gap", "Next step")
_POINT = re.compile(r"^[\s\-*•–\d.)]*(strength|gap|next step)s?[\s*_]*[:：][\s*_]*(.*)$", re.IGNORECASE)


def parse_feedback(text: str) -> tuple[str, str] | None:
    """Read a closing line and exactly three points, Strength, Gap, Next step; None when it is anything else."""
    closing: list[str] = []
    points: list[tuple[str, str]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if match := _POINT.match(line):
            points.append((match[1].capitalize(), match[2].strip(" *_")))
        elif points:
            points[-1] = (points[-1][0], f"{points[-1][1]} {line}".strip())
        else:
            closing.append(line)
    if tuple(name for name, _ in points) != _POINTS or not all(said for _, said in points):
        return None
    return " ".join(closing), "\n".join(f"- {name}: {said}" for name, said in points)
