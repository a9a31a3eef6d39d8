"""What is chosen before an interview begins: its kind, level and time, what they come to, and what it then is."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Request, Route, expect

from browser.states import CREATE, GREETING, HEALTH, JOB, MESSAGES, PLANS, TURN, WORDINGS, paste, problem
from browser.tab import Service, Tab
from browser.test_for_everybody import violations
from support.candidates import NURSE
from support.client import ApiClient


def kind(tab: Tab) -> Locator:
    """Where the kind of interview is chosen."""
    return tab.page.get_by_label("Kind of interview")


def creates(tab: Tab) -> list[tuple[str, dict[str, Any]]]:
    """The key and the body of each request for an interview from now on."""
    sent: list[tuple[str, dict[str, Any]]] = []

    def note(request: Request) -> None:
        if request.url.endswith("/sessions/create"):
            sent.append((request.headers["idempotency-key"], request.post_data_json))

    tab.page.on("request", note)
    return sent


def forecast(tab: Tab) -> Locator:
    """The line that says what the choice comes to."""
    return tab.page.locator("#forecast")


def levels(tab: Tab) -> Locator:
    """The levels that can be chosen."""
    return tab.page.get_by_role("group", name="Your level").get_by_role("radio")


def choose_time(tab: Tab, name: str) -> None:
    """Choose another time; the options are opened where they are not."""
    if not tab.page.get_by_role("group", name="Time").is_visible():
        tab.page.get_by_text("More options").click()
    tab.page.get_by_label(name).check()


def rounded(plan: dict[str, Any]) -> int:
    """Whole minutes, a half one upwards."""
    return int(plan["minutes"] + 0.5)


def read(tab: Tab) -> dict[str, Any]:
    """What the service says of the interview that was opened last."""
    with tab.elsewhere_client() as client:
        return dict(client.messages().body)


def plan_of(tab: Tab) -> str:
    return str(read(tab)["plan"]["id"])


def press_begin(tab: Tab) -> None:
    tab.press("Begin the interview")
    tab.expect_replies(1)


def test_each_kind_is_offered_with_its_length_and_the_usual_one_is_chosen(tab: Tab, service: Service) -> None:
    """Title, minutes and questions there is time for, of every plan, and one line that says what is chosen."""
    with ApiClient(service.url) as client:
        plans = client.request("GET", "plans").body
    tab.open()
    usual = next(plan for plan in plans if plan["id"] == "classic")
    expect(forecast(tab)).to_have_text(
        f"About {rounded(usual)} minutes and {usual['forecast'][0]['questions']} questions."
    )
    expect(kind(tab)).to_have_value("classic")
    offered = kind(tab).locator("option").all_inner_texts()
    others = [plan for plan in plans if plan["id"] != "classic"]
    assert offered == [
        f"{plan['title']} ({rounded(plan)} min, {plan['forecast'][0]['questions']} questions)"
        for plan in (usual, *others)
    ]
    assert violations(tab.page) == []


def test_the_interview_is_of_the_kind_that_was_chosen_and_the_next_one_too(tab: Tab) -> None:
    """The parts change with the choice; it is begun, remembered on this device, and practised again."""
    sent = creates(tab)
    tab.open()
    kind(tab).select_option("nursing")
    expect(forecast(tab)).to_contain_text("About 21 minutes and 9 questions.")
    expect(tab.page.locator(".plan")).to_contain_text("up to 18 min")
    press_begin(tab)
    assert plan_of(tab) == "nursing"

    tab.page.get_by_role("link", name="to the start page").click()
    expect(kind(tab)).to_have_value("nursing")
    tab.page.reload()
    expect(kind(tab)).to_have_value("nursing")
    tab.page.go_back()
    tab.expect_replies(1)
    tab.answer(NURSE[0])
    tab.expect_replies(2)
    tab.finish()
    tab.expect_feedback()
    tab.press("Practise again")
    tab.expect_replies(1)
    assert plan_of(tab) == "nursing"
    assert [body["plan"] for _, body in sent] == ["nursing", "nursing"]


def test_a_reload_at_the_end_still_practises_the_same_kind_again(tab: Tab) -> None:
    """What the interview was is known from itself; this device may have chosen another one meanwhile."""
    tab.open()
    kind(tab).select_option("quick")
    press_begin(tab)
    tab.answer(NURSE[0])
    tab.expect_replies(2)
    tab.finish()
    tab.expect_feedback()
    tab.page.evaluate("() => localStorage.setItem('interviewos/plan', '\"sales\"')")
    tab.page.reload()
    tab.expect_feedback()
    tab.press("Practise again")
    tab.expect_replies(1)
    assert plan_of(tab) == "quick"


def test_another_kind_is_another_request_and_the_same_one_is_the_same(tab: Tab) -> None:
    """An idempotency key stands for one name, one role and one kind."""
    sent = creates(tab)
    tab.page.route(CREATE, problem("daily-interviews-reached", 429))
    tab.open()
    for chosen in ("classic", "quick", "quick", "classic"):
        kind(tab).select_option(chosen)
        tab.press("Begin the interview")
        expect(tab.page.get_by_text("of today are taken")).to_be_visible()
        expect(tab.page.locator("#begin-button")).to_have_attribute("aria-disabled", "false")

    keys = [key for key, _ in sent]
    assert [body.get("plan") for _, body in sent] == [None, "quick", "quick", None]
    assert keys[1] == keys[2]
    assert len(set(keys)) == 3


def test_a_kind_that_is_gone_gives_way_to_the_usual_one(tab: Tab) -> None:
    """What was remembered and is not listed any more is not asked for; what is refused in between says what to do."""
    tab.page.add_init_script("localStorage.setItem('interviewos/plan', '\"gone\"')")
    tab.open()
    expect(tab.page.get_by_text("About 18 minutes")).to_be_visible()
    expect(kind(tab)).to_have_value("classic")
    refusal = {"type": "/problems#invalid-field", "status": 422, "errors": [{"pointer": "/plan"}]}
    tab.page.route(CREATE, lambda route: route.fulfill(status=422, json=refusal), times=1)
    kind(tab).select_option("warehouse")
    tab.press("Begin the interview")
    expect(tab.page.get_by_text("Please choose another one.")).to_be_visible()
    kind(tab).select_option("quick")
    press_begin(tab)
    assert plan_of(tab) == "quick"


def is_silent(route: Route) -> None:
    """Answer nothing."""
    route.abort()


@pytest.mark.parametrize("answers", [problem("not-found", 404), is_silent], ids=["does-not-know", "is-silent"])
def test_without_a_list_the_page_is_as_it_was(tab: Tab, answers: Callable[[Route], None]) -> None:
    """No kind is offered or asked for; roles are suggested, and the interview begins."""
    sent = creates(tab)
    tab.page.route(PLANS, answers)
    tab.open()
    expect(tab.page.get_by_role("group", name="Suggestions")).to_be_visible()
    expect(kind(tab)).to_have_count(0)
    expect(tab.page.get_by_text("More options")).to_have_count(0)
    assert violations(tab.page) == []
    press_begin(tab)
    assert [body for _, body in sent] == [{}]


def test_nothing_moves_when_the_list_comes(tab: Tab) -> None:
    """Its place is there before anything is known; a long list needs no more of it than a short one."""
    held: list[Route] = []
    for question in (PLANS, HEALTH):
        tab.page.route(question, lambda route: held.append(route))
    tab.open()
    role, button = tab.page.get_by_label("The role you practise for"), tab.page.locator("#begin-button")
    expect(tab.page.locator("#too-old")).to_have_count(0)
    before = (role.bounding_box(), button.bounding_box())
    for route in held:
        route.continue_()
    expect(forecast(tab)).to_have_text("About 18 minutes and 7 questions.")
    expect(tab.page.get_by_text("You will be interviewed by an AI.")).to_be_visible()
    assert (role.bounding_box(), button.bounding_box()) == before


def test_a_typed_role_chooses_no_kind(tab: Tab) -> None:
    """Whoever types a role is asked by it, in the kind that stands there."""
    tab.open()
    expect(tab.page.get_by_text("About 18 minutes")).to_be_visible()
    tab.page.get_by_label("The role you practise for").fill("Nurse, sales, warehouse")
    expect(kind(tab)).to_have_value("classic")
    with tab.page.expect_request(TURN):
        tab.press("Begin the interview")
    tab.expect_replies(1)
    assert plan_of(tab) == "classic"


def test_what_it_comes_to_follows_the_level_and_the_time_at_once(tab: Tab) -> None:
    """Minutes, questions and what they leave out; a screen reader hears a change, and nothing before one."""
    tab.page.route(PLANS, leaves_out)
    tab.open()
    expect(forecast(tab)).to_have_text("About 18 minutes and 7 questions.")
    expect(levels(tab)).to_have_count(0)
    kind(tab).select_option("nursing")
    expect(forecast(tab)).to_have_text("About 21 minutes and 9 questions. Not covered: learning from mistakes.")
    expect(forecast(tab)).to_have_attribute("aria-live", "polite")
    expect(levels(tab)).to_have_count(5)
    expect(tab.page.get_by_label("Any level")).to_be_checked()

    tab.page.get_by_label("Entry").check()
    expect(forecast(tab)).to_have_text(
        "About 21 minutes and 8 questions. Not covered: results and working with others."
    )
    choose_time(tab, "Twice")
    expect(forecast(tab)).to_contain_text("About 41 minutes and 8 questions.")
    expect(tab.page.locator(".plan")).to_contain_text("up to 36 min")
    expect(kind(tab).locator("option:checked")).to_have_text("Nursing and care (41 min, 8 questions)")
    kind(tab).select_option("classic")
    expect(forecast(tab)).to_have_text("About 36 minutes and 7 questions.")
    expect(levels(tab)).to_have_count(0)


def leaves_out(route: Route) -> None:
    """Tell of more that nursing does not cover at its first level, some of it unknown here, and of an unknown level."""
    answer = route.fetch()
    plans = answer.json()
    nursing = next(plan for plan in plans if plan["id"] == "nursing")
    nursing["levels"].append("constructor")
    nursing["forecast"][1]["not_covered"] = ["impact", "people", "constructor"]
    route.fulfill(response=answer, json=plans)


def test_level_and_time_are_those_of_the_interview_and_of_the_next_one(tab: Tab) -> None:
    """They survive a reload and an interview, and whoever practises again has them again."""
    sent = creates(tab)
    tab.open()
    kind(tab).select_option("nursing")
    tab.page.get_by_label("Senior").check()
    choose_time(tab, "Half as much again")
    tab.page.reload()
    expect(forecast(tab)).to_contain_text("About 31 minutes and 9 questions.")
    expect(tab.page.get_by_label("Senior")).to_be_checked()
    expect(tab.page.get_by_text("half as much time again")).to_be_visible()
    assert violations(tab.page) == []
    press_begin(tab)
    plan = read(tab)["plan"]
    assert (plan["id"], plan["level"], plan["time_factor"]) == ("nursing", "senior", 1.5)
    expect(tab.page.locator("#question-title")).to_have_text(f"Question 1 of about {plan['expected']}")

    tab.answer(NURSE[0])
    tab.expect_replies(2)
    tab.finish()
    tab.expect_feedback()
    tab.page.reload()
    tab.expect_feedback()
    tab.press("Practise again")
    tab.expect_replies(1)
    again = read(tab)["plan"]
    assert (again["id"], again["level"], again["time_factor"]) == ("nursing", "senior", 1.5)
    assert [(body["level"], body["time_factor"]) for _, body in sent] == [("senior", 1.5)] * 2


def test_another_level_or_time_is_another_request(tab: Tab) -> None:
    """And a level that another kind does not have is not asked of it."""
    sent = creates(tab)
    tab.page.route(CREATE, problem("daily-interviews-reached", 429))
    tab.open()
    kind(tab).select_option("sales")

    def press() -> None:
        tab.press("Begin the interview")
        expect(tab.page.get_by_text("of today are taken")).to_be_visible()
        expect(tab.page.locator("#begin-button")).to_have_attribute("aria-disabled", "false")

    tab.page.get_by_label("Mid").check()
    press()
    press()
    choose_time(tab, "Three times")
    press()
    kind(tab).select_option("quick")
    press()
    assert [body for _, body in sent] == [
        {"plan": "sales", "level": "mid"},
        {"plan": "sales", "level": "mid"},
        {"plan": "sales", "level": "mid", "time_factor": 3},
        {"plan": "quick", "time_factor": 3},
    ]
    keys = [key for key, _ in sent]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


@pytest.mark.parametrize(
    ("field", "words"),
    [("/level", "This level is not offered"), ("/time_factor", "in the interview you can ask for more")],
)
def test_a_choice_that_is_refused_says_which_and_what_to_do(tab: Tab, field: str, words: str) -> None:
    """A level can be gone while the page is open; nothing is begun otherwise than it was asked for."""
    refusal = {"type": "/problems#invalid-field", "status": 422, "errors": [{"pointer": field}]}
    tab.page.route(CREATE, lambda route: route.fulfill(status=422, json=refusal), times=1)
    sent = creates(tab)
    tab.open()
    tab.press("Begin the interview")
    expect(tab.page.get_by_text(words)).to_be_visible()
    assert len(sent) == 1


def test_a_time_is_chosen_before_anything_is_known(tab: Tab) -> None:
    """Whoever needs it does not wait for the list of kinds."""
    sent = creates(tab)
    tab.page.route(PLANS, lambda _: None)
    tab.open()
    expect(tab.page.locator("#too-old")).to_have_count(0)
    choose_time(tab, "Twice")
    press_begin(tab)
    assert read(tab)["plan"]["time_factor"] == 2
    assert [body for _, body in sent] == [{"time_factor": 2}]


def of_the_release_before(route: Route) -> None:
    """List the kinds without levels and forecasts, as the release before this page's did."""
    answer = route.fetch()
    route.fulfill(
        response=answer,
        json=[{name: plan[name] for name in plan if name not in ("levels", "forecast")} for plan in answer.json()],
    )


def test_a_service_that_knows_no_choices_is_asked_for_none(tab: Tab) -> None:
    """Whatever was chosen here before, the interview begins as that release can hold it."""
    tab.page.add_init_script(
        "localStorage.setItem('interviewos/level', '\"lead\"'); localStorage.setItem('interviewos/time_factor', '2')"
    )
    sent = creates(tab)
    tab.page.route(PLANS, of_the_release_before)
    tab.open()
    expect(forecast(tab)).to_have_text("About 18 minutes and 8 questions.")
    kind(tab).select_option("nursing")
    expect(forecast(tab)).to_have_text("About 21 minutes and 12 questions.")
    expect(levels(tab)).to_have_count(0)
    expect(tab.page.get_by_text("More options")).to_have_count(0)
    press_begin(tab)
    assert [body for _, body in sent] == [{"plan": "nursing"}]


def knows_no_seen(route: Route) -> None:
    """Refuse what was seen, as the release before this page's did."""
    if "seen" in route.request.post_data_json:
        refusal = {"type": "/problems#unknown-field", "status": 422, "errors": [{"pointer": "/seen"}]}
        route.fulfill(status=422, json=refusal)
    else:
        route.continue_()


def asked_in(tab: Tab) -> list[str]:
    """The planned questions that the open interview has asked."""
    return [message["question"] for message in tab.transcript() if message["question"]]


SEEN = "() => JSON.parse(localStorage.getItem('interviewos/seen') ?? '[]')"


def test_what_was_asked_in_earlier_interviews_is_asked_last(tab: Tab) -> None:
    """By the ids, of every interview of this browser; a release that does not know them gets none."""
    sent = creates(tab)
    tab.open()
    kind(tab).select_option("nursing")
    press_begin(tab)
    first = asked_in(tab)
    assert tab.page.evaluate(SEEN) == first != []
    tab.page.get_by_role("link", name="to the start page").click()
    press_begin(tab)
    second = asked_in(tab)

    assert ["seen" in body for _, body in sent] == [False, True]
    assert sent[1][1]["seen"] == first
    assert set(first).isdisjoint(second)
    tab.page.get_by_role("link", name="to the start page").click()
    tab.page.route(CREATE, knows_no_seen)
    press_begin(tab)
    assert [body.get("seen") for _, body in sent[2:]] == [[*first, *second], None]
    assert len({key for key, _ in sent[2:]}) == 1


def test_no_more_is_remembered_of_what_was_asked_than_the_service_takes(tab: Tab) -> None:
    """The newest two hundred ids; what cannot be one is left out."""
    many = [f"of.before-{number}" for number in range(200)]
    tab.page.add_init_script(f"localStorage['interviewos/seen'] ??= JSON.stringify([7, ...{many}])")
    sent = creates(tab)
    tab.open()
    press_begin(tab)
    assert sent[0][1]["seen"] == many
    assert tab.page.evaluate(SEEN) == [*many[1:], *asked_in(tab)]


def test_what_was_asked_outlives_an_interview_that_is_deleted_but_not_the_last_one(tab: Tab) -> None:
    """It holds no words of anybody's; when nothing is left to practise again, neither is it, nor what was chosen."""
    tab.open()
    kind(tab).select_option("quick")
    choose_time(tab, "Twice")
    press_begin(tab)
    tab.page.get_by_role("link", name="to the start page").click()
    press_begin(tab)
    tab.page.get_by_role("link", name="to the start page").click()

    for left in (1, 0):
        tab.page.locator("[data-erase]").first.click()
        tab.press("Delete")
        expect(tab.page.locator("[data-erase]")).to_have_count(left)
        assert (tab.page.evaluate(SEEN) != []) == (left > 0)
    kept = "() => Object.keys(localStorage).filter((key) => /plan|level|time_factor|seen/.test(key))"
    assert tab.page.evaluate(kept) == []


KEPT = "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, document.body.innerHTML])"
"""All that this browser holds."""
BACKGROUND = "Seven years on a stroke unit in Graz; introduced a board for falls."
NOT_USED = "What you pasted was not used: the questions are asked as they are planned."


def pasted(tab: Tab) -> list[str]:
    """What stands in the two boxes, which are in view then."""
    if not tab.page.locator("#job").is_visible():
        tab.page.get_by_text("More options").click()
    return [tab.page.locator(f"#{name}").input_value() for name in ("job", "background")]


def holds(tab: Tab, words: str) -> bool:
    return words in tab.page.evaluate(KEPT)


def test_questions_are_worded_for_what_was_pasted_and_nothing_of_it_is_left(tab: Tab, service: Service) -> None:
    """It is sent once; the number is there after the first turn and a reload, the texts are in this browser no more."""
    sent = creates(tab)
    tab.open()
    paste(tab, JOB, BACKGROUND)
    tab.page.get_by_text("More options").click()
    expect(tab.page.get_by_text("with what you pasted")).to_be_visible()
    service.gemini.say(f"{GREETING}\n<<<STAY>>>")
    service.gemini.wordings = WORDINGS
    press_begin(tab)
    line = tab.page.get_by_text("2 of the questions are worded for what you pasted.")
    expect(line).to_be_visible()
    assert sent[0][1] == {"job": JOB, "background": BACKGROUND}
    assert not holds(tab, "ventilation")
    assert not holds(tab, "Graz")

    tab.page.get_by_role("link", name="to the start page").click()
    expect(tab.page.get_by_text("time, job, résumé")).to_be_visible()
    assert pasted(tab) == ["", ""]
    tab.page.go_back()
    expect(line).to_be_visible()
    tab.page.reload()
    expect(line).to_be_visible()
    assert read(tab)["plan"]["tailored"] == 2
    tab.page.get_by_role("link", name="to the start page").click()
    press_begin(tab)
    expect(tab.page.locator("#tailored")).to_have_count(0)


def test_a_paste_outlives_a_reload_until_the_interview_is_there(tab: Tab) -> None:
    """The request that is kept for a retry holds it, and the same again is the same request, of one interview."""
    sent = creates(tab)
    tab.page.route(CREATE, lambda route: (route.fetch(), route.abort()), times=1)
    tab.open()
    paste(tab, JOB, BACKGROUND)
    tab.page.get_by_label("What may we call you?").fill("Ada")
    tab.press("Begin the interview")
    expect(tab.page.get_by_text("No connection yet.")).to_be_visible()
    assert holds(tab, "ventilation")
    tab.page.reload()
    expect(tab.page.get_by_text("with what you pasted")).to_be_visible()
    assert pasted(tab) == [JOB, BACKGROUND]
    press_begin(tab)

    assert len({key for key, _ in sent}) == 1
    assert [body["job"] for _, body in sent] == [JOB] * len(sent)
    assert not holds(tab, "ventilation")


def test_a_paste_is_sent_again_before_the_service_has_said_who_asks(tab: Tab) -> None:
    """Who comes back and begins at once repeats the request that was not answered."""
    sent = creates(tab)
    tab.page.route(CREATE, problem("daily-interviews-reached", 429), times=1)
    tab.open()
    paste(tab, JOB, "")
    tab.press("Begin the interview")
    expect(tab.page.get_by_text("of today are taken")).to_be_visible()
    tab.page.route(HEALTH, lambda _: None)
    tab.page.reload()
    expect(tab.page.locator("#too-old")).to_have_count(0)
    press_begin(tab)
    assert sent[0] == sent[1]


def test_what_is_taken_out_again_is_kept_no_longer(tab: Tab) -> None:
    """Not even in the request that was refused; the next one is another."""
    sent = creates(tab)
    tab.page.route(CREATE, problem("daily-interviews-reached", 429), times=1)
    tab.open()
    paste(tab, JOB, "")
    tab.press("Begin the interview")
    expect(tab.page.get_by_text("of today are taken")).to_be_visible()
    assert holds(tab, "ventilation")
    tab.page.locator("#job").fill("")
    assert not holds(tab, "ventilation")
    press_begin(tab)
    assert ["job" in body for _, body in sent] == [True, False]
    assert sent[0][0] != sent[1][0]


def test_what_there_is_no_room_for_is_left_out_and_that_is_said(tab: Tab) -> None:
    """Just under it nothing is said; the box takes what the service takes."""
    sent = creates(tab)
    tab.open()
    paste(tab, "", "é" * 7_999)
    full = tab.page.get_by_text("There is room for 8,000 characters, and this is full")
    expect(full).to_have_count(0)
    tab.page.keyboard.insert_text("and more")
    expect(full).to_be_visible()
    expect(tab.page.locator("#background")).to_have_accessible_description(re.compile("AI model.*is left out"))
    press_begin(tab)
    assert sent[0][1]["background"] == "é" * 7_999 + "a"


def test_the_offline_interviewer_is_given_nothing_to_read(
    open_tab: Callable[[Service], Tab], services: dict[str, Service]
) -> None:
    """It would not understand it, so it is not asked for; what was pasted before is not sent either."""
    tab = open_tab(services["script"])
    kept = {"key": "2c5ea4c0-4067-11e9-8bad-9b1deb4d3b7d", "name": "Ada", "role": "", "job": JOB}
    tab.page.add_init_script(f"localStorage['interviewos/wish'] ??= JSON.stringify({kept})")
    sent = creates(tab)
    tab.open()
    expect(tab.page.get_by_text("No AI model is connected")).to_be_visible()
    tab.page.get_by_text("More options").click()
    expect(tab.page.get_by_role("group", name="Time")).to_be_visible()
    expect(tab.page.get_by_role("textbox")).to_have_count(2)
    press_begin(tab)
    assert [body for _, body in sent] == [{"candidate_name": "Ada"}]


def test_a_release_that_knows_no_texts_is_asked_without_them_and_that_is_said(tab: Tab) -> None:
    """Once, for both, under the same key; what else it does not know is left out as well."""
    unknown = ["background", "job", "seen"]

    def earlier(route: Route) -> None:
        if found := [name for name in unknown if name in route.request.post_data_json]:
            refusal = {"type": "/problems#unknown-field", "status": 422, "errors": [{"pointer": f"/{found[0]}"}]}
            return route.fulfill(status=422, json=refusal)
        answer = route.fetch()
        said = answer.json()
        del said["plan"]["tailored"]
        return route.fulfill(response=answer, json=said)

    tab.page.add_init_script("localStorage['interviewos/seen'] ??= '[\"classic.wish\"]'")
    tab.page.route(CREATE, earlier)
    sent = creates(tab)
    tab.open()
    paste(tab, JOB, BACKGROUND)
    press_begin(tab)
    expect(tab.page.get_by_text(NOT_USED)).to_be_visible()
    assert [sorted(body) for _, body in sent] == [unknown, ["seen"], []]
    assert len({key for key, _ in sent}) == 1
    assert not holds(tab, "ventilation")


def test_what_says_too_little_is_not_used_and_that_is_said(tab: Tab) -> None:
    """The page asks once what became of it, after the first turn; an answer later it is still the same."""
    tab.open()
    paste(tab, "Nurse.", "")
    press_begin(tab)
    expect(tab.page.get_by_text(NOT_USED)).to_be_visible()
    tab.answer(NURSE[0])
    tab.expect_replies(2)
    expect(tab.page.get_by_text(NOT_USED)).to_be_visible()
    assert len([call for call in tab.calls() if call.startswith("GET sessions/<id>/messages")]) == 1


@pytest.mark.parametrize(
    ("slug", "status", "field"),
    [("body-too-large", 413, ""), ("invalid-field", 422, "/job"), ("invalid-unicode", 422, "/background")],
)
def test_a_paste_that_is_refused_says_what_to_do(tab: Tab, slug: str, status: int, field: str) -> None:
    """Only what is not known is left out without being asked for; the next press begins."""
    refusal = {"type": f"/problems#{slug}", "status": status, "errors": [{"pointer": field}]}
    tab.page.route(CREATE, lambda route: route.fulfill(status=status, json=refusal), times=1)
    sent = creates(tab)
    tab.open()
    paste(tab, JOB, BACKGROUND)
    tab.press("Begin the interview")
    expect(tab.page.get_by_text("What you pasted under More options was not accepted.")).to_be_visible()
    assert len(sent) == 1
    press_begin(tab)


def test_a_paste_by_keyboard(tab: Tab) -> None:
    """One box after the other; Enter is a new line there and begins nothing."""
    sent = creates(tab)
    tab.open()
    expect(tab.page.get_by_text("time, job, résumé")).to_be_visible()
    keys = tab.page.keyboard
    tab.page.locator("summary").focus()
    keys.press("Enter")
    keys.press("Tab")
    expect(tab.page.get_by_label("As planned")).to_be_focused()
    for label in ("The job you practise for", "What you have done so far"):
        keys.press("Tab")
        expect(tab.page.get_by_label(label)).to_be_focused()
        keys.type("One")
        keys.press("Enter")
        keys.type("Two")
    keys.press("Tab")
    expect(tab.page.get_by_label("The role you practise for")).to_be_focused()
    keys.press("Enter")
    tab.expect_replies(1)
    assert [body for _, body in sent] == [{"job": "One\nTwo", "background": "One\nTwo"}]


def test_the_lobby_calls_the_parts_as_they_are_called(tab: Tab, service: Service) -> None:
    """A name keeps its capitals inside a sentence of the page's."""
    with ApiClient(service.url) as client:
        link = client.create(candidate_name="Ada", plan="classic")["join_url"].removeprefix(service.url)

    def renamed(route: Route) -> None:
        answer = route.fetch()
        said = answer.json()
        said["plan"]["stages"][0]["label"] = "IT skills"
        route.fulfill(response=answer, json=said)

    tab.page.route(MESSAGES, renamed)
    tab.open(link)
    expect(tab.page.locator("#lobby")).to_contain_text(
        "This interview has two parts: \u2068IT skills\u2069 and \u2068Experience\u2069."
    )
