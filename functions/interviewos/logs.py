"""Log lines as Cloud Logging reads them: one JSON object each, a fixed message, values as fields.

No field ever holds what a person said, their name, a token or a secret.
"""

from __future__ import annotations

import logging
import sys
from contextvars import ContextVar

from pythonjsonlogger.json import JsonFormatter

REQUEST_ID: ContextVar[str] = ContextVar("request_id", default="")


class _WithRequest(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = REQUEST_ID.get()
        return True


def configure() -> None:
    """Write our own log lines to standard error, where Cloud Run collects them."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_WithRequest())
    handler.setFormatter(
        JsonFormatter("%(levelname)s %(name)s %(message)s", rename_fields={"levelname": "severity"}, timestamp=True)
    )
    ours = logging.getLogger("interviewos")
    ours.handlers = [handler]
    ours.setLevel(logging.INFO)
    ours.propagate = False
