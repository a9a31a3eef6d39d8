"""The local Gemini must look to the real google-genai SDK exactly like the service."""

import threading
from collections.abc import Iterator

import httpx2
import pytest
from google import genai
from google.genai import errors, types
from google.oauth2.credentials import Credentials

from interviewos.model.read import instruction
from interviewos.report.catalogue import catalogue
from support.gemini import (
    BROKEN,
    OVERLOADED,
    QUOTA,
    Empty,
    Failure,
    FakeGemini,
    Gate,
    Hang,
    PromptBlock,
    Text,
    cut,
    drip,
)

MODEL = "gemini-of-the-day"


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    """A local Gemini without a script."""
    with FakeGemini() as server:
        yield server


@pytest.fixture
def client(gemini: FakeGemini) -> Iterator[genai.Client]:
    """The real SDK, led to the local Gemini."""
    with genai.Client(api_key="key", http_options=types.HttpOptions(base_url=gemini.url)) as sdk:
        yield sdk


def ask(client: genai.Client, text: str = "Hello", model: str = MODEL) -> types.GenerateContentResponse:
    """One call without streaming."""
    return client.models.generate_content(model=model, contents=text)


def ask_stream(client: genai.Client) -> Iterator[types.GenerateContentResponse]:
    """One streamed call."""
    return client.models.generate_content_stream(model=MODEL, contents="Hello")


def test_queued_texts_are_said_in_order(gemini: FakeGemini, client: genai.Client) -> None:
    """Each call takes the next reply of the queue."""
    gemini.say("one", "two")

    assert [ask(client).text, ask(client).text] == ["one", "two"]


def test_a_stream_comes_in_the_chunks_that_were_chosen(gemini: FakeGemini, client: genai.Client) -> None:
    """The SDK yields one response a chunk, and only the last has a finish reason and counts."""
    gemini.say(Text("Hello there", chunk_size=5))

    chunks = list(ask_stream(client))

    assert [chunk.text for chunk in chunks] == ["Hello", " ther", "e"]
    assert [chunk.candidates and chunk.candidates[0].finish_reason for chunk in chunks] == [None, None, "STOP"]
    usage = chunks[-1].usage_metadata
    assert usage is not None
    assert (
        usage.prompt_token_count,
        usage.candidates_token_count,
        usage.total_token_count,
    ) == (1, 3, 4)


def test_pieces_are_sent_as_written(gemini: FakeGemini, client: genai.Client) -> None:
    """A test may choose each chunk by hand, to split a token where it likes."""
    gemini.say(Text("Hi <<<STAY>>>", pieces=("Hi <", "<<ST", "AY>>>")))

    assert [chunk.text for chunk in ask_stream(client)] == ["Hi <", "<<ST", "AY>>>"]


def test_a_drip_loses_nothing(gemini: FakeGemini, client: genai.Client) -> None:
    """Crumbs of two characters add up to the text."""
    gemini.say(drip("Grüße, नमस्ते", delay_seconds=0.001))

    assert "".join(chunk.text or "" for chunk in ask_stream(client)) == "Grüße, नमस्ते"


def test_the_log_shows_what_was_asked(gemini: FakeGemini, client: genai.Client) -> None:
    """System instruction, roles, texts and settings are parsed; both spellings of a setting are one."""
    gemini.say("ok")
    client.models.generate_content(
        model=MODEL,
        contents=[
            types.Content(role="user", parts=[types.Part(text="a")]),
            types.Content(role="model", parts=[types.Part(text="b")]),
        ],
        config=types.GenerateContentConfig(
            system_instruction="Be kind.\nCURRENT STAGE: intro",
            temperature=0.5,
            thinking_config=types.ThinkingConfig(thinking_budget=0),
        ),
    )

    request = gemini.requests[0]

    assert [(content.role, content.text) for content in request.contents] == [("user", "a"), ("model", "b")]
    assert (request.model, request.stage, request.stream) == (MODEL, "intro", False)
    assert request.config == {"temperature": 0.5, "thinkingConfig": {"thinkingBudget": 0}}
    assert request.headers["x-goog-api-key"] == "key"


def test_a_script_answers_by_content(gemini: FakeGemini, client: genai.Client) -> None:
    """The script sees the parsed request."""
    gemini.script = lambda request: Text(f"You said {request.text}.")

    assert ask(client).text == "You said Hello."


def test_a_blocked_prompt_has_no_candidates(gemini: FakeGemini, client: genai.Client) -> None:
    """The SDK gives no text and the reason of the block, whole and streamed."""
    gemini.say(PromptBlock(), PromptBlock())

    whole, streamed = ask(client), next(ask_stream(client))

    for response in (whole, streamed):
        assert response.text is None
        assert response.prompt_feedback
        assert response.prompt_feedback.block_reason == "SAFETY"


@pytest.mark.parametrize("reason", ["MAX_TOKENS", "SAFETY", "RECITATION"])
def test_a_candidate_may_be_empty(gemini: FakeGemini, client: genai.Client, reason: str) -> None:
    """A reply without content is no exception in the SDK, only a missing text."""
    gemini.say(Empty(reason))

    response = ask(client)

    assert response.text is None
    assert response.candidates
    assert reason == response.candidates[0].finish_reason


def test_a_quota_error_says_when_to_come_back(gemini: FakeGemini, client: genai.Client) -> None:
    """A 429 carries Google's RetryInfo."""
    gemini.say(QUOTA)

    with pytest.raises(errors.ClientError) as caught:
        ask(client)

    assert (caught.value.code, caught.value.status) == (429, "RESOURCE_EXHAUSTED")
    assert caught.value.details["error"]["details"][0]["retryDelay"] == "7s"


@pytest.mark.parametrize("failure", [OVERLOADED, BROKEN])
def test_a_server_error_reaches_a_stream(gemini: FakeGemini, client: genai.Client, failure: Failure) -> None:
    """A 5xx is raised before the first chunk."""
    gemini.say(failure)

    with pytest.raises(errors.ServerError):
        next(ask_stream(client))


def test_an_unknown_model_is_not_found(gemini: FakeGemini, client: genai.Client) -> None:
    """With the living models named, every other one is a 404."""
    gemini.models = frozenset({MODEL})

    with pytest.raises(errors.ClientError, match="404"):
        ask(client, model="gemini-of-yesterday")


def test_a_cut_breaks_the_stream(gemini: FakeGemini, client: genai.Client) -> None:
    """What came before the cut is heard, then the connection is gone."""
    gemini.say(cut("Hello there", after_chunks=1, chunk_size=5))
    stream = ask_stream(client)

    assert next(stream).text == "Hello"
    with pytest.raises(httpx2.RemoteProtocolError):
        next(stream)


def test_a_gate_holds_a_stream_after_its_first_chunk(gemini: FakeGemini, client: genai.Client) -> None:
    """The test decides when the stream goes on."""
    gate = Gate()
    gemini.say(Text("Hello there", chunk_size=5, gate=gate))
    stream = ask_stream(client)

    assert next(stream).text == "Hello"
    assert gate.reached.wait(5)
    gate.set()
    assert "".join(chunk.text or "" for chunk in stream) == " there"


def test_closing_does_not_wait_for_a_hanging_request(gemini: FakeGemini, client: genai.Client) -> None:
    """A request that nobody answers ends with the server."""
    gemini.say(Hang())
    outcome: list[Exception] = []

    def call() -> None:
        try:
            ask(client)
        except Exception as error:
            outcome.append(error)

    caller = threading.Thread(target=call)
    caller.start()
    while not gemini.calls:
        caller.join(0.01)
    gemini.close()
    caller.join(10)

    assert isinstance(outcome[0], httpx2.RemoteProtocolError)


def test_a_forgotten_reply_fails_the_test(client: genai.Client, gemini: FakeGemini) -> None:
    """An unscripted call is the test's own mistake and is raised at the end, not hidden in a fallback."""
    with pytest.raises(errors.ServerError):
        ask(client)

    with pytest.raises(AssertionError, match="scripted no reply"), gemini:
        pass
    gemini.errors.clear()


def test_who_reads_an_interview_takes_nothing_queued(client: genai.Client, gemini: FakeGemini) -> None:
    """Nobody waits for it, so a test cannot know when it comes; a test may set what it hears."""
    gemini.say("for the test")
    story = '{"story": 1, "competencies": ["approach"], "parts": [], "told": ["I moved the ledger in one night."]}'
    config = types.GenerateContentConfig(system_instruction=instruction(catalogue()))

    read = client.models.generate_content(model=MODEL, contents=story, config=config).text or ""
    gemini.reader = lambda _: OVERLOADED
    with pytest.raises(errors.ServerError):
        client.models.generate_content(model=MODEL, contents=story, config=config)

    assert '"quote": "I moved the ledger in one"' in read
    assert ask(client).text == "for the test"


def test_vertex_paths_are_served_too(gemini: FakeGemini) -> None:
    """The same server stands in for Vertex AI."""
    gemini.say("from Vertex")
    options = types.HttpOptions(base_url=gemini.url)
    login = Credentials("token")  # type: ignore[no-untyped-call]
    with genai.Client(
        vertexai=True, project="p", location="europe-west1", credentials=login, http_options=options
    ) as sdk:
        assert ask(sdk).text == "from Vertex"
    assert "/projects/p/" in gemini.requests[0].path
