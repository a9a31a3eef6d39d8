"""The candidate's recognised words until a turn takes them: each is sent once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MOST_CHARACTERS = 4_000
"""Of one answer, by the contract of the functions."""
LONG_CHARACTERS = 3_500
"""About four minutes of speech. Beyond it the answer is ended, before words would have to wait for another turn."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


_WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]{1,2}|[\w'’]+")
"""A word, or two signs of a script that has no blanks between words."""


def words_in(text: str) -> list[str]:
    """The words of a text, in its order."""
    return _WORD.findall(text)


def has_words(transcript: str) -> bool:
    """Whether a transcript has a letter or a digit; others come of coughs."""
    return any(character.isalnum() for character in transcript)


@dataclass(slots=True)
class TranscriptBuffer:
    """Final transcripts that no turn has taken yet."""

    _new: list[str] = field(default_factory=list)

    def add(self, transcript: str) -> None:
        """Add a final transcript, without control characters; one without words is dropped."""
        text = " ".join(_CONTROL.sub(" ", transcript).split())
        if has_words(text):
            self._new.append(text)

    @property
    def text(self) -> str:
        return " ".join(self._new)

    @property
    def characters(self) -> int:
        return len(self.text)

    @property
    def waiting(self) -> bool:
        return bool(self._new)

    @property
    def long(self) -> bool:
        return self.characters > LONG_CHARACTERS

    def take(self, most: int = MOST_CHARACTERS) -> str:
        """Remove and return the words, up to so many characters; the rest stays for the next answer."""
        text, rest = _split(self.text, most)
        self._new = [rest] if rest else []
        return text

    def put_back(self, texts: Iterable[str]) -> None:
        """Put words back, before those that came since, for the next turn."""
        self._new = [*texts, *self._new]


def _split(text: str, most: int) -> tuple[str, str]:
    """Split at the last blank within `most` characters, or there if there is none."""
    if len(text) <= most:
        return text, ""
    cut = text.rfind(" ", 0, most + 1)
    cut = cut if cut > 0 else most
    return text[:cut], text[cut:].lstrip()
