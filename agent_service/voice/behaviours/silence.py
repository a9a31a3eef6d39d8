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

    def on_user_state(self, event: UserStateChangedEvent) -> None:
        more = AWAY_SECONDS * (self._call.conversation.time_factor - 1)
        if event.new_state == "away" and more:
            self._call.room.spawn(self._end_longer_silence(more))
        elif event.new_state == "away":
            self._end_silence()

    async def _end_longer_silence(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if self._call.session.user_state == "away":
            self._end_silence()

    def _end_silence(self) -> None:
        """Send words that no turn has taken; without any, ask."""
        snapshot = self._call.conversation.snapshot
        if self._call.conversation.transcript.waiting:
            self._answering.send()
        elif snapshot and not (snapshot.ended or snapshot.pauses_to_think) and self._asked_at_seq != snapshot.seq:
            self._asked_at_seq = snapshot.seq
            self._speaking.say(notices.STILL_THERE)

    def on_no_words(self, event: UserTranscriptionTimeoutEvent) -> None:
        """Handle speech that the recogniser made no words of."""
        self._listening.expect_nothing()
        idle = not self._call.conversation.transcript.waiting and self._call.session.agent_state == "listening"
        if idle and event.speech_duration >= SENTENCE_SECONDS:
            self._speaking.say(notices.NOT_UNDERSTOOD)
