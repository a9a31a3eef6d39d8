"""The small parts of the local stack: sound as bytes, what counts as speech, the recordings, and how voices fail."""

import asyncio
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from livekit.agents import APIConnectionError, APIConnectOptions, APIError, APIStatusError, APITimeoutError

from speech import pcm
from speech.local import whisper
from speech.local.espeak import EspeakTTS
from speech.local.piper import PiperTTS
from speech.local.piper_server import PiperServer, PiperUnavailable
from support.local_server import Exchange, LocalServer
from voice import recordings

ONCE = APIConnectOptions(max_retry=0, timeout=5)
IN_HASTE = APIConnectOptions(max_retry=0, timeout=0.3)


@dataclass
class Segment:
    """What faster-whisper would say."""

    text: str
    avg_logprob: float = -0.2
    no_speech_prob: float = 0.05
    compression_ratio: float = 1.2


def test_a_wav_comes_back_as_it_went() -> None:
    """Samples and rate survive the file format."""
    samples = struct.pack("<4h", 1, -2, 3, -4)

    assert pcm.read_wav(pcm.wav(samples, 22_050)) == (samples, 22_050)


@pytest.mark.parametrize("content", [b"", b"RIFF", b"<html></html>", b"RIFF\0\0\0\0WAVEfmt "])
def test_what_is_no_wav_is_refused(content: bytes) -> None:
    """Whatever a server answers instead of sound is a ValueError, never a crash of the format."""
    with pytest.raises(ValueError, match="no WAV"):
        pcm.read_wav(content)


def test_sound_keeps_its_length_at_another_rate() -> None:
    """A second stays a second, up to the resampler's own few samples."""
    second = np.sin(np.arange(22_050) * 2 * np.pi * 440 / 22_050) * 10_000
    at_16_khz = pcm.resampled(second.astype(np.int16).tobytes(), 22_050, 16_000)

    assert abs(len(at_16_khz) // 2 - 16_000) < 160


def test_speech_begins_at_its_first_sound() -> None:
    """Hiss before it is left out, pauses in it are not; what is silent all through stays as it is."""
    hiss, speech = struct.pack("<3h", 0, -99, 3), struct.pack("<4h", -100, 0, 32_767, 0)

    assert pcm.trim_leading_silence(hiss + speech) == speech
    assert pcm.trim_leading_silence(hiss) == hiss


@pytest.mark.parametrize("text", ["", "  ", "…", "- ", "\x00\x07", "?!"])
def test_text_without_a_sound_is_not_spoken(text: str) -> None:
    """A list's dash or a lonely dot must not make a voice fail."""
    assert pcm.speakable(text) == ""


def test_control_characters_are_not_spoken() -> None:
    """Words stay apart where a control character was."""
    assert pcm.speakable("one\x00two\n three") == "one two three"


def test_words_of_one_utterance_are_joined() -> None:
    """Segments become a sentence."""
    assert whisper.said([Segment(" I am Ada,"), Segment(" from Berlin.")]) == "I am Ada, from Berlin."


@pytest.mark.parametrize(
    "noise",
    [
        Segment("Thank you for watching!", no_speech_prob=0.7),
        Segment("you", avg_logprob=-1.3),
        Segment("the the the the the the the the the the the", compression_ratio=3.1),
    ],
)
def test_noise_is_heard_as_nothing(noise: Segment) -> None:
    """What whisper makes of noise never becomes an answer."""
    assert whisper.said([noise]) == ""


def test_a_recording_says_its_text() -> None:
    """The sound is as long as its words, and its frames follow each other without a gap."""

    async def seconds() -> float:
        return sum([frame.duration async for frame in recordings.recording(recordings.SPEECH_IS_DOWN)])

    assert "in writing" in recordings.text_of(recordings.SPEECH_IS_DOWN)
    assert 3 < asyncio.run(seconds()) < 10


def test_a_recording_that_does_not_exist_fails_at_once() -> None:
    """A wrong name is found where it is written, not in the middle of a sentence."""
    with pytest.raises(FileNotFoundError):
        recordings.recording("no-such-sentence")


def piper_fails(answer: Callable[[Exchange], None], options: APIConnectOptions = ONCE) -> APIError:
    """The error of a voice whose server answers like that."""
    with LocalServer(answer) as server:
        return failure(lambda: say(server.url, options))


async def say(url: str, options: APIConnectOptions = ONCE) -> None:
    piper = PiperTTS(url)
    try:
        await piper.synthesize("Hello.", conn_options=options).collect()
    finally:
        await piper.aclose()


def failure(speak: Callable[[], Awaitable[None]]) -> APIError:
    """The error that a voice ended with."""

    async def run() -> None:
        await speak()

    with pytest.raises(APIError) as caught:
        asyncio.run(run())
    return caught.value


def test_a_piper_that_refuses_may_be_asked_again() -> None:
    """A 500 is the framework's to retry."""
    error = piper_fails(lambda exchange: exchange.send(500))

    assert isinstance(error, APIStatusError)
    assert (error.status_code, error.retryable) == (500, True)


def test_a_piper_that_hangs_is_a_timeout() -> None:
    """Nobody waits longer than told."""
    assert isinstance(piper_fails(lambda exchange: exchange.hang(), IN_HASTE), APITimeoutError)


@pytest.mark.parametrize("answer", [lambda e: e.drop(), lambda e: e.send(200, b"<html>")], ids=["gone", "no sound"])
def test_a_piper_that_breaks_off_is_a_lost_connection(answer: Callable[[Exchange], None]) -> None:
    """A connection that ends and an answer that is no sound are the same to a listener."""
    error = piper_fails(answer)

    assert type(error) is APIConnectionError
    assert error.retryable


def test_a_piper_that_is_not_there_is_a_lost_connection() -> None:
    """Nobody listens at the address."""
    with LocalServer(lambda exchange: exchange.send(200)) as server:
        url = server.url

    assert type(failure(lambda: say(url))) is APIConnectionError


def test_a_sentence_without_a_sound_is_silence() -> None:
    """The framework takes a voice that pushes nothing for broken, and would log the text."""

    async def length() -> float:
        piper = PiperTTS("http://127.0.0.1:9")
        try:
            return (await piper.synthesize("…", conn_options=ONCE).collect()).duration
        finally:
            await piper.aclose()

    assert 0 < asyncio.run(length()) < 0.1


@pytest.mark.parametrize(
    ("program", "options", "expected"),
    [
        ("exit 1", ONCE, APIConnectionError),
        ("echo no sound", ONCE, APIConnectionError),
        ("exec sleep 5", IN_HASTE, APITimeoutError),
    ],
    ids=["fails", "no sound", "hangs"],
)
def test_espeak_fails_in_the_same_words(
    tmp_path: Path, program: str, options: APIConnectOptions, expected: type[APIError]
) -> None:
    """A program that ends badly, answers with something else or hangs."""
    path = script(tmp_path, program)

    assert type(failure(lambda: espeak(path, options))) is expected


def test_an_espeak_that_is_not_there_is_a_lost_connection(tmp_path: Path) -> None:
    """It may have been removed since the start."""
    assert type(failure(lambda: espeak(str(tmp_path / "espeak-ng")))) is APIConnectionError


async def espeak(program: str, options: APIConnectOptions = ONCE) -> None:
    await EspeakTTS(program, "en-US").synthesize("Hello.", conn_options=options).collect()


def script(directory: Path, line: str) -> str:
    path = directory / "espeak-ng"
    path.write_text(f"#!/bin/sh\ncat > /dev/null\n{line}\n")
    path.chmod(0o700)
    return str(path)


def test_a_broken_whisper_is_a_lost_connection(tmp_path: Path) -> None:
    """A model that cannot be loaded is livekit's error, so that the worker says that it does not hear."""
    recogniser = whisper.WhisperSTT(str(tmp_path), "en-US")
    frame = next(pcm.frames(pcm.silence(16_000, 0.1), 16_000, 100))

    async def hear() -> None:
        await recogniser.recognize(frame, conn_options=ONCE)

    assert type(failure(hear)) is APIConnectionError


def test_a_piper_that_cannot_start_says_why(tmp_path: Path) -> None:
    """The last line of its own words is in the sentence."""
    with pytest.raises(PiperUnavailable, match="Unable to find voice"):
        PiperServer(str(tmp_path / "no-voice.onnx")).start()


def test_a_piper_that_was_not_started_has_no_process() -> None:
    """It says so instead of giving a number."""
    with pytest.raises(PiperUnavailable, match="not started"):
        _ = PiperServer("voice.onnx").pid
