"""What callers can do, one file each with the routes that lead to it, and which deployed function does what."""

from __future__ import annotations

from collections.abc import Mapping

from interviewos.web.app import Route
from interviewos.web.endpoints import (
    create,
    delete,
    description,
    messages,
    next_turn,
    plans,
    report,
    stage_timeout,
    sweep,
    token,
)

ENTRY_POINTS: Mapping[str, tuple[Route, ...]] = {
    "create": (*create.ROUTES, *plans.ROUTES, *description.ROUTES),
    "messages": (*messages.ROUTES, *report.ROUTES, *delete.ROUTES),
    "next_turn": next_turn.ROUTES,
    "token": token.ROUTES,
    "stage_timeout": stage_timeout.ROUTES,
    "sweep": sweep.ROUTES,
}
"""The routes of each function that is deployed."""
EVERYTHING = tuple(route for routes in ENTRY_POINTS.values() for route in routes)
