"""Eight callers at once on one interview: one wins each round, and no word is lost or doubled."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest

from contract.competitor import REFUSED, Competitors
from contract.conftest import FIRESTORE
from interviewos.adapters.sqlite import SqliteStore
from interviewos.domain.interview import Candidate, Event, EventType, Interview, Role, new_interview
from interviewos.usecases.ports import InterviewStore
from support.emulators import FirestoreEmulator
from support.fakes import last
from support.process import REPOSITORY
from support.stores import firestore_store, now, sqlite_file

EIGHT = range(8)
ROUNDS = [34, pytest.param(334, marks=pytest.mark.long)]


@pytest.fixture(params=["memory", "file", FIRESTORE])
def competitors(request: pytest.FixtureRequest, tmp_path: Path, project: str) -> Iterator[Competitors]:
    """Eight threads on each kind of store, in real time."""
    with ExitStack() as stack:
        store: InterviewStore
        match request.param:
            case "memory":
                store = SqliteStore(":memory:", now)
            case "file":
                store = sqlite_file(tmp_path)
            case _:
                emulator: FirestoreEmulator = request.getfixturevalue("firestore_emulator")
                store, channel = firestore_store(emulator.host, project)
                stack.callback(channel.close)
        made = Competitors(store, len(EIGHT))
        stack.callback(made.close)
        yield made


def fresh_interview(competitors: Competitors) -> str:
    """A new interview whose first question was asked."""
    session_id = str(uuid.uuid4())
    competitors.turns.store.create(new_interview(session_id, Candidate(), now(), timedelta(days=1)))
    last(competitors.turns.take_turn(Event(session_id, EventType.START, "start", uuid.uuid4().hex)))
    return session_id


def answers(interview: Interview) -> list[str]:
    return [m.text for m in interview.messages if m.role is Role.USER]


def assert_whole(interview: Interview) -> None:
    """Every answer has its own reply right after it, numbers have no gap, nothing is left open."""
    assert [m.seq for m in interview.messages] == list(range(1, interview.seq + 1))
    assert (interview.pending, interview.lease) == ((), None)
    turns = interview.messages[2:]
    assert [m.role for m in turns] == [Role.USER, Role.AGENT] * (len(turns) // 2)
    for answer, reply in zip(turns[::2], turns[1::2], strict=True):
        assert reply.text == f"You said {answer.text}?"
        assert reply.meta.event_ids == answer.meta.event_ids


@pytest.mark.parametrize("rounds", ROUNDS)
def test_of_eight_different_answers_one_wins(competitors: Competitors, rounds: int) -> None:
    """While one is answered the seven others are told to wait, and their words are not taken."""
    for _ in range(rounds):
        session_id = fresh_interview(competitors)
        waiting = threading.Semaphore(0)
        competitors.echo.wait = lambda waiting=waiting: [waiting.acquire(timeout=30) for _ in range(7)]  # type: ignore[misc]
        said = [(f"e{n}", f"answer {n}") for n in EIGHT]
        told = competitors.answer(session_id, said, refused=waiting.release)
        competitors.echo.wait = lambda: None

        (winner,) = (n for n in EIGHT if told[n] != REFUSED)
        interview = competitors.turns.store.read(session_id).interview
        assert told[winner] == f"You said answer {winner}?"
        assert answers(interview) == [f"answer {winner}"]
        assert_whole(interview)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_eight_of_the_same_event_are_one_turn(competitors: Competitors, rounds: int) -> None:
    """Whoever is not told to wait gets that one turn."""
    for _ in range(rounds):
        session_id = fresh_interview(competitors)
        told = competitors.answer(session_id, [("e1", "one answer")] * 8, refused=lambda: None)

        assert set(told) - {REFUSED} == {"You said one answer?"}
        assert answers(competitors.turns.store.read(session_id).interview) == ["one answer"]
        assert_whole(competitors.turns.store.read(session_id).interview)


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_quick_model_lets_several_answers_in_one_after_the_other(competitors: Competitors, rounds: int) -> None:
    """What was answered is in the transcript once; what was refused is not."""
    for _ in range(rounds):
        session_id = fresh_interview(competitors)
        told = competitors.answer(session_id, [(f"e{n}", f"answer {n}") for n in EIGHT], refused=lambda: None)

        interview = competitors.turns.store.read(session_id).interview
        assert sorted(answers(interview)) == [f"answer {n}" for n in EIGHT if told[n] != REFUSED]
        assert [text for n, text in enumerate(told) if text != REFUSED and text != f"You said answer {n}?"] == []
        assert_whole(interview)


# two processes


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Two processes with four competitors each, on one file."""
    command = [sys.executable, "-m", "contract.competitor", str(tmp_path / "interviews.db")]
    env = {"PYTHONPATH": f"{REPOSITORY}/functions:{REPOSITORY}/tests"}
    with ExitStack() as stack:
        started = []
        for _ in range(2):
            process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            stack.enter_context(process)
            stack.callback(process.kill)
            started.append(process)
        for process in started:
            assert _pipe(process.stdout).readline() == "ready\n"
        yield started


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("same", [False, True], ids=["different answers", "same event"])
def test_two_processes_on_one_file_are_rivals_like_any(
    processes: list[subprocess.Popen[str]], tmp_path: Path, same: bool, rounds: int
) -> None:
    """Compare-and-swap is the file's, so it holds between processes."""
    here = Competitors(sqlite_file(tmp_path), 1)
    for _ in range(rounds):
        session_id = fresh_interview(here)
        said = [("e1", "answer 1") if same else (f"e{n}", f"answer {n}") for n in EIGHT]
        for process, part in zip(processes, (said[:4], said[4:]), strict=True):
            _pipe(process.stdin).write(json.dumps([session_id, *part]) + "\n")
            _pipe(process.stdin).flush()
        told = [text for process in processes for text in json.loads(_pipe(process.stdout).readline())]

        interview = here.turns.store.read(session_id).interview
        answered = {said[n][1] for n in EIGHT if told[n] != REFUSED}
        assert {text for text in told if text != REFUSED} == {f"You said {text}?" for text in answered}
        assert sorted(answers(interview)) == sorted(answered)
        assert_whole(interview)
    here.close()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe
    return pipe
