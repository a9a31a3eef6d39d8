"""The voice of a service that has none: interviews are held in text."""

from __future__ import annotations

from interviewos.domain.errors import VoiceNotConfigured
from interviewos.usecases.ports import RoomAccess


class NoVoice:
    """A VoiceRoom that cannot be entered."""

    def grant(self, session_id: str, room_name: str, candidate_name: str) -> RoomAccess:
        raise VoiceNotConfigured

    def changed(self, session_id: str, room_name: str) -> None:
        """There is no agent to tell."""

    def close(self, room_name: str) -> None:
        """There is no room."""
