"""A voice by piper's HTTP server: a sentence goes there, a WAV comes back."""

from __future__ import annotations

from typing import Any

import httpx
from livekit.agents import (
    DEFAULT_API_CONNECT_OPTIONS,
    APIConnectionError,
    APIConnectOptions,
    APIStatusError,
    APITimeoutError,
    tts,
    utils,
)

from voice.speech import pcm

LONGEST_WAIT_SECONDS = 5.0
"""A sentence takes half a second; somebody who waits longer is better served by the voice that comes next."""


class PiperTTS(tts.TTS[Any]):
    """Speaks sentence by sentence. `url` is where piper listens; raises livekit's API errors."""

    def __init__(self, url: str, *, sample_rate: int = 22_050) -> None:
        super().__init__(capabilities=tts.TTSCapabilities(streaming=False), sample_rate=sample_rate, num_channels=1)
        self._http = httpx.AsyncClient(base_url=url, trust_env=False)

    @property
    def model(self) -> str:
        return "piper"

    @property
    def provider(self) -> str:
        return "local"

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        return _PiperSentence(tts=self, input_text=text, conn_options=conn_options)

    async def speak(self, text: str, timeout_seconds: float) -> bytes:
        """The samples of a sentence at this voice's rate; a moment of silence when it has no sound."""
        words = pcm.speakable(text)
        if not words:
            return pcm.silence(self.sample_rate)
        samples, rate = await self._ask(words, timeout_seconds)
        return pcm.resampled(samples, rate, self.sample_rate)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def _ask(self, words: str, timeout_seconds: float) -> tuple[bytes, int]:
        try:
            answer = await self._http.post("/synthesize", json={"text": words}, timeout=timeout_seconds)
            answer.raise_for_status()
            return pcm.read_wav(answer.content)
        except httpx.TimeoutException:
            raise APITimeoutError("piper took too long") from None
        except httpx.HTTPStatusError as error:
            raise APIStatusError("piper refused", status_code=error.response.status_code) from None
        except (httpx.HTTPError, ValueError) as error:
            raise APIConnectionError("piper cannot be reached") from error


class _PiperSentence(tts.ChunkedStream):
    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        piper = self._tts
        assert isinstance(piper, PiperTTS)
        samples = await piper.speak(self._input_text, min(self._conn_options.timeout, LONGEST_WAIT_SECONDS))
        output_emitter.initialize(
            request_id=utils.shortuuid(), sample_rate=piper.sample_rate, num_channels=1, mime_type="audio/pcm"
        )
        output_emitter.push(samples)
