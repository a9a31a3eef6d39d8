"""What a model is asked when it reads an interview that is over, and what of its answer is a reading.

It gets no name, no role, no job and no line of the interviewer's, and it writes no sentence that is shown.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from interviewos.domain.plan import Plan
from interviewos.model.json_objects import json_objects
from interviewos.model.prompt import Request, prompt_of, quoted
from interviewos.report.catalogue import Catalogue
from interviewos.report.findings import Proposal
from interviewos.report.readings import Reading, StoryReading
from interviewos.report.stories import Story

STORY_TOKENS = 400
"""Of a line of the answer."""
MASKED = "[name]"


class _Quoted(msgspec.Struct, frozen=True):
    sign: str = ""
    part: str = ""
    quote: str = ""


class _Line(msgspec.Struct, frozen=True):
    story: int
    levels: dict[str, int] = {}
    signs: list[_Quoted] = []
    retell: list[_Quoted] = []


def readable(stories: Sequence[Story]) -> list[Story]:
    """Give the stories that are worth a reading: those of what they did, told in more than a few words."""
    return [story for story in stories if story.competencies and story.answers and not story.is_short]


def reading_request(signs: Catalogue, plan: Plan, stories: Sequence[Story], name: str) -> Request:
    """Write the request for one reading; the candidate's name is masked in their own words."""
    lines = (_line(number, plan, story, name) for number, story in enumerate(readable(stories), 1))
    return Request(instruction(signs), ("\n".join(lines),))


def instruction(signs: Catalogue) -> str:
    """Write what a reader is told, the same for everybody."""
    rows = (f"- {sign.id} ({_about(sign.shows)} {sign.competency}): {sign.wordings[0]}" for sign in _voted(signs))
    anchors = (
        f"{each.id}\n" + "\n".join(f"{level}. {anchor}" for level, anchor in enumerate(each.anchors, 1))
        for each in signs.competencies.values()
    )
    return prompt_of("read").replace("{signs}", "\n".join(rows)).replace("{anchors}", "\n\n".join(anchors))


def prompt_version(signs: Catalogue) -> str:
    """Name what a reader is told, so that two reports can be compared."""
    return hashlib.sha256(instruction(signs).encode()).hexdigest()[:8]


def _voted(signs: Catalogue) -> Iterator[Any]:
    return (sign for sign in signs.signs.values() if sign.competency)


def _about(shows: bool) -> str:
    return "shows" if shows else "lacks"


def _line(number: int, plan: Plan, story: Story, name: str) -> str:
    planned = plan.question(story.question)
    asked = (planned.plain if planned.tailored else planned.text) if planned else ""  # a tailored one tells of the job
    line: Mapping[str, object] = {
        "story": number,
        "question": asked,
        "competencies": list(story.competencies),
        "parts": list(story.parts),
        "told": [masked(quoted(answer.text), name) for answer in story.answers],
    }
    return json.dumps(line, ensure_ascii=False)


def masked(text: str, name: str) -> str:
    """Put a mark in place of each word of a name, where it stands as it was given."""
    words = [re.escape(word) for word in name.split() if len(word) > 1]
    return re.sub(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", MASKED, text) if words else text


def reading_of(text: str, stories: Sequence[Story]) -> Reading:
    """Read the lines of an answer that are whole and about a story that was sent; an empty one is no reading."""
    told = dict(enumerate(readable(stories), 1))
    lines = (line for each in json_objects(text) if (line := _as_line(each)) and line.story in told)
    return {told[line.story].question: _story(line) for line in lines}


def _story(line: _Line) -> StoryReading:
    levels = {competency: level for competency, level in line.levels.items() if 1 <= level <= 5}
    proposals = tuple(Proposal(each.sign, each.quote) for each in line.signs if each.sign and each.quote)
    return StoryReading(levels, proposals, tuple((each.part, each.quote) for each in line.retell))


def _as_line(found: object) -> _Line | None:
    try:
        return msgspec.convert(found, _Line)
    except msgspec.ValidationError:
        return None
