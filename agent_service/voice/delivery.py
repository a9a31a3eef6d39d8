"""How an answer was delivered, in numbers: for how long speech was heard, and which silences in it were pauses.

All times are those of the session's voice activity detector, Silero's. LiveKit sets the moment of each
`user_state_changed` back to where the detector heard speech begin and end, so none of them holds the silence by which
an end is noticed; silences shorter than that, a quarter of a second, count as speech. Times of recognisers are not
used: not every stack's has any. A transcript only tells that the speech before it was understood. Where the detector
heard nothing of an answer, there are no times, and nothing is counted rather than guessed.
"""

from __future__ import annotations

from collections.abc import Iterable

from voice.wire import Part, Speech

PAUSE_SECONDS = 1.0
"""Shorter silences belong to speech."""
MOST_WORDS, MOST_MS, MOST_PAUSES = 4_000, 3_600_000, 3_600
"""Of one answer, by the contract of the functions."""
_NOTHING = Speech(0, 0, 0, 0)


class Stopwatch:
    """Measures the candidate's speech until an answer takes it. Moments are seconds, all of one clock."""

    def __init__(self) -> None:
        self._understood = self._new = _NOTHING
        self._began: float | None = None
        self._ceased: float | None = None
        """When the silence began that may become a pause; None where it cannot."""

    def begin(self, at: float) -> None:
        """Speech began."""
        if self._ceased is not None and at - self._ceased >= PAUSE_SECONDS:
            self._new += Speech(0, 0, 1, _ms(at - self._ceased))
        self._began, self._ceased = at, None

    def end(self, at: float) -> None:
        """Speech ended."""
        self._count(at)
        self._began, self._ceased = None, at

    def break_silence(self) -> None:
        """The interviewer is heard: the silence of the candidate is no pause in an answer."""
        self._ceased = None

    def understand(self, words: int, at: float) -> None:
        """So many words were recognised. They are of the speech until now, and what goes on is of the next ones."""
        self._count(at)
        self._understood += self._new + Speech(words, 0, 0, 0)
        self._new = _NOTHING

    def forget(self) -> None:
        """What was heard since the last words was no speech."""
        self._new, self._ceased = _NOTHING, None

    def take(self) -> Speech:
        """Remove and return what belongs to the words that were recognised."""
        taken, self._understood = self._understood, _NOTHING
        return taken

    def put_back(self, taken: Speech) -> None:
        """Put it back for the next answer, as its words are."""
        self._understood += taken

    def _count(self, at: float) -> None:
        """Count speech that runs. An end may lie before words that came meanwhile: they had counted its silence."""
        if self._began is not None:
            self._new += Speech(0, _ms(at - self._began), 0, 0)
            self._began = at


def speech_of(parts: Iterable[Part]) -> Speech | None:
    """What was counted of all of these parts; None where no time was measured, or what cannot be."""
    counted = sum((part.speech for part in parts), _NOTHING)
    possible = counted.words <= MOST_WORDS and counted.pauses <= MOST_PAUSES
    in_time = 0 < counted.speech_ms <= MOST_MS and counted.longest_pause_ms <= MOST_MS
    return counted if possible and in_time else None


def _ms(seconds: float) -> int:
    return round(seconds * 1_000)
