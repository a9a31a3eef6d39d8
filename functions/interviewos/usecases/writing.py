"""What an interviewer writes that nobody hears: code reads it whole, once."""

from __future__ import annotations

from dataclasses import dataclass, field

from interviewos.domain.interview import Usage
from interviewos.model.prompt import Request
from interviewos.usecases.ports import Interviewer

CHARACTERS_A_TOKEN = 20
"""More than any has; what is longer does not come from a model that keeps its limit."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written, what it cost, and by which model; the text is empty where there was none."""

    text: str = ""
    usage: Usage = field(default_factory=Usage)
    model: str = ""


def written(interviewer: Interviewer, request: Request, seconds: float, most_tokens: int) -> Written:
    """Have something written within so many seconds and tokens; what is longer is cut."""
    text, usage, model = "", Usage(), ""
    for fragment in interviewer.write(request, seconds, most_tokens):
        text = (text + fragment.text)[: most_tokens * CHARACTERS_A_TOKEN]
        model = fragment.model if fragment.text else model
        usage += fragment.usage
    return Written(text, usage, model)
