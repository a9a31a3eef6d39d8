"""A candidate speaks on our page, in a real browser, to the real worker: press, speak, hear, read, hang up."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from browser.conftest import ARGUMENTS, CHROMIUM
from browser.tab import Service, words_of
from speech import pcm
from support.call_records import SAMPLE_RATE
from support.candidates import SENTENCES
from support.emulators import require
from support.process import REPOSITORY
from support.speech import Voice
from support.spoken import SpokenService
from support.word_errors import word_error_rate

pytestmark = [pytest.mark.browser, pytest.mark.server]
PATIENCE_MS = 60_000
GREETING_SECONDS, REPLY_SECONDS = 12, 22
ANSWERS = (SENTENCES[0], SENTENCES[4])
PICTURES = REPOSITORY / ".cache" / "screenshots"


@pytest.fixture
def open_page(tmp_path: Path, voice: Voice) -> Iterator[Callable[[], Page]]:
    """A browser whose microphone hears the candidate's answers, with time for the interviewer between them."""
    require(None if Path(CHROMIUM).exists() else "chromium is not installed, so nothing can open the page")
    sound = tmp_path / "microphone.wav"
    sound.write_bytes(pcm.wav(_microphone(voice), SAMPLE_RATE))
    arguments = (
        *ARGUMENTS,
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={sound}%noloop",
        "--autoplay-policy=no-user-gesture-required",
        "--allow-loopback-in-peer-connection",
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(arguments))
        context = browser.new_context(viewport={"width": 1280, "height": 800}, permissions=["microphone"])
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page
        browser.close()


def test_a_candidate_speaks_and_hears_on_the_page(spoken: SpokenService, open_page: Callable[[], Page]) -> None:
    """The candidate's words and the interviewer's are heard, seen as they come, and stored once; the end is heard."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    tab = Service(spoken.server, spoken.gemini).tab(open_page())
    tab.press_begin_by_voice(role="Backend engineer")
    expect(tab.speaker).to_have_text("The interviewer is speaking", timeout=PATIENCE_MS)
    assert tab.hears_the_interviewer()
    for number, _ in enumerate(ANSWERS, 1):
        expect(tab.log.locator(".entry.user")).to_have_count(number, timeout=PATIENCE_MS)
        expect(tab.log.locator(".entry.agent")).to_have_count(number + 1, timeout=PATIENCE_MS)
        tab.page.screenshot(path=PICTURES / f"spoken-{number}.png")
    told = words_of("user", tab.transcript())
    rates = [word_error_rate(said, heard) for said, heard in zip(ANSWERS, told, strict=True)]
    print(f"\nword error rate through the browser: {', '.join(f'{rate:.0%}' for rate in rates)}")
    assert sum(rates) / len(rates) <= 0.15, told

    tab.finish()
    tab.expect_feedback()
    expect(tab.page.get_by_role("button", name="Stop the voice")).to_be_visible(timeout=PATIENCE_MS)
    tab.page.screenshot(path=PICTURES / "spoken-end.png")
    expect(tab.page.get_by_role("button", name="Stop the voice")).to_be_hidden(timeout=PATIENCE_MS)
    assert tab.faults == []


def _microphone(voice: Voice) -> bytes:
    """Silence for the greeting, then each answer and silence for the reply to it."""
    parts = [_silence(GREETING_SECONDS)]
    for answer in ANSWERS:
        parts += [voice.say(answer).samples, _silence(REPLY_SECONDS)]
    return b"".join(parts)


def _silence(seconds: float) -> bytes:
    return np.zeros(int(seconds * SAMPLE_RATE), np.int16).tobytes()
