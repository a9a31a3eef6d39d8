"""A stand-in for the worker, run as a script: it says one WAV when it is called, and keeps what it heard."""

import asyncio
import sys
import wave
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from livekit import rtc

RATE = 48_000
WORDS = "Welcome. Could you please introduce yourself?"


class SpeakingAgent:
    """Answers the RPC methods of a worker: `interview.changed` speaks, `interview.done` saves what was heard."""

    def __init__(self, speech: Path, heard: Path) -> None:
        self._speech = speech
        self._heard_path = heard
        self._heard = bytearray()
        self._room = rtc.Room()
        self._source = rtc.AudioSource(RATE, 1)
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, url: str, token: str) -> None:
        self._room.on("track_subscribed", self._subscribed)
        gone = asyncio.Event()
        self._room.on("disconnected", lambda reason: gone.set())
        await self._room.connect(url, token)
        me = self._room.local_participant
        me.register_rpc_method("interview.changed", self._changed)
        me.register_rpc_method("interview.done", self._done)
        await me.publish_track(rtc.LocalAudioTrack.create_audio_track("voice", self._source))
        await me.set_attributes({"stage": "intro"})
        await gone.wait()

    async def _changed(self, call: rtc.RpcInvocationData) -> str:
        self._spawn(self._speak())
        return "ok"

    async def _done(self, call: rtc.RpcInvocationData) -> str:
        with wave.open(str(self._heard_path), "wb") as wav:
            wav.setparams((1, 2, RATE, 0, "NONE", ""))
            wav.writeframes(bytes(self._heard))
        return "ok"

    async def _speak(self) -> None:
        with wave.open(str(self._speech)) as wav:
            samples = wav.readframes(wav.getnframes())
        writer = await self._room.local_participant.stream_text(
            topic="lk.transcription", attributes={"lk.segment_id": "SG_1", "lk.transcription_final": "false"}
        )
        for word in WORDS.split():
            await writer.write(f"{word} ")
        for start in range(0, len(samples), 960):
            piece = samples[start : start + 960]
            await self._source.capture_frame(rtc.AudioFrame(piece, RATE, 1, len(piece) // 2))
        await self._source.wait_for_playout()
        await writer.aclose(attributes={"lk.transcription_final": "true"})
        await self._room.local_participant.set_attributes({"stage": "experience"})

    def _subscribed(self, track: rtc.Track, *_: object) -> None:
        self._spawn(self._listen(track))

    async def _listen(self, track: rtc.Track) -> None:
        async for event in rtc.AudioStream(track, sample_rate=RATE, num_channels=1):
            self._heard += bytes(event.frame.data)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def main(url: str, token: str, speech: str, heard: str) -> None:
    """Make the agent inside of the loop that it lives in."""
    await SpeakingAgent(Path(speech), Path(heard)).run(url, token)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
