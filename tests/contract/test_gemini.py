"""The Gemini interviewer, with the real google-genai SDK against a local server that speaks its wire format."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import google.auth.exceptions
import httpx2
import pytest
from google import genai
from google.genai import errors, types
from google.oauth2.credentials import Credentials

from interviewos.adapters.deadline import with_deadline
from interviewos.adapters.gemini import NO_STREAM, PATIENCE, GeminiInterviewer, Patience
from interviewos.adapters.sqlite import SqliteStore
from interviewos.bootstrap import build
from interviewos.domain.errors import InterviewerUnavailable
from interviewos.domain.interview import EventType, Message, Paste, Reason, Role, Source, TurnPlan, Usage
from interviewos.model.close import CLOSING_TOKENS, closing_request
from interviewos.model.prompt import request_for
from interviewos.model.tailor import TAILORING_TOKENS, tailoring_request
from interviewos.report.catalogue import catalogue
from interviewos.settings import GeminiSettings, Settings
from interviewos.usecases.ports import Fragment
from interviewos.usecases.turns import TURN_SECONDS, Delta, Step
from support.choices import READS, choice
from support.clock import FakeClock
from support.fakes import CLASSIC, Room, last, plan
from support.gemini import (
    BROKEN,
    OVERLOADED,
    QUOTA,
    REFUSED,
    RETIRED,
    Empty,
    Failure,
    FakeGemini,
    Gate,
    Hang,
    PromptBlock,
    Reply,
    Text,
    cut,
    drip,
)
from support.local_server import Exchange, LocalServer
from support.stores import now as clock_now

FIRST, SECOND = "gemini-3.5-flash", "gemini-3.5-flash-lite"
QUESTION = "You built a bridge. What was the hardest part of it?"
REPLY = f"{QUESTION}\n<<<STAY>>>"
PATIENCE_SECONDS = 20
"""How long a test waits for what must happen; it happens at once unless something is broken."""

linux = pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="counts connections as Linux lists them")
Make = Callable[..., GeminiInterviewer]


@pytest.fixture(autouse=True)
def no_relays() -> Iterator[None]:
    """When the server is gone, no thread of the adapter is left."""
    yield
    eventually(lambda: not relays())


@pytest.fixture
def gemini(no_relays: None) -> Iterator[FakeGemini]:
    """A local Gemini without a script."""
    with FakeGemini() as server:
        yield server


def options(server: LocalServer) -> types.HttpOptions:
    """Lead the SDK to a local server; without certificates, whose loading takes longer than most of these tests."""
    return types.HttpOptions(base_url=server.url, client_args={"verify": False})


@pytest.fixture
def make(gemini: FakeGemini) -> Iterator[Make]:
    """Make interviewers whose SDK is led to the local Gemini, and who do not pause before they try again."""
    with genai.Client(api_key="key", http_options=options(gemini)) as client:

        def make(
            model: str = FIRST,
            fallback: Sequence[str] = (SECOND,),
            patience: Patience = PATIENCE,
            stopwatch: Callable[[], float] = time.monotonic,
            **more: Any,
        ) -> GeminiInterviewer:
            settings = GeminiSettings(model=model, fallback_models=tuple(fallback), **more)
            return GeminiInterviewer(client, settings, patience, stopwatch, sleep=lambda _: None)

        yield make


@pytest.fixture
def interviewer(make: Make) -> GeminiInterviewer:
    """An interviewer of the default model with one to fall back on."""
    return make()


def turn(stage: str = "intro", reason: Reason = Reason.ANSWER, answer: str = "I built a bridge.") -> TurnPlan:
    """A turn after one answer."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    question = Message(2, Role.AGENT, stage, "What do you do?", at, Source.MODEL)
    return TurnPlan(CLASSIC, reason, stage, "Ada", "Engineer", (question, Message(3, Role.USER, stage, answer, at)), 4)


def listen(interviewer: GeminiInterviewer, seconds: float = 12) -> list[Fragment]:
    """Everything that is said in one turn."""
    return list(interviewer.stream(turn(), seconds))


def text(fragments: list[Fragment]) -> str:
    return "".join(fragment.text for fragment in fragments)


def total(fragments: list[Fragment]) -> Usage:
    return sum((fragment.usage for fragment in fragments), Usage())


def asked(gemini: FakeGemini) -> list[str]:
    """The models that were asked, in order."""
    return [request.model for request in gemini.requests]


def relays() -> list[threading.Thread]:
    """The threads that wait for a model."""
    return [thread for thread in threading.enumerate() if thread.name == "relay"]


def open_connections(server: LocalServer) -> int:
    """The connections that this process has open to a server, as the kernel sees them."""
    ends = [line.split()[2:4] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return ends.count([f"0100007F:{server.port:04X}", "01"])


def eventually(fact: Callable[[], bool]) -> None:
    """Wait until something that other threads bring about is so."""
    pause = threading.Event()
    for _ in range(PATIENCE_SECONDS * 100):
        if fact():
            return
        pause.wait(0.01)
    raise AssertionError("it never came to be")


# what is asked


def test_the_request_holds_everything_once(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """One content, the words once, our instruction, our settings; no tools, nothing else."""
    gemini.say(REPLY)
    listen(interviewer)
    (request,) = gemini.requests
    wanted = request_for(turn())

    assert request.stream
    assert [content.role for content in request.contents] == ["user"]
    assert request.text == "\n".join(wanted.contents)
    assert request.system == wanted.system
    assert request.stage == "intro"
    assert request.raw.decode().count("I built a bridge.") == 1
    assert request.config == {
        "temperature": 0.7,
        "maxOutputTokens": 280,
        "thinkingConfig": {"thinkingLevel": "MINIMAL"},
    }
    assert set(request.body) == {"contents", "systemInstruction", "generationConfig"}


@pytest.mark.parametrize(
    ("model", "thinking", "headroom"),
    [
        ("gemini-2.0-flash", None, 0),
        ("gemini-2.5-flash", {"thinkingBudget": 0}, 0),
        ("gemini-2.5-flash-lite", {"thinkingBudget": 0}, 0),
        ("gemini-2.5-pro", {"thinkingBudget": 128}, 128),
        ("gemini-3-flash-preview", {"thinkingLevel": "MINIMAL"}, 0),
        ("gemini-3.1-flash-lite", {"thinkingLevel": "MINIMAL"}, 0),
        ("gemini-3.5-flash", {"thinkingLevel": "MINIMAL"}, 0),
        ("gemini-3.5-flash-lite", {"thinkingLevel": "MINIMAL"}, 0),
        ("gemini-3.7-flash", {"thinkingLevel": "LOW"}, 1_024),
        ("gemini-3-pro-preview", {"thinkingLevel": "LOW"}, 1_024),
        ("gemini-flash-latest", {"thinkingLevel": "LOW"}, 1_024),
        ("gemma-3-27b-it", None, 0),
    ],
)
def test_thinking_is_off_or_paid_for(
    gemini: FakeGemini, make: Make, model: str, thinking: dict[str, Any] | None, headroom: int
) -> None:
    """Thoughts count against the tokens of a reply, so a family that cannot do without gets more of them."""
    gemini.say(REPLY)
    listen(make(model, max_output_tokens=300, temperature=1.5))
    config = gemini.requests[0].config

    assert config.get("thinkingConfig") == thinking
    assert (config["maxOutputTokens"], config["temperature"]) == (300 + headroom, 1.5)


@pytest.mark.parametrize(("seconds", "header"), [(12, "12"), (11.2, "12"), (6, "10"), (1.6, "10")])
def test_the_service_is_never_given_less_time_than_it_accepts(
    gemini: FakeGemini, interviewer: GeminiInterviewer, seconds: float, header: str
) -> None:
    """Below ten seconds Gemini answers 400, and every second try has less: that limit is kept on our side."""
    gemini.say(REPLY)
    listen(interviewer, seconds)

    assert gemini.requests[0].headers["x-server-timeout"] == header


def test_vertex_is_asked_by_the_same_code(gemini: FakeGemini) -> None:
    """The settings of a project and the credentials of its service account are enough."""
    gemini.say(REPLY)
    login = Credentials("token")  # type: ignore[no-untyped-call]
    with genai.Client(
        vertexai=True, project="p", location="global", credentials=login, http_options=options(gemini)
    ) as sdk:
        fragments = listen(GeminiInterviewer(sdk, GeminiSettings(vertexai=True)))

    assert text(fragments) == REPLY
    assert f"/projects/p/locations/global/publishers/google/models/{FIRST}:" in gemini.requests[0].path
    assert gemini.requests[0].headers["authorization"] == "Bearer token"


def interviewer_of(env: Mapping[str, str]) -> GeminiInterviewer:
    """The interviewer that the composition root makes of an environment."""
    made = build(Settings.from_env(env), store=SqliteStore(":memory:", clock_now)).turns.interviewer
    assert isinstance(made, GeminiInterviewer)
    return made


def test_the_environment_alone_leads_to_vertex(gemini: FakeGemini, monkeypatch: pytest.MonkeyPatch) -> None:
    """GOOGLE_GENAI_USE_VERTEXAI makes the composition root build a client without any key."""
    env = {"GOOGLE_GENAI_USE_VERTEXAI": "true", "GOOGLE_CLOUD_PROJECT": "p", "GOOGLE_CLOUD_LOCATION": "europe-west1"}
    monkeypatch.setenv("GOOGLE_VERTEX_BASE_URL", gemini.url)
    monkeypatch.delenv("GOOGLE_API_KEY", raising=False)
    monkeypatch.setattr("google.auth.default", lambda **_: (Credentials("token"), "p"))  # type: ignore[no-untyped-call]
    gemini.say(REPLY)

    interviewer = interviewer_of(env)
    assert text(listen(interviewer)) == REPLY
    interviewer._client.close()

    assert "/projects/p/locations/europe-west1/" in gemini.requests[0].path


# what it writes that nobody hears


PASTE = Paste("Respiratory ward, 28 beds, non-invasive ventilation, night shifts in a small hospital.", "Seven years.")
BRIEF = '{"brief": "A ward."}\n'


def written(interviewer: GeminiInterviewer, seconds: float = 4) -> list[Fragment]:
    """Wordings for what was pasted."""
    return list(interviewer.write(tailoring_request(CLASSIC, "", PASTE), seconds, TAILORING_TOKENS))


def test_what_was_pasted_is_sent_as_data_and_the_answer_comes_as_it_is(
    gemini: FakeGemini, interviewer: GeminiInterviewer
) -> None:
    """Nothing is filtered out of it, and there is room for a line a question."""
    answer = f"**{BRIEF}** <<<STAY>>>\nInterviewer: so?"
    gemini.say(Text(answer))
    said = text(written(interviewer))
    (request,) = gemini.requests

    assert said == answer
    assert "28 beds" in request.text
    assert "28 beds" not in request.system
    assert request.body["generationConfig"]["maxOutputTokens"] > 1_000


@pytest.mark.parametrize(("model", "headroom"), [(FIRST, 0), ("gemini-2.5-pro", 128), ("gemini-3.7-flash", 1_024)])
def test_a_choice_has_room_for_two_quotations_and_for_thoughts(
    gemini: FakeGemini, make: Make, model: str, headroom: int
) -> None:
    """Not so much as a line has, and not so little that it is cut."""
    gemini.say(choice())
    list(make(model).write(closing_request(catalogue(), ()), 12, CLOSING_TOKENS))

    assert gemini.requests[0].config["maxOutputTokens"] == CLOSING_TOKENS + headroom


def test_a_silent_model_leaves_half_of_the_time_to_the_next(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """At the end of an interview nobody waits for one that will not speak, while another would."""
    gemini.say(Text(BRIEF, first_delay_seconds=30), Text(BRIEF))

    assert text(written(interviewer)).strip() == BRIEF.strip()
    assert [request.path.split("/")[-1].split(":")[0] for request in gemini.requests] == [FIRST, SECOND]


def test_what_came_in_time_counts_and_nobody_waits_for_the_rest(
    gemini: FakeGemini, interviewer: GeminiInterviewer
) -> None:
    """A model that stands still is left; what it cost is counted."""
    gate = Gate(after_chunks=1)
    gemini.say(Text(f'{BRIEF}{{"id": "', pieces=(BRIEF, '{"id": "'), gate=gate))
    fragments = written(interviewer, 1.6)
    gate.set()

    assert text(fragments).strip() == BRIEF.strip()
    assert total(fragments).calls == 1


@pytest.mark.parametrize("reply", [OVERLOADED, QUOTA, REFUSED, BROKEN, PromptBlock(), Empty(), cut("", 0)], ids=repr)
def test_where_a_model_writes_nothing_the_next_one_is_asked(
    gemini: FakeGemini, interviewer: GeminiInterviewer, reply: Reply
) -> None:
    """Once each, and each request is counted."""
    gemini.say(reply, BRIEF)
    fragments = written(interviewer)

    assert text(fragments) == BRIEF
    assert asked(gemini) == [FIRST, SECOND]
    assert total(fragments).calls == 2


@pytest.mark.parametrize("reply", [OVERLOADED, QUOTA, REFUSED, PromptBlock(), Empty()], ids=repr)
def test_where_all_models_fail_nothing_is_written(
    gemini: FakeGemini, interviewer: GeminiInterviewer, reply: Reply
) -> None:
    """And nothing is raised: the interview goes on by plan."""
    gemini.say(reply, reply)

    assert text(written(interviewer)) == ""
    assert asked(gemini) == [FIRST, SECOND]


def test_what_the_next_model_writes_begins_a_line_of_its_own(
    gemini: FakeGemini, interviewer: GeminiInterviewer
) -> None:
    """Half a line of the first one spoils none of it."""
    gemini.say(cut('{"brief": "A ward."}', after_chunks=1, chunk_size=15), BRIEF)

    assert text(written(interviewer)).splitlines() == ['{"brief": "A wa', BRIEF.strip()]


@pytest.mark.parametrize("seconds", [1.5, 0, -3])
def test_without_time_nobody_is_asked(gemini: FakeGemini, interviewer: GeminiInterviewer, seconds: float) -> None:
    """A line may have taken all of its turn."""
    assert written(interviewer, seconds) == []
    assert gemini.calls == 0


def test_a_model_that_is_silent_is_left_when_the_time_is_over(
    gemini: FakeGemini, interviewer: GeminiInterviewer
) -> None:
    """No second one is asked without time, and none is waited for."""
    gemini.say(Hang())
    begun = time.monotonic()

    assert text(written(interviewer, 2)) == ""
    assert time.monotonic() - begun < PATIENCE_SECONDS
    assert asked(gemini) == [FIRST]


# how it is said


def test_words_arrive_while_the_model_is_still_talking(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """The first piece is passed on before the second is written."""
    gate = Gate(after_chunks=1)
    gemini.say(Text(REPLY, gate=gate))
    stream = interviewer.stream(turn(), 12)

    first = next(stream)
    assert gate.reached.wait(PATIENCE_SECONDS)
    assert not gate.is_set()
    assert REPLY.startswith(first.text)
    assert first.text
    gate.set()
    assert text([first, *stream]) == REPLY


def test_a_turn_passes_words_on_while_the_model_is_still_talking(
    gemini: FakeGemini, interviewer: GeminiInterviewer
) -> None:
    """Nothing between the SDK and the caller waits for the end."""
    gate = Gate(after_chunks=1)
    gemini.say(Text(REPLY, gate=gate))
    steps = Room(interviewer).steps(EventType.START, "start")

    said = next(step for step in steps if isinstance(step, Delta))
    assert not gate.is_set()
    assert QUESTION.startswith(said.text)
    gate.set()
    assert "".join([said.text, *(step.text for step in steps if isinstance(step, Delta))]) == QUESTION


def test_a_question_is_heard_while_the_model_stands_still_behind_it(
    gemini: FakeGemini, interviewer: GeminiInterviewer
) -> None:
    """The gate waits for what may follow, a moment and no longer."""
    gate = Gate(after_chunks=1)
    gemini.say(Text(REPLY, pieces=(QUESTION, REPLY.removeprefix(QUESTION)), gate=gate))
    room = Room(interviewer, gate="on")
    room.turns = replace(room.turns, stopwatch=time.monotonic)
    begun, steps = time.monotonic(), room.steps(EventType.START, "start")

    heard = itertools.takewhile(lambda said: said != QUESTION, _growing(steps))
    assert all(QUESTION.startswith(said) for said in heard)
    assert time.monotonic() - begun < TURN_SECONDS / 2  # when these are over, a model is left
    gate.set()
    assert last(steps).turn.assistant_text == QUESTION


def _growing(steps: Iterator[Step]) -> Iterator[str]:
    """What is heard of a turn so far, after each piece."""
    return itertools.accumulate(step.text for step in steps if isinstance(step, Delta))


def test_a_token_in_crumbs_is_not_heard(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """Chunks of two characters split every token somewhere."""
    gemini.say(drip(f"**Interviewer:** {REPLY}", delay_seconds=0.0))
    answered = Room(interviewer).start()

    assert answered.turn.assistant_text == QUESTION
    assert answered.turn.spoken[0].source is Source.MODEL
    assert answered.turn.spoken[0].meta.model == FIRST


# models that fail before a word


@pytest.mark.parametrize("failure", [QUOTA, OVERLOADED, BROKEN, Failure(408), Failure(502), Failure(504)])
def test_a_passing_failure_is_tried_once_more(
    gemini: FakeGemini, interviewer: GeminiInterviewer, failure: Failure
) -> None:
    """The same model, once."""
    gemini.say(failure, REPLY)

    assert text(listen(interviewer)) == REPLY
    assert asked(gemini) == [FIRST, FIRST]


def test_a_broken_connection_is_tried_once_more(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """A connection from the pool may be dead by the time it is used."""
    gemini.say(cut(REPLY, after_chunks=0), REPLY)

    assert text(listen(interviewer)) == REPLY
    assert asked(gemini) == [FIRST, FIRST]


def test_after_one_retry_the_next_model_is_asked(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """There is one retry a turn, not one a model."""
    gemini.say(OVERLOADED, QUOTA, REPLY)
    fragments = listen(interviewer)

    assert asked(gemini) == [FIRST, FIRST, SECOND]
    assert {fragment.model for fragment in fragments if fragment.text} == {SECOND}


def test_without_any_answer_the_interviewer_is_unavailable(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """Bounded: three requests, then the turn goes on without the model."""
    gemini.script = lambda _: OVERLOADED
    with pytest.raises(InterviewerUnavailable):
        listen(interviewer)

    assert asked(gemini) == [FIRST, FIRST, SECOND]


@pytest.mark.parametrize("failure", [REFUSED, RETIRED, Failure(401), Failure(403)])
def test_a_lasting_failure_is_not_tried_again(
    gemini: FakeGemini, interviewer: GeminiInterviewer, failure: Failure
) -> None:
    """The next model is asked at once."""
    gemini.say(failure, REPLY)

    assert text(listen(interviewer)) == REPLY
    assert asked(gemini) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("seconds", "models"), [(5, [FIRST, SECOND]), (11, [FIRST])], ids=["of the first words", "of the turn"]
)
def test_a_retry_must_fit_the_time(gemini: FakeGemini, make: Make, seconds: float, models: list[str]) -> None:
    """With too little time left for first words the next model is asked; with too little for a line, nobody is."""
    clock = FakeClock()

    def late(_: object) -> Reply:
        clock.advance(seconds)
        return OVERLOADED

    gemini.script = late
    with pytest.raises(InterviewerUnavailable):
        listen(make(stopwatch=clock.monotonic), 12)

    assert asked(gemini) == models


NOTHING = {
    "a blocked prompt": PromptBlock(),
    "no content": Empty(),
    "a blocked reply": Empty("SAFETY"),
    "no token left": Empty("MAX_TOKENS"),
    "a signal alone": Text("<<<STAY>>>"),
    "signal and marks": Text("**Interviewer:**\n```\n<<<MOVE_TO_DONE>>>\n```"),
    "white space": Text(" \n\t\n "),
    "nothing": Text(""),
    "the candidate's part": Text("Candidate: I am fine.\n<<<STAY>>>"),
}


@pytest.mark.parametrize("reply", NOTHING.values(), ids=NOTHING)
def test_where_there_is_nothing_to_hear_the_next_model_is_asked(
    gemini: FakeGemini, interviewer: GeminiInterviewer, reply: Reply
) -> None:
    """An empty reply is as good as none, and nothing of it is passed on."""
    gemini.say(reply, REPLY)

    assert text(listen(interviewer)) == REPLY
    assert asked(gemini) == [FIRST, SECOND]


@pytest.mark.parametrize("reply", NOTHING.values(), ids=NOTHING)
def test_where_no_model_has_anything_to_say_a_stand_in_speaks(
    gemini: FakeGemini, interviewer: GeminiInterviewer, reply: Reply
) -> None:
    """The interview goes on with a line that says who spoke."""
    gemini.script = lambda _: reply
    spoken = Room(interviewer).start().turn.spoken

    assert [message.source for message in spoken] == [Source.FALLBACK]
    assert spoken[0].text
    assert asked(gemini) == [FIRST, SECOND]


# models that are slow


LITTLE_PATIENCE = Patience(first_words_seconds=1.5, least_seconds=0.1)
"""Still long for a server on a busy machine."""


@pytest.fixture
def impatient(make: Make) -> GeminiInterviewer:
    """An interviewer that waits for a little only."""
    return make(patience=LITTLE_PATIENCE)


@pytest.mark.parametrize(
    "silence",
    [
        Hang(),
        Text(REPLY, first_delay_seconds=60),
        Text(REPLY, pieces=("", REPLY), gate=Gate(1)),
        Text(REPLY, pieces=(" \n", REPLY), gate=Gate(1)),
    ],
    ids=["no answer", "late", "an empty chunk", "a blank chunk"],
)
def test_a_model_without_first_words_is_left_for_the_next(
    gemini: FakeGemini, impatient: GeminiInterviewer, silence: Reply
) -> None:
    """Silence is not waited out, and a chunk without a word is silence."""
    gemini.say(silence, REPLY)

    assert text(listen(impatient)) == REPLY
    assert asked(gemini) == [FIRST, SECOND]


def test_a_retry_that_hangs_leaves_time_for_the_next_model(gemini: FakeGemini, impatient: GeminiInterviewer) -> None:
    """The limit for first words is the model's, not the attempt's."""
    gemini.say(OVERLOADED, Hang(), REPLY)

    assert text(listen(impatient, 4)) == REPLY
    assert asked(gemini) == [FIRST, FIRST, SECOND]


def test_a_drip_that_outlasts_the_turn_is_cut(gemini: FakeGemini, impatient: GeminiInterviewer) -> None:
    """What was said stands, and no other model is asked to go on."""
    gemini.say(Text("Well then. " * 200, chunk_size=11, chunk_delay_seconds=0.02))
    fragments = listen(impatient, 1)

    assert fragments[-1].cut
    assert text(fragments).startswith("Well then.")
    assert gemini.calls == 1


def test_all_models_together_have_the_time_of_one_turn(gemini: FakeGemini, make: Make) -> None:
    """However many there are to fall back on: each silence costs its limit, and three of them are the turn."""
    gemini.script = lambda _: Hang()
    interviewer = make(fallback=[f"gemini-2.5-flash-{number}" for number in range(20)], patience=LITTLE_PATIENCE)
    with pytest.raises(InterviewerUnavailable):
        listen(interviewer, 4.5)

    assert 1 <= gemini.calls <= 3


@linux
def test_a_hanging_request_is_given_up_in_the_background(gemini: FakeGemini, impatient: GeminiInterviewer) -> None:
    """The thread that waits for it ends by the request's own limit, while the server still hangs."""
    gemini.say(Hang(), REPLY)
    listen(impatient, 5)

    eventually(lambda: not relays())
    assert open_connections(gemini) == 1  # the one that answered is kept for the next turn


@linux
def test_a_listener_that_leaves_closes_the_stream(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """With its next piece the connection is closed, so nobody pays for words that no one hears."""
    gate = Gate(after_chunks=1)
    gemini.say(Text(REPLY * 50, gate=gate))
    stream = interviewer.stream(turn(), 12)
    next(stream)
    stream.close()  # type: ignore[attr-defined]
    gate.set()

    eventually(lambda: not relays())
    assert open_connections(gemini) == 0


@linux
def test_connections_are_used_again(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """Ten turns, answered and refused, need one connection."""
    for _ in range(5):
        gemini.say(OVERLOADED, REPLY)
        listen(interviewer)

    assert open_connections(gemini) == 1


# models that fail in mid-sentence


@pytest.mark.parametrize(
    "reply",
    [
        cut(REPLY, after_chunks=2, chunk_size=16),
        Text(QUESTION[:32], finish_reason="MAX_TOKENS"),
        Text(QUESTION[:32], finish_reason="SAFETY"),
        Text(QUESTION[:32], finish_reason="CONTINUATION"),
        Text(QUESTION[:32], finish_reason="SOMETHING_NEW"),
    ],
    ids=["connection lost", "MAX_TOKENS", "SAFETY", "CONTINUATION", "a reason of tomorrow"],
)
@pytest.mark.filterwarnings("ignore:SOMETHING_NEW")
def test_what_breaks_off_ends_at_a_sentence(gemini: FakeGemini, interviewer: GeminiInterviewer, reply: Text) -> None:
    """After the first word no other model is asked, no half sentence is kept, and a stand-in asks what was not."""
    gemini.say(reply)
    room = Room(interviewer)
    spoken = room.start().turn.spoken

    assert [(message.text, message.source) for message in spoken] == [
        ("You built a bridge.", Source.MODEL),
        ("Would you introduce yourself in a minute or two?", Source.FALLBACK),
    ]
    assert gemini.calls == 1


def test_a_broken_first_sentence_is_replaced_by_a_stand_in(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """There is nothing to keep, and still no second model talks over what was heard."""
    gemini.say(cut(REPLY, after_chunks=1, chunk_size=9))
    spoken = Room(interviewer).start().turn.spoken

    assert [message.source for message in spoken] == [Source.FALLBACK]
    assert gemini.calls == 1


@pytest.mark.parametrize(
    ("cut_off", "kept"),
    [
        ("You worked with Dr. Meier. When Dr. Meier asked you to wait, how did you", "You worked with Dr. Meier."),
        ("You moved 40 machines. They came from St. Gallen, wh", "You moved 40 machines."),
        ("You did it in order. 1. What", "You did it in order."),
        ("You listed the risks, e.g. the", ""),
        ("When Dr. Meier asked you to wait, how did you", ""),
    ],
)
@pytest.mark.parametrize("stage", ["intro", "experience"])
def test_a_reply_cut_before_its_question_is_completed_by_a_new_one(
    gemini: FakeGemini, interviewer: GeminiInterviewer, cut_off: str, kept: str, stage: str
) -> None:
    """However often that happens: what was said whole is the model's, the question is a stand-in's, and no dead end."""
    lead = "MOVE_TO_EXPERIENCE" if stage == "experience" else "STAY"
    room = Room(interviewer, rules=plan(most_intro=9))
    gemini.say(REPLY, f"{QUESTION}\n<<<{lead}>>>")
    room.start()
    room.answer("I am Ada.")
    gemini.script = lambda _: Text(cut_off, finish_reason="MAX_TOKENS")
    asked_before = [line for line in room.spoken if "?" in line]
    for number in range(4 if kept else 2):  # the third that is nothing at all stops the interview
        spoken = room.answer(f"Part {number}: I built a bridge of stone.").turn.spoken
        *before, last = spoken

        assert [(message.text, message.source) for message in before] == [(kept, Source.MODEL)] * bool(kept)
        assert (last.source, last.text.count("?")) == (Source.FALLBACK, 1)
        assert last.stage in (stage, "experience")
        assert last.text not in asked_before
        asked_before.append(last.text)


def test_a_question_that_was_said_whole_is_not_asked_twice(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """A cut behind the question, a request in place of one, and a good-bye owe nothing."""
    room = Room(interviewer)
    gemini.say(REPLY, f"{QUESTION}\n<<<MOVE_TO_EXPERIENCE>>>")
    room.start()
    room.answer("I am Ada.")
    for said in (f"{QUESTION} And wh", "Tell me about a time when you failed. It may"):
        gemini.say(Text(said, finish_reason="MAX_TOKENS"))
        assert [message.source for message in room.answer("I built it.").turn.spoken] == [Source.MODEL]
    closing = "That was all, thank you.\n<<<MOVE_TO_DONE>>>\n"
    chosen = choice((READS, "I built it"))
    gemini.say(Text(closing, chunk_size=0, finish_reason="MAX_TOKENS"), chosen)
    ended = room.answer("And I built it again.").turn.spoken

    assert [(message.source, message.stage) for message in ended] == [(Source.MODEL, "done")] * 2


def test_words_that_come_late_are_not_lost(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """A reply that begins with a plan is heard at its end, by the same model."""
    gemini.say(f"The candidate built a bridge. I should ask what was hard.\n\n{REPLY}")
    answered = Room(interviewer).start()

    assert answered.turn.assistant_text == QUESTION
    assert answered.turn.spoken[0].source is Source.MODEL
    assert asked(gemini) == [FIRST]


# what it costs


def test_usage_is_counted_on_the_interview(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """Tokens in and out, thoughts with them, and calls, over all turns."""
    gemini.say(Text(REPLY, thoughts_tokens=7), REPLY)
    room = Room(interviewer)
    room.start()
    room.answer("I built a bridge.")
    out = -(-len(REPLY) // 4)

    assert room.interview.usage == Usage(2, sum(request.prompt_tokens for request in gemini.requests), 2 * out + 7)


def test_the_second_call_of_an_end_is_counted_too(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """A move to the end asks twice: for the closing line, and what the feedback is about."""
    chosen = choice((READS, "This is answer 1"))
    replies = [REPLY, f"{QUESTION}\n<<<MOVE_TO_EXPERIENCE>>>", REPLY, "That was all.\n<<<MOVE_TO_DONE>>>", chosen]
    gemini.say(*replies)
    room = Room(interviewer)
    room.start()
    for number in range(3):
        room.answer(f"This is answer {number}.")
    here = room.interview

    assert [m.source for m in here.messages[-2:]] == [Source.MODEL, Source.MODEL]
    assert [(request.stage, request.closes) for request in gemini.requests[-2:]] == [("experience", False), ("", True)]
    assert here.usage == Usage(
        5, sum(request.prompt_tokens for request in gemini.requests), sum(-(-len(reply) // 4) for reply in replies)
    )


def test_what_failed_is_counted_too(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """A refused call, and a reply that nobody could hear but that was paid for."""
    gemini.say(OVERLOADED, "<<<STAY>>>", REPLY)
    usage = total(listen(interviewer))
    paid = [gemini.requests[1], gemini.requests[2]]

    assert usage == Usage(3, sum(r.prompt_tokens for r in paid), -(-len("<<<STAY>>>") // 4) + -(-len(REPLY) // 4))


def test_a_turn_without_an_answer_keeps_its_cost(gemini: FakeGemini, interviewer: GeminiInterviewer) -> None:
    """The stand-in is free, the calls before it were not."""
    gemini.script = lambda _: Text("<<<STAY>>>")
    room = Room(interviewer)
    room.start()

    assert room.interview.usage.calls == 2
    assert room.interview.usage.output_tokens == 6


# bytes that no model of today sends


def event(*parts: dict[str, Any], **more: Any) -> bytes:
    """One event of the stream."""
    candidate = {"content": {"role": "model", "parts": list(parts)}, **more}
    return b"data: " + json.dumps({"candidates": [candidate]}).encode() + b"\r\n\r\n"


SPOKEN = event({"text": "You built a bridge. "})
END = event({"text": "What was hard?\n<<<STAY>>>"}, finishReason="STOP")


def answering(events: Sequence[bytes], then: str = "end") -> LocalServer:
    """A server that sends these bytes and then ends, drops or holds the connection."""

    def answer(exchange: Exchange) -> None:
        exchange.begin(200, {"Content-Type": "text/event-stream"})
        for data in events:
            exchange.chunk(data)
        {"end": exchange.end, "drop": exchange.drop, "hang": exchange.hang}[then]()

    return LocalServer(answer)


@contextmanager
def sending(*events: bytes, then: str = "end") -> Iterator[GeminiInterviewer]:
    """An interviewer whose only model sends these bytes."""
    with (
        answering(events, then) as server,
        genai.Client(api_key="key", http_options=options(server)) as client,
    ):
        yield GeminiInterviewer(client, GeminiSettings(model=FIRST))


def test_thoughts_are_not_said() -> None:
    """A part that is marked as a thought is for nobody's ears."""
    with sending(event({"text": "They seem shy.", "thought": True}), SPOKEN, END) as interviewer:
        assert text(listen(interviewer)) == "You built a bridge. What was hard?\n<<<STAY>>>"


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85"])
def test_a_line_separator_inside_a_text_is_part_of_it(character: str) -> None:
    """Only line feeds end an event."""
    words = f"One.{character}Two?"
    payload = {"candidates": [{"content": {"parts": [{"text": words}]}, "finishReason": "STOP"}]}
    with sending(b"data: " + json.dumps(payload, ensure_ascii=False).encode() + b"\n\n") as interviewer:
        assert text(listen(interviewer)) == words


ODD = {
    "an error in the stream": b'data: {"error": {"code": 503, "status": "UNAVAILABLE", "message": "x"}}\n\n',
    "a page of HTML": b"<html>Sign in</html>",
    "a number": b"data: 5\n\n",
    "null": b"data: null\n\n",
    "a list": b"data: []\n\n",
    "candidates that are none": b'data: {"candidates": 5}\n\n',
    "a candidate that is none": b'data: {"candidates": [5]}\n\n',
    "content that is none": b'data: {"candidates": [{"content": 5}]}\n\n',
    "a text that is none": b'data: {"candidates": [{"content": {"parts": [{"text": 5}]}}]}\n\n',
    "half an event": b'data: {"candidates": [{"cont',
    "no UTF-8": b"data: \xff\xfe\n\n",
    "a call of a function": event({"functionCall": {"name": "end", "args": {}}}),
    "half a character": event({"text": "\ud83d"}),
    "nothing": b"",
}


@pytest.mark.parametrize("data", [data for data in ODD.values() if data], ids=[name for name in ODD if ODD[name]])
def test_odd_bytes_before_a_word_are_a_failed_model(data: bytes) -> None:
    """Whatever the SDK makes of them, the turn goes on without the model."""
    with sending(data) as interviewer, pytest.raises(InterviewerUnavailable):
        listen(interviewer)


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_odd_bytes_after_a_word_cut_the_reply(data: bytes) -> None:
    """What was said stands."""
    with sending(*filter(None, (SPOKEN, data))) as interviewer:
        fragments = listen(interviewer)

    assert fragments[-1].cut
    assert text(fragments).startswith("You built a bridge. ")


USAGE = b'data: {"usageMetadata": {"promptTokenCount": 7, "candidatesTokenCount": 3}}\r\n\r\n'
COSTLY_END = END[:-5] + b', "usageMetadata": {"promptTokenCount": 7, "candidatesTokenCount": 3}}\r\n\r\n'
AFTERWARDS = {
    "nothing": (),
    "a comment": (b": ping\n\n",),
    "the end that other services send": (b"data: [DONE]\n\n",),
    "half an event": (b'data: {"cand',),
    "an error": (ODD["an error in the stream"],),
    "more words": (event({"text": "And then?"}),),
    "another end": (event({"text": "And then?"}, finishReason="MAX_TOKENS"),),
}


@pytest.mark.parametrize("more", AFTERWARDS.values(), ids=AFTERWARDS)
@pytest.mark.parametrize("how", ["end", "drop", "hang"])
def test_after_stop_a_reply_is_whole_and_over(more: tuple[bytes, ...], how: str) -> None:
    """Whatever comes then, an unclean close or nothing for ever, the reply is not cut and nobody waits."""
    begun = time.monotonic()
    with sending(SPOKEN, COSTLY_END, *more, then=how) as interviewer:
        fragments = listen(interviewer)
        took = time.monotonic() - begun

    assert text(fragments) == "You built a bridge. What was hard?\n<<<STAY>>>"
    assert not any(fragment.cut for fragment in fragments)
    assert total(fragments) == Usage(1, 7, 3)
    assert took < 5  # a turn has twelve


def test_what_a_reply_cost_is_counted_when_it_comes_after_stop() -> None:
    """Some services tell it in an event of its own."""
    with sending(SPOKEN, END, USAGE) as interviewer:
        assert total(listen(interviewer)) == Usage(1, 7, 3)


def test_a_choice_is_the_models_though_the_stream_breaks_off_behind_it() -> None:
    """What was written is whole."""
    chosen = choice((READS, "I counted the sheep of three farms"))
    with sending(event({"text": chosen}, finishReason="STOP"), then="drop") as interviewer:
        room = Room(interviewer, rules=replace(CLASSIC, questions=CLASSIC.questions_of("experience")))
        room.store.change(room.session_id, lambda before, now: (replace(before, stage="experience"), None))
        room.start()
        room.answer("I counted the sheep of three farms with my brother.")
        closing, points = room.finish().turn.spoken

    assert (closing.source, points.source) == (Source.SCRIPT, Source.MODEL)
    assert "“I counted the sheep of three farms”" in points.text


GATEWAYS = {
    "comments": (b": ping\n\n", SPOKEN, b": ping\n\n", END),
    "names of events": (b"event: message\n" + SPOKEN, b"event: message\nid: 2\nretry: 10\n" + END),
    "no blank": tuple(each.replace(b"data: ", b"data:") for each in (SPOKEN, END)),
    "line feeds alone": tuple(each.replace(b"\r\n", b"\n") for each in (SPOKEN, END)),
    "everything in crumbs": tuple(bytes([byte]) for byte in b":ping\n\nevent:x\n" + SPOKEN + END.replace(b": ", b":")),
    "an end of its own": (SPOKEN, END, b"data: [DONE]\n\n"),
    "no blank line at the end": (SPOKEN, END.rstrip()),
}


@pytest.mark.parametrize("events", GATEWAYS.values(), ids=GATEWAYS)
def test_a_gateway_may_send_any_stream_of_events(events: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Comments, names, numbers and data without a blank are all in the standard."""
    with answering(events) as server:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
        env = {"GOOGLE_API_KEY": "key", "GOOGLE_GEMINI_BASE_URL": server.url}
        interviewer = interviewer_of(env)
        assert text(listen(interviewer)) == "You built a bridge. What was hard?\n<<<STAY>>>"
        interviewer._client.close()


def test_a_gateway_that_sends_something_else_is_explained(caplog: pytest.LogCaptureFixture) -> None:
    """The first failure says in one sentence what must be mended."""
    with sending(ODD["a page of HTML"]) as interviewer, pytest.raises(InterviewerUnavailable):
        listen(interviewer)

    ours = [record.__dict__["why"] for record in caplog.records if record.name.startswith("interviewos")]
    assert ours == [NO_STREAM]
    assert "GOOGLE_GEMINI_BASE_URL" in NO_STREAM


# every error there is


def exceptions_of(module: ModuleType) -> list[type[Exception]]:
    """All exceptions that a library names, warnings aside."""
    found = {each for each in vars(module).values() if isinstance(each, type) and issubclass(each, Exception)}
    package = module.__name__.partition(".")[0]
    own = [each for each in found if each.__module__.startswith(package) and not issubclass(each, Warning)]
    return sorted(own, key=lambda each: each.__name__)


class Breaks:
    """Stands for the SDK's client where it raises something."""

    def __init__(self, error: Exception, *said: bytes) -> None:
        self.calls = 0
        self._error = error
        self._said = [types.GenerateContentResponse.model_validate_json(each.removeprefix(b"data: ")) for each in said]
        self.models = SimpleNamespace(generate_content_stream=self._stream)

    def _stream(self, **_: object) -> Iterator[types.GenerateContentResponse]:
        self.calls += 1
        yield from self._said
        raise self._error


def blank(error: type[Exception]) -> Exception:
    """An instance without the arguments that its class asks for."""
    made = error.__new__(error)
    if isinstance(made, errors.APIError):
        made.code, made.status = 418, None
    return made


ERRORS = [
    *exceptions_of(errors),
    *exceptions_of(httpx2),
    *exceptions_of(google.auth.exceptions),
    *(OSError, ConnectionResetError, TimeoutError, ValueError, TypeError, KeyError, AttributeError, RuntimeError),
]
ONCE_MORE = {"NetworkError", "ReadError", "WriteError", "ConnectError", "CloseError", "RemoteProtocolError"}
"""A connection that was lost may be there again at once; time, quota and mistakes are another matter."""


def test_the_lists_of_errors_are_not_empty() -> None:
    """If a library moves its errors, this table must follow."""
    known = {errors.ClientError, errors.ServerError, httpx2.ReadTimeout, google.auth.exceptions.RefreshError}

    assert known <= set(ERRORS)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: f"{error.__module__}.{error.__name__}")
def test_every_error_is_translated(error: type[Exception]) -> None:
    """Before a word it makes the interviewer unavailable, after one it cuts the reply; none gets through."""
    settings = GeminiSettings(model=FIRST, fallback_models=(SECOND,))
    silent, talking = Breaks(blank(error)), Breaks(blank(error), SPOKEN)
    with pytest.raises(InterviewerUnavailable):
        listen(GeminiInterviewer(silent, settings))  # type: ignore[arg-type]
    fragments = listen(GeminiInterviewer(talking, settings))  # type: ignore[arg-type]

    assert silent.calls == (3 if error.__name__ in ONCE_MORE else 2)
    assert talking.calls == 1
    assert fragments[-1].cut


def test_the_words_of_an_error_are_not_logged(
    gemini: FakeGemini, interviewer: GeminiInterviewer, caplog: pytest.LogCaptureFixture
) -> None:
    """A service may quote the prompt in its complaint."""
    gemini.script = lambda _: Failure(400, "Bad prompt: I built a bridge.")
    with pytest.raises(InterviewerUnavailable):
        listen(interviewer)

    ours = [record for record in caplog.records if record.name.startswith("interviewos")]
    assert [record.__dict__["why"] for record in ours] == ["400 INVALID_ARGUMENT"] * 2
    assert "bridge" not in "".join(str(record.__dict__) for record in ours)


# the time limit on somebody else's iterator


def test_a_relay_passes_everything_on_in_order() -> None:
    """And ends where its source ends."""
    assert list(with_deadline(lambda: range(1_000), 5, 5)) == list(range(1_000))
    assert list(with_deadline(list, 5, 5)) == []


def test_a_source_that_stands_still_says_so_once_it_has_begun() -> None:
    """Not before: until then whoever waits has nothing that could be let out."""
    go_on = threading.Event()

    def source() -> Iterator[str]:
        yield "begun"
        go_on.wait(PATIENCE_SECONDS)
        yield "end"

    items = with_deadline(source, 5, PATIENCE_SECONDS, pulse_seconds=0.01)
    assert [next(items), next(items), next(items)] == ["begun", None, None]
    go_on.set()

    assert [item for item in items if item] == ["end"]


def test_a_source_that_has_not_begun_has_no_pulse() -> None:
    """It is late, as ever."""
    go_on = threading.Event()

    def source() -> Iterator[str]:
        go_on.wait(PATIENCE_SECONDS)
        yield "begun"

    with pytest.raises(TimeoutError):
        next(with_deadline(source, 0.05, 0.05, pulse_seconds=0.01))
    go_on.set()


def test_an_error_is_raised_where_it_is_waited_for() -> None:
    """After the items that came before it."""

    def source() -> Iterator[int]:
        yield 1
        raise LookupError

    items = with_deadline(source, 5, 5)
    assert next(items) == 1
    with pytest.raises(LookupError):
        next(items)


def test_an_error_before_the_first_item_is_raised_too() -> None:
    """The source itself may fail to be made."""

    def source() -> Iterator[int]:
        raise LookupError

    with pytest.raises(LookupError):
        next(with_deadline(source, 5, 5))


def test_a_source_that_is_left_is_closed() -> None:
    """With its next item, in its own thread."""
    go_on, closed = threading.Event(), threading.Event()

    def source() -> Iterator[int]:
        try:
            yield 1
            go_on.wait(PATIENCE_SECONDS)
            yield 2
            raise AssertionError("nobody asked for a third")
        finally:
            closed.set()

    items = with_deadline(source, 5, 5)
    assert next(items) == 1
    items.close()  # type: ignore[attr-defined]
    go_on.set()

    assert closed.wait(PATIENCE_SECONDS)


def test_items_that_do_not_begin_do_not_buy_time() -> None:
    """A source that only clears its throat is as late as a silent one."""
    with pytest.raises(TimeoutError):
        list(with_deadline(lambda: iter(lambda: "", None), 0.1, 60, begins=bool))


def test_a_source_without_an_end_is_left() -> None:
    """Even where it is so quick that nobody ever waits for it."""
    with pytest.raises(TimeoutError):
        for _ in with_deadline(lambda: iter(lambda: 1, None), 5, 0.1):
            pass


def test_what_came_in_time_is_heard_by_a_slow_listener() -> None:
    """A listener behind a slow line loses nothing of a reply that was finished in time."""
    items = with_deadline(lambda: range(5), 5, 0.5)
    first = next(items)
    eventually(lambda: not relays())
    threading.Event().wait(0.6)

    assert [first, *items] == list(range(5))
