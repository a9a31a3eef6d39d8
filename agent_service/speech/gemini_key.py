"""Speech by an API key alone: Gemini's transcription and Gemini's voice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self

from livekit.agents.stt import STT
from livekit.agents.tts import TTS

from environment import Environment
from speech.stack import SpeechStack, read_language


@dataclass(frozen=True, kw_only=True)
class Stack(SpeechStack):
    """The recogniser streams, with interim results; the voice speaks sentence by sentence."""

    stt_hint = "Gemini does not hear by GOOGLE_API_KEY: see that the key is valid and not restricted"
    tts_hint = "Gemini does not speak by GOOGLE_API_KEY: see that the key is valid and not restricted"
    loggers = ("livekit.plugins.google",)

    google_api_key: str = field(default="", repr=False)

    @classmethod
    def read(cls, env: Environment) -> Self:
        env.need("GOOGLE_API_KEY", "VOICE_STACK gemini_key hears and speaks by it")
        return cls(google_api_key=env.text("GOOGLE_API_KEY"), language=read_language(env))

    def stt(self) -> STT[Any]:
        from livekit.plugins.google.beta import GeminiSTT

        return GeminiSTT(api_key=self.google_api_key, vertexai=False, language=self.language)

    def tts(self) -> TTS[Any]:
        from livekit.plugins.google.beta import GeminiTTS

        return GeminiTTS(api_key=self.google_api_key, vertexai=False)
