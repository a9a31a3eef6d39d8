"""The system in its deployed shape, once for all tests here; it is gone before other suites need the machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.bare_copy import BareCopy, make_bare_copy
from support.deployed import Deployed
from support.emulators import FirestoreEmulator, TasksEmulator, require
from support.puppet import interviewer_script


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.server)


@pytest.fixture(scope="package")
def bare(tmp_path_factory: pytest.TempPathFactory) -> BareCopy:
    """A copy of functions/ and an environment with nothing but its requirements."""
    try:
        return make_bare_copy(tmp_path_factory.mktemp("bare"))
    except RuntimeError as error:
        require(str(error))
        raise


@pytest.fixture(scope="package")
def shared_system(
    bare: BareCopy, firestore_emulator: FirestoreEmulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployed]:
    """Six functions, Hosting, the emulators and a model."""
    require(TasksEmulator.why_not())
    with Deployed(bare, tmp_path_factory.mktemp("deployed"), firestore_emulator) as running:
        yield running


@pytest.fixture
def system(shared_system: Deployed) -> Iterator[Deployed]:
    """The same, with a model that is well again when a test has made it ill."""
    yield shared_system
    shared_system.gemini.script = interviewer_script
