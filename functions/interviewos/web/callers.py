"""Who may pass an endpoint's door: a caller proves who it is, and may come so often in a minute."""

from __future__ import annotations

from flask import Request

from interviewos.domain.errors import Unauthenticated, UnknownSession
from interviewos.web.app import App
from interviewos.web.auth import Caller, identify
from interviewos.web.http import LIMITS
from interviewos.web.schemas import is_session_id


def caller_of(app: App, request: Request) -> Caller:
    """Check everything that a caller presents. Raises Unauthenticated."""
    headers = request.headers
    secret, authorization = headers.get("X-Ingest-Secret"), headers.get("Authorization")
    return identify(authorization, secret, app.tokens, app.settings.ingest)


def known_caller_of(app: App, request: Request) -> Caller:
    """Let only those pass who have proved something. Raises Unauthenticated."""
    caller = caller_of(app, request)
    if not caller.trusted and caller.session_id is None:
        raise Unauthenticated
    return caller


def open_interview(app: App, request: Request, session_id: str) -> Caller:
    """Let a caller to one interview, a few times in a minute, or answer as if it did not exist.

    Raises RateLimited, Unauthenticated and UnknownSession.
    """
    caller = known_caller_of(app, request)
    if not (is_session_id(session_id) and caller.may_open(session_id)):
        raise UnknownSession
    count(app, request, "read", caller)
    return caller


def count(app: App, request: Request, policy: str, caller: Caller) -> None:
    """Count a candidate's call before anything is done for it. Raises RateLimited."""
    if not caller.trusted and caller.session_id is not None:
        request.environ[LIMITS] = app.rate_limits.hit(policy, caller.session_id)
