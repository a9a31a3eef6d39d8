"""Taking a body in: whole, bounded, in time, and strictly JSON.

The framework sets no limit of its own, and Python's parser takes duplicate keys, NaN and lone surrogates.
"""

from __future__ import annotations

import json
import math
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from flask import Request, Response
from werkzeug.exceptions import ClientDisconnected

from interviewos.domain import errors

MAX_BODY_BYTES = 16 * 1024
MAX_PASTE_BYTES = 64 * 1024
"""Of the one body that may hold pasted texts."""
BODY_SECONDS = 10
"""A body that never ends would hold a thread for ever; the framework sets no limit of its own."""
UNKNOWN_BODY_SECONDS = 3
"""For who has proved nothing: two lost packets, and no more of a thread than that."""
MAX_DROPPED_BYTES = 64 * 1024 * 1024
_SECONDS = "interviewos.body_seconds"
_RECEIVED = "interviewos.body_received"


def _receive(request: Request, seconds: float, most: int) -> bytes:
    """Read the body, whole, bounded and in time. Raises BodyTooLarge, RequestTimeout and MalformedJson."""
    request.environ[_SECONDS] = seconds
    if (request.content_length or 0) > most:
        raise errors.BodyTooLarge(most)
    request.max_content_length = most + 1  # a body in chunks is cut there without a word
    try:
        with _deadline(request.environ, seconds):
            body = request.get_data()
    except (ClientDisconnected, OSError):
        raise errors.RequestTimeout from None
    except Exception as error:  # what a server raises at chunks that are none has no common name
        raise errors.MalformedJson from error
    if len(body) > most:
        raise errors.BodyTooLarge(most)
    if len(body) < (request.content_length or 0):  # to the server a caller who stopped halfway has come to an end
        raise errors.RequestTimeout
    request.environ[_RECEIVED] = True
    return body


@contextmanager
def _deadline(environ: Mapping[str, Any], seconds: float) -> Iterator[None]:
    """Stop listening to a caller whose body takes too long, silent or trickling."""
    connection = environ.get("gunicorn.socket")
    if connection is None or not _has_body(environ):
        yield
        return
    timer = threading.Timer(seconds, _stop_listening, [connection])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _stop_listening(connection: socket.socket) -> None:
    with suppress(OSError):  # the caller hung up in the meantime
        connection.shutdown(socket.SHUT_RD)


def _has_body(environ: Mapping[str, Any]) -> bool:
    return environ.get("CONTENT_LENGTH") not in (None, "", "0") or "HTTP_TRANSFER_ENCODING" in environ


def drop_rest(request: Request, response: Response) -> Response:
    """Answer before the body is here, while it is unread, and then drop it up to a bound.

    What is left unread would be taken for the next request, or be answered with a reset that overtakes the answer. The
    framework would read it without a limit of size or time, but only before an answer that is no stream.
    """
    if _has_body(request.environ) and _RECEIVED not in request.environ:
        body = response.get_data()
        response.content_length = len(body)
        response.response = iter([body])
        response.call_on_close(partial(_drop, request.environ))
    return response


def _drop(environ: Mapping[str, Any]) -> None:
    body, left = environ["wsgi.input"], MAX_DROPPED_BYTES
    # The answer is out, so that a fault in the rest changes nothing.
    with suppress(Exception), _deadline(environ, environ.get(_SECONDS, UNKNOWN_BODY_SECONDS)):
        while left > 0 and (dropped := body.read(65_536)):
            left -= len(dropped)


def read_json(request: Request, seconds: float = BODY_SECONDS, most: int = MAX_BODY_BYTES) -> dict[str, Any]:
    """Read the body of `most` bytes within `seconds` and parse it strictly.

    Raises what is wrong with it, with a JSON Pointer where it has one.
    """
    body = _receive(request, seconds, most)
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise errors.UnsupportedEncoding
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != "application/json" or charset not in ("utf-8", "utf8"):
        raise errors.UnsupportedMediaType
    try:
        text = body.decode("utf-8")
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
