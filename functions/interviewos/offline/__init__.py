"""The offline interviewer: a small script that really interviews, and speaks up when a model has failed.

It is pure and needs no network, and nothing in it is left to chance: the same turn gets the same words.
"""

from __future__ import annotations

from interviewos.domain.interview import Reason, Signal, Stage, TurnPlan
from interviewos.offline.asking import next_line
from interviewos.offline.bullets import feedback
from interviewos.offline.standins import closing, error_line, question, stand_in

__all__ = ["closing", "error_line", "feedback", "question", "reply", "stand_in"]


def reply(turn: TurnPlan) -> str:
    """Say the interviewer's next line, with its signal on the last line as a model would end it."""
    text, signal = _speak(turn)
    return f"{text}\n<<<{signal.value}>>>"


def _speak(turn: TurnPlan) -> tuple[str, Signal]:
    if turn.reason is Reason.FEEDBACK:
        return feedback(turn), Signal.STAY
    if turn.stage is Stage.DONE:
        return f"{closing(turn)}\n\n{feedback(turn)}", Signal.STAY
    return next_line(turn)
