"""Every way in which a call can fail, one sentence each; the HTTP edge turns them into problems (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class InterviewError(Exception):
    """Something went wrong that its caller can read about and act on."""

    slug: ClassVar[str] = "internal"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong on our side"
    detail: ClassVar[str] = "Nothing that was acknowledged is lost. Send the request again with the same ids."

    def __init__(
        self,
        detail: str = "",
        *,
        pointer: str | None = None,
        retry_after: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Say what happened; `pointer` is a JSON Pointer into the body, `retry_after` is in seconds."""
        super().__init__(detail or self.detail)
        self.pointer = pointer
        self.retry_after = retry_after
        self.headers = headers or {}
        self.members: Mapping[str, Any] = {}
        """What the problem says besides, by the names of its members."""


# What a caller got wrong in the request itself.


class MalformedJson(InterviewError):
    slug, status, title = "malformed-json", 400, "The body is not JSON"
    detail = "Send one JSON object in UTF-8, without a byte order mark, NaN or Infinity."


class DuplicateKey(InterviewError):
    slug, status, title = "duplicate-key", 400, "A key appears twice"
    detail = "Send each key of an object once."


class TooDeep(InterviewError):
    slug, status, title = "too-deep", 400, "The body is nested too deeply"
    detail = "Nest arrays and objects at most 16 deep."


class InvalidField(InterviewError):
    slug, status, title = "invalid-field", 422, "A field is missing or has a wrong value"
    detail = "See errors for the field, correct it and send the request again."


class UnknownField(InterviewError):
    slug, status, title = "unknown-field", 422, "A field is not known"
    detail = "Remove the field that errors names."


class InvalidUnicode(InterviewError):
    slug, status, title = "invalid-unicode", 422, "A text holds characters that cannot be kept"
    detail = "Remove lone surrogates and control characters other than tab and line breaks."


class EmptyText(InterviewError):
    slug, status, title = "empty-text", 422, "The answer is empty"
    detail = "Send an answer of 1 to 4,000 characters that can be seen."


class MissingEventId(InterviewError):
    slug, status, title = "missing-event-id", 422, "An answer needs an event_id"
    detail = "Send an event_id with each user_turn and keep it for retries."


class ReservedId(InterviewError):
    slug, status, title = "reserved-id", 422, "This event_id is reserved"
    detail = "start, finish and wake-<number> name the interview's own events: use a UUID for an answer."


class EventReused(InterviewError):
    slug, status, title = "event-reused", 422, "This event_id came with other words before"
    detail = "Use a new event_id for new words; nothing was changed."


class BodyTooLarge(InterviewError):
    slug, status, title = "body-too-large", 413, "The body is too large"
    detail = "Send less; characters written as they are take less room than \\u escapes."

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"Send at most {most_bytes // 1024} KiB; characters as they are take less than \\u escapes.")


class RequestTimeout(InterviewError):
    slug, status, title = "request-timeout", 408, "The body did not arrive"
    detail = "Send the whole body within 10 seconds, or within 3 where you present no token and no secret."


class UnsupportedMediaType(InterviewError):
    slug, status, title = "unsupported-media-type", 415, "The body is not declared as JSON"
    detail = "Send Content-Type: application/json, in UTF-8."


class UnsupportedEncoding(InterviewError):
    slug, status, title = "unsupported-encoding", 415, "The body is compressed"
    detail = "Send the body without a Content-Encoding."


class NotFound(InterviewError):
    slug, status, title = "not-found", 404, "There is nothing at this address"
    detail = "See openapi.json for the addresses of this service."


class MethodNotAllowed(InterviewError):
    slug, status, title = "method-not-allowed", 405, "This address does not take that method"
    detail = "See the Allow header."


# Who may do what.


class Unauthenticated(InterviewError):
    slug, status, title = "unauthenticated", 401, "The secret or token is missing or not valid"
    detail = "Send the interview's session token as a Bearer token, or a valid X-INGEST-SECRET."


class Forbidden(InterviewError):
    slug, status, title = "forbidden", 403, "This caller may not do that"
    detail = "Time is kept by the server: a candidate's page cannot send timeout, nor an origin that is not allowed."


class AppCheckFailed(InterviewError):
    """No 401, whose challenge would name an Authorization that does not help here."""

    slug, status, title = "app-check-failed", 403, "The request does not come from our page"
    detail = "Load the page again and begin there; a server of your own sends X-INGEST-SECRET instead."


class RateLimited(InterviewError):
    slug, status, title = "rate-limited", 429, "Too many requests in a short time"
    detail = "Wait as long as Retry-After says and send the same request again; nothing was done."


class DailyInterviewsReached(InterviewError):
    slug, status, title = "daily-interviews-reached", 429, "No more interviews can begin today"
    detail = "Come back after midnight UTC, as Retry-After says. Interviews that exist go on."


# What the interview itself refuses.


class UnknownSession(InterviewError):
    slug, status, title = "unknown-session", 404, "There is no such interview"
    detail = "It does not exist, was deleted, or belongs to somebody else. Begin a new one."


class SessionExpired(InterviewError):
    slug, status, title = "session-expired", 410, "This interview is no longer kept"
    detail = "Its time of retention is over. Begin a new one."


class WrongState(InterviewError):
    slug, status, title = "wrong-state", 409, "The interview has not been started"
    detail = "Send start first; the answer was not taken."


class TurnInProgress(InterviewError):
    slug, status, title = "turn-in-progress", 409, "Another request is answering this turn"
    detail = "Wait as long as Retry-After says and send the same event again; kept words stay kept."


class InterviewOver(InterviewError):
    slug, status, title = "interview-over", 409, "The interview is over"
    detail = "Read its feedback in messages, or begin a new one."


class InterviewRuns(InterviewError):
    slug, status, title = "interview-runs", 409, "The interview is not over"
    detail = "There is a report as soon as it ends; finish it, or look again when messages says ended."


class TooManyObjections(InterviewError):
    slug, status, title = "too-many-objections", 409, "So many notes were called wrong that no more are taken"
    detail = "All that you called wrong before is kept. Read the report with that in mind."


class AnsweredElsewhere(InterviewError):
    """`instead` is the turn that answered the question; the HTTP edge shows it as the problem's member `turn`."""

    slug, status, title = "answered-elsewhere", 409, "This question was answered elsewhere"
    detail = "The answer was not taken: read what came after its question in turn, and answer that with a new event_id."

    def __init__(self, instead: object) -> None:
        super().__init__()
        self.instead = instead


class InterviewStuck(InterviewError):
    slug, status, title = "interview-stuck", 409, "The interview cannot go on"
    detail = "It was tried several times and could not be stored. Read what is kept in messages, and begin a new one."


# What is not there at the moment.


class StoreUnavailable(InterviewError):
    slug, status, title = "store-unavailable", 503, "The interview cannot be reached for the moment"
    detail = "Nothing that was acknowledged is lost. Send the same request again after Retry-After."


class StoreRefused(InterviewError):
    """The store will not keep this however often it is sent, such as a document that is too large."""


class DailyBudgetReached(InterviewError):
    slug, status, title = "daily-budget-reached", 503, "The budget of this day is spent"
    detail = "Come back after midnight UTC, as Retry-After says. Interviews that run already go on."


class AppCheckUnavailable(InterviewError):
    slug, status, title = "app-check-unavailable", 503, "It cannot be checked where the request comes from"
    detail = "Nothing was created. Send the same request again after Retry-After."


class VoiceNotConfigured(InterviewError):
    slug, status, title = "voice-not-configured", 503, "This service has no voice"
    detail = "Go on in text; voice needs LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET."


class VoiceUnavailable(InterviewError):
    slug, status, title = "voice-unavailable", 503, "Voice cannot be reached for the moment"
    detail = "Go on in text, or ask again after Retry-After; the interview itself is not affected."


class VoiceFull(InterviewError):
    slug, status, title = "voice-full", 503, "All voice rooms are taken at the moment"
    detail = "Go on in text, or ask again after Retry-After; the interview itself is not affected."


class InterviewerUnavailable(Exception):
    """The model gave no usable word in time; the turn goes on with a line that says so."""
