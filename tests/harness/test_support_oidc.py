"""The minted tokens are held against PyJWT's own verification, the good one and each bad one."""

from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from support import oidc

AUDIENCE = "https://iv.test"


@pytest.fixture(scope="module")
def issuer() -> Iterator[oidc.JwksServer]:
    """The issuer's keys, served."""
    with oidc.JwksServer() as server:
        yield server


def verify(issuer: oidc.JwksServer, token: str) -> dict[str, Any]:
    """Verify as a service does."""
    key = jwt.PyJWKClient(issuer.certs_url).get_signing_key_from_jwt(token)
    claims = jwt.decode(
        token, key, ["RS256"], audience=AUDIENCE, issuer=oidc.GOOGLE, options={"require": ["exp", "iat"]}
    )
    return dict(claims)


def test_a_good_token_verifies(issuer: oidc.JwksServer) -> None:
    """Issuer, e-mail and its verification come out as Google would say them."""
    claims = verify(issuer, oidc.token(audience=AUDIENCE))

    assert (claims["iss"], claims["email"], claims["email_verified"]) == (oidc.GOOGLE, oidc.INVOKER, True)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"audience": "https://somebody.else"}, jwt.InvalidAudienceError),
        ({"issuer": "https://evil.test"}, jwt.InvalidIssuerError),
        ({"expires_in": -60}, jwt.ExpiredSignatureError),
        ({"exp": None}, jwt.MissingRequiredClaimError),
        ({"alg": "none"}, jwt.InvalidAlgorithmError),
        ({"alg": "HS256"}, jwt.InvalidAlgorithmError),
        ({"kid": "a-key-nobody-knows"}, jwt.PyJWKClientError),
    ],
    ids=str,
)
def test_a_bad_token_is_bad_in_one_way(
    issuer: oidc.JwksServer, fault: dict[str, Any], error: type[jwt.PyJWTError]
) -> None:
    """Each argument of `token` spoils exactly what it names, so a refusal is never for another reason."""
    with pytest.raises(error):
        verify(issuer, oidc.token(**{"audience": AUDIENCE, **fault}))


def test_a_token_of_another_key_is_a_forgery(issuer: oidc.JwksServer) -> None:
    """It names the right key and was signed with a wrong one."""
    with pytest.raises(jwt.InvalidSignatureError):
        verify(issuer, oidc.token(audience=AUDIENCE, key=oidc.other_key()))


@pytest.mark.parametrize(
    ("fault", "claim"),
    [({"verified": False}, "email_verified"), ({"email": "me@x.test"}, "email"), ({"email": None}, "email")],
)
def test_some_faults_only_the_claims_show(issuer: oidc.JwksServer, fault: dict[str, Any], claim: str) -> None:
    """The signature is right, so the code under test must look at the claim itself."""
    claims = verify(issuer, oidc.token(**{"audience": AUDIENCE, **fault}))

    assert [claims.get(claim)] == list(fault.values())


def test_keys_may_be_out_of_reach(issuer: oidc.JwksServer) -> None:
    """A failing key server is an error of the connection, not a bad token."""
    issuer.failing = True
    try:
        with pytest.raises(jwt.PyJWKClientConnectionError):
            verify(issuer, oidc.token(audience=AUDIENCE))
    finally:
        issuer.failing = False
