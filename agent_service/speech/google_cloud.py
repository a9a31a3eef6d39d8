"""Speech by a service account: Speech-to-Text and Text-to-Speech of Google Cloud."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

from livekit.agents.stt import STT
from livekit.agents.tts import TTS
from livekit.agents.types import NOT_GIVEN

from environment import Environment, SettingsError
from speech.stack import SpeechStack, read_language

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
DEFAULT_LOCATION = "us"
STT_MODEL = "chirp_3"
"""The newest of the models that stream with interim results, and Google's most accurate by its documentation."""

ENDPOINTING: Final = "ENDPOINTING_SENSITIVITY_SHORT"
"""Chirp 3 finalizes a short answer late by itself; the worker decides about the turn, so it may finalize early."""

VOICE = "Chirp3-HD-Charon"


@dataclass(frozen=True, kw_only=True)
class Stack(SpeechStack):
    """The recogniser streams, with interim results; the voice speaks while the text is still being written."""

    stt_hint = (
        "Speech-to-Text does not hear: see GOOGLE_CLOUD_LOCATION, which must have Chirp 3, "
        "VOICE_LANGUAGE, and the service account's rights in GOOGLE_CLOUD_PROJECT"
    )
    tts_hint = (
        "Text-to-Speech does not speak: see that VOICE_LANGUAGE and GOOGLE_CLOUD_LOCATION have a "
        "Chirp 3 HD voice, and the service account's rights"
    )
    loggers = ("livekit.plugins.google",)

    project: str = ""
    """Empty: the service account's own."""
    location: str = DEFAULT_LOCATION

    @classmethod
    def read(cls, env: Environment) -> Self:
        location = env.text("GOOGLE_CLOUD_LOCATION", DEFAULT_LOCATION)
        if not re.fullmatch(r"us|eu|[a-z]+-[a-z]+\d+", location):
            env.fault("GOOGLE_CLOUD_LOCATION must be a location that has Chirp 3, such as us or eu; global has it not")
        return cls(project=env.text("GOOGLE_CLOUD_PROJECT"), location=location, language=read_language(env))

    def stt(self) -> STT[Any]:
        from livekit.plugins import google as plugin

        credentials, project = _credentials()
        return plugin.STT(
            model=STT_MODEL,
            languages=self.language,
            detect_language=False,
            location=self.location,
            project=self.project or project or NOT_GIVEN,
            credentials=credentials,
            interim_results=True,
            endpointing_sensitivity=ENDPOINTING,
        )

    def tts(self) -> TTS[Any]:
        from livekit.plugins import google as plugin

        credentials, _ = _credentials()
        return plugin.TTS(
            language=self.language,
            voice_name=f"{self.language}-{VOICE}",
            location=self.location,
            credentials=credentials,
            use_streaming=True,
        )


def _credentials() -> tuple[Credentials, str | None]:
    """Find the credentials and their project. The plugin's voice would look for them only at its first sentence."""
    import google.auth
    from google.auth.exceptions import DefaultCredentialsError

    try:
        return google.auth.default(scopes=[SCOPE])
    except DefaultCredentialsError:
        raise SettingsError(
            "VOICE_STACK google_cloud needs a service account: run as one, or set GOOGLE_APPLICATION_CREDENTIALS"
        ) from None
