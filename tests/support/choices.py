"""The end of an interview as the models of the tests see it: of the request alone they choose, and read."""

from __future__ import annotations

import json
import re
from typing import Any

from interviewos.domain.interview import Interview, Role
from interviewos.domain.report import Point
from interviewos.report.points import GAP, NEXT_STEP, STRENGTH

POINTS = re.compile(rf"- {STRENGTH}: .+\n- {GAP}: .+\n- {NEXT_STEP}: .+")
"""The last message of an interview: three lines, and nothing else."""
READS, READS_FOR = "situation_named", "approach"
"""A sign that one reading may name, and the competency that it is about."""
_LONGEST = 6


def is_feedback(text: str) -> bool:
    """Is this the last message of an interview?"""
    return POINTS.fullmatch(text) is not None


def quotes(text: str) -> list[str]:
    """Give what a message quotes."""
    return re.findall("“(.+?)”", text)


def misquoted(interview: Interview) -> list[str]:
    """Give the points that quote something else than the words they stand for: the candidate's, or a question's."""
    assert interview.report, "each interview that ends has a report"
    return [point.text for point in interview.report.points if not _quotes_what_was_said(interview, point)]


def _quotes_what_was_said(interview: Interview, point: Point) -> bool:
    if point.span is None:
        asked = [m.text for m in interview.messages if m.role is Role.AGENT]
        return all(any(quote in text for text in asked) for quote in quotes(point.text))
    message = next(m for m in interview.messages if m.seq == point.span.seq)
    words = " ".join(message.text[point.span.start : point.span.end].split())
    return message.role is Role.USER and f"“{words}”" in point.text


def is_closing(system: str) -> bool:
    """Is a model asked to choose what the feedback is about?"""
    return system.startswith("A mock interview is over.")


def is_reading(system: str) -> bool:
    """Is a model asked to read an interview that is over?"""
    return system.startswith("You read what a person told in a practice interview")


def is_tailoring(system: str) -> bool:
    """Is a model asked to word questions for what was pasted?"""
    return system.startswith("You prepare a mock interview")


def told(stories: str) -> list[str]:
    """Read all answers from a request to choose, in the order in which they were given."""
    return [answer for line in stories.splitlines() for answer in json.loads(line)["told"]]


def choice(strength: tuple[str, str] | None = None, gap: tuple[str, str] | None = None) -> str:
    """Write a choice, each as a sign and a quotation."""
    picks = {"strength": strength, "gap": gap}
    return json.dumps({k: dict(zip(("sign", "quote"), v, strict=True)) for k, v in picks.items() if v})


def sensible_choice(stories: str) -> str:
    """Choose a strength that quotes the last answer in which there is something to quote."""
    said = [quote for quote in map(_quote, told(stories)) if sum(map(str.isalnum, quote)) >= 8]
    return choice(strength=(READS, said[-1]) if said else None)


def sensible_reading(stories: str) -> str:
    """Find in each story the sign that the choice names, with the level that it carries, and one sentence to retell."""
    return "\n".join(json.dumps(line) for line in map(_reading, map(json.loads, stories.splitlines())) if line)


def _reading(story: dict[str, Any]) -> dict[str, Any]:
    quote = next(filter(None, map(_quote, story["told"])), "")
    signs = [{"sign": READS, "quote": quote}] if READS_FOR in story["competencies"] else []
    retell = [{"part": part, "quote": quote} for part in story["parts"][:1]]
    levels = {READS_FOR: 3} if signs else {}
    return {"story": story["story"], "levels": levels, "signs": signs, "retell": retell}


def _quote(answer: str) -> str:
    """The first words of the longest stretch without a token or the end of a sentence, letter by letter."""
    longest = max(re.split(r"\([A-Z ]+\)|[<>(){}?!.:;\n]+", answer), key=len)
    return " ".join(longest.split()[:_LONGEST])
