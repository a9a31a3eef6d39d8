"""Wake one interview, for Cloud Tasks."""

from __future__ import annotations

import logging

from flask import Request, Response

from interviewos.domain.errors import InterviewError, RequestTimeout, StoreUnavailable, TurnInProgress
from interviewos.web.app import App, Route
from interviewos.web.endpoints.health import health_at
from interviewos.web.http import answer
from interviewos.web.request_body import read_json
from interviewos.web.schemas import SessionBody, decode

logger = logging.getLogger(__name__)


def stage_timeout(app: App, request: Request) -> Response:
    """Wake an interview; whatever Cloud Tasks cannot mend by trying again is answered 200."""
    app.google_callers.check(request.headers.get("Authorization"), app.settings.tasks.invoker)
    try:
        session_id = decode(read_json(request), SessionBody).session_id
        return answer({"moved": app.turns.wake(session_id)})
    except (RequestTimeout, TurnInProgress, StoreUnavailable):
        raise
    except InterviewError as error:
        logger.error("callback not understood", extra={"why": error.slug})
        return answer({"moved": False})


ROUTES = (Route("tasks/stage_timeout", "POST", stage_timeout), health_at("tasks/stage_timeout"))
