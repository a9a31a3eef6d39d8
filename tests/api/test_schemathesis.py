"""Schemathesis reads the description and tries what it says and what it does not, against the running server.

All its checks and all its phases are on. Keys and ids that clash and the like are repaired in `repairs.py`, which says
why; nothing is left out.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import given, settings
from schemathesis import GenerationMode

from support import oidc
from support.client import BASE, ApiClient
from support.entry_points import app_of
from support.fakes import Room
from support.server import DevServer

HERE = Path(__file__).parent
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
AUDIENCE = "https://clock.example.test"
TASKS = {
    "GOOGLE_CLOUD_PROJECT": "demo-clock",
    "TASKS_LOCATION": "europe-west1",
    "TASKS_QUEUE": "stage-timeouts",
    "TASKS_TARGET_URL": AUDIENCE,
    "TASKS_INVOKER": oidc.INVOKER,
}
CONFIG = """
hooks = "repairs"
[checks.negative_data_rejection]
expected-statuses = ["4xx", "503"]
[auth.openapi]
ingestSecret = {{ api_key = "{secret}" }}
sessionToken = {{ bearer = "{token}" }}
[[operations]]
include-path = "/livekit/token"
checks.not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 503]
"""
"""A service without voice says 503 by its contract; it is described, and no other 5xx is let through.

Invalid data may be refused with any 4xx; by default Schemathesis would not take 413 for that, a body that is too large.
"""


@pytest.fixture
def fuzzed(tmp_path: Path) -> Iterator[DevServer]:
    """A server of its own: what is created by the thousand is gone with it."""
    with DevServer(tmp_path / "data", {"CREATES_PER_MINUTE": "100000", "MAX_INTRO_TURNS": "100000"}) as server:
        yield server


def fuzz(server: DevServer, where: Path, *options: str) -> None:
    """Run Schemathesis to its end; its report is the failure's text."""
    with ApiClient(server.url) as candidate:
        candidate.create()
        candidate.start()
    config = where / "schemathesis.toml"
    config.write_text(CONFIG.format(secret=server.secret, token=candidate.session_token))
    base = f"{server.url}{BASE}"
    run = [str(SCHEMATHESIS), "--config-file", str(config), "run", f"{base}/openapi.json", "--url", base]
    ran = subprocess.run(
        [*run, "--phases", "examples,coverage,fuzzing,stateful", "--checks", "all", "--no-color", *options],
        cwd=where,
        env={
            "PATH": f"{SCHEMATHESIS.parent}",
            "PYTHONPATH": f"{HERE}:{HERE.parent}",
            "FUZZED_BASE": base,
            "FUZZED_SECRET": server.secret,
            "FUZZED_SESSION": candidate.session_id,
            "NO_PROXY": "*",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-2_000:]
    assert '"severity": "ERROR"' not in server.log


@pytest.mark.server
def test_the_server_does_what_its_description_says(fuzzed: DevServer, tmp_path: Path) -> None:
    """Valid requests are taken, invalid ones refused, every answer is described, and none is a 500."""
    fuzz(fuzzed, tmp_path, "--max-examples", "12", "--generation-deterministic")


@pytest.mark.long
@pytest.mark.server
def test_the_server_does_so_for_many_requests(fuzzed: DevServer, tmp_path: Path) -> None:
    """The same with three hundred examples of each operation, other ones each time."""
    fuzz(fuzzed, tmp_path, "--max-examples", "300", "--continue-on-failure")


@pytest.fixture
def clock_schema(tmp_path: Path) -> Iterator[schemathesis.BaseSchema]:
    """The clock's doors with an issuer of the test's own, for the real ones open to Google alone."""
    room = Room()
    room.start()
    with oidc.JwksServer() as issuer:
        callers = oidc.google_callers(issuer, TASKS)
        with app_of("dev", tmp_path, TASKS, google_callers=callers, turns=room.turns) as app:
            yield schemathesis.openapi.from_wsgi(f"{BASE}/openapi.json", app)


@pytest.mark.parametrize(
    ("door", "mode"),
    [
        ("stage_timeout", GenerationMode.POSITIVE),
        ("stage_timeout", GenerationMode.NEGATIVE),
        ("sweep", GenerationMode.POSITIVE),
    ],
)
def test_the_clock_does_what_its_description_says(
    door: str, mode: GenerationMode, clock_schema: schemathesis.BaseSchema
) -> None:
    """Bodies that are not ours are taken: a refusal would be delivered again and again, so one check is left out."""
    headers = {"Authorization": f"Bearer {oidc.token(audience=AUDIENCE)}"}

    @given(case=clock_schema[f"/tasks/{door}"]["POST"].as_strategy(generation_mode=mode))
    @settings(max_examples=50, deadline=None, database=None)
    def holds(case: "schemathesis.Case[Any]") -> None:
        case.call_and_validate(headers=headers, excluded_checks=[schemathesis.checks.negative_data_rejection])

    holds()
