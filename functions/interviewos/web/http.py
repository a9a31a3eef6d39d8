"""Answers, problems, streams and headers, the same for every endpoint."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from flask import Request, Response
from werkzeug.datastructures import MIMEAccept

from interviewos import logs
from interviewos.domain import errors
from interviewos.domain.errors import InterviewError
from interviewos.web.request_body import drop_rest

logger = logging.getLogger(__name__)

LIMITS = "interviewos.rate_limits"
"""Where a handler leaves the headers that say how often its caller may come, for whatever answer there will be."""
EVENT_STREAM = "text/event-stream"
_STAY_AWAY_MS = 2**31 - 1
"""An EventSource connects again after every end of a stream; no timer of JavaScript waits longer than this."""
_ACCEPTED = "Authorization, Content-Type, Idempotency-Key, If-None-Match, Accept, X-Firebase-AppCheck"
_EXPOSED = "ETag, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id"


def log_refusal(error: InterviewError) -> None:
    """Write that a request was refused, and with which problem."""
    level = logging.INFO if error.status < 500 else logging.WARNING
    logger.log(level, "request refused", extra={"status": error.status, "why": error.slug})


def answer(
    body: Mapping[str, Any] | list[Any], status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with JSON."""
    return Response(msgspec.json.encode(body), status, headers, content_type="application/json; charset=utf-8")


def problem_body(error: InterviewError, request_id: str) -> dict[str, Any]:
    """Describe an error in the form of RFC 9457."""
    body: dict[str, Any] = {
        "type": f"/problems#{error.slug}",
        "title": error.title,
        "status": error.status,
        "detail": str(error),
        "instance": f"urn:uuid:{request_id}",
    }
    if error.retry_after is not None:
        body["retry_after_s"] = error.retry_after
    if error.status == 422:
        body["errors"] = [{"pointer": error.pointer or "", "detail": str(error)}]
    body.update(error.members)
    return body


def problem(error: InterviewError, request_id: str) -> Response:
    """Answer with a problem."""
    headers = dict(error.headers)
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, -int(-error.retry_after // 1)))
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="interview"'
    body = msgspec.json.encode(problem_body(error, request_id))
    return Response(body, error.status, headers, content_type="application/problem+json")


def wants_stream(request: Request) -> bool:
    """Whether the caller would rather have a stream than JSON; who has no preference gets JSON (RFC 9110, 12.5.1)."""
    accepted = MIMEAccept([(kind.partition(";")[0].strip(), quality) for kind, quality in request.accept_mimetypes])
    return bool(accepted.quality(EVENT_STREAM) > accepted.quality("application/json"))


def stream(events: Iterator[tuple[str, Mapping[str, Any]]]) -> Response:
    """Answer with server-sent events.

    The first event is awaited, so that a refusal is an ordinary problem with its own status. Later failures are a
    `problem` event. A caller who goes away does not stop the turn: the rest of it runs here, unheard.
    """
    first = next(events)
    return Response(
        _send(first, events), content_type=f"{EVENT_STREAM}; charset=utf-8", headers={"X-Accel-Buffering": "no"}
    )


def _send(first: tuple[str, Mapping[str, Any]], events: Iterator[tuple[str, Mapping[str, Any]]]) -> Iterator[bytes]:
    try:
        yield _event(*first)
        yield from (_event(*event) for event in events)
    except InterviewError as error:
        log_refusal(error)
        yield _event("problem", problem_body(error, logs.context().request_id))
    except Exception:
        logger.exception("stream failed")
        yield _event("problem", problem_body(InterviewError(), logs.context().request_id))
    finally:
        _finish_unheard(events)


def _finish_unheard(events: Iterator[object]) -> None:
    """Run what is left of a turn whose caller went away; its end is reported to no caller."""
    try:
        for _ in events:
            pass
    except InterviewError as error:
        logger.info("unheard turn was not finished", extra={"why": error.slug})
    except Exception:
        logger.exception("unheard turn failed")


def _event(name: str, data: Mapping[str, Any]) -> bytes:
    retry = b"retry: %d\n" % _STAY_AWAY_MS if name == "turn" else b""
    return b"event: %b\n%bdata: %b\n\n" % (name.encode(), retry, msgspec.json.encode(data))


# headers


def allow(methods: Iterable[str]) -> dict[str, str]:
    """Name the methods of an address, as the header does."""
    return {"Allow": ", ".join(sorted({*methods, "OPTIONS"}))}


def options(request: Request, methods: Iterable[str], origins: Sequence[str]) -> Response:
    """Say what an address takes, and to a browser what a page of another origin may do there."""
    allowed = set(methods) - {"HEAD", "OPTIONS"}
    if not allowed:
        raise errors.NotFound
    wanted = request.headers.get("Access-Control-Request-Method")
    if wanted is None:
        return Response(status=204, headers=allow(methods))
    if request.headers.get("Origin") not in origins or wanted not in allowed:
        raise errors.Forbidden
    return Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": ", ".join(sorted(allowed)),
            "Access-Control-Allow-Headers": _ACCEPTED,
            "Access-Control-Max-Age": "600",
        },
    )


def finish(request: Request, response: Response, origins: Sequence[str], request_id: str) -> Response:
    """Add the headers that every answer has, and drop what was not read of the request."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Request-Id"] = request_id
    response.headers.update(request.environ.get(LIMITS, {}))
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin in origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    return drop_rest(request, response)
