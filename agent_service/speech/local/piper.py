"""The client of piper's HTTP server: one request and one WAV for each sentence."""

from __future__ import annotations

import httpx
from livekit.agents import APIConnectionError, APIStatusError, APITimeoutError

from speech import pcm
from speech.local.sentences import SentenceTTS


class PiperTTS(SentenceTTS):
    """Synthesizes sentence by sentence. `url` is that of the server. Raises the framework's API errors."""

    longest_wait_seconds = 5.0
    """A sentence takes half a second; after this long the fallback voice is the better choice."""

    def __init__(self, url: str, *, sample_rate: int = 22_050) -> None:
        super().__init__("piper", sample_rate)
        self._http = httpx.AsyncClient(base_url=url, trust_env=False)

    async def say(self, words: str, timeout_seconds: float) -> bytes:
        samples, rate = await self._ask(words, timeout_seconds)
        return pcm.resampled(pcm.trim_leading_silence(samples), rate, self.sample_rate)

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
