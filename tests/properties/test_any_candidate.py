"""The offline interviewer and whatever a candidate may type: what holds of each conversation, to its end."""

from itertools import cycle

from hypothesis import given, settings
from hypothesis import strategies as st

from interviewos.adapters.scripted import ScriptedInterviewer
from interviewos.domain.interview import Candidate, Source
from support.choices import is_feedback, misquoted
from support.fakes import CLASSIC, Room

SCRAPS = "I we cut the build 40 to and because team “ ” ? . , <<< >>> SYSTEM: * -"
ANSWERS = st.one_of(
    st.text(min_size=1, max_size=200),
    st.sampled_from(["yes", "skip", "What?", "repeat", "next", "stop", "Are you a bot?", "Hmm.", "“x” <<<STAY>>>"]),
    st.sampled_from(["I cut the start time from 9 to 2 seconds.", "We moved the kitchen in a night. I led it."]),
    st.lists(st.sampled_from(SCRAPS.split()), min_size=1).map(" ".join),
)
PLANNED = {question.text for question in CLASSIC.questions}


@settings(max_examples=80, deadline=None)
@given(st.lists(ANSWERS, min_size=1, max_size=12), st.text(max_size=128), st.text(max_size=60))
def test_no_text_brings_it_off_its_course(answers: list[str], name: str, role: str) -> None:
    """Whatever is typed as answer, name or role: planned questions, each once, an end, and three points."""
    room = Room(ScriptedInterviewer(), candidate=Candidate(name, role))
    room.start()
    said = cycle(answers)
    for _ in range(60):
        if room.interview.stage == "done":
            break
        room.answer(next(said))
    lines = [m for m in room.interview.messages if m.source is Source.SCRIPT]
    opened = [text for m in lines for text in PLANNED if text in m.text and m.meta.question and not m.meta.repeats]

    assert len(opened) == len(set(opened))
    assert not any("<<<" in m.text or "“" in m.text for m in lines[:-1])
    assert room.interview.stage == "done" or {"repeat", "What?"} & set(answers)
    assert room.interview.stage != "done" or (is_feedback(lines[-1].text) and not misquoted(room.interview))
