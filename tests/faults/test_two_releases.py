"""While a release is rolled out or back, both serve the same interviews: neither loses what the other has written.

The next release is today's with new fields in the document, each with a default. That is the rule for changes: a field
is added in one release and relied on in the one after it.
"""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import firestore

from interviewos.domain.interview import SCHEMA
from support.checkout import make_checkout
from support.client import ApiClient
from support.emulators import FirestoreEmulator
from support.server import DevServer
from support.stores import firestore_client

pytestmark = pytest.mark.emulator

SECRETS = {
    "INGEST_SECRET": "9fK2mP7xR4tW8vB3nL6qJ1zH5cD0gS2y",
    "SESSION_SIGNING_KEY": "Q4uE7iO1pA9sF3dG6hJ8kL2zX5cV0bN4m",
}
NEW_FIELDS = {
    "class Interview:": ("usage: Usage = Usage()", 'mood: str = "calm"'),
    "class Meta:": ('model: str = ""', "tone: str = field(default_factory=lambda: str(datetime.now()))"),
    "class PendingUtterance:": ("heard: Heard | None = None", 'loudness: str = "normal"'),
}
ANSWERS = ("I build robots for hospitals.", "I cut the start time to a second.", "We measured it every night.")


@pytest.fixture(scope="module")
def next_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of the functions in which the document has grown."""
    checkout = make_checkout(tmp_path_factory.mktemp("next"))
    module = checkout / "functions" / "interviewos" / "domain" / "interview.py"
    source = module.read_text()
    for owner, (last_field, new_field) in NEW_FIELDS.items():
        at = source.index(last_field, source.index(owner)) + len(last_field)
        source = f"{source[:at]}\n    {new_field}{source[at:]}"
    module.write_text(source.replace(f"SCHEMA = {SCHEMA}", f"SCHEMA = {SCHEMA + 1}"))
    return checkout


@pytest.fixture(scope="module")
def releases(
    next_release: Path, firestore_emulator: FirestoreEmulator, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[DevServer, DevServer, firestore.Client]]:
    """Today's and the next release, both running on one database."""
    project = f"demo-{uuid.uuid4().hex[:12]}"
    env = {"FIRESTORE_EMULATOR_HOST": firestore_emulator.host, "GOOGLE_CLOUD_PROJECT": project, **SECRETS}
    with (
        DevServer(tmp_path_factory.mktemp("today"), env) as today,
        DevServer(tmp_path_factory.mktemp("tomorrow"), env, cwd=next_release) as tomorrow,
    ):
        database, channel = firestore_client(firestore_emulator.host, project)
        with channel:
            yield today, tomorrow, database


@pytest.mark.parametrize("begins", ["today", "tomorrow"])
def test_two_releases_hold_one_interview(releases: tuple[DevServer, DevServer, firestore.Client], begins: str) -> None:
    """Turn by turn the other one answers; the transcript is whole, and nothing that only one knows is lost."""
    today, tomorrow, database = releases
    with (
        ApiClient(today.url, secret=SECRETS["INGEST_SECRET"]) as ours,
        ApiClient(tomorrow.url, secret=SECRETS["INGEST_SECRET"]) as theirs,
    ):
        first, second = (ours, theirs) if begins == "today" else (theirs, ours)
        first.create()
        second.session_id, second.session_token = first.session_id, first.session_token
        turns = [(first, first.start())]
        for client, words in zip((second, first, second), ANSWERS, strict=True):
            turns.append((client, client.answer(words)))
        turns.append((first, first.finish()))
        told = [client.messages()["messages"] for client in (ours, theirs)]

    assert [turn.status for _, turn in turns] == [200] * len(turns)
    assert told[0] == told[1]
    assert [message["text"] for message in told[0] if message["role"] == "user"] == list(ANSWERS)
    kept = database.collection("interviews").document(first.session_id).get().to_dict()
    assert (kept["schema"], kept.get("mood")) == ((SCHEMA, None) if begins == "today" else (SCHEMA + 1, "calm"))
    theirs_told = {message["seq"] for client, turn in turns if client is theirs for message in turn["messages"]}
    theirs_kept = {message["seq"] for message in kept["messages"] if "tone" in message["meta"]}
    assert theirs_kept - {1} == theirs_told
