"""Figures side by side, from one run on one machine: what a turn costs beside the model, and what a start costs.

Only the ratios travel from one machine to another. Nothing here is asserted: `make bench` prints, and a person reads.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from interviewos.adapters.no_voice import NoVoice
from interviewos.adapters.sqlite import SqliteStore
from interviewos.domain.interview import (
    Candidate,
    Event,
    EventType,
    Interview,
    Message,
    Meta,
    Part,
    Role,
    Source,
    new_interview,
)
from interviewos.usecases.ports import InterviewStore
from interviewos.usecases.turns import Turns
from support.client import ApiClient
from support.emulators import FirestoreEmulator
from support.fakes import FakeInterviewer, RecordingAlarm, last, plan
from support.gemini import FakeGemini, GeminiRequest, Text
from support.process import REPOSITORY
from support.puppet import interviewer_script
from support.server import DevServer
from support.stores import firestore_store, now, sqlite_file

TURNS = 100
WARM_UP = 10
MODEL_SECONDS = 0.3
ENTRY_POINTS = ("create", "messages", "next_turn", "token", "stage_timeout", "sweep")


def milliseconds(seconds: list[float]) -> tuple[float, float]:
    """Median and 95th percentile."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return cuts[9] * 1000, cuts[18] * 1000


def timed(call: Callable[[], object]) -> float:
    """Seconds that a call took."""
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


# a turn beside the model


@contextmanager
def stores(folder: Path) -> Iterator[dict[str, InterviewStore]]:
    """Every store that this machine can have."""
    made: dict[str, InterviewStore] = {
        "SQLite in memory": SqliteStore(":memory:", now),
        "SQLite in a file": sqlite_file(folder),
    }
    if reason := FirestoreEmulator.why_not():
        print(f"without Firestore: {reason}")
        yield made
        return
    with FirestoreEmulator() as emulator:
        firestore, channel = firestore_store(emulator.host, "demo-bench")
        yield made | {"Firestore emulator": firestore}
        channel.close()


def turn_seconds(store: InterviewStore, length: int) -> list[float]:
    """How long turns took whose transcript had this length and whose model took no time."""
    turns = Turns(lambda: plan(most_intro=10_000), store, FakeInterviewer(), RecordingAlarm(), NoVoice(), gate="off")
    taken = []
    for _ in range(WARM_UP + TURNS):
        session_id = interview_of(store, length)
        event = answer_to(session_id)
        taken.append(timed(lambda: last(turns.take_turn(event))))  # noqa: B023, called at once
    return taken[WARM_UP:]


def interview_of(store: InterviewStore, length: int) -> str:
    """A started interview with so many messages."""
    made = new_interview(str(uuid.uuid4()), Candidate("Ada", "Engineer"), now(), timedelta(days=1))
    store.create(made)
    last(Turns(plan, store, FakeInterviewer(), RecordingAlarm(), NoVoice()).take_turn(start_of(made.session_id)))

    def lengthen(found: Interview, at: datetime) -> tuple[Interview, None]:
        added = tuple(
            Message(seq, Role.AGENT, "intro", "Some words of a reply. " * 12, at, Source.FALLBACK, Meta((f"{seq}",)))
            for seq in range(found.seq + 1, length + 1)
        )
        return replace(found, messages=(*found.messages, *added), seq=found.seq + len(added)), None

    store.change(made.session_id, lengthen)
    return made.session_id


def start_of(session_id: str) -> Event:
    return Event(session_id, EventType.START, "start", uuid.uuid4().hex)


def answer_to(session_id: str) -> Event:
    event_id = str(uuid.uuid4())
    text = Part(event_id, "I build robots that sort parcels, mostly at night.")
    return Event(session_id, EventType.USER_TURN, event_id, uuid.uuid4().hex, (text,))


def bench_turns(folder: Path) -> None:
    """One table: each store at two lengths."""
    print(f"\nA turn without the model, ms of {TURNS} turns\n{'':22}{'2 messages':>18}{'40 messages':>18}{'ratio':>8}")
    base = 0.0
    with stores(folder) as made:
        for name, store in made.items():
            short, long = (milliseconds(turn_seconds(store, length)) for length in (2, 40))
            base = base or short[0]
            cells = "".join(f"{p50:9.2f} /{p95:7.2f}" for p50, p95 in (short, long))
            print(f"{name:22}{cells}{long[0] / short[0]:8.2f}   {short[0] / base:5.1f} x memory")
    print(f"{'':22}{'p50 /    p95':>18}{'p50 /    p95':>18}")


# many at once, through the real server


def slow_model(request: GeminiRequest) -> Text:
    """The puppet's words, after a model's time."""
    return Text(interviewer_script(request).text, first_delay_seconds=MODEL_SECONDS, chunk_size=0)


def interview_seconds(url: str, gate: threading.Barrier) -> list[float]:
    """One candidate's turns, in a connection of its own."""
    with ApiClient(url) as client:
        client.create(candidate_name="Ada", role="Engineer")
        gate.wait()
        taken = [timed(client.start)]
        for number in range(5):
            text = f"Answer {number}: I build robots that sort parcels."
            taken.append(timed(lambda: client.answer(text)))  # noqa: B023, called at once
        return taken


def bench_server(folder: Path, env: dict[str, str], store: str) -> None:
    """Candidates who answer without a pause."""
    with (
        FakeGemini(slow_model) as model,
        DevServer(folder, {"CREATES_PER_MINUTE": "100000", **model.env(), **env}) as server,
    ):
        alone = 0.0
        for number in (1, 8, 40):
            gate = threading.Barrier(number)
            begun = time.perf_counter()
            with ThreadPoolExecutor(number) as pool:
                calls = [pool.submit(interview_seconds, server.url, gate) for _ in range(number)]
                taken = [seconds for call in calls for seconds in call.result()]
            rate = len(taken) / (time.perf_counter() - begun)
            p50, p95 = milliseconds(taken)
            alone = alone or p50
            print(f"{store:20}{number:4} at once{p50:10.0f} /{p95:6.0f} ms{rate:8.1f} turns/s{p50 / alone:8.2f} x one")


def bench_servers(folder: Path) -> None:
    """One table: the server on each store."""
    print(f"\nA turn over HTTP with a model of {MODEL_SECONDS:g} s, p50 / p95")
    bench_server(folder / "sqlite", {}, "SQLite in a file")
    if FirestoreEmulator.why_not() is None:
        with FirestoreEmulator() as emulator:
            bench_server(folder / "firestore", {"FIRESTORE_EMULATOR_HOST": emulator.host}, "Firestore emulator")


# starts


def start_seconds(work: str, **env: str) -> float:
    """The best of three fresh processes; only the work counts, not the interpreter's own start."""
    secrets = {"INGEST_SECRET": uuid.uuid4().hex * 2, "SESSION_SIGNING_KEY": uuid.uuid4().hex * 2}
    env |= {"PATH": os.environ["PATH"], "PYTHONPATH": f"{REPOSITORY}/functions", **secrets}
    code = f"import time; begun = time.perf_counter(); {work}; print(time.perf_counter() - begun)"
    command = [sys.executable, "-c", code]
    outputs = [subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout for _ in range(3)]
    return min(float(output) for output in outputs)


def entry_point(name: str) -> str:
    """What the platform does before the first request."""
    source = str(REPOSITORY / "functions" / "main.py")
    return f"import functions_framework as f; client = f.create_app({name!r}, {source!r}, 'http').test_client()"


def bench_starts(folder: Path) -> None:
    """One table: the bare framework, `main`, each entry point, and the one that asks the model made warm."""
    warm = f"{entry_point('next_turn')}; client.get('/api/interview/ui/next_turn/health')"
    rows = {
        "framework alone": start_seconds("import functions_framework"),
        "import main": start_seconds("import main"),
        **{f"entry point {name}": start_seconds(entry_point(name)) for name in ENTRY_POINTS},
        "next_turn, script warm": start_seconds(warm, INTERVIEWOS_DATA=str(folder)),
        "next_turn, Gemini warm": start_seconds(warm, INTERVIEWOS_DATA=str(folder), GOOGLE_API_KEY="none"),
    }
    print("\nStart of a process, s")
    for name, seconds in rows.items():
        print(f"{name:28}{seconds:6.2f}{seconds / rows['framework alone']:8.2f} x framework")


def main() -> None:
    """All tables, and how busy the machine was."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        stack.callback(lambda: print(f"\nload average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"))
        bench_turns(Path(folder))
        bench_servers(Path(folder))
        bench_starts(Path(folder))


if __name__ == "__main__":
    main()
