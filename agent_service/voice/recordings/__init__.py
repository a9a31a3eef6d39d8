"""Recorded sentences for a failed voice: a text file, and a WAV of it beside it.

The voice is joe (CC0). `python -m voice.recordings.record` makes the WAVs again after a change of a text.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from livekit import rtc

from speech import pcm

SPEECH_IS_DOWN = "speech-is-down"


def recording(name: str) -> AsyncIterator[rtc.AudioFrame]:
    """The audio of a sentence, for `session.say(text_of(name), audio=recording(name))`."""
    samples, rate = pcm.read_wav(_path(name, "wav").read_bytes())
    return _frames(samples, rate)


def text_of(name: str) -> str:
    """The words of a sentence."""
    return _path(name, "txt").read_text().strip()


async def _frames(samples: bytes, rate: int) -> AsyncIterator[rtc.AudioFrame]:
    for frame in pcm.frames(samples, rate):
        yield frame


def _path(name: str, kind: str) -> Path:
    return Path(__file__).with_name(f"{name}.{kind}")
