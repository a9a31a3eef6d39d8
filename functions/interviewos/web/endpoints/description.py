"""Describe the whole service to machines."""

from __future__ import annotations

from flask import Request, Response

from interviewos.web.app import App, Route
from interviewos.web.http import answer


def describe(app: App, request: Request) -> Response:
    """Give the OpenAPI document; only who asks for it pays for reading YAML."""
    from interviewos.web.openapi import document_for

    return answer(document_for(app.plans.kinds))


ROUTES = (Route("openapi.json", "GET", describe),)
