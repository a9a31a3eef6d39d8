"""Callers who try to have a model asked without end, on a real server with the real SDK and a local Gemini.

After each the interview holds every word, and the day's counter equals what the model has counted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from interviewos.adapters.sqlite_quota import SqliteQuota
from support.client import ApiClient
from support.gemini import FakeGemini, Gate, GeminiRequest, PromptBlock, Text
from support.process import wait_until
from support.puppet import chooses
from support.server import DevServer

PATIENT = {"INTRO_TIMEOUT_S": "3000", "MAX_INTRO_TURNS": "1000", "TOKENS_PER_INTERVIEW": "100000000"}


class Asking:
    """A model that asks one question after the other; `gate` holds its streams after their first words."""

    def __init__(self) -> None:
        self.gate: Gate | None = None
        self.asked = 0

    def __call__(self, request: GeminiRequest) -> Text:
        self.asked += 1
        if request.closes:
            return chooses(request)
        return Text(f"Question {self.asked}: what did you bake next?\n<<<STAY>>>", gate=self.gate)


@pytest.fixture
def model() -> Iterator[FakeGemini]:
    """A Gemini that never wants to move on."""
    with FakeGemini(Asking()) as running:
        yield running


@pytest.fixture
def server(model: FakeGemini, tmp_path: Path) -> Iterator[DevServer]:
    """A server that asks it, with much time and many questions."""
    with DevServer(tmp_path, PATIENT | model.env()) as running:
        yield running


@pytest.fixture
def candidate(server: DevServer) -> Iterator[ApiClient]:
    """Somebody without the secret, greeted."""
    with ApiClient(server.url) as client:
        assert client.create().status == 201
        assert client.start().status == 200
        yield client


def counted(server: DevServer) -> int:
    """The day's tokens."""
    return SqliteQuota(str(server.data / "interviews.db")).of(datetime.now(UTC).date()).tokens


def said(candidate: ApiClient) -> list[str]:
    """What of the candidate stands in the transcript."""
    return [m["text"] for m in candidate.messages()["messages"] if m["role"] == "user"]


def test_forty_takeovers_of_one_question_cost_a_few_calls_and_lose_no_word(
    candidate: ApiClient, server: DevServer, model: FakeGemini
) -> None:
    """Each names the running turn among its parts, as speech does that goes on."""
    script = model.script
    assert isinstance(script, Asking)
    script.gate = Gate(after_chunks=1)
    parts = [{"id": str(uuid.uuid4()), "text": f"Part {number}."} for number in range(40)]

    def send(number: int) -> int:
        return candidate.turn("user_turn", event_id=parts[number]["id"], parts=parts[: number + 1]).status

    with ThreadPoolExecutor(len(parts)) as callers:
        sent = []
        for number in range(len(parts)):
            sent.append(callers.submit(send, number))
            if number < 6:  # a takeover needs a turn that runs
                wait_until(lambda: model.calls > number + 1, 10, "the model's next question")  # noqa: B023
        wait_until(lambda: sum(each.done() for each in sent) >= 34, 10, "the answers to those that must wait")
        script.gate.set()
        statuses = [each.result() for each in sent]
    wait_until(lambda: send(39) == 200, 20, "the words that had to wait")

    assert statuses[6:] == [409] * 34
    assert said(candidate) == [part["text"] for part in parts]
    assert model.calls - 1 <= 10
    assert candidate.finish().status == 200
    assert counted(server) == model.tokens


def test_sixty_answers_to_a_model_that_refuses_all_cost_a_few_calls(
    candidate: ApiClient, server: DevServer, model: FakeGemini
) -> None:
    """It reads each time and is paid for it; the interview ends, says so, and keeps what was said."""
    model.script = lambda request: PromptBlock()  # type: ignore[assignment, return-value]
    before = model.calls
    answers = [candidate.answer(f"Answer {number}.") for number in range(60)]
    taken = [each for each in answers if each.status == 200]

    assert model.calls - before <= 30
    assert said(candidate) == [f"Answer {number}." for number in range(len(taken))]
    assert taken[-1]["done"]
    assert {each.body["type"] for each in answers[len(taken) :]} == {"/problems#interview-over"}
    assert counted(server) == model.tokens


def test_three_hundred_events_with_much_that_was_heard_leave_an_interview_that_ends(
    candidate: ApiClient, server: DevServer, model: FakeGemini
) -> None:
    """What the interviewer never said is not kept, so that the document does not grow by it."""
    heard = "\U0001f35e" * 3_900
    for number in range(300):
        last: Any = candidate.answer(f"Answer {number}.", heard={"seq": 2, "text": heard})
        assert last.status == 200 or last["type"] == "/problems#interview-over", last.body
    read = candidate.messages()
    size = sum(len(text) for text in said(candidate))

    assert (read["status"], read["messages"][-1]["source"]) == ("ended", "model")
    assert size < 300 * 20
    assert (server.data / "interviews.db").stat().st_size < 2_000_000
    assert counted(server) == model.tokens


def test_a_client_that_leaves_and_comes_back_for_a_minute_is_still_one_turn(
    candidate: ApiClient, server: DevServer, model: FakeGemini
) -> None:
    """The same event, sent again and again while it is answered, asks nothing more."""
    script = model.script
    assert isinstance(script, Asking)
    script.gate = Gate(after_chunks=1)
    before, event_id = model.calls, str(uuid.uuid4())
    with ThreadPoolExecutor(1) as callers:
        first = callers.submit(candidate.answer, "I bake bread.", event_id)
        assert script.gate.reached.wait(10)
        repeats = [candidate.answer("I bake bread.", event_id).status for _ in range(50)]
        script.gate.set()
        assert first.result().status == 200

    assert set(repeats) == {409}
    assert model.calls == before + 1
