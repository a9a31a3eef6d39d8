"""Stores that are there and cannot be used: a caller is told that it is down, and the operator's log what to do."""

import inspect
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import grpc
import httpx
import pytest
from google.api_core import exceptions as google
from google.auth import exceptions as auth

from interviewos.adapters.firestore import calls as firestore_calls
from interviewos.adapters.firestore.quota import FirestoreQuota
from interviewos.adapters.firestore.store import FirestoreStore
from interviewos.domain.errors import InterviewError, StoreRefused, StoreUnavailable
from interviewos.domain.interview import Candidate, Interview, new_interview
from interviewos.usecases.ports import VersionedInterview
from support.entry_points import entry_point
from support.problems import assert_problem
from support.server import DevServer
from support.stores import Fault, Wire, firestore_client, sqlite_file

NOW = datetime.now(UTC)
MADE = new_interview("11111111-2222-4333-8444-555555555555", Candidate("Ada", "Baker"), NOW, timedelta(days=1))
SEEN = VersionedInterview(MADE, NOW, NOW)
GET, COMMIT, QUERY, SUM = "BatchGetDocuments", "Commit", "RunQuery", "RunAggregationQuery"
BROKEN = ["NOT_FOUND", "FAILED_PRECONDITION", "PERMISSION_DENIED", "UNAUTHENTICATED", "UNIMPLEMENTED", "DATA_LOSS"]
"""No database of that name, one in Datastore mode, no right to use it, and what else no retry mends."""


def rename(before: Interview, _: datetime) -> tuple[Interview, None]:
    return replace(before, candidate_name="Eve"), None


Call = Callable[[FirestoreStore, FirestoreQuota], object]
CALLS: dict[str, tuple[tuple[str, ...], Call]] = {
    "create": ((COMMIT,), lambda store, _: store.create(MADE)),
    "read": ((GET,), lambda store, _: store.read("some-id")),
    "change": ((GET,), lambda store, _: store.change("some-id", rename)),
    "change-what-was-read": ((COMMIT, GET), lambda store, _: store.change("some-id", rename, SEEN)),
    "delete": ((COMMIT,), lambda store, _: store.delete("some-id")),
    "due": ((QUERY,), lambda store, _: store.due(NOW, 1)),
    "count": ((COMMIT,), lambda _, spending: spending.add(date(2026, 2, 28), tokens=1)),
    "sum": ((SUM,), lambda _, spending: spending.of(date(2026, 2, 28))),
}


@pytest.fixture
def firestore(wire: Wire) -> Iterator[tuple[FirestoreStore, FirestoreQuota]]:
    """Both that are kept in Firestore, behind a wire on which a test lets every call fail."""
    client, channel = firestore_client("127.0.0.1:1", "demo-nowhere", wire)
    yield FirestoreStore(client, lambda _: None), FirestoreQuota(client, lambda _: None)
    channel.close()


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> pytest.LogCaptureFixture:
    """What the operator reads."""
    monkeypatch.setattr(logging.getLogger("interviewos"), "propagate", True)
    return caplog


def advice(log: pytest.LogCaptureFixture) -> list[str]:
    return [line.advice for line in log.records if line.message == "store not usable"]


@pytest.mark.parametrize("code", BROKEN)
@pytest.mark.parametrize("call", CALLS)
def test_a_database_that_cannot_be_used_is_down(
    call: str,
    code: str,
    firestore: tuple[FirestoreStore, FirestoreQuota],
    wire: Wire,
    log: pytest.LogCaptureFixture,
) -> None:
    """It is not taken for an interview that is missing, nor for a competitor's change, and is asked once only."""
    methods, make = CALLS[call]
    wire.faults.extend(Fault(method, False, grpc.StatusCode[code]) for method in methods)

    with pytest.raises(StoreUnavailable) as down:
        make(*firestore)

    assert down.value.retry_after == 30
    assert len(wire.calls) <= len(methods)
    assert len(advice(log)) == 1


@pytest.mark.parametrize(
    ("code", "word"),
    [("NOT_FOUND", "FIRESTORE_DATABASE"), ("FAILED_PRECONDITION", "Native mode"), ("PERMISSION_DENIED", "roles/")],
)
def test_the_log_says_what_to_do(
    code: str,
    word: str,
    firestore: tuple[FirestoreStore, FirestoreQuota],
    wire: Wire,
    log: pytest.LogCaptureFixture,
) -> None:
    """Each has a sentence of its own."""
    wire.faults.append(Fault(GET, False, grpc.StatusCode[code]))

    with pytest.raises(StoreUnavailable):
        firestore[0].read("some-id")

    assert word in advice(log)[0]


def errors_of_google() -> list[google.GoogleAPIError]:
    kinds = {kind for _, kind in inspect.getmembers(google, inspect.isclass) if issubclass(kind, google.GoogleAPIError)}
    kinds -= {google.AlreadyExists, google.RetryError}
    return [kind("said so") for kind in sorted(kinds, key=lambda kind: kind.__name__)] + [
        google.RetryError("late", None)
    ]


@pytest.mark.parametrize("error", errors_of_google(), ids=lambda error: type(error).__name__)
def test_every_error_of_googles_has_a_meaning_here(error: google.GoogleAPIError) -> None:
    """None comes through as an accident; what no retry cures is told apart from what passes."""

    def fails() -> None:
        raise error

    with pytest.raises(InterviewError) as told:
        firestore_calls.with_retries(fails, lambda _: None)

    assert isinstance(told.value, StoreRefused) == isinstance(error, google.InvalidArgument | google.OutOfRange)
    assert isinstance(told.value, StoreRefused) or told.value.retry_after


def test_an_id_that_is_taken_is_an_answer() -> None:
    """Who creates must hear of it."""

    def fails() -> None:
        raise google.AlreadyExists("taken")

    with pytest.raises(google.AlreadyExists):
        firestore_calls.with_retries(fails, lambda _: None)


def test_a_change_that_is_too_large_is_no_store_that_is_down(
    firestore: tuple[FirestoreStore, FirestoreQuota], wire: Wire
) -> None:
    """Whoever tries again must be able to know that it will not help."""
    wire.faults.append(Fault(COMMIT, False, grpc.StatusCode.INVALID_ARGUMENT))

    with pytest.raises(StoreRefused):
        firestore[0].change("some-id", rename, SEEN)


def test_without_credentials_it_is_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log: pytest.LogCaptureFixture
) -> None:
    """A laptop whose owner has not logged in."""
    monkeypatch.setattr("google.auth.default", lambda *_, **__: raised(auth.DefaultCredentialsError("none")))

    with entry_point("messages", tmp_path, {"GOOGLE_CLOUD_PROJECT": "demo-nobody"}) as client:
        client.session_id = MADE.session_id
        refused = client.http.get(
            f"/api/interview/sessions/{MADE.session_id}/messages", headers={"X-INGEST-SECRET": client.secret or ""}
        )

    assert_problem(refused, 503, "store-unavailable")


def raised(error: Exception) -> object:
    raise error


# a laptop's file


def not_a_database(path: Path) -> None:
    path.write_bytes(b"no database at all " * 100)


def a_folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("spoil", [not_a_database, a_folder])
def test_a_file_that_is_no_database_is_down(
    spoil: Callable[[Path], None], tmp_path: Path, log: pytest.LogCaptureFixture
) -> None:
    """Also while it is opened."""
    spoil(tmp_path / "interviews.db")

    with pytest.raises(StoreUnavailable):
        sqlite_file(tmp_path)

    assert "INTERVIEWOS_DATA" in advice(log)[0]


def test_a_full_disk_is_down_and_what_was_kept_stays(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    """Writing fails and reading goes on."""
    store = sqlite_file(tmp_path)
    assert store.create(MADE)
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count = {pages}")

    more = (replace(MADE, session_id=f"{number}") for number in range(100))
    with pytest.raises(StoreUnavailable):
        list(map(store.create, more))

    assert store.read(MADE.session_id).interview == MADE
    assert "room on the disk" in advice(log)[0]


def test_a_file_that_may_only_be_read_is_down(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    """As a backup that was put back with the wrong rights would be."""
    store = sqlite_file(tmp_path)
    assert store.create(MADE)
    store._db.execute("PRAGMA query_only = ON")

    with pytest.raises(StoreUnavailable):
        store.delete(MADE.session_id)

    assert store.read(MADE.session_id).interview == MADE
    assert advice(log)


def test_a_lock_is_nothing_for_the_operator(tmp_path: Path, log: pytest.LogCaptureFixture) -> None:
    """It passes."""
    store = sqlite_file(tmp_path, busy_seconds=0.05)
    with closing(sqlite3.connect(tmp_path / "interviews.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable):
            store.create(MADE)

    assert advice(log) == []


@pytest.mark.server
def test_a_laptop_with_a_broken_file_says_so_and_serves_the_page(tmp_path: Path) -> None:
    """It comes up, whoever calls is told to wait, and the log says where to look."""
    not_a_database(tmp_path / "interviews.db")
    with DevServer(tmp_path) as server, httpx.Client(base_url=server.url, trust_env=False) as client:
        page = client.get("/")
        refused = client.post("/api/interview/sessions/create", json={})
        log = server.log

    assert page.status_code == 200
    assert_problem(refused, 503, "store-unavailable")
    assert "SQLITE_NOTADB" in log
    assert "INTERVIEWOS_DATA" in log
