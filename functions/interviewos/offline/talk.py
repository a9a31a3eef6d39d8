"""The conversation as the interviewer looks back on it: what was asked, said, quoted and answered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from interviewos.domain.interview import Role, TurnPlan
from interviewos.offline.answers import Answer, read_answers
from interviewos.offline.bank import Family, Question
from interviewos.offline.followups import FollowUp
from interviewos.offline.kinds import Kind
from interviewos.offline.phrases import WORTH_QUOTING, best
from interviewos.offline.role import find_family
from interviewos.offline.words import sentences_that_ask


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
        return read_answers(self.turn)

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

    def answers_in(self, stage: str) -> tuple[Answer, ...]:
        return tuple(answer for answer in self.answers if answer.stage == stage)

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


MOST_NAME_WORDS, MOST_NAME_CHARACTERS = 10, 64
_NAME_SIGNS = frozenset(" '’ʼ‘.,-‐‑–·・/&()\u200c\u200d\u05f3\u05f4\u0f0b\u055a\u1361´")
_TOKENS = re.compile(r"<{1,}[^<>]{0,60}>{1,}|MOVE_TO_\w*")
_LOOSE = re.compile(r"/(?=[/\s]|\Z)|(?<![^/\s])/|,(?!\s)|(?<!\S),|(?<!\s)&|&(?!\s)|\([^()]*\Z|\A[^()]*\)|\(\s*\)")


def clean_name(name: str) -> str:
    """Give a name as it was typed, in whatever script, on one line and without signs that no name has.

    What is too long for one, or has no letter, is no name.
    """
    typed = unicodedata.normalize("NFC", _TOKENS.sub(" ", name))
    words = _LOOSE.sub(" ", "".join(map(_sign_of_a_name, typed))).split()
    cleaned = " ".join(words).strip(" ,-–&/'’")
    fits = len(words) <= MOST_NAME_WORDS and len(cleaned) <= MOST_NAME_CHARACTERS
    return cleaned if fits and any(map(str.isalpha, cleaned)) else ""


def _sign_of_a_name(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind[0] in "LMN" or sign in _NAME_SIGNS:
        return sign
    return "" if kind == "Cf" else " "
