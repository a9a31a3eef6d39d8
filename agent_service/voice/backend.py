"""The interview functions over HTTPS, as the voice worker uses them: the same id until it is answered."""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

import httpx
import httpx_sse

logger = logging.getLogger(__name__)

TURN_PATH = "/api/interview/engine/next_turn"
TIMEOUT = httpx.Timeout(connect=3, read=35, write=10, pool=5)
"""A turn is answered within its lease of 30 s; silence for longer is a connection that died."""
SILENT_SECONDS = 8.0
"""Even functions that start cold should have acknowledged a turn by then; silent ones are asked again."""
BUSY_SECONDS = 0.25
"""Somebody else is answering this very turn, so its answer is close."""
RETRY_SECONDS = (0.25, 0.5, 1, 2)
PERMANENT = frozenset({400, 401, 403, 404, 405, 409, 410, 413, 415, 422})
EVENTS = frozenset({"ack", "delta", "turn", "problem"})

T = TypeVar("T")


def now() -> float:
    """The steady clock that everything here is measured by, in seconds."""
    return asyncio.get_running_loop().time()


class Refused(Exception):
    """The functions will not take this, however often it is sent; `slug` names the problem."""

    def __init__(self, slug: str, status: int) -> None:
        super().__init__(slug)
        self.slug = slug
        self.status = status


class _Unreachable(Exception):
    """It may work in a moment; `seconds` is how long to wait when the functions say so."""

    def __init__(self, why: str, seconds: float | None = None) -> None:
        super().__init__(why)
        self.seconds = seconds


class _Busy(Exception):
    """Another request is answering this turn."""


@dataclass(frozen=True, slots=True)
class Part:
    """Words of the candidate under the id that they were first sent with."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Heard:
    """How much of an interrupted message the candidate really heard."""

    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Event:
    """What happened: `start`, `user_turn` with its parts, or `timeout`."""

    type: str
    event_id: str
    parts: tuple[Part, ...] = ()
    heard: Heard | None = None

    def body(self, session_id: str) -> dict[str, Any]:
        body: dict[str, Any] = {"session_id": session_id, "event_type": self.type}
        if self.parts:
            body["event_id"] = self.event_id
            body["parts"] = [{"id": part.id, "text": part.text} for part in self.parts]
        if self.parts and self.heard:
            body["heard"] = {"seq": self.heard.seq, "text": self.heard.text}
        return body


@dataclass(frozen=True, slots=True)
class Message:
    seq: int
    role: str
    text: str
    event_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the interview is; `moves_on_at` is a moment of `now`."""

    status: str
    stage: str
    seq: int
    moves_on_at: float | None
    moves_on_stamp: str
    messages: tuple[Message, ...] = field(repr=False)
    pending: bool = False
    thinking: bool = False
    accepts: frozenset[str] = frozenset()
    """Newer fields that `next_turn` takes; only `messages` names them."""

    @property
    def done(self) -> bool:
        return self.status == "ended"


@dataclass(frozen=True, slots=True)
class Kept:
    """From here on the candidate's words survive whatever happens to this worker."""


@dataclass(frozen=True, slots=True)
class Delta:
    """What the message with this number says so far; a repeated attempt begins again."""

    seq: int
    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The turn is in the transcript, its messages in `standing`; not `moved` is a timeout that found nothing due."""

    standing: Standing
    moved: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """The functions cannot be reached, for so many seconds by now; it is tried again."""

    seconds: float


Step = Kept | Delta | Answered | Waiting


class Backend:
    """One interview behind the functions. `http` carries the secret and the base address."""

    def __init__(self, http: httpx.AsyncClient, session_id: str, turn_url: str = TURN_PATH) -> None:
        self._http = http
        self._session_id = session_id
        self._turn_url = turn_url
        self._accepts: frozenset[str] = frozenset()

    def accepts(self, field: str) -> bool:
        """Tell whether `next_turn` takes a field that is newer than the first release, as `messages` said last.

        Functions that name no such field, as those of an earlier release, take none.
        """
        return field in self._accepts

    async def warm(self) -> None:
        """Open the connection before the first turn needs it; whether that works, the turn will see."""
        try:
            await self._http.get(f"{self._turn_url}/health")
        except httpx.RequestError as error:
            logger.warning("functions not reached", extra={"error": type(error).__name__})

    async def read(self, on_wait: Callable[[float], None]) -> Standing:
        """Read where the interview is; waits until it can be reached, and tells for how many seconds by now.

        Raises Refused.
        """
        path = f"/api/interview/sessions/{self._session_id}/messages"
        began = now()
        for delay in _delays():
            try:
                response = await self._http.get(path, timeout=SILENT_SECONDS)
                await _check(response)
                current = _understood(response.text, standing)
                self._accepts = current.accepts
                return current
            except (httpx.RequestError, _Unreachable) as error:
                logger.warning("read failed", extra={"session_id": self._session_id, "error": _reason(error)})
            on_wait(now() - began)
            await asyncio.sleep(delay)
        raise AssertionError("delays never end")

    async def take_turn(self, event: Event) -> AsyncGenerator[Step, None]:
        """Send an event until it is answered, and yield what comes of it. Raises Refused."""
        failed_at: float | None = None
        delays = _delays()
        while True:
            heard_at = now()
            try:
                async with aclosing(self._attempt(event)) as steps:
                    async for step in steps:
                        heard_at = now()
                        yield step
                return
            except _Busy:
                pause = BUSY_SECONDS
            except (httpx.RequestError, _Unreachable) as error:
                self._log_failure(event, error)
                failed_at = heard_at if failed_at is None else failed_at
                pause = getattr(error, "seconds", None) or next(delays)
            if failed_at is not None:  # also while the lease of a turn that broke off runs out
                yield Waiting(now() - failed_at)
            await asyncio.sleep(pause)

    async def _attempt(self, event: Event) -> AsyncGenerator[Step, None]:
        """Yield one stream; its last step when it has ended, so that the next turn finds the connection open."""
        answered: Step | None = None
        told: dict[int, str] = {}
        async with self._stream(event.body(self._session_id)) as source:
            await _check(source.response)
            async for sse in source.aiter_sse():
                if sse.event not in EVENTS:  # of a later release
                    continue
                step = _understood(sse.data or "{}", partial(_step, sse.event, told))
                if isinstance(step, Answered):
                    answered = step
                elif step:
                    yield step
        if answered is None:
            raise _Unreachable("the stream ended early")
        yield answered

    @asynccontextmanager
    async def _stream(self, body: dict[str, Any]) -> AsyncIterator[httpx_sse.EventSource]:
        async with AsyncExitStack() as stream:
            try:
                async with asyncio.timeout(SILENT_SECONDS):
                    source = await stream.enter_async_context(
                        httpx_sse.aconnect_sse(self._http, "POST", self._turn_url, json=body)
                    )
            except TimeoutError:
                raise _Unreachable("no answer") from None
            yield source

    def _log_failure(self, event: Event, error: Exception) -> None:
        fields = {"session_id": self._session_id, "event_id": event.event_id, "error": _reason(error)}
        logger.warning("turn not answered", extra=fields)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, _Unreachable) else type(error).__name__


def _delays() -> itertools.chain[float]:
    return itertools.chain(RETRY_SECONDS, itertools.repeat(RETRY_SECONDS[-1]))


async def _check(response: httpx.Response) -> None:
    if response.status_code != 200:
        problem = await response.aread()
        try:
            body = json.loads(problem)
        except ValueError:
            body = {}
        _raise(response.status_code, body if isinstance(body, dict) else {}, response.headers.get("Retry-After"))


def _understood(text: str, read: Callable[[dict[str, Any]], T]) -> T:
    """Read what the functions wrote; what is torn or of another form may be whole the next time."""
    try:
        return read(json.loads(text))
    except (ValueError, LookupError, TypeError, AttributeError):
        raise _Unreachable("not understood") from None


def _raise(status: int, problem: dict[str, Any], retry_after: str | None = None) -> None:
    slug = str(problem.get("type", "")).rpartition("#")[2] or f"status-{status}"
    if slug == "turn-in-progress":
        raise _Busy
    if status in PERMANENT:
        raise Refused(slug, status)
    seconds = float(retry_after) if retry_after and retry_after.isdigit() else None
    raise _Unreachable(slug, None if seconds is None else min(seconds, RETRY_SECONDS[-1]))


def _step(name: str, told: dict[int, str], data: dict[str, Any]) -> Step | None:
    match name:
        case "ack":
            return Kept()
        case "delta":
            told[data["seq"]] = told.get(data["seq"], "") + data["text"]
            return Delta(data["seq"], told[data["seq"]])
        case "turn":
            return Answered(standing(data), data["moved"])
        case "problem":
            _raise(data.get("status", 500), data)
    return None


def standing(body: dict[str, Any]) -> Standing:
    """Read what `messages` and a turn say alike."""
    left = body["moves_on_in_s"]
    return Standing(
        status=body["status"],
        stage=body["stage"],
        seq=body["seq"],
        moves_on_at=None if left is None else now() + left,
        moves_on_stamp=body["moves_on_at"] or "",
        messages=tuple(
            Message(m["seq"], m["role"], m["text"], frozenset(m["event_ids"])) for m in body.get("messages", ())
        ),
        pending=bool(body.get("pending")),
        thinking=bool(body.get("thinking")),
        accepts=_names(body.get("accepts")),
    )


def _names(value: object) -> frozenset[str]:
    """Read a list of names; what is none of them names nothing."""
    return frozenset(name for name in value if isinstance(name, str)) if isinstance(value, list) else frozenset()
