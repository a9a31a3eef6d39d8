"""Finding words in a text: the same letters in the same order, however they were typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

FEWEST_LETTERS = 8
FEWEST_UNSPACED = 4
"""Letters, vowel signs and figures of a quotation, in scripts with blanks between words and without."""

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_MARKS = {ord(mark): "'" for mark in "‘’‚‛`´′ʼ"} | {ord(mark): '"' for mark in "“”„‟«»″「」『』"}
_DASHES = {ord(dash): "-" for dash in "‐‑‒–—―−"}
_ALIKE = _MARKS | _DASHES
_AROUND = " \t\n'\".,;:!?。、！？"
"""What may stand around quoted words and is not theirs."""
_IN_WORDS, _IN_FIGURES = "'-_", ".,:/'-"
"""What holds a word, or a figure, together: "didn't", "non-smoker", "1,400"."""
_LONG_DASHES = "‒–—―"
_ELIDED = re.compile(r"(?<!\w)(?:[cdjlmst]|qu|un|[dns]?[ae]ll)'$")
"""An article or a pronoun that has lost its vowel is a word of its own: "l'hôpital"."""
_NEGATED, _NEGATES = re.compile(r"(?:[不沒没未非無无]|ไม่)$"), re.compile(r"ません|ない|なかっ")
"""What turns a word around, before it and after it, where no blank stands between them."""


def find_span(quote: str, text: str) -> tuple[int, int] | None:
    """Find quoted words in a text: where they begin and end, in characters of the text; None where they do not stand.

    Case, compatibility forms, the kind of quotation marks, dashes and white space do not matter, and what nobody sees
    is passed over. Words are found whole, and in one piece. Too few letters are no quotation.
    """
    return Folded.of(text).find(wanted_of(quote))


def wanted_of(quote: str) -> str:
    """Fold quoted words as what they are looked for in; nothing where they are too few."""
    wanted = "".join(folded for folded, _ in _folded(quote)).strip(_AROUND)
    return wanted if _says_enough(wanted) else ""


def _says_enough(wanted: str) -> bool:
    letters = list(filter(_is_of_a_word, unicodedata.normalize("NFC", wanted)))
    return len(letters) >= FEWEST_LETTERS or sum(map(_is_unspaced, letters)) >= FEWEST_UNSPACED


@dataclass(frozen=True, slots=True)
class Folded:
    """The letters of a text, folded once for all that is looked for; `owners` are their places in the text."""

    text: str
    letters: str
    owners: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Folded:
        pieces = list(_folded(text))
        letters = "".join(piece for piece, _ in pieces)
        return cls(text, letters, tuple(index for piece, index in pieces for _ in piece))

    def find(self, wanted: str) -> tuple[int, int] | None:
        """Find the first whole place of folded words."""
        begin = self.letters.find(wanted) if wanted else -1
        while begin >= 0:
            end = begin + len(wanted)
            if not (self._joins(begin) or self._joins(end)):
                return self.owners[begin], self.owners[end - 1] + 1
            begin = self.letters.find(wanted, begin + 1)
        return None

    def _joins(self, at: int) -> bool:
        """Does a character, a word or a figure go on across this place?"""
        if not 0 < at < len(self.letters):
            return False
        if self.owners[at - 1] == self.owners[at] or _is_mark(self.letters[at]):
            return True
        before, after = self.letters[at - 1], self.letters[at]
        if _is_unspaced(before) or _is_unspaced(after):
            return bool(_NEGATED.search(self.letters[max(0, at - 3) : at]) or _NEGATES.match(self.letters, at))
        if _is_of_a_word(before) and _is_of_a_word(after):
            return True
        return self._changes(at) or self._holds(at - 1) or self._holds(at)

    def _changes(self, at: int) -> bool:
        """Does a sign on the one side say what the figure on the other is: "5 %" or "-5"?"""
        before, after = self.letters[at - 1], self.letters[at]
        is_minus = before == "-" and not (at > 1 and _is_of_a_word(self.letters[at - 2]))
        return (after == "%" and before.isdigit()) or (is_minus and after.isdigit())

    def _holds(self, at: int) -> bool:
        """Does this sign hold what is on both sides of it together, as one word or one figure?"""
        sign, before, after = self.letters[at], self.letters[at - 1 : at], self.letters[at + 1 : at + 2]
        if before.isdigit() and after.isdigit():
            return sign in _IN_FIGURES
        if sign not in _IN_WORDS or not (_is_of_a_word(before) and _is_of_a_word(after)):
            return False
        is_dash = self.text[self.owners[at]] in _LONG_DASHES
        return not is_dash and not _ELIDED.search(self.letters[max(0, at - 5) : at + 1])


def _folded(text: str) -> Iterator[tuple[str, int]]:
    """Fold each code point by itself, with its place; white space becomes one blank, and what is invisible nothing."""
    before = ""
    for index, sign in enumerate(text):
        folded = _fold(sign)
        if folded == " " and before == " ":
            continue
        if folded:
            yield folded, index
            before = folded


@lru_cache(maxsize=4096)
def _fold(sign: str) -> str:
    if sign.isspace():
        return " "
    if _is_invisible(sign):
        return ""
    if unicodedata.category(sign) == "No":  # 10² is not 102
        return sign
    plain = unicodedata.normalize("NFKD", sign.translate(_ALIKE)).casefold()
    return unicodedata.normalize("NFKD", plain)


def _is_invisible(sign: str) -> bool:
    return unicodedata.category(sign) == "Cf" or "\ufe00" <= sign <= "\ufe0f" or sign == "\u034f"


def _is_unspaced(sign: str) -> bool:
    return bool(_UNSPACED.match(sign))


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign).startswith("M")


def _is_of_a_word(sign: str) -> bool:
    return sign.isalnum() or (bool(sign) and _is_mark(sign))
