"""Whatever is released after a lock was made: each lock is what gets installed, by any pip and Python that we take."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from support.emulators import require
from support.package_index import PackageIndex, Pin, installed_in, read_lock
from support.pythons import PIPS, REPOSITORY, Environment, Python, find_python

LOCKS = {
    "functions": "functions/requirements.txt",
    "worker": "agent_service/requirements.txt",
    "worker with local speech": "agent_service/requirements-local.txt",
    "development": "tests/requirements.txt",
    "checkers": "tests/infra/requirements.txt",
    "clients": "tests/clients/requirements.txt",
}
PARTS = {
    "functions": ("product",),
    "worker": ("voice",),
    "worker with local speech": ("voice", "speech"),
    "development": ("product", "dev", "voice", "speech"),
    "checkers": ("checkers",),
    "clients": ("clients",),
}
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
REQUIREMENTS: dict[str, list[str]] = {
    "product": PROJECT["project"]["dependencies"],
    **PROJECT["project"]["optional-dependencies"],
    **PROJECT["dependency-groups"],
}
APART = {"checkers": REPOSITORY / ".cache" / "checkers", "clients": REPOSITORY / ".cache" / "clients" / "venv"}
"""Environments of their own."""
OLD, BUILDERS, NEWEST, OWN = "23.0.1", "24.0", list(PIPS)[-1], "its own pip"
LATER = ("python3.12", "python3.13", "python3.14")
OTHERS = [("python3.11", pip) for pip in PIPS if pip != OLD] + [(name, pip) for name in LATER for pip in (OWN, NEWEST)]
"""Debian's pip, 23.0.1, looks extras up for itself. Later Pythons do not run pips that are older than theirs."""
RARE = [("python3.11", OLD, "worker"), *((*each, which) for each in OTHERS for which in LOCKS)]
QUICK = [("python3.11", OLD, which) for which in LOCKS if which != "worker"]
BUILDER = ("--upgrade", "--upgrade-strategy", "only-if-needed", "--force-reinstall", "--no-warn-conflicts")
"""How the buildpack of Cloud Run functions calls pip, that of the last Python 3.11: it resolves."""

Make = Callable[[str, str], Environment]
Find = Callable[[str], Python]


@pytest.fixture(scope="session")
def pythons() -> Find:
    """Finds the Pythons of this machine; what it lacks is skipped, but not Python 3.11 on CI."""

    def find(name: str) -> Python:
        found = find_python(name)
        if found is None and name != "python3.11":
            pytest.skip(f"there is no {name} with venv on this machine")
        require(None if found else "there is no python3.11 with venv on this machine")
        assert found is not None
        return found

    return find


@pytest.fixture(scope="session")
def make(pythons: Find, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Makes an environment of a Python with a pip in it and nothing else."""
    made: dict[tuple[str, str], Environment] = {}

    def make_first(name: str, pip: str) -> Environment:
        folder = tmp_path_factory.mktemp("first")
        environment = Environment(folder / "environment", pythons(name).path)
        only_pip = folder / "pip.txt"
        only_pip.write_text(f"pip=={pip} --hash=sha256:{PIPS[pip]}\n" if pip in PIPS else "")
        done = environment.install(only_pip)
        require(f"pip {pip} cannot be installed here: {done.stderr[-300:]}" if done.returncode else None)
        return environment

    def make_another(name: str, pip: str) -> Environment:
        first = made.setdefault((name, pip), made.get((name, pip)) or make_first(name, pip))
        return Environment.like(first, tmp_path_factory.mktemp("copy") / "environment")

    return make_another


def offered(which: str, folder: Path) -> tuple[list[Pin], PackageIndex]:
    """A lock's pins, and an index that has since got a newer release of each."""
    pins = read_lock(REPOSITORY / LOCKS[which])
    index = PackageIndex(folder / "index", installed_in(APART[which]) if which in APART else installed_in())
    index.offer(pins)
    return pins, index


def expected(pins: list[Pin], python: Python) -> dict[str, Version]:
    return {pin.name: pin.version for pin in pins if pin.fits(python.markers)}


def found(environment: Environment) -> dict[str, Version]:
    return {canonicalize_name(name): Version(version) for name, version in environment.installed().items()}


@pytest.mark.parametrize(
    ("name", "pip", "which"), [*QUICK, *(pytest.param(*each, marks=pytest.mark.long) for each in RARE)]
)
def test_a_lock_is_installed_as_it_stands(
    name: str, pip: str, which: str, make: Make, pythons: Find, tmp_path: Path
) -> None:
    """By the script that everybody uses, while the index has a newer release of everything."""
    environment = make(name, pip)
    pins, index = offered(which, tmp_path)
    done = environment.install(index.lock(pins, tmp_path / "lock.txt"), index.env())

    assert (done.returncode, done.stderr) == (0, "")
    assert found(environment) == expected(pins, pythons(name))
    check = environment.pip("check")
    assert check.returncode == 0, check.stdout


@pytest.mark.parametrize(
    ("name", "pip"),
    [
        ("python3.11", BUILDERS),
        ("python3.11", NEWEST),
        *(pytest.param(each, NEWEST, marks=pytest.mark.long) for each in LATER),
    ],
)
def test_a_builder_that_resolves_finds_the_lock(name: str, pip: str, make: Make, pythons: Find, tmp_path: Path) -> None:
    """The platform builds the functions by itself, with a pip of its own."""
    environment = make(name, pip)
    pins, index = offered("functions", tmp_path)
    lock = index.lock(pins, tmp_path / "lock.txt")
    done = environment.pip("install", "--quiet", *BUILDER, "--requirement", str(lock), env=index.env())

    assert done.returncode == 0, done.stderr
    assert found(environment) == expected(pins, pythons(name))


def test_a_lock_without_extras_is_not_found_by_a_pip_that_resolves(make: Make, tmp_path: Path) -> None:
    """What these tests guard against: an old pip looks an extra up for itself, and wants what was released since."""
    environment = make("python3.11", OLD)
    pins, index = offered("functions", tmp_path)
    bare = [Pin(re.sub(r"\[.*?\]", "", pin.text)) for pin in pins]
    lock = index.lock(bare, tmp_path / "lock.txt")
    done = environment.pip("install", "--require-hashes", "--requirement", str(lock), env=index.env())

    assert done.returncode != 0
    assert "all requirements must have their versions pinned with ==. These do not" in done.stderr


def test_every_lock_is_tested() -> None:
    """A lock that is new here has to pass, too."""
    found = [path for folder in ("*", "tests/*") for path in REPOSITORY.glob(f"{folder}/requirements*.txt")]

    assert {str(path.relative_to(REPOSITORY)) for path in found} == set(LOCKS.values())


@pytest.mark.parametrize("which", ["functions", "worker", "worker with local speech"])
def test_an_environment_can_hold_several_locks(which: str) -> None:
    """What the product installs is what it is tested with."""
    tested = {(pin.name, pin.version) for pin in read_lock(REPOSITORY / LOCKS["development"])}

    assert {(pin.name, pin.version) for pin in read_lock(REPOSITORY / LOCKS[which])} <= tested


@pytest.mark.parametrize(("which", "parts"), PARTS.items())
def test_a_lock_has_what_is_asked_for(which: str, parts: tuple[str, ...]) -> None:
    """A change in pyproject.toml wants a `make lock`."""
    pins = {pin.name: pin for pin in read_lock(REPOSITORY / LOCKS[which])}
    asked = [Requirement(text) for part in parts for text in REQUIREMENTS[part]]
    missing = [
        str(each)
        for each in asked
        if not (pin := pins.get(canonicalize_name(each.name)))
        or pin.version not in each.specifier
        or not each.extras <= pin.requirement.extras
    ]

    assert missing == []
