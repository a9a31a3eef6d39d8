"""The entry points. Each deploys alone as an HTTPS function and answers its own paths, `…/health` included.

What an entry point does not need it does not import: a cold start is imports.
"""

from __future__ import annotations

import os

import flask
import functions_framework
from flask import Request, Response

from interviewos.prewarm import importing

with importing():
    from interviewos import bootstrap
    from interviewos.settings import Settings
    from interviewos.web.app import entry_point, serve
    from interviewos.web.endpoints import ENTRY_POINTS, EVERYTHING

APP = bootstrap.build(Settings.from_env(os.environ))  # what cannot work refuses to start

create = entry_point(APP, ENTRY_POINTS["create"])
messages = entry_point(APP, ENTRY_POINTS["messages"])
next_turn = entry_point(APP, ENTRY_POINTS["next_turn"])
token = entry_point(APP, ENTRY_POINTS["token"])
stage_timeout = entry_point(APP, ENTRY_POINTS["stage_timeout"])
sweep = entry_point(APP, ENTRY_POINTS["sweep"])


def dev(request: Request) -> Response:
    """Serve everything on one origin, the page included, on a laptop."""
    from interviewos.dev import is_page, serve_page

    if is_page(request):
        return serve_page(APP.settings, request)
    return serve(APP, request, EVERYTHING)


@functions_framework.errorhandler(404)  # type: ignore[untyped-decorator]
def not_found(error: Exception) -> Response:
    """Answer what the framework's own routes do not match, such as a path with a line break in it."""
    return serve(APP, flask.request, ())
