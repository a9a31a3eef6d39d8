"""Easy and difficult candidates, from the start to the feedback, on the offline interviewer and on a model."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from faults.conftest import SHORT, Start
from support.candidates import CANDIDATES, GOOD
from support.client import ApiClient
from support.gemini import FakeGemini
from support.process import wait_until
from support.server import DevServer

pytestmark = pytest.mark.server

TALKATIVE = sorted(CANDIDATES.keys() - {"silent"})
ROLES = {
    "engineer": "Backend engineer",
    "nurse": "Paediatric nurse",
    "sales": "Sales representative",
    "graduate": "Junior city planner",
    "teacher": "Training designer",
}
MOST_TURNS = 1 + 7 + 14
QUESTION = re.compile(r"[^.!?:\n]*\?")
QUOTE = re.compile(r"“([^”]*)”")


@dataclass(frozen=True, slots=True)
class Held:
    """An interview that is over."""

    turns: list[Any]
    answers: list[str]
    transcript: Any

    @property
    def questions(self) -> list[list[str]]:
        """The questions of each turn but the last, which has the feedback."""
        return [[each.strip() for each in QUESTION.findall(turn["assistant_text"])] for turn in self.turns[:-1]]

    @property
    def bullets(self) -> list[str]:
        """The lines of the feedback."""
        return list(self.transcript["messages"][-1]["text"].splitlines())

    @property
    def sources(self) -> set[str]:
        """Who spoke for the interviewer, up to the feedback."""
        return {m["source"] for m in self.transcript["messages"][:-1] if m["role"] == "agent"}

    @property
    def chooser(self) -> str:
        """Who chose what the feedback is about."""
        return str(self.transcript["messages"][-1]["source"])

    @property
    def misquoted(self) -> list[str]:
        """What the feedback quotes and nobody said: no answer, and no question."""
        said = [" ".join(m["text"].split()) for m in self.transcript["messages"][:-1]]
        quotes = [quote for line in self.bullets for quote in QUOTE.findall(line)]
        return [quote for quote in quotes if not any(quote in text for text in said)]


def hold(client: ApiClient, name: str) -> Held:
    """Let this candidate have a whole interview."""
    client.create(candidate_name="Ada", role=ROLES.get(name, "Data analyst"))
    turns, answers = [client.start()], list[str]()
    while not turns[-1]["done"]:
        text = CANDIDATES[name](turns[-1]["assistant_text"], len(turns))
        assert text is not None
        answers.append(text)
        turns.append(client.answer(text))
        assert turns[-1].status == 200
        assert len(turns) <= MOST_TURNS
    return Held(turns, answers, client.messages())


def assert_good_manners(held: Held, name: str) -> None:
    """One question a turn, none again unless asked for it, three bullets, every answer once and unchanged."""
    assert [len(asked) for asked in held.questions] == [1] * len(held.questions)
    again = [asked for (asked,) in held.questions]
    if name == "asks_to_repeat":
        again.pop(1)
    assert len(set(again)) == len(again)
    assert [line.partition(":")[0] for line in held.bullets] == ["- Strength", "- Gap", "- Next step"]
    assert (held.transcript["status"], held.transcript["stage"]) == ("ended", "done")
    messages = held.transcript["messages"]
    assert [m["text"] for m in messages if m["role"] == "user"] == held.answers
    assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1))
    spoken = [m["text"] for m in messages if m["role"] == "agent"]
    assert len(set(spoken)) == len(spoken)
    assert [stage for stage in ("intro", "experience", "done") if stage in {m["stage"] for m in messages}] == [
        "intro",
        "experience",
        "done",
    ]


@pytest.fixture
def offline(server: DevServer) -> Iterator[ApiClient]:
    """A candidate's page on the offline interviewer."""
    with ApiClient(server.url) as client:
        yield client


@pytest.fixture
def with_model(gemini_server: DevServer) -> Iterator[ApiClient]:
    """A candidate's page on the scripted model."""
    with ApiClient(gemini_server.url) as client:
        yield client


@pytest.mark.parametrize("name", TALKATIVE)
def test_the_offline_interviewer_gets_on_with_everybody(offline: ApiClient, name: str) -> None:
    """It says that it is a script, and what its feedback quotes was said, to the letter."""
    held = hold(offline, name)

    assert_good_manners(held, name)
    assert held.sources | {held.chooser} == {"script"}
    assert held.misquoted == []


@pytest.mark.parametrize("name", GOOD)
def test_each_bullet_of_the_offline_interviewer_quotes_a_good_candidate(offline: ApiClient, name: str) -> None:
    """Who told something hears what of it is strong, and what to tell again."""
    strength, _, step = hold(offline, name).bullets

    assert QUOTE.search(strength)
    assert QUOTE.search(step)


def test_a_question_is_repeated_for_whoever_asks(offline: ApiClient) -> None:
    """In the same words, since those were not caught."""
    first, second, *_ = hold(offline, "asks_to_repeat").questions

    assert first == second


@pytest.mark.parametrize("name", TALKATIVE)
def test_a_model_gets_on_with_everybody(with_model: ApiClient, name: str) -> None:
    """The same interviews through the real SDK: nothing of the candidate's words changes what the model may do."""
    held = hold(with_model, name)

    assert_good_manners(held, name)
    assert held.sources == ({"model", "script"} if name == "asks_to_repeat" else {"model"})
    assert held.chooser in ({"model"} if name in GOOD else {"model", "fallback"})  # of a word nothing can be chosen
    assert held.misquoted == []


def test_a_silent_candidate_is_led_to_the_end_by_a_model(start: Start, model: FakeGemini) -> None:
    """It asks twice into the silence; the closing, about nothing said, needs no model."""
    _, client = start(**SHORT, **model.env())
    client.create()
    client.start()
    wait_until(lambda: bool(client.messages()["status"] == "ended"), 30, "the end")
    agents = [m for m in client.messages()["messages"] if m["role"] == "agent"]

    assert [m["source"] for m in agents] == ["model", "model", "script", "script"]
    assert [line.partition(":")[0] for line in agents[-1]["text"].splitlines()] == [
        "- Strength",
        "- Gap",
        "- Next step",
    ]
    assert model.calls == 2
