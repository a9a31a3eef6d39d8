"""Servers that are killed, and the file that is left of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from interviewos.adapters.sqlite import SqliteStore
from interviewos.domain.interview import Interview
from support.client import ApiClient
from support.gemini import FakeGemini
from support.puppet import interviewer_script
from support.server import DevServer
from support.stores import sqlite_file

SHORT = {"INTRO_TIMEOUT_S": "2", "EXPERIENCE_TIMEOUT_S": "2", "STAGE_GRACE_S": "1"}
"""An interview that a silent candidate has behind them in six seconds."""

Start = Callable[..., tuple[DevServer, ApiClient]]


@pytest.fixture
def model() -> Iterator[FakeGemini]:
    """A model of this test alone, that behaves unless the test queues something else."""
    with FakeGemini(interviewer_script) as gemini:
        yield gemini


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a server on this test's data and gives a caller with it."""
    with ExitStack() as stack:

        def started(**env: str) -> tuple[DevServer, ApiClient]:
            server = stack.enter_context(DevServer(tmp_path, {"CREATES_PER_MINUTE": "100000", **env}))
            return server, stack.enter_context(ApiClient(server.url))

        yield started


@pytest.fixture
def file(tmp_path: Path) -> SqliteStore:
    """The same file that the server writes, read past the server."""
    return sqlite_file(tmp_path)


def age(store: SqliteStore, session_id: str) -> None:
    """Let the lease of a dead process be over, as if the half minute had gone by."""

    def rule(found: Interview, now: datetime) -> tuple[Interview, None]:
        if found.lease is None:
            return found, None
        past = now - timedelta(milliseconds=1)
        return replace(found, lease=replace(found.lease, until=past), due_at=past), None

    store.change(session_id, rule)
