"""A caller of the HTTP contract, by both doors: the session token of the page and the secret of the voice worker."""

import json
import uuid
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self

import httpx

BASE = "/api/interview"
EVENT_STREAM = "text/event-stream"
TURN_SECONDS = 35.0

Door = Literal["session", "secret", "none"]
SseEvent = tuple[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON of a response; a streamed turn has its events too, and the last one's data as `body`."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(repr=False)
    events: tuple[SseEvent, ...] = field(default=(), repr=False)

    def __getitem__(self, name: str) -> Any:
        return self.body[name]


class ApiClient:
    """One interview over HTTP. `create` remembers the session and its token for all later calls.

    `door` chooses who is calling; `with_door` gives the same interview to the other caller. `transport` may be an
    `httpx.WSGITransport` around an app, or an instrumented one.
    """

    def __init__(
        self,
        url: str,
        *,
        secret: str | None = None,
        door: Door = "session",
        transport: httpx.BaseTransport | None = None,
        timeout_seconds: float = TURN_SECONDS,
    ) -> None:
        self.secret = secret
        self.door: Door = door
        self.session_id = ""
        self.session_token = ""
        # No proxy of the machine may come between a test and 127.0.0.1.
        self.http = httpx.Client(base_url=url, transport=transport, timeout=timeout_seconds, trust_env=False)

    def with_door(self, door: Door) -> "ApiClient":
        """The same interview and connection pool, called by somebody else."""
        other = object.__new__(ApiClient)
        other.__dict__.update(self.__dict__, door=door)
        return other

    def create(self, *, idempotency_key: str | None = None, **fields: Any) -> Answer:
        """Create a session (`candidate_name`, `role`) and use it from now on; the secret lifts the caps."""
        headers = self._auth("secret") if self.door == "secret" else {}
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        made = self.request("POST", "sessions/create", json=fields, headers=headers)
        if made.status == 201:
            self.session_id, self.session_token = made["session_id"], made["session_token"]
        return made

    def start(self, **fields: Any) -> Answer:
        """Begin the interview."""
        return self.turn("start", **fields)

    def answer(self, text: str, event_id: str | None = None, **fields: Any) -> Answer:
        """Send an answer; without an `event_id` it gets a fresh one."""
        return self.turn("user_turn", event_id=event_id or str(uuid.uuid4()), user_text=text, **fields)

    def finish(self, **fields: Any) -> Answer:
        """End the interview by the candidate's own wish."""
        return self.turn("finish", **fields)

    def timeout(self) -> Answer:
        """Tell that the voice worker's clock has run out."""
        return self.turn("timeout")

    def turn(self, event_type: str, *, stream: bool = False, **fields: Any) -> Answer:
        """Send one event; `stream=True` listens to the stream up to its end."""
        if stream:
            return self._streamed_turn(event_type, fields)
        return self.request("POST", self._turn_path(), json=self._event(event_type, fields), headers=self._auth())

    def stream(self, event_type: str, **fields: Any) -> Generator[SseEvent, None, None]:
        """Send one event and hear `(event, data)` as they come; closing the iterator hangs up in mid-stream."""
        with self._open_stream(event_type, fields) as response:
            yield from _events(response)

    def stream_answer(self, text: str, event_id: str | None = None, **fields: Any) -> Generator[SseEvent, None, None]:
        """Send an answer and hear the reply as it comes."""
        return self.stream("user_turn", event_id=event_id or str(uuid.uuid4()), user_text=text, **fields)

    def messages(self, after: int | None = None, etag: str | None = None) -> Answer:
        """Read the interview; with an `etag` the answer may be 304 without a body."""
        query = {} if after is None else {"after": str(after)}
        headers = self._auth() | ({} if etag is None else {"If-None-Match": etag})
        return self.request("GET", f"sessions/{self.session_id}/messages", params=query, headers=headers)

    def report(self, etag: str | None = None) -> Answer:
        """Read the report; with an `etag` the answer may be 304 without a body."""
        headers = self._auth() | ({} if etag is None else {"If-None-Match": etag})
        return self.request("GET", f"sessions/{self.session_id}/report", headers=headers)

    def call_wrong(self, **finding: Any) -> Answer:
        """Say that a finding of the report is wrong."""
        return self.request("POST", f"sessions/{self.session_id}/report/wrong", json=finding, headers=self._auth())

    def delete(self) -> Answer:
        """Delete the interview."""
        return self.request("DELETE", f"sessions/{self.session_id}", headers=self._auth())

    def voice_token(self) -> Answer:
        """Ask for a token of the interview's room."""
        return self.request("POST", "livekit/token", json={"session_id": self.session_id}, headers=self._auth())

    def request(self, method: str, path: str, **options: Any) -> Answer:
        """Any call below the base, as httpx takes it: the way to send what the contract forbids."""
        return _answer(self.http.request(method, f"{BASE}/{path}", **options))

    def close(self) -> None:
        """Close all connections."""
        self.http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _turn_path(self) -> str:
        return "engine/next_turn" if self.door == "secret" else "ui/next_turn"

    def _event(self, event_type: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {"session_id": self.session_id, "event_type": event_type, **fields}

    def _auth(self, door: Door | None = None) -> dict[str, str]:
        match door or self.door:
            case "session":
                return {"Authorization": f"Bearer {self.session_token}"}
            case "secret":
                assert self.secret is not None, "this client was given no secret"
                return {"X-INGEST-SECRET": self.secret}
            case _:
                return {}

    def _open_stream(self, event_type: str, fields: Mapping[str, Any]) -> Any:
        headers = self._auth() | {"Accept": EVENT_STREAM}
        path = f"{BASE}/{self._turn_path()}"
        return self.http.stream("POST", path, json=self._event(event_type, fields), headers=headers)

    def _streamed_turn(self, event_type: str, fields: Mapping[str, Any]) -> Answer:
        with self._open_stream(event_type, fields) as response:
            events = tuple(_events(response))
            body = events[-1][1] if events else None
            return Answer(response.status_code, body, response.headers, events)


def _answer(response: httpx.Response) -> Answer:
    return Answer(response.status_code, _body(response), response.headers)


def _body(response: httpx.Response) -> Any:
    if not response.content:
        return None
    return response.json() if "json" in response.headers.get("Content-Type", "") else response.text


def _events(response: httpx.Response) -> Iterator[SseEvent]:
    """The events of a stream; a refusal before the stream is one `problem`."""
    if not response.headers.get("Content-Type", "").startswith(EVENT_STREAM):
        yield "problem", json.loads(response.read())
        return
    name, data = "message", list[str]()
    for line in response.iter_lines():
        field_name, _, value = line.partition(":")
        match field_name:
            case "event":
                name = value.strip()
            case "data":
                data.append(value.removeprefix(" "))
            case "" if not line and data:
                yield name, json.loads("\n".join(data))
                name, data = "message", []
