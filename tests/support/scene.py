"""An interview by voice as the interviewer lives it, with a session, a room and functions that a test plays."""

from __future__ import annotations

import asyncio
from typing import Any

from support.fake_functions import FakeFunctions
from support.fake_session import FakeRoom, FakeSession
from voice.interviewer import Interviewer


class Seated(Interviewer):
    """An interviewer whose session is a test's."""

    def __init__(self, functions: FakeFunctions, room: Any, session: FakeSession) -> None:
        super().__init__(functions, room)
        self._session = session

    @property
    def session(self) -> Any:
        return self._session


class Scene:
    """A candidate, the room and the interviewer in it."""

    def __init__(self, functions: FakeFunctions | None = None) -> None:
        self.functions = functions or FakeFunctions()
        self.session = FakeSession()
        self.room = FakeRoom()
        self.interviewer = self.session.agent = Seated(self.functions, self.room, self.session)

    async def begin(self) -> Scene:
        """The candidate is there and has heard the greeting."""
        self.room.occupied = True
        await self.interviewer.on_enter()
        await asyncio.sleep(1)
        assert self.session.heard == ["Question 1?"]
        return self

    @property
    def heard(self) -> list[str]:
        return self.session.heard
