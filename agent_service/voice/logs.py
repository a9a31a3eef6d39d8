"""Logs without transcripts: the framework attaches them to some of its lines, marked as personal data."""

from __future__ import annotations

import logging

NO_SOUND = "no audio frames were pushed"
"""The beginning of a framework's error that quotes the text to be spoken."""


class TranscriptRedaction(logging.Filter):
    """Removes fields that are marked as personal data, and messages and tracebacks that quote a reply."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name in [name for name in record.__dict__ if "pii" in name.split(".")]:
            del record.__dict__[name]
        if NO_SOUND in record.getMessage():
            record.msg, record.args = f"{NO_SOUND} for a text", ()
        if record.exc_info and NO_SOUND in repr(record.exc_info[1]):
            record.exc_info = record.exc_text = None
        return True


def configure() -> None:
    """Redact the lines of the framework in this process, and leave out one for each HTTP request."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    redact("livekit.agents", "livekit.plugins")


def redact(*names: str) -> None:
    """Redact the lines of these loggers; those of their children are not, for filters are not inherited."""
    for name in names:
        logging.getLogger(name).addFilter(TranscriptRedaction())
