"""What all behaviours of one call share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from livekit.agents import Agent, AgentSession

from voice.conversation import Conversation
from voice.room import InterviewRoom


@dataclass(eq=False)
class Call:
    """One call: the framework's agent, the room, and the interview behind it."""

    agent: Agent
    room: InterviewRoom
    conversation: Conversation
    over: bool = False
    """This worker's part has ended: it says nothing more and starts nothing."""

    @property
    def session(self) -> AgentSession[Any]:
        return self.agent.session

    @property
    def live(self) -> bool:
        """Whether the candidate is in the room and the call is not over."""
        return self.room.occupied and not self.over
