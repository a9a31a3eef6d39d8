"""Ours beside the least that a turn can cost and beside a plain app, in one run and by turns; prints a table.

The system under test has a processor to itself; emulator, model and candidates share the other one. Processor time can
be compared on a busy machine, too; what a clock on the wall says cannot. Nothing here is asserted.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import resource
import secrets
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from google.cloud import firestore

from interviewos.domain.interview import Candidate, Interview, Message, Meta, Role, Source, Status, new_interview
from interviewos.settings import Secrets
from interviewos.usecases.ports import InterviewStore
from interviewos.web.auth import SessionTokens
from support.emulators import FirestoreEmulator
from support.local_server import Exchange, LocalServer
from support.process import REPOSITORY, ManagedProcess, clean_environment, free_port
from support.stores import firestore_client, firestore_store, now, sqlite_file

APPS = Path(__file__).parent / "apps"
ROUNDS = 6
AT_ONCE = 32
THREADS = 40
STARTS = 5
INTERVIEWS, TURNS = 4, 5
"""Of a round, and the answers of each of them."""
SHORT, LONG = 10, 200
"""Turns that an interview has had where its growth is measured."""
LOOKS = 10
MODEL_SECONDS = 0.5
SYSTEM_CPU, OTHER_CPU = (1, 0) if len(os.sched_getaffinity(0)) > 1 else (None, None)
ENVIRONMENT = {
    "INGEST_SECRET": secrets.token_urlsafe(32),
    "SESSION_SIGNING_KEY": secrets.token_urlsafe(32),
    "THREADS": str(THREADS),
    "CALLS_PER_MINUTE": "100000",
    "CREATES_PER_MINUTE": "100000",
    "PYTHONPATH": f"{REPOSITORY}/functions",
}
ANSWER = "I build robots that sort parcels, and in the {} I {} the {}. My note is {}."
QUESTION = ("Thank you. ", "How did you {} ", "the {} ", "when the {} ", "had to {}?")
DOES = ("move", "plan", "test", "clean", "build", "check", "paint", "count", "order", "close", "draw", "lift", "learn")
THINGS = ("belts", "doors", "lamps", "racks", "scales", "trucks", "labels", "boxes", "motors", "cables", "gates")
WHEN = ("morning", "evening", "winter", "summer", "spring", "autumn", "night", "week", "month", "year")
_NOTE = re.compile(rb"My note is ([0-9a-f]{8})")


def answer(number: int, note: str) -> str:
    """Words of a candidate, in no two turns the same."""
    return ANSWER.format(_of(WHEN, number), _of(DOES, number), _of(THINGS, number), note)


def reply(number: int) -> list[str]:
    """A line of the interviewer's in pieces, in no two turns the same."""
    words = iter((_of(DOES, number), _of(THINGS, number), _of(WHEN, number), _of(DOES, number // 3 + 5)))
    return [piece.format(next(words)) if "{" in piece else piece for piece in QUESTION]


def _of(words: Sequence[str], number: int) -> str:
    return words[number % len(words)]


class Model(LocalServer):
    """Speaks at once, or after a while, as Gemini does on the wire; knows when it was asked and when it had answered.

    An answer of a candidate ends with a note, by which its question to the model is found.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self.times: dict[str, tuple[float, float]] = {}
        self._number = itertools.count()
        super().__init__(self._speak)

    def _speak(self, exchange: Exchange) -> None:
        asked = time.monotonic()
        exchange.pause(self.seconds)
        pieces = [*reply(next(self._number)), "\n<<<STAY>>>"]
        exchange.begin(200, {"Content-Type": "text/event-stream"})
        for piece in pieces:
            exchange.chunk(_chunk(piece, is_last=piece is pieces[-1]))
        exchange.end()
        notes = _NOTE.findall(exchange.body)
        if notes:
            self.times[notes[-1].decode()] = asked, time.monotonic()


def _chunk(text: str, is_last: bool) -> bytes:
    candidate: dict[str, Any] = {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}
    usage = {"promptTokenCount": 900, "candidatesTokenCount": 30, "totalTokenCount": 930}
    body: dict[str, Any] = {"candidates": [candidate], "modelVersion": "gemini-3.5-flash"}
    if is_last:
        candidate["finishReason"] = "STOP"
        body["usageMetadata"] = usage
    return b"data: " + json.dumps(body).encode() + b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request; its path, and what goes with it."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """An interview as its caller knows it."""

    id: str
    token: str = ""


class System(ManagedProcess):
    """A system under test: functions-framework with one source, on a processor of its own."""

    ready_seconds = 60
    target, source, health = "serve", "", "/health"

    def __init__(self, label: str, env: Mapping[str, str]) -> None:
        self.label = label
        self.port = free_port()
        self._env = clean_environment() | ENVIRONMENT | dict(env)

    def command(self) -> Sequence[str]:
        return self.served(self.target, self.port)

    def served(self, target: str, port: int) -> list[str]:
        """The command that serves one function."""
        pinned = [] if SYSTEM_CPU is None else ["taskset", "-c", str(SYSTEM_CPU)]
        python = [sys.executable, "-m", "functions_framework"]
        return [
            *pinned,
            *python,
            "--target",
            target,
            "--source",
            self.source,
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
        ]

    def environment(self) -> Mapping[str, str]:
        return self._env

    def healthy(self) -> bool:
        try:
            return answered(HTTPConnection("127.0.0.1", self.port, timeout=30), Call("GET", self.health)).status == 200
        except OSError:
            return False

    def connect(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=60)

    # what a caller does; a plain app has the paths of the floor

    def create(self) -> Session:
        return Session(json.loads(answered(self.connect(), Call("POST", "/create")).read())["id"])

    def first(self, session: Session) -> Call | None:
        """The call that begins an interview, where one is needed."""
        return None

    def answer(self, session: Session, text: str) -> Call:
        return Call("POST", f"/turn/{session.id}", {"text": text})

    def look(self, session: Session, turns: int, etag: str) -> Call:
        return Call("GET", f"/look/{session.id}?after={turns}")

    def grown(self, turns: int) -> Session:
        """Make an interview that has had so many turns, past the system."""
        raise NotImplementedError


class Floor(System):
    """The least on Firestore."""

    source = str(APPS / "floor.py")

    def __init__(self, label: str, env: Mapping[str, str], store: firestore.Client) -> None:
        super().__init__(label, env)
        self._store = store

    def grown(self, turns: int) -> Session:
        session = Session(str(uuid.uuid4()))
        told = [{"heard": answer(number, "x"), "said": "".join(reply(number))} for number in range(turns)]
        self._store.collection("floor").document(session.id).create({"turns": told})
        return session


class Plain(System):
    """The plain app."""

    source = str(APPS / "plain.py")

    def grown(self, turns: int) -> Session:
        session = self.create()
        told = [(("user", answer(n, "x")), ("model", "".join(reply(n)))) for n in range(turns)]
        with sqlite3.connect(self._env["PLAIN_DATABASE"], timeout=30) as store:
            rows = [(session.id, *line) for turn in told for line in turn]
            store.executemany("INSERT INTO message (session, role, text) VALUES (?, ?, ?)", rows)
        store.close()
        return session


class Ours(System):
    """All functions of ours in one process; a cold start is that of the function which takes the turns."""

    source = str(REPOSITORY / "functions" / "main.py")
    target = "dev"
    health = "/api/interview/ui/next_turn/health"

    def __init__(self, label: str, env: Mapping[str, str], store: InterviewStore) -> None:
        super().__init__(label, env)
        self._store = store
        self._tokens = SessionTokens(Secrets(ENVIRONMENT["SESSION_SIGNING_KEY"]))

    def create(self) -> Session:
        body = {"candidate_name": "Ada", "role": "Engineer"}
        made = json.loads(answered(self.connect(), Call("POST", "/api/interview/sessions/create", body)).read())
        return Session(made["session_id"], made["session_token"])

    def first(self, session: Session) -> Call:
        return self._turn(session, event_type="start")

    def answer(self, session: Session, text: str) -> Call:
        return self._turn(session, event_type="user_turn", event_id=str(uuid.uuid4()), user_text=text)

    def look(self, session: Session, turns: int, etag: str) -> Call:
        headers = {"Authorization": f"Bearer {session.token}", "If-None-Match": etag}
        return Call("GET", f"/api/interview/sessions/{session.id}/messages", None, headers)

    def _turn(self, session: Session, **event: str) -> Call:
        headers = {"Authorization": f"Bearer {session.token}", "Accept": "text/event-stream"}
        return Call("POST", "/api/interview/ui/next_turn", {"session_id": session.id, **event}, headers)

    def grown(self, turns: int) -> Session:
        made = new_interview(str(uuid.uuid4()), Candidate("Ada", "Engineer"), now(), timedelta(days=1))
        self._store.create(made)
        self._store.change(made.session_id, lambda found, at: (_after(found, turns), None))
        return Session(made.session_id, self._tokens.issue(made.session_id, made.incarnation, made.expire_at))


def _after(made: Interview, turns: int) -> Interview:
    """An interview that runs and has had so many turns."""
    said: list[Message] = []
    for number in range(turns):
        ids = (str(uuid.uuid4()),)
        heard = Message(2 * number + 2, Role.USER, made.stage, answer(number, "x"), now(), None, Meta(ids))
        line = Message(2 * number + 3, Role.AGENT, made.stage, "".join(reply(number)), now(), Source.MODEL, Meta(ids))
        said += [heard, line]
    wakes = now() + timedelta(minutes=20)
    running = replace(made, status=Status.RUNNING, seq=2 * turns + 1, messages=(*made.messages, *said))
    return replace(running, stage_started_at=now(), stage_deadline=wakes, moves_on_at=wakes, due_at=wakes)


# what a system takes


def cpu_seconds(group: int) -> float:
    """Processor time of all living processes of a group so far."""
    ticks = [sum(map(int, stat[11:13])) for _, stat in _processes(group)]
    return sum(ticks) / os.sysconf("SC_CLK_TCK")


def megabytes(group: int) -> float:
    """Memory of all processes of a group, what they share counted once (PSS)."""
    rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid, _ in _processes(group)]
    return sum(int(re.findall(r"^Pss: +(\d+)", text, re.MULTILINE)[0]) for text in rollups) / 1024


def _processes(group: int) -> Iterator[tuple[int, list[str]]]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            stat = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(stat[2]) == group:
            yield int(path.parent.name), stat


# calls


def answered(connection: HTTPConnection, call: Call) -> HTTPResponse:
    """The answer to a call, its head read."""
    body = None if call.body is None else json.dumps(call.body).encode()
    headers = {"Content-Type": "application/json", **(call.headers or {})}
    connection.request(call.method, call.path, body, headers)
    return connection.getresponse()


def made(connection: HTTPConnection, call: Call) -> tuple[float, str]:
    """Seconds of a call up to its last byte, and the answer's ETag. Raises where it was refused."""
    begun = time.monotonic()
    response = answered(connection, call)
    body = response.read()
    if response.status not in (200, 304) or b"event: problem" in body:
        raise RuntimeError(f"{call.path}: {response.status} {body[-400:].decode()}")
    return time.monotonic() - begun, response.headers.get("ETag", "")


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds: of a whole turn, of what came before the model was asked, and of the model's own part."""

    whole: float
    before: float
    model: float


def take_turn(system: System, model: Model, connection: HTTPConnection, session: Session) -> Turn:
    """Answer once."""
    note = secrets.token_hex(4)
    begun = time.monotonic()
    whole, _ = made(connection, system.answer(session, answer(int(note, 16), note)))
    asked, spoken = model.times.pop(note)
    return Turn(whole, asked - begun, spoken - asked)


# figures

Figures = dict[str, dict[str, list[float]]]
"""What was measured, by row and then by system."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The systems, what they share, and what was measured of them."""

    systems: Sequence[System]
    model: Model
    figures: Figures

    def note(self, row: str, system: System, *values: float) -> None:
        self.figures[row][system.label].extend(values)

    def begun(self, system: System) -> Session:
        """An interview that waits for its first answer."""
        session = system.create()
        if first := system.first(session):
            made(system.connect(), first)
        return session

    def one_after_the_other(self, system: System) -> None:
        """Interviews one at a time, with a look after each turn."""
        sessions = [self.begun(system) for _ in range(INTERVIEWS)]
        turns, spent = [], cpu_seconds(system.pid)
        for session in sessions:
            connection, etag = system.connect(), ""
            for number in range(TURNS):
                turns.append(take_turn(system, self.model, connection, session))
                _, etag = made(connection, system.look(session, number + 1, etag))
            connection.close()
        self.note(CPU, system, (cpu_seconds(system.pid) - spent) * 1000 / len(turns))
        self.note(WHOLE, system, *((turn.whole - turn.model) * 1000 for turn in turns))
        self.note(BEFORE, system, *(turn.before * 1000 for turn in turns))

    def at_once(self, system: System, seconds: float) -> None:
        """Many interviews together, their answers without a pause."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            sessions = list(pool.map(lambda _: self.begun(system), range(AT_ONCE)))
            gate = threading.Barrier(AT_ONCE)
            self.model.seconds, spent, begun = seconds, cpu_seconds(system.pid), time.monotonic()
            turns = [
                turn for taken in pool.map(lambda each: self._answers(system, each, gate), sessions) for turn in taken
            ]
        took, spent = time.monotonic() - begun, cpu_seconds(system.pid) - spent
        self.model.seconds = 0.0
        if seconds:
            self.note(SLOW_P95, system, statistics.quantiles([turn.whole * 1000 for turn in turns], n=20)[18])
        else:
            self.note(CPU_AT_ONCE, system, spent * 1000 / len(turns))
            self.note(RATE, system, len(turns) / took)
        self.note(MEMORY_AT_ONCE, system, megabytes(system.pid))

    def _answers(self, system: System, session: Session, gate: threading.Barrier) -> list[Turn]:
        connection = system.connect()
        gate.wait()
        try:
            return [take_turn(system, self.model, connection, session) for _ in range(TURNS)]
        finally:
            connection.close()

    def growth(self, system: System) -> None:
        """A turn of a short interview and of a long one, each after the turn before it, and looks with nothing new."""
        for turns in (SHORT, LONG):
            sessions, connection = [system.grown(turns - 2) for _ in range(INTERVIEWS)], system.connect()
            for session in sessions:
                take_turn(system, self.model, connection, session)
            spent = cpu_seconds(system.pid)
            taken = [take_turn(system, self.model, connection, session) for session in sessions]
            self.note(CPU_AT[turns], system, (cpu_seconds(system.pid) - spent) * 1000 / len(taken))
            self.note(AT[turns], system, *((turn.whole - turn.model) * 1000 for turn in taken))
            connection.close()
        self.looks(system, system.connect(), sessions[-1])

    def looks(self, system: System, connection: HTTPConnection, session: Session) -> None:
        _, etag = made(connection, system.look(session, 0, ""))
        seen = 2 * LONG if isinstance(system, Plain) else LONG
        spent = cpu_seconds(system.pid)
        self.note(LOOK, system, *(made(connection, system.look(session, seen, etag))[0] * 1000 for _ in range(LOOKS)))
        self.note(LOOK_CPU, system, (cpu_seconds(system.pid) - spent) * 1000 / LOOKS)

    def memory(self, system: System) -> None:
        """What a process has that has taken two turns."""
        session, connection = self.begun(system), system.connect()
        for _ in range(2):
            take_turn(system, self.model, connection, session)
        self.note(MEMORY, system, megabytes(system.pid))

    def cold_start(self, system: System) -> None:
        """A process of its own, from its start to its first answer and to the end of its first turn."""
        session, port = system.create(), free_port()
        target = "next_turn" if isinstance(system, Ours) else system.target
        call = system.first(session) or system.answer(session, answer(0, secrets.token_hex(4)))
        begun = time.monotonic()
        quiet = subprocess.DEVNULL
        command, env = system.served(target, port), system.environment()
        process = subprocess.Popen(command, env=env, stdout=quiet, stderr=quiet, start_new_session=True)
        try:
            _until_answered(port, system.health)
            self.note(FIRST_ANSWER, system, (time.monotonic() - begun) * 1000)
            made(HTTPConnection("127.0.0.1", port, timeout=60), call)
            self.note(FIRST_TURN, system, (time.monotonic() - begun) * 1000)
            self.note(START_CPU, system, cpu_seconds(process.pid) * 1000)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()


def _until_answered(port: int, path: str) -> None:
    while True:
        try:
            made(HTTPConnection("127.0.0.1", port, timeout=60), Call("GET", path))
            return
        except ConnectionError:
            time.sleep(0.002)


WHOLE = "whole turn less the model, p50, ms"
BEFORE = "before the model is asked, p50, ms"
CPU = "processor time of a turn (and a look), ms"
CPU_AT_ONCE = f"processor time of a turn, {AT_ONCE} at once, ms"
RATE = f"turns/s a processor, {AT_ONCE} at once, model 0 ms"
SLOW_P95 = f"whole turn, {AT_ONCE} at once, model {MODEL_SECONDS * 1000:.0f} ms, p95, ms"
AT = {turns: f"turn {turns} less the model, p50, ms" for turns in (SHORT, LONG)}
GROWTH = f"turn {LONG} over turn {SHORT}"
CPU_AT = {turns: f"processor time of turn {turns}, ms" for turns in (SHORT, LONG)}
LOOK = f"a look with nothing new, at turn {LONG}, p50, ms"
LOOK_CPU = "processor time of such a look, ms"
MEMORY = "memory after two turns, MB (PSS)"
MEMORY_AT_ONCE = f"memory, {AT_ONCE} at once, MB (PSS)"
FIRST_ANSWER = "cold start to the first answer, ms"
FIRST_TURN = "cold start and first turn, ms"
START_CPU = "processor time of both, ms"
GOALS = {
    WHOLE: "≤ 1.35",
    BEFORE: "≤ 1.6",
    CPU: "≤ 1.3",
    CPU_AT_ONCE: "≤ 1.4",
    RATE: "≥ 0.8",
    SLOW_P95: "≤ 1.1",
    AT[SHORT]: "",
    AT[LONG]: "",
    GROWTH: "≤ 1.5, ours",
    CPU_AT[SHORT]: "",
    CPU_AT[LONG]: "",
    LOOK: "≤ 1.5",
    LOOK_CPU: "",
    MEMORY: "≤ 0.95",
    MEMORY_AT_ONCE: "≤ 1.0",
    FIRST_ANSWER: "≤ 0.6",
    FIRST_TURN: "≤ 0.9",
    START_CPU: "",
}
"""The rows of the table, and what ours is to be of the floor's."""


def measure(bench: Bench) -> None:
    """Everything, the systems by turns."""
    for system in bench.systems:
        bench.memory(system)
    for _ in range(ROUNDS):
        for system in bench.systems:
            bench.one_after_the_other(system)
    for seconds in (0.0, 0.0, MODEL_SECONDS, MODEL_SECONDS):
        for system in bench.systems:
            bench.at_once(system, seconds)
    for part, times in ((bench.growth, 3), (bench.cold_start, STARTS)):
        for _ in range(times):
            for system in bench.systems:
                part(system)


def table(bench: Bench) -> str:
    """What was measured, processor time as a mean and all else as a median, as Markdown."""
    labels = [system.label for system in bench.systems]
    lines = [["figure", *labels, "ours / floor", "to reach"], ["---", *["---:"] * (len(labels) + 2)]]
    for row, goal in GOALS.items():
        values = [_figure(bench.figures, row, label) for label in labels]
        ratio = values[1] / values[0] if values[0] else float("nan")
        cells = [f"{value:,.0f}" if value >= 200 else f"{value:,.1f}" for value in values]
        lines.append([row, *cells, f"{ratio:.2f}", goal])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _figure(figures: Figures, row: str, label: str) -> float:
    if row == GROWTH:
        return _figure(figures, AT[LONG], label) / _figure(figures, AT[SHORT], label)
    values = figures[row][label]  # processor time is counted in ticks of 10 ms, so that a median of it would lie
    return statistics.mean(values) if "processor time" in row else statistics.median(values)


# the machine


def busy_seconds() -> float:
    """Processor time of everything on this machine since it started, waiting left out."""
    user, nice, system, _, _, irq, softirq, *_ = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def own_seconds() -> float:
    """Processor time of this process and of all that it started and saw end."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def beside(begun: float, busy: float) -> str:
    """Say what else the machine was doing in this time."""
    seconds, others = time.monotonic() - begun, busy_seconds() - busy - own_seconds()
    share, load = max(0.0, others) / seconds, os.getloadavg()
    pinned = "the system alone on one, all else on another" if SYSTEM_CPU is not None else "all on one"
    return (
        f"{time.strftime('%d %B %Y, %H:%M', time.gmtime())} UTC, {seconds:.0f} s, {os.cpu_count()} processors"
        f" ({pinned}); beside it other programs took {share:.2f} processors, load average {load[0]:.1f} at the end and"
        f" {load[2]:.1f} before.\n"
        "Processor time can be compared on a busy machine; wall time and rates only on a quiet one."
    )


def systems(stack: ExitStack, model: Model, folder: Path) -> list[System]:
    """Start everything; what this process starts besides the systems stays on its own processor."""
    asks = {"GOOGLE_API_KEY": "a-key-for-the-local-model", "GOOGLE_GEMINI_BASE_URL": model.url}
    emulator = stack.enter_context(FirestoreEmulator())
    cloud = asks | {"FIRESTORE_EMULATOR_HOST": emulator.host, "GOOGLE_CLOUD_PROJECT": "demo-ours"}
    client, other = firestore_client(emulator.host, "demo-floor")
    store, channel = firestore_store(emulator.host, "demo-ours", timeout_seconds=20)
    stack.callback(channel.close)
    stack.callback(other.close)
    made = [
        Floor("floor", cloud, client),
        Ours("ours", cloud, store),
        Ours("ours, SQLite", asks | {"INTERVIEWOS_DATA": str(folder)}, sqlite_file(folder)),
        Plain("plain, SQLite", asks | {"PLAIN_DATABASE": str(folder / "plain.db")}),
    ]
    return [stack.enter_context(system) for system in made]


def main() -> None:
    """Print one table."""
    if reason := FirestoreEmulator.why_not():
        print(f"Nothing to compare: {reason}")
        return
    if OTHER_CPU is not None:
        os.sched_setaffinity(0, {OTHER_CPU})
    begun, busy = time.monotonic(), busy_seconds()
    with Model() as model, tempfile.TemporaryDirectory() as folder:
        with ExitStack() as stack:
            bench = Bench(systems(stack, model, Path(folder)), model, defaultdict(lambda: defaultdict(list)))
            measure(bench)
        print(f"\n{table(bench)}\n\n{beside(begun, busy)}")


if __name__ == "__main__":
    main()
