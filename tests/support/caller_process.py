"""The side of a spoken candidate that is in the room: a process of its own, so that it can be frozen and killed.

Run as a script with the number of an open socket; `support.caller` is at its other end. It speaks into the room without
a pause, silence included, as a microphone does.
"""

import asyncio
import collections
import contextlib
import multiprocessing.connection
import sys
import time
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import numpy as np
from livekit import rtc

from support.call_records import LOUD, SAMPLE_RATE, AttributeChange, Caption, Entry, Record, Segment, Spoken

FRAME_SECONDS = 0.01
FRAME_SAMPLES = int(SAMPLE_RATE * FRAME_SECONDS)
FRAME_BYTES = 2 * FRAME_SAMPLES
SILENCE = bytes(FRAME_BYTES)
QUEUE_MILLISECONDS = 100
BREATH_SECONDS = 0.1
"""A shorter pause does not end a segment."""
GAP_SECONDS = 1.0
"""A line that is open brings a sound every ten milliseconds: after a longer gap something stood still."""


class Microphone:
    """A track that always sends."""

    def __init__(self) -> None:
        self._source = rtc.AudioSource(SAMPLE_RATE, 1, queue_size_ms=QUEUE_MILLISECONDS)
        self._frames: collections.deque[tuple[bytes, asyncio.Future[Spoken] | None]] = collections.deque()
        self._task: asyncio.Task[None] | None = None

    async def publish(self, room: rtc.Room) -> None:
        """Open it in a room."""
        track = rtc.LocalAudioTrack.create_audio_track("microphone", self._source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await room.local_participant.publish_track(track, options)
        self._task = asyncio.create_task(self._send())

    async def close(self) -> None:
        """Close it; what was not said yet is dropped."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self._source.aclose()

    def play(self, samples: bytes) -> "asyncio.Future[Spoken]":
        """Say it after everything that waits already; the future has the times."""
        said = asyncio.get_running_loop().create_future()
        for start in range(0, len(samples), FRAME_BYTES):
            last = start + FRAME_BYTES >= len(samples)
            frame = samples[start : start + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")
            self._frames.append((frame, said if last else None))
        return said

    @property
    def queued_seconds(self) -> float:
        return len(self._frames) * FRAME_SECONDS

    async def _send(self) -> None:
        began: float | None = None
        while True:
            samples, said = self._frames.popleft() if self._frames else (SILENCE, None)
            talking = samples is not SILENCE
            await self._source.capture_frame(rtc.AudioFrame(samples, SAMPLE_RATE, 1, FRAME_SAMPLES))
            played = time.monotonic() + self._source.queued_duration
            if talking and began is None:
                began = played - FRAME_SECONDS
            if said is not None and began is not None:
                said.set_result(Spoken(began, played))
                began = None


class Call:
    """One candidate in one room at a time."""

    def __init__(self) -> None:
        self._record = Record()
        self._room: rtc.Room | None = None
        self._microphone: Microphone | None = None
        self._heard: list[tuple[float, str, bytes]] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._ears: dict[str, asyncio.Task[None]] = {}
        self._said: asyncio.Future[Spoken] | None = None

    async def join(self, url: str, token: str) -> None:
        """Enter the room with an open microphone, after leaving the one before."""
        await self.leave()
        room = rtc.Room()
        self._listen_to(room)
        self._note("joining")
        await room.connect(url, token)
        self._room, self._record.connected, self._record.disconnected = room, True, ""
        self._note("joined", room.name)
        for participant in room.remote_participants.values():
            self._attributes(dict(participant.attributes), participant)
        self._microphone = Microphone()
        await self._microphone.publish(room)
        self._note("microphone open")

    async def leave(self) -> None:
        """Close the microphone and say goodbye."""
        if self._microphone is not None:
            await self._microphone.close()
            self._microphone = None
        if self._room is not None:
            await self._room.disconnect()
            if self._record.connected:  # the SDK does not always tell, when the goodbye was our own
                self._disconnected(rtc.DisconnectReason.CLIENT_INITIATED)
            self._room = None
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def play(self, samples: bytes) -> None:
        """Begin to say something; `said` has the times when it is over."""
        assert self._microphone is not None, "nobody speaks outside of a room"
        self._said = self._microphone.play(samples)
        self._note("says", f"{len(samples) / 2 / SAMPLE_RATE:.2f} s")

    async def said(self) -> Spoken | None:
        """The times of what was begun last, or None while it goes on."""
        return self._said.result() if self._said is not None and self._said.done() else None

    async def rpc(self, identity: str, method: str, payload: str, timeout_seconds: float) -> str:
        """Call a method of another participant."""
        assert self._room is not None, "nobody calls outside of a room"
        self._note("rpc", method)
        return await self._room.local_participant.perform_rpc(
            destination_identity=identity, method=method, payload=payload, response_timeout=timeout_seconds
        )

    async def record(self) -> Record:
        """Everything noticed so far."""
        self._record.agents = self._agents()
        self._record.queued_seconds = self._microphone.queued_seconds if self._microphone else 0.0
        return self._record

    async def heard(self, began: float, ended: float) -> bytes:
        """What the agents' tracks played between two times, one after the other."""
        return b"".join(samples for at, _, samples in self._heard if began <= at <= ended)

    async def simulate(self, scenario: str) -> None:
        """One of LiveKit's own faults of a connection, by its name."""
        assert self._room is not None, "there is no connection outside of a room"
        await self._room.simulate_scenario(rtc.SimulateScenarioKind.Value(scenario))

    def _agents(self) -> list[str]:
        """Agents by age; a joining one has no age yet and is the newest."""
        if self._room is None:
            return []
        unborn = datetime.max.replace(tzinfo=UTC)
        agents = [p for p in self._room.remote_participants.values() if _is_agent(p)]
        return [p.identity for p in sorted(agents, key=lambda p: (p.joined_at or unborn, p.identity))]

    def _listen_to(self, room: rtc.Room) -> None:
        room.on("participant_connected", self._connected)
        room.on("participant_disconnected", lambda p: self._note("gone", p.identity))
        room.on("participant_attributes_changed", self._attributes)
        room.on("track_subscribed", self._subscribed)
        room.on("track_unsubscribed", self._unsubscribed)
        room.on("disconnected", self._disconnected)
        room.on("reconnecting", lambda: self._note("reconnecting"))
        room.on("reconnected", lambda: self._note("reconnected"))
        room.register_text_stream_handler("lk.transcription", self._caption_opened)

    def _connected(self, participant: rtc.RemoteParticipant) -> None:
        self._note("came", participant.identity)
        self._attributes(dict(participant.attributes), participant)

    def _attributes(self, changed: dict[str, str], participant: rtc.Participant) -> None:
        now = time.monotonic()
        self._record.attributes += [AttributeChange(participant.identity, *item, now) for item in changed.items()]

    def _disconnected(self, reason: rtc.DisconnectReason.ValueType) -> None:
        self._record.connected = False
        self._record.disconnected = rtc.DisconnectReason.Name(reason)
        self._note("disconnected", self._record.disconnected)

    def _subscribed(
        self, track: rtc.Track, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        if track.kind == rtc.TrackKind.KIND_AUDIO:
            self._note("hears", participant.identity)
            self._ears[track.sid] = self._spawn(self._listen(track, participant.identity))

    def _unsubscribed(self, track: rtc.Track, *_: object) -> None:
        """Stop listening: the next track may come on the same line, and would be heard as this one, too."""
        if ear := self._ears.pop(track.sid, None):
            self._note("hears no more of", track.sid)
            ear.cancel()

    def _caption_opened(self, reader: rtc.TextStreamReader, identity: str) -> None:
        self._spawn(self._read(reader, identity))

    async def _listen(self, track: rtc.Track, identity: str) -> None:
        stream = rtc.AudioStream(track, sample_rate=SAMPLE_RATE, num_channels=1, frame_size_ms=10)
        try:
            async for event in stream:
                self._hear(bytes(event.frame.data), identity, time.monotonic())
        finally:
            await stream.aclose()

    def _hear(self, samples: bytes, identity: str, now: float) -> None:
        if self._heard and now - self._heard[-1][0] >= GAP_SECONDS:
            self._note("no sound came", f"for {now - self._heard[-1][0]:.1f} s, not even silence")
        self._heard.append((now, identity, samples))
        values = np.frombuffer(samples, np.int16).astype(np.float64)
        if values.size == 0 or np.sqrt(np.mean(values**2)) < LOUD:
            return
        segments = self._record.segments
        last = next((n for n in range(len(segments) - 1, -1, -1) if segments[n].identity == identity), None)
        if last is not None and now - segments[last].ended <= BREATH_SECONDS:
            segments[last] = Segment(identity, segments[last].began, now)
        else:
            segments.append(Segment(identity, now - FRAME_SECONDS, now))

    async def _read(self, reader: rtc.TextStreamReader, identity: str) -> None:
        text = ""
        with contextlib.suppress(rtc.StreamError):  # the room closed in the middle of a sentence
            async for chunk in reader:
                text += chunk
                self._caption(reader, identity, text)
        self._caption(reader, identity, text)

    def _caption(self, reader: rtc.TextStreamReader, identity: str, text: str) -> None:
        attributes = reader.info.attributes or {}
        final = attributes.get("lk.transcription_final") == "true"
        segment = attributes.get("lk.segment_id", reader.info.stream_id)
        self._record.captions.append(Caption(identity, segment, text, final, time.monotonic()))

    def _note(self, what: str, detail: str = "") -> None:
        self._record.log.append(Entry(time.monotonic(), what, detail))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _is_agent(participant: rtc.RemoteParticipant) -> bool:
    return participant.kind == rtc.ParticipantKind.PARTICIPANT_KIND_AGENT


async def serve(connection: "multiprocessing.connection.Connection[Any, Any]") -> None:
    """Do what comes by the connection, one at a time, until it closes."""
    call = Call()
    with contextlib.suppress(EOFError):
        while True:
            name, arguments = await asyncio.to_thread(connection.recv)
            try:
                answer = await getattr(call, name)(*arguments)
            except Exception as error:
                connection.send((False, f"{type(error).__name__}: {error}"))
            else:
                connection.send((True, answer))
    await call.leave()


if __name__ == "__main__":
    asyncio.run(serve(multiprocessing.connection.Connection(int(sys.argv[1]))))
