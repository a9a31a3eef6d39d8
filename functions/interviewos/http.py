"""The HTTP edge: routes, bodies, problems and streams, the same for every entry point.

An entry point gives `serve` its routes; a handler raises what is wrong and returns what is right.
"""

from __future__ import annotations

import json
import logging
import math
import socket
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from flask import Request, Response
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.exceptions import MethodNotAllowed as NoSuchMethod
from werkzeug.exceptions import NotFound as NoSuchPath
from werkzeug.routing import Map, RequestRedirect, Rule

from interviewos import errors
from interviewos.errors import InterviewError
from interviewos.logs import REQUEST_ID

logger = logging.getLogger(__name__)

BASE = "/api/interview"
MAX_BODY_BYTES = 16 * 1024
BODY_SECONDS = 10
"""A body that never ends would hold a thread for ever; the framework sets no limit of its own."""
_REFUSED = "interviewos.refused_body"
EVENT_STREAM = "text/event-stream"
_EXPOSED = "ETag, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id"

Handler = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Route:
    """A path below `/api/interview`, its variables in angle brackets, and what answers each method."""

    path: str
    methods: Mapping[str, Handler]


def serve(request: Request, routes: Sequence[Route], origins: Sequence[str]) -> Response:
    """Answer one request; whatever goes wrong is answered as a problem and never as a stack trace."""
    request_id = str(uuid.uuid4())
    REQUEST_ID.set(request_id)
    try:
        response = _dispatch(request, routes, origins)
    except InterviewError as error:
        response = problem(error, request_id)
    except Exception:
        logger.exception("request failed")
        response = problem(InterviewError(), request_id)
    return _finish(request, response, origins, request_id)


def _dispatch(request: Request, routes: Sequence[Route], origins: Sequence[str]) -> Response:
    _receive(request)
    urls = Map(
        [Rule(f"{BASE}/{r.path}", endpoint=h, methods=[m]) for r in routes for m, h in r.methods.items()],
        strict_slashes=False,
        merge_slashes=False,
    ).bind("localhost", path_info=request.path)  # paths decide; a host that no host can have must not
    if request.method == "OPTIONS":
        return _options(request, urls.allowed_methods(), origins)
    try:
        handler, values = urls.match(method=request.method)
    except NoSuchMethod as error:
        raise errors.MethodNotAllowed(headers=_allow(error.valid_methods or ())) from None
    except (NoSuchPath, RequestRedirect):
        raise errors.NotFound from None
    response: Response = handler(request, **values)
    return response


def _receive(request: Request) -> None:
    """Read the body, whole and bounded, before anything else: what is left unread would stay in the connection.

    A body that did not come in is a fault only for who wants to read it.
    """
    try:
        with _deadline(request):
            _read_body(request)
    except InterviewError as error:
        request.environ[_REFUSED] = error


def _read_body(request: Request) -> None:
    request.max_content_length = MAX_BODY_BYTES + 1  # a body in chunks is cut there without a word
    try:
        size = len(request.get_data())
    except RequestEntityTooLarge:
        raise errors.BodyTooLarge from None
    except (ClientDisconnected, OSError):
        raise errors.RequestTimeout from None
    except Exception as error:  # what a server raises at chunks that are none has no common name
        raise errors.MalformedJson from error
    if size > MAX_BODY_BYTES:
        raise errors.BodyTooLarge
    if size < (request.content_length or 0):  # to the server a caller who stopped halfway has come to an end
        raise errors.RequestTimeout


@contextmanager
def _deadline(request: Request) -> Iterator[None]:
    """Stop listening to a caller whose body takes too long, silent or trickling."""
    connection = request.environ.get("gunicorn.socket")
    if connection is None or not (request.content_length or "Transfer-Encoding" in request.headers):
        yield
        return
    timer = threading.Timer(BODY_SECONDS, _stop_listening, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _stop_listening(connection: socket.socket) -> None:
    with suppress(OSError):  # the caller hung up in the meantime
        connection.shutdown(socket.SHUT_RD)


# bodies in


def read_json(request: Request) -> dict[str, Any]:
    """Parse the body strictly. Raises what is wrong with it, with a JSON Pointer where it has one."""
    if refused := request.environ.get(_REFUSED):
        raise refused
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise errors.UnsupportedEncoding
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in ("utf-8", "utf8"):
        raise errors.UnsupportedMediaType
    try:
        text = request.get_data().decode("utf-8")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        raise errors.TooDeep from None
    except ValueError:  # bad UTF-8, bad JSON, numbers without end
        raise errors.MalformedJson from None
    _check_values(value)
    if not isinstance(value, dict):
        raise errors.InvalidField("The body must be a JSON object.", pointer="")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise errors.DuplicateKey
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _finite(digits: str) -> float:
    """Read a number with a fraction or an exponent; 7.0 is an integer to JSON Schema, so it is one here."""
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError(digits[:20])
    return int(value) if value.is_integer() else value


def _check_values(value: Any, pointer: str = "", depth: int = 1) -> None:
    """Refuse what is nested too deeply and texts that no store can keep."""
    if isinstance(value, str):
        if any("\ud800" <= c <= "\udfff" or (c < " " and c not in "\t\n\r") for c in value):
            raise errors.InvalidUnicode(pointer=pointer)
    elif isinstance(value, dict | list):
        if depth > 16:
            raise errors.TooDeep
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            _check_values(str(key), pointer, depth)
            _check_values(item, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}", depth + 1)


# answers out


def answer(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Answer with JSON."""
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8"), status, headers, content_type="application/json; charset=utf-8")


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
    return body


def problem(error: InterviewError, request_id: str) -> Response:
    """Answer with a problem."""
    headers = dict(error.headers)
    if error.retry_after is not None:
        headers["Retry-After"] = str(max(1, -int(-error.retry_after // 1)))
    if error.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="interview"'
    body = json.dumps(problem_body(error, request_id), ensure_ascii=False).encode()
    return Response(body, error.status, headers, content_type="application/problem+json")


def wants_stream(request: Request) -> bool:
    return EVENT_STREAM in request.headers.get("Accept", "").lower()


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
        yield _event("problem", problem_body(error, REQUEST_ID.get()))
    except Exception:
        logger.exception("stream failed")
        yield _event("problem", problem_body(InterviewError(), REQUEST_ID.get()))
    finally:
        _finish_unheard(events)


def _finish_unheard(events: Iterator[object]) -> None:
    """Run what is left of a turn whose caller went away; nobody is there to be told how it ended."""
    try:
        for _ in events:
            pass
    except InterviewError as error:
        logger.info("unheard turn was not finished", extra={"why": error.slug})
    except Exception:
        logger.exception("unheard turn failed")


def _event(name: str, data: Mapping[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


# headers


def _allow(methods: Iterable[str]) -> dict[str, str]:
    return {"Allow": ", ".join(sorted({*methods, "OPTIONS"}))}


def _options(request: Request, methods: Iterable[str], origins: Sequence[str]) -> Response:
    """Say what an address takes, and to a browser what a page of another origin may do there."""
    allowed = set(methods) - {"HEAD", "OPTIONS"}
    if not allowed:
        raise errors.NotFound
    wanted = request.headers.get("Access-Control-Request-Method")
    if wanted is None:
        return Response(status=204, headers=_allow(methods))
    if request.headers.get("Origin") not in origins or wanted not in allowed:
        raise errors.Forbidden
    return Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": ", ".join(sorted(allowed)),
            "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, If-None-Match, Accept",
            "Access-Control-Max-Age": "600",
        },
    )


def _finish(request: Request, response: Response, origins: Sequence[str], request_id: str) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Request-Id"] = request_id
    response.vary.add("Origin")
    if _REFUSED in request.environ:  # the framework reads the rest of a body before a whole answer, not before a stream
        response.response = iter([response.get_data()])
    origin = request.headers.get("Origin")
    if origin in origins:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    return response
