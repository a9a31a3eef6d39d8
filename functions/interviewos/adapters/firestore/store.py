"""Interviews as Firestore documents, changed by compare-and-swap.

A change is one `get` and one preconditioned batch. No transactions: under contention they stall for seconds and leave
locks behind a process that died. Every call has a timeout and none is retried by the client library, which would go on
for minutes; what is uncertain is read again and the rule decides.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import msgspec
from google.api_core import exceptions as google
from google.cloud import firestore

from interviewos import logs
from interviewos.adapters.firestore.calls import DOWN, FAILURES, TIMEOUT_SECONDS, failure, once, with_retries
from interviewos.adapters.firestore.documents import read_document, read_item
from interviewos.domain.errors import StoreUnavailable, UnknownSession
from interviewos.domain.interview import Interview, Message, Meta
from interviewos.domain.plan import Plan
from interviewos.domain.report import Report
from interviewos.prewarm import prewarm_types
from interviewos.usecases.ports import Due, Rule, T, VersionedInterview

COLLECTION = "interviews"
ATTEMPTS = 12
"""Five tries without jitter lost 12 of 20 racers for one document; twelve with jitter lost none."""
_LOST = (google.FailedPrecondition, google.Aborted, google.NotFound)
"""Changed or deleted meanwhile; the first and the last also stand for a database that is none, and reading tells."""

_DEFAULT_META: dict[str, Any] = msgspec.to_builtins(Meta())
"""Is not stored with a message; a default that changes would change what was stored before."""
_MESSAGES_KEPT = 4_096
"""Messages that a process has read and need not read again: 4 MB, or 30 where each is as long as it may be."""

prewarm_types(Interview, Plan)


class FirestoreStore:
    """An InterviewStore on one Firestore database."""

    def __init__(
        self,
        client: firestore.Client,
        sleep: Callable[[float], None] = time.sleep,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._client = client
        self._once = once(timeout_seconds)
        self._sleep = sleep

    def create(self, interview: Interview) -> bool:
        logs.context().writes += 1
        try:
            with_retries(
                lambda: self._document(interview.session_id).create(_encode(interview), **self._once), self._sleep
            )
        except google.AlreadyExists:
            return False
        return True

    def read(self, session_id: str) -> VersionedInterview:
        return with_retries(lambda: self._get(session_id), self._sleep)

    def change(
        self, session_id: str, rule: Rule[T], seen: VersionedInterview | None = None
    ) -> tuple[T, VersionedInterview]:
        failures = 0
        for attempt in range(ATTEMPTS):
            seen = seen or self.read(session_id)
            after, answer = rule(seen.interview, seen.at)
            if after == seen.interview:
                return answer, seen
            try:
                return answer, self._swap(seen, after)
            except _LOST:
                self._sleep(random.uniform(0.005, 0.02 * (attempt + 1)))
            except DOWN as down:  # perhaps written, perhaps not: the rule knows its own fence
                failures += 1
                if failures > FAILURES:
                    raise StoreUnavailable(retry_after=2) from down
                self._sleep(random.uniform(0.05, 0.2 * failures))
            except google.GoogleAPIError as error:
                raise failure(error) from error
            seen = None
        raise StoreUnavailable(retry_after=1)

    def delete(self, session_id: str) -> None:
        with_retries(lambda: self._document(session_id).delete(**self._once), self._sleep)

    def due(self, until: datetime, limit: int) -> list[Due]:
        query = (
            self._client.collection(COLLECTION)
            .where(filter=firestore.FieldFilter("due_at", "<=", until))
            .order_by("due_at")
            .limit(limit)
            .select(["due_at"])
        )
        found = with_retries(lambda: query.get(**self._once), self._sleep)
        return [Due(each.id, _plain(each.get("due_at"))) for each in found]

    def _document(self, session_id: str) -> firestore.DocumentReference:
        return self._client.collection(COLLECTION).document(session_id)

    def _get(self, session_id: str) -> VersionedInterview:
        logs.context().reads += 1
        found = read_document(self._document(session_id), unread="messages", **self._once)
        if found is None:
            raise UnknownSession
        return VersionedInterview(_decode(found.values), found.version, found.at)

    def _swap(self, seen: VersionedInterview, after: Interview) -> VersionedInterview:
        logs.context().writes += 1
        batch = self._client.batch()
        unchanged = self._client.write_option(last_update_time=seen.version)
        batch.update(self._document(after.session_id), _difference(seen.interview, after), option=unchanged)
        written = batch.commit(**self._once)[0].update_time
        return VersionedInterview(after, written, max(seen.at, _plain(written)))


def _encode(interview: Interview) -> dict[str, Any]:
    names = {field.name for field in fields(Interview)} - {"messages"}
    values = {name: _value(getattr(interview, name)) for name in names}
    return values | {"messages": _messages(interview.messages)}


def _value(value: Any) -> Any:
    """Give a field as the client takes it; plan and report are one text, since each value costs time at every read."""
    if isinstance(value, Plan | Report):
        return msgspec.json.encode(value).decode()
    return msgspec.to_builtins(value, builtin_types=(datetime,))


def _messages(messages: Iterable[Message]) -> list[dict[str, Any]]:
    """Give messages without what is kept beside most of them: eleven values each, of which nearly all are defaults."""
    given: list[dict[str, Any]] = msgspec.to_builtins(list(messages), builtin_types=(datetime,))
    for message in given:
        message["meta"] = {name: value for name, value in message["meta"].items() if value != _DEFAULT_META[name]}
    return given


def _decode(document: dict[str, Any]) -> Interview:
    plan, report = document.pop("plan", None), document.pop("report", None)
    messages = document.pop("messages", ())
    interview = msgspec.convert(document, Interview)
    return replace(
        interview,
        messages=tuple(map(_message, messages)),
        plan=_plan(plan) if plan else None,
        report=msgspec.json.decode(report, type=Report) if report else None,
    )


@lru_cache(maxsize=_MESSAGES_KEPT)
def _message(item: bytes) -> Message:
    """Read a message; the same bytes come with every later read of an interview, and are always the same message."""
    return msgspec.convert(read_item(item), Message)


@lru_cache(maxsize=64)
def _plan(text: str) -> Plan:
    return msgspec.json.decode(text, type=Plan)


def _difference(before: Interview, after: Interview) -> dict[str, Any]:
    """Name the fields that differ; messages are only ever appended, so that the transcript does not travel."""
    names = {f.name for f in fields(Interview) if getattr(before, f.name) != getattr(after, f.name)}
    changes = {name: _value(getattr(after, name)) for name in names - {"messages"}}
    if "messages" in names:
        changes["messages"] = firestore.ArrayUnion(_messages(after.messages[len(before.messages) :]))
    return changes


def _plain(at: datetime) -> datetime:
    """Turn the client's own kind of datetime into the standard library's."""
    return datetime.fromtimestamp(at.timestamp(), UTC).replace(microsecond=at.microsecond)
