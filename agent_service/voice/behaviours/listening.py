"""Listening: what the speech recogniser has understood, and whether more is on its way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable

from livekit.agents import AgentStateChangedEvent, UserInputTranscribedEvent, UserStateChangedEvent, stt

from voice.behaviours.call import Call
from voice.behaviours.trouble import HEARING, Trouble
from voice.clock import now
from voice.transcript import has_words, words_in

TRANSCRIPT_SECONDS = 2.0
"""Longest that the last words of a turn may take to be recognised."""


class Listening:
    """Collects final transcripts, and knows whether the recogniser still owes one."""

    def __init__(self, call: Call, trouble: Trouble) -> None:
        self._call = call
        self._trouble = trouble
        self._speech_ended_at = self._final_at = self._interim_at = 0.0
        self._new_words = asyncio.Event()

    def on_transcript(self, event: UserInputTranscribedEvent) -> None:
        if not event.is_final:
            self._interim_at = now()
        else:
            self._final_at = now()
            self._new_words.set()
            self._call.conversation.transcript.add(event.transcript)
            self._call.conversation.stopwatch.understand(len(words_in(event.transcript)), event.created_at)
            self._trouble.clear(HEARING)

    def on_user_state(self, event: UserStateChangedEvent) -> None:
        stopwatch = self._call.conversation.stopwatch
        if event.new_state == "speaking":
            stopwatch.begin(event.created_at)
        if event.old_state == "speaking":
            self._speech_ended_at = now()
            stopwatch.end(event.created_at)
            if self._call.session.agent_state == "speaking":
                stopwatch.break_silence()

    def on_agent_state(self, event: AgentStateChangedEvent) -> None:
        if "speaking" in (event.old_state, event.new_state):
            self._call.conversation.stopwatch.break_silence()

    def expect_nothing(self) -> None:
        """Stop to expect a transcript of what was spoken until now."""
        self._speech_ended_at = 0.0

    @property
    def recognising(self) -> bool:
        """Whether words are on their way. The framework may end a turn before a slow recogniser delivers them."""
        session = self._call.session
        if session.user_state == "speaking":
            return True
        streams = session.stt is not None and session.stt.capabilities.streaming
        return (self._interim_at if streams else self._speech_ended_at) > self._final_at

    async def more_words_come(self) -> bool:
        """Wait for the words that are on their way; False if there are none, or they take too long."""
        if not self.recognising:
            return False
        self._new_words.clear()
        try:
            await asyncio.wait_for(self._new_words.wait(), TRANSCRIPT_SECONDS)
        except TimeoutError:
            return False
        return True


async def with_words(events: AsyncIterable[stt.SpeechEvent]) -> AsyncIterable[stt.SpeechEvent]:
    """Leave out transcripts without a word: the framework would take a cough for an answer and stop the reply."""
    async for event in events:
        if not event.alternatives or has_words(event.alternatives[0].text):
            yield event
