"""The same event again, and another one while one is being answered: rows 39 to 41 of the bad inputs."""

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from interviewos.domain.errors import StoreUnavailable, TurnInProgress
from interviewos.web.http import stream
from support.client import BASE, ApiClient
from support.gemini import FakeGemini, Gate, Text
from support.problems import assert_problem
from support.process import wait_until
from support.server import DevServer

pytestmark = pytest.mark.server

SAME = ("assistant_text", "messages", "seq", "source", "event_id")


@pytest.fixture
def client(gemini_server: DevServer) -> Iterator[ApiClient]:
    """An interview with a model, just begun."""
    with ApiClient(gemini_server.url, secret=gemini_server.secret) as caller:
        caller.create()
        caller.start()
        yield caller


def test_row_39_a_hundred_repeats_get_one_turn_and_cost_one_call(client: ApiClient, gemini: FakeGemini) -> None:
    """Whoever lost an answer may ask for it as often as they like, by either door."""
    calls = gemini.calls
    first = client.answer("I bake bread.", "one-answer")

    again = [client.with_door(("session", "secret")[n % 2]).answer("I bake bread.", "one-answer") for n in range(100)]

    assert {200} == {repeat.status for repeat in again}
    assert all([repeat[name] for name in SAME] == [first[name] for name in SAME] for repeat in again)
    assert calls + 1 == gemini.calls


def test_rows_40_and_41_who_comes_while_a_turn_runs_is_told_to_wait(client: ApiClient, gemini: FakeGemini) -> None:
    """The same event and another one both get 409 with a wait; then each has its turn, and nothing is asked twice."""
    calls, gate = gemini.calls, Gate(after_chunks=0)
    gemini.say(Text("What do you bake?\n<<<STAY>>>", gate=gate))
    other = str(uuid.uuid4())
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(client.answer, "I bake bread.", "one-answer")
        try:
            assert gate.reached.wait(10)
            for event_id, words in (("one-answer", "I bake bread."), (other, "And cakes.")):
                refused = assert_problem(post(client, event_id, words), 409, "turn-in-progress")
                assert refused["retry_after_s"] >= 1
        finally:
            gate.set()
        first = running.result()

    assert first["assistant_text"] == "What do you bake?"
    assert first["messages"] == client.answer("I bake bread.", "one-answer")["messages"]
    assert calls + 1 == gemini.calls
    assert client.answer("And cakes.", other).status == 200


def test_words_are_pending_while_the_model_thinks(client: ApiClient, gemini: FakeGemini) -> None:
    """From the claim on, a reload shows the words, and that somebody is answering them."""
    gate = Gate(after_chunks=0)
    gemini.say(Text("What do you bake?\n<<<STAY>>>", gate=gate))
    caller = threading.Thread(target=client.answer, args=("I bake bread.", "one-answer"))
    caller.start()
    try:
        assert gate.reached.wait(10)
        seen = client.messages()
    finally:
        gate.set()
        caller.join()

    assert seen["thinking"]
    assert [(kept["event_id"], kept["text"]) for kept in seen["pending"]] == [("one-answer", "I bake bread.")]
    assert client.messages()["pending"] == []


@pytest.mark.parametrize("competitor", [False, True], ids=["alone", "fenced-off-meanwhile"])
def test_who_hangs_up_in_mid_stream_stops_nothing(competitor: bool, client: ApiClient, gemini: FakeGemini) -> None:
    """The turn is finished and kept unheard; one that was taken over leaves its words to the successor."""
    gate = Gate(after_chunks=1)
    gemini.say(Text("What do you bake?\n<<<STAY>>>", gate=gate, chunk_size=8))
    heard = client.stream_answer("I bake bread.", "one-answer")
    assert next(heard)[0] == "ack"
    assert gate.reached.wait(10)

    heard.close()
    if competitor:
        assert client.finish()["done"]
    gate.set()

    wait_until(lambda: not client.messages()["thinking"], 10, "the end of the turn")
    said = [message["text"] for message in client.messages()["messages"] if message["role"] != "system"]
    assert said.count("I bake bread.") == 1
    assert said.count("What do you bake?") == (0 if competitor else 1)


def test_an_unheard_turn_that_fails_is_no_accident() -> None:
    """Who closes a stream whose turn was taken over, or whose store is down, is not handed the error."""

    def events(error: Exception) -> Iterator[tuple[str, dict[str, object]]]:
        yield "ack", {}
        raise error

    for error in (TurnInProgress(retry_after=1), StoreUnavailable(retry_after=1), RuntimeError("a bug")):
        sent = iter(stream(events(error)).response)
        assert next(sent) == b"event: ack\ndata: {}\n\n"
        sent.close()  # type: ignore[attr-defined]


def post(client: ApiClient, event_id: str, words: str) -> httpx.Response:
    event = {"session_id": client.session_id, "event_type": "user_turn", "event_id": event_id, "user_text": words}
    headers = {"Authorization": f"Bearer {client.session_token}"}
    return client.http.post(f"{BASE}/ui/next_turn", json=event, headers=headers)
