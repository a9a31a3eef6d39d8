"""The interviewer in the room: when it listens, when it speaks, and what it does while nobody says anything."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterable, Mapping
from contextlib import suppress
from typing import Any

from livekit.agents import (
    Agent,
    AgentStateChangedEvent,
    ErrorEvent,
    FlushSentinel,
    ModelSettings,
    StopResponse,
    UserInputTranscribedEvent,
    UserStateChangedEvent,
    UserTranscriptionTimeoutEvent,
    llm,
    stt,
)
from livekit.agents.types import ATTRIBUTE_AGENT_STATE
from livekit.agents.voice import SpeechHandle
from livekit.rtc import AudioFrame

from voice import lines
from voice.backend import Backend, Refused, now
from voice.conversation import APOLOGY_SECONDS, Conversation, Reply
from voice.llm import BackendLLM, is_flush
from voice.recordings import SPEECH_IS_DOWN, recording, text_of
from voice.room import InterviewRoom
from voice.turn_log import log_turn
from voice.turn_taking import endpointing_of
from voice.words import Words, has_words

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.25
LAST_WORDS_SECONDS = 3.0
"""So long before the interview moves on, words in hand are sent: late ones move it on anyway, and are heard."""
TRANSCRIPT_SECONDS = 2.0
"""Longest that the last words of a turn may take to be recognised."""
ON_ITS_WAY_SECONDS = 0.12
"""Sound comes so much later than a press does; cut off, the last syllable would be heard as an utterance of its own."""
SILENCE_SECONDS = 0.6
"""Twice what ends speech for the detector; more would have it work while the recogniser does."""
KEPT_SECONDS = 2.0
"""Longest that the page waits for the answer to its button."""
GONE_SECONDS = 3.0
"""A page that is reloaded is back sooner; after that the words of somebody who left are kept."""
A_SENTENCE_SECONDS = 1.0
"""Shorter sounds without words are coughs."""
LOOK_SECONDS = 0.5
"""Least time between two looks at the interview, however often somebody says that it changed."""


class Interviewer(Agent):
    """Carries words between a candidate and the functions; it decides nothing about the interview."""

    def __init__(self, backend: Backend, room: InterviewRoom) -> None:
        model = BackendLLM()
        super().__init__(instructions="The functions decide what is said.", llm=model)
        self._model = model
        self._room = room
        self._conversation = Conversation(backend, Words(), self._on_progress, self._on_wait)
        self._reply: Reply | None = None
        self._handle: SpeechHandle | None = None
        self._speech_ended_at = self._final_at = self._interim_at = 0.0
        self._new_words = asyncio.Event()
        self._welcoming = False
        self._looking = self._look_due = False
        self._ending_turn = False
        self._ended_for: float | None = None
        self._wake_after = 0.0
        self._asked_for_seq = -1
        self._trouble = ""
        self._over = False

    # beginning, leaving, coming back

    async def on_enter(self) -> None:
        session = self.session
        session.on("user_input_transcribed", self._on_transcript)
        session.on("user_state_changed", self._on_user_state)
        session.on("agent_state_changed", self._on_agent_state)
        session.on("user_transcription_timeout", self._on_no_words)
        session.on("error", self._on_error)
        self._room.on_changed(self._look_soon)
        self._room.on_done(self._have_done)
        self._room.on_candidate(lambda: self._room.spawn(self._welcome()), lambda: self._room.spawn(self._part()))
        self._room.spawn(self._keep_time())
        if self._room.occupied:
            self._room.spawn(self._welcome())

    async def _welcome(self) -> None:
        """Begin, or go on with the question that the candidate left; who comes twice meanwhile hears it once."""
        if self._welcoming or self._over:
            return
        self._welcoming = True
        try:
            reply = await self._conversation.resume()
        except Refused as refused:
            await self._give_up(refused)
        else:
            self._interrupt()
            self._speak(reply, interruptible=not self._conversation.done)
        finally:
            self._welcoming = False

    async def _part(self) -> None:
        """Stop speaking to nobody; keep what was said by somebody who does not come back at once."""
        self._interrupt()
        await asyncio.sleep(GONE_SECONDS)
        if not (self._room.occupied or self._over):
            await self._end_turn()

    async def on_exit(self) -> None:
        self._over = True  # nothing is said any more
        self._answer(str(uuid.uuid4()), {})
        await self._conversation.aclose()

    # speaking

    def _speak(self, reply: Reply, *, interruptible: bool = True) -> None:
        """Say a reply as it comes, after what is being said."""
        if not self._room.occupied or self._over:
            return
        ticket = self._model.ticket(reply)
        self._reply = reply
        self._handle = self.session.generate_reply(chat_ctx=ticket, allow_interruptions=interruptible)
        self._handle.add_done_callback(lambda handle: self._spoken(reply, handle))

    async def llm_node(
        self, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncIterable[llm.ChatChunk | str | FlushSentinel]:
        async for chunk in Agent.default.llm_node(self, chat_ctx, tools, model_settings):
            yield FlushSentinel() if is_flush(chunk) else chunk

    def _spoken(self, reply: Reply, handle: SpeechHandle) -> None:
        """Note what was heard of a reply."""
        messages = [item for item in handle.chat_items if isinstance(item, llm.ChatMessage)]
        log_turn(reply, handle, messages)
        reply.spoken = True
        if handle.interrupted or any(message.interrupted for message in messages):  # the latter when the voice fails
            self._conversation.was_cut(reply, " ".join(m.text_content or "" for m in messages))
        elif messages:
            self._conversation.was_heard(reply)
            self._tell_trouble("speech", False)
            self._let_go_when_heard()

    def _interrupt(self) -> None:
        """Stop whatever is being said or waits to be; what is said next comes after it at once."""
        if not self._over:
            self.session.interrupt(force=True)

    def _say_line(self, line: str) -> None:
        """Say a line of our own, which is no part of the interview."""
        if self._room.occupied and not self._over:
            self.session.say(line, add_to_chat_ctx=False)

    def _on_progress(self, reply: Reply) -> None:
        """Follow the interview: tell the page, give stories more time, let nothing cut the end short."""
        self._tell_trouble("backend", reply.waiting_since is not None)
        if reply.refused:
            self._room.spawn(self._refused(reply.refused))
        standing = self._conversation.standing
        if standing is None:
            return
        self._room.publish(stage=standing.stage, seq=str(standing.seq), moves_on_at=standing.moves_on_stamp)
        self.session.update_options(endpointing_opts=endpointing_of(standing.stage))
        if standing.done and self._handle and not (self._handle.interrupted or self._handle.done()):
            self._handle.allow_interruptions = False

    def _on_wait(self, seconds: float) -> None:
        """Say that the interview cannot be read, once."""
        if seconds >= APOLOGY_SECONDS and self._trouble != "backend":
            self._tell_trouble("backend", True)
            self._say_line(lines.ONE_MOMENT)

    async def _refused(self, refused: Refused) -> None:
        if refused.slug in ("interview-over", "wrong-state"):
            self._look_soon()
        elif refused.status in (413, 422):
            self._say_line(lines.NOT_UNDERSTOOD)
        else:
            await self._give_up(refused)

    async def _give_up(self, refused: Refused) -> None:
        """The functions do not know this interview, or not this worker."""
        logger.error("interview not accessible", extra={"why": refused.slug})
        if self._over or not self._room.occupied:
            return
        self._tell_trouble("backend", True)
        self._over = True
        await self.session.say(lines.GONE, add_to_chat_ctx=False, allow_interruptions=False)
        await self._room.close()

    # listening

    async def stt_node(
        self, audio: AsyncIterable[AudioFrame], model_settings: ModelSettings
    ) -> AsyncIterable[stt.SpeechEvent]:
        """Leave out what holds no word: the framework would take a cough for an answer, and the reply would end."""
        async for event in Agent.default.stt_node(self, audio, model_settings):
            if not event.alternatives or has_words(event.alternatives[0].text):
                yield event

    def _on_transcript(self, event: UserInputTranscribedEvent) -> None:
        if not event.is_final:
            self._interim_at = now()
        else:
            self._final_at = now()
            self._new_words.set()
            self._conversation.words.add(event.transcript)
            self._tell_trouble("hearing", False)

    def _on_user_state(self, event: UserStateChangedEvent) -> None:
        if event.old_state == "speaking":
            self._speech_ended_at = now()
        if event.new_state == "away":
            self._end_silence()

    def _on_agent_state(self, event: AgentStateChangedEvent) -> None:
        self._room.publish(**{ATTRIBUTE_AGENT_STATE: event.new_state})  # the framework does, too, but only once
        if event.new_state == "speaking" and self._reply:
            self._reply.audible = True

    def _on_no_words(self, event: UserTranscriptionTimeoutEvent) -> None:
        self._speech_ended_at = 0.0
        nothing = not self._conversation.words.waiting and self.session.agent_state == "listening"
        if nothing and event.speech_duration >= A_SENTENCE_SECONDS:
            self._say_line(lines.NOT_UNDERSTOOD)

    async def on_user_turn_completed(self, turn_ctx: llm.ChatContext, new_message: llm.ChatMessage) -> None:
        """Send an answer when the framework finds that the candidate has finished it."""
        if await self._more_words_come():
            raise StopResponse  # and bring a turn of their own, which has these words, too
        self._answer(new_message.id, new_message.metrics)
        raise StopResponse

    @property
    def _recognising(self) -> bool:
        """Are words on their way? The framework ends a turn without them when the recogniser is slow."""
        if self.session.user_state == "speaking":
            return True
        streams = self.session.stt is not None and self.session.stt.capabilities.streaming
        return (self._interim_at if streams else self._speech_ended_at) > self._final_at

    async def _more_words_come(self) -> bool:
        if not self._recognising:
            return False
        self._new_words.clear()
        try:
            await asyncio.wait_for(self._new_words.wait(), TRANSCRIPT_SECONDS)
        except TimeoutError:
            return False
        return True

    def _answer(self, event_id: str, asked: Mapping[str, Any], *, interruptible: bool = True) -> None:
        """Send the words in hand, and speak what is replied."""
        reply = None if self._conversation.done else self._conversation.answer(event_id)
        if reply:
            self._speech_ended_at = 0.0
            reply.asked = asked
            self._speak(reply, interruptible=interruptible)

    async def _have_done(self) -> None:
        """Answer the button when the words are kept: whoever finishes next would end the interview without them."""
        kept = asyncio.Event()
        self._room.spawn(self._end_and_keep(kept))
        with suppress(TimeoutError):
            await asyncio.wait_for(kept.wait(), KEPT_SECONDS)

    async def _end_and_keep(self, kept: asyncio.Event) -> None:
        await self._end_turn()
        if self._reply:
            await self._reply.kept()
        kept.set()

    async def _end_turn(self, *, interruptible: bool = True) -> None:
        """Take what was said until now as the whole answer, without waiting for a silence."""
        if self._ending_turn:
            return
        self._ending_turn = True
        ended_at = time.time()
        try:
            await self._catch_last_words()
            speech = self.session.current_speech
            if speech and speech.allow_interruptions and self._conversation.words.waiting:
                await self.session.interrupt()
        finally:
            self._ending_turn = False
        asked = {"stopped_speaking_at": ended_at, "end_of_turn_delay": time.time() - ended_at}
        self._answer(str(uuid.uuid4()), asked, interruptible=interruptible)

    async def _catch_last_words(self) -> None:
        """Have the recogniser finish: when no microphone is on, the framework adds a silence, which ends speech."""
        session = self.session
        if session.user_state == "speaking":
            await asyncio.sleep(ON_ITS_WAY_SECONDS)
        seconds = TRANSCRIPT_SECONDS if self._recognising else 0.01
        session.input.set_audio_enabled(False)
        try:
            committed = session.commit_user_turn(
                transcript_timeout=seconds, stt_flush_duration=SILENCE_SECONDS, skip_reply=True
            )
            await asyncio.sleep(0)  # the silence is added now, and whoever goes on speaking is heard after it
        finally:
            session.input.set_audio_enabled(True)
        await committed

    # time

    async def _keep_time(self) -> None:
        """Look at the clock as long as there is one."""
        while not self._over:
            await asyncio.sleep(TICK_SECONDS)
            if self._room.occupied and not self._conversation.busy:
                await (self._see_out() if self._conversation.done else self._tick())

    async def _tick(self) -> None:
        left = self._conversation.seconds_left()
        standing = self._conversation.standing
        if self._conversation.words.long:
            await self._end_turn(interruptible=False)  # they may be in mid-sentence, and are to hear the reply
        elif left is None or standing is None:
            return
        elif left <= LAST_WORDS_SECONDS and self._in_hand and self._ended_for != standing.moves_on_at:
            self._ended_for = standing.moves_on_at
            await self._end_turn(interruptible=False)
        elif left <= 0 and now() >= self._wake_after:
            self._wake_after = now() + 1
            self._speak(self._conversation.wake())

    @property
    def _in_hand(self) -> bool:
        return self._recognising or self._conversation.words.waiting

    async def _see_out(self) -> None:
        """At the end of the interview see that all of it is heard; what broke off is said again."""
        if self.session.current_speech or (self._reply and not self._reply.spoken):
            return
        self._let_go_when_heard()
        await self._welcome()

    def _let_go_when_heard(self) -> None:
        """Close the room when the interview is over and its end was heard, or there is no voice to say it with."""
        standing, reply = self._conversation.standing, self._reply
        if self._over or not (standing and standing.done and self._room.occupied):
            return
        if not (reply and reply.spoken and standing.seq in reply.said):
            return
        if not self._conversation.unheard(reply) or self._trouble == "speech":
            self._over = True
            self._room.publish(over="1")
            self._room.spawn(self._room.close())

    def _look_soon(self) -> None:
        """Look now; whoever asks while that runs, or soon after, gets one more look together with all others."""
        self._look_due = True
        if not self._looking:
            self._looking = True
            self._room.spawn(self._look_while_due())

    async def _look_while_due(self) -> None:
        try:
            while self._look_due:
                self._look_due = False
                await self._look()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._looking = False

    async def _look(self) -> None:
        """See whether the interview went on without us, and say what it said."""
        try:
            reply = await self._conversation.look()
        except Refused as refused:
            await self._give_up(refused)
            return
        if reply:
            self._interrupt()
            talking = self.session.user_state == "speaking"
            self._speak(reply, interruptible=not (self._conversation.done or talking))

    def _end_silence(self) -> None:
        """Send words that no turn has taken, or ask a silent candidate, once for each question."""
        standing = self._conversation.standing
        if self._conversation.words.waiting:
            self._answer(str(uuid.uuid4()), {})
        elif standing and not standing.done and self._asked_for_seq != standing.seq:
            self._asked_for_seq = standing.seq
            self._say_line(lines.STILL_THERE)

    # trouble

    def _tell_trouble(self, kind: str, there: bool) -> None:
        """Have the page say what is wrong; one trouble at a time, the newest."""
        if there:
            self._trouble = kind
        elif self._trouble == kind:
            self._trouble = ""
        self._room.publish(trouble=self._trouble)

    def _on_error(self, event: ErrorEvent) -> None:
        """Say what does not work with what still does."""
        kind = getattr(event.error, "type", "")
        if getattr(event.error, "recoverable", False) or kind not in ("tts_error", "stt_error"):
            return
        logger.error("speech service failed", extra={"kind": kind, "error": type(event.error.error).__name__})
        if kind == "stt_error" and self._trouble != "hearing":
            self._tell_trouble("hearing", True)
            self._say_line(lines.CANNOT_HEAR)
        elif kind == "tts_error" and self._trouble != "speech":
            self._tell_trouble("speech", True)
            self.session.say(text_of(SPEECH_IS_DOWN), audio=recording(SPEECH_IS_DOWN), add_to_chat_ctx=False)
