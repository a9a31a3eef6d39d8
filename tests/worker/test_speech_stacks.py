"""Another speech stack is one module and one line of settings: settings, start, trial and jobs take it from there."""

import importlib
import logging
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from speech.settings import STACKS
from speech.stack import SpeechStack
from support.worker import AGENT

MODULE = '''
"""Speech by an imagined vendor."""

from dataclasses import dataclass, field
from typing import Any, Self

from livekit.agents.stt import STT, STTCapabilities
from livekit.agents.tts import TTS, TTSCapabilities

from environment import Environment
from speech.stack import SpeechStack, read_language


class Recogniser(STT[Any]):
    def __init__(self) -> None:
        super().__init__(capabilities=STTCapabilities(streaming=False, interim_results=False))

    async def _recognize_impl(self, buffer, **rest):
        raise NotImplementedError


class Voice(TTS[Any]):
    def __init__(self) -> None:
        super().__init__(capabilities=TTSCapabilities(streaming=False), sample_rate=24_000, num_channels=1)

    def synthesize(self, text, **rest):
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Stack(SpeechStack):
    stt_hint = "See that PARROT_KEY is valid"
    tts_hint = "See that PARROT_KEY is valid"

    key: str = field(default="", repr=False)

    @classmethod
    def read(cls, env: Environment) -> Self:
        env.need("PARROT_KEY", "VOICE_STACK parrot hears and speaks by it")
        return cls(key=env.text("PARROT_KEY"), language=read_language(env))

    def stt(self) -> STT[Any]:
        return Recogniser()

    def tts(self) -> TTS[Any]:
        return Voice()
'''
LINE = '    "google_cloud",\n'
JOB = """
import os
from types import SimpleNamespace
from voice import framework, job
process = SimpleNamespace(userdata={})
job.prewarm(process)
settings = process.userdata["settings"]
framework.server(settings, job.prewarm)
speech = settings.speech.build()
print(type(settings.speech).__module__, type(speech.stt).__name__, type(speech.tts).__name__, settings.speech.language)
"""
ENVIRON = {
    "LIVEKIT_URL": "ws://127.0.0.1:9",
    "LIVEKIT_API_KEY": "key",
    "LIVEKIT_API_SECRET": "kM3vT0qW8zR5yB1nC7xF4jH9sL2dP6gA",
    "BACKEND_BASE_URL": "http://127.0.0.1:9",
    "INGEST_SECRET": "eU9iO2pQ5aS8dF1gH4jK7lZ0xC3vB6nM",
    "VOICE_STACK": "parrot",
    "VOICE_LANGUAGE": "de-DE",
}

HEAVY = {"faster_whisper", "google.auth", "google.cloud.speech", "google.genai", "livekit.plugins.google", "piper"}
"""What the stacks hear and speak by."""


@pytest.fixture
def worker(tmp_path: Path) -> Path:
    """A copy of the worker with one stack more."""
    copy = tmp_path / "agent_service"
    shutil.copytree(AGENT.parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "speech" / "parrot.py").write_text(MODULE)
    settings = copy / "speech" / "settings.py"
    before = settings.read_text()
    assert before.count(LINE) == 1
    settings.write_text(before.replace(LINE, f'{LINE}    "parrot",\n'))
    return copy


def run(worker: Path, *command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], **ENVIRON, **environ}
    return subprocess.run(
        [sys.executable, *command], cwd=worker, env=env, capture_output=True, text=True, timeout=120, check=False
    )


def test_a_job_hears_and_speaks_by_another_stack(worker: Path) -> None:
    """Its settings are read, it is made ready, and the services of an interview are its own."""
    done = run(worker, "-c", JOB, PARROT_KEY="a-key-for-tests")

    assert done.stdout.split() == ["speech.parrot", "Recogniser", "Voice", "de-DE"], done.stderr


def test_a_worker_says_what_another_stack_lacks(worker: Path) -> None:
    """In a sentence of the stack's own, when it starts."""
    ended = run(worker, "agent.py", "start")

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == "PARROT_KEY is missing: VOICE_STACK parrot hears and speaks by it"


def test_a_stack_that_no_line_names_is_none(worker: Path) -> None:
    """Whatever modules are there, VOICE_STACK names one of the list."""
    for name in ("stack", "pcm", "settings", "os"):
        ended = run(worker, "agent.py", "start", VOICE_STACK=name)
        assert "VOICE_STACK must be one of google_cloud, parrot, gemini_key, local" in ended.stderr.splitlines()


@pytest.mark.parametrize("name", STACKS)
def test_a_stack_is_read_without_its_vendor(name: str) -> None:
    """Whoever only reads settings does not load what half a second is needed for."""
    check = f"import sys, speech.{name}; print([m for m in sys.modules if m in {sorted(HEAVY)}])"
    done = subprocess.run([sys.executable, "-c", check], cwd=AGENT.parent, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["google_cloud", "gemini_key"])
def test_lines_of_a_plugin_that_may_quote_speech_are_redacted(name: str) -> None:
    """Each logger that the plugin of a stack makes is one that the stack names."""
    stack: type[SpeechStack] = importlib.import_module(f"speech.{name}").Stack
    importlib.import_module("livekit.plugins.google")
    made = {logger for logger in logging.root.manager.loggerDict if logger.startswith("livekit.plugins.google")}

    assert made
    assert made <= set(stack.loggers)
