"""Speaking: replies of the functions and notices of the worker, one after another."""

from __future__ import annotations

from collections.abc import Callable

from livekit.agents import AgentStateChangedEvent, llm
from livekit.agents.types import ATTRIBUTE_AGENT_STATE
from livekit.agents.voice import SpeechHandle

from voice.behaviours.call import Call
from voice.behaviours.trouble import SPEECH, Trouble
from voice.llm import BackendLLM
from voice.reply import Reply
from voice.turn_log import log_turn


class Speaking:
    """Queues speech in the framework's session, and records how much of each reply was played.

    `on_played` is called after a reply was played to its end. `reply` is the one that was queued last.
    """

    def __init__(self, call: Call, model: BackendLLM, trouble: Trouble, on_played: Callable[[], None]) -> None:
        self._call = call
        self._model = model
        self._trouble = trouble
        self._on_played = on_played
        self._handle: SpeechHandle | None = None
        self.reply: Reply | None = None

    def speak(self, reply: Reply, *, interruptible: bool = True) -> None:
        """Speak a reply as it is streamed, after what is queued already."""
        if not self._call.live:
            return
        context = self._model.context_for(reply)
        self.reply = reply
        self._handle = self._call.session.generate_reply(chat_ctx=context, allow_interruptions=interruptible)
        self._handle.add_done_callback(lambda handle: self._played(reply, handle))

    def say(self, notice: str) -> None:
        """Speak a notice, which is no part of the interview."""
        if self._call.live:
            self._call.session.say(notice, add_to_chat_ctx=False)

    async def say_again(self) -> None:
        """Speak the last reply once more if it was stopped, unless something is said after it."""
        stopped, handle = self.reply, self._handle
        if stopped and handle and handle.interrupted:
            again = await self._call.conversation.again(stopped)
            if again:
                self.speak(again)

    def interrupt(self) -> None:
        """Stop what is being spoken, and drop what is queued."""
        if not self._call.over:
            self._call.session.interrupt(force=True)

    def forbid_interruptions(self) -> None:
        """Let the candidate's voice not stop the reply that is being spoken."""
        if self._handle and not (self._handle.interrupted or self._handle.done()):
            self._handle.allow_interruptions = False

    def on_agent_state(self, event: AgentStateChangedEvent) -> None:
        # The framework sets this attribute, too, but only once: not again after a lost connection.
        self._call.room.publish(**{ATTRIBUTE_AGENT_STATE: event.new_state})
        if event.new_state == "speaking" and self.reply:
            self._call.conversation.note_audible(self.reply)

    def _played(self, reply: Reply, handle: SpeechHandle) -> None:
        messages = [item for item in handle.chat_items if isinstance(item, llm.ChatMessage)]
        log_turn(reply, handle, messages)
        reply.played = True
        if handle.interrupted or any(message.interrupted for message in messages):  # the latter when the voice fails
            self._call.conversation.note_interrupted(reply, " ".join(m.text_content or "" for m in messages))
        elif messages:
            self._call.conversation.note_played(reply)
            self._trouble.clear(SPEECH)
            self._on_played()
        if not handle.interrupted:
            self._call.conversation.note_shown(reply)
