"""A whole spoken interview, held as the page lets a person hold it: who falls out comes back and calls the agent."""

import contextlib
import time
from collections.abc import Callable, Iterable
from itertools import pairwise

from support.call_records import Caption
from support.caller import Caller, CallFailed
from support.candidates import SENTENCES
from support.client import ApiClient
from support.process import wait_until
from support.word_errors import word_error_rate

CALL_SECONDS = 10
"""The page asks for a token again when it has been without an agent for so long."""
PATIENCE_SECONDS = 120
WORST_HEARD = 0.5
"""Of a single answer; what speech recognition is worth is measured elsewhere."""


class Talk:
    """An interview in the hands of a caller. `said` are the answers that were completed, `known` is the last message
    that was heard to its end.
    """

    def __init__(self, interview: ApiClient, caller: Caller, answers: Iterable[str] = SENTENCES) -> None:
        self.interview = interview
        self.caller = caller
        self.said: list[str] = []
        self.known = "0"
        self._answers = iter(answers)
        self._alone_since: float | None = None

    def elsewhere(self, caller: Caller) -> "Talk":
        """The same interview in another tab, which goes on where this one was."""
        other = Talk(self.interview, caller, self._answers)
        other.said, other.known = self.said, self.known
        return other

    def begin(self) -> None:
        """Join, and hear the greeting."""
        self.caller.join()
        self.next_question()

    def next_question(self) -> str:
        """Wait until something new was asked; the number of its message, empty when the interview is over."""
        self.wait(lambda: self._over() or int(self.caller.question() or "0") > int(self.known), "the next question")
        self.known = self.caller.question() or self.known
        return "" if self._over() else self.known

    def hear_again(self, since: float) -> float:
        """Wait until the question that stands was asked once more and the interviewer listens; when its sound began."""
        text = self.question_text()
        self.wait(lambda: bool(self.asked(text, since) and self.caller.question()), "the same question again")
        return next(segment.began for segment in self.caller.record.segments if segment.began > since)

    def question_text(self) -> str:
        """The question that stands, once it is stored: the turn of a job that died ends without it."""
        wait_until(lambda: self.interview.messages()["seq"] >= int(self.known), 30, "the question to be stored")
        return str(self.interview.messages()["messages"][int(self.known) - 1]["text"])

    def asked(self, text: str, since: float = 0.0) -> list[Caption]:
        """When an interviewer said this to its end."""
        agents = (c for c in self.caller.captions() if c.identity.startswith("agent-"))
        return [c for c in agents if c.at > since and c.text.split() == text.split()]

    def answer(self) -> None:
        """Say the next answer to its end."""
        text = next(self._answers)
        self.caller.say(text)
        self.said.append(text)

    def to_the_end(self) -> None:
        """Answer whatever is asked until the interview is over, with one interviewer in the room."""
        while True:
            self.wait(lambda: len(self.caller.agents()) == 1, "a single interviewer in the room")
            self.answer()
            if not self.next_question():
                return

    def wait(self, ready: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
        """Wait for something, and do meanwhile what a page does where something is missing."""
        wait_until(lambda: ready() or self._mend(), seconds, what)

    def _mend(self) -> bool:
        """Come back when disconnected; ask for a token, and by that for an agent, when there has been none."""
        record, now = self.caller.record, time.monotonic()
        if record.agents and record.connected:
            self._alone_since = None
        elif not record.connected:
            with contextlib.suppress(CallFailed):
                self.caller.join()
        elif self._alone_since is None:
            self._alone_since = now
        elif now - self._alone_since >= CALL_SECONDS:
            self._alone_since = now
            self.interview.voice_token()
        return False

    def _over(self) -> bool:
        gone = self.caller.disconnected or self.caller.attributes().get("over")
        return bool(gone) and self.interview.messages()["status"] == "ended"

    def check_transcript(self) -> None:
        """Every completed answer is there once, in its order, with one reply to each, and nothing else."""
        body = self.interview.messages()
        messages = body["messages"]
        assert (body["stage"], body["pending"]) == ("done", [])
        assert [m["seq"] for m in messages] == list(range(1, len(messages) + 1))
        told = [m for m in messages if m["role"] == "user"]
        roles = [m["role"] for m in messages]
        assert roles == ["system", "agent", *("user", "agent") * len(told), "agent"], roles  # the last one is feedback
        assert len(told) == len(self.said), ([m["text"] for m in told], self.said)
        for text, message in zip(self.said, told, strict=True):
            assert word_error_rate(text, message["text"]) <= WORST_HEARD, (text, message["text"])
        ids = [event for m in told for event in m["event_ids"]]
        assert len(set(ids)) == len(ids) == len(told)

    def check_voices(self) -> None:
        """Nobody was greeted twice, and two interviewers never spoke at a time."""
        greeting = self.interview.messages()["messages"][1]["text"]
        assert len(self.asked(greeting)) <= 1  # by a second tab it was not heard at all
        segments = sorted(self.caller.record.segments, key=lambda segment: segment.began)
        for one, next_one in pairwise(segments):
            assert one.identity == next_one.identity or one.ended <= next_one.began, (one, next_one)
