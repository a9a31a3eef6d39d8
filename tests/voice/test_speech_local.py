"""The local stack with its real models: whisper understands piper, noise is no answer, and a dead piper is replaced."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from livekit import rtc
from livekit.agents import APIConnectionError, tts

from speech import local
from speech.local.piper_server import PiperServer
from speech.stack import Speech
from support.call_records import SAMPLE_RATE
from support.caller import cough
from support.candidates import SENTENCES
from support.emulators import require
from support.process import REPOSITORY, Child, wait_until
from support.speech import Ears, Voice
from support.word_errors import edits, words
from voice import recordings

WORD_ERROR_RATE_OF_THE_SUITE = 0.15
QUESTION = "Could you please introduce yourself?"
KEEPER = """
import time
from speech import local
print("piper", local.Stack.from_env({}).start_piper().pid, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def settings() -> local.Stack:
    """The installed models, loaded."""
    found = local.Stack.from_env({})
    found.prewarm()
    return found


@pytest.fixture
def piper(settings: local.Stack) -> Iterator[PiperServer]:
    """A piper that a test may kill."""
    server = settings.start_piper()
    assert server is not None
    yield server
    server.close()


def hear(speech: Speech, samples: bytes) -> str:
    """what the worker's recogniser makes of a sound at 48 kHz."""

    async def recognise() -> str:
        event = await speech.stt.recognize(rtc.AudioFrame(samples, SAMPLE_RATE, 1, len(samples) // 2))
        return " ".join(alternative.text for alternative in event.alternatives)

    return asyncio.run(recognise())


async def say(voice: tts.TTS, text: str) -> rtc.AudioFrame:
    return await voice.synthesize(text).collect()


def test_the_sentences_of_the_suite_are_understood(settings: local.Stack, voice: Voice) -> None:
    """The word error rate over everything that candidates say in the tests, printed and within what is promised."""
    speech = replace(settings, piper_url="http://127.0.0.1:9").build()
    heard = [hear(speech, voice.say(sentence).samples) for sentence in SENTENCES]
    wrong = [edits(words(said), words(understood)) for said, understood in zip(SENTENCES, heard, strict=True)]
    rate = sum(wrong) / sum(len(words(sentence)) for sentence in SENTENCES)
    print(f"\nword error rate over {len(SENTENCES)} sentences: {rate:.1%}")

    assert rate <= WORD_ERROR_RATE_OF_THE_SUITE
    assert max(wrong) <= 4


def noises() -> dict[str, bytes]:
    """What a microphone picks up beside speech; two seconds each."""
    chance = np.random.default_rng(1)
    time = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    sounds = {
        "hiss": chance.normal(0, 600, time.size),
        "loud hiss": chance.normal(0, 6_000, time.size),
        "hum": 2_000 * np.sign(np.sin(2 * np.pi * 50 * time)),
        "beep": 8_000 * np.sin(2 * np.pi * 440 * time),
        "clicks": 16_000 * (np.arange(time.size) % 12_000 < 90),
    }
    silent = {"silence": bytes(4 * SAMPLE_RATE), "a blink": bytes(480), "cough": cough(), "two coughs": 2 * cough(0.4)}
    return silent | {name: sound.astype(np.int16).tobytes() for name, sound in sounds.items()}


@pytest.mark.parametrize("name", noises())
def test_noise_is_no_answer(settings: local.Stack, name: str) -> None:
    """Whisper is known to thank for watching when there is nothing to hear; such words must never become a turn."""
    assert hear(replace(settings, piper_url="http://127.0.0.1:9").build(), noises()[name]) == ""


def test_the_worker_goes_on_while_it_listens(settings: local.Stack, voice: Voice) -> None:
    """Recognition runs beside the event loop, on which the room's audio depends."""
    speech = replace(settings, piper_url="http://127.0.0.1:9").build()
    samples = voice.say(SENTENCES[0]).samples

    async def ticks() -> int:
        recognition = asyncio.create_task(
            speech.stt.recognize(rtc.AudioFrame(samples, SAMPLE_RATE, 1, len(samples) // 2))
        )
        count = 0
        while not recognition.done():
            await asyncio.sleep(0.005)
            count += 1
        return count

    assert asyncio.run(ticks()) > 10


def test_what_piper_says_is_understood(settings: local.Stack, piper: PiperServer) -> None:
    """The worker's own voice and recogniser, one after the other."""

    async def heard() -> str:
        speech = replace(settings, piper_url=piper.url).build()
        event = await speech.stt.recognize(await say(speech.tts, QUESTION))
        await speech.aclose()
        return event.alternatives[0].text

    assert words(asyncio.run(heard())) == words(QUESTION)


def test_another_voice_helps_out_when_piper_dies(settings: local.Stack, piper: PiperServer) -> None:
    """The sentence is spoken all the same, and piper speaks again when it is back."""
    require(None if local.find_espeak() else "espeak-ng is not installed")
    served: list[str] = []

    async def talk() -> None:
        speech = replace(settings, piper_url=piper.url).build()
        speech.tts.on("metrics_collected", lambda metrics: served.append(metrics.metadata.model_name))
        await say(speech.tts, QUESTION)
        os.kill(piper.pid, signal.SIGKILL)
        assert (await say(speech.tts, QUESTION)).duration > 1
        await asyncio.to_thread(wait_until, piper.healthy, 30, "piper again")
        while served[-1] != "piper":
            await say(speech.tts, QUESTION)
            await asyncio.sleep(0.2)
        await speech.aclose()

    asyncio.run(asyncio.wait_for(talk(), 60))
    assert (served[0], served[1], served[-1]) == ("piper", "espeak-ng", "piper")


def test_without_another_voice_a_dead_piper_is_an_error(
    settings: local.Stack, piper: PiperServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where espeak-ng is not installed, the worker hears of it and plays its recording."""
    monkeypatch.setenv("PATH", str(tmp_path))
    speech = replace(settings, piper_url=piper.url).build()
    piper.close()

    async def talk() -> None:
        try:
            await say(speech.tts, QUESTION)
        finally:
            await speech.aclose()

    with pytest.raises(APIConnectionError):
        asyncio.run(talk())


def test_piper_comes_back_at_the_same_address(piper: PiperServer) -> None:
    """Its address is in the settings of jobs that run, so it must not change."""
    url, first = piper.url, piper.pid
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: piper.pid != first and piper.healthy(), 30, "another piper")

    assert piper.url == url


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_piper_ends_with_the_worker() -> None:
    """Even a worker that is killed leaves no process behind."""
    environ = os.environ | {"PYTHONPATH": str(REPOSITORY / "agent_service")}
    worker = Child([sys.executable, "-c", KEEPER], env=environ)
    try:
        worker.wait_until_ready(lambda: "piper " in worker.log, 60)
        pid = int(worker.log.partition("piper ")[2].split()[0])
        assert alive(pid)
        os.kill(worker.pid, signal.SIGKILL)
        wait_until(lambda: not alive(pid), 10, "the end of piper")
    finally:
        worker.close()


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be noticed is dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_recording_says_its_text(ears: Ears) -> None:
    """Somebody who changes the text must record it again."""

    async def sound() -> rtc.AudioFrame:
        return rtc.combine_audio_frames([frame async for frame in recordings.recording(recordings.SPEECH_IS_DOWN)])

    frame = asyncio.run(sound())
    heard = ears.hear(bytes(frame.data), frame.sample_rate)
    assert edits(words(recordings.text_of(recordings.SPEECH_IS_DOWN)), words(heard)) <= 2
