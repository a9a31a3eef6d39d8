"""The interviewer is Gemini, by google-genai: this module alone knows its names and errors."""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
from google import genai
from google.genai import errors, types

from interviewos.adapters.deadline import with_deadline
from interviewos.domain.errors import InterviewerUnavailable
from interviewos.domain.interview import Source, TurnPlan, Usage
from interviewos.model.prompt import Request, request_for
from interviewos.model.reply_filter import ReplyReader
from interviewos.settings import GeminiSettings
from interviewos.usecases.ports import Fragment

logger = logging.getLogger(__name__)

PULSE_SECONDS = 0.1
"""A stream that has begun and stands still for so long says so: what is held back for what may follow need not wait."""
RETRIED = frozenset({408, 429, 500, 502, 503, 504})
LOST_CONNECTION = (httpx2.NetworkError, httpx2.RemoteProtocolError)
LEAST_SERVER_SECONDS = 10
"""Gemini answers 400 to a request that allows it less; our own limit is kept on our side."""

NO_STREAM = (
    "no stream of Gemini's: what GOOGLE_GEMINI_BASE_URL or GOOGLE_VERTEX_BASE_URL leads to must pass on "
    "streamGenerateContent with alt=sse as server-sent events, each with one JSON object as its data"
)
"""For the operator, when a gateway answers with something else, such as a page to sign in."""

_OFF: Mapping[str, Any] = {"thinking_budget": 0}
_MINIMAL: Mapping[str, Any] = {"thinking_level": "MINIMAL"}
_LOW: Mapping[str, Any] = {"thinking_level": "LOW"}
THINKING: tuple[tuple[str, Mapping[str, Any] | None, int], ...] = (
    ("gemini-2.0", None, 0),
    ("gemini-2.5-flash", _OFF, 0),
    ("gemini-2.5-pro", {"thinking_budget": 128}, 128),
    ("gemini-3-flash", _MINIMAL, 0),
    ("gemini-3.1-flash", _MINIMAL, 0),
    ("gemini-3.5-flash", _MINIMAL, 0),
    ("gemini-", _LOW, 1024),
)
"""Thinking by model family, the first that fits: how to switch it off, and tokens to add where it cannot be.

Thoughts count against `max_output_tokens`. From 3.7 on a flash model answers 400 to MINIMAL.
"""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long models are waited for."""

    first_words_seconds: float = 6.0
    """A model that is silent for so long, a retry included, is left for the next one."""
    least_seconds: float = 1.5
    """With less than this it is not worth asking."""


PATIENCE = Patience()


class GeminiInterviewer:
    """An Interviewer that streams from the first model that answers."""

    source = Source.MODEL

    def __init__(
        self,
        client: genai.Client,
        settings: GeminiSettings,
        patience: Patience = PATIENCE,
        stopwatch: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._settings = settings
        self._patience = patience
        self._stopwatch = stopwatch
        self._sleep = sleep

    def stream(self, turn: TurnPlan, seconds: float) -> Iterator[Fragment]:
        request = request_for(turn)
        models = [self._settings.model, *self._settings.fallback_models]
        first_words, least = self._patience.first_words_seconds, self._patience.least_seconds
        begun = self._stopwatch()
        end, retries = begun + seconds, 1
        while models and (left := end - self._stopwatch()) > least:
            silence = begun + first_words - self._stopwatch()
            try:
                reader = ReplyReader(turn.plan.signals)
                yield from self._say(models[0], request, left, silence, reader)
                return
            except _Failed as failure:
                logger.warning("model failed", extra={"model": models[0], "why": str(failure)})
                spent = self._stopwatch() - begun
                if failure.retryable and retries and first_words - spent > least:
                    retries -= 1
                    self._sleep(random.uniform(0.2, 0.6))
                else:
                    del models[0]
                    begun = self._stopwatch()
        raise InterviewerUnavailable

    def write(self, request: Request, seconds: float, most_tokens: int) -> Iterator[Fragment]:
        end, models = self._stopwatch() + seconds, (self._settings.model, *self._settings.fallback_models)
        for model in models:
            if (left := end - self._stopwatch()) <= self._patience.least_seconds:
                return
            begun = False
            silence = left if model == models[-1] else left / 2  # the next one needs time as well
            try:
                for fragment in self._ask(model, request, left, silence, most_tokens):
                    begun = begun or bool(fragment.text)
                    yield fragment
                if begun:
                    return
                raise _Failed("nothing to read")
            except _Failed as failure:
                logger.warning("nothing whole written", extra={"model": model, "why": str(failure)})
            if begun:  # what the next one writes is a line of its own
                yield Fragment("\n", model=model)

    def _say(
        self, model: str, request: Request, seconds: float, silence: float, reader: ReplyReader
    ) -> Iterator[Fragment]:
        """Pass a reply on from its first word that can be heard; what is said then cannot be taken back."""
        heard, held = False, list[Fragment]()
        try:
            for fragment in self._ask(model, request, seconds, silence):
                heard = heard or bool(reader.feed(fragment.text))
                if heard:
                    yield from (*held, fragment)
                    held.clear()
                elif fragment.text:
                    held.append(fragment)
                else:  # what it cost is counted, heard or not
                    yield fragment
        except _Failed as failure:
            if not heard:
                raise
            logger.warning("model broke off", extra={"model": model, "why": str(failure)})
            yield Fragment(cut=True, model=model)
        if not heard and not reader.finish()[0]:
            raise _Failed("nothing to hear")
        yield from held

    def _ask(
        self, model: str, request: Request, seconds: float, silence: float, most_tokens: int = 0
    ) -> Iterator[Fragment]:
        contents = types.Content(role="user", parts=[types.Part(text=text) for text in request.contents])
        config = self._config(model, request.system, seconds, most_tokens)
        finish, usage = None, Usage(calls=1)
        try:
            with _translated():
                chunks = with_deadline(
                    lambda: self._client.models.generate_content_stream(model=model, contents=contents, config=config),
                    silence,
                    seconds,
                    begins=lambda chunk: bool(_text(chunk).strip()),
                    ends=lambda chunk: _finish(chunk) is not None,
                    pulse_seconds=PULSE_SECONDS,
                )
                for chunk in chunks:
                    if chunk is None:
                        yield Fragment(model=model)
                        continue
                    usage = _usage(chunk) or usage
                    if finish is None:  # after it the reply is over, whatever still comes
                        finish = _finish(chunk)
                        yield Fragment(_text(chunk), model=model)
            if finish is not types.FinishReason.STOP:
                raise _Failed(f"finished by {finish.name if finish else 'nothing'}")
        except _Failed:
            yield Fragment(usage=usage)
            raise
        yield Fragment(model=model, usage=usage)

    def _config(self, model: str, system: str, seconds: float, most_tokens: int) -> types.GenerateContentConfig:
        thinking, headroom = thinking_of(model)
        return types.GenerateContentConfig(
            system_instruction=system,
            temperature=self._settings.temperature,
            max_output_tokens=(most_tokens or self._settings.max_output_tokens) + headroom,
            thinking_config=types.ThinkingConfig(**thinking) if thinking else None,
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
            automatic_continuation=False,
            http_options=types.HttpOptions(
                timeout=round(seconds * 1000),  # milliseconds
                headers={"X-Server-Timeout": str(max(LEAST_SERVER_SECONDS, math.ceil(seconds)))},
            ),
        )


def connect(settings: GeminiSettings) -> genai.Client:
    """Make a client. It would read the certificates twice more, for ways to call that are not used here."""
    options = behind_a_gateway() if settings.gateway else types.HttpOptions()
    options.async_client_args = {"ssl": True}
    if settings.vertexai:
        project, location = settings.project, settings.location
        return genai.Client(vertexai=True, project=project, location=location, http_options=options)
    return genai.Client(api_key=settings.api_key, http_options=options)


def behind_a_gateway() -> types.HttpOptions:
    """Have google-genai read what a gateway makes of Gemini's stream: it knows `data: …` and blank lines alone."""
    return types.HttpOptions(client_args={"event_hooks": {"response": [_read_data_alone]}})


def _read_data_alone(response: httpx2.Response) -> None:
    if response.is_success:
        read = response.iter_bytes
        response.iter_bytes = lambda chunk_size=None: _data_lines(read(chunk_size))  # type: ignore[method-assign]


def _data_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield b"".join(map(_data_line, lines))
    yield _data_line(rest)


def _data_line(line: bytes) -> bytes:
    """Write data as Gemini does; comments, other fields and the end that other services send are left out."""
    field, colon, value = line.rstrip(b"\r").partition(b":")
    if colon and field == b"data" and value.strip() != b"[DONE]":
        return b"data: " + value.removeprefix(b" ") + b"\n"
    return b"" if colon and field in (b"", b"data", b"event", b"id", b"retry") else line + b"\n"


class _Failed(Exception):
    """A model gave nothing, or not all; `retryable` when the same one may well answer in a moment."""

    def __init__(self, why: str, retryable: bool = False) -> None:
        super().__init__(why)
        self.retryable = retryable


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what google-genai raises into our one error; texts of errors may hold words, so only codes are kept."""
    try:
        yield
    except errors.APIError as error:
        raise _Failed(f"{error.code} {error.status}", error.code in RETRIED) from error
    except TimeoutError as error:
        raise _Failed("too slow") from error
    except errors.UnknownApiResponseError as error:
        raise _Failed(NO_STREAM) from error
    except Exception as error:  # an odd answer makes the SDK raise whatever it stumbles over, bare TypeErrors included
        raise _Failed(type(error).__name__, isinstance(error, LOST_CONNECTION)) from error


def thinking_of(model: str) -> tuple[Mapping[str, Any] | None, int]:
    """Look up how a model's thinking is switched off, and the tokens to add where it cannot be."""
    for prefix, thinking, headroom in THINKING:
        if model.startswith(prefix):
            return thinking, headroom
    return None, 0


def _text(chunk: types.GenerateContentResponse) -> str:
    content = chunk.candidates[0].content if chunk.candidates else None
    parts = (content.parts if content else None) or []
    return "".join(part.text for part in parts if part.text and not part.thought)


def _finish(chunk: types.GenerateContentResponse) -> types.FinishReason | None:
    """Give the reason for which a reply ends with this chunk; some services name none, and say so."""
    reason = chunk.candidates[0].finish_reason if chunk.candidates else None
    return None if reason is types.FinishReason.FINISH_REASON_UNSPECIFIED else reason


def _usage(chunk: types.GenerateContentResponse) -> Usage | None:
    counts = chunk.usage_metadata
    if counts is None:
        return None
    spoken = (counts.candidates_token_count or 0) + (counts.thoughts_token_count or 0)
    return Usage(calls=1, input_tokens=counts.prompt_token_count or 0, output_tokens=spoken)
