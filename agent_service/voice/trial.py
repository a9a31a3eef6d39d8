"""What is outside of a worker is tried before it takes interviews: `python -m voice.trial` says what cannot work.

A worker that finds out with its first candidate fails all of them. What may pass by itself, such as functions that
start a moment later, is no reason not to start. It is a process of its own, so that its memory goes with it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from livekit.agents import APIConnectionError, APIConnectOptions, APIError, stt, tts

from speech import build, pcm, start_piper
from speech.piper import PiperTTS
from speech.whisper import WhisperSTT
from voice import job, logs
from voice.backend import Backend, Refused
from voice.clock import now
from voice.settings import Settings, SettingsError, Stack

logger = logging.getLogger(__name__)

TRIAL_SECONDS = 60.0
"""What takes longer is not known to fail: machines are busy when they start."""
PIPER_SECONDS = 15.0
AGAIN_SECONDS = 0.5
UNKNOWN_SESSION_ID = "00000000-0000-4000-8000-000000000000"
ONCE = APIConnectOptions(max_retry=0, timeout=10)
LEAST_PIPER = "piper-tts 1.5.0"
"""The first whose HTTP server has /synthesize."""

HEARING = {
    Stack.GOOGLE_CLOUD: "Speech-to-Text does not hear: see GOOGLE_CLOUD_LOCATION, which must have Chirp 3, "
    "VOICE_LANGUAGE, and the service account's rights in GOOGLE_CLOUD_PROJECT",
    Stack.GEMINI_KEY: "Gemini does not hear by GOOGLE_API_KEY: see that the key is valid and not restricted",
    Stack.LOCAL: "WHISPER_MODEL must be a model of faster-whisper that knows VOICE_LANGUAGE",
}
SPEAKING = {
    Stack.GOOGLE_CLOUD: "Text-to-Speech does not speak: see that VOICE_LANGUAGE and GOOGLE_CLOUD_LOCATION have a "
    "Chirp 3 HD voice, and the service account's rights",
    Stack.GEMINI_KEY: "Gemini does not speak by GOOGLE_API_KEY: see that the key is valid and not restricted",
    Stack.LOCAL: f"PIPER_URL must lead to the HTTP server of {LEAST_PIPER} or newer, with a voice that speaks",
}


def run(environ: Mapping[str, str]) -> None:
    """Try everything in a process of its own. Raises SettingsError with a sentence for each fault."""
    tried = subprocess.run(
        [sys.executable, "-m", "voice.trial"],
        env=dict(environ),
        cwd=Path(__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if tried.returncode:
        raise SettingsError(tried.stdout.strip() or "what the worker needs could not be tried")


async def faults(settings: Settings, piper_seconds: float = PIPER_SECONDS) -> list[str]:
    """Say what cannot work, a sentence each; so long a piper that is being started is waited for."""
    stack, speech = settings.speech.stack, build(settings.speech)
    # The local stack speaks by another voice when piper does not, so piper is tried itself.
    voice = PiperTTS(settings.speech.piper_url) if stack is Stack.LOCAL else speech.tts
    tried = await asyncio.gather(
        _reach(settings),
        _try(HEARING[stack], stack, _hear(speech.stt)),
        _try(SPEAKING[stack], stack, _speak(voice, piper_seconds)),
    )
    await voice.aclose()
    await speech.aclose()
    return [fault for fault in tried if fault]


async def _reach(settings: Settings) -> str | None:
    """Read an interview that nobody has: the functions say so to whoever knows their secret."""
    async with job.client(settings) as http:
        backend = Backend(http, UNKNOWN_SESSION_ID)
        try:
            async with asyncio.timeout(TRIAL_SECONDS):
                await backend.read(_give_up)
        except Refused as refused:
            if refused.status in (401, 403):
                return "INGEST_SECRET is not the one that the functions at BACKEND_BASE_URL know"
            if refused.slug == f"status-{refused.status}":  # not in the words of the functions
                return "BACKEND_BASE_URL does not lead to the interview functions"
        except (TimeoutError, _Unreached):
            logger.warning("functions could not be tried")
    return None


class _Unreached(Exception):
    """Nobody answers, yet."""


def _give_up(seconds: float) -> None:
    raise _Unreached


async def _try(fault: str, stack: Stack, work: Coroutine[Any, Any, None]) -> str | None:
    """Give the fault when it stands: on this machine everything does, elsewhere what is refused."""
    try:
        async with asyncio.timeout(TRIAL_SECONDS):
            await work
    except SettingsError as error:
        return f"{fault}: {error}"
    except (APIError, TimeoutError) as error:
        why = f"{type(error).__name__} {getattr(error, 'status_code', '')}".strip()
        if isinstance(error, APIError) and (stack is Stack.LOCAL or not error.retryable):
            return f"{fault} ({why})"
        logger.warning("speech could not be tried", extra={"why": why})
    return None


async def _hear(ear: stt.STT[Any]) -> None:
    """Let it hear a second of silence. Raises livekit's API errors, or SettingsError for another language."""
    frames = list(pcm.frames(pcm.silence(16_000, 1.0), 16_000))
    if isinstance(ear, WhisperSTT):
        await asyncio.to_thread(ear.check)
    if not ear.capabilities.streaming:
        await ear.recognize(frames, conn_options=ONCE)
        return
    async with ear.stream(conn_options=ONCE) as stream:
        for frame in frames:
            stream.push_frame(frame)
        stream.end_input()
        async for _ in stream:
            pass


async def _speak(voice: tts.TTS[Any], piper_seconds: float) -> None:
    """Let it say a word. Raises livekit's API errors."""
    if voice.capabilities.streaming:
        return await _speak_a_stream(voice)
    end = now() + (piper_seconds if isinstance(voice, PiperTTS) else 0)
    while True:
        try:
            await voice.synthesize("Hello.", conn_options=ONCE).collect()
        except APIConnectionError:
            if now() > end:
                raise
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return None


async def _speak_a_stream(voice: tts.TTS[Any]) -> None:
    async with voice.stream(conn_options=ONCE) as stream:
        stream.push_text("Hello.")
        stream.end_input()
        async for _ in stream:
            pass


def main() -> None:
    """Print what cannot work, and fail when there is something."""
    logs.configure()
    settings = Settings.from_env(os.environ)
    piper = start_piper(settings.speech)
    if piper:
        settings = replace(settings, speech=replace(settings.speech, piper_url=piper.url))
    found = asyncio.run(faults(settings))
    sys.stdout.write("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
