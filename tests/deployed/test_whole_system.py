"""The whole system in its deployed shape: what only shows when every function is a process of its own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE_MS
from browser.tab import Tab, words_of
from support import oidc
from support.candidates import NURSE
from support.client import BASE, Answer, ApiClient
from support.deployed import DOORS, HEALTH, SCHEDULER, Deployed
from support.emulators import require
from support.gemini import Gate
from support.process import wait_until
from support.puppet import interviewer_script

pytestmark = pytest.mark.emulator


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's browser; its event loop must be gone before other tests want their own."""
    require(None if Path(CHROMIUM).exists() else "chromium is not installed, so nothing can open the page")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium: Browser, system: Deployed) -> Iterator[Tab]:
    """A tab of a browser that has never been here; its page runs without a fault and asks next_turn directly."""
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE_MS)
    tab = Tab(context.new_page(), system.url)
    tab.watch()
    yield tab
    context.close()
    assert tab.faults == []
    assert {url.removeprefix(system.url_of("next_turn")) for url in tab.elsewhere} == {
        f"{BASE}/ui/next_turn/health",
        f"{BASE}/ui/next_turn",
    }


@pytest.mark.browser
def test_a_browser_holds_an_interview_that_a_task_moves_on(tab: Tab, system: Deployed) -> None:
    """The candidate says nothing in the first stage: Cloud Tasks calls back with a token, and the interview goes on."""
    tab.begin()
    tab.expect_question("which project of yours")
    assert tab.session["id"] in system.functions["stage_timeout"].log

    for words, question in zip(NURSE, ("your own part", "hardest moment"), strict=False):
        tab.answer(words)
        tab.expect_question(question)
    tab.answer(NURSE[2])
    tab.expect_feedback()

    stored = tab.transcript()
    assert list(NURSE[:3]) == words_of("user", stored)
    assert {"model"} == {message["source"] for message in stored if message["role"] == "agent"}
    assert [message["event_ids"] for message in stored if message["role"] == "agent"][:2] == [["start"], ["wake-1"]]


def test_sweep_finds_what_cloud_tasks_lost(system: Deployed) -> None:
    """Where no task could be made, Cloud Scheduler's call moves the interview on."""
    quick, lost = {"INTRO_TIMEOUT_S": "0.5", "STAGE_GRACE_S": "0.5"}, {"TASKS_QUEUE": "no-such-queue"}
    altered = system.altered("create", **quick), system.altered("next_turn", **lost)
    with altered[0], altered[1] as next_turn, system.client() as client:
        client.create()
        client.start()
        assert "alarm left to the sweep" in next_turn.log
        wait_until(lambda: client.messages()["moves_on_in_s"] == 0, 10, "the end of the stage")

        swept = system.sweep()

        assert (swept.status_code, swept.json()) == (200, {"moved": 1, "handed_over": 0, "left": 0})
        assert client.messages()["stage"] == "experience"


def test_a_report_is_read_by_a_task_and_told_at_the_public_address(system: Deployed) -> None:
    """Cloud Tasks calls for it when the interview is over; a finding that is called wrong stays marked."""
    with system.client() as client:
        client.create()
        turn = client.start()
        for number in range(1, 20):
            if turn["done"]:
                break
            turn = client.answer(f"{NURSE[number % 6]} {NURSE[(number + 1) % 6]}")
        waits = client.report()
        wait_until(lambda: client.report()["grading"] == "made", 30, "the readings")
        read = client.report()
        finding = findings(read)[0]
        marked = client.call_wrong(seq=finding["seq"], start=finding["start"], sign=finding["sign"])
        again = client.report()

    assert waits["grading"] == "pending"
    assert read["made_by"]["readings"] == {"asked": 2, "used": 2}
    assert client.session_id in system.functions["stage_timeout"].log
    assert (marked.status, [each["wrong"] for each in findings(again)].count(True)) == (204, 1)


def findings(report: Answer) -> list[dict[str, Any]]:
    return [finding for story in report["stories"] for finding in story["findings"]]


@pytest.mark.parametrize("target", ["stage_timeout", "sweep"])
def test_each_clock_lets_in_its_own_service_account_alone(target: str, system: Deployed) -> None:
    """By a signature of the issuer, for this audience; neither account opens the other's door."""
    right, wrong = (oidc.INVOKER, SCHEDULER) if target == "stage_timeout" else (SCHEDULER, oidc.INVOKER)
    audience, issuer = system.stage_timeout_url, system.queue.issuer
    strangers = {
        "nobody": {},
        "the other account": bearer(system.queue.token(audience, wrong)),
        "another audience": bearer(system.queue.token(f"{audience}/", right)),
        "another key": bearer(
            oidc.token(audience=audience, email=right, issuer=issuer, kid="cloudtasks-emulator-test")
        ),
    }

    answered = {name: system.call(target, headers).status_code for name, headers in strangers.items()}

    assert answered == dict.fromkeys(strangers, 401)
    assert system.call(target, bearer(system.queue.token(audience, right))).status_code == 200


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_the_clock_has_no_door_at_the_public_address(system: Deployed) -> None:
    """Not even with a good token: no rewrite leads there."""
    with system.client() as client:
        for target in HEALTH.keys() - set(DOORS):
            path = HEALTH[target]
            token = bearer(system.queue.token(system.stage_timeout_url))
            assert client.request("POST", path, json={}, headers=token).status == 404
            assert client.request("GET", f"{path}/health").status == 404


def test_words_come_while_the_model_still_speaks(system: Deployed) -> None:
    """At the function's own address; a client that knows the public one alone gets the same turn, only later."""
    gate = Gate()
    with system.client() as client, ApiClient(system.url_of("next_turn")) as direct:
        client.create()
        direct.session_id, direct.session_token = client.session_id, client.session_token
        direct.start()
        system.gemini.script = lambda request: replace(interviewer_script(request), gate=gate)
        events = direct.stream_answer(NURSE[0], "answer-1")

        assert [next(events)[0], next(events)[0]] == ["ack", "delta"]
        assert not gate.is_set()
        gate.set()
        *_, (name, turn) = events

        assert name == "turn"
        assert client.turn("user_turn", stream=True, event_id="answer-1", user_text=NURSE[0])["seq"] == turn["seq"]


def test_each_function_knows_its_own_paths_only(system: Deployed) -> None:
    """What Hosting leads to another function is not there at a function's own address."""
    with system.client() as client:
        for target, function in system.functions.items():
            for other, path in HEALTH.items():
                health = client.http.get(f"{function.url}{BASE}/{path}/health")
                assert health.status_code == (200 if other == target else 404)
