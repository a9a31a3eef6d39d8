"""Conversations made line by line, for what a report says of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from interviewos.domain.interview import Message, Meta, Role, Source
from interviewos.domain.plan import Plan
from interviewos.domain.wishes import Wish
from interviewos.report.catalogue import catalogue
from interviewos.report.stories import Story, stories_of
from support.fakes import NURSING

AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Telling:
    """A conversation about the questions of a plan; each verb adds a line and gives it back."""

    plan: Plan = NURSING
    lines: list[Message] = field(default_factory=list)

    def ask(self, question: str, part: str = "", text: str = "", repeats: bool = False) -> Message:
        """The interviewer asks a planned question, or for a part of its story."""
        planned = self.plan.question(question)
        assert planned or text
        words = text or (f"And then, about the {part}?" if part else planned.text if planned else "")
        meta = Meta(question=question, part=part, repeats=repeats)
        return self._add(Role.AGENT, planned.stage if planned else "experience", words, meta)

    def remark(self, text: str, stage: str = "experience") -> Message:
        """The interviewer says something that asks nothing planned."""
        return self._add(Role.AGENT, stage, text, Meta())

    def say(self, text: str, wish: Wish | None = None, after: int | None = None, stage: str = "") -> Message:
        """The candidate says something."""
        stage = stage or (self.lines[-1].stage if self.lines else "intro")
        return self._add(Role.USER, stage, text, Meta(wish=wish, after=after))

    def _add(self, role: Role, stage: str, text: str, meta: Meta) -> Message:
        source = Source.MODEL if role is Role.AGENT else None
        line = Message(len(self.lines) + 2, role, stage, text, AT, source, meta)
        self.lines.append(line)
        return line

    def stories(self) -> tuple[Story, ...]:
        return stories_of(self.plan, self.lines, tuple(catalogue().competencies))

    def story(self, question: str) -> Story:
        return next(story for story in self.stories() if story.question == question)
