"""Why an interviewer speaks for whom a model is asked; the others are answered by code."""

from interviewos.domain.interview import Reason

GRANTED = (Reason.REPEAT, Reason.SIMPLER, Reason.PAUSE, Reason.MORE_TIME)
ASKING = [reason for reason in Reason if reason not in (*GRANTED, Reason.FINISH)]
