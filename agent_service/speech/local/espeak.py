"""The fallback voice: espeak-ng, a process for each sentence (GPL-3.0, never imported)."""

from __future__ import annotations

import asyncio
import contextlib

from livekit.agents import APIConnectionError, APITimeoutError

from speech import pcm
from speech.local.sentences import SentenceTTS

SAMPLE_RATE = 22_050
WORDS_A_MINUTE = 165


class EspeakTTS(SentenceTTS):
    """Synthesizes sentence by sentence. `program` is the path of espeak-ng. Raises the framework's API errors."""

    def __init__(self, program: str, language: str) -> None:
        super().__init__("espeak-ng", SAMPLE_RATE)
        self._command = (program, "--stdin", "--stdout", "-v", language.lower(), "-s", str(WORDS_A_MINUTE))

    async def say(self, words: str, timeout_seconds: float) -> bytes:
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self._ask(words)
        except TimeoutError:
            raise APITimeoutError("espeak-ng took too long") from None
        except OSError as error:
            raise APIConnectionError("espeak-ng cannot be started") from error

    async def _ask(self, words: str) -> bytes:
        """Run the program. The text goes by standard input: every user of the machine can read arguments."""
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


def _samples(wav: bytes) -> bytes:
    """Cut off the header. The length in it is wrong: espeak-ng writes it before it knows the length."""
    start = wav.find(b"data")
    if start < 0:
        raise APIConnectionError("espeak-ng answered with no WAV")
    samples = wav[start + 8 :]
    return samples[: len(samples) // pcm.BYTES_A_SAMPLE * pcm.BYTES_A_SAMPLE]
