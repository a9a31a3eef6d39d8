"""Five interviews at once on one worker, and a worker that is asked to end while it holds them."""

import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from support.caller import Caller
from support.candidates import SENTENCES
from support.client import ApiClient
from support.emulators import require
from support.process import wait_until
from support.spoken import SpokenService

pytestmark = pytest.mark.long

Call = Callable[[ApiClient], Caller]

AT_ONCE = 5
SCRIPTED = Path(__file__).with_name("scripted_worker.py")
NO_PIPER = {"PIPER_URL": "http://127.0.0.1:9"}
"""Nobody asks for it: espeak-ng speaks."""


@pytest.fixture
def spoken(start_spoken: Callable[..., SpokenService]) -> SpokenService:
    """A worker with a recogniser that knows its script and a voice without a model."""
    require(None if shutil.which("espeak-ng") else "espeak-ng is not installed")
    return start_spoken(script=SCRIPTED, worker_env=NO_PIPER)


def hold(caller: Caller) -> None:
    """Answer until the interview is over."""
    seq = "0"
    while seq := caller.wait_for_question(seq, seconds=120):
        caller.say(SENTENCES[0])


def check(interview: ApiClient, caller: Caller) -> None:
    """The interview ended properly: every question answered, feedback stored and said to its end."""
    body = interview.messages()
    roles = [m["role"] for m in body["messages"]]
    assert (body["status"], body["stage"]) == ("ended", "done")
    assert roles == ["system", "agent", *["user", "agent"] * 5, "agent"], "\n".join(map(str, body["messages"]))
    assert {m["source"] for m in body["messages"] if m["role"] == "agent"} == {"model"}
    caller.wait_for_attribute("over", "1")
    *_, feedback = (c.text for c in caller.captions() if c.identity.startswith("agent-"))
    assert feedback.split()[-6:] == body["messages"][-1]["text"].split()[-6:]


def test_five_interviews_at_once_end_properly(spoken: SpokenService, call: Call) -> None:
    """Each with its own questions, answers and feedback; what they cost is printed."""
    interviews = [spoken.interview(candidate_name=f"Ada {number}") for number in range(AT_ONCE)]
    callers = [call(interview) for interview in interviews]
    worker = spoken.worker
    before, used, began = worker.memory_megabytes(), worker.processor_seconds(), time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        held = [pool.submit(hold, caller.join()) for caller in callers]
        wait_until(lambda: all(len(i.messages()["messages"]) > 4 for i in interviews), 120, "the second questions")
        during, more, at = worker.memory_megabytes(), worker.processor_seconds(), time.monotonic()
        for interview in held:
            interview.result()
    wait_until(lambda: worker.active_jobs() == 0, 60, "the end of the jobs")
    time.sleep(2)

    print(f"\nmemory: {before} MB before, {during} MB during, {worker.memory_megabytes()} MB after")
    print(f"an interview: {(during - before) / AT_ONCE:.0f} MB, {(more - used) / (at - began) / AT_ONCE:.0%} of a core")
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for interview, caller in zip(interviews, callers, strict=True):
        check(interview, caller)


def test_a_worker_that_is_told_to_end_holds_its_interviews_to_their_end(spoken: SpokenService, call: Call) -> None:
    """SIGTERM: those that run go on, a new one gets no interviewer, and the last one's end is the worker's."""
    interviews = [spoken.interview() for _ in range(AT_ONCE)]
    callers = [call(interview) for interview in interviews]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        held = [pool.submit(hold, caller.join()) for caller in callers]
        wait_until(lambda: all(len(i.messages()["messages"]) > 2 for i in interviews), 120, "the first answers")
        spoken.worker.drain()
        wait_until(lambda: "draining worker" in spoken.worker.log, 10, "the worker's word that it takes no more")
        late = call(spoken.interview()).join()
        for interview in held:
            interview.result()
    ended = time.monotonic()
    wait_until(lambda: not spoken.worker.running, 60, "the end of the worker")

    print(f"\nthe worker ended {time.monotonic() - ended:.1f} s after its last interview")
    assert late.agents() == []
    assert [entry for entry in late.log if entry.what == "came"] == []
    for interview, caller in zip(interviews, callers, strict=True):
        check(interview, caller)
