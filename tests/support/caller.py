"""A candidate who speaks: joins the room of an interview, says sentences with a real voice, and hears the agent."""

import contextlib
import multiprocessing.connection
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from support.call_records import SAMPLE_RATE, Caption, Entry, Record, Segment, Spoken
from support.client import ApiClient
from support.process import clean_environment, wait_until
from support.speech import Voice

TokenSupplier = Callable[[], tuple[str, str]]
"""Gives the address of LiveKit and a token for the room."""

PATIENCE_SECONDS = 60
VOWEL = ((700, 90), (1150, 100), (2600, 150))
"""The formants of an open vowel, each with its width, in Hz."""


class CallFailed(Exception):
    """What LiveKit answered to something that the candidate tried."""


class Caller:
    """A spoken candidate with a process of its own. All times are `time.monotonic()`.

    `who` is a caller of the interview's HTTP contract, or a function that gives an address and a token.
    """

    def __init__(self, who: ApiClient | TokenSupplier, voice: Voice | None = None) -> None:
        self._tokens = _tokens_of(who) if isinstance(who, ApiClient) else who
        self._voice = voice or Voice()
        self._owns_voice = voice is None
        self._earlier = Record()
        self._process: subprocess.Popen[bytes] | None = None
        self._line: multiprocessing.connection.Connection[Any, Any] | None = None

    @property
    def pid(self) -> int:
        """The process that is in the room."""
        assert self._process is not None, "the candidate has not joined"
        return self._process.pid

    def join(self) -> Self:
        """Enter the room with an open microphone; again after `leave` or `drop`. Raises CallFailed."""
        if self._process is None:
            self._start()
        url, token = self._tokens()
        self._do("join", url, token)
        return self

    def leave(self) -> None:
        """Say goodbye to the room, as a page does that is closed."""
        self._do("leave")

    def drop(self) -> None:
        """Vanish without a word, as a browser does that crashes."""
        self._earlier = self.record
        self._earlier.log.append(Entry(time.monotonic(), "dropped"))
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """Send and receive nothing from now on, as without a network."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on after `freeze`."""
        self._signal(signal.SIGCONT)

    def simulate(self, scenario: str) -> None:
        """A fault of the connection by its name in LiveKit's SimulateScenarioKind."""
        self._do("simulate", scenario)

    def close(self) -> None:
        """Leave, and end the process and the voice."""
        if self._process is not None:
            self._earlier = self.record
            self._end()
        if self._owns_voice:
            self._voice.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def say(self, text: str) -> Spoken:
        """Say a sentence and return when its last sound was played."""
        return self.say_audio(self._voice.say(text).samples)

    def say_audio(self, samples: bytes) -> Spoken:
        """Play samples (SAMPLE_RATE, mono, 16 bit) and return when the last one was played."""
        self.begin_saying(samples)
        return self.end_of_speech()

    def begin_saying(self, samples: bytes) -> None:
        """Play samples and return at once."""
        self._do("play", samples)

    @property
    def speaking(self) -> bool:
        """Whether what was begun last goes on."""
        return self._do("said") is None

    def end_of_speech(self, seconds: float = 60) -> Spoken:
        """Wait until what was begun last is over."""
        wait_until(lambda: self._do("said") is not None, seconds, "the end of the candidate's speech")
        spoken = self._do("said")
        assert isinstance(spoken, Spoken)
        time.sleep(max(0.0, spoken.ended - time.monotonic()))
        return spoken

    def noise(self, seconds: float = 0.3) -> Spoken:
        """Cough: noise that begins at once and fades."""
        return self.say_audio(cough(seconds))

    @property
    def record(self) -> Record:
        """Everything noticed so far, before a `drop` too."""
        if self._process is None:
            return self._earlier
        now = self._do("record")
        assert isinstance(now, Record)
        return now.after(self._earlier)

    @property
    def log(self) -> list[Entry]:
        """What happened, in its order."""
        return self.record.log

    @property
    def disconnected(self) -> str:
        """Why the candidate is no longer in the room, by LiveKit's name; empty while it is."""
        return self.record.disconnected

    def agents(self) -> list[str]:
        """The identities of the agents in the room now, newest last."""
        return self.record.agents

    def wait_for_agent(self, seconds: float = 30) -> str:
        """Wait until there is an agent, and name the newest."""
        wait_until(lambda: bool(self.agents()), seconds, "an agent in the room")
        return self.agents()[-1]

    def attributes(self, identity: str | None = None) -> dict[str, str]:
        """What an agent says about itself, the newest if none is named."""
        record = self.record
        wanted = identity or next(reversed(record.agents), "")
        return {change.name: change.value for change in record.attributes if change.identity == wanted}

    def wait_for_attribute(self, name: str, value: str, seconds: float = 30) -> float:
        """Wait until an agent says so, and tell when it did first."""

        def when() -> list[float]:
            return [change.at for change in self.record.attributes if (change.name, change.value) == (name, value)]

        wait_until(lambda: bool(when()), seconds, f"the agent's attribute {name}={value}")
        return when()[0]

    def wait_for_question(self, known: str = "0", seconds: float = 60) -> str:
        """Wait until the interviewer has said something newer than message `known`, and listens.

        The number of its last message; empty when the interview is over.
        """
        end = time.monotonic() + seconds
        while True:
            if self.disconnected or self.attributes().get("over"):
                return ""
            if int((number := self.question()) or "0") > int(known):
                return number
            if time.monotonic() > end:
                raise TimeoutError(f"no question after message {known} within {seconds:g} s")
            time.sleep(0.1)

    def question(self) -> str:
        """The number of the newest message, when the interviewer has spoken since it thought last, and listens.

        Empty at the end of the interview, too, where a pause between two sentences asks nothing.
        """
        record = self.record
        agent = next(reversed(record.agents), "")
        said = [change for change in record.attributes if change.identity == agent]
        states = [change.value for change in said if change.name == "lk.agent.state"]
        over = any((change.name, change.value) == ("stage", "done") for change in said)
        listens = not over and states[-1:] == ["listening"] and "speaking" in states[-2:]
        return next((c.value for c in reversed(said) if c.name == "seq"), "") if listens else ""

    def captions(self, identity: str | None = None) -> list[Caption]:
        """The last state of every caption, in the order in which they began."""
        latest: dict[tuple[str, str], Caption] = {}
        for caption in self.record.captions:
            if identity in (None, caption.identity) and caption.text:
                latest[caption.identity, caption.segment_id] = caption
        return list(latest.values())

    def rpc(self, method: str, payload: str = "", *, identity: str = "", timeout_seconds: float = 3) -> str:
        """Call a method of the newest agent, or of the one named. Raises CallFailed."""
        wanted = identity or next(reversed(self.agents()), "")
        if not wanted:
            raise CallFailed("there is no agent in the room")
        return str(self._do("rpc", wanted, method, payload, timeout_seconds))

    def heard_segments(self, after: float = 0.0, pause_seconds: float = 0.5) -> list[Segment]:
        """When agents were heard; a shorter pause than `pause_seconds` does not end a segment."""
        joined: list[Segment] = []
        for segment in self.record.segments:
            before = joined[-1] if joined else None
            if before and before.identity == segment.identity and segment.began - before.ended <= pause_seconds:
                joined[-1] = Segment(segment.identity, before.began, segment.ended)
            else:
                joined.append(segment)
        return [segment for segment in joined if segment.ended > after]

    def heard(self, began: float, ended: float) -> bytes:
        """The sound of agents between two times since the last `join` after a `drop`: SAMPLE_RATE, mono, 16 bit."""
        sound = self._do("heard", began, ended)
        assert isinstance(sound, bytes)
        return sound

    def wait_for_speech(self, after: float, seconds: float = 30) -> Segment:
        """Wait until an agent is heard that was not heard at `after`."""

        def later() -> list[Segment]:
            return [segment for segment in self.record.segments if segment.began > after]

        wait_until(lambda: bool(later()), seconds, "the agent's speech")
        return later()[0]

    def wait_for_silence(self, seconds: float, patience_seconds: float = 60) -> float:
        """Wait until no agent was heard for so long, and tell when the last sound was."""

        def last_sound() -> float:
            return max((segment.ended for segment in self.record.segments), default=0.0)

        wait_until(lambda: time.monotonic() - last_sound() >= seconds, patience_seconds, "the agent's silence")
        return last_sound()

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "support.caller_process", str(theirs.fileno())],
                env=clean_environment() | {"PYTHONPATH": str(Path(__file__).parents[1])},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._line = multiprocessing.connection.Connection(ours.detach())

    def _do(self, name: str, *arguments: object) -> object:
        assert self._line is not None, "the candidate has not joined"
        try:
            self._line.send((name, arguments))
            if not self._line.poll(PATIENCE_SECONDS):
                raise CallFailed("the candidate's process does not answer; is it frozen?")
            succeeded, answer = self._line.recv()
        except (EOFError, OSError) as error:
            raise CallFailed("the candidate's process is gone") from error
        if not succeeded:
            raise CallFailed(answer)
        return answer

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None, "the candidate has not joined"
        self._process.send_signal(number)

    def _end(self, number: signal.Signals | None = None) -> None:
        """End the process: by a signal, or by hanging up, upon which it leaves the room."""
        assert self._process is not None
        assert self._line is not None
        if number is not None:
            self._process.send_signal(number)
        self._line.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._process.kill()
        self._process.wait()
        self._process = self._line = None


def cough(seconds: float = 0.3, seed: int = 1) -> bytes:
    """Noise that begins at once and fades: SAMPLE_RATE, mono, 16 bit."""
    noise = random.Random(seed)
    count = int(seconds * SAMPLE_RATE)
    fading = np.exp(-np.arange(count) / (count / 5))
    values = np.array([noise.gauss(0, 8_000) for _ in range(count)]) * fading
    return values.clip(-32_768, 32_767).astype(np.int16).tobytes()


def groan(seconds: float = 0.9, pitch: float = 110) -> bytes:
    """A voice without words, which takes itself for speech: SAMPLE_RATE, mono, 16 bit."""
    at = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    wave = 2 * np.pi * np.cumsum(pitch * (1 + 0.03 * np.sin(10 * np.pi * at)) * (1 - 0.15 * at / seconds)) / SAMPLE_RATE
    voice = sum(_loudness(number * pitch) * np.sin(number * wave) for number in range(1, 30))
    swell = np.minimum(1, np.minimum(at / 0.05, (seconds - at) / 0.08))
    values = voice * swell
    return bytes((values / np.abs(values).max() * 9_000).astype(np.int16).tobytes())


def _loudness(hertz: float) -> float:
    """How loud an open vowel is at a frequency."""
    return sum(float(np.exp(-0.5 * ((hertz - middle) / width) ** 2)) for middle, width in VOWEL)


def _tokens_of(api: ApiClient) -> TokenSupplier:
    def ask() -> tuple[str, str]:
        answer = api.voice_token()
        if answer.status != 200:
            raise CallFailed(f"token: {answer.status} {answer.body}")
        return str(answer["url"]), str(answer["token"])

    return ask
