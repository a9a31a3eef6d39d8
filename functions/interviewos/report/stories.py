"""What was told: the candidate's answers to each question, in the order in which the questions were asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from interviewos.domain.interview import Message, Role, asking_lines
from interviewos.domain.plan import STORIES, WHOLE_STORY, Plan, Question
from interviewos.domain.wishes import Wish
from interviewos.domain.words import count_words
from interviewos.report.spans import Folded, wanted_of

SHORT = 8
"""Words below which all answers to a question tell too little to judge."""
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?。？؟])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Story:
    """The answers to one question. Where none was planned, it is known by the name of its stage.

    `asked` are the words that asked it first, empty where nothing did. `competencies` are those that it may show, none
    in a stage that asks for no stories; `named` says that the plan itself asks for them there. `parts` are those of its
    story, `parts_asked` those that were asked for, `parts_answered` those after which the candidate said something,
    were it that there is no more. `lines` are all of the interviewer's, by their numbers.
    """

    question: str
    stage: str
    asked: str = ""
    competencies: tuple[str, ...] = ()
    named: bool = False
    parts: tuple[str, ...] = ()
    parts_asked: tuple[str, ...] = ()
    parts_answered: tuple[str, ...] = ()
    answers: tuple[Message, ...] = ()
    skipped: bool = False
    lines: tuple[tuple[int, Folded], ...] = field(default=(), repr=False)

    @property
    def words(self) -> int:
        return sum(count_words(answer.text) for answer in self.answers)

    def repeats(self, answer: Message, words: str) -> bool:
        """Did the interviewer say these words of an answer first?"""
        wanted = wanted_of(words)
        return any(seq < answer.seq and line.find(wanted) for seq, line in self.lines)

    @property
    def is_short(self) -> bool:
        return self.words < SHORT


def stories_of(plan: Plan, conversation: Sequence[Message], competencies: Sequence[str]) -> tuple[Story, ...]:
    """Sort a conversation by its questions; a question that names no competency may show each of the given ones."""
    asking = asking_lines(conversation)
    told: dict[str, Story] = {}
    for message in sorted(conversation, key=lambda message: message.seq):
        if message in asking:
            story = told.setdefault(message.meta.question, _opened(plan, message, competencies))
            told[message.meta.question] = replace(story, parts_asked=_parts(plan, story, message))
        elif message.role is Role.USER:
            key = _question_of(asking, message) or message.stage
            told[key] = _with(told.setdefault(key, _opened(plan, message, competencies)), message)
    lines = tuple((line.seq, Folded.of(line.text)) for line in conversation if line.role is Role.AGENT)
    return tuple(replace(story, lines=lines) for story in told.values())


def _question_of(asking: Sequence[Message], message: Message) -> str:
    """Find the question that words belong to: the last one before them that was heard."""
    return next((line.meta.question for line in reversed(asking) if line.seq < message.seq), "")


def _opened(plan: Plan, line: Message, competencies: Sequence[str]) -> Story:
    planned = plan.question(line.meta.question)
    tells = line.stage in {stage.id for stage in plan.stages}
    named = planned.competencies if planned else ()
    usual = named or plan.competencies or tuple(competencies)
    asks = line.role is Role.AGENT
    return Story(
        question=line.meta.question or line.stage,
        stage=line.stage,
        asked=_asked(planned, line.text) if asks else "",
        competencies=usual if tells and plan.stage(line.stage).goal == STORIES else (),
        named=bool(named),
        parts=planned.parts if planned else (),
    )


def _asked(planned: Question | None, line: str) -> str:
    """Give what a line asks, without the greeting or the link before it: the planned words, else its last sentence."""
    if planned and planned.text in line:
        return planned.text
    return _BETWEEN_SENTENCES.split(line.strip())[-1]


def _parts(plan: Plan, story: Story, line: Message) -> tuple[str, ...]:
    planned = plan.question(line.meta.question)
    of_story = planned.parts if planned else ()
    asked = of_story if line.meta.part == WHOLE_STORY else tuple(filter(None, [line.meta.part]))
    return tuple(dict.fromkeys((*story.parts_asked, *asked)))


def _with(story: Story, message: Message) -> Story:
    """Add an answer; a wish is none, and one wish leaves the question open."""
    if message.meta.wish is None:
        return replace(story, answers=(*story.answers, message), parts_answered=story.parts_asked)
    if message.meta.wish is Wish.NEXT:
        return replace(story, parts_answered=story.parts_asked)
    return replace(story, skipped=story.skipped or message.meta.wish is Wish.SKIP)
