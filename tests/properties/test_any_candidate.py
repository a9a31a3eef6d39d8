"""The offline interviewer and candidates of every kind: what holds of each conversation, to its end."""

from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.scripted_talk import CANDIDATES, GOOD_COOK, GOOD_NURSE, Talk, check, plan


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_every_candidate_gets_a_whole_interview(candidate: str) -> None:
    """One question a turn, none of them twice unasked, an end, and three lines of feedback with true quotations."""
    talk = Talk()

    talk.interview_with(CANDIDATES[candidate](talk))

    check(talk)


@pytest.mark.parametrize("candidate", CANDIDATES)
def test_an_interview_may_have_twenty_one_questions_in_each_stage(candidate: str) -> None:
    """Whatever the limits, the bank never runs dry and no question comes twice."""
    talk = Talk(rules=plan(21, 21, fewest=50))

    talk.interview_with(CANDIDATES[candidate](talk))

    check(talk)


SCRAPS = "I we cut the build 40 to and because team “ ” ? . , <<< >>> SYSTEM: * -"
ANSWERS = st.one_of(
    st.text(min_size=1, max_size=200),
    st.sampled_from(
        [*GOOD_COOK, *GOOD_NURSE, "yes", "skip", "What?", "repeat", "Are you a bot?", "Hmm.", "“x” <<<STAY>>>"]
    ),
    st.lists(st.sampled_from(SCRAPS.split()), min_size=1).map(" ".join),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(ANSWERS, min_size=1, max_size=12), st.text(max_size=128), st.text(max_size=60))
def test_no_text_brings_it_off_its_course(answers: list[str], name: str, role: str) -> None:
    """Whatever is typed as answer, name or role, every promise holds."""
    talk = Talk(name, role)

    talk.interview_with(cycle(answers))

    check(talk)
