"""Speech recognition on this machine: faster-whisper on the CPU, one utterance at a time."""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import threading
from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
from livekit import rtc
from livekit.agents import DEFAULT_API_CONNECT_OPTIONS, APIConnectionError, APIConnectOptions, LanguageCode, stt, utils
from livekit.agents.types import NOT_GIVEN, NotGivenOr
from numpy.typing import NDArray

from environment import SettingsError
from speech import pcm

SAMPLE_RATE = 16_000
THREADS = min(2, os.cpu_count() or 1)
LEAST_LOG_PROBABILITY = -1.0
MOST_NO_SPEECH = 0.6
MOST_REPETITION = 2.4
"""Compression ratio of text. Beyond it a phrase is repeated, which is what whisper makes of noise."""

_loading = threading.Lock()


class Segment(Protocol):
    """A segment of faster-whisper's result."""

    text: str
    avg_logprob: float
    no_speech_prob: float
    compression_ratio: float


class Model(Protocol):
    """A loaded model of faster-whisper, which has no types of its own."""

    def transcribe(self, audio: NDArray[np.float32], **options: object) -> tuple[Iterable[Segment], object]: ...


class WhisperSTT(stt.STT[Any]):
    """Recognises one language by the model in a directory; noise gives no text. Raises APIConnectionError."""

    def __init__(self, model: str, language: str) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=False, interim_results=False))
        self._path = model
        self._language = LanguageCode(language)

    @property
    def model(self) -> str:
        return "whisper"

    @property
    def provider(self) -> str:
        return "local"

    def check(self) -> None:
        """Raise SettingsError if the model cannot be loaded or does not know the language. Blocks."""
        try:
            model: Any = load(self._path)
        except (RuntimeError, ValueError, OSError) as error:
            raise SettingsError("faster-whisper cannot load it") from error
        if self._language.language not in model.supported_languages:
            raise SettingsError("the model knows another language")

    def prewarm(self) -> None:
        """Load the model, so that the first utterance does not wait for it. Blocks."""
        load(self._path)

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.SpeechEvent:
        try:
            text = await asyncio.to_thread(self._hear, buffer)
        except (RuntimeError, ValueError) as error:
            raise APIConnectionError("whisper failed") from error
        heard = [stt.SpeechData(language=self._language, text=text)] if text else []
        return stt.SpeechEvent(stt.SpeechEventType.FINAL_TRANSCRIPT, utils.shortuuid(), alternatives=heard)

    def _hear(self, buffer: utils.AudioBuffer) -> str:
        frame = rtc.combine_audio_frames(buffer)
        samples = floats(_mono(frame), frame.sample_rate)
        return transcribe(load(self._path), samples, self._language.language)


def load(path: str) -> Model:
    """Load the model in a directory, once in a process. Blocks for a third of a second."""
    with _loading:
        return _load(path)


@functools.cache
def _load(path: str) -> Model:
    logging.getLogger("faster_whisper").setLevel(logging.WARNING)  # or it logs a line for each utterance
    from faster_whisper import WhisperModel  # type: ignore[import-untyped]

    model: Model = WhisperModel(path, device="cpu", compute_type="int8", cpu_threads=THREADS, local_files_only=True)
    return model


def transcribe(model: Model, samples: NDArray[np.float32], language: str) -> str:
    """Transcribe samples at 16 kHz, from -1 to 1; empty if there is no speech. Blocks for some 0.4 s."""
    segments, _ = model.transcribe(
        samples,
        language=language,
        beam_size=1,
        temperature=0.0,
        without_timestamps=True,
        condition_on_previous_text=False,
    )
    return said(segments)


def said(segments: Iterable[Segment]) -> str:
    """Join the segments that are likely speech."""
    return " ".join(segment.text.strip() for segment in segments if _is_speech(segment))


def _is_speech(segment: Segment) -> bool:
    return (
        segment.no_speech_prob <= MOST_NO_SPEECH
        and segment.avg_logprob >= LEAST_LOG_PROBABILITY
        and segment.compression_ratio <= MOST_REPETITION
    )


def floats(samples: bytes, rate: int) -> NDArray[np.float32]:
    """Convert mono samples of 16 bits to floats at 16 kHz, from -1 to 1."""
    at_16_khz = pcm.resampled(samples, rate, SAMPLE_RATE)
    return np.frombuffer(at_16_khz, np.int16).astype(np.float32) / np.float32(32_768)


def _mono(frame: rtc.AudioFrame) -> bytes:
    samples = np.frombuffer(frame.data, np.int16).reshape(-1, frame.num_channels)
    return bytes(samples.mean(axis=1).astype(np.int16))
