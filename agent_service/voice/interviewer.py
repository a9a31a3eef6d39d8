"""The interviewer in the room: when it listens, when it speaks, and what it does while nobody says anything."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterable

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
)
from livekit.agents.voice import SpeechHandle

from voice import lines
from voice.backend import Backend, Refused
from voice.conversation import Conversation, Reply
from voice.llm import BackendLLM, is_flush
from voice.recordings import SPEECH_IS_DOWN, recording, text_of
from voice.room import InterviewRoom
from voice.turn_log import log_turn
from voice.turn_taking import ENDPOINTING, PRESSED
from voice.words import Words

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.25
LAST_WORDS_SECONDS = 3.0
"""So long before the interview moves on, words in hand are sent: late ones move it on anyway, and are heard."""
TRANSCRIPT_SECONDS = 2.0
"""Longest that the last words of a turn may take to be recognised."""
GONE_SECONDS = 3.0
"""A page that is reloaded is back sooner; after that the words of somebody who left are kept."""
A_SENTENCE_SECONDS = 1.0
"""Shorter sounds without words are coughs."""


class Interviewer(Agent):
    """Carries words between a candidate and the functions; it decides nothing about the interview."""

    def __init__(self, backend: Backend, room: InterviewRoom) -> None:
        model = BackendLLM()
        super().__init__(instructions="The functions decide what is said.", llm=model)
        self._model = model
        self._room = room
        self._conversation = Conversation(backend, Words(), self._on_progress)
        self._reply: Reply | None = None
        self._handle: SpeechHandle | None = None
        self._recognising = False
        self._ending_turn = False
        self._last_turn = False
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
        self._room.on_changed(lambda: self._room.spawn(self._look()))
        self._room.on_done(lambda: self._room.spawn(self._end_turn()))
        self._room.on_candidate(lambda: self._room.spawn(self._welcome()), lambda: self._room.spawn(self._part()))
        self._room.spawn(self._keep_time())
        if self._room.occupied:
            await self._welcome()

    async def _welcome(self) -> None:
        """Begin, or go on with the question that the candidate left."""
        try:
            reply = await self._conversation.resume()
        except Refused as refused:
            await self._give_up(refused)
        else:
            await self.session.interrupt(force=True)
            self._speak(reply)

    async def _part(self) -> None:
        """Stop speaking to nobody; keep what was said by somebody who does not come back at once."""
        await self.session.interrupt(force=True)
        await asyncio.sleep(GONE_SECONDS)
        if not self._room.occupied:
            await self._end_turn()

    async def on_exit(self) -> None:
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
        """Note what was heard of a reply; at the end of the interview see that all of it was."""
        messages = [item for item in handle.chat_items if isinstance(item, llm.ChatMessage)]
        log_turn(reply, handle, messages)
        unheard = reply.heard(" ".join(m.text_content or "" for m in messages)) if handle.interrupted else None
        if unheard:
            self._conversation.heard = unheard
        if reply is not self._reply or reply.running or not self._conversation.done or not self._room.occupied:
            return
        if unheard:
            self._speak(self._conversation.again(reply, unheard), interruptible=False)
        else:
            self._over = True
            self._room.publish(over="1")
            self._room.spawn(self._room.close())

    def _say_line(self, line: str) -> None:
        """Say a line of our own, which is no part of the interview."""
        if self._room.occupied and not self._over:
            self.session.say(line, add_to_chat_ctx=False)

    def _on_progress(self, reply: Reply) -> None:
        """Follow the interview: tell the page, give stories more time, let nothing cut the end short."""
        self._tell_trouble("backend", reply.waiting_since is not None)
        if reply.refused:
            self._room.spawn(self._refused(reply.refused))
        elif self._conversation.behind and not reply.said:
            self._room.spawn(self._look())
        standing = self._conversation.standing
        if standing is None:
            return
        self._room.publish(stage=standing.stage, seq=str(standing.seq), moves_on_at=standing.moves_on_stamp)
        self.session.update_options(endpointing_opts=ENDPOINTING[standing.stage])
        if standing.done and self._handle and not self._handle.interrupted:
            self._handle.allow_interruptions = False

    async def _refused(self, refused: Refused) -> None:
        if refused.slug in ("interview-over", "wrong-state"):
            await self._look()
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
        handle = self.session.say(lines.GONE, add_to_chat_ctx=False, allow_interruptions=False)
        self._over = True
        await handle.wait_for_playout()
        await self._room.close()

    # listening

    def _on_transcript(self, event: UserInputTranscribedEvent) -> None:
        if event.is_final:
            self._recognising = False
            self._conversation.words.add(event.transcript)
            self._tell_trouble("hearing", False)

    def _on_user_state(self, event: UserStateChangedEvent) -> None:
        if event.new_state == "speaking":
            self._recognising = True
        elif event.new_state == "away":
            self._ask_whether_there()

    def _on_agent_state(self, event: AgentStateChangedEvent) -> None:
        if event.new_state == "speaking" and self._reply:
            self._reply.audible = True

    def _on_no_words(self, event: UserTranscriptionTimeoutEvent) -> None:
        self._recognising = False
        nothing = not self._conversation.words.waiting and self.session.agent_state == "listening"
        if nothing and event.speech_duration >= A_SENTENCE_SECONDS:
            self._say_line(lines.NOT_UNDERSTOOD)

    async def on_user_turn_completed(self, turn_ctx: llm.ChatContext, new_message: llm.ChatMessage) -> None:
        """Send an answer when the framework finds that the candidate has finished it."""
        reply = None if self._conversation.done else self._conversation.answer(new_message.id)
        if reply:
            reply.asked = new_message.metrics
            self._speak(reply, interruptible=not self._last_turn)
        raise StopResponse

    async def _end_turn(self) -> None:
        """Take what was said until now as the whole answer."""
        if self._ending_turn:
            return
        self._ending_turn = True
        session = self.session
        session.update_options(endpointing_opts=PRESSED)
        session.input.set_audio_enabled(
            False
        )  # without a microphone the framework fills up with silence, which ends speech
        try:
            await session.commit_user_turn(transcript_timeout=TRANSCRIPT_SECONDS if self._recognising else 0.01)
        finally:
            session.input.set_audio_enabled(True)
            stage = self._conversation.standing.stage if self._conversation.standing else "intro"
            session.update_options(endpointing_opts=ENDPOINTING[stage])
            self._ending_turn = False

    # time

    async def _keep_time(self) -> None:
        """Look at the clock as long as there is one."""
        while not self._over:
            await asyncio.sleep(TICK_SECONDS)
            if self._room.occupied and not self._conversation.busy and not self._conversation.done:
                await self._tick()

    async def _tick(self) -> None:
        left = self._conversation.seconds_left()
        standing = self._conversation.standing
        if self._conversation.words.long:
            await self._end_last_turn()
        elif left is None or standing is None:
            return
        elif left <= LAST_WORDS_SECONDS and self._in_hand and self._ended_for != standing.moves_on_at:
            self._ended_for = standing.moves_on_at
            await self._end_last_turn()
        elif left <= 0 and time.monotonic() >= self._wake_after:
            self._wake_after = time.monotonic() + 1
            self._speak(self._conversation.wake())

    @property
    def _in_hand(self) -> bool:
        return self._recognising or self._conversation.words.waiting or self.session.user_state == "speaking"

    async def _end_last_turn(self) -> None:
        """End somebody in mid-sentence: their words are heard, and the reply is not interrupted by more of them."""
        self._last_turn = True
        try:
            await self._end_turn()
            await asyncio.sleep(TICK_SECONDS)
        finally:
            self._last_turn = False

    async def _look(self) -> None:
        """See whether the interview went on without us, and say what it said."""
        try:
            reply = await self._conversation.look()
        except Refused as refused:
            await self._give_up(refused)
            return
        if reply:
            await self.session.interrupt(force=True)
            talking = self.session.user_state == "speaking"
            self._speak(reply, interruptible=not (self._conversation.done or talking))

    def _ask_whether_there(self) -> None:
        """Ask a silent candidate, once for each question."""
        standing = self._conversation.standing
        if standing and not standing.done and self._asked_for_seq != standing.seq:
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
        if kind == "stt_error":
            self._tell_trouble("hearing", True)
            self._say_line(lines.CANNOT_HEAR)
        elif self._trouble != "speech":
            self._tell_trouble("speech", True)
            self.session.say(text_of(SPEECH_IS_DOWN), audio=recording(SPEECH_IS_DOWN), add_to_chat_ctx=False)
