"""A candidate who says nothing hears the next stage, whichever way the worker learns that time is up."""

import time
from collections.abc import Callable

import pytest

from support.caller import Caller
from support.client import ApiClient
from support.spoken import SpokenService
from support.worker import BROKEN_AGENT

SHORT = {"INTRO_TIMEOUT_S": "5", "STAGE_GRACE_S": "3", "EXPERIENCE_TIMEOUT_S": "300"}

WAYS = [
    pytest.param("clock", id="rpc"),
    pytest.param("clock,rpc", id="metadata", marks=pytest.mark.long),
    pytest.param("rpc,metadata", id="own-clock", marks=pytest.mark.long),
]
"""How the worker learns of it, and what must be broken for that to be the only way."""


@pytest.mark.parametrize("broken", WAYS)
def test_a_silent_candidate_hears_the_next_stage(
    start_spoken: Callable[..., SpokenService], call: Callable[[ApiClient], Caller], broken: str
) -> None:
    """Time is up, the interview moves on by itself, and its next question sounds in the room."""
    spoken = start_spoken(env=SHORT, worker_env={"BROKEN": broken}, script=BROKEN_AGENT)
    interview = spoken.interview()
    caller = call(interview).join()
    caller.wait_for_question()
    moves_on_at = time.monotonic() + interview.messages()["moves_on_in_s"]

    speech = caller.wait_for_speech(after=time.monotonic())
    caller.wait_for_question(known="2")

    stages = [(m["role"], m["stage"]) for m in interview.messages()["messages"]]
    assert stages == [("system", "intro"), ("agent", "intro"), ("agent", "experience")]
    assert len(caller.captions(caller.agents()[-1])) == 2
    print(f"\nbroken {broken}: heard {speech.began - moves_on_at:.1f} s after the interview moves on")
