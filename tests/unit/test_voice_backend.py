"""The voice worker's way to the functions: the same id until it is answered, over a network that breaks."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from support import virtual_time
from support.local_server import Exchange, LocalServer
from support.virtual_time import BEGIN
from voice.backend import ACK_TIMEOUT_SECONDS, TURN_PATH, Backend, Refused, Retrying, Step
from voice.job import client
from voice.settings import Settings
from voice.wire import Ack, Delta, Event, Heard, InterviewSnapshot, Part, Turn

SESSION = "3f6f0c1e-8f3a-4f5e-9f63-0d4c3c6f7a11"
ANSWER = Event("user_turn", "b", (Part("a", "I build"), Part("b", "robots.")), Heard(3, "What do"))
SECRET = "nobody-may-read-this-in-any-log-at-all"

Answer = Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]]


class Functions:
    """Answers requests in turn, and keeps them with their times; the last answer is given again and again."""

    def __init__(self, *answers: httpx.Response | Exception | Answer) -> None:
        self.requests: list[httpx.Request] = []
        self.times: list[float] = []
        self._answers: Iterator[httpx.Response | Exception | Answer] = iter(answers)
        self._answer: httpx.Response | Exception | Answer | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response | Awaitable[httpx.Response]:
        self.requests.append(request)
        self.times.append(asyncio.get_running_loop().time() - BEGIN)
        self._answer = next(self._answers, self._answer)
        assert self._answer is not None
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer if isinstance(self._answer, httpx.Response) else self._answer(request)

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests]

    def backend(self) -> Backend:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self), base_url="http://functions")
        return Backend(http, SESSION)


def sse(name: str, data: object) -> bytes:
    """An event of the stream, as the functions write it."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def message(seq: int, text: str, role: str = "agent") -> dict[str, Any]:
    return {"seq": seq, "role": role, "text": text, "event_ids": ["a", "b"]}


def turn(*texts: str, seq: int = 5, **fields: Any) -> dict[str, Any]:
    """The JSON of a turn with these messages of the interviewer, the first at `seq`."""
    told = [message(number, text) for number, text in enumerate(texts, seq)]
    state = {"status": "running", "stage": "intro", "moves_on_at": None, "moves_on_in_s": None, "moved": True}
    return {**state, "seq": told[-1]["seq"] if told else seq, "messages": told, **fields}


TURN = sse("ack", {}) + sse("delta", {"seq": 5, "text": "Why?"}) + sse("turn", turn("Why?"))


def stream(*chunks: bytes | Exception | float) -> Answer:
    """A stream that comes in these chunks; a number is a pause in seconds, an exception breaks it off."""

    async def body() -> AsyncIterator[bytes]:
        for chunk in chunks:
            if isinstance(chunk, Exception):
                raise chunk
            if isinstance(chunk, bytes):
                yield chunk
            else:
                await asyncio.sleep(chunk)

    return lambda _: httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=body())


async def says_nothing(_: httpx.Request) -> httpx.Response:
    """Take the request and never answer."""
    await asyncio.Event().wait()
    raise AssertionError("nobody waits for ever")


def problem(status: int, slug: str, **headers: str) -> httpx.Response:
    return httpx.Response(status, json={"type": f"/problems#{slug}", "status": status}, headers=headers)


async def steps(backend: Backend, event: Event = ANSWER) -> list[Step]:
    return [step async for step in backend.take_turn(event)]


def take(functions: Functions, event: Event = ANSWER) -> list[Step]:
    """All that comes of an event, on virtual time."""
    return virtual_time.run(steps(functions.backend(), event))


def nobody_waits(seconds: float) -> None:
    raise AssertionError("the interview was not readable")


# a turn


def test_a_reply_is_told_as_it_comes() -> None:
    """Each piece tells what its message says so far."""
    pieces = [sse("delta", {"seq": 5, "text": text}) for text in ("What ", "did you", " do?")]
    taken = take(Functions(stream(sse("ack", {}), *pieces, sse("turn", turn("What did you do?")))))

    assert taken[:-1] == [Ack(), Delta(5, "What "), Delta(5, "What did you"), Delta(5, "What did you do?")]
    answered = taken[-1]
    assert isinstance(answered, Turn)
    assert [m.text for m in answered.snapshot.messages] == ["What did you do?"]
    assert answered.moved


def test_all_words_travel_with_what_was_heard() -> None:
    """The last part's id is the event's."""
    functions = Functions(stream(TURN))
    take(functions)

    assert functions.bodies == [
        {
            "session_id": SESSION,
            "event_type": "user_turn",
            "event_id": "b",
            "parts": [{"id": "a", "text": "I build"}, {"id": "b", "text": "robots."}],
            "heard": {"seq": 3, "text": "What do"},
        }
    ]


@pytest.mark.parametrize("kind", ["start", "timeout"])
def test_an_event_without_words_is_its_type_alone(kind: str) -> None:
    """Such an event has no id of the worker's, and what was heard waits for words to travel with."""
    functions = Functions(stream(TURN))
    take(functions, Event(kind, kind, heard=Heard(3, "What")))

    assert functions.bodies == [{"session_id": SESSION, "event_type": kind}]


def test_the_same_event_is_sent_until_it_is_answered() -> None:
    """Whatever goes wrong, no repeat has another id or other words."""
    functions = Functions(
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("silence"),
        problem(503, "store-unavailable"),
        problem(409, "turn-in-progress"),
        httpx.Response(502, text="<html>bad gateway</html>"),
        stream(sse("ack", {}), httpx.ReadError("broken")),
        stream(sse("ack", {})),
        stream(sse("ack", {}), sse("problem", {"type": "/problems#internal", "status": 500})),
        httpx.Response(200, text="<html>a hotel's login page</html>"),
        stream(TURN),
    )
    taken = take(functions)

    assert len(functions.bodies) == 10
    assert all(body == functions.bodies[0] for body in functions.bodies)
    assert sum(isinstance(step, Turn) for step in taken) == 1


def test_a_repeat_tells_its_messages_from_their_beginning() -> None:
    """So that whoever listens can tell what they know from what they do not."""
    broken = stream(sse("ack", {}), sse("delta", {"seq": 5, "text": "What did"}), httpx.ReadError("broken"))
    whole = sse("delta", {"seq": 5, "text": "What did you do?"})
    taken = take(Functions(broken, stream(sse("ack", {}), whole, sse("turn", turn("What did you do?")))))

    assert [step for step in taken if isinstance(step, Delta)] == [Delta(5, "What did"), Delta(5, "What did you do?")]


def test_somebody_elses_turn_is_waited_out_in_short_steps() -> None:
    """Its answer is close, so Retry-After is not waited for; and nobody is told of an outage."""
    busy = problem(409, "turn-in-progress", **{"Retry-After": "2"})
    functions = Functions(busy, busy, busy, stream(TURN))
    taken = take(functions)

    assert functions.times == [0, 0.25, 0.5, 0.75]
    assert not [step for step in taken if isinstance(step, Retrying)]


def test_a_turn_that_was_fenced_off_in_the_middle_is_sent_again() -> None:
    """Finish on the page takes a running turn over, and answers its words."""
    fenced = stream(sse("ack", {}), sse("problem", {"type": "/problems#turn-in-progress", "status": 409}))
    functions = Functions(fenced, stream(TURN))

    assert isinstance(take(functions)[-1], Turn)
    assert functions.times == [0, 0.25]


def test_an_outage_tells_how_long_it_is() -> None:
    """Retries get rarer up to two seconds."""
    refused = httpx.ConnectError("refused")
    taken = take(Functions(*[refused] * 6, stream(TURN)))

    assert [step.seconds for step in taken if isinstance(step, Retrying)] == [0, 0.25, 0.75, 1.75, 3.75, 5.75]


def test_functions_that_say_nothing_are_asked_again() -> None:
    """Nobody acknowledges the words, so the same event is sent anew, and the candidate is told of the wait."""
    functions = Functions(says_nothing, stream(TURN))

    taken = take(functions)

    assert taken[0] == Retrying(ACK_TIMEOUT_SECONDS)
    assert [type(step) for step in taken[1:]] == [Ack, Delta, Turn]
    assert functions.times == pytest.approx([0, ACK_TIMEOUT_SECONDS + 0.25])
    assert functions.bodies[0] == functions.bodies[1]


def test_a_long_thought_after_the_acknowledgement_is_no_outage() -> None:
    """Functions that have the words may take their time; what counts is the silence since they said something."""
    thinks = stream(sse("ack", {}), ACK_TIMEOUT_SECONDS * 2, httpx.ReadError("broken"))
    functions = Functions(thinks, stream(TURN))

    assert [step for step in take(functions) if isinstance(step, Retrying)] == [Retrying(ACK_TIMEOUT_SECONDS * 2)]
    assert functions.times == pytest.approx([0, ACK_TIMEOUT_SECONDS * 2 + 0.25])


def test_the_lease_of_a_turn_that_broke_off_counts_as_outage() -> None:
    """The functions died in it; half a minute of silence needs a word."""
    busy = problem(409, "turn-in-progress")
    taken = take(Functions(httpx.ReadError("died"), *[busy] * 3, stream(TURN)))

    assert [step.seconds for step in taken if isinstance(step, Retrying)] == [0, 0.25, 0.5, 0.75]


@pytest.mark.parametrize(("header", "waited"), [("1", 1), ("60", 2), ("0", 0.25), ("soon", 0.25), ("-1", 0.25)])
def test_the_functions_say_when_to_come_again(header: str, waited: float) -> None:
    """Within two seconds: somebody is listening."""
    functions = Functions(problem(503, "store-unavailable", **{"Retry-After": header}), stream(TURN))
    take(functions)

    assert functions.times == [0, waited]


@pytest.mark.parametrize(
    ("status", "slug"),
    [
        (400, "malformed-json"),
        (401, "unauthenticated"),
        (404, "unknown-session"),
        (409, "interview-over"),
        (409, "wrong-state"),
        (410, "session-expired"),
        (413, "body-too-large"),
        (422, "invalid-field"),
    ],
)
@pytest.mark.parametrize("late", [False, True], ids=["at once", "in the stream"])
def test_what_can_never_work_is_not_tried_again(status: int, slug: str, late: bool) -> None:
    """The problem's name says why."""
    in_stream = sse("ack", {}) + sse("problem", {"type": f"/problems#{slug}", "status": status})
    functions = Functions(stream(in_stream) if late else problem(status, slug))

    with pytest.raises(Refused) as refused:
        take(functions)
    assert (refused.value.slug, refused.value.status) == (slug, status)
    assert len(functions.requests) == 1


def test_a_refusal_without_a_problem_is_named_by_its_status() -> None:
    """A proxy in between has no names."""
    with pytest.raises(Refused) as refused:
        take(Functions(httpx.Response(404, json=["nothing"])))
    assert refused.value.slug == "status-404"


def test_a_character_may_come_in_two_halves() -> None:
    """Chunks of a stream know nothing of UTF-8."""
    whole = sse("delta", {"seq": 5, "text": "Café?"})
    cut = whole.index("é".encode()) + 1
    taken = take(Functions(stream(sse("ack", {}), whole[:cut], whole[cut:], sse("turn", turn("Café?")))))

    assert Delta(5, "Café?") in taken


@pytest.mark.parametrize(
    "torn",
    [
        b'event: delta\ndata: {"seq": 5, "te\n\n',
        b"event: delta\ndata: [1, 2]\n\n",
        b'event: delta\ndata: {"seq": 5}\n\n',
        b'event: delta\ndata: {"seq": 5, "text": null}\n\n',
        b'event: turn\ndata: {"status": "running"}\n\n',
        b"event: delta\ndata: \xff\xfe\n\n",
    ],
)
def test_what_cannot_be_understood_is_asked_for_again(torn: bytes) -> None:
    """A torn line may be whole the next time."""
    assert isinstance(take(Functions(stream(torn), stream(TURN)))[-1], Turn)


@pytest.mark.parametrize("data", ['{"a": 1}', "[1]", "soon", "", '{"torn'])
def test_unknown_events_and_comments_are_passed_over(data: str) -> None:
    """A later release may send more, and what it sends with them is its own affair."""
    later = f"event: news\ndata: {data}\n\n".encode()
    functions = Functions(stream(b": keep-alive\n\n", later, TURN))

    assert [type(step) for step in take(functions)] == [Ack, Delta, Turn]
    assert len(functions.requests) == 1


def test_unknown_fields_and_stages_are_passed_over() -> None:
    """In every event of a stream, in what is read, and in each message: the interview is the same."""
    known = turn("Why?")
    later = {**known, "stage": "case", "report": {"grading": "pending"}}
    newer = {"stage": "case", "question": "nursing.deteriorating", "part": 1}
    later["messages"] = [message | newer for message in known["messages"]]
    events = [("ack", {"quota": 7}), ("delta", {"seq": 5, "text": "Why?", "part": "result"}), ("turn", later)]
    functions = Functions(stream(*[sse(name, data) for name, data in events]))
    *earlier, answered = take(functions)

    assert earlier == [Ack(), Delta(5, "Why?")]
    assert isinstance(answered, Turn)
    assert answered.snapshot.stage == "case"
    assert [m.text for m in answered.snapshot.messages] == ["Why?"]
    again = read(Functions(httpx.Response(200, json=later | {"pending": [], "plan": {"id": "nursing"}})))
    assert replace(again, accepts=frozenset()) == answered.snapshot


@pytest.mark.parametrize("named", [None, [], {}, "speech", 7, [None, 1, ["speech"], {"speech": 1}]])
def test_no_newer_field_is_accepted_that_messages_does_not_name(named: object) -> None:
    """Functions of an earlier release would refuse the whole turn for it, and words would be lost."""
    bodies = iter([BODY, BODY | {"accepts": named}, BODY | {"accepts": [7, "speech", "after"]}, BODY])
    backend = Functions(lambda _: httpx.Response(200, json=next(bodies))).backend()
    fields = ("speech", "after", "heard")

    async def accepted() -> list[str]:
        await backend.read(nobody_waits)
        return [field for field in fields if backend.accepts(field)]

    async def readings() -> list[list[str]]:
        return [[field for field in fields if backend.accepts(field)], *[await accepted() for _ in range(4)]]

    assert virtual_time.run(readings()) == [[], [], [], ["speech", "after"], []]


def test_a_stream_is_read_to_its_end() -> None:
    """A connection that is left in the middle is lost, and the next turn would have to open one."""
    ended = []

    async def body() -> AsyncIterator[bytes]:
        yield TURN
        ended.append(True)

    take(Functions(lambda _: httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=body())))
    assert ended == [True]


def test_a_turn_can_be_left() -> None:
    """Its stream is closed; nothing is sent again."""
    closed = []

    async def body() -> AsyncIterator[bytes]:
        try:
            yield sse("ack", {})
            await asyncio.sleep(60)
        finally:
            closed.append(True)

    functions = Functions(lambda _: httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=body()))

    async def leave() -> None:
        turn = asyncio.create_task(steps(functions.backend()))
        await asyncio.sleep(1)
        turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)

    virtual_time.run(leave())
    assert closed == [True]
    assert len(functions.requests) == 1


# where the interview is

BODY = {
    "status": "running",
    "stage": "experience",
    "seq": 4,
    "moves_on_at": "2026-01-01T12:00:30.000Z",
    "moves_on_in_s": 30.0,
    "messages": [message(1, "Session created.", "system"), message(4, "Why?")],
    "pending": [{"event_id": "c", "text": "Because", "at": "2026-01-01T12:00:00.000Z"}],
    "thinking": True,
}


def read(functions: Functions, on_wait: Callable[[float], None] = nobody_waits) -> InterviewSnapshot:
    return virtual_time.run(functions.backend().read(on_wait))


def test_the_interview_is_read_whole() -> None:
    """Its time is a moment of the worker's own clock, whatever the clocks of both machines say."""
    functions = Functions(httpx.Response(200, json=BODY))
    snapshot = read(functions)

    assert functions.requests[0].url.path == f"/api/interview/sessions/{SESSION}/messages"
    assert (snapshot.status, snapshot.stage, snapshot.seq) == ("running", "experience", 4)
    assert (snapshot.due_at, snapshot.moves_on_at) == (BEGIN + 30, "2026-01-01T12:00:30.000Z")
    assert [m.text for m in snapshot.messages] == ["Session created.", "Why?"]
    assert snapshot.pending
    assert snapshot.thinking
    assert not snapshot.ended


def test_an_interview_without_a_clock_has_no_such_moment() -> None:
    """Before its start, after its end and when the model is down no time runs."""
    snapshot = read(Functions(httpx.Response(200, json=BODY | {"moves_on_at": None, "moves_on_in_s": None})))

    assert (snapshot.due_at, snapshot.moves_on_at) == (None, "")


def test_reading_goes_on_until_it_works_and_tells_how_long() -> None:
    """Somebody may be waiting for the first word."""
    waited: list[float] = []
    functions = Functions(
        httpx.ConnectError("refused"),
        problem(503, "store-unavailable"),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"status": "running"}),
        problem(429, "rate-limited"),
        httpx.Response(200, json=BODY),
    )

    assert read(functions, waited.append).seq == 4
    assert waited == [0, 0.25, 0.75, 1.75, 3.75]
    assert functions.requests[0].extensions["timeout"]["read"] == ACK_TIMEOUT_SECONDS


@pytest.mark.parametrize(("status", "slug"), [(401, "unauthenticated"), (404, "unknown-session")])
def test_an_interview_that_is_not_ours_is_not_asked_for_again(status: int, slug: str) -> None:
    """It was deleted, or the secret is another."""
    functions = Functions(problem(status, slug))

    with pytest.raises(Refused):
        read(functions)
    assert len(functions.requests) == 1


def test_a_transcript_is_in_no_repr() -> None:
    """What is logged by accident holds no words."""
    assert "Why?" not in repr(read(Functions(httpx.Response(200, json=BODY))))


# over real sockets


def settings(url: str) -> Settings:
    environ = {
        "LIVEKIT_URL": "ws://127.0.0.1:7880",
        "LIVEKIT_API_KEY": "key",
        "LIVEKIT_API_SECRET": "livekit-has-a-long-one-of-its-own-as-well",
        "BACKEND_BASE_URL": url,
        "INGEST_SECRET": SECRET,
        "VOICE_STACK": "gemini_key",
        "GOOGLE_API_KEY": "key",
    }
    return Settings.from_env(environ)


async def over_sockets(url: str, event: Event = ANSWER) -> list[Step]:
    async with client(settings(url)) as http:
        backend = Backend(http, SESSION, url + TURN_PATH)
        await backend.prewarm()
        return await steps(backend, event)


def test_a_connection_that_breaks_is_made_again() -> None:
    """A server that dies in the middle of a stream is asked again with the same id."""
    asked: list[dict[str, Any]] = []

    def answer(exchange: Exchange) -> None:
        if exchange.method == "GET":
            exchange.drop()
            return
        asked.append(json.loads(exchange.body))
        exchange.begin(200, {"Content-Type": "text/event-stream"})
        exchange.chunk(sse("ack", {}))
        if len(asked) == 1:
            exchange.drop()
            return
        exchange.chunk(sse("turn", turn("Why?")))
        exchange.end()

    with LocalServer(answer) as server:
        taken = asyncio.run(over_sockets(server.url))

    assert [type(step) for step in taken] == [Ack, Retrying, Ack, Turn]
    assert asked[0] == asked[1]


def test_the_secret_goes_to_the_functions_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """No proxy of the environment sees it, and no log, not even the most talkative."""
    seen: list[str | None] = []
    via_proxy: list[str] = []

    def answer(exchange: Exchange) -> None:
        seen.append(exchange.headers.get("x-ingest-secret"))
        exchange.send(200, TURN, {"Content-Type": "text/event-stream"})

    def proxy(exchange: Exchange) -> None:
        via_proxy.append(exchange.path)
        exchange.send(404)

    caplog.set_level(logging.DEBUG)
    with LocalServer(proxy) as between, LocalServer(answer) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, between.url)
        asyncio.run(over_sockets(server.url))

    assert seen == [SECRET, SECRET]
    assert via_proxy == []
    logged = [record.getMessage() + repr(record.__dict__) for record in caplog.records]
    assert logged
    assert not [line for line in logged if SECRET in line]
    assert SECRET not in repr(settings(server.url))


def test_words_are_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """Failures are logged by their names."""
    caplog.set_level(logging.DEBUG)
    torn = stream(b'event: delta\ndata: {"seq": 5, "text": "robots.\n\n')
    take(Functions(torn, problem(503, "store-unavailable"), stream(TURN)), replace(ANSWER))

    logged = [record for record in caplog.records if record.name.startswith("voice")]
    assert [record.__dict__["error"] for record in logged] == ["not understood", "store-unavailable"]
    assert not [record for record in logged if "robots" in repr(record.__dict__)]
