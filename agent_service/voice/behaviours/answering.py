"""Answering: when the candidate's answer is complete, it is sent as a turn and the reply is spoken."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from livekit.agents import llm

from voice.behaviours.call import Call
from voice.behaviours.listening import TRANSCRIPT_SECONDS, Listening
from voice.behaviours.patience import Patience
from voice.behaviours.speaking import Speaking

AUDIO_DELAY_SECONDS = 0.12
"""Audio arrives this much later than a button's call; cut off, the last syllable would be an utterance of its own."""
SILENCE_SECONDS = 0.6
"""Twice what ends speech for the detector; with more of it the detector would work while the recogniser does."""
BUTTON_SECONDS = 9.5
"""Longest that the page is left without an answer to its button; it waits for ten seconds, and finishes after that."""


class Answering:
    """Sends the words in hand as one answer: at the end of a turn, at the button Done, or when time is up."""

    def __init__(self, call: Call, speaking: Speaking, listening: Listening, patience: Patience) -> None:
        self._call = call
        self._speaking = speaking
        self._listening = listening
        self._patience = patience
        self._turn_ended = asyncio.Event()
        self._turn_ended.set()

    def send(self, event_id: str = "", metrics: Mapping[str, Any] | None = None, *, interruptible: bool = True) -> None:
        """Send the words in hand, if any, and speak the reply. `metrics` are the framework's of the answer."""
        conversation = self._call.conversation
        reply = None if conversation.ended else conversation.answer(event_id or str(uuid.uuid4()))
        if reply:
            self._listening.expect_nothing()
            reply.answer_metrics = metrics or {}
            self._speaking.speak(reply, interruptible=interruptible)

    async def complete(self, message: llm.ChatMessage) -> None:
        """Send an answer that the framework finds complete, unless more words of it are on their way.

        Those end a turn of their own, which has these words, too. The framework may also find what the button has sent
        complete, once more, and has then stopped its reply, to which nobody said a word.
        """
        if not self._turn_ended.is_set() or await self._listening.more_words_come():
            return
        if self._call.conversation.transcript.waiting:
            self.send(message.id, message.metrics)
            self._patience.resume()
        else:
            self._call.room.spawn(self._speaking.say_again())

    async def on_done(self) -> None:
        """Answer the page's button once the words are stored: a Finish right after it must not lose them."""
        acknowledged = asyncio.Event()
        self._call.room.spawn(self._end_turn_until_ack(acknowledged))
        with suppress(TimeoutError):
            await asyncio.wait_for(acknowledged.wait(), BUTTON_SECONDS)

    async def _end_turn_until_ack(self, acknowledged: asyncio.Event) -> None:
        await self.end_turn()
        if self._speaking.reply:
            await self._speaking.reply.acknowledged()
        acknowledged.set()

    async def end_turn(self, *, interruptible: bool = True) -> None:
        """Take what was said until now as the whole answer, without waiting for a silence.

        Who asks while that is under way waits for it: it takes what they mean, too.
        """
        if not self._turn_ended.is_set():
            await self._turn_ended.wait()
            return
        self._turn_ended.clear()
        self._patience.end()
        try:
            await self._end_turn(interruptible)
        finally:
            self._turn_ended.set()
            if not self._call.conversation.busy:
                self._patience.resume()

    async def _end_turn(self, interruptible: bool) -> None:
        ended_at = time.time()
        await self._flush_recogniser()
        speech = self._call.session.current_speech
        if speech and speech.allow_interruptions and self._call.conversation.transcript.waiting:
            await self._call.session.interrupt()
        metrics = {"stopped_speaking_at": ended_at, "end_of_turn_delay": time.time() - ended_at}
        self.send(metrics=metrics, interruptible=interruptible)

    async def _flush_recogniser(self) -> None:
        """Have the recogniser finish. With the input off, the framework appends a silence, which ends the speech."""
        session = self._call.session
        if session.user_state == "speaking":
            await asyncio.sleep(AUDIO_DELAY_SECONDS)
        seconds = TRANSCRIPT_SECONDS if self._listening.recognising else 0.01
        session.input.set_audio_enabled(False)
        try:
            committed = session.commit_user_turn(
                transcript_timeout=seconds, stt_flush_duration=SILENCE_SECONDS, skip_reply=True
            )
            await asyncio.sleep(0)  # the silence is appended now, and speech that goes on is heard after it
        finally:
            session.input.set_audio_enabled(True)
        await committed
