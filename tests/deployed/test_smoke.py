"""infra/smoke against the deployed shape: silent where all is well, and right about each part that is broken."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from support.deployed import GRACE_SECONDS, INTRO_SECONDS, Deployed
from support.entry_points import SECRET
from support.gemini import REFUSED
from support.hosting import Hosting
from support.process import free_port
from support.puppet import interviewer_script

pytestmark = pytest.mark.emulator

SMOKE = Path(__file__).resolve().parents[2] / "infra" / "smoke"
OTHER_SECRET = "Kx3vT8nL0wYc5RkD1mXe7BfHs9JgUa2p"
SLOW_SECONDS = 0.5
CHECKS = (
    *("page", "configuration", "functions", "description", "refusals"),
    *(
        "create",
        "start",
        "streamed answer",
        "transcript",
        "strangers",
        "voice",
        "trusted callers",
        "feedback",
        "report",
    ),
    *("model", "streaming", "clock", "forget"),
)
Change = Callable[[dict[str, Any]], object]


def smoke(*arguments: str, secret: str = SECRET) -> subprocess.CompletedProcess[str]:
    """Run it as a person does, with nothing but the standard library."""
    env = {"PATH": os.environ["PATH"], "INGEST_SECRET": secret}
    command = [sys.executable, "-I", "-S", str(SMOKE), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)


def faults(system: Deployed | Hosting, *arguments: str, secret: str = SECRET) -> dict[str, str]:
    """Run it without waiting for the clock; give the checks that found a fault, and what they said."""
    ran = smoke(system.url, "--wait", "0", *arguments, secret=secret)
    found = dict(line[18:].split(": ", 1) for line in ran.stdout.splitlines() if line.startswith("FAULT"))
    assert (ran.returncode, ran.stderr) == (1 if found else 0, ""), ran.stdout + ran.stderr
    return found


def slowly(request: Any) -> Any:
    return replace(interviewer_script(request), first_delay_seconds=SLOW_SECONDS)


@pytest.fixture
def deploy_page(system: Deployed, tmp_path: Path) -> Iterator[Callable[[Change], Hosting]]:
    """Puts the page in front of the functions once more, with another firebase.json."""
    with ExitStack() as running:

        def deploy(change: Change) -> Hosting:
            folder = shutil.copytree(system.page, tmp_path / "page")
            rules = json.loads((folder / "firebase.json").read_text())
            change(rules["hosting"])
            (folder / "firebase.json").write_text(json.dumps(rules))
            return running.enter_context(Hosting(system.hosting.services, folder))

        yield deploy


@pytest.fixture
def page_config(system: Deployed) -> Iterator[Path]:
    """The page's config.json, which is as it was afterwards."""
    config = system.page / "public" / "config.json"
    kept = config.read_bytes()
    yield config
    config.write_bytes(kept)


def test_all_is_well(system: Deployed) -> None:
    """Every check is made, the clock waited for, and every word came from a model."""
    system.gemini.script = slowly
    ran = smoke(system.url, "--wait", str(INTRO_SECONDS + GRACE_SECONDS))
    lines = {line[18:].partition(":")[0]: line for line in ran.stdout.splitlines()}

    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout + ran.stderr
    assert list(lines) == list(CHECKS)
    for check in ("clock", "model", "streaming", "trusted callers"):
        assert lines[check].startswith("ok"), lines[check]
    assert SECRET not in ran.stdout


@pytest.mark.long
def test_nothing_is_left_behind(system: Deployed) -> None:
    """What it created it deletes, also when it finds a fault in between."""
    with system.altered("token", SESSION_SIGNING_KEY=OTHER_SECRET):
        ran = smoke(system.url, "--wait", "0")
    made = re.search("create: ([0-9a-f-]{36})", ran.stdout)

    assert made
    assert "FAULT" in ran.stdout
    with system.client() as client:
        client.session_id = made[1]
        assert client.with_door("secret").messages().status == 404


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "a pipeline that is cancelled"])
def test_whoever_stops_it_leaves_nothing_behind(system: Deployed, sign: signal.Signals) -> None:
    """While it waits for the clock, where it spends most of its time."""
    command = [sys.executable, "-I", "-S", "-u", str(SMOKE), system.url]
    env = {"PATH": os.environ["PATH"], "INGEST_SECRET": SECRET}
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        lines = [next(running.stdout)]
        while "create: " not in lines[-1]:
            lines.append(next(running.stdout))
        running.send_signal(sign)
        lines += running.stdout
    made = re.search("create: ([0-9a-f-]{36})", "".join(lines))

    assert running.returncode == 1
    assert "stopped: what was made is deleted now" in "".join(lines)
    assert made
    with system.client() as client:
        client.session_id = made[1]
        assert client.with_door("secret").messages().status == 404


def test_a_candidate_is_tried_at_its_own_address(system: Deployed) -> None:
    """All turns go there: one where nobody is found is found out, though the page's own way is well."""
    assert faults(system, "--next-turn", system.url_of("next_turn")) == {}

    nobody = faults(system, "--next-turn", f"http://127.0.0.1:{free_port()}")

    assert {"configuration", "functions", "start"} == set(nobody)


def test_without_a_model_key(system: Deployed) -> None:
    """The interview is held by a script, which is not what a team has deployed."""
    with system.altered("next_turn", GOOGLE_API_KEY=""):
        assert list(found := faults(system)) == ["model"]

    assert "next-turn has no model. Set GOOGLE_GENAI_USE_VERTEXAI or GOOGLE_API_KEY" in found["model"]


def test_with_a_model_that_refuses(system: Deployed) -> None:
    """The stand-ins are named as such."""
    system.gemini.script = lambda _: REFUSED

    assert list(found := faults(system)) == ["model"]
    assert "“interviewer unavailable”. Check the key" in found["model"]


def test_with_a_queue_that_is_not_there(system: Deployed) -> None:
    """No task is made, so a silent interview stands still."""
    quick = {"INTRO_TIMEOUT_S": "1", "STAGE_GRACE_S": "1"}
    with system.altered("create", **quick), system.altered("next_turn", TASKS_QUEUE="no-such-queue"):
        ran = smoke(system.url)

    assert ran.returncode == 1
    assert "clock: nobody moved a silent interview on" in ran.stdout
    assert "TASKS_QUEUE, TASKS_LOCATION, roles/cloudtasks.enqueuer" in ran.stdout
    assert ran.stdout.count("FAULT") == 1


@pytest.mark.long
def test_with_a_clock_that_nobody_calls_back(system: Deployed) -> None:
    """Tasks are made and stage_timeout refuses them: only waiting shows it."""
    with system.altered("stage_timeout", TASKS_TARGET_URL="https://elsewhere.test"):
        ran = smoke(system.url)

    assert ran.returncode == 1
    assert ran.stdout.count("FAULT") == 1
    assert "clock: nobody moved a silent interview on" in ran.stdout
    assert "401 or 403 there: TASKS_TARGET_URL, TASKS_INVOKER" in ran.stdout


def test_with_another_secret_than_the_deployed_one(system: Deployed) -> None:
    """The first function that is asked says so."""
    found = faults(system, secret=OTHER_SECRET)

    assert found["create"].startswith("create does not accept the secret that was given: INGEST_SECRET there")


@pytest.mark.long
@pytest.mark.parametrize(
    ("target", "service"), [("messages", "messages"), ("next_turn", "next-turn"), ("token", "token")]
)
def test_with_one_function_that_has_another_secret(target: str, service: str, system: Deployed) -> None:
    """A half rotation is found where it is."""
    with system.altered(target, INGEST_SECRET=OTHER_SECRET):
        assert list(found := faults(system)) == ["trusted callers"]

    assert found["trusted callers"].startswith(f"{service} does not accept the secret")


@pytest.mark.long
def test_with_another_signing_key_in_one_function(system: Deployed) -> None:
    """A token that one function makes opens nothing at another."""
    with system.altered("messages", SESSION_SIGNING_KEY=OTHER_SECRET):
        found = faults(system)

    assert "SESSION_SIGNING_KEY is not the same in both" in found["transcript"]


def test_with_a_firestore_that_denies(system: Deployed) -> None:
    """Nothing can be created, and the sentence names the role."""
    with system.altered("create", LOCAL_FIRESTORE=f"127.0.0.1:{free_port()}"):
        assert list(found := faults(system)) == ["create"]

    assert found["create"].startswith("create cannot use Firestore: its service account needs roles/datastore.user")


@pytest.mark.long
def test_with_voice_that_only_one_function_knows_of(system: Deployed) -> None:
    """The page would offer what the service refuses."""
    voice = {"LIVEKIT_URL": "wss://voice.test", "LIVEKIT_API_KEY": "key", "LIVEKIT_API_SECRET": OTHER_SECRET}
    with system.altered("next_turn", **voice):
        assert list(found := faults(system)) == ["voice"]

    assert "give both the same LIVEKIT_ variables" in found["voice"]


@pytest.mark.long
def test_with_a_function_that_does_not_run(system: Deployed) -> None:
    """The sentence names it and where to look."""
    with system.altered("token") as token:
        token.kill()
        found = faults(system)

    assert found["functions"].startswith("token answers livekit/token/health with 502 and not in our words")


def test_with_a_page_that_knows_of_the_proxy_only(system: Deployed, page_config: Path) -> None:
    """A reply that takes its time arrives together with its acknowledgement: Hosting holds it back."""
    system.gemini.script = slowly
    page_config.write_text("{}")

    assert list(found := faults(system)) == ["streaming"]
    assert "turns arrive in one piece" in found["streaming"]


def test_without_rewrites(deploy_page: Callable[[Change], Hosting]) -> None:
    """The page's own 404 answers where a function should."""
    page = deploy_page(lambda rules: rules.pop("rewrites"))

    assert "Hosting has no rewrite that leads sessions/create/health to create" in faults(page)["functions"]


def test_with_one_rewrite_missing(deploy_page: Callable[[Change], Hosting]) -> None:
    """What a later rewrite catches reaches a function that does not know it."""

    def drop(rules: dict[str, Any]) -> None:
        rules["rewrites"] = [rule for rule in rules["rewrites"] if "livekit" not in rule["source"]]

    assert "the rewrite for livekit/token/health leads to a function" in faults(deploy_page(drop))["functions"]


def test_without_headers(deploy_page: Callable[[Change], Hosting]) -> None:
    """Each header that is missing is named."""
    found = faults(deploy_page(lambda rules: rules.pop("headers")))

    assert "without Content-Security-Policy, Strict-Transport-Security," in found["page"]


def test_with_links_that_lead_elsewhere(deploy_page: Callable[[Change], Hosting], system: Deployed) -> None:
    """create knows another origin than the one that is looked at."""
    found = faults(deploy_page(lambda rules: None))

    assert f"links to interviews lead to {system.url}: ALLOWED_ORIGINS" in found["create"]


def test_with_a_policy_that_keeps_the_page_from_its_turns(system: Deployed, page_config: Path) -> None:
    """config.json and firebase.json were not made for each other."""
    page_config.write_text(json.dumps({"nextTurnUrl": system.url_of("create")}))

    assert f"keeps the page from {system.url_of('create')}" in faults(system)["configuration"]


@pytest.mark.long
def test_with_turns_that_know_another_page(system: Deployed) -> None:
    """The browser would not let the page read them."""
    with system.altered("next_turn", ALLOWED_ORIGINS="https://elsewhere.test"):
        found = faults(system)

    assert f"next-turn refuses pages of {system.url}: ALLOWED_ORIGINS" in found["configuration"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "the following arguments are required: base"),
        (["interviews.example.com"], "give an address without a path"),
        (["https://interviews.example.com/api"], "give an address without a path"),
        (["https://i.test", "--secret-file", "/nowhere/secret"], "/nowhere/secret cannot be read"),
        (["https://i.test", "--secret-file", os.devnull], "is empty"),
        (["https://i.test", "--wait", "soon"], "invalid float value"),
    ],
)
def test_wrong_arguments_are_told_apart(arguments: list[str], sentence: str) -> None:
    """Exit code 2, and one sentence."""
    ran = smoke(*arguments)

    assert (ran.returncode, ran.stdout) == (2, "")
    assert sentence in ran.stderr


def test_nobody_at_home() -> None:
    """An address that gives no answer is a fault, not a stack trace."""
    ran = smoke(f"http://127.0.0.1:{free_port()}")

    assert (ran.returncode, ran.stderr) == (1, "")
    assert "gives no answer ([Errno 111] Connection refused): check address, DNS and certificate." in ran.stdout
