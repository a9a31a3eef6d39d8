"""One entry point in this process, as functions-framework makes it, for what a real one would need Google for."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import httpx
from flask import Flask
from functions_framework import create_app

from interviewos import bootstrap
from support.client import ApiClient

MAIN = Path(__file__).resolve().parents[2] / "functions" / "main.py"
SECRET = "Zq3vT8nL0wYc5RkD1mXe7BfHs9JgUa2p"
SIGNING_KEY = "hJ4sWm9QxE2tVb6NzR8pKc0LyF3dGu7a"
SECRETS = {"INGEST_SECRET": SECRET, "SESSION_SIGNING_KEY": SIGNING_KEY}


@contextmanager
def entry_point(target: str, data: Path, env: Mapping[str, str] | None = None) -> Iterator[ApiClient]:
    """A caller of one entry point that nobody else can call."""
    with (
        app_of(target, data, env) as app,
        ApiClient("http://functions.test", secret=SECRET, transport=httpx.WSGITransport(app)) as client,
    ):
        yield client


@contextmanager
def app_of(target: str, data: Path, env: Mapping[str, str] | None = None) -> Iterator[Flask]:
    """Make the app of one entry point from a clean environment, and forget everything about it afterwards."""
    logger = logging.getLogger("interviewos")
    kept = logger.handlers, logger.level, logger.propagate
    environment = {"INTERVIEWOS_DATA": str(data), **SECRETS, **(env or {})}
    with patch.dict(os.environ, environment, clear=True):
        _forget()
        try:
            yield create_app(target, str(MAIN), "http")
        finally:
            _forget()
            logger.handlers, logger.level, logger.propagate = kept


def _forget() -> None:
    for made in vars(bootstrap).values():
        if hasattr(made, "cache_clear"):
            made.cache_clear()
