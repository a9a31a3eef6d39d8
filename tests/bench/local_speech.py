"""How fast and how large the local speech stack is on this machine; printed, never asserted."""

import asyncio
import os
import shutil
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from livekit import rtc
from livekit.agents import tts
from livekit.agents.tts import StreamAdapter

from speech import local
from speech.local.espeak import EspeakTTS
from speech.local.piper_server import PiperServer
from support.call_records import SAMPLE_RATE
from support.candidates import SENTENCES
from support.speech import Voice
from support.word_errors import edits, words

TEXTS = {
    "a short sentence": "Could you please introduce yourself?",
    "a long sentence": """Thank you, that gives me a clear picture, and now I would like to hear about one project
        in which you had to decide between two options without knowing enough.""",
}
ROUNDS = 7


async def first_sound(mouth: tts.TTS, text: str) -> tuple[float, float, float]:
    """Seconds to the first frame and to the last one, and how long the speech is."""
    began = time.perf_counter()
    first, length = 0.0, 0.0
    async with StreamAdapter(tts=mouth).stream() as stream:
        stream.push_text(text)
        stream.end_input()
        async for audio in stream:
            first = first or time.perf_counter() - began
            length += audio.frame.duration
    return first, time.perf_counter() - began, length


async def bench_voice(name: str, mouth: tts.TTS) -> None:
    """Print how long a listener waits."""
    await first_sound(mouth, "Hello.")
    for what, text in TEXTS.items():
        rounds = [await first_sound(mouth, text) for _ in range(ROUNDS)]
        first, whole, length = (statistics.median(values) for values in zip(*rounds, strict=True))
        print(f"{name}, {what} of {length:.1f} s: first sound {first:.2f} s, whole {whole:.2f} s")
    await mouth.aclose()


async def bench_recogniser(settings: local.Stack) -> None:
    """Print how long recognition takes and how much of it is right."""
    recogniser = settings.stt()
    seconds, wrong, total = [], 0, 0
    with Voice() as voice:
        for sentence in SENTENCES:
            samples = voice.say(sentence).samples
            frame = rtc.AudioFrame(samples, SAMPLE_RATE, 1, len(samples) // 2)
            began = time.perf_counter()
            event = await recogniser.recognize(frame)
            seconds.append(time.perf_counter() - began)
            wrong += edits(words(sentence), words(event.alternatives[0].text if event.alternatives else ""))
            total += len(words(sentence))
    print(f"whisper, an answer: p50 {statistics.median(seconds):.2f} s, slowest {max(seconds):.2f} s")
    print(f"whisper, {len(SENTENCES)} answers by piper: word error rate {wrong / total:.1%}")


def resident(pid: int) -> int:
    """Megabytes of a process, shared ones divided among those who share them."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) // 1024


def timed(name: str, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    work()
    print(f"{name}: {time.perf_counter() - began:.2f} s")


async def bench(settings: local.Stack, piper: PiperServer) -> None:
    """Print everything."""
    voices: list[Awaitable[None]] = [bench_voice("piper", replace(settings, piper_url=piper.url).tts())]
    if program := shutil.which("espeak-ng"):
        voices.append(bench_voice("espeak-ng", EspeakTTS(program, settings.language)))
    for voice in voices:
        await voice
    await bench_recogniser(replace(settings, piper_url=piper.url))
    print(f"memory: piper {resident(piper.pid)} MB, whisper with its process {resident(os.getpid())} MB")


def main() -> None:
    """Load the models and measure."""
    settings = local.Stack.from_env({})
    began = time.perf_counter()
    piper = settings.start_piper()
    assert piper is not None
    print(f"piper, until it answers: {time.perf_counter() - began:.2f} s")
    timed("whisper, until it is loaded", settings.prewarm)
    asyncio.run(bench(settings, piper))
    piper.close()


if __name__ == "__main__":
    main()
