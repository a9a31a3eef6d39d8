"""LiveKit's session and room as the interviewer meets them: it speaks ten words a second and hears what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Generator
from functools import partial
from typing import Any

from livekit.agents import (
    AgentStateChangedEvent,
    ErrorEvent,
    StopResponse,
    UserInputTranscribedEvent,
    UserStateChangedEvent,
    llm,
    tts,
)

from voice.clock import now
from voice.interviewer import Interviewer
from voice.llm import is_flush
from voice.turn_taking import DEFAULT_ENDPOINTING

WORD_SECONDS = 0.1
ENDPOINTING_SECONDS = 0.7
RECOGNITION_SECONDS = 0.4
SILENCE_SECONDS = 0.25
ARRIVAL_SECONDS = 0.1


class VoiceFailed(Exception):
    """The voice breaks in the middle of a speech."""


def speech_failed(recoverable: bool = False) -> tts.TTSError:
    """What the framework tells of such a voice."""
    return tts.TTSError(timestamp=0.0, label="mouth", error=RuntimeError("dumb"), recoverable=recoverable)


class FakeSpeech:
    """What `say` and `generate_reply` give: a speech that waits, sounds, ends or is interrupted."""

    def __init__(self, text: AsyncIterator[str], allow_interruptions: bool, in_context: bool) -> None:
        self.text = text
        self.allow_interruptions = allow_interruptions
        self.in_context = in_context
        self.chat_items: list[llm.ChatItem] = []
        self.played: list[str] = []
        self._interrupted = asyncio.Event()
        self._done = asyncio.Event()
        self._callbacks: list[Callable[[Any], None]] = []

    @property
    def interrupted(self) -> bool:
        return self._interrupted.is_set()

    def done(self) -> bool:
        return self._done.is_set()

    def interrupt(self) -> None:
        if not self.done():
            self._interrupted.set()

    def add_done_callback(self, callback: Callable[[Any], None]) -> None:
        self._callbacks.append(callback)

    def __await__(self) -> Generator[Any, None, None]:
        yield from self._done.wait().__await__()

    async def play(self, sounds: Callable[[], None]) -> None:
        """Sound word by word until the end or an interruption."""
        playing = asyncio.ensure_future(self._play(sounds))
        stopped = asyncio.ensure_future(self._interrupted.wait())
        await asyncio.wait({playing, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        playing.cancel()
        failed, _ = await asyncio.gather(playing, stopped, return_exceptions=True)
        if self.played and self.in_context:
            cut = self.interrupted or isinstance(failed, VoiceFailed)
            self.chat_items.append(llm.ChatMessage(role="assistant", content=[" ".join(self.played)], interrupted=cut))
        self._done.set()
        for callback in self._callbacks:
            callback(self)

    async def _play(self, sounds: Callable[[], None]) -> None:
        async for piece in self.text:
            for word in piece.split():
                sounds()
                self.played.append(word)
                await asyncio.sleep(WORD_SECONDS)


class FakeInput:
    def __init__(self) -> None:
        self.enabled = [True]

    def set_audio_enabled(self, enabled: bool) -> None:
        self.enabled.append(enabled)


class FakeSession:
    """One session of one interviewer. `speeches` are all that were begun, in their order.

    While `breaks_after` is a number, the voice fails in every reply after so many words.
    """

    stt = None

    def __init__(self) -> None:
        self.agent: Interviewer | None = None
        self.input = FakeInput()
        self.agent_state: Any = "listening"
        self.user_state: Any = "listening"
        self.turn_detection: Any = None
        self.options: list[Any] = [DEFAULT_ENDPOINTING]
        self.speeches: list[FakeSpeech] = []
        self.current_speech: FakeSpeech | None = None
        self.mute = False
        self.breaks_after: int | None = None
        self._half_said = ""
        self._queue: list[FakeSpeech] = []
        self._handlers: dict[str, Callable[[Any], None]] = {}
        self._player: asyncio.Task[None] | None = None

    # what the interviewer uses

    def on(self, name: str, handler: Callable[[Any], None]) -> None:
        self._handlers[name] = handler

    def update_options(self, *, endpointing_opts: Any) -> None:
        self.options.append(endpointing_opts)

    def say(
        self, text: str, *, audio: object = None, allow_interruptions: bool = True, add_to_chat_ctx: bool = True
    ) -> FakeSpeech:
        async def whole() -> AsyncIterator[str]:
            yield text

        return self._begin(FakeSpeech(whole(), allow_interruptions, add_to_chat_ctx))

    def generate_reply(self, *, chat_ctx: llm.ChatContext, allow_interruptions: bool) -> FakeSpeech:
        return self._begin(FakeSpeech(self._written(chat_ctx), allow_interruptions, True))

    def interrupt(self, *, force: bool = False) -> Awaitable[None]:
        stopped = [speech for speech in [self.current_speech, *self._queue] if speech]
        if not force and any(not speech.allow_interruptions for speech in stopped[:1]):
            raise RuntimeError("this speech does not allow interruptions")
        for speech in stopped:
            speech.interrupt()

        async def done() -> None:
            for speech in stopped:
                await speech

        return asyncio.ensure_future(done())

    def commit_user_turn(
        self, *, transcript_timeout: float, stt_flush_duration: float, skip_reply: bool
    ) -> Awaitable[None]:
        assert skip_reply, "the framework would send the same words"
        assert stt_flush_duration >= SILENCE_SECONDS, "speech would not end"
        return asyncio.ensure_future(self._commit(transcript_timeout))

    # what the candidate does

    def begins_to_say(self, text: str) -> None:
        """Speak; the recogniser knows the words only when they end."""
        self._half_said = text
        self._user("speaking")

    def last_word(self, text: str) -> None:
        """Say one more word, which takes its time to the worker."""
        asyncio.get_running_loop().call_later(ARRIVAL_SECONDS, self._arrive, text)

    async def ends(self) -> None:
        """Be silent for so long that the framework finds the turn over, and interrupts whatever it may."""
        self._user("listening")
        await asyncio.sleep(RECOGNITION_SECONDS)
        self.recognises(self._half_said)
        self._half_said = ""
        await asyncio.sleep(ENDPOINTING_SECONDS - RECOGNITION_SECONDS)
        await self._complete()
        await asyncio.sleep(WORD_SECONDS / 2)  # the turn is on its way

    async def thinks(self, seconds: float) -> None:
        """Be silent in the middle of an answer, as its end is not; what was said is recognised meanwhile."""
        self._user("listening")
        await asyncio.sleep(RECOGNITION_SECONDS)
        self.recognises(self._half_said)
        self._half_said = ""
        await asyncio.sleep(seconds - RECOGNITION_SECONDS)

    async def says(self, text: str) -> None:
        """Speak a sentence and be silent."""
        self.begins_to_say(text)
        await asyncio.sleep(WORD_SECONDS * len(text.split()))
        await self.ends()

    def recognises(self, text: str, final: bool = True) -> None:
        told = UserInputTranscribedEvent(transcript=text, is_final=final, created_at=now())
        self.tell("user_input_transcribed", told)

    def goes_away(self) -> None:
        """Be silent for so long that the framework wonders."""
        self._user("away")

    def comes_back(self) -> None:
        """Make a sound that is no word."""
        self._user("listening")

    def fails(self, error: Any) -> None:
        self.tell("error", ErrorEvent(error=error, source=object()))

    def tell(self, name: str, event: Any) -> None:
        self._handlers[name](event)

    # what was heard

    @property
    def heard(self) -> list[str]:
        """What sounded of each speech."""
        return [" ".join(speech.played) for speech in self.speeches if speech.played]

    async def silence(self) -> None:
        """Wait until nothing sounds any more."""
        while self.current_speech or self._queue:
            await asyncio.sleep(WORD_SECONDS)

    # how it works

    def _begin(self, speech: FakeSpeech) -> FakeSpeech:
        self.speeches.append(speech)
        self._queue.append(speech)
        if self._player is None or self._player.done():
            self._player = asyncio.create_task(self._play())
        return speech

    async def _play(self) -> None:
        while self._queue:
            speech = self.current_speech = self._queue.pop(0)
            self._agent("thinking")
            await speech.play(partial(self._sound, speech))
            self.current_speech = None
            self._agent("listening")

    def _sound(self, speech: FakeSpeech) -> None:
        if speech.in_context and len(speech.played) == self.breaks_after:
            self.fails(speech_failed())
            raise VoiceFailed
        self._agent("speaking")

    async def _written(self, chat_ctx: llm.ChatContext) -> AsyncIterator[str]:
        assert self.agent
        assert isinstance(self.agent.llm, llm.LLM)
        stream = self.agent.llm.chat(chat_ctx=chat_ctx)
        try:
            async for chunk in stream:
                if not is_flush(chunk) and not self.mute and chunk.delta and chunk.delta.content:
                    yield chunk.delta.content
        finally:
            await stream.aclose()

    def _arrive(self, text: str) -> None:
        self._half_said = f"{self._half_said} {text}".strip()
        self._user("speaking")

    async def _commit(self, seconds: float) -> None:
        if self.user_state == "speaking":
            self._user("listening")
        arrived = self._half_said
        await asyncio.sleep(min(seconds, RECOGNITION_SECONDS))
        if arrived and seconds >= RECOGNITION_SECONDS:
            self.recognises(arrived)
            self._half_said = self._half_said.removeprefix(arrived).strip()

    async def _complete(self) -> None:
        speech = self.current_speech
        if speech and not speech.allow_interruptions:
            return  # the framework drops such a turn
        if speech:
            speech.interrupt()
            await speech
        assert self.agent
        try:
            await self.agent.on_user_turn_completed(llm.ChatContext(), llm.ChatMessage(role="user", content=["…"]))
        except StopResponse:
            return
        raise AssertionError("the framework would ask its own model now")

    def _agent(self, state: Any) -> None:
        before, self.agent_state = self.agent_state, state
        if before != state:
            self.tell("agent_state_changed", AgentStateChangedEvent(old_state=before, new_state=state))

    def _user(self, state: Any) -> None:
        before, self.user_state = self.user_state, state
        if before != state:
            told = UserStateChangedEvent(old_state=before, new_state=state, created_at=now())
            self.tell("user_state_changed", told)


class FakeRoom:
    """The room of an interview; a test lets the candidate come and go and press buttons."""

    def __init__(self) -> None:
        self.occupied = False
        self.published: dict[str, str] = {}
        self.history: list[dict[str, str]] = []
        self.closed = asyncio.Event()
        self.changed: Callable[[], None]
        self.done: Callable[[], None]
        self._came: Callable[[], None]
        self._left: Callable[[], None]
        self._tasks: set[asyncio.Task[None]] = set()

    def publish(self, **attributes: str) -> None:
        self.published |= attributes
        self.history.append(dict(self.published))

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.result()  # a failure goes to the loop, and fails the test

    def on_candidate(self, came: Callable[[], None], left: Callable[[], None]) -> None:
        self._came, self._left = came, left

    def on_changed(self, look: Callable[[], None]) -> None:
        self.changed = look

    def on_done(self, end_turn: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self.press_done = end_turn
        self.done = lambda: self.spawn(end_turn())

    async def close(self) -> None:
        self.closed.set()

    def arrive(self) -> None:
        self.occupied = True
        self._came()

    def leave(self) -> None:
        self.occupied = False
        self._left()
