"""infra/build: the same sources are the same archive, and one image, which is named by its digest."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from infra.terraform import INFRA, ROOT, Deployment, Terraform
from support.emulators import require
from support.google import FakeGoogle

REGISTRY = "us-central1-docker.pkg.dev/acme-delivery/interviewos"
BUILDER = "interview-builder@acme-delivery.iam.gserviceaccount.com"
PLACE = {
    "project": "acme-delivery",
    "region": "europe-west1",
    "registry": REGISTRY,
    "staging": "gs://acme-delivery-interviewos-sources/builds",
    "account": f"projects/acme-delivery/serviceAccounts/{BUILDER}",
}
SOURCES = {"functions": "functions", "worker": "agent_service"}


@pytest.fixture
def google(tmp_path: Path) -> Iterator[FakeGoogle]:
    """A project with the builder's account."""
    with FakeGoogle(tmp_path) as google:
        google.resources[f"iam/projects/acme-delivery/serviceAccounts/{BUILDER}"] = {}
        yield google


@pytest.fixture
def script() -> Iterator[ModuleType]:
    """The script as a module, for what takes minutes as a command."""
    loader = SourceFileLoader("build_script", str(INFRA / "build"))
    spec = spec_from_loader(loader.name, loader)
    assert spec
    module = module_from_spec(spec)
    sys.modules[loader.name] = module
    loader.exec_module(module)
    yield module
    del sys.modules[loader.name]


def build(google: FakeGoogle, *arguments: str, place: object = PLACE, script: Path = INFRA / "build") -> str:
    """Run the script as a person does; give what it prints, or says where nothing was built."""
    given = json.dumps({"build": {"value": place}})
    environment = os.environ | google.environment
    ran = subprocess.run(
        [script, *arguments], input=given, env=environment, capture_output=True, text=True, check=False
    )
    return ran.stdout.strip() or ran.stderr.strip()


def copy_of_sources(directory: Path, what: str = "functions") -> Path:
    """A checkout with nothing in it but what is built and the script that builds it."""
    shutil.copytree(ROOT / SOURCES[what], directory / SOURCES[what])
    (directory / "infra").mkdir()
    for name in ("build", f"build-{what}.yaml"):
        shutil.copy(INFRA / name, directory / "infra")
    return directory


def pack(checkout: Path, what: str = "functions") -> Path:
    """The archive that the script makes."""
    command = [checkout / "infra" / "build", what, "--pack"]
    packed = subprocess.run(command, capture_output=True, text=True, check=True)
    return Path(packed.stdout.strip())


def test_the_same_sources_are_the_same_archive(tmp_path: Path) -> None:
    """Whenever and wherever it is made, and whatever lies around that is no source."""
    one, other = copy_of_sources(tmp_path / "one"), copy_of_sources(tmp_path / "other")
    (other / "functions" / ".env").write_text("INGEST_SECRET=oh")
    (other / "functions" / "interviewos" / "__pycache__").mkdir(exist_ok=True)
    (other / "functions" / "interviewos" / "__pycache__" / "turns.pyc").write_bytes(b"\0")
    os.utime(other / "functions" / "main.py", (0, 0))
    (other / "functions" / "main.py").chmod(0o700)

    assert pack(one).read_bytes() == pack(other).read_bytes()
    assert pack(one).name == pack(other).name


@pytest.mark.parametrize("changed", ["functions/main.py", "infra/build-functions.yaml"])
def test_other_sources_or_another_builder_are_another_image(changed: str, tmp_path: Path) -> None:
    """A name says what is in the image and how it came there, so that nothing stays as it was by mistake."""
    checkout = copy_of_sources(tmp_path / "checkout")
    before = pack(checkout)
    with (checkout / changed).open("a") as file:
        file.write("# changed\n")

    assert before.name != pack(checkout).name


@pytest.mark.parametrize(
    ("what", "needed"),
    [
        ("functions", {"main.py", "requirements.txt", "interviewos/web/openapi.yaml"}),
        ("worker", {"Dockerfile", ".dockerignore", "install-lock", "requirements.txt", "agent.py"}),
    ],
)
def test_the_archive_holds_what_a_build_needs(what: str, needed: set[str], tmp_path: Path) -> None:
    """At its root; a script in it can be run, and no compiled code is there."""
    with tarfile.open(pack(copy_of_sources(tmp_path / "checkout", what), what)) as archive:
        modes = {entry.name: entry.mode for entry in archive}

    assert needed <= set(modes)
    assert {mode for name, mode in modes.items() if name.startswith("install-")} <= {0o755}
    assert not [name for name in modes if "__pycache__" in name or name.startswith(("/", ".env"))]


@pytest.mark.parametrize("what", SOURCES)
def test_an_image_is_built_once(what: str, google: FakeGoogle) -> None:
    """Where it was said, by the builder's account; the next time it is there already."""
    first = build(google, what)
    again = build(google, what)
    (submit,) = (command for command in google.commands if command[:2] == ["builds", "submit"])

    assert first.startswith(f"{REGISTRY}/{what}@sha256:")
    assert again == first
    assert {"--region=europe-west1", "--project=acme-delivery", f"--service-account={PLACE['account']}"} <= set(submit)


def test_a_base_with_a_hole_is_replaced_without_a_change_of_sources(google: FakeGoogle) -> None:
    """The same name is another digest then, and a digest is what is deployed."""
    assert build(google, "functions") != build(google, "functions", "--again")


def test_a_builder_whose_grants_are_late_gets_another_try(
    google: FakeGoogle, script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It pauses before that; when no try helps, it says so."""
    for name, value in google.environment.items():
        monkeypatch.setenv(name, value)
    google.builds_to_fail = 2
    tagged = f"{REGISTRY}/functions:one"

    assert script.build("functions", Path("functions.tar.gz"), tagged, PLACE, pauses=(0, 0)).startswith(
        f"{REGISTRY}/functions@"
    )

    google.builds_to_fail = 3
    with pytest.raises(script.NotBuilt, match="build_region names another"):
        script.build("functions", Path("functions.tar.gz"), tagged, PLACE, pauses=(0, 0))


def test_nothing_is_built_nowhere(google: FakeGoogle) -> None:
    """Without what environments/delivery says there is a sentence and no build."""
    assert "give it what `terraform output -json` prints in environments/delivery" in build(google, "worker", place={})
    assert google.images == {}


@pytest.mark.long
def test_what_delivery_says_is_what_a_build_needs(google: FakeGoogle, tmp_path: Path) -> None:
    """Applied to nothing, and again; a region that may not build is one variable away."""
    require(Terraform.why_not() or FakeGoogle.why_not(os.environ.get("TF_CLI_CONFIG_FILE")))
    google.resources.clear()
    given = {"project_id": "acme-delivery", "build_region": "europe-west1", "project_numbers": ["210987654321"]}
    delivery = Deployment(tmp_path / "delivery", "delivery", google, given)
    applied = delivery.apply()

    assert applied.returncode == 0, applied.stderr
    assert delivery.plan().returncode == 0
    assert delivery.output()["build"] == PLACE
    assert build(google, "functions", place=delivery.output()["build"]).startswith(f"{REGISTRY}/functions@sha256:")
