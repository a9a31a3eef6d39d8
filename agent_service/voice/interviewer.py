"""The interviewer in the room: joins its behaviours to the events of the framework, the room and the functions."""

from __future__ import annotations

from collections.abc import AsyncIterable

from livekit.agents import (
    Agent,
    AgentStateChangedEvent,
    FlushSentinel,
    ModelSettings,
    StopResponse,
    UserInputTranscribedEvent,
    UserStateChangedEvent,
    llm,
    stt,
)
from livekit.rtc import AudioFrame

from voice import notices
from voice.backend import Backend, Refused
from voice.behaviours.answering import Answering
from voice.behaviours.call import Call
from voice.behaviours.closing import Closing
from voice.behaviours.following import Following
from voice.behaviours.listening import Listening, with_words
from voice.behaviours.patience import Patience
from voice.behaviours.presence import Presence
from voice.behaviours.silence import Silence
from voice.behaviours.speaking import Speaking
from voice.behaviours.speech_failures import SpeechFailures
from voice.behaviours.timekeeping import Timekeeping
from voice.behaviours.trouble import BACKEND, Trouble
from voice.conversation import OUTAGE_NOTICE_SECONDS, Conversation
from voice.llm import BackendLLM, is_flush
from voice.reply import Reply
from voice.room import InterviewRoom
from voice.transcript import TranscriptBuffer


class Interviewer(Agent):
    """Carries words between a candidate and the functions; it decides nothing about the interview."""

    def __init__(self, backend: Backend, room: InterviewRoom) -> None:
        model = BackendLLM()
        super().__init__(instructions="The functions decide what is said.", llm=model)
        self._room = room
        self._conversation = Conversation(backend, TranscriptBuffer(), self._on_progress, self._on_wait)
        call = self._call = Call(self, room, self._conversation)
        trouble = self._trouble = Trouble(room)
        closing = self._closing = Closing(call, trouble)
        speaking = self._speaking = Speaking(call, model, trouble, self._on_played)
        listening = self._listening = Listening(call, trouble)
        patience = self._patience = Patience(call)
        answering = self._answering = Answering(call, speaking, listening, patience)
        presence = self._presence = Presence(call, speaking, answering, closing)
        self._failures = SpeechFailures(call, speaking, trouble)
        self._following = Following(call, speaking, closing)
        self._silence = Silence(call, speaking, listening, answering)
        self._timekeeping = Timekeeping(call, speaking, listening, answering, presence, closing)

    # hooks of the framework

    async def on_enter(self) -> None:
        session = self.session
        session.on("user_input_transcribed", self._on_transcript)
        session.on("user_state_changed", self._on_user_state)
        session.on("agent_state_changed", self._on_agent_state)
        session.on("user_transcription_timeout", self._silence.on_no_words)
        session.on("error", self._failures.on_error)
        self._room.on_changed(self._following.refresh_soon)
        self._room.on_done(self._answering.on_done)
        self._room.spawn(self._timekeeping.run())
        self._presence.start()

    async def on_exit(self) -> None:
        self._call.over = True
        self._answering.send()
        await self._conversation.aclose()

    async def on_user_turn_completed(self, turn_ctx: llm.ChatContext, new_message: llm.ChatMessage) -> None:
        await self._answering.complete(new_message)
        raise StopResponse  # the framework would ask a language model

    async def llm_node(
        self, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncIterable[llm.ChatChunk | str | FlushSentinel]:
        async for chunk in Agent.default.llm_node(self, chat_ctx, tools, model_settings):
            yield FlushSentinel() if is_flush(chunk) else chunk

    def stt_node(
        self, audio: AsyncIterable[AudioFrame], model_settings: ModelSettings
    ) -> AsyncIterable[stt.SpeechEvent]:
        return with_words(Agent.default.stt_node(self, audio, model_settings))

    # events of several behaviours

    def _on_transcript(self, event: UserInputTranscribedEvent) -> None:
        self._listening.on_transcript(event)
        self._patience.adapt()

    def _on_user_state(self, event: UserStateChangedEvent) -> None:
        self._listening.on_user_state(event)
        self._silence.on_user_state(event)

    def _on_agent_state(self, event: AgentStateChangedEvent) -> None:
        self._listening.on_agent_state(event)
        self._speaking.on_agent_state(event)
        if event.new_state == "speaking":
            self._patience.resume()

    def _on_played(self) -> None:
        self._closing.close_when_heard(self._speaking.reply)

    def _on_progress(self, reply: Reply) -> None:
        """Follow a turn: publish where the interview is, adapt the endpointing, and let nothing interrupt its end."""
        if reply.unavailable_since is not None:
            self._trouble.report(BACKEND)
        else:
            self._trouble.clear(BACKEND)
        if reply.refused:
            self._patience.resume()
            self._room.spawn(self._on_refused(reply.refused))
        snapshot = self._conversation.snapshot
        if snapshot is None:
            return
        self._room.publish(stage=snapshot.stage, seq=str(snapshot.seq), moves_on_at=snapshot.moves_on_at)
        self._patience.adapt()
        if snapshot.ended:
            self._speaking.forbid_interruptions()

    def _on_wait(self, seconds: float) -> None:
        """Announce, once, that the interview cannot be read."""
        if seconds >= OUTAGE_NOTICE_SECONDS and self._trouble.current != BACKEND:
            self._trouble.report(BACKEND)
            self._speaking.say(notices.ONE_MOMENT)

    async def _on_refused(self, refused: Refused) -> None:
        if refused.slug in ("interview-over", "wrong-state"):
            self._following.refresh_soon()
        elif refused.status in (413, 422):
            self._speaking.say(notices.NOT_UNDERSTOOD)
        else:
            await self._closing.give_up(refused)
