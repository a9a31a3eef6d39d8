"""Interviews in one SQLite file: the store of a laptop, of unit tests and of histories.

The machine's clock is this store's own time. Write-ahead logging with full synchronisation, so that what was
acknowledged survives `kill -9`.
"""

from __future__ import annotations

import logging
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from interviewos import logs
from interviewos.domain.errors import StoreUnavailable, UnknownSession
from interviewos.domain.interview import Interview
from interviewos.prewarm import prewarm_types
from interviewos.usecases.ports import Due, Rule, T, VersionedInterview

logger = logging.getLogger(__name__)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS interviews (
    session_id TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    due_at REAL,
    expire_at REAL NOT NULL,
    document BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS interviews_due ON interviews (due_at) WHERE due_at IS NOT NULL;
"""
BUSY_SECONDS = 5.0
AGAIN_SECONDS = 0.01

_PASSING = ("SQLITE_BUSY", "SQLITE_LOCKED")
_ADVICE = (
    "Look at the folder INTERVIEWOS_DATA: room on the disk, the right to write, and interviews.db, an SQLite file."
)

prewarm_types(Interview)


class SqliteFile:
    """A connection to one file, shared by threads; whatever fails is StoreUnavailable."""

    def __init__(self, path: str, schema: str, busy_seconds: float) -> None:
        """Open the file and make it where it is missing. Raises StoreUnavailable.

        The lock of another process is waited for `busy_seconds`.
        """
        self._lock = threading.Lock()
        with _translated():
            if path != ":memory:":
                Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None, check_same_thread=False)
            self._log_ahead(busy_seconds)
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(schema)

    def _log_ahead(self, busy_seconds: float) -> None:
        """Wait here for another process at the same file: SQLite does not wait for this statement."""
        end = time.monotonic() + busy_seconds
        while True:
            try:
                self._db.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
                time.sleep(AGAIN_SECONDS)

    def _rows(self, statement: str, values: tuple[object, ...]) -> list[Any]:
        with self._lock, _translated():
            return self._db.execute(statement, values).fetchall()

    def _write(self, statement: str, values: tuple[object, ...]) -> int:
        with self._lock, _translated():
            return self._db.execute(statement, values).rowcount


class SqliteStore(SqliteFile):
    """An InterviewStore in one file, or in memory at `:memory:`."""

    def __init__(self, path: str, clock: Callable[[], datetime], busy_seconds: float = BUSY_SECONDS) -> None:
        """Open the file, and drop what is past its retention."""
        super().__init__(path, _SCHEMA, busy_seconds)
        self._clock = clock
        self._write("DELETE FROM interviews WHERE expire_at <= ?", (clock().timestamp(),))

    def create(self, interview: Interview) -> bool:
        logs.context().writes += 1
        version = random.getrandbits(48)  # a turn that began before a delete must not fit what is created after it
        values = (interview.session_id, version, *_columns(interview))
        return self._write("INSERT OR IGNORE INTO interviews VALUES (?, ?, ?, ?, ?)", values) == 1

    def read(self, session_id: str) -> VersionedInterview:
        logs.context().reads += 1
        rows = self._rows("SELECT document, version FROM interviews WHERE session_id = ?", (session_id,))
        if not rows:
            raise UnknownSession
        document, version = rows[0]
        return VersionedInterview(msgspec.json.decode(document, type=Interview), version, self._clock())

    def change(
        self, session_id: str, rule: Rule[T], seen: VersionedInterview | None = None
    ) -> tuple[T, VersionedInterview]:
        while True:
            seen = seen or self.read(session_id)
            after, answer = rule(seen.interview, seen.at)
            if after == seen.interview:
                return answer, seen
            if self._swap(after, seen.version):
                return answer, VersionedInterview(after, int(str(seen.version)) + 1, self._clock())
            seen = None  # another writer was quicker; each round has a winner, so this ends

    def _swap(self, after: Interview, version: object) -> bool:
        logs.context().writes += 1
        statement = (
            "UPDATE interviews SET version = version + 1, due_at = ?, expire_at = ?, document = ?"
            " WHERE session_id = ? AND version = ?"
        )
        return self._write(statement, (*_columns(after), after.session_id, version)) == 1

    def delete(self, session_id: str) -> None:
        self._write("DELETE FROM interviews WHERE session_id = ?", (session_id,))

    def due(self, until: datetime, limit: int) -> list[Due]:
        statement = "SELECT session_id, due_at FROM interviews WHERE due_at <= ? ORDER BY due_at LIMIT ?"
        rows = self._rows(statement, (until.timestamp(), limit))
        return [Due(session_id, datetime.fromtimestamp(at, UTC)) for session_id, at in rows]


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        if name not in _PASSING:
            logger.error("store not usable", extra={"why": name, "advice": _ADVICE})
        raise StoreUnavailable(retry_after=1) from error


def _columns(interview: Interview) -> tuple[float | None, float, bytes]:
    due = interview.due_at.timestamp() if interview.due_at else None
    return due, interview.expire_at.timestamp(), msgspec.json.encode(interview)
