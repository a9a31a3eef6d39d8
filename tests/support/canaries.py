"""What people say in the suites; no log of ours may hold it, whichever test made the process write it."""

import json
from collections.abc import Iterable

from support.candidates import ENGINEER, GRADUATE, INJECTIONS, MIXED_LANGUAGES, NURSE, RAMBLE, SALES, SENTENCES, TEACHER

PHRASE_WORDS = 5
STORIES = (ENGINEER, GRADUATE, INJECTIONS, MIXED_LANGUAGES, NURSE, SALES, SENTENCES, TEACHER, (RAMBLE,))
found: list[str] = []
"""Logs in which something was found, as `process: phrase`; the suite fails at its end when there is one."""


def phrases(sentences: Iterable[str]) -> set[str]:
    """A few words of each sentence, as they stand in a log: a recogniser gets the rest of a sentence wrong at times."""
    cut = {" ".join(sentence.split()[:PHRASE_WORDS]) for sentence in sentences}
    return cut | {json.dumps(phrase)[1:-1] for phrase in cut}


CANARIES = phrases(sentence for story in STORIES for sentence in story)


def look_for(name: str, log: str, canaries: Iterable[str] = CANARIES) -> None:
    """Remember every canary that a process wrote down."""
    found.extend(f"{name}: {canary}" for canary in canaries if canary in log)
