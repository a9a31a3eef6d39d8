"""Real speech for the tests: a voice that says a candidate's sentences, ears that check what was said."""

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from support.call_records import LOUD, SAMPLE_RATE
from support.server import REPOSITORY
from voice.settings import SpeechSettings
from voice.speech import PiperServer, pcm, whisper
from voice.speech.piper import PiperTTS

CACHE = REPOSITORY / ".cache" / "speech"
PATIENCE_SECONDS = 60
WINDOW = SAMPLE_RATE // 100

SENTENCES = (
    "Hello, I am Ada, and I work as a backend engineer in Berlin.",
    "I studied computer science and then joined a small company that builds software for hospitals.",
    "For the last four years I have been responsible for our payment service.",
    "I like this work because a small change can save a lot of people a lot of time.",
    "Next I want to work on tools that other engineers rely on every day.",
    "Last year our build took forty minutes, and everybody was waiting for it.",
    "I measured every step and found that two thirds of the time was spent on downloading packages.",
    "So I added a cache and ran the tests on four machines, and the build went down to six minutes.",
    "My own part was the design and most of the code, and a colleague reviewed it.",
    "The hardest moment was when the cache returned old files and a release went wrong.",
    "We rolled back within ten minutes, and I wrote a test that would have caught the mistake.",
    "Before the change we had twenty failed releases a month, and afterwards there were three.",
    "I had to convince my manager that two weeks without new features would pay off.",
    "We decided against a new tool because nobody in the team had used it before.",
    "The database was slow because one query read the whole table every second.",
    "I added an index and the response time fell from 900 milliseconds to 40.",
    "When the service failed at night, I was the one who got the call.",
    "Today I would write down the plan first and ask more people for their opinion.",
    "I learned that a good log message is worth more than a clever idea.",
    "Yes, I would do it again, but I would start with the measurements.",
)
"""What a candidate says in the suites: twenty answers that a small model understands."""


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
        self._settings = SpeechSettings.from_env({})
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
        self._model = whisper.load(SpeechSettings.from_env({}).whisper_model)

    def hear(self, samples: bytes, rate: int = SAMPLE_RATE) -> str:
        """The words in a sound: mono, 16 bit."""
        return whisper.transcribe(self._model, whisper.floats(samples, rate), "en")
