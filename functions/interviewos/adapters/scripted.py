"""The interviewer that needs no model and no network: it says what the script says."""

from __future__ import annotations

from collections.abc import Iterator

from interviewos import offline
from interviewos.domain.interview import Source, TurnPlan
from interviewos.model.prompt import Request
from interviewos.usecases.ports import Fragment

WORDS_A_FRAGMENT = 6


class ScriptedInterviewer:
    """Interviews by script. It never fails and never waits."""

    source = Source.SCRIPT

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        """Say the next line a few words at a time, so that a page shows it the way it shows a model's."""
        words = offline.reply(turn).split(" ")
        for start in range(0, len(words), WORDS_A_FRAGMENT):
            end = start + WORDS_A_FRAGMENT
            yield Fragment(" ".join(words[start:end]) + (" " if end < len(words) else ""))

    def write(self, request: Request, seconds: float, most_tokens: int) -> Iterator[Fragment]:
        """Write nothing: a script does not understand what was told or pasted."""
        return iter(())
