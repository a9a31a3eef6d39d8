"""PCM audio: WAV files, sample rates, frames."""

from __future__ import annotations

import io
import unicodedata
import wave
from collections.abc import Iterator

import numpy as np
from livekit import rtc

BYTES_A_SAMPLE = 2
SILENCE_SECONDS = 0.05
LOUD = 100
"""Amplitude, of 32,767, below which a sample is noise before the voice."""


def read_wav(content: bytes) -> tuple[bytes, int]:
    """Read the samples and their rate, in Hz, of a WAV. Raises ValueError if it is not mono with 16 bits."""
    try:
        with wave.open(io.BytesIO(content)) as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, BYTES_A_SAMPLE):
                raise ValueError("the sound is not mono with 16 bits")
            return file.readframes(file.getnframes()), file.getframerate()
    except (wave.Error, EOFError) as error:
        raise ValueError("the sound is no WAV") from error


def wav(samples: bytes, rate: int) -> bytes:
    """Make a WAV of mono samples of 16 bits at a rate in Hz."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setparams((1, BYTES_A_SAMPLE, rate, 0, "NONE", ""))
        file.writeframes(samples)
    return content.getvalue()


def resampled(samples: bytes, rate: int, wanted: int) -> bytes:
    """Resample mono samples of 16 bits. Rates are in Hz."""
    if rate == wanted:
        return samples
    resampler = rtc.AudioResampler(rate, wanted, quality=rtc.AudioResamplerQuality.HIGH)
    frames = resampler.push(bytearray(samples)) + resampler.flush()
    return b"".join(bytes(frame.data) for frame in frames)


def trim_leading_silence(samples: bytes) -> bytes:
    """Remove the silence before the first loud sample; what is silent as a whole stays."""
    loud = np.flatnonzero(np.abs(np.frombuffer(samples, np.int16).astype(np.int32)) >= LOUD)
    return samples[int(loud[0]) * BYTES_A_SAMPLE :] if loud.size else samples


def frames(samples: bytes, rate: int, milliseconds: int = 20) -> Iterator[rtc.AudioFrame]:
    """Cut samples into frames; the last one may be shorter."""
    size = rate * milliseconds // 1000 * BYTES_A_SAMPLE
    for start in range(0, len(samples), size):
        piece = samples[start : start + size]
        yield rtc.AudioFrame(piece, rate, 1, len(piece) // BYTES_A_SAMPLE)


def silence(rate: int, seconds: float = SILENCE_SECONDS) -> bytes:
    return bytes(int(rate * seconds) * BYTES_A_SAMPLE)


def speakable(text: str) -> str:
    """Replace control characters; empty if nothing in the text can be pronounced."""
    cleaned = "".join(" " if unicodedata.category(character).startswith("C") else character for character in text)
    return " ".join(cleaned.split()) if any(character.isalnum() for character in cleaned) else ""
