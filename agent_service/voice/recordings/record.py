"""Synthesizes every text of this directory and stores the audio beside it: `python -m voice.recordings.record`."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import speech.settings
from speech import pcm
from speech.stack import SpeechStack

SAMPLE_RATE = 16_000


async def record(stack: SpeechStack) -> None:
    """Make all WAVs with the voice of a stack."""
    voice = stack.primary_tts()
    for text in sorted(Path(__file__).parent.glob("*.txt")):
        frame = await voice.synthesize(text.read_text()).collect()
        samples = pcm.resampled(bytes(frame.data), frame.sample_rate, SAMPLE_RATE)
        text.with_suffix(".wav").write_bytes(pcm.wav(samples, SAMPLE_RATE))
    await voice.aclose()


if __name__ == "__main__":
    started = speech.settings.from_env(os.environ).start()
    asyncio.run(record(speech.settings.from_env({**os.environ, **started})))
