"""How Firestore is called: a timeout on every call, few tries, and one error when it cannot be reached.

The client library would go on for minutes by itself.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from google.api_core import exceptions as google
from google.api_core.retry import Retry
from google.auth.exceptions import DefaultCredentialsError
from google.cloud import firestore

from interviewos.domain.errors import InterviewError, StoreRefused, StoreUnavailable

logger = logging.getLogger(__name__)

R = TypeVar("R")
TIMEOUT_SECONDS = 3.0
FAILURES = 2
"""How often an unreachable store is asked again: half a second where it refuses, three timeouts where it hangs."""
DOWN = (
    google.ServiceUnavailable,
    google.GatewayTimeout,
    google.BadGateway,
    google.InternalServerError,
    google.TooManyRequests,
    google.Aborted,
    google.Unknown,
    google.Cancelled,
)
"""What passes by itself; each of them has its gRPC status among its subclasses or is one."""
REFUSED = (google.InvalidArgument, google.OutOfRange)
_MISSING = (
    "There is no such Firestore database in this project: create it in Native mode, or set GOOGLE_CLOUD_PROJECT"
    " and FIRESTORE_DATABASE."
)
_MODE = "Either the database is in Datastore mode, and one in Native mode is needed, or an index is missing."
_ROLE = "Either the service account lacks roles/datastore.user, or the project's Firestore API is off."
_ADVICE: tuple[tuple[type[Exception], str], ...] = (
    (google.NotFound, _MISSING),
    (google.FailedPrecondition, _MODE),
    (google.Forbidden, _ROLE),
    (google.Unauthorized, _ROLE),
    (
        DefaultCredentialsError,
        "There are no credentials: run with a service account, or `gcloud auth application-default login`.",
    ),
    (Exception, "Firestore takes the call for a wrong one: it is a fault of this service."),
)


def once(timeout_seconds: float) -> Mapping[str, Any]:
    """Give the arguments with which the client makes a call once, and does not wait for longer."""
    # A query that breaks off asks its `retry` whether to go on, so None would not do.
    return {"timeout": timeout_seconds, "retry": Retry(predicate=lambda error: False)}


def connect(project: str, database: str) -> firestore.Client:
    """Make a client. Raises StoreUnavailable where there are no credentials."""
    try:
        return firestore.Client(project, database=database)
    except DefaultCredentialsError as error:
        raise failure(error) from error


def with_retries(call: Callable[[], R], sleep: Callable[[float], None]) -> R:
    """Make a call that may be made twice, a few times while the store is down.

    Raises StoreUnavailable, StoreRefused and AlreadyExists. What a caller takes for an answer of its own must not come
    here: to a read or a list, NotFound says that there is no database.
    """
    for attempt in range(FAILURES + 1):
        try:
            return call()
        except google.AlreadyExists:
            raise
        except google.GoogleAPIError as error:
            if attempt == FAILURES or not isinstance(error, DOWN):
                raise failure(error) from error
            sleep(random.uniform(0.05, 0.2 * (attempt + 1)))
    raise AssertionError


def failure(error: Exception) -> InterviewError:
    """Say what an error means to a caller, and to the operator where only they can mend it."""
    if isinstance(error, DOWN):
        return StoreUnavailable(retry_after=2)
    advice = next(sentence for kind, sentence in _ADVICE if isinstance(error, kind))
    logger.error("store not usable", extra={"why": type(error).__name__, "advice": advice})
    return StoreRefused() if isinstance(error, REFUSED) else StoreUnavailable(retry_after=30)
