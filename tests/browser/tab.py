"""A tab of a candidate's browser, in the words of a candidate."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from support.client import ApiClient
from support.gemini import FakeGemini
from support.livekit import LiveKitServer
from support.server import DevServer

REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
  reportViolation(`${effectiveDirective} ${blockedURI}`));
"""


PROVOKED = (
    "Failed to load resource",
    "Access to fetch at",
    "WebSocket connection to",
    "The AudioContext was not allowed to start",
    "The Cross-Origin-Opener-Policy header has been ignored",
)

SOUND = """async () => {
  const [audio] = document.querySelectorAll("#loudspeaker audio");
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(audio.srcObject).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  for (let loudest = 0; loudest < 0.02; await new Promise(requestAnimationFrame)) {
    analyser.getFloatTimeDomainData(samples);
    loudest = Math.max(...samples);
  }
  return !audio.paused;
}"""


@dataclass(slots=True)
class Service:
    """A running service, the model behind it, and LiveKit where it can be spoken with."""

    server: DevServer
    gemini: FakeGemini
    livekit: LiveKitServer | None = None

    @property
    def url(self) -> str:
        return self.server.url

    def tab(self, page: Page) -> "Tab":
        """Watch a page that is to show this service."""
        tab = Tab(page, self.url, self.livekit.api_url if self.livekit else "")
        tab.watch()
        return tab

    def say_always(self, script: Callable[..., Any]) -> None:
        """Let the model follow another script from now on."""
        self.gemini.script = script


@dataclass
class Tab:
    """A tab of a candidate's browser; it writes down what it asked for and what went wrong in it.

    `origin` is the page's, `room` the one of LiveKit's server where there is voice.
    """

    page: Page
    origin: str
    room: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("request", self._note_request)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("console", self._note_console)
        self.page.expose_binding("reportViolation", lambda _, what: self.faults.append(f"policy violation: {what}"))
        self.page.add_init_script(REPORT_VIOLATIONS)

    def _note_request(self, request: Request) -> None:
        if self.room and request.url.startswith(self.room + "/"):
            return  # what LiveKit's client asks of its own server
        if not request.url.startswith(self.origin + "/"):
            self.elsewhere.append(request.url)
        elif "/api/" in request.url:
            path = request.url.removeprefix(f"{self.origin}/api/interview/")
            self.asked.append((request.method, path))

    def _note_console(self, message: ConsoleMessage) -> None:
        # The browser itself reports every refused request as an error; those are what the tests provoke.
        if message.type in ("error", "warning") and not message.text.startswith(PROVOKED):
            self.faults.append(f"{message.type}: {message.text}")

    def open(self, path: str = "/") -> "Tab":
        self.page.goto(self.origin + path)
        return self

    def begin(self, name: str = "Ada", role: str = "Nurse") -> "Tab":
        """Open the page and begin an interview; the greeting has been heard in full when this returns."""
        self.open()
        self.page.get_by_label("What may we call you?").fill(name)
        self.page.get_by_label("The role you practise for").fill(role)
        self.page.get_by_role("button", name="Begin the interview").click()
        self.expect_question("Welcome")
        return self

    def begin_by_voice(self, name: str = "Ada", role: str = "Nurse") -> "Tab":
        """Open the page and begin an interview by voice; an interviewer is awaited when this returns."""
        self.press_begin_by_voice(name, role)
        expect(self.speaker).to_have_text("Waiting for the interviewer")
        return self

    def press_begin_by_voice(self, name: str = "Ada", role: str = "Nurse") -> None:
        """Open the page and press Begin when the microphone was checked."""
        self.open()
        self.page.get_by_label("What may we call you?").fill(name)
        self.page.get_by_label("The role you practise for").fill(role)
        self.page.get_by_label("By voice").check()
        expect(self.page.get_by_text("We hear you.")).to_be_visible()
        self.page.get_by_role("button", name="Begin the interview").click()

    def hears_the_interviewer(self) -> bool:
        """Wait until sound comes out of the page, and say whether it is being played."""
        return bool(self.page.evaluate(SOUND))

    def answer(self, words: str) -> None:
        """Type an answer and send it by the keyboard."""
        self.composer.fill(words)
        self.composer.press("Enter")

    def finish(self) -> None:
        """End the interview by the button, and confirm."""
        self.page.get_by_role("button", name="Finish now").click()
        self.page.get_by_role("button", name="Finish and get feedback").click()

    @property
    def composer(self) -> Locator:
        return self.page.get_by_label("Your answer")

    @property
    def speaker(self) -> Locator:
        """Who is speaking, in words."""
        return self.page.locator("#who-speaks")

    @property
    def notice(self) -> Locator:
        """What a person who speaks should know."""
        return self.page.locator("#voice-notice")

    def press(self, name: str) -> None:
        """Press the button that is called exactly so."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def captions(self) -> list[tuple[str, str]]:
        """What is being said and not in the conversation yet: who, and the words."""
        script = "(all) => all.map((one) => [one.classList[1], one.querySelector('.words').textContent])"
        return [(who, words) for who, words in self.page.locator("#captions .entry").evaluate_all(script)]

    def expect_caption(self, words: str) -> None:
        """Wait for a caption with exactly these words."""
        expect(
            self.page.locator("#captions .words").filter(has_text=re.compile(f"^{re.escape(words)}$"))
        ).to_be_visible()

    def expect_in_an_interview(self) -> None:
        """Wait until the room is there, so that the browser knows the interview."""
        expect(self.page.locator("#steps")).to_be_visible()

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def feedback(self) -> Locator:
        return self.page.get_by_role("region", name="Your feedback")

    def said(self, who: str) -> list[str]:
        """What the page shows of one speaker, in order."""
        return self.log.locator(f".entry.{who} .words").all_inner_texts()

    def expect_question(self, words: str) -> None:
        """Wait for a whole reply: the words are there and nothing is being spoken any more."""
        expect(self.log.locator(".entry.agent").last).to_contain_text(words)
        expect(self.log).to_have_attribute("aria-busy", "false")

    def expect_replies(self, count: int) -> None:
        """Wait for so many whole replies since the beginning."""
        expect(self.log.locator(".entry.agent")).to_have_count(count)
        expect(self.log).to_have_attribute("aria-busy", "false")

    def expect_feedback(self) -> None:
        """Wait for the card with its three points."""
        expect(self.feedback).to_be_visible()
        for point in ("Strength", "Gap", "Next step"):
            expect(self.feedback.get_by_text(point, exact=True)).to_be_visible()

    def expect_report(self) -> int:
        """Wait for the report, and say how many of the three points lead to words."""
        expect(self.page.locator("#walker, .transcript .small").first).to_be_visible()
        return self.page.locator("#points a").count()

    def calls(self) -> list[str]:
        """The requests to the functions so far, without ids."""
        session_id = self.session.get("id", "no interview")
        return [f"{method} {path}".replace(session_id, "<id>") for method, path in self.asked]

    def looks(self) -> list[float]:
        """When the page read the messages, in seconds of the browser's own clock."""
        times: list[float] = self.page.evaluate(
            """() => performance.getEntriesByType("resource")
              .filter((entry) => entry.name.includes("/messages?"))
              .map((entry) => entry.startTime / 1000)"""
        )
        return times

    @property
    def session(self) -> dict[str, str]:
        """The interview that this browser opened last."""
        kept: list[dict[str, str]] = self.page.evaluate(
            "() => JSON.parse(localStorage.getItem('interviewos/sessions') ?? '[]')"
        )
        return kept[0] if kept else {}

    @contextmanager
    def elsewhere_client(self) -> Iterator[ApiClient]:
        """The same interview on another device."""
        with ApiClient(self.origin) as client:
            client.session_id, client.session_token = self.session["id"], self.session["token"]
            yield client

    def transcript(self) -> list[dict[str, Any]]:
        """The interview as the service has stored it."""
        with ApiClient(self.origin) as client:
            client.session_id, client.session_token = self.session["id"], self.session["token"]
            stored: list[dict[str, Any]] = client.messages()["messages"]
        return stored


def words_of(role: str, transcript: list[dict[str, Any]]) -> list[str]:
    """What one role said, in order."""
    return [message["text"] for message in transcript if message["role"] == role]
