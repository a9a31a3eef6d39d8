"""Nothing that was acknowledged is lost or doubled, whenever a process is killed."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import sys
import time
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from faults.conftest import SHORT, Start, age
from faults.interviewee import Interviewee
from faults.killed_turn import event
from interviewos.adapters.no_voice import NoVoice
from interviewos.adapters.scripted import ScriptedInterviewer
from interviewos.adapters.sqlite import SqliteStore
from interviewos.domain.interview import Candidate, Interview, Role, Status, new_interview
from interviewos.usecases.turns import Answered, Turns
from support.client import Answer, ApiClient
from support.fakes import RecordingAlarm, last, plan
from support.gemini import FakeGemini, Gate, Text
from support.process import REPOSITORY, wait_until
from support.puppet import interviewer_script
from support.server import DevServer
from support.stores import now

WORDS = "I build robots that sort parcels."


def spoken(interview: Interview) -> list[str]:
    return [m.text for m in interview.messages if m.role is Role.AGENT]


def answers(interview: Interview) -> list[str]:
    return [m.text for m in interview.messages if m.role is Role.USER]


def assert_whole(interview: Interview) -> None:
    """Numbers without a gap, no answer without its reply, nothing said twice, nothing left in the hand."""
    assert [m.seq for m in interview.messages] == list(range(1, interview.seq + 1))
    assert interview.messages[-1].role is Role.AGENT
    assert len(set(spoken(interview))) == len(spoken(interview))
    assert (interview.pending, interview.lease) == ((), None)


def persistently(client: ApiClient, text: str, event_id: str, tries: int = 80) -> Answer:
    """Send an answer as the page does: the same id again until it is answered."""
    for _ in range(tries):
        try:
            answer = client.answer(text, event_id)
        except httpx.TransportError:  # the server closes an idle connection just when the wait is over
            continue
        if answer.status != 409:
            return answer
        time.sleep(float(answer.headers["Retry-After"]))
    raise AssertionError("answered 409 for ever")


# a server that is killed while the model speaks


def killed_in_mid_turn(server: DevServer, client: ApiClient, model: FakeGemini) -> str:
    """An interview whose server died after the acknowledgement, in the middle of the reply; gives the event's id."""
    client.create(candidate_name="Ada")
    client.start()
    gate, event_id = Gate(), str(uuid.uuid4())
    model.say(Text("This reply will never be heard to its end.\n<<<STAY>>>", gate=gate))
    steps = client.stream_answer(WORDS, event_id)
    assert next(steps)[0] == "ack"
    assert gate.reached.wait(10)
    server.kill()
    steps.close()
    gate.set()
    return event_id


@pytest.mark.server
def test_words_outlive_the_process_and_the_retry_gets_one_reply(
    start: Start, model: FakeGemini, file: SqliteStore
) -> None:
    """They are in `pending` at once; the same id is answered once, and the transcript has the answer once."""
    server, client = start(**model.env())
    event_id = killed_in_mid_turn(server, client, model)
    server.start()

    shown = client.messages()
    assert [(w["event_id"], w["text"]) for w in shown["pending"]] == [(event_id, WORDS)]
    assert client.answer(WORDS, event_id).status == 409  # perhaps somebody still answers: nobody knows yet
    server.kill()
    age(file, client.session_id)
    server.start()
    answered = persistently(client, WORDS, event_id)

    assert answered.status == 200
    assert answered["event_id"] == event_id
    again = client.answer(WORDS, event_id)
    assert all(answered[name] == again[name] for name in ("assistant_text", "messages", "seq", "source"))
    interview = file.read(client.session_id).interview
    assert answers(interview) == [WORDS]
    assert len(spoken(interview)) == 2
    assert_whole(interview)


@pytest.mark.server
def test_words_outlive_the_process_and_are_answered_without_a_retry(
    start: Start, model: FakeGemini, file: SqliteStore
) -> None:
    """The sweep finds the dead lease by itself; a late retry gets that turn."""
    server, client = start(**model.env())
    event_id = killed_in_mid_turn(server, client, model)
    age(file, client.session_id)
    server.start()
    wait_until(lambda: len(spoken(file.read(client.session_id).interview)) == 2, 15, "the reply")

    interview = file.read(client.session_id).interview
    assert answers(interview) == [WORDS]
    assert client.answer(WORDS, event_id)["assistant_text"] == spoken(interview)[-1]
    assert_whole(interview)


@pytest.mark.server
@pytest.mark.long
def test_the_retry_is_answered_when_the_lease_is_over(start: Start, model: FakeGemini, file: SqliteStore) -> None:
    """Nothing is helped along: 409 with a wait, and then the one reply."""
    server, client = start(**model.env())
    event_id = killed_in_mid_turn(server, client, model)
    server.start()

    assert persistently(client, WORDS, event_id).status == 200
    assert answers(file.read(client.session_id).interview) == [WORDS]
    assert_whole(file.read(client.session_id).interview)


@pytest.mark.server
@pytest.mark.long
def test_the_sweep_answers_when_the_lease_is_over(start: Start, model: FakeGemini, file: SqliteStore) -> None:
    """Nothing is helped along, and nobody asks."""
    server, client = start(**model.env())
    killed_in_mid_turn(server, client, model)
    server.start()
    wait_until(lambda: len(spoken(file.read(client.session_id).interview)) == 2, 60, "the reply")

    assert answers(file.read(client.session_id).interview) == [WORDS]
    assert_whole(file.read(client.session_id).interview)


# a candidate who is silent


def assert_ended_in_silence(client: ApiClient) -> None:
    """One request at the end shows it all."""
    shown = client.messages()
    bullets = [line.partition(":")[0] for line in shown["messages"][-1]["text"].splitlines()]
    assert (shown["status"], shown["stage"], shown["epoch"]) == ("ended", "done", 3)
    assert bullets == ["- Strength", "- Gap", "- Next step"]
    assert [m["event_ids"] for m in shown["messages"] if m["role"] == "agent"] == [
        ["start"],
        ["wake-1"],
        ["wake-2"],
        ["wake-2"],
    ]


@pytest.mark.server
def test_a_silent_candidate_is_led_to_the_end_without_any_request(start: Start, file: SqliteStore) -> None:
    """From the start to the feedback the server acts by itself."""
    _, client = start(**SHORT)
    client.create()
    client.start()
    wait_until(lambda: file.read(client.session_id).interview.status is Status.ENDED, 30, "the end")

    assert_ended_in_silence(client)


@pytest.mark.server
def test_alarms_outlive_their_process(start: Start, file: SqliteStore) -> None:
    """Killed in both stages, started again, never asked: the interview ends."""
    server, client = start(**SHORT)
    client.create()
    client.start()
    server.kill()
    server.start()
    wait_until(lambda: file.read(client.session_id).interview.stage == "experience", 30, "the move")
    server.kill()
    time.sleep(3.5)  # its time comes while nobody is there
    server.start()
    wait_until(lambda: file.read(client.session_id).interview.status is Status.ENDED, 30, "the end")

    assert_ended_in_silence(client)


# a process that dies between any two writes


def turns_on(path: Path) -> Turns:
    return Turns(plan, SqliteStore(str(path), now), ScriptedInterviewer(), RecordingAlarm(), NoVoice())


def interview_before(path: Path, step: str) -> str:
    """An interview in which the step comes next."""
    turns, session_id = turns_on(path), str(uuid.uuid4())
    turns.store.create(new_interview(session_id, Candidate("Ada", "Engineer"), now(), timedelta(days=1)))
    for earlier in {"start": [], "finish": ["start", "e1"], "timeout": ["start"]}.get(step, ["start"]):
        last(turns.take_turn(event(session_id, earlier)))
    if step == "timeout":
        turns.store.change(session_id, silence_is_over)
    return session_id


def silence_is_over(found: Interview, at: datetime) -> tuple[Interview, None]:
    return replace(found, moves_on_at=at, stage_deadline=at, due_at=at), None


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("write", ["1", "2"], ids=["claim", "commit"])
@pytest.mark.parametrize("step", ["start", "e1", "finish", "timeout"])
def test_a_process_killed_at_any_write_leaves_one_turn(step: str, write: str, moment: str, tmp_path: Path) -> None:
    """The retry, the sweep alone, and the sweep followed by the retry all end in the same transcript."""
    path = tmp_path / "interviews.db"
    session_id = interview_before(path, step)
    before = SqliteStore(str(path), now).read(session_id).interview
    command = [sys.executable, "-m", "faults.killed_turn", str(path), session_id, step, write, moment]
    env = {"PYTHONPATH": f"{REPOSITORY}/functions:{REPOSITORY}/tests"}
    killed = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    kept = (write, moment) != ("1", "before")
    ends = [mended(path, tmp_path / name, session_id, step, name) for name in ("retry", "sweep", "sweep, retry")]
    for name, interview in zip(("retry", "sweep", "sweep, retry"), ends, strict=True):
        if name == "sweep" and not kept and step != "timeout":
            assert interview == before
            continue
        assert_whole(interview)
        assert interview.seq > before.seq
        assert answers(interview) == (["Words of e1."] if step in ("e1", "finish") else [])
        assert spoken(interview)[: len(spoken(before))] == spoken(before)
        assert len(spoken(interview)) == len(spoken(before)) + (2 if step == "finish" else 1)


def mended(path: Path, folder: Path, session_id: str, step: str, how: str) -> Interview:
    """A copy of what the dead process left, after somebody mended it when the lease was over."""
    folder.mkdir()
    for part in path.parent.glob(f"{path.name}*"):
        shutil.copy(part, folder)
    turns = turns_on(folder / path.name)
    assert isinstance(turns.store, SqliteStore)
    age(turns.store, session_id)
    for name in how.split(", "):
        if name == "sweep":
            turns.wake(session_id)
        else:
            assert isinstance(last(turns.take_turn(event(session_id, step))), Answered)
    return turns.store.read(session_id).interview


# kills at any moment


@pytest.mark.server
@pytest.mark.long
def test_fifty_kills_at_any_moment_lose_and_double_nothing(start: Start, model: FakeGemini, file: SqliteStore) -> None:
    """A candidate answers on and on while the server is killed under it at random."""
    chance = random.Random(11)
    model.script = lambda request: Text(interviewer_script(request).text, chunk_delay_seconds=0.05)
    server, _ = start(**model.env())
    candidate = Interviewee(server.url)
    candidate.start()
    for _ in range(50):
        time.sleep(chance.uniform(0.02, 1.5))
        server.kill()
        for session_id in list(candidate.said):
            age(file, session_id)
        server.start()
    candidate.enough.set()
    candidate.join(90)

    assert not candidate.is_alive()
    candidate.check(lambda session_id: file.read(session_id).interview)
