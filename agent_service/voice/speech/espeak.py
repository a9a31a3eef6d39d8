"""The voice that speaks when piper does not: espeak-ng, a process for each sentence (GPL-3.0, never imported)."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from livekit.agents import (
    DEFAULT_API_CONNECT_OPTIONS,
    APIConnectionError,
    APIConnectOptions,
    APITimeoutError,
    tts,
    utils,
)

from voice.speech import pcm

SAMPLE_RATE = 22_050
WORDS_A_MINUTE = 165


class EspeakTTS(tts.TTS[Any]):
    """Speaks sentence by sentence. `program` is the path of espeak-ng; raises livekit's API errors."""

    def __init__(self, program: str, language: str) -> None:
        super().__init__(capabilities=tts.TTSCapabilities(streaming=False), sample_rate=SAMPLE_RATE, num_channels=1)
        self._command = (program, "--stdin", "--stdout", "-v", language.lower(), "-s", str(WORDS_A_MINUTE))

    @property
    def model(self) -> str:
        return "espeak-ng"

    @property
    def provider(self) -> str:
        return "local"

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        return _EspeakSentence(tts=self, input_text=text, conn_options=conn_options)

    async def speak(self, text: str, timeout_seconds: float) -> bytes:
        """The samples of a sentence; a moment of silence when it has no sound."""
        words = pcm.speakable(text)
        if not words:
            return pcm.silence(SAMPLE_RATE)
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self._ask(words)
        except TimeoutError:
            raise APITimeoutError("espeak-ng took too long") from None
        except OSError as error:
            raise APIConnectionError("espeak-ng cannot be started") from error

    async def _ask(self, words: str) -> bytes:
        """Words go by standard input: an argument would show them to every user of the machine."""
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        process = await asyncio.create_subprocess_exec(*self._command, stdin=pipe, stdout=pipe, stderr=nothing)
        try:
            wav, _ = await process.communicate(words.encode())
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        if process.returncode != 0:
            raise APIConnectionError("espeak-ng failed")
        return _samples(wav)


class _EspeakSentence(tts.ChunkedStream):
    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        espeak = self._tts
        assert isinstance(espeak, EspeakTTS)
        samples = await espeak.speak(self._input_text, self._conn_options.timeout)
        output_emitter.initialize(
            request_id=utils.shortuuid(), sample_rate=SAMPLE_RATE, num_channels=1, mime_type="audio/pcm"
        )
        output_emitter.push(samples)


def _samples(wav: bytes) -> bytes:
    """What follows the header; the length in it is made up, for espeak-ng does not know it when it begins to write."""
    start = wav.find(b"data")
    if start < 0:
        raise APIConnectionError("espeak-ng answered with no WAV")
    samples = wav[start + 8 :]
    return samples[: len(samples) // pcm.BYTES_A_SAMPLE * pcm.BYTES_A_SAMPLE]
