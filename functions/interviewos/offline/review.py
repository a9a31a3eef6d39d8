"""The answers under review: what was told, and which words of it have been quoted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from interviewos.domain.plan import STORIES
from interviewos.offline.again import item_of
from interviewos.offline.answers import Answer
from interviewos.offline.bank import Question
from interviewos.offline.kinds import DODGED, Kind
from interviewos.offline.phrases import WORTH_QUOTING, Phrase, overlap, phrases

NO_WORTH = float("-inf")


class Review:
    """The answers under review, their phrases, and those already quoted."""

    def __init__(self, answers: tuple[Answer, ...]) -> None:
        self.answers = answers
        self.quoted: list[str] = []
        self._phrases = {id(answer): phrases(answer) for answer in answers}

    @property
    def told(self) -> list[Answer]:
        return [answer for answer in self.answers if answer.kind is Kind.SAID]

    @property
    def about_work(self) -> list[Answer]:
        """What was told about past work, or else whatever was told: an introduction needs no result."""
        return [answer for answer in self.told if answer.goal == STORIES] or self.told

    @property
    def stories(self) -> list[list[Answer]]:
        """The same, with the answers to follow-ups beside the answer that they followed."""
        stories: list[list[Answer]] = []
        for answer in self.about_work:
            if stories and not isinstance(item_of(answer.asked), Question):
                stories[-1].append(answer)
            else:
                stories.append([answer])
        return stories

    @property
    def whole(self) -> str:
        return " ".join(answer.own for answer in self.told)

    @property
    def left_open(self) -> str:
        """How many questions were passed on, in words, or nothing."""
        count, of_all = sum(answer.kind in DODGED for answer in self.answers), len(self.answers)
        if of_all == 1:
            return "the only question" if count else ""
        return f"{count} of {of_all} questions" if count else ""

    def quote(self, wanted: Callable[[Phrase], bool], among: Sequence[Answer]) -> str:
        """Take the most telling phrase that fits and was not yet quoted, or nothing."""
        phrase = max((p for p in self.fresh(among) if wanted(p)), key=lambda p: p.worth, default=None)
        if phrase is None:
            return ""
        self.quoted.append(phrase.text)
        return phrase.text

    def richest(self, among: Sequence[Answer]) -> Answer:
        """Find the answer with the most telling words that were not yet quoted."""
        return max(among, key=lambda answer: max((p.worth for p in self.fresh([answer])), default=NO_WORTH))

    def fresh(self, among: Sequence[Answer]) -> list[Phrase]:
        return [p for p in self.phrases(among) if not any(overlap(p.text, quote) for quote in self.quoted)]

    def phrases(self, among: Sequence[Answer]) -> list[Phrase]:
        return [phrase for answer in among for phrase in self._phrases[id(answer)]]

    def words_of(self, answer: Answer) -> str:
        """Quote this answer, or else another one; the same words twice rather than none."""
        told = self.told or list(self.answers)
        for among, least in (([answer], WORTH_QUOTING), (told, WORTH_QUOTING), ([answer], NO_WORTH), (told, NO_WORTH)):
            if quote := self.quote(partial(_is_worth, least), among):
                return quote
        again = self.phrases([answer]) or self.phrases(self.told) or self.phrases(self.answers)
        return max(again, key=lambda p: p.worth).text if again else ""


def _is_worth(least: float, phrase: Phrase) -> bool:
    return phrase.worth >= least
