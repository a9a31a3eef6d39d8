"""What every endpoint is given, and the way of a request to the endpoint that answers it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from flask import Request, Response
from werkzeug.exceptions import MethodNotAllowed as NoSuchMethod
from werkzeug.exceptions import NotFound as NoSuchPath
from werkzeug.routing import Map, RequestRedirect, Rule

from interviewos import logs
from interviewos.domain import errors
from interviewos.domain.errors import InterviewError
from interviewos.settings import Settings
from interviewos.usecases.plans import Plans
from interviewos.usecases.ports import AppCheck, InterviewStore, VoiceRoom
from interviewos.usecases.quota import DayBudget
from interviewos.usecases.turns import Turns
from interviewos.web.auth import GoogleCallers, SessionTokens
from interviewos.web.http import allow, finish, log_refusal, options, problem
from interviewos.web.rate_limit import RateLimits

logger = logging.getLogger(__name__)

BASE = "/api/interview"


class App(Protocol):
    """The parts of one process, each made when it is first asked for; `bootstrap.build` joins them."""

    @property
    def settings(self) -> Settings: ...
    @property
    def clock(self) -> Callable[[], datetime]: ...
    @property
    def store(self) -> InterviewStore: ...
    @property
    def budget(self) -> DayBudget: ...
    @property
    def plans(self) -> Plans: ...
    @property
    def turns(self) -> Turns: ...
    @property
    def voice_room(self) -> VoiceRoom: ...
    @property
    def tokens(self) -> SessionTokens: ...
    @property
    def rate_limits(self) -> RateLimits: ...
    @property
    def google_callers(self) -> GoogleCallers: ...
    @property
    def app_check(self) -> AppCheck | None: ...


Endpoint = Callable[..., Response]
"""Answers one method at one address: it gets the App, the request and the variables of the path by name.

It raises what is wrong, and returns what is right.
"""


@dataclass(frozen=True, slots=True)
class Route:
    """A path below `/api/interview`, its variables in angle brackets, and what answers one method there."""

    path: str
    method: str
    endpoint: Endpoint


def entry_point(app: App, routes: tuple[Route, ...]) -> Callable[[Request], Response]:
    """Make the function that the platform calls for these addresses."""

    def function(request: Request) -> Response:
        return serve(app, request, routes)

    return function


def serve(app: App, request: Request, routes: tuple[Route, ...]) -> Response:
    """Answer one request; whatever goes wrong is answered as a problem and never as a stack trace."""
    headers, origins = request.headers, app.settings.allowed_origins
    opened = logs.open_context(headers.get("traceparent", ""), headers.get("X-Cloud-Trace-Context", ""))
    request_id = opened.request_id
    try:
        response = _dispatch(app, request, routes)
    except InterviewError as error:
        log_refusal(error)
        response = problem(error, request_id)
    except Exception:
        logger.exception("request failed")
        response = problem(InterviewError(), request_id)
    return finish(request, response, origins, request_id)


def _dispatch(app: App, request: Request, routes: tuple[Route, ...]) -> Response:
    # Paths decide; a host that no host can have must not.
    urls = _compiled(routes).bind("localhost", path_info=request.path)
    if request.method == "OPTIONS":
        return options(request, urls.allowed_methods(), app.settings.allowed_origins)
    try:
        endpoint, values = urls.match(method=request.method)
    except NoSuchMethod as error:
        raise errors.MethodNotAllowed(headers=allow(error.valid_methods or ())) from None
    except (NoSuchPath, RequestRedirect):
        raise errors.NotFound from None
    response: Response = endpoint(app, request, **values)
    return response


@cache
def _compiled(routes: tuple[Route, ...]) -> Map:
    rules = [Rule(f"{BASE}/{r.path}", endpoint=r.endpoint, methods=[r.method]) for r in routes]
    return Map(rules, strict_slashes=False, merge_slashes=False)
