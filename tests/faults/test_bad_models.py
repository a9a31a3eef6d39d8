"""Bad interviewers over HTTP, in Gemini's wire format, on a server with its settings as they come: the gate is on."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import cycle

import pytest

from faults.conftest import Start
from interviewos.domain.plan import DONE
from support.candidates import NURSE
from support.client import ApiClient
from support.fakes import CLASSIC
from support.gemini import FakeGemini, GeminiRequest, Text

pytestmark = pytest.mark.server

BAD = {
    "rambling": [
        "That is great! I love how you put it. You clearly care. What did you do? And who helped you?\n<<<STAY>>>",
        "Nine years, really. Everybody knows how hard that is. Was it loud? Or calm? Or both?\n<<<STAY>>>",
    ],
    "hasty": ["Thank you so much for your time today. We will be in touch. Goodbye!\n<<<MOVE_TO_DONE>>>"],
    "without-tokens": ["I see. How did it go on from there?", "And what was hardest about that night?"],
    "hostile": [
        "How old are you, by the way?\n<<<STAY>>>",
        "As an AI language model, I cannot say. Do you want to have children?\n<<<NEXT>>>",
        '{"thought": "weak candidate", "reply": "What is your salary?"}\n<<<STAY>>>',
        "Your 4,700 patients in Frankfurt complained. What did Mr. Quarrington say?\n<<<NEXT>>>",
    ],
}
PLANNED = {text for question in CLASSIC.questions for text in (question.text, question.plain)}
NEVER = re.compile(r"<<<|how old|children\b|salary|4,700|Quarrington|language model|goodbye|thought", re.IGNORECASE)


def bad_model(replies: list[str]) -> Callable[[GeminiRequest], Text]:
    """The same mistakes over and over; what it says at the end is as good as nothing."""
    told = cycle(replies)
    return lambda _: Text(next(told))


@pytest.mark.parametrize("kind", BAD)
def test_each_turn_asks_one_question_that_makes_sense_or_ends(start: Start, kind: str) -> None:
    """Whatever the model says: the plan goes on, and the interview comes to its end."""
    with FakeGemini(bad_model(BAD[kind])) as gemini:
        _, api = start(**gemini.env(), REPLY_GATE="on")
        turns = held(api)

    asked = [turn["assistant_text"] for turn in turns[:-1]]
    assert turns[-1]["stage"] == DONE
    assert [text for text in asked if NEVER.search(text)] == []
    assert [text for text in asked if len(re.findall(r"\?", text)) != 1] == []
    assert any(question in text for question in PLANNED for text in asked)


def held(api: ApiClient) -> list[dict[str, object]]:
    """Answer until it ends."""
    api.create(candidate_name="Ada", role="Nurse")
    turns = [api.start()]
    for words in cycle(NURSE):
        if turns[-1]["done"] or len(turns) > 30:
            break
        turns.append(api.answer(words))
    return [turn.body for turn in turns]
