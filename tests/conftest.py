"""What several suites share: the server of a laptop, a model that is a test's own, a real Firestore, a real LiveKit."""

import signal
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from support import canaries
from support.client import ApiClient
from support.emulators import FirestoreEmulator, TasksEmulator, require
from support.gemini import FakeGemini
from support.livekit import LiveKitServer
from support.process import LOG_CHARACTERS, ManagedProcess
from support.puppet import interviewer_script
from support.schedule import Together, place_of
from support.server import DevServer

NO_LIMIT = {"CREATES_PER_MINUTE": "100000"}
"""All tests call from one address."""


def pytest_configure() -> None:
    """In a shell's background Ctrl-C is ignored, and what is started here would inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest is begun first, so that no process is left alone with it."""
    items.sort(key=lambda item: place_of(item.nodeid)[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Where several processes share the tests (`-n`)."""
    config.option.loadscopereorder = False
    return Together(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show beside a failure what the servers wrote that run at that time."""
    report = yield
    if report.failed:
        logs = [(f"End of the log of {each.name}", each.log[-LOG_CHARACTERS:]) for each in ManagedProcess.living]
        report.sections += logs
    return report


@pytest.fixture(scope="session", autouse=True)
def nobodys_words_are_in_any_log() -> Iterator[None]:
    """Every server and every worker that a test starts is looked through when it ends, and all of them here."""
    yield
    assert canaries.found == []


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevServer]:
    """The development server on the offline interviewer, one for the whole run; no test stops it or reads its clock."""
    with DevServer(tmp_path_factory.mktemp("server"), NO_LIMIT) as running:
        yield running


@pytest.fixture
def api(server: DevServer) -> Iterator[ApiClient]:
    """A caller of that server, with no interview yet; it knows the secret and uses it when told to."""
    with ApiClient(server.url, secret=server.secret) as client:
        yield client


@pytest.fixture(scope="module")
def gemini() -> Iterator[FakeGemini]:
    """A local Gemini that holds good interviews until a test queues something else."""
    with FakeGemini(interviewer_script) as model:
        yield model


@pytest.fixture(scope="module")
def gemini_server(gemini: FakeGemini, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DevServer]:
    """The development server with that Gemini as its interviewer."""
    with DevServer(tmp_path_factory.mktemp("gemini-server"), NO_LIMIT | gemini.env()) as running:
        yield running


@pytest.fixture(scope="session")
def livekit() -> Iterator[LiveKitServer]:
    """A livekit-server on loopback, one for the whole run; no test stops it, and each takes rooms of its own."""
    require(LiveKitServer.why_not())
    with LiveKitServer() as running:
        yield running


@pytest.fixture(scope="session")
def firestore_emulator() -> Iterator[FirestoreEmulator]:
    """Google's Firestore emulator, one for the whole run; a test that shares it takes a project of its own."""
    require(FirestoreEmulator.why_not())
    with FirestoreEmulator() as emulator:
        yield emulator


@pytest.fixture(scope="session")
def tasks_emulator() -> Iterator[TasksEmulator]:
    """A Cloud Tasks emulator, one for the whole run; a test that shares it names tasks of its own."""
    require(TasksEmulator.why_not())
    with TasksEmulator() as emulator:
        yield emulator
