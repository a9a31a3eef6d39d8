"""One contract for what counts the days: nothing is lost between callers, days are apart, trouble is told clearly."""

from __future__ import annotations

import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import grpc  # type: ignore[import-untyped]
import pytest

from contract.conftest import FIRESTORE
from interviewos import logs
from interviewos.adapters.firestore import quota as firestore_quota
from interviewos.adapters.firestore.quota import FirestoreQuota
from interviewos.adapters.sqlite_quota import SqliteQuota
from interviewos.domain.errors import StoreUnavailable
from interviewos.domain.interview import FINISH_ID, Heard
from interviewos.domain.turn import turn_of
from interviewos.usecases.ports import DayUsage, InterviewStore, QuotaCounter
from support.clock import FakeClock
from support.emulators import FirestoreEmulator
from support.fakes import Room
from support.stores import WRITE, Fault, Wire, firestore_client, sqlite_file

SUM = "RunAggregationQuery"
DAY = date(2026, 2, 28)
NEXT_DAY = date(2026, 3, 1)
DOWN = ["UNAVAILABLE", "DEADLINE_EXCEEDED", "PERMISSION_DENIED", "ABORTED"]

Open = Callable[[], QuotaCounter]


PATIENCE_SECONDS = 60
"""On a busy machine a call may take longer than we wait, and what is sent again may be counted again."""
patient = pytest.mark.parametrize("timeout_seconds", [PATIENCE_SECONDS])


@pytest.fixture(params=["file", FIRESTORE])
def open_spending(request: pytest.FixtureRequest, tmp_path: Path, project: str) -> Iterator[Open]:
    """Opens what counts, as each process does; all that are opened count together."""
    if request.param == "file":
        yield lambda: SqliteQuota(str(tmp_path / "interviews.db"))
        return
    emulator: FirestoreEmulator = request.getfixturevalue("firestore_emulator")
    channels = []

    def opened() -> QuotaCounter:
        client, channel = firestore_client(emulator.host, project)
        channels.append(channel)
        return FirestoreQuota(client, timeout_seconds=PATIENCE_SECONDS)

    yield opened
    for channel in channels:
        channel.close()


@pytest.fixture
def spending(open_spending: Open) -> QuotaCounter:
    """Each kind that there is, with nothing counted yet."""
    return open_spending()


@pytest.fixture
def watched(
    firestore_emulator: FirestoreEmulator, project: str, wire: Wire, timeout_seconds: float
) -> Iterator[FirestoreQuota]:
    """Firestore behind `wire`; it waits for nobody."""
    client, channel = firestore_client(firestore_emulator.host, project, wire)
    yield FirestoreQuota(client, lambda _: None, timeout_seconds)
    channel.close()


def test_a_day_begins_with_nothing(spending: QuotaCounter) -> None:
    """Nobody has to make it first."""
    assert spending.of(DAY) == DayUsage(0, 0)


def test_what_is_counted_adds_up(spending: QuotaCounter) -> None:
    """Interviews and tokens each by themselves, over all the parts that a day may have."""
    for _ in range(15):
        spending.add(DAY, interviews=1)
        spending.add(DAY, tokens=40_000)
    spending.add(DAY, interviews=2, tokens=10**12)

    assert spending.of(DAY) == DayUsage(17, 15 * 40_000 + 10**12)


def test_each_day_is_counted_apart(spending: QuotaCounter) -> None:
    """Also where one month ends and the next begins."""
    spending.add(DAY, interviews=1, tokens=2)
    spending.add(NEXT_DAY, interviews=3)

    assert (spending.of(DAY), spending.of(NEXT_DAY)) == (DayUsage(1, 2), DayUsage(3, 0))
    assert spending.of(NEXT_DAY + timedelta(days=1)) == DayUsage()


def test_nothing_is_lost_between_callers(open_spending: Open) -> None:
    """Eight threads of two processes count at once."""
    both = [open_spending(), open_spending()]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: both[n % 2].add(DAY, interviews=1, tokens=n), range(80)))

    assert [one.of(DAY) for one in both] == [DayUsage(80, sum(range(80)))] * 2


def test_each_call_is_on_the_account_of_its_request(spending: QuotaCounter) -> None:
    """The line of a request tells how many documents it cost."""
    logs.open_context("", "")
    spending.add(DAY, interviews=1)
    spending.of(DAY)
    spending.of(DAY)

    assert (logs.context().reads, logs.context().writes) == (2, 1)


@patient
def test_a_turn_is_read_again_as_it_was_committed(store: InterviewStore, clock: FakeClock) -> None:
    """To the microsecond: a turn whose commit was not heard is told so from its successor's."""
    room = Room(store=store, clock=clock)
    room.turns = replace(room.turns, stopwatch=time.monotonic)
    room.start()
    heard = Heard(2, "Quest")
    for answered in (room.answer("Ich backe Brot. \U0001f35e", "e1", heard), room.speak(("a", "And"), ("b", "cake."))):
        assert turn_of(room.interview, answered.event_id) == answered.turn
    assert turn_of(room.interview, FINISH_ID) is None
    assert room.finish().turn == turn_of(room.interview, FINISH_ID)


# SQLite alone


def test_counts_and_interviews_share_one_file(tmp_path: Path) -> None:
    """They are there again after a restart, beside the interviews."""
    store = sqlite_file(tmp_path)
    SqliteQuota(str(tmp_path / "interviews.db")).add(DAY, interviews=3)

    assert SqliteQuota(str(tmp_path / "interviews.db")).of(DAY) == DayUsage(3, 0)
    assert store.due(datetime.now(UTC), 1) == []


def test_a_locked_file_is_down(tmp_path: Path) -> None:
    """Somebody else's lock is waited for, but not for ever; afterwards all is well."""
    spending = SqliteQuota(str(tmp_path / "interviews.db"), busy_seconds=0.05)
    other = sqlite3.connect(tmp_path / "interviews.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        spending.add(DAY, interviews=1)
    other.execute("ROLLBACK")
    other.close()

    spending.add(DAY, interviews=1)
    assert spending.of(DAY) == DayUsage(1, 0)


# Firestore alone


@pytest.mark.emulator
def test_firestore_adds_up_in_one_query_and_counts_in_one_write(watched: FirestoreQuota, wire: Wire) -> None:
    """However many parts a day has; no call goes on for minutes."""
    for _ in range(20):
        watched.add(DAY, interviews=1)
    wire.calls.clear()
    watched.add(DAY, interviews=1)
    watched.of(DAY)

    assert [call.method for call in wire.calls] == [WRITE, SUM]
    assert all(call.timeout_seconds and call.timeout_seconds <= 5 for call in wire.calls)


@pytest.mark.emulator
@patient
def test_a_day_is_ten_documents_that_forget_themselves(
    firestore_emulator: FirestoreEmulator, project: str, watched: FirestoreQuota
) -> None:
    """No document takes all the writes, and each can be found by its day and dropped after its time."""
    for _ in range(120):
        watched.add(DAY, interviews=1, tokens=5)
    client, channel = firestore_client(firestore_emulator.host, project)
    parts = {part.id: part.to_dict() or {} for part in client.collection("spending").stream()}
    channel.close()

    assert set(parts) == {f"2026-02-28-{number}" for number in range(10)}
    assert all(part.keys() == {"day", "interviews", "tokens", "expire_at"} for part in parts.values())
    assert {part["day"] for part in parts.values()} == {"2026-02-28"}
    assert sum(part["tokens"] for part in parts.values()) == 600
    assert {part["expire_at"] for part in parts.values()} == {datetime(2026, 2, 28, tzinfo=UTC) + firestore_quota.KEPT}


@pytest.mark.emulator
@patient
@pytest.mark.parametrize("after", [False, True], ids=["request lost", "answer lost"])
def test_a_lost_count_is_sent_again(watched: FirestoreQuota, wire: Wire, after: bool) -> None:
    """One that had arrived counts twice, for a cap must rather hold too early than too late."""
    wire.faults.append(Fault(WRITE, after))
    watched.add(DAY, interviews=1)

    assert watched.of(DAY) == DayUsage(2 if after else 1, 0)


@pytest.mark.emulator
@patient
@pytest.mark.parametrize("after", [False, True], ids=["request lost", "answer broken off"])
def test_a_lost_sum_is_asked_for_again(watched: FirestoreQuota, wire: Wire, after: bool) -> None:
    """The whole sum or a clear error."""
    watched.add(DAY, interviews=7)
    wire.faults.append(Fault(SUM, after, grpc.StatusCode.UNAVAILABLE))

    assert watched.of(DAY) == DayUsage(7, 0)


@pytest.mark.emulator
@pytest.mark.parametrize("code", DOWN)
@pytest.mark.parametrize("call", [WRITE, SUM])
def test_whatever_the_reason_it_is_down(watched: FirestoreQuota, wire: Wire, call: str, code: str) -> None:
    """No error of the vendor's comes through, and nobody asks more than three times."""
    wire.faults.extend([Fault(call, False, grpc.StatusCode[code])] * 9)
    with pytest.raises(StoreUnavailable) as down:
        watched.add(DAY, tokens=1) if call == WRITE else watched.of(DAY)

    assert down.value.retry_after
    assert 1 <= wire.count(call) <= 3


@pytest.mark.parametrize("listening", [False, True], ids=["refused", "black hole"])
def test_firestore_out_of_reach_is_down(listening: bool) -> None:
    """A closed port and one that never answers are told the same way."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        if listening:
            nobody.listen()
        client, channel = firestore_client(f"127.0.0.1:{nobody.getsockname()[1]}", "demo-nowhere")
        spending = FirestoreQuota(client, lambda _: None, timeout_seconds=0.2)
        with pytest.raises(StoreUnavailable):
            spending.of(DAY)
        with pytest.raises(StoreUnavailable):
            spending.add(DAY, interviews=1)
        channel.close()
