"""Who is calling: a candidate by session token, a server by shared secret, Google's own services by OIDC.

Everything that is presented must be right: a wrong secret beside a good token is still a wrong secret.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import jwt

from interviewos.domain.errors import Unauthenticated
from interviewos.settings import Secrets, TasksSettings

AUDIENCE = "interviewos-session"
GOOGLE_ISSUERS = ("https://accounts.google.com",)
GOOGLE_CERTS = "https://www.googleapis.com/oauth2/v3/certs"
MAX_TOKEN_CHARACTERS = 4_096


@dataclass(frozen=True, slots=True)
class Caller:
    """What a caller has proved: the shared secret, one session, both or nothing.

    `incarnation` is that of the interview for which the session's token was made, empty for a token that names none.
    """

    trusted: bool = False
    session_id: str | None = None
    incarnation: str = ""

    def may_open(self, session_id: str) -> bool:
        return self.trusted or self.session_id == session_id


class SessionTokens:
    """Signs and checks the tokens that open one interview each; two keys live while one is being rotated."""

    def __init__(self, keys: Secrets) -> None:
        self._keys = {_key_id(key): key for key in keys.live()}
        self._current = keys.current

    def issue(self, session_id: str, incarnation: str, expires_at: datetime) -> str:
        """Sign a token for one interview, and for no later one that gets its id."""
        claims = {"aud": AUDIENCE, "sub": session_id, "inc": incarnation, "exp": int(expires_at.timestamp())}
        return jwt.encode(claims, self._current, algorithm="HS256", headers={"kid": _key_id(self._current)})

    def caller_of(self, token: str) -> Caller:
        """Tell which session a token opens. Raises Unauthenticated, in one way for every fault."""
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
            claims = jwt.decode(
                token, key, algorithms=["HS256"], audience=AUDIENCE, options={"require": ["aud", "sub", "exp"]}
            )
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise Unauthenticated from error
        return Caller(session_id=str(claims["sub"]), incarnation=str(claims.get("inc", "")))


def _key_id(key: str) -> str:
    """Name a key without telling anything about it."""
    return hmac.new(key.encode(), b"interviewos key id", hashlib.sha256).hexdigest()[:8]


def identify(authorization: str | None, secret: str | None, tokens: SessionTokens, ingest: Secrets) -> Caller:
    """Check everything that a caller presents. Raises Unauthenticated."""
    if secret is not None and not is_secret(secret, ingest):
        raise Unauthenticated
    caller = Caller() if authorization is None else tokens.caller_of(bearer(authorization))
    return replace(caller, trusted=secret is not None)


def is_secret(presented: str, secrets: Secrets, equal: Callable[[bytes, bytes], bool] = hmac.compare_digest) -> bool:
    """Compare in constant time, on bytes, and always with every live secret."""
    given = presented.encode("utf-8", "surrogateescape")
    matches = [equal(given, secret.encode()) for secret in secrets.live()]
    return any(matches)


def bearer(authorization: str) -> str:
    """Take the token out of an Authorization header. Raises Unauthenticated."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token or len(token) > MAX_TOKEN_CHARACTERS:
        raise Unauthenticated
    return token


class GoogleCallers:
    """Checks the OIDC tokens of Cloud Tasks and Cloud Scheduler: signature, issuer, audience and service account.

    IAM keeps strangers out before us; this holds where IAM was set up wrong.
    """

    def __init__(
        self, settings: TasksSettings, key_of: Callable[[str], Any], issuers: tuple[str, ...] = GOOGLE_ISSUERS
    ) -> None:
        """`key_of` gives the public key that signed a token."""
        self._settings = settings
        self._key_of = key_of
        self._issuers = issuers

    def check(self, authorization: str | None, invoker: str) -> None:
        """Admit that service account only. Raises Unauthenticated, also where no Cloud Tasks is set up."""
        if not self._settings.configured or authorization is None:
            raise Unauthenticated
        token = bearer(authorization)
        try:
            claims = jwt.decode(
                token,
                self._key_of(token),
                algorithms=["RS256"],
                audience=self._settings.target_url,
                issuer=self._issuers,
                options={"require": ["aud", "iss", "exp", "email"]},
            )
        except jwt.PyJWTError as error:
            raise Unauthenticated from error
        if claims["email"] != invoker or claims.get("email_verified") is not True:
            raise Unauthenticated


def google_key(certs_url: str = GOOGLE_CERTS) -> Callable[[str], Any]:
    """Look keys up where Google publishes them; they are cached for five minutes."""
    client = jwt.PyJWKClient(certs_url, timeout=5)
    return lambda token: client.get_signing_key_from_jwt(token).key
