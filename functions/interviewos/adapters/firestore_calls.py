"""How Firestore is called: a timeout on every call, few tries, and one error when it cannot be reached.

The client library would go on for minutes by itself.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from google.api_core import exceptions as google
from google.api_core.retry import Retry

from interviewos.errors import StoreUnavailable

R = TypeVar("R")
TIMEOUT_SECONDS = 3.0
FAILURES = 2
"""How often an unreachable store is asked again: half a second where it refuses, three timeouts where it hangs."""
DOWN = (
    google.ServiceUnavailable,
    google.DeadlineExceeded,
    google.InternalServerError,
    google.ResourceExhausted,
    google.Aborted,
    google.Unknown,
    google.Cancelled,
)
DENIED = (google.Unauthenticated, google.PermissionDenied, google.RetryError)
# A query that breaks off asks its `retry` whether to go on, so None would not do.
CALL: Mapping[str, Any] = {"timeout": TIMEOUT_SECONDS, "retry": Retry(predicate=lambda error: False)}


def patiently(call: Callable[[], R], sleep: Callable[[float], None]) -> R:
    """Make a call that may be made twice, a few times while the store is down. Raises StoreUnavailable."""
    for attempt in range(FAILURES + 1):
        try:
            return call()
        except DOWN as down:
            if attempt == FAILURES:
                raise StoreUnavailable(retry_after=2) from down
            sleep(random.uniform(0.05, 0.2 * (attempt + 1)))
        except DENIED as denied:
            raise StoreUnavailable(retry_after=30) from denied
    raise AssertionError
