"""The voice worker's client and conversation against the real functions: two halves of one wire contract."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, TypeVar

import httpx
import pytest

from support.client import ApiClient
from support.gemini import FakeGemini, Gate, Text
from support.server import DevServer
from voice.backend import Backend, Refused, Step
from voice.conversation import Conversation
from voice.reply import Reply
from voice.transcript import TranscriptBuffer
from voice.wire import Ack, Delta, Event, Heard, Part, Turn

pytestmark = pytest.mark.server

T = TypeVar("T")


@pytest.fixture
def interview(gemini_server: DevServer) -> Iterator[ApiClient]:
    """An interview that nobody has started."""
    with ApiClient(gemini_server.url, secret=gemini_server.secret, door="secret") as client:
        client.create(candidate_name="Ada")
        yield client


def with_backend(server: DevServer, interview: ApiClient, work: Callable[[Backend], Awaitable[T]]) -> T:
    """Do something as the worker does it."""

    async def whole() -> T:
        secret = {"X-INGEST-SECRET": server.secret}
        async with httpx.AsyncClient(base_url=server.url, headers=secret, timeout=35, trust_env=False) as http:
            return await work(Backend(http, interview.session_id))

    return asyncio.run(whole())


def nobody_waits(seconds: float) -> None:
    raise AssertionError("the functions were not reached")


async def steps(backend: Backend, event: Event) -> list[Step]:
    return [step async for step in backend.take_turn(event)]


def talk_with(backend: Backend) -> tuple[Conversation, TranscriptBuffer]:
    words = TranscriptBuffer()
    return Conversation(backend, words, lambda reply: None, nobody_waits), words


async def hear(reply: Reply | None) -> str:
    assert reply
    return "".join([str(piece) async for piece in reply.pieces()])


def agent_texts(interview: ApiClient) -> list[str]:
    return [m["text"] for m in interview.messages()["messages"] if m["role"] == "agent"]


def test_a_whole_interview_is_heard_as_it_stands_in_the_transcript(
    gemini_server: DevServer, interview: ApiClient
) -> None:
    """From the greeting to the feedback, each word of the interviewer once."""

    async def work(backend: Backend) -> list[str]:
        talk, words = talk_with(backend)
        heard = [await hear(await talk.resume())]
        while not talk.ended:
            words.add(f"This is answer number {len(heard)} about my work.")
            heard.append(await hear(talk.answer(f"spoken-{len(heard)}")))
        return heard

    heard = with_backend(gemini_server, interview, work)
    body = interview.messages()

    assert body["stage"] == "done"
    assert "\n".join(heard) == "\n".join(agent_texts(interview))
    told = [m for m in body["messages"] if m["role"] == "user"]
    assert [m["event_ids"] for m in told] == [[f"spoken-{number}"] for number in range(1, len(told) + 1)]


def test_a_repeat_is_told_the_same(gemini_server: DevServer, gemini: FakeGemini, interview: ApiClient) -> None:
    """As whole messages, and the model is not asked again."""

    async def work(backend: Backend) -> tuple[list[Step], list[Step]]:
        await steps(backend, Event("start", "start"))
        answer = Event("user_turn", "a", (Part("a", "I build robots."),))
        return await steps(backend, answer), await steps(backend, answer)

    asked = gemini.calls
    first, again = with_backend(gemini_server, interview, work)
    text = agent_texts(interview)[-1]

    assert [type(step) for step in again] == [Ack, Delta, Turn]
    assert [step.text for step in (first[-2], again[-2]) if isinstance(step, Delta)] == [text, text]
    assert gemini.calls - asked == 2


def test_words_that_go_on_fence_the_running_turn_off(
    gemini_server: DevServer, gemini: FakeGemini, interview: ApiClient
) -> None:
    """One reply answers both parts, and that of the first is never heard."""
    gate = Gate()
    gemini.say("Welcome: who are you?\n<<<STAY>>>", Text("Never heard, this one.\n<<<STAY>>>", gate=gate))
    gemini.say("What robots?\n<<<STAY>>>")

    async def work(backend: Backend) -> str:
        talk, words = talk_with(backend)
        await hear(await talk.resume())
        words.add("I build")
        talk.answer("a")
        assert await asyncio.to_thread(gate.reached.wait, 10)
        words.add("robots.")
        return await hear(talk.answer("b"))

    try:
        assert with_backend(gemini_server, interview, work) == "What robots?"
    finally:
        gate.set()
    told = interview.messages()["messages"][2:]
    assert [(m["role"], m["text"]) for m in told] == [
        ("user", "I build"),
        ("user", "robots."),
        ("agent", "What robots?"),
    ]
    assert told[-1]["event_ids"] == ["a", "b"]


def test_finish_on_the_page_while_an_answer_runs(
    gemini_server: DevServer, gemini: FakeGemini, interview: ApiClient
) -> None:
    """The words are in the transcript, and the feedback is heard as their reply."""
    gate = Gate()
    gemini.say("Welcome: who are you?\n<<<STAY>>>", Text("Never heard, this one.\n<<<STAY>>>", gate=gate))

    async def work(backend: Backend) -> tuple[str, bool]:
        talk, words = talk_with(backend)
        await hear(await talk.resume())
        words.add("I build robots.")
        reply = talk.answer("a")
        assert await asyncio.to_thread(gate.reached.wait, 10)
        await asyncio.to_thread(interview.finish)
        gate.set()
        return await hear(reply), talk.ended

    heard, done = with_backend(gemini_server, interview, work)

    assert done
    assert heard.endswith("\n".join(agent_texts(interview)[-2:]))
    assert [m["text"] for m in interview.messages()["messages"] if m["role"] == "user"] == ["I build robots."]


def test_what_was_really_heard_reaches_the_model(
    gemini_server: DevServer, gemini: FakeGemini, interview: ApiClient
) -> None:
    """The prompt of the next turn says so."""
    gemini.say("Welcome: who are you and where do you come from?\n<<<STAY>>>", "What robots?\n<<<STAY>>>")

    async def work(backend: Backend) -> None:
        await steps(backend, Event("start", "start"))
        heard = Heard(2, "Welcome: who are you")
        await steps(backend, Event("user_turn", "a", (Part("a", "I build robots."),), heard))

    with_backend(gemini_server, interview, work)

    assert "interrupted_candidate_heard_only" in gemini.requests[-1].text


@pytest.mark.parametrize(
    ("event", "slug"),
    [
        (Event("user_turn", "a", (Part("a", "Too early."),)), "wrong-state"),
        (Event("user_turn", "start", (Part("start", "Not mine."),)), "reserved-id"),
        (Event("user_turn", "a", (Part("a", "x" * 4_001),)), "invalid-field"),
    ],
)
def test_the_functions_name_what_they_refuse(
    gemini_server: DevServer, interview: ApiClient, event: Event, slug: str
) -> None:
    """By the names that the worker knows."""
    with pytest.raises(Refused) as refused:
        with_backend(gemini_server, interview, lambda backend: steps(backend, event))
    assert refused.value.slug == slug


def test_nothing_due_says_where_the_interview_is(gemini_server: DevServer, interview: ApiClient) -> None:
    """A clock of the worker that is a little fast learns how long it still has."""

    async def work(backend: Backend) -> Any:
        await steps(backend, Event("start", "start"))
        (answered,) = await steps(backend, Event("timeout", "timeout"))
        return answered, await backend.read(nobody_waits), asyncio.get_running_loop().time()

    answered, snapshot, moment = with_backend(gemini_server, interview, work)

    assert not answered.moved
    assert answered.snapshot.seq == snapshot.seq == 2
    assert answered.snapshot.due_at - moment == pytest.approx(210, abs=10)
    assert not snapshot.pending
    assert not snapshot.thinking


def test_an_interview_that_was_deleted_is_not_readable(gemini_server: DevServer, interview: ApiClient) -> None:
    """The worker learns it by its name."""
    interview.delete()
    with pytest.raises(Refused) as refused:
        with_backend(gemini_server, interview, lambda backend: backend.read(nobody_waits))
    assert (refused.value.slug, refused.value.status) == ("unknown-session", 404)
