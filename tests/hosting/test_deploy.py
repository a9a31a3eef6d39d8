"""infra/deploy-hosting: from what Terraform says to what is uploaded."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hosting.emulator import DEPLOY, PROJECT, REGION, ROOT, SITE, build, outputs, policy_of, why_not
from hosting.google_apis import GoogleApis
from support.emulators import require
from support.hosting import build_page

KEYS = {"site_key": "6LdSiteKey", "app_id": "1:123:web:abc", "api_key": "AIzaKey"}
NEXT_TURN = "https://next-turn-abc-ew.a.run.app"
STANDARD = policy_of(ROOT / "hosting")


def run(said: str, *arguments: str, path: str = os.defpath) -> subprocess.CompletedProcess[str]:
    """Run the script as a person would."""
    command = [sys.executable, str(DEPLOY), *arguments]
    return subprocess.run(command, input=said, text=True, capture_output=True, env={"PATH": path}, check=False)


def config_of(folder: Path) -> Any:
    return json.loads((folder / "public" / "config.json").read_text())


def files_of(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_deployment_of_text_alone_is_the_page_as_it_is(tmp_path: Path) -> None:
    """Only the site and the region are told apart from the repository's own files."""
    page = build_page(tmp_path / "page")
    build(tmp_path)
    built = json.loads((tmp_path / "firebase.json").read_text())["hosting"]
    standard = json.loads((ROOT / "hosting" / "firebase.json").read_text())["hosting"]

    assert built.pop("site") == SITE
    assert {rewrite["run"].pop("region") for rewrite in built["rewrites"]} == {REGION}
    for rewrite in standard["rewrites"]:
        del rewrite["run"]["region"]
    assert built == standard
    assert config_of(tmp_path) == {}
    assert files_of(tmp_path / "public") == {**files_of(page), Path("config.json"): b"{}\n"}


def test_the_page_may_connect_where_this_deployment_is_and_nowhere_else(tmp_path: Path) -> None:
    """The function's own address and LiveKit's are added, the latter for both protocols."""
    build(tmp_path, next_turn_url=f"{NEXT_TURN}/", livekit_url="wss://voice.example.org:7443")
    added = [NEXT_TURN, "wss://voice.example.org:7443", "https://voice.example.org:7443"]

    assert policy_of(tmp_path) == {**STANDARD, "connect-src": ["'self'", *added]}
    assert config_of(tmp_path) == {"nextTurnUrl": NEXT_TURN}


def test_livekit_cloud_has_more_than_one_host(tmp_path: Path) -> None:
    """Its client goes to another region when one is down."""
    build(tmp_path, livekit_url="wss://interviews-x1y2.livekit.cloud")

    assert policy_of(tmp_path)["connect-src"] == ["'self'", "wss://*.livekit.cloud", "https://*.livekit.cloud"]


def test_app_check_opens_the_policy_for_recaptcha(tmp_path: Path) -> None:
    """Scripts, frames and calls of reCAPTCHA and App Check; a script still needs a trusted type, under any name."""
    build(tmp_path, app_check=KEYS)
    policy = policy_of(tmp_path)

    assert config_of(tmp_path)["appCheck"] == {
        "siteKey": "6LdSiteKey", "appId": "1:123:web:abc", "apiKey": "AIzaKey", "projectId": PROJECT
    }  # fmt: skip
    recaptcha = "https://www.google.com/recaptcha/"
    assert policy["script-src"] == ["'self'", recaptcha, "https://www.gstatic.com/recaptcha/"]
    assert policy["frame-src"] == [recaptcha, "https://recaptcha.google.com/recaptcha/"]
    assert policy["connect-src"] == ["'self'", recaptcha, "https://content-firebaseappcheck.googleapis.com"]
    changed = {"script-src", "frame-src", "connect-src", "trusted-types"}
    assert {name: policy[name] for name in STANDARD.keys() - changed} == {
        name: STANDARD[name] for name in STANDARD.keys() - changed
    }
    assert "trusted-types" not in policy


def test_what_was_built_before_is_gone(tmp_path: Path) -> None:
    """A file that left the page leaves the deployment, too."""
    build(tmp_path)
    (tmp_path / "public" / "gone.js").write_text("")
    build(tmp_path)

    assert not (tmp_path / "public" / "gone.js").exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("", "this is not what `terraform output -json` prints"),
        ("{}", "Terraform has no output `page` yet"),
        ('{"page": {"value": null}}', "Terraform has no output `page` yet"),
        ('["page"]', "Terraform has no output `page` yet"),
        (outputs(project=""), "`project` in the output `page` is ''"),
        (outputs(region="europe west"), "`region` in the output `page` is 'europe west'"),
        (outputs(site="a; frame-src *"), "`site` in the output `page` is 'a; frame-src *'"),
        (outputs(next_turn_url="http://next-turn.example"), "should be https://… without a path"),
        (outputs(next_turn_url="https://a.example/api"), "should be https://… without a path"),
        (outputs(next_turn_url="https://a.example; script-src *"), "should be https://… without a path"),
        (outputs(livekit_url="https://voice.example"), "should be wss://… without a path"),
        (outputs(app_check={**KEYS, "api_key": ""}), "`api_key` in the output `page` is '', and should be a key"),
        (outputs(), "there is no command `npm`; Node 20 or newer builds the page."),
    ],
)
def test_what_cannot_be_deployed_is_said_in_one_sentence(tmp_path: Path, said: str, sentence: str) -> None:
    """Neither a traceback nor a half deployment."""
    ended = run(said, "--to", str(tmp_path), path=str(tmp_path))

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith("The page is not deployed: ")
    assert sentence in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_firebase_is_missed_before_anything_is_built(tmp_path: Path) -> None:
    """Whoever deploys hears of it at once."""
    (tmp_path / "npm").touch(mode=0o755)
    ended = run(outputs(), "--to", str(tmp_path / "build"), path=str(tmp_path))

    assert ended.returncode == 1
    assert "there is no command `firebase`;" in ended.stderr
    assert not (tmp_path / "build").exists()


def test_a_page_that_cannot_be_built_is_not_deployed(tmp_path: Path) -> None:
    """What the builder said stands above the sentence."""
    for command in ("npm", "node", "firebase"):
        (tmp_path / command).write_text("#!/bin/sh\necho no such luck >&2\nexit 3\n")
        (tmp_path / command).chmod(0o755)
    ended = run(outputs(), "--to", str(tmp_path / "build"), path=f"{tmp_path}:{os.defpath}")

    assert ended.returncode == 1
    assert ended.stderr.endswith("The page is not deployed: the page could not be built; why stands above.\n")
    assert "no such luck" in ended.stderr


@pytest.fixture
def apis(request: pytest.FixtureRequest) -> Iterator[GoogleApis]:
    """Google's side of a deployment; a parameter is the type of the project's site."""
    require(why_not())
    apis = GoogleApis(getattr(request, "param", "DEFAULT_SITE"))
    with apis.server:
        yield apis


def deploy(apis: GoogleApis, folder: Path) -> subprocess.CompletedProcess[str]:
    """Deploy with the real firebase-tools."""
    env = {"PATH": f"{folder}/bin:{os.environ['PATH']}", **apis.env(folder / "bin")}
    command = [sys.executable, str(DEPLOY), "--to", str(folder / "build")]
    return subprocess.run(command, input=outputs(), text=True, capture_output=True, env=env, check=False)


def test_firebase_uploads_the_build_and_pins_the_functions(apis: GoogleApis, tmp_path: Path) -> None:
    """The real command, before stand-ins of its APIs: every file, each service's newest revision, one release."""
    ended = deploy(apis, tmp_path)
    public = tmp_path / "build" / "public"
    pinned = {rewrite["run"]["serviceId"]: rewrite["run"]["tag"] for rewrite in apis.version["config"]["rewrites"]}

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert set(apis.files) == {f"/{path.relative_to(public)}" for path in public.rglob("*") if path.is_file()}
    assert pinned == dict.fromkeys(("create", "messages", "next-turn", "token"), "fh-v1")
    assert {name: traffic[-1] for name, traffic in apis.tags.items()} == {
        name: {"revisionName": f"{name}-00001", "tag": "fh-v1"} for name in pinned
    }
    assert {rewrite["run"]["region"] for rewrite in apis.version["config"]["rewrites"]} == {REGION}
    assert apis.released


@pytest.mark.parametrize("apis", ["USER_SITE"], indirect=True)
def test_a_project_without_its_default_site_is_not_deployed(apis: GoogleApis, tmp_path: Path) -> None:
    """firebase-tools insists on one, whatever site is named; its failure is ours."""
    ended = deploy(apis, tmp_path)

    assert ended.returncode == 1
    assert "there is no Hosting site" in ended.stdout
    assert ended.stderr.endswith("`firebase deploy` failed; what it said stands above.\n")
    assert not apis.released
