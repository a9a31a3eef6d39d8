"""Speech by an API key alone: Gemini's transcription and Gemini's voice."""

from __future__ import annotations

from livekit.plugins.google.beta import GeminiSTT, GeminiTTS

from voice.settings import SpeechSettings


def ear(settings: SpeechSettings) -> GeminiSTT:
    """A recogniser that streams and says what it understands so far."""
    return GeminiSTT(api_key=settings.google_api_key, vertexai=False, language=settings.language)


def mouth(settings: SpeechSettings) -> GeminiTTS:
    """A voice that speaks sentence by sentence."""
    return GeminiTTS(api_key=settings.google_api_key, vertexai=False)
