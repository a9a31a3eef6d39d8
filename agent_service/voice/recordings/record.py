"""Speaks every text of this directory with piper and keeps the sound beside it: `python -m voice.recordings.record`."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from speech import PiperServer, pcm
from speech.piper import PiperTTS
from voice.settings import SpeechSettings

SAMPLE_RATE = 16_000
PATIENCE_SECONDS = 30


async def record(url: str) -> None:
    """Make all WAVs, with the piper that listens at `url`."""
    piper = PiperTTS(url, sample_rate=SAMPLE_RATE)
    for text in sorted(Path(__file__).parent.glob("*.txt")):
        samples = await piper.speak(text.read_text(), PATIENCE_SECONDS)
        text.with_suffix(".wav").write_bytes(pcm.wav(samples, SAMPLE_RATE))
    await piper.aclose()


if __name__ == "__main__":
    with PiperServer(SpeechSettings.from_env(os.environ).piper_voice) as server:
        asyncio.run(record(server.url))
