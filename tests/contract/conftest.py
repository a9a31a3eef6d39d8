"""The stores that every contract is tried on."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from interviewos.adapters.firestore.calls import TIMEOUT_SECONDS
from interviewos.adapters.sqlite import SqliteStore
from interviewos.usecases.ports import InterviewStore
from support.clock import FakeClock
from support.emulators import FirestoreEmulator
from support.stores import CountedSqlite, Wire, firestore_store, sqlite_file

FIRESTORE = pytest.param("firestore", marks=pytest.mark.emulator)


@pytest.fixture
def clock() -> FakeClock:
    """Begins at the machine's time, so that the emulator's leases and ours are of the same day."""
    return FakeClock(datetime.now(UTC))


@pytest.fixture
def project() -> str:
    """A Firestore world of this test alone."""
    return f"demo-{uuid.uuid4().hex[:12]}"


@pytest.fixture
def timeout_seconds() -> float:
    """Of a call to Firestore; a test may take another one as its parameter."""
    return TIMEOUT_SECONDS


@pytest.fixture(params=["memory", "file", FIRESTORE])
def store(
    request: pytest.FixtureRequest, clock: FakeClock, tmp_path: Path, project: str, timeout_seconds: float
) -> Iterator[InterviewStore]:
    """Every store there is, empty."""
    match request.param:
        case "memory":
            yield SqliteStore(":memory:", clock.now)
        case "file":
            yield sqlite_file(tmp_path, clock.now)
        case _:
            emulator: FirestoreEmulator = request.getfixturevalue("firestore_emulator")
            made, channel = firestore_store(emulator.host, project, timeout_seconds=timeout_seconds)
            yield made
            channel.close()


@pytest.fixture
def wire() -> Wire:
    """Watches and breaks the calls of `firestore`."""
    return Wire()


@pytest.fixture
def firestore(firestore_emulator: FirestoreEmulator, project: str, wire: Wire) -> Iterator[InterviewStore]:
    """Firestore behind `wire`; it waits for nobody."""
    made, channel = firestore_store(firestore_emulator.host, project, wire, sleep=lambda _: None)
    yield made
    channel.close()


@pytest.fixture
def sqlite(tmp_path: Path, clock: FakeClock) -> CountedSqlite:
    """SQLite that counts."""
    return CountedSqlite(str(tmp_path / "counted.db"), clock.now)
