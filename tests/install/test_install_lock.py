"""The one way to install: what it leaves alone, when it begins anew, and what a cut in the middle leaves behind."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

from support.package_index import PackageIndex, Pin
from support.process import Child, wait_until
from support.pythons import INSTALL, REPOSITORY, Environment

MANY = tuple(f"package-{number}==1.0" for number in range(60))
WAYS = re.compile(r"\bpip3?\b.*\binstall\b|\buv sync\b|-m venv|\b(?:npm|yarn|pnpm) (?:i|install)\b")
TOLD = {"infra/README.md", "infra/deploy-hosting"}
"""They tell an operator to install firebase-tools."""


class Locks:
    """Locks of made-up packages, and an environment for them."""

    def __init__(self, folder: Path, empty: Environment) -> None:
        self.index = PackageIndex(folder / "index")
        self.environment = Environment.like(empty, folder / "environment")
        self._folder = folder

    def write(self, name: str, *pins: str) -> Path:
        """Write a lock, and offer what it names."""
        read = [Pin(pin) for pin in pins]
        self.index.offer(read)
        return self.index.lock(read, self._folder / name)

    def install(self, lock: Path) -> subprocess.CompletedProcess[str]:
        """Run the script."""
        return self.environment.install(lock, self.index.env())

    @property
    def unfinished(self) -> bool:
        """Whether an installation was cut off."""
        return (self.environment.path / "unfinished").exists()


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """As a lock without a line leaves it."""
    folder = tmp_path_factory.mktemp("empty")
    environment = Environment(folder / "environment", Path(sys.executable))
    (folder / "nothing.txt").touch()
    assert environment.install(folder / "nothing.txt").returncode == 0
    return environment


@pytest.fixture
def locks(tmp_path: Path, empty: Environment) -> Locks:
    """In a folder whose name a shell would take apart."""
    folder = tmp_path / "two words"
    folder.mkdir()
    return Locks(folder, empty)


def broken_files(environment: Path) -> Iterator[str]:
    """What its packages say that they have, and that is not there."""
    [site] = environment.glob("lib/python*/site-packages")
    for package in distributions(path=[str(site)]):
        yield from (str(file) for file in package.files or [package.name] if not Path(str(file.locate())).exists())


def test_what_is_installed_is_left_alone(locks: Locks) -> None:
    """Nothing is asked of the index, and nothing is said."""
    lock = locks.write("lock.txt", "apple==1.0", "pear==2.0")
    assert locks.install(lock).returncode == 0
    locks.index.folder.rename(locks.index.folder.with_name("gone"))
    again = locks.install(lock)

    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert locks.environment.installed() == {"apple": "1.0", "pear": "2.0"}


def test_nothing_is_resolved(locks: Locks) -> None:
    """What a package asks for is in the lock already, or is not installed."""
    lock = locks.write("lock.txt", "apple==1.0")
    locks.index.offer([Pin("pear==2.0")])
    locks.index.release("apple", "1.0", [("Requires-Dist", "pear[ripe]<3")])
    lock = locks.index.lock([Pin("apple==1.0")], lock)

    assert locks.install(lock).returncode == 0
    assert locks.environment.installed() == {"apple": "1.0"}


def test_a_changed_lock_is_installed_and_what_left_it_is_gone(locks: Locks) -> None:
    """A package that lingers could be imported here and nowhere else, or bring a plugin of pytest."""
    locks.install(locks.write("lock.txt", "apple==1.0", "pear==2.0"))
    changed = locks.install(locks.write("lock.txt", "apple==1.5"))

    assert changed.returncode == 0
    assert locks.environment.installed() == {"apple": "1.5"}
    assert not locks.environment.path.with_name("environment.old").exists()


def test_an_environment_holds_several_locks(locks: Locks) -> None:
    """First the functions, then the voice; neither is installed twice."""
    first, second = locks.write("first.txt", "apple==1.0"), locks.write("second.txt", "apple==1.0", "pear==2.0")
    locks.install(first)
    locks.install(second)

    assert locks.install(first).stdout == locks.install(second).stdout == ""
    assert locks.environment.installed() == {"apple": "1.0", "pear": "2.0"}


def test_an_installation_that_is_killed_is_begun_anew(locks: Locks) -> None:
    """A package may be there in part, and pip would take it for installed."""
    lock = locks.write("lock.txt", *MANY)
    path = locks.environment.path
    env = locks.index.env() | {"PYTHON": sys.executable}
    cut = Child([str(INSTALL), str(path), str(lock)], env=env)
    site = next(path.glob("lib/python*/site-packages"))
    wait_until(lambda: not cut.running or any(site.glob("package_*")), 120, "the first package")
    cut.close()
    assert locks.unfinished
    for half in site.glob("package_*_made_up/__init__.py"):
        half.unlink()
    done = locks.install(lock)

    assert (done.returncode, locks.unfinished) == (0, False)
    assert locks.environment.installed() == dict(pin.split("==") for pin in MANY)
    assert list(broken_files(path)) == []


def test_what_cannot_be_had_leaves_what_is_there(locks: Locks) -> None:
    """Without a network the voice cannot be added, and writing goes on."""
    writing = locks.write("writing.txt", "apple==1.0")
    locks.install(writing)
    voice = locks.write("voice.txt", "apple==1.0", "pear==2.0")
    (locks.index.folder / "pear").rename(locks.index.folder / "away")
    failed = locks.install(voice)

    assert failed.returncode != 0
    assert "pear==2.0" in failed.stderr
    assert locks.install(writing).stdout == ""
    (locks.index.folder / "away").rename(locks.index.folder / "pear")
    assert locks.install(voice).returncode == 0
    assert locks.environment.installed() == {"apple": "1.0", "pear": "2.0"}


def test_other_bytes_than_the_locks_are_refused(locks: Locks) -> None:
    """The hashes are looked at."""
    lock = locks.write("lock.txt", "apple==1.0")
    locks.index.release("apple", "1.0", [("Summary", "other bytes")])
    refused = locks.install(lock)

    assert refused.returncode != 0
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    assert locks.environment.installed() == {}


def test_what_a_machine_offers_besides_changes_nothing(locks: Locks, tmp_path: Path) -> None:
    """A folder in PIP_FIND_LINKS has other bytes by the same name, and a newer release."""
    lock = locks.write("lock.txt", "apple==1.0")
    besides = PackageIndex(tmp_path / "besides")
    besides.release("apple", "2.0")
    folder = besides.release("apple", "1.0", [("Summary", "other bytes")]).parent
    done = locks.environment.install(lock, locks.index.env() | {"PIP_FIND_LINKS": str(folder)})

    assert (done.returncode, done.stderr) == (0, "")
    assert locks.environment.installed() == {"apple": "1.0"}


def test_an_environment_whose_python_is_gone_is_made_anew(locks: Locks) -> None:
    """As after an upgrade of the system."""
    lock = locks.write("lock.txt", "apple==1.0")
    locks.install(lock)
    for link in locks.environment.path.glob("bin/python*"):
        link.unlink()
        link.symlink_to("/nowhere/python")

    assert locks.install(lock).returncode == 0
    assert locks.environment.installed() == {"apple": "1.0"}


def test_a_python_that_is_too_old_is_told(locks: Locks, tmp_path: Path) -> None:
    """The sentence says what to do next, and nothing is made."""
    old, path = tmp_path / "python3.9", tmp_path / "environment"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    refused = Environment(path, old).install(locks.write("lock.txt", "apple==1.0"))

    assert refused.returncode == 1
    assert refused.stderr == f"{old} is not Python 3.11 or newer. Name one that is, as in: PYTHON=python3.12 make dev\n"
    assert not path.exists()


def test_packages_are_installed_in_one_place() -> None:
    """Another line would be another way; `npm ci` installs a lock and is one. Findings need no lock of ours."""
    listed = subprocess.run(["git", "ls-files"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    apart = ("tests/install/", "hosting", "findings/")
    ours = [REPOSITORY / name for name in listed.stdout.splitlines() if not name.startswith(apart)]
    others = [path for path in ours if path.suffix not in (".json", ".svg", ".png", ".wav") and path.is_file()]
    found = {str(path.relative_to(REPOSITORY)) for path in others if WAYS.search(path.read_text(encoding="utf-8"))}

    assert found - TOLD == {"agent_service/install-lock"}
