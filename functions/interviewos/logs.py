"""Log lines as Cloud Logging reads them: one JSON object each, a fixed message, values as fields.

No field ever holds what a person said, their name, a token or a secret. The lines of a request share its id and its
trace, by which Cloud Logging shows them below the request's own line.
"""

from __future__ import annotations

import logging
import re
import sys
import uuid
from contextvars import ContextVar
from dataclasses import dataclass, replace

from pythonjsonlogger.json import JsonFormatter

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-[0-9a-f]{2}")
_CLOUD_TRACE = re.compile(r"(?P<trace>[0-9a-f]{32})(/\d+)?(;.*)?")


@dataclass(slots=True)
class RequestContext:
    """What the lines of one request share, and how many documents it has read and written so far."""

    request_id: str = ""
    trace: str = ""
    span_id: str = ""
    reads: int = 0
    writes: int = 0


_CONTEXT: ContextVar[RequestContext | None] = ContextVar("context", default=None)


def open_context(traceparent: str, cloud_trace: str) -> RequestContext:
    """Begin the context of a request, given its two trace headers: the standard one, and Google's own."""
    opened = RequestContext(str(uuid.uuid4()))
    if found := _TRACEPARENT.fullmatch(traceparent):
        opened.trace, opened.span_id = found["trace"], found["span"]
    elif found := _CLOUD_TRACE.fullmatch(cloud_trace):
        opened.trace = found["trace"]
    _CONTEXT.set(opened)
    return opened


def fork_context() -> None:
    """Count anew for one of several things that a request does, under the request's own id."""
    _CONTEXT.set(replace(context(), reads=0, writes=0))


def context() -> RequestContext:
    """Give the context of this request; outside of any, one that is not read."""
    return _CONTEXT.get() or RequestContext()


class _WithContext(logging.Filter):
    def __init__(self, project: str) -> None:
        super().__init__()
        self._project = project

    def filter(self, record: logging.LogRecord) -> bool:
        now = context()
        record.request_id = now.request_id
        if now.trace and self._project:
            record.__dict__["logging.googleapis.com/trace"] = f"projects/{self._project}/traces/{now.trace}"
        if now.span_id:
            record.__dict__["logging.googleapis.com/spanId"] = now.span_id
        return True


def configure(project: str) -> None:
    """Write our own log lines to standard error, where Cloud Run collects them; traces belong to the project."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_WithContext(project))
    handler.setFormatter(
        JsonFormatter("%(levelname)s %(name)s %(message)s", rename_fields={"levelname": "severity"}, timestamp=True)
    )
    ours = logging.getLogger("interviewos")
    ours.handlers = [handler]
    ours.setLevel(logging.INFO)
    ours.propagate = False
