"""One entry point in this process, as functions-framework makes it, for what a real one would need Google for."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Unpack
from unittest.mock import patch

import httpx
from flask import Flask, Response, request
from functions_framework import create_app

from interviewos import bootstrap
from interviewos.bootstrap import Parts
from interviewos.settings import Settings
from interviewos.web.app import App, serve
from interviewos.web.endpoints import ENTRY_POINTS, EVERYTHING
from support.client import ApiClient

MAIN = Path(__file__).resolve().parents[2] / "functions" / "main.py"
SECRET = "Zq3vT8nL0wYc5RkD1mXe7BfHs9JgUa2p"
SIGNING_KEY = "hJ4sWm9QxE2tVb6NzR8pKc0LyF3dGu7a"
SECRETS = {"INGEST_SECRET": SECRET, "SESSION_SIGNING_KEY": SIGNING_KEY}


@contextmanager
def entry_point(
    target: str, data: Path, env: Mapping[str, str] | None = None, **given: Unpack[Parts]
) -> Iterator[ApiClient]:
    """A caller of one entry point that nobody else can call."""
    with (
        app_of(target, data, env, **given) as app,
        ApiClient("http://functions.test", secret=SECRET, transport=httpx.WSGITransport(app)) as client,
    ):
        yield client


@contextmanager
def app_of(target: str, data: Path, env: Mapping[str, str] | None = None, **given: Unpack[Parts]) -> Iterator[Flask]:
    """Make one entry point from a clean environment: the deployed one, or one on the parts that are given."""
    logger = logging.getLogger("interviewos")
    kept = logger.handlers, logger.level, logger.propagate
    environment = {"INTERVIEWOS_DATA": str(data), **SECRETS, **(env or {})}
    with patch.dict(os.environ, environment, clear=True):
        try:
            made = bootstrap.build(Settings.from_env(os.environ), **given)
            yield flask_app(made, target) if given else create_app(target, str(MAIN), "http")
        finally:
            logger.handlers, logger.level, logger.propagate = kept


def flask_app(app: App, target: str) -> Flask:
    """Serve an entry point's routes, or with `dev` all of them, on an App of a test's own."""
    routes = ENTRY_POINTS.get(target, EVERYTHING)
    made = Flask("functions")

    def answer(path: str) -> Response:
        return serve(app, request, routes)

    made.add_url_rule("/<path:path>", view_func=answer, methods=["GET", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"])
    return made
