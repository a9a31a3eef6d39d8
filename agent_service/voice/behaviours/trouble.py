"""Trouble: what does not work at the moment, as the page shows it."""

from __future__ import annotations

from voice.room import InterviewRoom

BACKEND, HEARING, SPEECH = "backend", "hearing", "speech"
"""Values of the room attribute `trouble`: the functions, the speech recogniser or the voice does not work."""


class Trouble:
    """What does not work, as the page shows it: one thing at a time, the newest."""

    def __init__(self, room: InterviewRoom) -> None:
        self._room = room
        self.current = ""

    def report(self, kind: str) -> None:
        self.current = kind
        self._room.publish(trouble=self.current)

    def clear(self, kind: str) -> None:
        """Withdraw a report; one of another kind stays."""
        if self.current == kind:
            self.current = ""
        self._room.publish(trouble=self.current)
