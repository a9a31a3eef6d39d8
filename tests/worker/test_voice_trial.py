"""What a worker would fail with, candidate by candidate, is found before it takes the first; what may pass is not held
against it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from livekit.agents import APIConnectionError, APIError, APIStatusError, APITimeoutError

from speech import gemini_key, google_cloud, pcm
from speech.local import Stack as LocalStack
from speech.stack import SpeechStack
from support.local_server import Exchange, LocalServer
from support.real_session import SETTINGS as ANY
from support.worker import AGENT
from voice import trial
from voice.settings import Settings

SECRET, API_SECRET = "eU9iO2pQ5aS8dF1gH4jK7lZ0xC3vB6nM", "kM3vT0qW8zR5yB1nC7xF4jH9sL2dP6gA"
NOWHERE = "http://127.0.0.1:9"
PROBLEM = {"type": "https://interviewos.test/problems#%s", "status": 404}
SPEECH = pcm.wav(pcm.silence(22_050, 0.2), 22_050)
PIPER_SECONDS = 3

Answers = Callable[[Exchange], None]


def functions(exchange: Exchange) -> None:
    """Who knows the secret hears that there is no such interview."""
    known = exchange.headers.get("x-ingest-secret") == SECRET
    slug, status = ("interview-not-found", 404) if known else ("bad-secret", 401)
    exchange.send_json(status, {"type": f"https://interviewos.test/problems#{slug}", "status": status})


def piper(exchange: Exchange) -> None:
    """As of 1.5.0."""
    exchange.send(200, SPEECH) if exchange.path == "/synthesize" else exchange.send(404)


def old_piper(exchange: Exchange) -> None:
    """Until 1.4.2 it spoke at its root."""
    exchange.send(200, SPEECH) if exchange.path == "/" else exchange.send(404, b"<!doctype html>")


ANOTHER: dict[str, Answers] = {
    "old": old_piper,
    "no piper": lambda exchange: exchange.send(200, b"<html>"),
    "nobody": lambda exchange: exchange.drop(),
}


@pytest.fixture
def serve() -> Iterator[Callable[[Answers], str]]:
    """Servers that answer as told, at their addresses."""
    running: list[LocalServer] = []

    def start(answers: Answers) -> str:
        running.append(LocalServer(answers).__enter__())
        return running[-1].url

    yield start
    for server in running:
        server.__exit__(None, None, None)


def local(backend: str, piper_url: str, **speech: str) -> Settings:
    found = replace(LocalStack.from_env({"PIPER_URL": piper_url}), **speech)
    return replace(ANY, backend_url=backend, ingest_secret=SECRET, speech=found)


def faults(settings: Settings) -> list[str]:
    return asyncio.run(trial.faults(settings, PIPER_SECONDS))


def test_a_worker_that_can_work_has_no_faults(serve: Callable[[Answers], str]) -> None:
    """Its functions know it, whisper hears, and piper speaks."""
    assert faults(local(serve(functions), serve(piper))) == []


@pytest.mark.parametrize("answers", ANOTHER.values(), ids=ANOTHER)
def test_a_piper_that_does_not_speak_is_named_with_the_version_that_does(
    serve: Callable[[Answers], str], answers: Answers
) -> None:
    """It answers, and every sentence would fail."""
    [fault] = faults(local(serve(functions), serve(answers)))

    assert fault.startswith("PIPER_URL must lead to the HTTP server of piper-tts 1.5.0 or newer")


def test_a_piper_that_is_being_started_is_waited_for(serve: Callable[[Answers], str]) -> None:
    """Whoever starts both at once need not know which is quicker."""
    asked: list[str] = []

    def soon(exchange: Exchange) -> None:
        asked.append(exchange.path)
        exchange.drop() if len(asked) < 3 else piper(exchange)

    assert faults(local(serve(functions), serve(soon))) == []
    assert len(asked) == 3


def test_a_model_that_is_none_is_named(serve: Callable[[Answers], str], tmp_path: Path) -> None:
    """A directory with a file of the right name is not enough."""
    (tmp_path / "model.bin").write_bytes(b"no model")
    [fault] = faults(local(serve(functions), serve(piper), whisper_model=str(tmp_path)))

    assert fault.startswith("WHISPER_MODEL must be a model of faster-whisper that knows VOICE_LANGUAGE: faster-whisper")


def test_a_model_of_another_language_is_named(serve: Callable[[Answers], str]) -> None:
    """It would write down German as English words."""
    [fault] = faults(local(serve(functions), serve(piper), language="de-DE"))

    assert fault.startswith("WHISPER_MODEL must be a model of faster-whisper that knows VOICE_LANGUAGE")


def test_functions_that_know_another_secret_are_named(serve: Callable[[Answers], str]) -> None:
    """Every turn would be refused."""
    settings = replace(local(serve(functions), serve(piper)), ingest_secret=API_SECRET)

    assert faults(settings) == ["INGEST_SECRET is not the one that the functions at BACKEND_BASE_URL know"]


def test_an_address_that_is_not_the_functions_is_named(serve: Callable[[Answers], str]) -> None:
    """Somebody answers, in words of their own."""
    elsewhere = serve(lambda exchange: exchange.send(404, b"<html>"))

    assert faults(local(elsewhere, serve(piper))) == ["BACKEND_BASE_URL does not lead to the interview functions"]


@pytest.mark.parametrize("status", [0, 500, 503], ids=["nobody there", "broken", "starting"])
def test_functions_that_do_not_answer_yet_are_no_fault(serve: Callable[[Answers], str], status: int) -> None:
    """On a laptop they start together with the worker."""
    backend = serve(lambda exchange: exchange.send(status)) if status else NOWHERE

    assert faults(local(backend, serve(piper))) == []


@pytest.mark.parametrize("stack", [google_cloud.Stack(), gemini_key.Stack()], ids=["google_cloud", "gemini_key"])
@pytest.mark.parametrize(
    ("error", "stands"),
    [
        (APIStatusError("no such location", status_code=400), True),
        (APIStatusError("not allowed", status_code=403), True),
        (APIStatusError("too many requests", status_code=429), False),
        (APIStatusError("try again", status_code=503), False),
        (APITimeoutError(), False),
        (APIConnectionError(), False),
    ],
    ids=lambda value: getattr(value, "message", None),
)
def test_what_a_service_refuses_stands_and_what_may_pass_does_not(
    stack: SpeechStack, error: APIError, stands: bool
) -> None:
    """A worker that does not start while Google has an outage would serve nobody when it is over."""

    async def fail() -> None:
        raise error

    fault = asyncio.run(trial._try(stack.stt_hint, stack, fail()))
    assert (fault is not None) is stands


@pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")
def test_a_key_that_gemini_does_not_know_is_named(
    serve: Callable[[Answers], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By Google's own client, over its wire format."""
    refusal = {"error": {"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"}}
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", serve(lambda exchange: exchange.send_json(400, refusal)))
    speech = gemini_key.Stack(google_api_key="a-key-for-tests")
    found = faults(replace(ANY, backend_url=NOWHERE, ingest_secret=SECRET, speech=speech))

    assert [fault for fault in found if fault.startswith("Gemini does not speak by GOOGLE_API_KEY")]


def test_a_worker_with_a_fault_does_not_start(serve: Callable[[Answers], str]) -> None:
    """It says so in a sentence, without a traceback and without a secret."""
    env = {
        "PATH": os.environ["PATH"],
        "LIVEKIT_URL": "ws://127.0.0.1:9",
        "LIVEKIT_API_KEY": "devkey",
        "LIVEKIT_API_SECRET": API_SECRET,
        "BACKEND_BASE_URL": serve(functions),
        "INGEST_SECRET": SECRET,
        "PIPER_URL": serve(old_piper),
        "TURN_DETECTION": "vad",
    }
    ended = subprocess.run(
        [sys.executable, str(AGENT), "start"], env=env, capture_output=True, text=True, timeout=120, check=False
    )

    assert ended.returncode == 1
    first, sentence = ended.stderr.splitlines()[-2:]
    assert (first, sentence.partition(",")[0]) == (
        "This worker cannot start:",
        "PIPER_URL must lead to the HTTP server of piper-tts 1.5.0 or newer",
    )
    assert "Traceback" not in ended.stderr
    assert SECRET not in ended.stderr
