"""LiveKit's real session without a server and without models: loudness is speech, and the words are a test's own."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from livekit import rtc
from livekit.agents import (
    DEFAULT_API_CONNECT_OPTIONS,
    AgentSession,
    APIConnectOptions,
    LanguageCode,
    io,
    stt,
    tts,
    utils,
    vad,
)
from livekit.agents.types import NOT_GIVEN, NotGivenOr
from livekit.agents.voice import TranscriptSynchronizer

from speech import local
from speech.stack import Speech
from voice import framework
from voice.interviewer import Interviewer
from voice.settings import Settings, TurnDetection

SETTINGS = Settings(
    livekit_url="",
    livekit_api_key="",
    livekit_api_secret="",
    backend_url="",
    next_turn_url="",
    ingest_secret="",
    agent_name="",
    turn_detection=TurnDetection.VAD,
    speech=local.Stack(),
)
RATE = 16_000
FRAME_SECONDS = 0.02
SPEECH_AFTER_SECONDS = 0.06
SILENCE_AFTER_SECONDS = 0.3
WORD_SECONDS = 0.08


def frame(loud: bool) -> rtc.AudioFrame:
    samples = int(RATE * FRAME_SECONDS)
    return rtc.AudioFrame((b"\x00\x20" if loud else b"\x00\x00") * samples, RATE, 1, samples)


def is_loud(sound: rtc.AudioFrame) -> bool:
    return any(sound.data[:8])


class Microphone(io.AudioInput):
    """Silent but for what it is told to say, in real time."""

    def __init__(self) -> None:
        super().__init__(label="microphone")
        self._loud_frames = 0
        self._said = asyncio.Event()

    async def __anext__(self) -> rtc.AudioFrame:
        await asyncio.sleep(FRAME_SECONDS)
        if not self._loud_frames:
            return frame(loud=False)
        self._loud_frames -= 1
        if not self._loud_frames:
            self._said.set()
        return frame(loud=True)

    async def says(self, seconds: float) -> None:
        """Be loud for so much of sound, however late the frames come, and wait for its end."""
        self._said.clear()
        self._loud_frames = round(seconds / FRAME_SECONDS)
        await self._said.wait()


class Loudspeaker(io.AudioOutput):
    """Plays in real time into nothing."""

    def __init__(self) -> None:
        super().__init__(label="loudspeaker", capabilities=io.AudioOutputCapabilities(pause=True), sample_rate=RATE)
        self._left = self._played = 0.0
        self._open = False
        self._paused = False
        self._player: asyncio.Task[None] | None = None

    async def capture_frame(self, sound: rtc.AudioFrame) -> None:
        await super().capture_frame(sound)
        self._left += sound.duration
        self._open = True
        if self._player is None:
            self._player = asyncio.create_task(self._play())

    def flush(self) -> None:
        super().flush()
        self._open = False

    def clear_buffer(self) -> None:
        if self._player:
            self._player.cancel()
            self._finish(interrupted=True)

    def pause(self) -> None:
        self._paused = True

    def resume(self) -> None:
        self._paused = False

    async def _play(self) -> None:
        self.on_playback_started(created_at=time.time())
        while self._left > 0 or self._open:
            await asyncio.sleep(FRAME_SECONDS)
            if not self._paused and self._left > 0:
                self._left -= FRAME_SECONDS
                self._played += FRAME_SECONDS
        self._finish(interrupted=False)

    def _finish(self, interrupted: bool) -> None:
        played, self._played, self._left, self._player, self._open = self._played, 0.0, 0.0, None, False
        self.on_playback_finished(playback_position=played, interrupted=interrupted)


class Loudness(vad.VAD):
    def __init__(self) -> None:
        super().__init__(capabilities=vad.VADCapabilities(update_interval=FRAME_SECONDS))

    def stream(self) -> vad.VADStream:
        return _LoudnessStream(self)


class _LoudnessStream(vad.VADStream):
    async def _main_task(self) -> None:
        self._loud = self._silent = self._speech = 0.0
        self._speaking = False
        self._frames: list[rtc.AudioFrame] = []
        async for sound in self._input_ch:
            if not isinstance(sound, rtc.AudioFrame):
                self._loud = self._silent = 0.0
                continue
            self._take(sound)

    def _take(self, sound: rtc.AudioFrame) -> None:
        loud = is_loud(sound)
        self._loud = self._loud + sound.duration if loud else 0.0
        self._silent = 0.0 if loud else self._silent + sound.duration
        if self._speaking:
            self._speech += sound.duration
            self._frames.append(sound)
        if not self._speaking and self._loud >= SPEECH_AFTER_SECONDS:
            self._speaking, self._speech, self._frames = True, self._loud, [sound]
            self._tell(vad.VADEventType.START_OF_SPEECH)
        self._tell(vad.VADEventType.INFERENCE_DONE)
        if self._speaking and self._silent >= SILENCE_AFTER_SECONDS:
            self._speaking = False
            self._tell(vad.VADEventType.END_OF_SPEECH)

    def _tell(self, kind: vad.VADEventType) -> None:
        self._event_ch.send_nowait(
            vad.VADEvent(
                type=kind,
                samples_index=0,
                timestamp=time.time(),
                speech_duration=self._speech if self._speaking or kind == vad.VADEventType.END_OF_SPEECH else 0.0,
                silence_duration=self._silent,
                frames=list(self._frames),
                speaking=self._speaking,
                raw_accumulated_silence=self._silent,
                raw_accumulated_speech=self._loud,
            )
        )


class Ear(stt.STT[Any]):
    """Understands what a test puts into `words`, an utterance at a time."""

    def __init__(self) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=False, interim_results=False))
        self.words: deque[str] = deque()

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.SpeechEvent:
        await asyncio.sleep(0.1)
        heard = [stt.SpeechData(language=LanguageCode("en"), text=self.words.popleft())] if self.words else []
        return stt.SpeechEvent(stt.SpeechEventType.FINAL_TRANSCRIPT, utils.shortuuid(), alternatives=heard)


class Mouth(tts.TTS[Any]):
    """Makes a sound of the right length."""

    def __init__(self) -> None:
        super().__init__(capabilities=tts.TTSCapabilities(streaming=False), sample_rate=RATE, num_channels=1)
        self.said: list[str] = []

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        self.said.append(text)
        return _Sentence(tts=self, input_text=text, conn_options=conn_options)


class _Sentence(tts.ChunkedStream):
    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        output_emitter.initialize(request_id=utils.shortuuid(), sample_rate=RATE, num_channels=1, mime_type="audio/pcm")
        samples = int(RATE * WORD_SECONDS * len(self._input_text.split()))
        output_emitter.push(b"\x00\x00" * samples)


class Call:
    """A candidate at a microphone. `heard` are the texts that sounded, whole or not, and `said` what the voice got."""

    def __init__(self, session: AgentSession[Any], microphone: Microphone, ear: Ear, mouth: Mouth) -> None:
        self.session = session
        self.said = mouth.said
        self.heard: list[str] = []
        self._microphone = microphone
        self._ear = ear
        session.on("conversation_item_added", self._added)

    async def makes_a_sound(self, seconds: float, understood_as: str = "") -> None:
        """Be loud, then silent; what is recognised of it may be nothing."""
        self.will_be_understood_as(understood_as)
        await self._microphone.says(seconds)

    def will_be_understood_as(self, text: str) -> None:
        """Choose what is recognised of the next utterance that has none yet."""
        self._ear.words.append(text)

    async def until_speaking(self) -> None:
        await self.until(lambda: self.session.agent_state == "speaking")

    async def until_listening(self) -> None:
        await self.until(lambda: self.session.agent_state == "listening")

    async def until_heard(self, text: str) -> None:
        await self.until(lambda: text in self.heard)

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                await asyncio.sleep(FRAME_SECONDS)

    def _added(self, event: Any) -> None:
        if getattr(event.item, "role", "") == "assistant":
            self.heard.append(event.item.text_content)


@asynccontextmanager
async def call(interviewer: Interviewer) -> AsyncIterator[Call]:
    """Let a candidate talk to an interviewer."""
    ear, microphone = Ear(), Microphone()
    mouth = Mouth()
    session = framework.session(SETTINGS, Speech(ear, mouth), Loudness(), echo_seconds=None)
    session.input.audio = microphone
    captions = TranscriptSynchronizer(next_in_chain_audio=Loudspeaker(), next_in_chain_text=None)
    session.output.audio, session.output.transcription = captions.audio_output, captions.text_output
    candidate = Call(session, microphone, ear, mouth)
    try:
        await session.start(interviewer, record=False)
        yield candidate
    finally:
        await session.aclose()
        await captions.aclose()
