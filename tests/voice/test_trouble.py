"""Something that the interview needs is down: the candidate is told so, and nothing that they said is lost."""

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from support.caller import Caller
from support.client import ApiClient
from support.gemini import OVERLOADED
from support.local_server import Exchange, LocalServer
from support.puppet import interviewer_script
from support.speech import Ears
from support.spoken import SpokenService
from support.talk import Talk
from support.word_errors import word_error_rate
from support.worker import BROKEN_AGENT
from voice import notices
from voice.recordings import SPEECH_IS_DOWN, text_of

AWAY_SECONDS = 10
WORST_HEARD = 0.25

Start = Callable[..., SpokenService]
Call = Callable[[ApiClient], Caller]


class Gateway(LocalServer):
    """In front of the functions, as in a cloud; while it is `closed` it answers 503 for them."""

    def __init__(self) -> None:
        super().__init__(self._pass_on)
        self.behind = ""
        self.refused = 0
        self._open = True

    @contextlib.contextmanager
    def closed(self) -> Iterator[None]:
        self._open = False
        yield
        self._open = True

    def _pass_on(self, exchange: Exchange) -> None:
        if not self._open:
            self.refused += 1
            exchange.send(503, b"upstream connect error", {"Content-Type": "text/plain"})
            return
        names = ("accept", "content-type", "x-ingest-secret")
        headers = {name: exchange.headers[name] for name in names if name in exchange.headers}
        with (
            httpx.Client(base_url=self.behind, timeout=35, trust_env=False) as client,
            client.stream(exchange.method, exchange.path, content=exchange.body, headers=headers) as answer,
        ):
            exchange.begin(answer.status_code, {"Content-Type": answer.headers["Content-Type"]})
            for piece in filter(None, answer.iter_raw()):
                exchange.chunk(piece)
            exchange.end()


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with Gateway() as running:
        yield running


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """While this file is there, what BROKEN names does not work."""
    return tmp_path / "broken"


@pytest.mark.long
def test_functions_that_answer_503_lose_nothing(start_spoken: Start, call: Call, gateway: Gateway) -> None:
    """For ten seconds a gateway refuses the answer; the interviewer says so and sends it until it is answered."""
    spoken = start_spoken(worker_env={"NEXT_TURN_URL": gateway.url})
    gateway.behind = spoken.server.url
    talk = begun(spoken, call)

    talk.answer()
    with gateway.closed():
        told_of_trouble(talk, "backend", notices.ONE_MOMENT)
        time.sleep(AWAY_SECONDS)
    assert gateway.refused >= 2
    over_and_on(talk)


@pytest.mark.long
def test_functions_that_are_gone_lose_nothing(start_spoken: Start, call: Call) -> None:
    """The process of the functions is killed right after an answer, and another one comes ten seconds later."""
    spoken = start_spoken()
    talk = begun(spoken, call)

    talk.answer()
    spoken.server.kill()
    told_of_trouble(talk, "backend", notices.ONE_MOMENT)
    time.sleep(AWAY_SECONDS)
    spoken.server.start()
    over_and_on(talk)


@pytest.mark.long
def test_a_model_that_is_down_is_stood_in_for_and_then_admitted(start_spoken: Start, call: Call) -> None:
    """Two stand-ins are heard, then that it does not work; the next answer goes on with the interview."""
    spoken = start_spoken()
    talk = begun(spoken, call)

    spoken.gemini.script = lambda request: OVERLOADED
    for status in ("running", "running", "error"):
        talk.answer()
        talk.next_question()
        body = talk.interview.messages()
        assert (body["messages"][-1]["source"], body["status"]) == ("fallback", status)
        assert talk.asked(talk.question_text())
        print(f"\nheard: {talk.question_text()}")
    spoken.gemini.script = interviewer_script
    talk.answer()
    talk.next_question()
    body = talk.interview.messages()
    assert (body["messages"][-1]["source"], body["status"]) == ("model", "running")
    talk.to_the_end()
    talk.check_transcript()


@pytest.mark.long
def test_a_voice_that_fails_says_so_by_a_recording(start_spoken: Start, call: Call, ears: Ears, broken: Path) -> None:
    """The reply can be read, the trouble is heard, and once the voice is back the next reply is heard, too."""
    spoken = start_spoken(worker_env={"BROKEN": "speech", "WHILE": str(broken)}, script=BROKEN_AGENT)
    talk = begun(spoken, call)

    broken.touch()
    failed_at = time.monotonic()
    talk.answer()
    told_of_trouble(talk, "speech", text_of(SPEECH_IS_DOWN))
    talk.next_question()  # which the page shows
    assert talk.caller.attributes()["trouble"] == "speech"
    heard = ears.hear(talk.caller.heard(failed_at, time.monotonic()))
    assert word_error_rate(text_of(SPEECH_IS_DOWN), heard) <= WORST_HEARD, heard

    broken.unlink()
    talk.answer()
    over_and_on(talk)


@pytest.mark.long
def test_a_recogniser_that_fails_says_so(start_spoken: Start, call: Call, broken: Path) -> None:
    """What was said then cannot be known, so nothing is made up; said again it is understood."""
    spoken = start_spoken(worker_env={"BROKEN": "hearing", "WHILE": str(broken)}, script=BROKEN_AGENT)
    talk = begun(spoken, call)
    before = talk.interview.messages()["messages"]

    broken.touch()
    talk.answer()
    told_of_trouble(talk, "hearing", notices.CANNOT_HEAR)
    assert talk.interview.messages()["messages"] == before
    talk.said.pop()
    broken.unlink()
    talk.answer()
    over_and_on(talk)


def begun(spoken: SpokenService, call: Call) -> Talk:
    """An interview with its first question asked."""
    interview = spoken.interview()
    talk = Talk(interview, call(interview))
    talk.begin()
    return talk


def told_of_trouble(talk: Talk, kind: str, line: str) -> None:
    """The page knows what is wrong, and the candidate has heard it."""
    began = time.monotonic()
    talk.wait(lambda: talk.caller.attributes().get("trouble") == kind, f"the attribute trouble={kind}")
    told = time.monotonic()
    talk.wait(lambda: bool(talk.asked(line)), "the sentence about it")
    print(f"\ntrouble={kind} after {told - began:.1f} s, said after {time.monotonic() - began:.1f} s")


def over_and_on(talk: Talk) -> None:
    """The trouble is over, the answer has its reply, and the interview is held to its end."""
    talk.next_question()
    talk.wait(lambda: talk.caller.attributes().get("trouble") == "", "the end of the trouble")
    talk.to_the_end()
    talk.check_transcript()
