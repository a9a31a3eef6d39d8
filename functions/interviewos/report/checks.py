"""What words themselves must have for a sign, as far as a rule can tell: figures, and who acts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interviewos.report.clauses import NEGATION, clause_start
from interviewos.report.deeds import acts, names_the_speaker, tells_of_the_speaker
from interviewos.report.figures import changed, compared
from interviewos.report.sentences import sentences_around
from interviewos.report.stories import Story

_UNREAL = re.compile(
    r"\b(?:would|could|should|might|if|unless|wish\w*|hop(?:e[ds]?|ing)|want\w*|will|going to)\b|['’](?:d|ll)\b"
    r"|\b(?:würde\w*|könnte\w*|sollte\w*|hätte\w*|wäre\w*|wenn|falls|möchte\w*)\b"
    r"|\b(?:voudrais|devrais|pourrais|aurais|serais|quisiera|podría|debería|habría|hubiera|ojalá|si)\b",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(r"\s*(?:nicht|nie|pas|jamais)\b", re.IGNORECASE)
_WE = re.compile(r"\b(?:we|(?<!the )us|our|ours|wir|uns|unser\w*)\b|\bwe['’]", re.IGNORECASE)
_WE_LANGUAGES = re.compile(r"\b(?:the|and|und|das|ist)\b", re.IGNORECASE)
"""Words of English or German that no language with the same "we" has."""
_LIST_LINE = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s", re.MULTILINE)
FEWEST_WE = 3
WORDS_BEFORE = 3
"""How far before a quotation a "not" still belongs to it."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words of an answer that are claimed to show something: characters from `start` to before `end`."""

    answer: str
    start: int
    end: int

    @property
    def words(self) -> str:
        return self.answer[self.start : self.end]

    @property
    def sentence(self) -> str:
        """The whole sentences that the words are in."""
        return self.answer[slice(*sentences_around(self.answer, self.start, self.end))]

    def holds(self, found: re.Match[str] | None) -> bool:
        """Do the words share a character with what was found in their sentence?"""
        begin = sentences_around(self.answer, self.start, self.end)[0]
        return found is not None and begin + found.start() < self.end and self.start < begin + found.end()


def is_turned_around(quoted: Quoted) -> bool:
    """Was a "not" or a "would" left out that stands just before these words in their clause, or a "not" after them?"""
    begin = sentences_around(quoted.answer, quoted.start, quoted.end)[0]
    before = quoted.answer[begin : quoted.start]
    last = " ".join(before[clause_start(before, len(before)) :].split()[-WORDS_BEFORE:])
    return bool(NEGATION.search(last) or _UNREAL.search(last) or _NOT_AFTER.match(quoted.answer, quoted.end))


def is_measured(quoted: Quoted, story: Story) -> bool:
    return quoted.holds(compared(quoted.sentence))


def shows_change(quoted: Quoted, story: Story) -> bool:
    return quoted.holds(changed(quoted.sentence))


def has_first_person(quoted: Quoted, story: Story) -> bool:
    """Does the speaker act in these words? Neither a wish nor what was not done is an action."""
    denied = NEGATION.search(quoted.words) or _UNREAL.search(quoted.words)
    return names_the_speaker(quoted.answer, quoted.start, quoted.end) and not denied


def is_own_deed(quoted: Quoted, story: Story) -> bool:
    return quoted.holds(acts(quoted.sentence, quoted.answer))


def is_we_alone(quoted: Quoted, story: Story) -> bool:
    """Is a story, in English or German, told as "we" again and again, and never as "I"? A list has no speaker."""
    told = "\n".join(answer.text for answer in story.answers)
    if not _WE_LANGUAGES.search(told) or _LIST_LINE.search(told) or tells_of_the_speaker(told):
        return False
    return len(_WE.findall(told)) >= FEWEST_WE and bool(_WE.search(quoted.sentence))


Check = Callable[[Quoted, Story], bool]
CHECKS: Mapping[str, Check] = {
    "measured": is_measured,
    "first_person": has_first_person,
    "we_alone": is_we_alone,
}
"""The rules that the catalogue names: without them a claim is not made."""
PROOFS: Mapping[str, Check] = {
    "measured": shows_change,
    "first_person": is_own_deed,
    "we_alone": is_we_alone,
}
"""What shows by itself that a claim is true, so that it rests on no reading."""
