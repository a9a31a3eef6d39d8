"""What was said in an interview so far, and why a question does not fit it: what a reply is held against."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from interviewos.domain.asking import LANGUAGES
from interviewos.domain.interview import Message, Role, TurnPlan
from interviewos.domain.private import says_back
from interviewos.domain.questions import forbidden_topic, own_words
from interviewos.domain.words import TEXTS_KEPT, count_words
from interviewos.model import tells
from interviewos.model.asks import asks, has_mark
from interviewos.model.facts import Facts, folded
from interviewos.model.sentences import sentences
from interviewos.model.thoughts import Verdict, addresses, verdict

ALIKE = 0.75
"""Share of their words that two questions have in common when they are the same one."""
FEWEST_WORDS = 4
"""A question of fewer words is compared with what was said before it: "Why?" may be asked twice."""
FEWEST_SAID = 5
"""A sentence of fewer words ("That is a lot.") may be said again."""

_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff"
_RUN = re.compile(f"[{_UNSPACED}]+")
_WORD = re.compile(rf"[^\W_{_UNSPACED}]+")
_MOSTLY_GERMAN = 2
_ASKS_AT_THE_END = re.compile(r"[?？؟][^\w.!。！]*$")


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line of the interviewer asked: about which question, and in which words."""

    about: str
    text: str
    words: frozenset[str]
    is_planned: bool = False

    def is_like(self, asked: frozenset[str], short: bool) -> bool:
        """Does it ask in these words? They are those of a whole line where the question is short."""
        if short or not _may_be_alike(asked, self.words):
            return short and _alike(asked, self.words)
        return _alike(asked, _words(asking_part(self.text)))


class Said:
    """What people have said, and what they were asked."""

    def __init__(self, turn: TurnPlan) -> None:
        self._turn = turn
        lost = turn.unheard
        self._lines = [m for m in turn.conversation if m.role is not Role.SYSTEM and m.seq not in lost]

    def fault_of(self, question: str, reply: str) -> str:
        """Name what is wrong with a question, "" for nothing; `reply` is all that was said up to its end."""
        if self.is_about_the_candidate(question):
            return "about_candidate"
        if is_private(question) or says_back(question, self._answers):
            return "private"
        if self._facts.is_invented(question, _is_german(reply, self._answer)):
            return "invented"
        if self._is_theirs(question):
            return "said_before"
        return "asked_before" if self._was_asked(question, reply) else ""

    def fault_of_words(self, sentence: str) -> str:
        """Name why a sentence that asks nothing must not be said, "" where it may."""
        if self.is_about_the_candidate(sentence):
            return "about_candidate"
        if says_back(sentence, self._answers):
            return "private"
        if _itself().search(sentence) and not self._asked_back:
            return "about_itself"
        if addresses(sentence) and self._facts.is_invented(sentence, _is_german(sentence, self._answer)):
            return "invented"
        return "said_before" if self._was_said(sentence) else ""

    def is_the_next(self, question: str) -> bool:
        """Is it the next planned question, of this stage or the one after it, nearly in its own words?"""
        turn = self._turn
        opening = next(iter(turn.plan.questions_of(turn.plan.next_of(turn.stage))), None)
        following = turn.step.next or opening
        return following is not None and _alike(_words(question), _words(following.text))

    def is_about_the_candidate(self, sentence: str) -> bool:
        """Does it speak past the candidate: of "the candidate", of a token, or of a plan?"""
        if addresses(sentence):
            return bool(_rules().search(sentence))
        found = _about().search(sentence)
        who = next(filter(None, found.groups()), "") if found else ""
        return (bool(who) and folded(who)[:6] not in self._facts.letters) or verdict(sentence) is Verdict.PLAN

    def _was_said(self, sentence: str) -> bool:
        """Did the interviewer say just this, or the candidate of themselves? It may answer what is asked once more."""
        long_enough = count_words(sentence) >= FEWEST_SAID
        return long_enough and not self._asked_back and self._has_sentence(folded(sentence))

    def _has_sentence(self, letters: str) -> bool:
        holding = (m for m, line in zip(self._lines, self._folded, strict=True) if letters in line)
        said = ((m.role, each) for m in holding for each in sentences(m.text) if folded(each) == letters)
        return any(role is Role.AGENT or not addresses(each) for role, each in said)

    @cached_property
    def _folded(self) -> list[str]:
        return [folded(m.text) for m in self._lines]

    def _is_theirs(self, question: str) -> bool:
        """Is it a question that the candidate asked, and that was not put to them before?"""
        asked = folded(question)

        def holds(text: str) -> bool:
            return asked in folded(text) and any(folded(each) == asked and has_mark(each) for each in sentences(text))

        return any(map(holds, self._answers)) and not any(holds(m.text) for m in self._asking)

    @cached_property
    def _answers(self) -> list[str]:
        return [m.text for m in self._lines if m.role is Role.USER]

    def _was_asked(self, question: str, reply: str) -> bool:
        if _words(reply) in self._elsewhere:
            return True
        short = len(_words(question)) < FEWEST_WORDS
        mine = _words(reply if short else question)
        alike = [each for each in self._near if each.is_like(mine, short)]
        return bool(alike) and not (self._wants_it_again and self._may_be_put_again(alike))

    def _may_be_put_again(self, alike: Sequence[_Line]) -> bool:
        """Only what is open is put once more, and once only."""
        return all(each.about == self._open for each in alike) and sum(not each.is_planned for each in alike) <= 1

    @cached_property
    def _near(self) -> list[_Line]:
        """The lines that asked about the open question and that opened others."""
        spoken = [m for m in self._asking if m not in self._follow_ups_elsewhere]
        opened = {m.meta.question for m in self._asking}
        planned = [question for question in self._turn.plan.questions if question.id in opened]
        return [_line(m.text, m.meta.question) for m in spoken] + [_line(each.text, each.id, True) for each in planned]

    @cached_property
    def _elsewhere(self) -> frozenset[frozenset[str]]:
        """What was asked about another story, with the words that led to it: these make it another question here."""
        return frozenset(_words(m.text) for m in self._follow_ups_elsewhere)

    @cached_property
    def _asking(self) -> list[Message]:
        return [m for m in self._lines if m.role is Role.AGENT and not m.meta.repeats]

    @cached_property
    def _follow_ups_elsewhere(self) -> list[Message]:
        """ "How did it end?" may be asked of each story, and once of each."""
        first = {m.meta.question: m for m in reversed(self._asking)}
        theirs = [m for m in self._asking if m.meta.question not in ("", self._open)]
        return [m for m in theirs if m is not first[m.meta.question]]

    @property
    def _open(self) -> str:
        return self._turn.step.open.id if self._turn.step.open else ""

    @cached_property
    def _wants_it_again(self) -> bool:
        """Did the candidate ask back, or not hear the line to its end?"""
        return self._asked_back or any(m.meta.wish or m.meta.heard for m in self._last)

    @cached_property
    def _asked_back(self) -> bool:
        """Is the last that they said a question? One that they go on to answer themselves is none."""
        return bool(_ASKS_AT_THE_END.search(self._answer))

    @cached_property
    def _last(self) -> list[Message]:
        last = max((m.seq for m in self._lines if m.role is Role.AGENT), default=0)
        return [m for m in self._lines if m.seq > last]

    @cached_property
    def _answer(self) -> str:
        return " ".join(m.text for m in self._last)

    @cached_property
    def _texts(self) -> list[str]:
        turn = self._turn
        planned = [f"{question.text} {question.plain}" for question in turn.plan.questions]
        minutes = [turn.step.minutes_left, *(round(stage.seconds / 60) for stage in turn.plan.stages)]
        people = [*(m.text for m in self._lines), turn.role, turn.candidate_name]
        return [*people, turn.plan.title, *planned, *map(str, minutes)]

    @cached_property
    def _facts(self) -> Facts:
        return Facts(self._texts, " ".join(self._answers))


def _line(text: str, about: str, is_planned: bool = False) -> _Line:
    return _Line(about, text, _words(text), is_planned)


@lru_cache(TEXTS_KEPT)
def asking_part(text: str) -> str:
    """Give what asks in a line, the whole of it where nothing does."""
    return " ".join(filter(asks, sentences(text))) or text


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= ALIKE * max(1, len(one | other))


def _may_be_alike(asked: frozenset[str], line: frozenset[str]) -> bool:
    """May a part of this line be like that? Only some of the line's words can be in both."""
    return len(asked & line) >= ALIKE * max(1, len(asked))


@lru_cache(TEXTS_KEPT)
def _words(text: str) -> frozenset[str]:
    """List the words of a text; pairs of signs where no blanks are between words."""
    small = text.casefold()
    runs = _RUN.findall(small)
    pairs = [run[at : at + 2] for run in runs for at in range(max(1, len(run) - 1))]
    return frozenset([*_WORD.findall(small), *pairs])


def is_private(question: str) -> bool:
    own = any(forbidden_topic(question, code) for code in LANGUAGES)
    return own or bool(_private().search(own_words(question)))


def _is_german(reply: str, answer: str) -> bool:
    """Is a reply in German? A few words of it do not tell, but those before it do."""
    count = {text: len(tells.words("gate", "german").intersection(_plain_words(text))) for text in (reply, answer)}
    return count[reply] > 0 and sum(count.values()) >= _MOSTLY_GERMAN


def _plain_words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


@cache
def _about() -> re.Pattern[str]:
    return re.compile(tells.pattern("gate", "about"), re.IGNORECASE)


@cache
def _itself() -> re.Pattern[str]:
    return re.compile(tells.pattern("gate", "itself"), re.IGNORECASE)


@cache
def _rules() -> re.Pattern[str]:
    return re.compile(r"\b(?:STAY|MOVE_TO\w*|NEXT_QUESTION)\b")


@cache
def _private() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-zà-ɏа-яё])(?:{tells.pattern('gate', 'private')})", re.IGNORECASE)
