"""Speech by a service account: Speech-to-Text and Text-to-Speech of Google Cloud."""

from __future__ import annotations

from typing import Final

import google.auth
import google.auth.credentials
from google.auth.exceptions import DefaultCredentialsError
from livekit.agents.types import NOT_GIVEN
from livekit.plugins import google as plugin

from voice.settings import SettingsError, SpeechSettings

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
EAR_MODEL = "chirp_3"
"""The newest of the models that stream with interim results, and Google's most accurate by its documentation."""

ENDPOINTING: Final = "ENDPOINTING_SENSITIVITY_SHORT"
"""Chirp 3 finalizes a short answer late by itself; the worker decides about the turn, so it may finalize early."""

VOICE = "Chirp3-HD-Charon"


def ear(settings: SpeechSettings) -> plugin.STT:
    """A recogniser that streams and says what it understands so far. Raises SettingsError without credentials."""
    credentials, project = _credentials()
    return plugin.STT(
        model=EAR_MODEL,
        languages=settings.language,
        detect_language=False,
        location=settings.location,
        project=settings.project or project or NOT_GIVEN,
        credentials=credentials,
        interim_results=True,
        endpointing_sensitivity=ENDPOINTING,
    )


def mouth(settings: SpeechSettings) -> plugin.TTS:
    """A voice that speaks while the text is still being written. Raises SettingsError without credentials."""
    credentials, _ = _credentials()
    return plugin.TTS(
        language=settings.language,
        voice_name=f"{settings.language}-{VOICE}",
        location=settings.location,
        credentials=credentials,
        use_streaming=True,
    )


def _credentials() -> tuple[google.auth.credentials.Credentials, str | None]:
    """One look for both; the plugin's voice would find out only at its first sentence that there are none."""
    try:
        return google.auth.default(scopes=[SCOPE])
    except DefaultCredentialsError:
        raise SettingsError(
            "VOICE_STACK google_cloud needs a service account: run as one, or set GOOGLE_APPLICATION_CREDENTIALS"
        ) from None
