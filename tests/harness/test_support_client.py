"""The client must send what the contract says and read both kinds of answer."""

import json
from collections.abc import Iterator

import pytest

from support.client import ApiClient
from support.local_server import Exchange, LocalServer

SECRET = "the-worker's-secret-of-32-bytes-or-more"
CREATED = {"session_id": "s1", "session_token": "t1"}


class Backend(LocalServer):
    """Plays the functions: keeps what arrives and answers with what the test wants."""

    def __init__(self) -> None:
        self.arrived: list[Exchange] = []
        self.stream: list[tuple[str, object]] = []
        super().__init__(self._serve_request)

    def _serve_request(self, exchange: Exchange) -> None:
        self.arrived.append(exchange)
        if exchange.path.endswith("/sessions/create"):
            exchange.send_json(201, CREATED)
        elif self.stream and exchange.headers.get("accept") == "text/event-stream":
            self._play(exchange)
        elif exchange.method == "DELETE":
            exchange.send(204)
        else:
            exchange.send_json(409, {"status": 409, "title": "wrong-state"})

    def _play(self, exchange: Exchange) -> None:
        exchange.begin(200, {"Content-Type": "text/event-stream"})
        for name, data in self.stream:
            exchange.chunk(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())
        exchange.end()


@pytest.fixture
def backend() -> Iterator[Backend]:
    """A stand-in for the functions."""
    with Backend() as server:
        yield server


@pytest.fixture
def client(backend: Backend) -> Iterator[ApiClient]:
    """A client with an interview."""
    with ApiClient(backend.url, secret=SECRET) as caller:
        assert caller.create(candidate_name="Ada").status == 201
        yield caller


def test_the_page_answers_by_its_session_token(backend: Backend, client: ApiClient) -> None:
    """The first door is the Bearer token of this interview."""
    refused = client.answer("I build robots.", event_id="e1", heard={"seq": 2, "text": "Hi"})

    assert (refused.status, refused["title"]) == (409, "wrong-state")
    sent = backend.arrived[-1]
    assert (sent.path, sent.headers["authorization"]) == ("/api/interview/ui/next_turn", "Bearer t1")
    assert json.loads(sent.body) == {
        "session_id": "s1",
        "event_type": "user_turn",
        "event_id": "e1",
        "user_text": "I build robots.",
        "heard": {"seq": 2, "text": "Hi"},
    }


def test_the_worker_comes_by_the_secret(backend: Backend, client: ApiClient) -> None:
    """The second door is the engine's own path with the secret; the interview is the same."""
    client.with_door("secret").timeout()

    sent = backend.arrived[-1]
    assert (sent.path, sent.headers["x-ingest-secret"]) == ("/api/interview/engine/next_turn", SECRET)
    assert json.loads(sent.body) == {"session_id": "s1", "event_type": "timeout"}


def test_an_answer_without_an_id_gets_a_fresh_one(backend: Backend, client: ApiClient) -> None:
    """Two answers are never one by accident."""
    client.answer("one")
    client.answer("one")

    first, second = (json.loads(sent.body)["event_id"] for sent in backend.arrived[-2:])
    assert first != second


def test_a_stream_is_heard_event_by_event(backend: Backend, client: ApiClient) -> None:
    """Events come as pairs of name and data."""
    backend.stream = [("ack", {}), ("delta", {"seq": 3, "text": "Hällo\n"}), ("turn", {"seq": 3})]

    assert backend.stream == list(client.stream("start"))


def test_a_streamed_turn_ends_with_its_last_event(backend: Backend, client: ApiClient) -> None:
    """Who does not care for the way gets the full turn as the body."""
    backend.stream = [("ack", {}), ("turn", {"seq": 3})]

    turn = client.answer("Hello", stream=True)

    assert (turn.status, turn["seq"], [name for name, _ in turn.events]) == (200, 3, ["ack", "turn"])


def test_a_refusal_before_the_stream_is_one_problem(client: ApiClient) -> None:
    """A plain JSON answer to a stream request is a problem event."""
    assert [name for name, _ in client.stream_answer("too early")] == ["problem"]


def test_reading_names_what_is_already_known(backend: Backend, client: ApiClient) -> None:
    """`after` and the ETag go out as the contract says."""
    client.messages(after=4, etag='"v7"')

    sent = backend.arrived[-1]
    assert (sent.path, sent.query) == ("/api/interview/sessions/s1/messages", {"after": ["4"]})
    assert sent.headers["if-none-match"] == '"v7"'


def test_a_deletion_has_no_body(client: ApiClient) -> None:
    """204 is a status without JSON."""
    gone = client.delete()

    assert (gone.status, gone.body) == (204, None)
