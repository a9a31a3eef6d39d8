"""App Check by firebase-admin: a token tells that Firebase has seen our own page in a real browser.

It proves no person, and it can be sent again until it expires: the daily caps count all the same.
"""

from __future__ import annotations

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import firebase_admin  # type: ignore[import-untyped]
import jwt
from firebase_admin import app_check
from google.auth.credentials import AnonymousCredentials

from interviewos.domain.errors import AppCheckFailed, AppCheckUnavailable

SECONDS = 5.0
"""The library itself would wait half a minute for the keys, and let all others wait behind."""
THREADS = 4
_NO_KEYS = (jwt.PyJWKClientConnectionError, json.JSONDecodeError, OSError)
_REFUSED = (ValueError, jwt.PyJWTError)


class FirebaseAppCheck:
    """An AppCheck for all apps of one Firebase project."""

    def __init__(self, project: str, seconds: float = SECONDS) -> None:
        """Verifying takes Google's public keys, kept for six hours, and no credentials of ours."""
        nobody = AnonymousCredentials()  # type: ignore[no-untyped-call]
        name = f"app-check-{uuid.uuid4()}"  # two threads may come first, and no two apps may have one name
        self._app = firebase_admin.initialize_app(nobody, {"projectId": project}, name)
        self._seconds = seconds
        self._pool = ThreadPoolExecutor(THREADS, "app-check")

    def check(self, token: str) -> None:
        verified = self._pool.submit(app_check.verify_token, token, self._app)
        try:
            verified.result(self._seconds)
        except _NO_KEYS as error:  # a timeout is an OSError
            raise AppCheckUnavailable(retry_after=10) from error
        except _REFUSED as error:
            raise AppCheckFailed from error
        finally:
            verified.cancel()  # a request that gave up must not keep a place in the queue
