"""Choosing the few words of an answer that are worth quoting, letter by letter as the candidate said them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from interviewos.offline import signs
from interviewos.offline.answers import Answer, Clause

MOST_WORDS = 12
WORTH_QUOTING = 2.0
"""Below this a question is better asked without a quotation."""
GOOD_WORDS = 9
"""A longer quotation is worth less with every word."""
MOST_CHARACTERS = 72
READ_CLAUSES = 40
"""Clauses of one answer that are looked at, the longest ones: whatever somebody types, a turn stays quick."""
READ_WORDS = 60
"""Words of one clause that are looked at: nobody who speaks without a stop for longer loses by it."""

_EMPTY = signs.CLOSERS | signs.OPENERS | {"i", "me", "you", "there", "think", "guess", "really", "something", "things"}
_POINTERS = dict.fromkeys(("this", "that", "these", "those", "what"), 4.0)
_POINTERS |= dict.fromkeys(("it", "they", "he", "she", "who", "which", "whose"), 1.5)
"""Words that point at something outside the quotation, and what it loses by beginning with one."""
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]+")
_EDGES = " -–'’,.;:!/&+#="


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of one message of the candidate; `sentence` is all that stands around them."""

    text: str
    sentence: str
    whole: int
    """How many of its two ends are ends of a clause."""

    @property
    def shows_own_action(self) -> bool:
        return signs.OWN_ACTION.found_in(self.text)

    @property
    def shows_team(self) -> bool:
        return signs.WE_WORD.found_in(self.text) and not signs.I_WORD.found_in(self.text)

    @property
    def shows_number(self) -> bool:
        """Is there a figure, other than how long somebody has done something?"""
        return signs.NUMBER.found_in(signs.DURATION.taken_out_of(self.text))

    @property
    def shows_measured_result(self) -> bool:
        return self.shows_number and signs.CHANGE.found_in(self.text)

    @property
    def worth(self) -> float:
        """How much there is to ask about in these words; the weights were found by reading many quotations."""
        words = [_bare(word) for word in self.text.split()]
        content = sum(word not in _EMPTY for word in words)
        shown = 2.5 * self.shows_number + 2.5 * self.shows_own_action + 1.5 * signs.RESULT.found_in(self.text)
        shown += 0.7 * self.shows_team + 0.7 * self.whole + 0.6 * content + 0.6 * (words[0] in ("i", "i'm", "my"))
        vague = 2.0 * (len(words) < 3) + 1.5 * (content < 2) + _POINTERS.get(words[0], 0.0)
        vague += 1.0 * signs.DURATION.found_in(self.text) + 0.6 * max(0, len(words) - GOOD_WORDS)
        return shown - vague


def phrases(answer: Answer) -> list[Phrase]:
    """Take the phrases out of every clause of an answer, the best of each and what it leaves free."""
    found: list[Phrase] = []
    shortest = sorted((len(clause.text) for clause in answer.clauses), reverse=True)[:READ_CLAUSES]
    for clause in answer.clauses:
        if len(found) > 2 * READ_CLAUSES or len(clause.text) < shortest[-1]:
            continue
        ranked = sorted(_windows(clause), key=lambda p: p.worth, reverse=True)
        if ranked:
            found.append(ranked[0])
            before, _, after = clause.text.partition(ranked[0].text)
            found += [p for p in ranked[1:] if p.text in before or p.text in after][:1]
    return found


def best(answers: Iterable[Answer], avoid: Iterable[str] = ()) -> Phrase | None:
    """Find the phrase most worth quoting that does not overlap with the ones to avoid."""
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
    found = []
    for start in _starts(words):
        for stop in _stops(words, start):
            trimmed = _trim(words, start, stop)
            if trimmed and (text := _cut(clause.text, spans, *trimmed)):
                ends = (start == 0 or _opens(words, start)) + (stop == len(words) or words[stop] in signs.ENDS)
                found.append(Phrase(text, clause.sentence, ends))
    return found


def _starts(words: list[str]) -> list[int]:
    return [n for n in range(len(words)) if n == 0 or _opens(words, n) or _names(words, n)]


def _opens(words: list[str], at: int) -> bool:
    """Does a clause begin here that can stand alone?"""
    before = words[at - 1]
    return (
        words[at] in ("i", "we")
        or before in ("and", "but")
        or (before in signs.CONJUNCTIONS and words[at] in signs.HEADS)
    )


def _names(words: list[str], at: int) -> bool:
    """Does a noun begin here, with its article?"""
    return words[at - 1] in signs.PREPOSITIONS and words[at] in signs.HEADS


def _stops(words: list[str], start: int) -> list[int]:
    last = min(start + MOST_WORDS, len(words))
    stops = [n for n in range(start + 3, last + 1) if n == len(words) or words[n] in signs.JOINTS]
    return stops or [min(start + GOOD_WORDS, len(words))]


def _trim(words: list[str], first: int, last: int) -> tuple[int, int] | None:
    """Drop words with which a quotation should not begin or end, unless nothing else is there."""
    start, goes_on = first, last < len(words)
    while first < last and words[first] in signs.OPENERS and not (words[first] == "that" and first == 0):
        first += 1
    while last > first and words[last - 1] in (signs.CLOSERS if goes_on else signs.DANGLERS):
        last -= 1
    if first < last:
        return first, last
    return (0, len(words)) if start == 0 and not goes_on and len(words) <= GOOD_WORDS else None


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
    return word.strip(_EDGES).casefold().replace("’", "'")
