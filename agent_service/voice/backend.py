"""The HTTP client of the interview functions: an event is sent, under the same id, until it is answered."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import httpx
import httpx_sse

from voice.clock import now
from voice.wire import (
    EVENTS,
    Ack,
    Delta,
    Event,
    InterviewSnapshot,
    Problem,
    Turn,
    decode_event,
    decode_problem,
    decode_snapshot,
)

logger = logging.getLogger(__name__)

TURN_PATH = "/api/interview/engine/next_turn"
TIMEOUT = httpx.Timeout(connect=3, read=35, write=10, pool=5)
"""A turn is answered within its lease of 30 s; a longer silence is a dead connection."""
ACK_TIMEOUT_SECONDS = 8.0
"""Even after a cold start the functions acknowledge sooner; without an answer by then the event is sent again."""
IN_PROGRESS_RETRY_SECONDS = 0.25
"""Another request is answering the same turn, so its answer is close."""
RETRY_SECONDS = (0.25, 0.5, 1, 2)
PERMANENT = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 415, 422})
"""HTTP statuses that a retry cannot change."""

T = TypeVar("T")


class Refused(Exception):
    """The functions refuse the request for good. `slug` names the problem, `status` is the HTTP status."""

    def __init__(self, slug: str, status: int) -> None:
        super().__init__(slug)
        self.slug = slug
        self.status = status


class _Transient(Exception):
    """A failure that a retry may overcome; `retry_after_seconds` is what the functions asked for."""

    def __init__(self, reason: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


class _TurnInProgress(Exception):
    """Another request is answering this turn."""


@dataclass(frozen=True, slots=True)
class Retrying:
    """The functions have been unavailable for so many seconds; the event is sent again."""

    seconds: float


Step = Ack | Delta | Turn | Retrying


class Backend:
    """One interview behind the functions. `http` carries the secret and the base address."""

    def __init__(self, http: httpx.AsyncClient, session_id: str, turn_url: str = TURN_PATH) -> None:
        self._http = http
        self._session_id = session_id
        self._turn_url = turn_url
        self._accepts: frozenset[str] = frozenset()

    def accepts(self, field: str) -> bool:
        """Whether `next_turn` takes a field that is newer than the first release, as `messages` said last.

        Functions that name no such field, as those of an earlier release, take none.
        """
        return field in self._accepts

    async def prewarm(self) -> None:
        """Open the connection before the first turn needs it. A failure is logged; the turn retries by itself."""
        try:
            await self._http.get(f"{self._turn_url}/health")
        except httpx.RequestError as error:
            logger.warning("functions not reached", extra={"error": type(error).__name__})

    async def read(self, on_wait: Callable[[float], None]) -> InterviewSnapshot:
        """Read the interview, with retries; before each, `on_wait` gets the seconds of failure. Raises Refused."""
        path = f"/api/interview/sessions/{self._session_id}/messages"
        began = now()
        for delay in _delays():
            try:
                response = await self._http.get(path, timeout=ACK_TIMEOUT_SECONDS)
                await _raise_for_status(response)
                snapshot = _decode(response.text, decode_snapshot)
                self._accepts = snapshot.accepts
                return snapshot
            except (httpx.RequestError, _Transient) as error:
                logger.warning("read failed", extra={"session_id": self._session_id, "error": _reason(error)})
            on_wait(now() - began)
            await asyncio.sleep(delay)
        raise AssertionError("delays never end")

    async def take_turn(self, event: Event) -> AsyncGenerator[Step, None]:
        """Send an event until it is answered. Each Delta has its message from the beginning. Raises Refused."""
        failed_at: float | None = None
        delays = _delays()
        while True:
            received_at = now()
            try:
                async with aclosing(self._attempt(event)) as steps:
                    async for step in steps:
                        received_at = now()
                        yield step
                return
            except _TurnInProgress:
                pause = IN_PROGRESS_RETRY_SECONDS
            except (httpx.RequestError, _Transient) as error:
                self._log_failure(event, error)
                failed_at = received_at if failed_at is None else failed_at
                pause = getattr(error, "retry_after_seconds", None) or next(delays)
            if failed_at is not None:  # also while the lease of a turn that broke off runs out
                yield Retrying(now() - failed_at)
            await asyncio.sleep(pause)

    async def _attempt(self, event: Event) -> AsyncGenerator[Step, None]:
        """Yield the events of one stream, the Turn after its end, so that the connection is free for the next turn."""
        turn: Turn | None = None
        texts: dict[int, str] = {}
        async with self._stream(event.body(self._session_id)) as source:
            await _raise_for_status(source.response)
            async for sse in source.aiter_sse():
                if sse.event not in EVENTS:  # of a later release
                    continue
                match _decode(sse.data or "{}", partial(decode_event, sse.event)):
                    case Turn() as turn:
                        pass
                    case Delta(seq, text):
                        texts[seq] = texts.get(seq, "") + text
                        yield Delta(seq, texts[seq])
                    case Problem() as problem:
                        _raise_problem(problem)
                    case step:
                        yield step
        if turn is None:
            raise _Transient("the stream ended early")
        yield turn

    @asynccontextmanager
    async def _stream(self, body: dict[str, Any]) -> AsyncIterator[httpx_sse.EventSource]:
        async with AsyncExitStack() as stream:
            try:
                async with asyncio.timeout(ACK_TIMEOUT_SECONDS):
                    source = await stream.enter_async_context(
                        httpx_sse.aconnect_sse(self._http, "POST", self._turn_url, json=body)
                    )
            except TimeoutError:
                raise _Transient("no answer") from None
            yield source

    def _log_failure(self, event: Event, error: Exception) -> None:
        fields = {"session_id": self._session_id, "event_id": event.event_id, "error": _reason(error)}
        logger.warning("turn not answered", extra=fields)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, _Transient) else type(error).__name__


def _delays() -> itertools.chain[float]:
    return itertools.chain(RETRY_SECONDS, itertools.repeat(RETRY_SECONDS[-1]))


async def _raise_for_status(response: httpx.Response) -> None:
    if response.status_code != 200:
        content = await response.aread()
        try:
            body = json.loads(content)
        except ValueError:
            body = None
        _raise_problem(decode_problem(response.status_code, body), response.headers.get("Retry-After"))


def _decode(text: str, decode: Callable[[Any], T]) -> T:
    """Decode JSON of the functions. Raises _Transient: what is torn or of another form may be whole the next time."""
    try:
        return decode(json.loads(text))
    except (ValueError, LookupError, TypeError, AttributeError):
        raise _Transient("not understood") from None


def _raise_problem(problem: Problem, retry_after: str | None = None) -> None:
    if problem.slug == "turn-in-progress":
        raise _TurnInProgress
    if problem.status in PERMANENT:
        raise Refused(problem.slug, problem.status)
    seconds = float(retry_after) if retry_after and retry_after.isdigit() else None
    raise _Transient(problem.slug, None if seconds is None else min(seconds, RETRY_SECONDS[-1]))
