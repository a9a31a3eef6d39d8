"""Choosing the few words of an answer that are worth quoting, letter by letter as the candidate said them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from interviewos.script import signs
from interviewos.script.answers import Answer, Clause

MOST_WORDS = 11
GOOD_WORDS = 9
"""A longer quotation is worth less with every word."""
MOST_CHARACTERS = 72
READ_WORDS = 60
"""Words of one clause that are looked at: nobody who speaks without a stop for longer loses by it."""

_EMPTY = signs.CLOSERS | signs.OPENERS | {"i", "me", "you", "there", "think", "guess", "really", "something", "things"}
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+")
_EDGES = " -–'’,.;:!/&+#="  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of one message of the candidate; `sentence` is all that stands around them, lower case."""

    text: str
    sentence: str
    whole: bool
    """Does it end where the clause ends?"""

    @property
    def shows_own_action(self) -> bool:
        return bool(signs.OWN_ACTION.search(self.text.casefold()))

    @property
    def shows_team(self) -> bool:
        low = self.text.casefold()
        return bool(signs.WE_WORD.search(low)) and not signs.I_WORD.search(low)

    @property
    def shows_number(self) -> bool:
        return bool(signs.NUMBER.search(self.text.casefold()))

    @property
    def shows_measured_result(self) -> bool:
        low = self.text.casefold()
        return bool(signs.NUMBER.search(low)) and bool(signs.CHANGE.search(low))

    @property
    def worth(self) -> float:
        """How much there is to ask about in these words."""
        low = self.text.casefold()
        words = low.split()
        content = sum(_bare(w) not in _EMPTY for w in words)
        shown = 2.5 * self.shows_number + 2.5 * self.shows_own_action + 1.5 * bool(signs.RESULT.search(low))
        shown += 0.5 * bool(re.search(r"(?<!^)\b[A-Z]\w", self.text)) + 0.7 * self.shows_team + 0.8 * self.whole
        vague = (
            2.0 * (len(words) < 3)
            + 1.5 * (content < 2)
            + 1.0 * (_bare(words[0]) in ("it", "this", "they", "he", "she"))
        )
        return shown + 0.6 * content - vague - 0.7 * max(0, len(words) - GOOD_WORDS)


def phrases(answer: Answer) -> list[Phrase]:
    """Take the best phrase out of every clause of an answer, in their order."""
    windows = (_windows(clause) for clause in answer.clauses)
    return [max(found, key=lambda p: p.worth) for found in windows if found]


def best(answers: Iterable[Answer], avoid: Iterable[str] = ()) -> Phrase | None:
    """Find the phrase that is most worth quoting and does not overlap with the ones to avoid."""
    taken = [text.casefold() for text in avoid]
    free = [p for a in answers for p in phrases(a) if not any(overlap(p.text.casefold(), t) for t in taken)]
    return max(free, key=lambda p: p.worth, default=None)


def overlap(one: str, other: str) -> bool:
    """Is one of them a part of the other?"""
    return one in other or other in one


def _windows(clause: Clause) -> list[Phrase]:
    """List the stretches of a clause that begin and end where a sentence can be cut."""
    spans = [m.span() for m in re.finditer(r"\S+", clause.text)][:READ_WORDS]
    words = [_bare(clause.text[a:b]) for a, b in spans]
    starts = [0, *(n for n in range(1, len(words)) if words[n] in ("i", "we") or words[n - 1] in signs.JOINTS)]
    found = []
    for start in starts:
        for stop in _stops(words, start):
            trimmed = _trim(words, start, stop)
            if trimmed and (text := _cut(clause.text, spans, *trimmed)):
                found.append(Phrase(text, clause.sentence, stop == len(words)))
    return found


def _stops(words: list[str], start: int) -> list[int]:
    last = min(start + MOST_WORDS, len(words))
    stops = [n for n in range(start + 3, last + 1) if n == len(words) or words[n] in signs.JOINTS]
    return stops or [min(start + GOOD_WORDS, len(words))]


def _trim(words: list[str], first: int, last: int) -> tuple[int, int] | None:
    """Drop words with which a quotation should not begin or end, unless nothing else is there."""
    start, goes_on = first, last < len(words)
    while first < last and words[first] in signs.OPENERS:
        first += 1
    while goes_on and last > first and words[last - 1] in signs.CLOSERS:
        last -= 1
    if first < last:
        return first, last
    return (0, len(words)) if start == 0 and len(words) <= GOOD_WORDS else None


def _cut(text: str, spans: list[tuple[int, int]], first: int, last: int) -> str:
    while last > first and spans[last - 1][1] - spans[first][0] > MOST_CHARACTERS:
        last -= 1
    if last == first:
        return _cut_unspaced(text[slice(*spans[first])])
    return text[spans[first][0] : spans[last - 1][1]].strip(_EDGES)


def _cut_unspaced(text: str) -> str:
    """Japanese, Chinese and Thai put no spaces between words; elsewhere so long a word is none."""
    return text[: MOST_CHARACTERS // 3] if _UNSPACED.fullmatch(text) else ""


def _bare(word: str) -> str:
    return word.strip(_EDGES).casefold().replace("’", "'")  # noqa: RUF001
