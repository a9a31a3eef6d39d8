#!/usr/bin/env bash
# livekit-agents 1.8.9 (PyPI): `AgentSession.commit_user_turn(skip_reply=True)` gives the words of a turn to its caller, and
# the session keeps them for another endpointing delay (`min_delay`). Sound within that time, with words or without, takes
# the commit back: when the sound ends, the same words complete a turn once more, with a reply this time. That turn also
# interrupts whatever the agent is saying by then, which is the reply to the first one.
#
# Seen with Python 3.11: a turn is committed 0.6 s after speech began. Where silence follows, no turn comes after it; where
# the last sound goes on for 0.4 s in which no word is recognised, `on_user_turn_completed` gets the committed words again.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check livekit-agents==1.8.9

"$work/venv/bin/python" - <<'PYTHON'
import asyncio
import time

from livekit import rtc
from livekit.agents import Agent, AgentSession, StopResponse, io, stt, utils, vad

RATE, SECONDS = 16_000, 0.02
SAMPLES = int(RATE * SECONDS)


def frame(loud):
    return rtc.AudioFrame((b"\x00\x20" if loud else b"\x00\x00") * SAMPLES, RATE, 1, SAMPLES)


class Microphone(io.AudioInput):
    """Sound for so many seconds, then silence."""

    def __init__(self, seconds):
        super().__init__(label="microphone")
        self.ends = time.monotonic() + seconds

    async def __anext__(self):
        await asyncio.sleep(SECONDS)
        return frame(loud=time.monotonic() < self.ends)


class Loudness(vad.VAD):
    """What is loud is speech; 0.3 s of silence end it."""

    def __init__(self):
        super().__init__(capabilities=vad.VADCapabilities(update_interval=SECONDS))

    def stream(self):
        return Stream(self)


class Stream(vad.VADStream):
    async def _main_task(self):
        loud = silent = 0.0
        speaking = False
        async for sound in self._input_ch:
            if not isinstance(sound, rtc.AudioFrame):
                continue
            loud, silent = (loud + sound.duration, 0.0) if any(sound.data[:8]) else (0.0, silent + sound.duration)
            before, speaking = speaking, loud >= 0.06 or (speaking and silent < 0.3)
            kinds = [vad.VADEventType.INFERENCE_DONE]
            if before != speaking:
                kinds.append(vad.VADEventType.START_OF_SPEECH if speaking else vad.VADEventType.END_OF_SPEECH)
            for kind in kinds:
                self._event_ch.send_nowait(vad.VADEvent(
                    type=kind, samples_index=0, timestamp=time.time(), speech_duration=loud, silence_duration=silent,
                    frames=[sound], speaking=speaking, raw_accumulated_silence=silent, raw_accumulated_speech=loud,
                ))


class Ear(stt.STT):
    """Recognises a sentence in the first stretch of speech, and no word in any other."""

    def __init__(self):
        super().__init__(capabilities=stt.STTCapabilities(streaming=False, interim_results=False))
        self.words = ["I build robots."]

    async def _recognize_impl(self, buffer, *, language=None, conn_options=None):
        heard = [stt.SpeechData(language="en", text=self.words.pop() if self.words else "")]
        return stt.SpeechEvent(stt.SpeechEventType.FINAL_TRANSCRIPT, utils.shortuuid(), alternatives=heard)


class Listener(Agent):
    def __init__(self):
        super().__init__(instructions="Listen.")
        self.turns = []

    async def on_user_turn_completed(self, turn_ctx, new_message):
        self.turns.append(new_message.text_content)
        raise StopResponse


async def committed(seconds):
    """Commit a turn 0.6 s after sound began that lasts so long. What that gave, and the turns that came after it."""
    session = AgentSession(stt=Ear(), vad=Loudness(), turn_handling={
        "turn_detection": "vad", "endpointing": {"mode": "fixed", "min_delay": 0.7, "max_delay": 0.7},
    })
    listener = Listener()
    session.input.audio = Microphone(seconds)
    await session.start(listener)
    await asyncio.sleep(0.6)
    session.input.set_audio_enabled(False)
    future = session.commit_user_turn(stt_flush_duration=0.6, skip_reply=True)
    await asyncio.sleep(0)
    session.input.set_audio_enabled(True)
    gave = await future
    await asyncio.sleep(2.5)
    await session.aclose()
    return gave, listener.turns


async def main():
    quiet, loud = await committed(0.55), await committed(1.0)
    print(f"silence after it: committed {quiet[0]!r}, then completed {quiet[1]}")
    print(f"0.4 s of sound after it: committed {loud[0]!r}, then completed {loud[1]}")
    said = "I build robots."
    return (quiet, loud) == ((said, []), (said, [said]))


raise SystemExit(0 if asyncio.run(main()) else "The behaviour changed.")
PYTHON
