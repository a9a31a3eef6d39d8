"""The candidate's words between their mouth and a turn: none is sent twice, none is dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_CHARACTERS = 4_000
"""Of one answer, by the contract of the functions."""
LONG_CHARACTERS = 3_500
"""An answer of about four minutes: the interviewer breaks in before words would have to wait for another turn."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


def has_words(transcript: str) -> bool:
    """What holds no letter or digit was a cough."""
    return any(character.isalnum() for character in transcript)


@dataclass(slots=True)
class TranscriptBuffer:
    """What the recogniser understood and no turn has taken yet."""

    _new: list[str] = field(default_factory=list)

    def add(self, transcript: str) -> None:
        """Take in a final transcript."""
        text = " ".join(_CONTROL.sub(" ", transcript).split())
        if has_words(text):
            self._new.append(text)

    @property
    def characters(self) -> int:
        return len(" ".join(self._new))

    @property
    def waiting(self) -> bool:
        return bool(self._new)

    @property
    def long(self) -> bool:
        return self.characters > LONG_CHARACTERS

    def take(self, most: int = MOST_CHARACTERS) -> str:
        """Give what waits, up to so many characters; the rest stays for the next answer."""
        text, rest = _split(" ".join(self._new), most)
        self._new = [rest] if rest else []
        return text

    def put_back(self, texts: Iterable[str]) -> None:
        """Have what was taken ready for the next turn, before what came since."""
        self._new = [*texts, *self._new]


def _split(text: str, most: int) -> tuple[str, str]:
    """Cut at the last blank that fits."""
    if len(text) <= most:
        return text, ""
    cut = text.rfind(" ", 0, most + 1)
    cut = cut if cut > 0 else most
    return text[:cut], text[cut:].lstrip()
