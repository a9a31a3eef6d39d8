from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from support.caller import Caller
from support.client import ApiClient
from support.emulators import require
from support.livekit import LiveKitServer
from support.speech import Ears, Voice
from support.spoken import SpokenService


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.livekit)
            item.add_marker(pytest.mark.alone)


@pytest.fixture(scope="session")
def voice() -> Iterator[Voice]:
    """What candidates speak with."""
    with Voice() as voice:
        yield voice


@pytest.fixture(scope="session")
def ears() -> Ears:
    """What checks the interviewer's speech."""
    return Ears()


@pytest.fixture(scope="package")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SpokenService]:
    """A spoken service with a model, shared: nobody kills its parts."""
    require(LiveKitServer.why_not())
    with SpokenService(tmp_path_factory.mktemp("spoken")) as service:
        yield service


@pytest.fixture
def start_spoken(tmp_path: Path) -> Iterator[Callable[..., SpokenService]]:
    """Starts a spoken service of a test's own."""
    require(LiveKitServer.why_not())
    with ExitStack() as running:
        yield lambda **options: running.enter_context(SpokenService(tmp_path / "data", **options))


@pytest.fixture
def call(voice: Voice) -> Iterator[Callable[[ApiClient], Caller]]:
    """Lets a candidate join the room of an interview; everybody has hung up when the test is over."""
    with ExitStack() as calls:
        yield lambda interview: calls.enter_context(Caller(interview, voice))
