"""A new kind of interview is one folder: whole interviews of it are held by text, on the page and by voice.

The folder is put into a copy of the functions and the page; no file of theirs is touched, and the worker is ours as it
stands.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect, sync_playwright

from browser.conftest import ARGUMENTS, CHROMIUM
from browser.tab import Service, Tab
from support.caller import Caller
from support.candidates import SENTENCES
from support.checkout import make_checkout
from support.client import ApiClient
from support.emulators import require
from support.gemini import FakeGemini, GeminiRequest, Text
from support.livekit import LiveKitServer
from support.puppet import chooses
from support.server import DevServer
from support.speech import Voice
from support.spoken import SpokenService
from support.talk import Talk

PLAN = """
id = "beekeeping"
version = 1
grace_seconds = 20

[[stage]]
id = "opening"
goal = "introduction"
seconds = 60
most_questions = 2
fewest_answers = 1
pauses = "short"

[[stage]]
id = "daily_work"
goal = "stories"
seconds = 120
most_questions = 2
fewest_answers = 1
pauses = "long"

[[stage]]
id = "hardest_day"
goal = "stories"
seconds = 240
most_questions = 2
fewest_answers = 1
pauses = "long"

[[question]]
id = "beekeeping.first-hive"
stage = "opening"
text.en = "How did you come to keep bees?"
plain.en = "Why do you keep bees?"

[[question]]
id = "beekeeping.season"
stage = "daily_work"
parts = ["action", "result"]
text.en = "Tell me about a hive that you brought through a hard winter. What did you do for it?"
plain.en = "Which hive did you save?"

[[question]]
id = "beekeeping.loss"
stage = "hardest_day"
parts = ["action", "result"]
text.en = "Think of a day when you lost a colony. What did you do then?"
plain.en = "When did you lose a colony?"
"""
LABELS = """
title = "Interview for beekeepers"

[stage.opening]
label = "Opening"
about = "How you came to your bees."

[stage.daily_work]
label = "Daily work"
about = "What you do in a season."

[stage.hardest_day]
label = "Hardest day"
about = "What went wrong, and what you did about it."
"""
KIND = "beekeeping"
STAGES = {"opening": ("Opening", 60.0), "daily_work": ("Daily work", 120.0), "hardest_day": ("Hardest day", 240.0)}
NAMES = [name for name, _ in STAGES.values()]
FOLLOWING = {"opening": "daily_work", "daily_work": "hardest_day", "hardest_day": "done"}
QUESTIONS = {
    "opening": "How did you come to keep bees?",
    "daily_work": "Which hive did you bring through a hard winter?",
    "hardest_day": "What did you do on the day when you lost a colony?",
}
MOST_ANSWERS = 8
"""Two questions in each of three stages, and two more."""


def bee_interviewer(request: GeminiRequest) -> Text:
    """Ask one question a stage, and move on when it was answered."""
    if request.closes:
        return chooses(request)
    said = [line for line in request.text.splitlines() if '"speaker": "interviewer"' in line]
    if not any(QUESTIONS[request.stage] in line for line in said):
        return Text(f"Welcome. {QUESTIONS[request.stage]}\n<<<STAY>>>")
    following = FOLLOWING[request.stage]
    words = f"Thank you. {QUESTIONS.get(following, 'That was all I wanted to know.')}"
    return Text(f"{words}\n<<<MOVE_TO_{following.upper()}>>>")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The functions and the page with one folder more."""
    home = make_checkout(tmp_path_factory.mktemp("checkout"))
    folder = home / "functions" / "interviewos" / "plans" / KIND
    folder.mkdir()
    (folder / "plan.toml").write_text(PLAN)
    (folder / "labels.en.toml").write_text(LABELS)
    return home


@pytest.fixture(params=["model", "script"])
def interviewer(request: pytest.FixtureRequest) -> Iterator[Mapping[str, str]]:
    """The environment with a model, and the one without."""
    with FakeGemini(bee_interviewer) as gemini:
        yield gemini.env() if request.param == "model" else {}


def seconds_of_the_stage(body: Any) -> float:
    """What the clock of the open stage gives."""
    return (
        datetime.fromisoformat(body["stage_deadline"]) - datetime.fromisoformat(body["stage_started_at"])
    ).total_seconds()


@pytest.mark.server
def test_a_new_kind_is_held_by_text(checkout: Path, tmp_path: Path, interviewer: Mapping[str, str]) -> None:
    """Listed and chosen by its id; its stages come in their order, each with its name and its clock, then feedback."""
    clocks: dict[str, float] = {}
    with DevServer(tmp_path, interviewer, cwd=checkout) as server, ApiClient(server.url) as candidate:
        listed = {plan["id"]: plan for plan in candidate.request("GET", "plans").body}
        candidate.create(candidate_name="Ada", plan=KIND)
        turns = [candidate.start()]
        for words in SENTENCES[:MOST_ANSWERS]:
            body = candidate.messages().body
            if body["stage"] == "done":
                break
            clocks[body["stage"]] = seconds_of_the_stage(body)
            turns.append(candidate.answer(words))

    assert [turn.status for turn in turns] == [200] * len(turns)
    assert {"classic", KIND} <= listed.keys()
    assert {one["id"]: (one["label"], one["minutes"] * 60) for one in listed[KIND]["stages"]} == STAGES
    assert (body["plan"]["id"], body["plan"]["title"]) == (KIND, "Interview for beekeepers")
    assert {one["id"]: (one["label"], one["seconds"]) for one in body["plan"]["stages"]} == STAGES
    assert [one["id"] for one in body["plan"]["stages"]] == list(clocks) == list(STAGES)
    assert list(clocks.values()) == [seconds for _, seconds in STAGES.values()]
    told = [message for message in body["messages"] if message["role"] == "agent"]
    assert list(dict.fromkeys(message["stage"] for message in told)) == [*STAGES, "done"]
    assert {message["source"] for message in told} == {"model" if interviewer else "script"}
    assert body["status"] == "ended"
    assert "- Strength:" in told[-1]["text"]
    assert "- Next step:" in told[-1]["text"]


@pytest.fixture
def tab(checkout: Path, tmp_path: Path) -> Iterator[Tab]:
    """A candidate's browser in front of the copy."""
    require(None if Path(CHROMIUM).exists() else "chromium is not installed, so nothing can open the page")
    with (
        FakeGemini(bee_interviewer) as gemini,
        DevServer(tmp_path, gemini.env(), cwd=checkout) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        tab = Service(server, gemini).tab(browser.new_page())
        yield tab
        browser.close()
    assert (tab.faults, tab.elsewhere) == ([], [])


def steps(tab: Tab) -> list[str]:
    """What the bar calls the stages; a star before the one now."""
    script = "(all) => all.map((one) => (one.ariaCurrent === 'step' ? '*' : '') + one.textContent)"
    names: list[str] = tab.page.locator("#steps li").evaluate_all(script)
    return names


@pytest.mark.server
@pytest.mark.browser
def test_a_new_kind_is_held_on_the_page(tab: Tab) -> None:
    """Its link leads to a lobby and a bar with its own names; its end is the feedback like any other's."""
    with ApiClient(tab.origin) as client:
        link = client.create(candidate_name="Ada", plan=KIND)["join_url"]
    tab.open(link.removeprefix(tab.origin))
    expect(
        tab.page.get_by_text(
            re.compile("^This interview has three parts: .Opening., .Daily work. and .Hardest day.[.] ")
        )
    ).to_be_visible()
    assert steps(tab) == [*NAMES, "Feedback"]

    tab.page.get_by_role("button", name="Begin the interview").click()
    for number, (question, words) in enumerate(zip(QUESTIONS.values(), SENTENCES, strict=False)):
        tab.expect_question(question)
        assert steps(tab) == [*NAMES[:number], f"*{NAMES[number]}", *NAMES[number + 1 :], "Feedback"]
        expect(tab.page).to_have_title(f"{NAMES[number]} · InterviewOS")
        tab.answer(words)
    tab.expect_feedback()
    assert steps(tab) == [*NAMES, "*Feedback"]

    tab.page.get_by_role("link", name="to the start page").click()
    expect(tab.page.get_by_text("up to 15 min")).to_be_visible()
    assert tab.page.locator(".plan strong").all_inner_texts() == ["Introduction", "Experience", "Feedback"]


@pytest.mark.livekit
@pytest.mark.long
def test_a_new_kind_is_held_by_voice(checkout: Path, tmp_path: Path) -> None:
    """The worker as it stands: each answer is heard and each stage comes in its turn, to the feedback."""
    require(LiveKitServer.why_not())
    with (
        Voice() as voice,
        SpokenService(tmp_path, model=bee_interviewer, checkout=checkout) as spoken,
        Caller(interview := spoken.interview(candidate_name="Ada", plan=KIND), voice) as caller,
    ):
        talk = Talk(interview, caller)
        talk.begin()
        for stage in STAGES:
            assert caller.attributes()["stage"] == stage
            talk.answer()
            talk.next_question()
        told = interview.messages().body

        talk.check_transcript()
    asked = [(message["stage"], message["source"]) for message in told["messages"] if message["role"] == "agent"]
    assert asked == [*((stage, "model") for stage in STAGES), ("done", "model"), ("done", "model")]
    assert "- Strength:" in told["messages"][-1]["text"]
