"""The base of voices on this machine: they synthesize a sentence as a whole."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import Any

from livekit.agents import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions, tts, utils

from speech import pcm


class SentenceTTS(tts.TTS[Any]):
    """The framework's interface of a voice. A subclass implements `say`."""

    longest_wait_seconds = math.inf

    def __init__(self, name: str, sample_rate: int) -> None:
        super().__init__(capabilities=tts.TTSCapabilities(streaming=False), sample_rate=sample_rate, num_channels=1)
        self._name = name

    @property
    def model(self) -> str:
        return self._name

    @property
    def provider(self) -> str:
        return "local"

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        return _Sentence(tts=self, input_text=text, conn_options=conn_options)

    async def speak(self, text: str, timeout_seconds: float) -> bytes:
        """Synthesize a text: samples at `sample_rate`, a short silence if nothing in it can be pronounced."""
        words = pcm.speakable(text)
        return await self.say(words, timeout_seconds) if words else pcm.silence(self.sample_rate)

    @abstractmethod
    async def say(self, words: str, timeout_seconds: float) -> bytes:
        """Synthesize words that can be pronounced. Raises the framework's API errors."""


class _Sentence(tts.ChunkedStream):
    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        voice = self._tts
        assert isinstance(voice, SentenceTTS)
        samples = await voice.speak(self._input_text, min(self._conn_options.timeout, voice.longest_wait_seconds))
        output_emitter.initialize(
            request_id=utils.shortuuid(), sample_rate=voice.sample_rate, num_channels=1, mime_type="audio/pcm"
        )
        output_emitter.push(samples)
