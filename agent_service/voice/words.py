"""The candidate's words between their mouth and the transcript: none is sent twice, none is dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from voice.backend import Part

MOST_CHARACTERS = 4_000
"""Of one answer, by the contract of the functions."""
LONG_CHARACTERS = 3_500
"""An answer of about four minutes: the interviewer breaks in before words would have to wait for another turn."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(slots=True)
class Words:
    """What the recogniser understood and no reply has answered yet."""

    _new: list[str] = field(default_factory=list)
    _sent: dict[str, str] = field(default_factory=dict)

    def add(self, transcript: str) -> None:
        """Take in a final transcript; what holds no letter or digit was no word."""
        text = " ".join(_CONTROL.sub(" ", transcript).split())
        if any(character.isalnum() for character in text):
            self._new.append(text)

    @property
    def waiting(self) -> bool:
        """Is there something that was never sent?"""
        return bool(self._new)

    @property
    def long(self) -> bool:
        return sum(map(len, self._new)) > LONG_CHARACTERS

    def take(self, event_id: str) -> tuple[Part, ...]:
        """Give all words that are not answered, the new ones under this id; nothing when nothing is new.

        What does not fit into one answer stays for the next. Words sent before go along, so that a turn which is still
        running for them is taken over; where there is no room for that, the functions have them anyway.
        """
        if not self._new:
            return ()
        text, rest = _split(" ".join(self._new), MOST_CHARACTERS)
        self._new = [rest] if rest else []
        room = MOST_CHARACTERS - len(text)
        before = [Part(i, t) for i, t in self._sent.items()] if sum(map(len, self._sent.values())) <= room else []
        self._sent[event_id] = text
        return (*before, Part(event_id, text))

    def answered(self) -> None:
        """Forget what was sent: a reply has answered it."""
        self._sent.clear()

    def refused(self, keep: bool) -> None:
        """Have what was sent ready for the next turn, or give it up."""
        self._new = [*(self._sent.values() if keep else ()), *self._new]
        self._sent.clear()


def _split(text: str, most: int) -> tuple[str, str]:
    """Cut at the last blank that fits."""
    if len(text) <= most:
        return text, ""
    cut = text.rfind(" ", 0, most + 1)
    cut = cut if cut > 0 else most
    return text[:cut], text[cut:].lstrip()
