"""A local Gemini, so that tests run the real google-genai SDK against replies and failures of their own choosing."""

import json
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from typing import Any

from support.choices import is_closing, is_reading, is_tailoring, sensible_reading
from support.local_server import Exchange, LocalServer

METHOD = re.compile(r"/models/(?P<model>[^/:]+):(?P<method>generateContent|streamGenerateContent)$")

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


@dataclass(frozen=True, slots=True)
class Content:
    """One entry of the request's `contents`."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class GeminiRequest:
    """What the SDK asked, parsed once; `body` and `raw` are what really came over the wire."""

    model: str
    stream: bool
    path: str
    system: str
    contents: tuple[Content, ...]
    config: dict[str, Any]
    body: dict[str, Any]
    raw: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        """All contents as one text, without the system instruction."""
        return "\n".join(content.text for content in self.contents)

    @property
    def stage(self) -> str:
        """The stage that the system instruction names on a line of its own, or nothing."""
        found = re.search(r"^CURRENT STAGE: *(\w+) *$", self.system, re.MULTILINE)
        return found[1] if found else ""

    @property
    def closes(self) -> bool:
        """Is this the request to choose what the feedback is about?"""
        return is_closing(self.system)

    @property
    def reads(self) -> bool:
        """Is this the request to read an interview that is over?"""
        return is_reading(self.system)

    @property
    def prompt_tokens(self) -> int:
        """Four characters are one token, near enough."""
        return len(self.system + self.text) // 4


class Gate(threading.Event):
    """Holds a stream until it is set; `reached` tells that the stream stands in front of it."""

    def __init__(self, after_chunks: int = 1) -> None:
        super().__init__()
        self.after_chunks = after_chunks
        self.reached = threading.Event()


@dataclass(frozen=True, slots=True)
class Text:
    """The model speaks. Streamed in `pieces` if given, else in chunks of `chunk_size` characters (0: as one)."""

    text: str
    _: KW_ONLY
    pieces: tuple[str, ...] = ()
    chunk_size: int = 24
    first_delay_seconds: float = 0.0
    chunk_delay_seconds: float = 0.0
    finish_reason: str = "STOP"
    thoughts_tokens: int = 0
    cut_after: int | None = None
    gate: Gate | None = None

    def chunks(self) -> tuple[str, ...]:
        """The text as the stream delivers it; at least one chunk, for the last one carries the reason and the usage."""
        size = self.chunk_size or max(len(self.text), 1)
        return self.pieces or tuple(self.text[at : at + size] for at in range(0, len(self.text), size)) or ("",)


@dataclass(frozen=True, slots=True)
class PromptBlock:
    """The prompt is refused: no candidates at all."""

    reason: str = "SAFETY"


@dataclass(frozen=True, slots=True)
class Empty:
    """A candidate without any content."""

    finish_reason: str = "STOP"


@dataclass(frozen=True, slots=True)
class Failure:
    """An error status in Google's form; `retry_after_seconds` adds a RetryInfo."""

    status: int
    message: str = "scripted failure"
    retry_after_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Hang:
    """The request is accepted and nothing is ever said."""


Reply = Text | PromptBlock | Empty | Failure | Hang
Script = Callable[[GeminiRequest], Reply]

QUOTA = Failure(429, "You exceeded your current quota.", retry_after_seconds=7)
OVERLOADED = Failure(503, "The model is overloaded. Please try again later.")
BROKEN = Failure(500, "An internal error has occurred.")
REFUSED = Failure(400, "Request contains an invalid argument.")
RETIRED = Failure(404, "This model is no longer available.")


def cut(text: str, after_chunks: int = 1, chunk_size: int = 24) -> Text:
    """A stream whose connection breaks after so many chunks; 0 breaks before the first byte."""
    return Text(text, chunk_size=chunk_size, cut_after=after_chunks)


def drip(text: str, chunk_size: int = 2, delay_seconds: float = 0.01) -> Text:
    """A stream that comes in crumbs, so that every token is split somewhere."""
    return Text(text, chunk_size=chunk_size, chunk_delay_seconds=delay_seconds)


class FakeGemini(LocalServer):
    """Gemini's two methods on 127.0.0.1, under any API version and under Vertex paths alike.

    Queued replies (`say`) go first, then `script` is asked. With `models` given, every other model is a 404.

    Whoever reads an interview that is over hears the `reader`, and takes nothing queued: no test waits for it.

    With `wordings` set, what no test waits for takes nothing queued: they answer whoever has questions tailored, and an
    interview that was left and is woken by its clock hears the script.
    """

    def __init__(self, script: Script | None = None, models: frozenset[str] | None = None) -> None:
        self.script = script
        self.models = models
        self.wordings: str | None = None
        self.reader: Script = lambda request: Text(sensible_reading(request.text))
        self.requests: list[GeminiRequest] = []
        self.tokens = 0
        """All that were told to a caller, in and out."""
        self._queue: deque[Reply] = deque()
        super().__init__(self._serve_request)

    @property
    def calls(self) -> int:
        """How often the model was asked, failures included."""
        return len(self.requests)

    def say(self, *replies: Reply | str) -> None:
        """Queue replies; a plain string is a plain text."""
        self._queue.extend(Text(reply) if isinstance(reply, str) else reply for reply in replies)

    def env(self) -> dict[str, str]:
        """The variables that lead google-genai here."""
        return {"GOOGLE_GEMINI_BASE_URL": self.url, "GOOGLE_API_KEY": "a-key-for-the-local-gemini"}

    def _serve_request(self, exchange: Exchange) -> None:
        target = METHOD.search(exchange.path)
        if exchange.method != "POST" or target is None:
            _fail(exchange, Failure(404, f"no such method: {exchange.path}"))
            return
        request = _parse(exchange, target["model"], target["method"])
        self.requests.append(request)
        reply = self._refusal(request) or self._reply(request)
        self.tokens += _told_tokens(request, reply)
        _send(exchange, request, reply)

    def _refusal(self, request: GeminiRequest) -> Failure | None:
        if not {"x-goog-api-key", "authorization"} & request.headers.keys():
            return Failure(403, "Method doesn't allow unregistered callers.")
        if self.models is not None and request.model not in self.models:
            return Failure(404, f"models/{request.model} is not found.")
        if not request.contents:
            return Failure(400, "* GenerateContentRequest.contents: contents is not specified")
        if any(content.role not in ("user", "model") for content in request.contents):
            return Failure(400, "Please use a valid role: user, model.")
        return None

    def _reply(self, request: GeminiRequest) -> Reply:
        if request.reads:
            return self.reader(request)
        if self.wordings is not None and is_tailoring(request.system):
            return Text(self.wordings)
        if self.wordings is not None and self.script and "nothing came" in request.contents[-1].text:
            return self.script(request)
        try:
            return self._queue.popleft()
        except IndexError:
            if self.script is None:
                raise AssertionError(f"the test scripted no reply for request {self.calls}") from None
            return self.script(request)


def _parse(exchange: Exchange, model: str, method: str) -> GeminiRequest:
    body = json.loads(exchange.body)
    return GeminiRequest(
        model=model,
        stream=method == "streamGenerateContent",
        path=exchange.path,
        system=_text(body.get("systemInstruction", {})),
        contents=tuple(Content(entry.get("role", "user"), _text(entry)) for entry in body.get("contents", [])),
        config=_camel(body.get("generationConfig", {})),
        body=body,
        raw=exchange.body,
        headers=exchange.headers,
    )


def _text(content: Mapping[str, Any]) -> str:
    """The parts, each on a line of its own: where one ends is told to the model, too."""
    return "\n".join(part.get("text", "") for part in content.get("parts", []))


def _camel(config: Mapping[str, Any]) -> dict[str, Any]:
    """The SDK mixes two spellings (`thinkingConfig: {thinking_budget}`); names inside a schema are data and stay."""
    spelled = {re.sub(r"_(\w)", lambda found: found[1].upper(), name): value for name, value in config.items()}
    thinking = spelled.get("thinkingConfig")
    return spelled if thinking is None else {**spelled, "thinkingConfig": _camel(thinking)}


def _send(exchange: Exchange, request: GeminiRequest, reply: Reply) -> None:
    match reply:
        case Hang():
            exchange.hang()
        case Failure():
            _fail(exchange, reply)
        case Text():
            _speak(exchange, request, reply)
        case Empty(finish_reason=reason):
            _send_whole(exchange, request, {"candidates": [{"finishReason": reason, "index": 0}]})
        case PromptBlock(reason=reason):
            _send_whole(exchange, request, {"promptFeedback": {"blockReason": reason}})


def _fail(exchange: Exchange, failure: Failure) -> None:
    name = STATUS_NAMES.get(failure.status, "UNKNOWN")
    error: dict[str, Any] = {"code": failure.status, "message": failure.message, "status": name}
    if failure.retry_after_seconds is not None:
        delay = f"{failure.retry_after_seconds}s"
        error["details"] = [{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay}]
    exchange.send_json(failure.status, {"error": error})


def _send_whole(exchange: Exchange, request: GeminiRequest, part: dict[str, Any]) -> None:
    payload = {**part, **_trailer(request, "", 0)}
    if request.stream:
        exchange.begin(200, {"Content-Type": "text/event-stream"})
        exchange.chunk(_event(payload))
        exchange.end()
    else:
        exchange.send_json(200, payload)


def _speak(exchange: Exchange, request: GeminiRequest, reply: Text) -> None:
    exchange.pause(reply.first_delay_seconds)
    if request.stream:
        _stream(exchange, request, reply)
    else:
        _speak_whole(exchange, request, reply)


def _speak_whole(exchange: Exchange, request: GeminiRequest, reply: Text) -> None:
    _hold_at(exchange, reply, reply.gate.after_chunks if reply.gate else 0)
    if reply.cut_after is None:
        exchange.send_json(200, _last(request, reply, reply.text))
    else:
        exchange.drop()


def _stream(exchange: Exchange, request: GeminiRequest, reply: Text) -> None:
    payloads = _payloads(request, reply)
    exchange.begin(200, {"Content-Type": "text/event-stream"})
    for sent, payload in enumerate(payloads[: reply.cut_after]):
        if sent:
            exchange.pause(reply.chunk_delay_seconds)
        _hold_at(exchange, reply, sent)
        exchange.chunk(_event(payload))
    _hold_at(exchange, reply, len(payloads[: reply.cut_after]))
    if reply.cut_after is None:
        exchange.end()
    else:
        exchange.drop()


def _hold_at(exchange: Exchange, reply: Text, sent: int) -> None:
    """Stand still in front of the gate, if it is here; who went through it once is not held again."""
    if reply.gate is not None and reply.gate.after_chunks == sent:
        reply.gate.reached.set()
        exchange.wait_for(reply.gate)


def _payloads(request: GeminiRequest, reply: Text) -> list[dict[str, Any]]:
    *first, last = reply.chunks()
    middle = [{"candidates": [_candidate(text)], "modelVersion": request.model} for text in first]
    return [*middle, _last(request, reply, last)]


def _candidate(text: str) -> dict[str, Any]:
    return {"content": {"role": "model", "parts": [{"text": text}]}, "index": 0}


def _last(request: GeminiRequest, reply: Text, text: str) -> dict[str, Any]:
    candidate = _candidate(text) | {"finishReason": reply.finish_reason}
    return {"candidates": [candidate], **_trailer(request, reply.text, reply.thoughts_tokens)}


def _told_tokens(request: GeminiRequest, reply: Reply) -> int:
    """What the usage of a reply says in sum; a reply that breaks off or fails has none."""
    match reply:
        case Text(text=text, cut_after=None, thoughts_tokens=thoughts):
            return int(_trailer(request, text, thoughts)["usageMetadata"]["totalTokenCount"])
        case Empty() | PromptBlock():
            return request.prompt_tokens
        case _:
            return 0


def _trailer(request: GeminiRequest, said: str, thoughts: int) -> dict[str, Any]:
    prompt, candidates = request.prompt_tokens, -(-len(said) // 4)
    usage = {"promptTokenCount": prompt, "totalTokenCount": prompt + candidates + thoughts}
    if candidates:
        usage["candidatesTokenCount"] = candidates
    if thoughts:
        usage["thoughtsTokenCount"] = thoughts
    return {"usageMetadata": usage, "modelVersion": request.model, "responseId": "fake"}


def _event(payload: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(payload).encode() + b"\r\n\r\n"
