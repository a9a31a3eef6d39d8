"""List the kinds of interview that can be chosen."""

from __future__ import annotations

from flask import Request, Response

from interviewos.web.app import App, Route
from interviewos.web.http import answer
from interviewos.web.views import name_of, plans_view


def plans(app: App, request: Request) -> Response:
    """Give every plan to anybody; no store is asked."""
    listed = plans_view(app.plans)
    tag = name_of(listed)
    if request.if_none_match.contains_weak(tag):
        return Response(status=304, headers={"ETag": f'"{tag}"'})
    return answer(listed, headers={"ETag": f'"{tag}"'})


ROUTES = (Route("plans", "GET", plans),)
