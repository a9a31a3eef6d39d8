"""Where a sentence ends, and whether it asks: for text that was cut, and for text that is still coming.

A full stop ends no sentence after an abbreviation, an initial, a dotted short form or an ordinal, nor before a small
letter. Where that cannot be told, the sentence is taken to go on: what is left out costs less than half a sentence.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from interviewos.model import tells
from interviewos.model.marks import GONE, SIGNS

NEAR = 40
"""Characters on either side of a full stop that are looked at."""

_END = re.compile(r"""[.!?…؟۔।॥\u037e]["'”’»)\]*_]*(?=[\s\0-\x08\x0e-\x1b]|$)|[。！？｡．](?!\d)["'”’»」』）]*""")
MAY_END = frozenset(".!?…؟۔।॥;\u037e。！？｡．\"'”’»)]*_」』）")
"""The last signs that a sentence can have, with the semicolon that asks in Greek."""
_QUOTED_ON = re.compile(r"と|って|という|との")
"""In Japanese a quotation goes on after its bracket: 「…。」と言いました."""
_LAST_WORD = re.compile(r"[^\s(\[{\"'“”„«»‘]*$")
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[^\w.!?…]*$")
_TURKISH = re.compile("[ğışĞİŞ]")


def sentence_ends(text: str, begin: int = 0) -> list[int]:
    """List where sentences end that have their last sign behind `begin`."""
    return [end.end() for end in _END.finditer(text, begin) if _ends(text, end)]


def sentences(text: str) -> list[str]:
    """Cut a text into its sentences, white space around them left out."""
    cuts = [0, *sentence_ends(text), len(text)]
    pieces = (text[begin:end] for begin, end in pairwise(cuts))
    return [line.strip() for piece in pieces for line in piece.splitlines() if line.strip()]


def whole_sentences(text: str) -> str:
    """Cut a text at the end of its last whole sentence; nothing is left of one that has none."""
    ends = sentence_ends(text)
    return text[: ends[-1]] if ends else ""


def asks(text: str) -> bool:
    """Is there a sentence that wants an answer: a question, or a request such as "Tell me about …"?"""
    return any(_asking().search(sentence) for sentence in sentences(text))


@cache
def _asking() -> re.Pattern[str]:
    begun, ended = tells.pattern("sentences", "requests"), tells.pattern("sentences", "requests_at_the_end")
    mark = r"""[?؟՞፧\u037e]["'”’»)\]*_]*(?=\s|$)|？"""
    return re.compile(rf"{mark}|^\W*(?:{begun})|(?:{ended})$", re.IGNORECASE)


@cache
def _short(name: str) -> frozenset[str]:
    return tells.words("sentences", name)


def _ends(text: str, found: re.Match[str]) -> bool:
    sign, closed = found[0][0], len(found[0]) > 1
    after = text[found.end() : found.end() + NEAR].lstrip(f" \t{GONE}{SIGNS}")
    if sign in "。！？｡．":
        return not (closed and _QUOTED_ON.match(after))
    if after[:1].islower() and (closed or sign in ".…"):
        return False
    return sign != "." or after[:1] == "\n" or not _is_short(text[max(0, found.start() - NEAR) : found.start()], after)


def _is_short(before: str, after: str) -> bool:
    """Does this full stop belong to the word before it?"""
    found = _LAST_WORD.search(before)
    word = found[0] if found else ""
    if word.isdecimal():
        return _is_ordinal(before.removesuffix(word), word, after)
    small = word.casefold()
    if small in _short("before_numbers"):
        return after[:1].isdecimal()
    if small in _short("short_forms") or (small in _short("titles") and word.istitle()):
        return True
    letters = [part for part in small.split(".") if part]
    return bool(letters) and all(len(part) == 1 and part.isalpha() for part in letters) and small != "i"


def _is_ordinal(before: str, number: str, after: str) -> bool:
    """Is it the first, a part of a list, or a decimal that was cut, rather than a number at the end of a sentence?"""
    if not after or len(number) > 2:
        return not after
    word = _WORD_BEFORE.search(before)
    return word is None or word[1].casefold() in _short("before_ordinals") or bool(_TURKISH.search(before + after))
