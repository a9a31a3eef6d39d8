"""What a model may choose at the end: one thing that an answer shows, one that it lacks, and the words for each.

It picks from our catalogue and says nothing itself; whether its choice stands is for `interviewos.report` to check.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

from interviewos.model.json_objects import json_objects
from interviewos.model.prompt import Request, prompt_of, quoted
from interviewos.report.catalogue import Catalogue, Sign
from interviewos.report.findings import Proposal
from interviewos.report.points import may_be_a_gap, may_be_a_strength
from interviewos.report.stories import Story

CLOSING_TOKENS = 300
"""Two signs and two quotations."""


class _Pick(msgspec.Struct, frozen=True):
    sign: str = ""
    quote: str = ""


class _Choice(msgspec.Struct, frozen=True):
    strength: _Pick = _Pick()
    gap: _Pick = _Pick()


def closing_request(signs: Catalogue, stories: Sequence[Story]) -> Request:
    """Write the request: what may be chosen, the same for everybody, and a JSON line for each story that was told."""
    return Request(_instruction(signs), ("\n".join(map(_line, stories)),))


def _instruction(signs: Catalogue) -> str:
    shows = "\n".join(_row(sign) for sign in signs.signs.values() if may_be_a_strength(sign))
    lacks = "\n".join(_row(sign) for sign in signs.signs.values() if may_be_a_gap(sign))
    return prompt_of("close").replace("{shows}", shows).replace("{lacks}", lacks)


def _row(sign: Sign) -> str:
    return f"- {sign.id}: {sign.wordings[0]}"


def _line(story: Story) -> str:
    told = {"question": quoted(story.asked), "told": [quoted(answer.text) for answer in story.answers]}
    return json.dumps(told, ensure_ascii=False)


def chosen(text: str) -> tuple[Proposal | None, Proposal | None]:
    """Read a strength and a gap out of an answer, by the first object that has one; None for each that is not there."""
    choices = ((_proposal(choice.strength), _proposal(choice.gap)) for choice in map(_as_choice, json_objects(text)))
    return next((picks for picks in choices if any(picks)), (None, None))


def _as_choice(found: object) -> _Choice:
    try:
        return msgspec.convert(found, _Choice)
    except msgspec.ValidationError:
        return _Choice()


def _proposal(pick: _Pick) -> Proposal | None:
    return Proposal(pick.sign, pick.quote) if pick.sign and pick.quote else None
