"""A trial of the services before a worker accepts interviews: `python -m voice.trial` prints what cannot work.

Without it the first candidates would find out. Failures that may be temporary, such as functions that start a moment
later, do not keep a worker from starting. The trial runs in a separate process, whose memory is freed after it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any

from livekit.agents import APIConnectionError, APIConnectOptions, APIError, stt, tts

from environment import SettingsError
from speech import pcm
from speech.stack import SpeechStack
from voice import job, logs
from voice.backend import Backend, Refused
from voice.clock import now
from voice.settings import Settings

logger = logging.getLogger(__name__)

TRIAL_SECONDS = 60.0
"""A service that takes longer is not reported: machines are busy when they start."""
READY_SECONDS = 15.0
"""Longest wait for a service of this machine that is still starting."""
AGAIN_SECONDS = 0.5
UNKNOWN_SESSION_ID = "00000000-0000-4000-8000-000000000000"
ONCE = APIConnectOptions(max_retry=0, timeout=10)


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


async def faults(settings: Settings, ready_seconds: float = READY_SECONDS) -> list[str]:
    """Try everything, and return a sentence for each fault."""
    stack = settings.speech
    recogniser, voice = stack.stt(), stack.primary_tts()
    tried = await asyncio.gather(
        _reach(settings),
        _try(stack.stt_hint, stack, _recognise(stack, recogniser)),
        _try(stack.tts_hint, stack, _speak(voice, ready_seconds if stack.self_hosted else 0)),
    )
    await voice.aclose()
    await recogniser.aclose()
    return [fault for fault in tried if fault]


async def _reach(settings: Settings) -> str | None:
    """Read an interview that does not exist: with the right secret the answer is 404, with another one 401."""
    async with job.client(settings) as http:
        backend = Backend(http, UNKNOWN_SESSION_ID)
        try:
            async with asyncio.timeout(TRIAL_SECONDS):
                await backend.read(_give_up)
        except Refused as refused:
            if refused.status in (401, 403):
                return "INGEST_SECRET is not the one that the functions at BACKEND_BASE_URL know"
            if refused.slug == f"status-{refused.status}":  # no problem of the functions' own
                return "BACKEND_BASE_URL does not lead to the interview functions"
        except (TimeoutError, _Unreached):
            logger.warning("functions could not be tried")
    return None


class _Unreached(Exception):
    """The functions do not answer yet."""


def _give_up(seconds: float) -> None:
    raise _Unreached


async def _try(fault: str, stack: SpeechStack, work: Coroutine[Any, Any, None]) -> str | None:
    """Run `work`, and return `fault` if it failed for good: on this machine any error is, elsewhere a refusal."""
    try:
        async with asyncio.timeout(TRIAL_SECONDS):
            await work
    except SettingsError as error:
        return f"{fault}: {error}"
    except (APIError, TimeoutError) as error:
        why = f"{type(error).__name__} {getattr(error, 'status_code', '')}".strip()
        if isinstance(error, APIError) and (stack.self_hosted or not error.retryable):
            return f"{fault} ({why})"
        logger.warning("speech could not be tried", extra={"why": why})
    return None


async def _recognise(stack: SpeechStack, recogniser: stt.STT[Any]) -> None:
    """Recognise a second of silence. Raises the framework's API errors, or SettingsError for another language."""
    frames = list(pcm.frames(pcm.silence(16_000, 1.0), 16_000))
    await asyncio.to_thread(stack.check)
    if not recogniser.capabilities.streaming:
        await recogniser.recognize(frames, conn_options=ONCE)
        return
    async with recogniser.stream(conn_options=ONCE) as stream:
        for frame in frames:
            stream.push_frame(frame)
        stream.end_input()
        async for _ in stream:
            pass


async def _speak(voice: tts.TTS[Any], ready_seconds: float) -> None:
    """Synthesize a word. Raises the framework's API errors; while there is no connection, after `ready_seconds`."""
    if voice.capabilities.streaming:
        return await _speak_a_stream(voice)
    end = now() + ready_seconds
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
    """Print a line for each fault, and exit with 1 if there is one."""
    logs.configure()
    started = Settings.from_env(os.environ).speech.start()
    settings = Settings.from_env({**os.environ, **started})
    logs.redact(*settings.speech.loggers)
    found = asyncio.run(faults(settings))
    sys.stdout.write("\n".join(found))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
