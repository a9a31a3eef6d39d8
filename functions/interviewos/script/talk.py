"""The conversation as the interviewer looks back on it: what was asked, said, quoted and answered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from interviewos.interview import Role, Stage, TurnPlan
from interviewos.script.answers import Answer, read_answers
from interviewos.script.bank import Family, Question
from interviewos.script.followups import FollowUp
from interviewos.script.kinds import Kind
from interviewos.script.phrases import WORTH_QUOTING, best
from interviewos.script.role import find_family
from interviewos.script.words import sentences_that_ask


@dataclass(frozen=True)
class Talk:
    """One turn's conversation; everything is read from it anew, so that nothing need be remembered beside it."""

    turn: TurnPlan

    @cached_property
    def said(self) -> tuple[str, ...]:
        """All lines of the interviewer, oldest first."""
        return tuple(m.text for m in self.turn.conversation if m.role is Role.AGENT)

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        return read_answers(self.turn.conversation)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The sentences that asked something, lower case."""
        return frozenset(sentence for line in self.said for sentence in sentences_that_ask(line))

    @cached_property
    def quoted(self) -> tuple[str, ...]:
        """What the interviewer has quoted."""
        return tuple(quote for line in self.said for quote in re.findall(r"“([^”]*)”", line))

    @cached_property
    def family(self) -> Family:
        return find_family(self.turn.role, (answer.own for answer in self.answers))

    def answers_in(self, stage: Stage) -> tuple[Answer, ...]:
        return tuple(answer for answer in self.answers if answer.stage is stage)

    def is_new(self, question: Question | FollowUp) -> bool:
        """Was this question never asked, neither as it stands nor in plainer words?"""
        forms = (*sentences_that_ask(question.text), *sentences_that_ask(question.plain))
        return self.asked.isdisjoint(forms)

    def first_new(self, questions: Iterable[Question]) -> str:
        """Take the first question that was never asked, or nothing."""
        return next((q.text for q in questions if self.is_new(q)), "")

    def unsaid(self, choices: Sequence[str]) -> str:
        """Take the first line that was not said before; when all were, go round."""
        fresh = (line for line in choices if not any(_fixed(line) in before for before in self.said))
        return next(fresh, choices[len(self.said) % len(choices)])

    def quote(self, answer: Answer) -> str:
        """Take words of an answer that are worth quoting and were not quoted before, or nothing."""
        phrase = best([answer], avoid=self.quoted)
        worthy = phrase and (phrase.worth >= WORTH_QUOTING or answer.kind is Kind.THIN)
        return phrase.text if phrase and worthy else ""


def _fixed(line: str) -> str:
    """Give the longest part of a line that is the same whatever is quoted in it."""
    return max(line.split("{quote}"), key=len)


def clean_name(name: str) -> str:
    """Make one short line of a name that anybody may have typed: letters, spaces and the marks of names."""
    letters = re.sub(r"<<<.{0,60}?>>>|[^\w\s'’.\-\u0300-\u036f\u0900-\u0dff]|[\d_]", " ", name)
    words = letters.split()[:5]
    while len(" ".join(words)) > 40:
        words.pop()
    cleaned = " ".join(words).strip(" .-'’")
    return cleaned if re.search(r"[^\W\d_]", cleaned) else ""
