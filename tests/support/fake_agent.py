"""An interviewer in a voice room that says and hears what a test wants: LiveKit's own client, and no model of speech.

What the page sees of it is what it sees of the worker: kind, identity, track, attributes, transcriptions and RPC. What
is answered goes through the engine, so the transcript really moves.
"""

import asyncio
import itertools
import math
import struct
import threading
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from livekit import api, rtc

from support.client import ApiClient
from support.livekit import LiveKitServer
from support.process import wait_until

METHODS = ("interview.done", "interview.changed")
SAMPLE_RATE = 48_000
FRAME_SAMPLES = SAMPLE_RATE // 50
TONE_HERTZ = 440
PATIENCE_SECONDS = 15

T = TypeVar("T")


class FakeAgent:
    """Joins the room of an interview when the `with` block begins; `calls` are the RPC methods in their order.

    Each is answered after `slow_seconds`. `interview` is the engine's door to the same interview.
    """

    def __init__(self, server: LiveKitServer, interview: ApiClient, job: str = "x") -> None:
        self.calls: list[str] = []
        self.slow_seconds = 0.0
        self.candidate = f"cand-{interview.session_id}"
        self._server = server
        self._interview = interview
        self._identity = f"agent-{interview.session_id}-{job}"
        self._segments = (f"SG_{job}_{number}" for number in itertools.count(1))
        self._loudest = 0
        self._sounding = False
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    # what it does in the room

    def becomes(self, state: str) -> None:
        """Be `listening`, `thinking` or `speaking`, with a tone for a voice."""
        self._sounding = state == "speaking"
        self.tells(**{"lk.agent.state": state})

    def tells(self, **attributes: str) -> None:
        """Publish attributes."""
        self._do(self._room.local_participant.set_attributes(attributes))

    def begins_to_say(self, *words: str) -> rtc.TextStreamWriter:
        """Caption the first words of a segment; the writer takes the others."""
        return self._do(self._begin_to_say(words))

    def says_on(self, writer: rtc.TextStreamWriter, *words: str, last: bool = False) -> None:
        """Caption more of a segment."""
        self._do(self._say_on(writer, words, last))

    def says(self, text: str) -> None:
        """Caption a whole segment, word by word."""
        words = [f"{word} " for word in text.split()]
        self.says_on(self.begins_to_say(*words[:1]), *words[1:], last=True)

    def hears(self, *interims: str, last: bool = True) -> None:
        """Caption what the candidate said, as it became clearer; the last one is final."""
        self._do(self._hear(interims, last))

    # what it does with the interview

    def greets(self) -> str:
        """Start the interview, or find it started."""
        return self.knows(self._interview.start())

    def takes(self, text: str, event_id: str | None = None) -> str:
        """Send an answer of the candidate and publish that there is more to read."""
        return self.knows(self._interview.answer(text, event_id))

    def looks(self) -> None:
        """Publish the newest message, whoever caused it."""
        self.knows(self._interview.messages())

    def knows(self, answer: Any) -> str:
        """Publish what the engine said: stage, clock and the newest message."""
        assert answer.status == 200, answer.body
        moves_on_at = answer["moves_on_at"] or ""
        self.tells(stage=answer["stage"], seq=str(answer["seq"]), moves_on_at=moves_on_at)
        return str(answer.body.get("assistant_text", ""))

    # what happened to it

    def wait_for_call(self, method: str, times: int = 1) -> None:
        """Wait until an RPC was answered so often."""
        wait_until(lambda: self.calls.count(method) >= times, PATIENCE_SECONDS, f"a call of {method}")

    def wait_until_heard(self) -> None:
        """Wait for a sound from the candidate's microphone."""
        self._loudest = 0
        wait_until(lambda: self._loudest > 500, PATIENCE_SECONDS, "a sound from the candidate")

    def wait_for_silence(self) -> None:
        """Wait until nothing comes from the candidate's microphone: it is muted."""
        wait_until(self._candidate_is_muted, PATIENCE_SECONDS, "a muted microphone")

    def wait_until_candidate_left(self) -> None:
        """Wait until the candidate is not in the room."""
        wait_until(
            lambda: self.candidate not in self._room.remote_participants, PATIENCE_SECONDS, "a candidate leaving"
        )

    @property
    def connected(self) -> bool:
        """Whether it is in the room."""
        return self._room.isconnected()

    def leave(self) -> None:
        """Leave the room."""
        self._do(self._room.disconnect())

    def close_room(self) -> None:
        """Delete the room, as the worker does after the last word."""
        self._do(self._close_room())

    def __enter__(self) -> Self:
        self._do(self._join())
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # in the loop's thread

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS)

    async def _join(self) -> None:
        self._room = rtc.Room()
        self._tasks: list[asyncio.Task[None]] = []
        self._room.on("track_subscribed", self._listen_to)
        await self._room.connect(self._server.url, self._token())
        for method in METHODS:
            self._room.local_participant.register_rpc_method(method, self._called)
        self._source = rtc.AudioSource(SAMPLE_RATE, 1, queue_size_ms=100)
        track = rtc.LocalAudioTrack.create_audio_track("voice", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await self._room.local_participant.publish_track(track, options)
        self._tasks.append(asyncio.create_task(self._sound()))
        await self._room.local_participant.set_attributes({"lk.agent.state": "listening"})

    def _token(self) -> str:
        grants = api.VideoGrants(room_join=True, room=self._room_name, agent=True, can_update_own_metadata=True)
        token = api.AccessToken(self._server.api_key, self._server.api_secret).with_identity(self._identity)
        return token.with_kind("agent").with_grants(grants).to_jwt()

    @property
    def _room_name(self) -> str:
        return f"iv-{self._interview.session_id}"

    async def _called(self, data: rtc.RpcInvocationData) -> str:
        self.calls.append(data.method)
        await asyncio.sleep(self.slow_seconds)
        return "ok"

    async def _sound(self) -> None:
        for number in itertools.count():
            first = number * FRAME_SAMPLES
            turns = (2 * math.pi * TONE_HERTZ * (first + step) / SAMPLE_RATE for step in range(FRAME_SAMPLES))
            loudness = 8000 if self._sounding else 0
            samples = struct.pack(f"<{FRAME_SAMPLES}h", *(round(loudness * math.sin(turn)) for turn in turns))
            await self._source.capture_frame(rtc.AudioFrame(samples, SAMPLE_RATE, 1, FRAME_SAMPLES))

    def _listen_to(self, track: rtc.Track, *_: object) -> None:
        self._tasks.append(asyncio.create_task(self._hear_track(track)))

    async def _hear_track(self, track: rtc.Track) -> None:
        stream = rtc.AudioStream(track)
        try:
            async for event in stream:
                self._loudest = max(self._loudest, max(event.frame.data))
        finally:
            await stream.aclose()

    def _candidate_is_muted(self) -> bool:
        there = self._room.remote_participants.get(self.candidate)
        return there is not None and any(one.muted for one in there.track_publications.values())

    async def _begin_to_say(self, words: tuple[str, ...]) -> rtc.TextStreamWriter:
        writer = await self._caption(next(self._segments), self._identity, final=False)
        for word in words:
            await writer.write(word)
        return writer

    async def _say_on(self, writer: rtc.TextStreamWriter, words: tuple[str, ...], last: bool) -> None:
        for word in words:
            await writer.write(word)
        if last:
            await writer.aclose(attributes={"lk.transcription_final": "true"})

    async def _hear(self, interims: tuple[str, ...], last: bool) -> None:
        segment = next(self._segments)
        for number, text in enumerate(interims, 1):
            writer = await self._caption(segment, self.candidate, final=last and number == len(interims))
            await writer.write(text)
            await writer.aclose()

    async def _caption(self, segment: str, identity: str, *, final: bool) -> rtc.TextStreamWriter:
        attributes = {"lk.segment_id": segment, "lk.transcription_final": "true" if final else "false"}
        return await self._room.local_participant.stream_text(
            topic="lk.transcription", sender_identity=identity, attributes=attributes
        )

    async def _close_room(self) -> None:
        async with api.LiveKitAPI(self._server.api_url, self._server.api_key, self._server.api_secret) as server:
            await server.room.delete_room(api.DeleteRoomRequest(room=self._room_name))

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._source.aclose()
        await self._room.disconnect()
