"""Google's token issuer in small, so that tests hold good and forged OIDC tokens against the real verification."""

import base64
import functools
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any, Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from interviewos.settings import Settings
from interviewos.web.auth import GoogleCallers, google_key
from support.local_server import Exchange, LocalServer

GOOGLE = "https://accounts.google.com"
INVOKER = "invoker@demo-iv.iam.gserviceaccount.com"
KEY_ID = "key-of-this-run"

Algorithm = Literal["RS256", "HS256", "none"]


@functools.cache
def signing_key() -> rsa.RSAPrivateKey:
    """The issuer's key; made once, for it takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@functools.cache
def other_key() -> rsa.RSAPrivateKey:
    """The key of somebody who is not the issuer."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def google_callers(issuer: "JwksServer", env: Mapping[str, str]) -> GoogleCallers:
    """The verification of a function deployed with this environment, which trusts this issuer in place of Google's."""
    return GoogleCallers(Settings.from_env(env).tasks, google_key(issuer.certs_url))


def token(
    *,
    audience: str,
    email: str | None = INVOKER,
    issuer: str = GOOGLE,
    expires_in: float = 3600,
    verified: bool = True,
    alg: Algorithm = "RS256",
    key: rsa.RSAPrivateKey | None = None,
    kid: str = KEY_ID,
    issued_at: float | None = None,
    **claims: Any,
) -> str:
    """Mint a token; the defaults are a good one, each argument makes it bad in one way. A claim of None is left out.

    `alg="HS256"` signs with the public key as if it were a shared secret, the classic confusion of algorithms.
    """
    now = int(time.time() if issued_at is None else issued_at)
    # The issue never lies after the expiry, or a verifier could refuse an expired token for the wrong reason.
    usual = {"iss": issuer, "aud": audience, "email": email, "email_verified": verified, "sub": "1", "azp": "1"}
    times = {"iat": min(now, int(now + expires_in) - 3600), "exp": int(now + expires_in)}
    payload = {name: value for name, value in {**usual, **times, **claims}.items() if value is not None}
    signed = f"{_json({'alg': alg, 'kid': kid, 'typ': 'JWT'})}.{_json(payload)}"
    return f"{signed}.{_base64(_signature(signed.encode(), alg, key or signing_key()))}"


def jwks() -> dict[str, Any]:
    """The issuer's public keys."""
    numbers = signing_key().public_key().public_numbers()
    key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": KEY_ID, "n": _number(numbers.n), "e": _number(numbers.e)}
    return {"keys": [key]}


class JwksServer(LocalServer):
    """Serves the public keys at `/certs` and counts how often they were fetched; `failing` puts it out of order."""

    def __init__(self) -> None:
        self.fetched = 0
        self.failing = False
        super().__init__(self._serve_keys)

    @property
    def certs_url(self) -> str:
        """What a verifier takes instead of Google's certificate URL."""
        return f"{self.url}/certs"

    def _serve_keys(self, exchange: Exchange) -> None:
        self.fetched += 1
        if self.failing:
            exchange.send_json(503, {})
        elif exchange.path != "/certs":
            exchange.send_json(404, {})
        else:
            exchange.send_json(200, jwks())


def _signature(signed: bytes, alg: Algorithm, key: rsa.RSAPrivateKey) -> bytes:
    match alg:
        case "RS256":
            return key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
        case "HS256":
            public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            return hmac.digest(public, signed, "sha256")
        case "none":
            return b""


def _json(value: object) -> str:
    return _base64(json.dumps(value).encode())


def _number(value: int) -> str:
    return _base64(value.to_bytes((value.bit_length() + 7) // 8))


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
