"""A candidate who gives interviews through whatever happens to the server, and remembers what they were told."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable

import httpx

from interviewos.domain.interview import Interview, Role, Status
from support.client import ApiClient

EXPECTED = (200, 201, 409, 503)
"""What a caller who makes no mistake may be told while the world is falling apart."""


class Interviewee(threading.Thread):
    """Gives interviews, one after another; sends the same id until it is answered."""

    def __init__(self, url: str, pause_seconds: float = 0.1) -> None:
        super().__init__(daemon=True)
        self.said: dict[str, list[tuple[str, str]]] = {}
        self.acknowledged: set[str] = set()
        self.replies: dict[str, str] = {}
        self.statuses: dict[int, int] = {}
        self.enough = threading.Event()
        self.fault: BaseException | None = None
        self._url = url
        self._pause_seconds = pause_seconds

    def run(self) -> None:
        """Until it is enough; the interview that is open then is brought to its end."""
        try:
            while not self.enough.is_set():
                with ApiClient(self._url, timeout_seconds=30) as client:
                    self._interview(client)
        except BaseException as fault:  # for the test, which looks at it
            self.fault = fault

    def _interview(self, client: ApiClient) -> None:
        key, done = str(uuid.uuid4()), False
        self._insist(lambda: self._note(client.create(idempotency_key=key).status) == 201)
        said = self.said[client.session_id] = []
        self._insist(lambda: self._note(client.start().status) == 200)
        while not done:
            event_id = str(uuid.uuid4())
            said.append((event_id, f"Answer {len(said) + 1}: I wrote part {event_id[:8]} myself."))
            done = self._answer(client, *said[-1])

    def _answer(self, client: ApiClient, event_id: str, text: str) -> bool:
        """Answer until there is a reply; give whether it was the last."""
        told: list[bool] = []
        self._insist(lambda: self._listen(client, event_id, text, told))
        return told[-1]

    def _listen(self, client: ApiClient, event_id: str, text: str, told: list[bool]) -> bool:
        for name, data in client.stream_answer(text, event_id):
            if name == "ack":
                self.acknowledged.add(event_id)
            if name == "problem":
                self._note(data["status"])
            if name == "turn":
                self._note(200)
                self.replies[event_id] = data["assistant_text"]
                told.append(data["done"])
                return True
        return False

    def _insist(self, attempt: Callable[[], bool]) -> None:
        while not self._try(attempt):
            time.sleep(self._pause_seconds)

    def _try(self, attempt: Callable[[], bool]) -> bool:
        try:
            return attempt()
        except httpx.HTTPError:
            return False

    def _note(self, status: int) -> int:
        assert status in EXPECTED, f"answered {status}"
        self.statuses[status] = self.statuses.get(status, 0) + 1
        return status

    def check(self, read: Callable[[str], Interview]) -> None:
        """Every answer stands in its transcript once and in order, under the reply that its sender was given."""
        assert self.fault is None
        assert self.acknowledged <= {event_id for said in self.said.values() for event_id, _ in said}
        for session_id, said in self.said.items():
            interview = read(session_id)
            spoken = [m for m in interview.messages if m.role is Role.AGENT]
            assert interview.status is Status.ENDED
            assert [m.seq for m in interview.messages] == list(range(1, interview.seq + 1))
            assert (interview.pending, interview.lease) == ((), None)
            assert [m.text for m in interview.messages if m.role is Role.USER] == [text for _, text in said]
            assert len({m.text for m in spoken}) == len(spoken)
            for event_id, _ in said:
                turn = [m.text for m in spoken if event_id in m.meta.event_ids]
                assert self.replies[event_id] == "\n\n".join(turn)
