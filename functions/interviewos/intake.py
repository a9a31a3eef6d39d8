"""Taking a body in: whole, bounded, in time, and strictly JSON.

The framework sets no limit of its own, and Python's parser takes duplicate keys, NaN and lone surrogates.
"""

from __future__ import annotations

import json
import math
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from flask import Request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from interviewos import errors
from interviewos.errors import InterviewError

MAX_BODY_BYTES = 16 * 1024
BODY_SECONDS = 10
"""A body that never ends would hold a thread for ever; the framework sets no limit of its own."""
_REFUSED = "interviewos.refused_body"


def receive(request: Request) -> None:
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


def was_refused(request: Request) -> bool:
    """Did the body not come in, so that some of it may still be under way?"""
    return _REFUSED in request.environ


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
