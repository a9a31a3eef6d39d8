"""Logs without anybody's words: the framework attaches transcripts to some of its lines, marked as personal."""

from __future__ import annotations

import logging


class WithoutWords(logging.Filter):
    """Removes the fields of a record that its author marked as personal."""

    def filter(self, record: logging.LogRecord) -> bool:
        for name in [name for name in record.__dict__ if "pii" in name.split(".")]:
            del record.__dict__[name]
        return True


def configure() -> None:
    """Clean the lines of the framework and its plugins in this process, and leave out one for each request."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    for name in ("livekit.agents", "livekit.plugins", "livekit.plugins.google"):
        logging.getLogger(name).addFilter(WithoutWords())
