"""Finding words in a text: the same letters in the same order, however they were typed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

FEWEST_LETTERS = 8
FEWEST_UNSPACED = 4
"""Letters and figures that a quotation has at least, in scripts with blanks between words and without."""

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_MARKS = {ord(mark): "'" for mark in "‘’‚‛`´′ʼ"} | {ord(mark): '"' for mark in "“”„‟«»″「」『』"}
_DASHES = {ord(dash): "-" for dash in "‐‑‒–—―−"}
_ALIKE = _MARKS | _DASHES
_AROUND = " \t\n'\".,;:!?。、！？"
"""What may stand around quoted words and is not theirs."""


def find_span(quote: str, text: str) -> tuple[int, int] | None:
    """Find quoted words in a text: where they begin and end, in characters of the text; None where they do not stand.

    Case, compatibility forms, the kind of quotation marks, dashes and white space do not matter, and what nobody sees
    is passed over. Words are found whole, and in one piece. Too few letters are no quotation.
    """
    wanted = "".join(folded for folded, _ in _folded(quote)).strip(_AROUND)
    if not _says_enough(wanted):
        return None
    pieces = list(_folded(text))
    letters = "".join(piece for piece, _ in pieces)
    owners = [index for piece, index in pieces for _ in piece]
    begin = letters.find(wanted)
    while begin >= 0:
        end = begin + len(wanted)
        if _is_whole(letters, owners, begin, end):
            return owners[begin], _end_of(text, owners[end - 1])
        begin = letters.find(wanted, begin + 1)
    return None


def _says_enough(wanted: str) -> bool:
    letters = sum(map(str.isalnum, wanted))
    return letters >= FEWEST_LETTERS or (letters >= FEWEST_UNSPACED and bool(_UNSPACED.search(wanted)))


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


def _fold(sign: str) -> str:
    if sign.isspace():
        return " "
    if unicodedata.category(sign) == "Cf":
        return ""
    plain = unicodedata.normalize("NFKD", sign.translate(_ALIKE)).casefold()
    return unicodedata.normalize("NFKD", plain)


def _is_whole(letters: str, owners: list[int], begin: int, end: int) -> bool:
    """Are these whole characters and, where words have blanks between them, whole words?"""
    cuts_before = begin > 0 and owners[begin - 1] == owners[begin]
    cuts_after = end < len(letters) and (owners[end - 1] == owners[end] or bool(unicodedata.combining(letters[end])))
    if cuts_before or cuts_after:
        return False
    return not (_joins(letters, begin) or _joins(letters, end))


def _joins(letters: str, at: int) -> bool:
    """Does a word go on across this place?"""
    around = letters[at - 1 : at + 1] if 0 < at < len(letters) else ""
    return len(around) == 2 and all(map(_is_of_a_word, around)) and not any(map(_UNSPACED.match, around))


def _is_of_a_word(sign: str) -> bool:
    return sign.isalnum() or bool(unicodedata.combining(sign))


def _end_of(text: str, last: int) -> int:
    """Take the marks along that belong to the last character."""
    end = last + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end
