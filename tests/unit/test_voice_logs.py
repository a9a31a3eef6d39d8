"""What the framework logs of an interview, without the interview."""

import logging

import pytest

from voice.logs import TranscriptRedaction

WORDS = "I was fired for telling the truth"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> logging.Logger:
    """A logger like the framework's."""
    logger = logging.getLogger("livekit.agents.of.a.test")
    logger.addFilter(TranscriptRedaction())
    caplog.set_level(logging.DEBUG, logger.name)
    return logger


def test_fields_that_are_marked_as_personal_are_not_logged(
    log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    """The framework says by a part of their names which those are."""
    log.warning("skipping reply to user input", extra={"lk.pii.user_input": WORDS, "speech_id": "s1"})

    (record,) = caplog.records
    assert WORDS not in str(record.__dict__)
    assert record.__dict__["speech_id"] == "s1"


def test_an_error_that_quotes_a_reply_is_logged_without_it(
    log: logging.Logger, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in its sentence nor in its traceback."""
    error = RuntimeError(f"no audio frames were pushed for text: {WORDS}")
    log.warning("failed to synthesize speech: %s, retrying in 1 s", error)
    try:
        raise error
    except RuntimeError:
        log.exception("error in the voice")

    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR"]
    assert WORDS not in caplog.text


def test_other_errors_keep_their_traceback(log: logging.Logger, caplog: pytest.LogCaptureFixture) -> None:
    """Somebody is to find out what happened."""
    try:
        raise RuntimeError("connection reset")
    except RuntimeError:
        log.exception("error in the voice")

    assert "connection reset" in caplog.text
