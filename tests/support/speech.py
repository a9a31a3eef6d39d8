"""Real speech for the tests: a voice that says a candidate's sentences, ears that check what was said."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from speech import local, pcm
from speech.local import whisper
from speech.local.piper import PiperTTS
from speech.local.piper_server import PiperServer
from support.call_records import LOUD, SAMPLE_RATE
from support.process import REPOSITORY

CACHE = REPOSITORY / ".cache" / "speech"
PATIENCE_SECONDS = 60
WINDOW = SAMPLE_RATE // 100


@dataclass(frozen=True)
class Utterance:
    """A sentence as sound: mono, 16 bit, at 48 kHz."""

    text: str
    samples: bytes

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / pcm.BYTES_A_SAMPLE / SAMPLE_RATE


class Voice:
    """Says sentences with piper and remembers them on disk; piper starts with the first one that is new."""

    def __init__(self, cache: Path = CACHE) -> None:
        self._cache = cache
        self._settings = local.Stack.from_env({})
        self._server: PiperServer | None = None

    def say(self, text: str) -> Utterance:
        """The sound of a sentence, the same one every time."""
        kept = self._cache / f"{self._key(text)}.wav"
        if not kept.exists():
            self._cache.mkdir(parents=True, exist_ok=True)
            fresh = kept.with_suffix(".new")
            fresh.write_bytes(pcm.wav(trimmed(asyncio.run(self._speak(text))), SAMPLE_RATE))
            fresh.rename(kept)
        samples, _ = pcm.read_wav(kept.read_bytes())
        return Utterance(text, samples)

    def close(self) -> None:
        """End piper, if it was needed."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _key(self, text: str) -> str:
        voice = Path(self._settings.piper_voice).stem
        return hashlib.sha256(f"{voice} {SAMPLE_RATE} trimmed {text}".encode()).hexdigest()[:32]

    async def _speak(self, text: str) -> bytes:
        if self._server is None:
            self._server = PiperServer(self._settings.piper_voice).start()
        piper = PiperTTS(self._server.url, sample_rate=SAMPLE_RATE)
        try:
            return await piper.speak(text, PATIENCE_SECONDS)
        finally:
            await piper.aclose()


def trimmed(samples: bytes) -> bytes:
    """Speech without the silence around it, so that its last sample is the end of speech."""
    windows = np.frombuffer(samples, np.int16)[: len(samples) // 2 // WINDOW * WINDOW].reshape(-1, WINDOW)
    loud = np.flatnonzero(np.sqrt(np.mean(windows.astype(np.float64) ** 2, axis=1)) >= LOUD)
    return bytes(windows[loud[0] : loud[-1] + 1]) if loud.size else samples


class Ears:
    """Writes down what was said."""

    def __init__(self) -> None:
        self._model = whisper.load(local.Stack.from_env({}).whisper_model)

    def hear(self, samples: bytes, rate: int = SAMPLE_RATE) -> str:
        """The words in a sound: mono, 16 bit. It takes its time, and nothing for noise: what it misses was not said."""
        sound = whisper.floats(samples, rate)
        segments, _ = self._model.transcribe(sound, language="en", beam_size=5, condition_on_previous_text=False)
        return " ".join(segment.text.strip() for segment in segments)
