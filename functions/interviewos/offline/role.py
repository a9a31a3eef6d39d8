"""Finding the kind of work: from the role that was typed in, or else from the candidate's own words."""

from __future__ import annotations

from collections.abc import Iterable

from interviewos.offline import bank
from interviewos.offline.bank import Family
from interviewos.offline.words import plain


def find_family(role: str, answers: Iterable[str]) -> Family:
    """Find the family of a role, or else of the first answer that names one for certain."""
    found = (_best(text, hints=number == 0) for number, text in enumerate((role, *answers)))
    return next((family for family in found if family), bank.GENERAL)


def _best(text: str, *, hints: bool) -> Family | None:
    words = f" {' '.join(plain(text))} "
    ranked = {family: _score(family, words, hints) for family in bank.FAMILIES}
    best = max(ranked, key=lambda family: ranked[family])
    return best if ranked[best][0] else None


def _score(family: Family, words: str, hints: bool) -> tuple[int, int]:
    """Weigh the words found, and how late the last stands: a title ends with what it is."""
    titles = [at for word in family.titles if (at := _find(words, word)) >= 0]
    hinted = [at for word in family.hints if (at := _find(words, word)) >= 0] if hints else []
    return 2 * len(titles) + len(hinted), max(titles + hinted, default=0)


def _find(words: str, word: str) -> int:
    return words.rfind(f" {word[:-1]} " if word.endswith(".") else f" {word}")
