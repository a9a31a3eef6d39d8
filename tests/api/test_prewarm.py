"""A process lives through a beginning in which many threads need the same types at once."""

import subprocess
import sys
from pathlib import Path

import pytest

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"
PROCESSES = 5
"""One after the other: of those whose types were not learnt four in five crashed."""

BEGINNING = """
import sys, threading
from datetime import UTC, datetime, timedelta
import msgspec
from interviewos.adapters import livekit
from interviewos.web.schemas import TurnBody, decode
from interviewos.domain.interview import Candidate, Interview, new_interview

ID = "11111111-2222-4333-8444-555555555555"
TURN = {"session_id": ID, "event_type": "user_turn", "parts": [{"id": "a", "text": "b"}]}
made = new_interview(ID, Candidate("", ""), datetime.now(UTC), timedelta(days=1))
document, fields = msgspec.json.encode(made), msgspec.to_builtins(made, builtin_types=(datetime,))

def from_sqlite():
    msgspec.json.decode(document, type=Interview)

def from_firestore():
    msgspec.convert(fields, Interview)

def from_a_caller():
    decode(TURN, TurnBody)

def from_livekit():
    msgspec.json.decode(b'{"participants": [{"identity": "a"}]}', type=livekit._Participants)

def read():
    together.wait()
    WHAT()

sys.setswitchinterval(1e-6)
together = threading.Barrier(16)
threads = [threading.Thread(target=read) for _ in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


@pytest.mark.parametrize(
    ("imported", "read"),
    [
        ("interviewos.adapters.sqlite", "from_sqlite"),
        ("interviewos.adapters.firestore.store", "from_firestore"),
        ("interviewos.web.schemas", "from_a_caller"),
        ("interviewos.adapters.livekit", "from_livekit"),
    ],
)
def test_sixteen_threads_may_be_the_first_to_read(imported: str, read: str) -> None:
    """Requests come together where an instance has just started."""
    script = f"import {imported}\n" + BEGINNING.replace("WHAT()", f"{read}()")
    command = [sys.executable, "-c", script]
    ended = [subprocess.run(command, env={"PYTHONPATH": str(FUNCTIONS)}, check=False) for _ in range(PROCESSES)]

    assert [process.returncode for process in ended] == [0] * PROCESSES
