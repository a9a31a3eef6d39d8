"""Silence: the candidate says nothing, or nothing that can be understood."""

from __future__ import annotations

import asyncio

from livekit.agents import UserStateChangedEvent, UserTranscriptionTimeoutEvent

from voice import notices
from voice.behaviours.answering import Answering
from voice.behaviours.call import Call
from voice.behaviours.listening import Listening
from voice.behaviours.speaking import Speaking
from voice.turn_taking import AWAY_SECONDS

SENTENCE_SECONDS = 1.0
"""Shorter sounds without words are coughs."""


class Silence:
    """Asks, once a question, whether a silent candidate is there; asks to repeat what was not understood."""

    def __init__(self, call: Call, speaking: Speaking, listening: Listening, answering: Answering) -> None:
        self._call = call
        self._speaking = speaking
        self._listening = listening
        self._answering = answering
        self._asked_at_seq = -1
        self._changes = 0
        """How often the candidate began or ceased to speak: a silence that was broken is another one."""

    def on_user_state(self, event: UserStateChangedEvent) -> None:
        """End a silence: send words that no turn has taken; without any, ask when the promised time is over, too."""
        self._changes += 1
        if event.new_state != "away":
            return
        more = AWAY_SECONDS * (self._call.conversation.time_factor - 1)
        if self._call.conversation.transcript.waiting:
            self._answering.send()
        elif more:
            self._call.room.spawn(self._ask_later(more, self._changes))
        else:
            self._ask()

    async def _ask_later(self, seconds: float, change: int) -> None:
        await asyncio.sleep(seconds)
        if change == self._changes:
            self._ask()

    def _ask(self) -> None:
        snapshot = self._call.conversation.snapshot
        if snapshot and not (snapshot.ended or snapshot.pauses_to_think) and self._asked_at_seq != snapshot.seq:
            self._asked_at_seq = snapshot.seq
            self._speaking.say(notices.STILL_THERE)

    def on_no_words(self, event: UserTranscriptionTimeoutEvent) -> None:
        """Handle speech that the recogniser made no words of."""
        self._listening.expect_nothing()
        self._call.conversation.stopwatch.forget()
        idle = not self._call.conversation.transcript.waiting and self._call.session.agent_state == "listening"
        if idle and event.speech_duration >= SENTENCE_SECONDS:
            self._speaking.say(notices.NOT_UNDERSTOOD)
