"""The beginning of an interview that is spoken and then written, for pages of every kind."""

from browser.tab import Tab
from support.candidates import NURSE
from support.fake_agent import FakeAgent


def speak_then_write(tab: Tab, agent: FakeAgent) -> None:
    """Answer once by voice, with captions, and once in writing."""
    agent.greets()
    agent.becomes("listening")
    agent.wait_until_heard()
    agent.hears(NURSE[0])
    tab.expect_caption(NURSE[0])
    agent.takes(NURSE[0])
    tab.expect_replies(2)
    tab.press("Go on in writing")
    tab.answer(NURSE[1])
    tab.expect_replies(3)
