"""The worker as a team runs it: its image, built from the Dockerfile, holds an interview and ends with it."""

import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from support import containers
from support.caller import Caller
from support.client import ApiClient
from support.containers import ContainerWorker, Image
from support.emulators import require
from support.livekit import LiveKitServer
from support.process import wait_until
from support.spoken import SpokenService
from support.talk import Talk

pytestmark = pytest.mark.long

Call = Callable[[ApiClient], Caller]
USER = 10001


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    """The image with local speech in it."""
    require(containers.why_not())
    built = Image(tmp_path_factory.mktemp("image"))
    built.build()
    return built


@pytest.fixture
def contained(image: Image, tmp_path: Path) -> Iterator[SpokenService]:
    """A spoken service whose worker is a container."""
    require(LiveKitServer.why_not())
    with SpokenService(tmp_path, make_worker=partial(ContainerWorker, image)) as service:
        yield service


def test_an_image_holds_an_interview_and_ends_with_it(contained: SpokenService, call: Call) -> None:
    """It runs as nobody in particular; SIGTERM in the middle lets the interview go on to its feedback."""
    worker = contained.worker
    assert isinstance(worker, ContainerWorker)
    assert Path(f"/proc/{worker.main_process()}").stat().st_uid == USER
    interview = contained.interview()
    talk = Talk(interview, call(interview))
    talk.begin()
    talk.answer()
    worker.drain()
    wait_until(lambda: "draining worker" in worker.log, 10, "the worker's word that it takes no more")
    assert worker.running
    talk.next_question()
    talk.to_the_end()
    wait_until(lambda: not worker.running, 60, "the end of the container")

    talk.check_transcript()


def test_an_image_says_what_it_is(image: Image) -> None:
    """User, command and health check are those that a cluster relies on."""
    told = image.configuration

    assert told["User"] == f"{USER}:{USER}"
    assert told["Cmd"] == ["/venv/bin/python", "agent.py", "start"]
    assert "urllib" in " ".join(told["Healthcheck"]["Test"])


def test_the_health_check_of_the_image_works(contained: SpokenService) -> None:
    """What the image asks itself is answered 200 by a worker that waits for interviews."""
    with urllib.request.urlopen(f"http://127.0.0.1:{contained.worker.port}/", timeout=5) as answer:
        assert answer.status == 200
