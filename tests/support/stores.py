"""Both stores as tests want them: on a project or file of their own, counted, and with calls that fail on demand."""

import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc  # type: ignore[import-untyped]
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport

from interviewos.adapters.firestore.calls import TIMEOUT_SECONDS
from interviewos.adapters.firestore.store import FirestoreStore
from interviewos.adapters.sqlite import BUSY_SECONDS, SqliteStore
from interviewos.domain.errors import StoreUnavailable
from interviewos.domain.interview import Interview
from interviewos.usecases.ports import Due, Rule, T, VersionedInterview

READ, WRITE, QUERY = "BatchGetDocuments", "Commit", "RunQuery"


def now() -> datetime:
    """The machine's time: what a store with real leases goes by."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Call:
    """One call to Firestore as it went out."""

    method: str
    request_bytes: int
    timeout_seconds: float | None


class Failed(grpc.RpcError, grpc.Call):  # type: ignore[misc]
    """A failure in the form in which gRPC reports one."""

    def __init__(self, code: Any) -> None:
        super().__init__(str(code))
        self._code = code

    def code(self) -> Any:
        """The status code."""
        return self._code

    def details(self) -> str:
        """What a person reads."""
        return "scripted failure"

    def result(self, _timeout: float | None = None) -> Any:
        """Raise it, as an answered call would."""
        raise self

    def trailing_metadata(self) -> tuple[()]:
        """Nothing more to say."""
        return ()


def _break_off(answers: Iterator[Any], code: Any) -> Iterator[Any]:
    """A stream that fails after its first answer."""
    yield next(answers)
    raise Failed(code)


@dataclass(frozen=True, slots=True)
class Fault:
    """How the next call of a method fails: before the server hears of it, or after it has done the work.

    A stream that fails "after" gives its first answer and then breaks off.
    """

    method: str
    after: bool
    code: Any = grpc.StatusCode.DEADLINE_EXCEEDED


class Wire(grpc.UnaryUnaryClientInterceptor, grpc.UnaryStreamClientInterceptor):  # type: ignore[misc]
    """Stands between the Firestore client and its channel, counts, and breaks what a test wants broken."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.faults: deque[Fault] = deque()
        self.meanwhile: Callable[[str], None] | None = None
        """What happens in the world before a call of this method goes out."""

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        """Commit is one of these."""
        return self._pass(continuation, details, request, wait=True)

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        """BatchGetDocuments and RunQuery are these."""
        return self._pass(continuation, details, request, wait=False)

    def count(self, method: str) -> int:
        """How many calls of a method went out."""
        return sum(call.method == method for call in self.calls)

    def _pass(self, continuation: Any, details: Any, request: Any, wait: bool) -> Any:
        method = details.method.rpartition("/")[2]
        if self.meanwhile:
            self.meanwhile(method)
        self.calls.append(Call(method, type(request).pb(request).ByteSize(), details.timeout))
        fault = self._fault(method)
        if fault and not fault.after:
            raise Failed(fault.code)
        answer = continuation(details, request)
        if fault and not wait:
            return _break_off(answer, fault.code)
        if fault:
            answer.result()
            raise Failed(fault.code)
        return answer

    def _fault(self, method: str) -> Fault | None:
        if self.faults and self.faults[0].method == method:
            return self.faults.popleft()
        return None


def firestore_client(host: str, project: str, wire: Wire | None = None) -> tuple[firestore.Client, grpc.Channel]:
    """The real client on a channel of its own, which the caller closes."""
    nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]
    client = firestore.Client(project=project, credentials=nobody)
    channel = grpc.insecure_channel(host)
    watched = grpc.intercept_channel(channel, wire) if wire else channel
    client._firestore_api_internal = FirestoreClient(transport=FirestoreGrpcTransport(channel=watched))
    return client, channel


def firestore_store(
    host: str,
    project: str,
    wire: Wire | None = None,
    sleep: Callable[[float], None] = time.sleep,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> tuple[FirestoreStore, grpc.Channel]:
    """A store on one project of an emulator."""
    client, channel = firestore_client(host, project, wire)
    return FirestoreStore(client, sleep, timeout_seconds), channel


class CountedSqlite(SqliteStore):
    """Counts its statements as SQLite itself sees them."""

    def __init__(self, path: str, clock: Callable[[], datetime] = now) -> None:
        super().__init__(path, clock)
        self.statements: list[str] = []
        self._db.set_trace_callback(self.statements.append)

    def count(self, word: str) -> int:
        """How many statements began with this word."""
        return sum(statement.startswith(word) for statement in self.statements)


class DownStore:
    """An InterviewStore that cannot be reached."""

    def create(self, interview: Interview) -> bool:
        raise StoreUnavailable(retry_after=2)

    def read(self, session_id: str) -> VersionedInterview:
        raise StoreUnavailable(retry_after=2)

    def change(
        self, session_id: str, rule: Rule[T], seen: VersionedInterview | None = None
    ) -> tuple[T, VersionedInterview]:
        raise StoreUnavailable(retry_after=2)

    def delete(self, session_id: str) -> None:
        raise StoreUnavailable(retry_after=2)

    def due(self, until: datetime, limit: int) -> list[Due]:
        raise StoreUnavailable(retry_after=2)


def sqlite_file(folder: Path, clock: Callable[[], datetime] = now, busy_seconds: float = BUSY_SECONDS) -> SqliteStore:
    """A store in a file."""
    return SqliteStore(str(folder / "interviews.db"), clock, busy_seconds)
