"""Where the service wants a proof that its own page asks, the page brings one; Google's two addresses are stand-ins."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Route, expect

from browser.states import CREATE, problem
from browser.tab import Tab

KEYS = {"site_key": "6LdSiteKey", "app_id": "1:123:web:abc", "api_key": "AIzaKey"}
SENTENCE = "We could not make sure that a person is asking."
ENTERPRISE = "https://www.google.com/recaptcha/enterprise.js"
EXCHANGE = "https://content-firebaseappcheck.googleapis.com/v1/projects/demo-iv/apps/1:123:web:abc:exchangeRecaptchaEnterpriseToken"

LOADER = """
const policy = trustedTypes.createPolicy("recaptcha", { createScriptURL: (address) => address });
const script = document.createElement("script");
script.src = policy.createScriptURL("https://www.gstatic.com/recaptcha/releases/1/recaptcha__en.js");
document.head.append(script);
const waiting = [];
grecaptcha = { enterprise: { ready: (act) => waiting.push(act) } };
"""
WIDGET = """
let site;
Object.assign(grecaptcha.enterprise, {
  ready: (act) => act(),
  render(place, { sitekey, size }) {
    site = `${sitekey} ${size}`;
    const frame = document.createElement("iframe");
    frame.src = "https://www.google.com/recaptcha/enterprise/anchor";
    place.append(frame);
    return 7;
  },
  execute: async (widget, { action }) => `${widget} ${action} ${site}`,
});
waiting.forEach((act) => act());
"""


@dataclass
class Google:
    """Stand-ins for reCAPTCHA and App Check, which load, make policies and frames, and answer as the real ones do."""

    asked: list[str] = field(default_factory=list)
    bodies: list[dict[str, str]] = field(default_factory=list)
    refuses: bool = False

    def answer(self, route: Route) -> None:
        """Answer one request for another host than the page's."""
        address = route.request.url.partition("?")[0]
        self.asked.append(address)
        if address.startswith(EXCHANGE):
            self._exchange(route)
        elif address == ENTERPRISE:
            assert "trustedtypes=true" in route.request.url
            route.fulfill(content_type="text/javascript", body=LOADER)
        elif address.startswith("https://www.gstatic.com/recaptcha/"):
            route.fulfill(content_type="text/javascript", body=WIDGET)
        else:
            route.fulfill(content_type="text/html", body="<!doctype html><title>anchor</title>")

    def _exchange(self, route: Route) -> None:
        assert route.request.url.endswith("?key=AIzaKey")
        assert route.request.headers["referer"], "Google refuses a key that is bound to an address it is not told"
        self.bodies.append(json.loads(route.request.post_data or ""))
        allowed = {"Access-Control-Allow-Origin": "*"}
        if self.refuses:
            route.fulfill(
                status=403, headers=allowed, json={"error": {"code": 403, "message": "App attestation failed."}}
            )
        else:
            route.fulfill(headers=allowed, json={"token": f"token-{len(self.bodies)}", "ttl": "3600s"})


@pytest.fixture
def google() -> Google:
    return Google()


@pytest.fixture
def tab(open_tab: Callable[..., Tab], google: Google) -> Tab:
    """A tab of a deployment with App Check."""
    tab = open_tab(app_check=KEYS)
    tab.page.route(lambda address: not address.startswith(tab.origin), google.answer)
    return tab


def press_begin(tab: Tab) -> None:
    tab.page.get_by_role("button", name="Begin the interview").click()


def test_a_new_interview_brings_a_proof_and_nothing_else_does(tab: Tab, google: Google) -> None:
    """reCAPTCHA's word is exchanged for a token, which goes along with create and with no other call."""
    proofs: list[tuple[str, str]] = []
    tab.page.on(
        "request",
        lambda one: proofs.extend((one.url, value) for name, value in one.headers.items() if "appcheck" in name),
    )
    tab.open()
    expect(tab.page.get_by_text("This page is protected by reCAPTCHA.")).to_be_visible()
    tab.begin()
    tab.finish()
    expect(tab.feedback).to_be_visible()

    assert google.bodies == [{"recaptcha_enterprise_token": "7 fire_app_check 6LdSiteKey invisible"}]
    assert proofs == [(f"{tab.origin}/api/interview/sessions/create", "token-1")]


def test_recaptcha_is_there_before_it_is_needed_and_only_where_interviews_begin(tab: Tab, google: Google) -> None:
    """It looks around while the person reads the start page; who opens an interview that exists is not looked at."""
    tab.open()
    expect(tab.page.locator("iframe")).to_have_count(1)
    assert EXCHANGE not in google.asked
    tab.begin()
    google.asked.clear()
    tab.page.reload()
    tab.expect_question("Welcome")

    assert google.asked == []


@pytest.mark.parametrize("blocked", [ENTERPRISE + "**", EXCHANGE + "**"])
def test_a_browser_that_blocks_google_is_told_and_can_try_again(tab: Tab, google: Google, blocked: str) -> None:
    """A sentence says what to allow; the button works once it is allowed."""
    tab.page.route(blocked, lambda route: route.abort("blockedbyclient"))
    tab.open()
    press_begin(tab)
    expect(tab.page.get_by_text(SENTENCE)).to_be_visible()
    assert "POST sessions/create" not in tab.calls()
    tab.page.unroute(blocked)
    press_begin(tab)
    tab.expect_question("Welcome")


def test_who_is_offline_begins_when_back(tab: Tab) -> None:
    """A proof that cannot be fetched without a network is no reason to doubt anybody."""
    tab.open()
    expect(tab.page.locator("#guarded")).to_be_visible()
    tab.page.route(f"{EXCHANGE}**", lambda route: route.abort("internetdisconnected"))
    tab.page.context.set_offline(True)
    press_begin(tab)
    expect(tab.page.get_by_text("You are offline.")).to_be_visible()
    tab.page.unroute(f"{EXCHANGE}**")
    tab.page.context.set_offline(False)
    tab.expect_question("Welcome")


def test_an_attestation_that_fails_is_told_and_can_be_tried_again(tab: Tab, google: Google) -> None:
    """App Check's 403 is the same sentence, and the next press asks reCAPTCHA anew."""
    google.refuses = True
    tab.open()
    press_begin(tab)
    expect(tab.page.get_by_text(SENTENCE)).to_be_visible()
    google.refuses = False
    press_begin(tab)
    tab.expect_question("Welcome")

    assert len(google.bodies) == 2


@pytest.mark.parametrize("status", [401, 403])
def test_a_proof_that_the_service_does_not_take_is_told_and_can_be_tried_again(
    tab: Tab, google: Google, status: int
) -> None:
    """The problem app-check-failed of create reads the same, and the next try brings a fresh token."""
    tab.page.route(CREATE, problem("app-check-failed", status), times=1)
    tab.open()
    press_begin(tab)
    expect(tab.page.get_by_text(SENTENCE)).to_be_visible()
    press_begin(tab)
    tab.expect_question("Welcome")

    assert len(google.bodies) == 2
