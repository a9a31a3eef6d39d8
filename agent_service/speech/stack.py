"""What a speech stack is: a recogniser (STT) and a voice (TTS) that are used together."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from livekit.agents.stt import STT
from livekit.agents.tts import TTS

from environment import Environment

DEFAULT_LANGUAGE = "en-US"


class StackUnavailable(Exception):
    """A service that the stack starts itself does not run. The message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Speech:
    """The recogniser and the voice of one interview."""

    stt: STT[Any]
    tts: TTS[Any]

    async def aclose(self) -> None:
        """Close the connections of both."""
        await self.stt.aclose()
        await self.tts.aclose()


@dataclass(frozen=True, kw_only=True)
class SpeechStack(ABC):
    """The settings of a stack, and what is made of them. `language` is a BCP 47 tag.

    A module of this package with a subclass `Stack` is a stack, once `STACKS` of `speech.settings` names it. It imports
    its vendor's packages inside the methods that need them, for other processes only read the settings.
    """

    stt_hint: ClassVar[str]
    """What an operator should look at when the recogniser fails."""
    tts_hint: ClassVar[str]
    """The same for the voice."""
    self_hosted: ClassVar[bool] = False
    """It runs on this machine: it may need a moment to start, and what fails after that is no outage elsewhere."""

    loggers: ClassVar[tuple[str, ...]] = ()
    """Loggers of the vendor's packages: their lines may quote what is spoken, and are redacted."""

    language: str = DEFAULT_LANGUAGE

    @classmethod
    @abstractmethod
    def read(cls, env: Environment) -> Self:
        """Read the stack's own variables; what is missing or wrong is recorded as a fault."""

    @abstractmethod
    def stt(self) -> STT[Any]:
        """Make a recogniser. Raises SettingsError without credentials."""

    @abstractmethod
    def tts(self) -> TTS[Any]:
        """Make a voice. Raises SettingsError without credentials."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read this stack, whatever VOICE_STACK says. Raises SettingsError."""
        env = Environment(environ)
        stack = cls.read(env)
        env.raise_faults()
        return stack

    def build(self) -> Speech:
        """Make the services of one interview. Raises SettingsError without credentials."""
        return Speech(self.stt(), self.tts())

    def prewarm(self) -> None:
        """Do what the first interview of a process would wait for: import, load, look for credentials. Blocks."""
        self.build().stt.prewarm()

    def start(self) -> dict[str, str]:
        """Start the processes that all jobs of a worker share; their end is this process's.

        Returns the variables by which the jobs find them. Raises StackUnavailable.
        """
        return {}

    def primary_tts(self) -> TTS[Any]:
        """Make the voice without any stand-in for its failures, to try or to record it."""
        return self.tts()

    def check(self) -> None:  # noqa: B027, most stacks have nothing to check
        """Raise SettingsError if the recogniser cannot work, as far as it can be known without audio. Blocks."""

    @property
    def job_megabytes(self) -> int:
        """Memory that each job needs for the stack itself."""
        return 0


def read_language(env: Environment) -> str:
    """Read VOICE_LANGUAGE."""
    language = env.text("VOICE_LANGUAGE", DEFAULT_LANGUAGE)
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        env.fault("VOICE_LANGUAGE must be a language tag such as en-US")
    return language
