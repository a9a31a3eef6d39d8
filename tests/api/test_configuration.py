"""Row 78 of the bad inputs: an environment that cannot work refuses to start, one line for each fault."""

from pathlib import Path

import pytest

from interviewos.settings import Settings, SettingsError
from support.entry_points import SECRET, SECRETS, SIGNING_KEY
from support.server import DevServer

GOOD = {"FUNCTION_TARGET": "dev", **SECRETS}
CLOUD = {"GOOGLE_CLOUD_PROJECT": "demo", "TASKS_QUEUE": "q", "TASKS_LOCATION": "l", "ALLOWED_ORIGINS": "https://a.test"}
CALLBACKS = {"TASKS_TARGET_URL": "https://t.test", "TASKS_INVOKER": "i@t.test"}
DEPLOYED = {**GOOD, **CLOUD, **CALLBACKS, "K_SERVICE": "next-turn", "FUNCTION_TARGET": "next_turn"}

VOICE = {
    "LIVEKIT_URL": "wss://voice.test",
    "LIVEKIT_API_KEY": "APIxyz",
    "LIVEKIT_API_SECRET": "b7Kq2ZtVx9WnR4mYc8LsJd5PfHg3TaEu",
}

FAULTS = [
    ("vertex-without-project", {"GOOGLE_GENAI_USE_VERTEXAI": "true"}, "GOOGLE_CLOUD_PROJECT"),
    ("vertex-neither-true-nor-false", {"GOOGLE_GENAI_USE_VERTEXAI": "on"}, "GOOGLE_GENAI_USE_VERTEXAI"),
    *(
        (f"{name}-{kind}", {name: value}, name)
        for name in ("INGEST_SECRET", "SESSION_SIGNING_KEY", "INGEST_SECRET_NEXT", "SESSION_SIGNING_KEY_NEXT")
        for kind, value in [
            ("empty", ""),
            ("short", "Zq3vT8nL0wYc5RkD1mXe7BfHs9JgUa2"),
            ("placeholder", "YOUR_SECRET_GOES_HERE_0123456789"),
            ("known-example", "dev-ingest-secret-dev-ingest-secret"),
            ("one-letter", "a" * 40),
            ("with-a-line-break", "Zq3vT8nL0wYc5RkD1mXe7BfHs9JgUa2q\n"),
            ("with-a-blank", "Zq3vT8nL0wYc5RkD 1mXe7BfHs9JgUa2q"),
            ("not-ascii", "Zq3vT8nL0wYc5RkD1mXe7BfHs9JgUa2ä"),
        ]
    ),
    ("equal-secrets", {"SESSION_SIGNING_KEY": SECRET}, "INGEST_SECRET"),
    ("equal-to-its-next", {"INGEST_SECRET_NEXT": SECRET}, "INGEST_SECRET"),
    ("equal-to-the-others-next", {"INGEST_SECRET_NEXT": SIGNING_KEY}, "SESSION_SIGNING_KEY"),
    *(
        (f"{name}-{value}", {name: value}, name)
        for name in ("INTRO_TIMEOUT_S", "EXPERIENCE_TIMEOUT_S", "STAGE_GRACE_S")
        for value in ("0", "-1", "90s", "nan", "inf", "1e9")
    ),
    *(
        (f"{name}-{value}", {name: value}, name)
        for name in (
            "MAX_INTRO_TURNS",
            "MAX_EXP_TURNS",
            "RETENTION_DAYS",
            "CREATES_PER_MINUTE",
            "GEMINI_MAX_OUTPUT_TOKENS",
        )
        for value in ("0", "-1", "1.5", "seven", "٣", "999999999999")
    ),
    *(
        (f"{name}-{value}", {name: value}, name)
        for name in ("INTERVIEWS_PER_DAY", "TOKENS_PER_DAY")
        for value in ("-1", "1.5", "1e6", "many", "٣", "9" * 14, "9" * 40)
    ),
    *((f"app-check-{value}", {"APP_CHECK": value}, "APP_CHECK") for value in ("on", "true", "ENFORCE", "off,enforce")),
    ("app-check-of-no-project", {"APP_CHECK": "enforce"}, "GOOGLE_CLOUD_PROJECT"),
    *((f"temperature-{value}", {"GEMINI_TEMPERATURE": value}, "GEMINI_TEMPERATURE") for value in ("-1", "3", "x")),
    *(
        (f"origins-{value}", {"ALLOWED_ORIGINS": value}, "ALLOWED_ORIGINS")
        for value in ("*", "example.com", "https://a.test/", "https://a.test,https://*.b.test", "ftp://a.test")
    ),
    *(
        (f"queue-without-{name}", {**CLOUD, **CALLBACKS, name: ""}, name)
        for name in ("GOOGLE_CLOUD_PROJECT", "TASKS_LOCATION", "TASKS_TARGET_URL", "TASKS_INVOKER")
    ),
    *((f"voice-without-{name}", {**VOICE, name: ""}, name) for name in VOICE),
    *(
        (f"voice-at-{url}", {**VOICE, "LIVEKIT_URL": url}, "LIVEKIT_URL")
        for url in (
            "https://voice.test",
            "voice.test",
            "wss://",
            "wss://voice.test/",
            "wss://voice.test/rtc",
            "wss://voice.test:port",
            "wss://key:secret@voice.test",
            "wss://voice.test; script-src *",
        )
    ),
    *(
        (f"voice-secret-{kind}", {**VOICE, "LIVEKIT_API_SECRET": value}, "LIVEKIT_API_SECRET")
        for kind, value in [
            ("short", "secret"),
            ("placeholder", "changeme-changeme-changeme-changeme"),
            ("of-the-doors", SECRET),
            ("of-the-tokens", SIGNING_KEY),
        ]
    ),
    ("voice-in-the-clear", {**DEPLOYED, **VOICE, "LIVEKIT_URL": "ws://voice.test"}, "LIVEKIT_URL"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "name"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_row_78_what_cannot_work_refuses_to_start(changes: dict[str, str], name: str) -> None:
    """The one line names the variable and never its value."""
    with pytest.raises(SettingsError) as refusal:
        Settings.from_env(GOOD | changes)

    lines = str(refusal.value).splitlines()
    assert len(lines) == 1
    assert name in lines[0]
    assert not [value for value in changes.values() if len(value) > 12 and value in str(refusal.value)]


def test_all_faults_are_told_at_once() -> None:
    """A person mends them in one go."""
    with pytest.raises(SettingsError) as refusal:
        Settings.from_env({"FUNCTION_TARGET": "create", "MAX_EXP_TURNS": "0", "STAGE_GRACE_S": "x"})

    named = {line.split()[0] for line in str(refusal.value).splitlines()}
    assert {"INGEST_SECRET", "SESSION_SIGNING_KEY", "MAX_EXP_TURNS", "STAGE_GRACE_S"} == named


@pytest.mark.parametrize("target", ["create", "messages", "next_turn", "token", "dev"])
def test_no_door_for_callers_opens_without_secrets(target: str) -> None:
    """A missing secret is a fault, not an open door."""
    with pytest.raises(SettingsError, match="INGEST_SECRET is missing"):
        Settings.from_env({"FUNCTION_TARGET": target})


@pytest.mark.parametrize(
    "name", ["FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST", "CLOUD_TASKS_EMULATOR_HOST"]
)
def test_an_emulator_never_meets_a_deployed_service(name: str) -> None:
    """An emulator's client trusts anybody."""
    with pytest.raises(SettingsError, match=f"{name} is set in a deployed service"):
        Settings.from_env({**DEPLOYED, name: "127.0.0.1:8080"})


def test_a_good_environment_starts() -> None:
    """The environments that the others spoil are good."""
    assert Settings.from_env(GOOD).ingest.current == SECRET
    assert Settings.from_env(DEPLOYED).deployed


def test_a_day_has_no_cap_unless_one_is_set() -> None:
    """Nothing and nought are the same; a budget of tokens may be large."""
    assert not Settings.from_env(GOOD).daily_caps.configured
    assert not Settings.from_env(GOOD | {"INTERVIEWS_PER_DAY": "0", "TOKENS_PER_DAY": "0"}).daily_caps.configured
    assert Settings.from_env(GOOD | {"TOKENS_PER_DAY": "250000000000"}).daily_caps.tokens == 250_000_000_000
    assert Settings.from_env(GOOD | {"INTERVIEWS_PER_DAY": "2000"}).daily_caps.configured


def test_app_check_is_asked_for_when_it_is_enforced() -> None:
    """And not before."""
    asked = [
        Settings.from_env(DEPLOYED | env).app_check for env in ({}, {"APP_CHECK": "off"}, {"APP_CHECK": "enforce"})
    ]

    assert asked == [False, False, True]


def test_the_sweeper_is_the_invoker_unless_it_is_another() -> None:
    """One account for both, or one for each."""
    alone, both = Settings.from_env(DEPLOYED), Settings.from_env(DEPLOYED | {"SWEEP_INVOKER": "s@t.test"})

    assert (alone.tasks.invoker, alone.tasks.sweep_invoker) == ("i@t.test", "i@t.test")
    assert (both.tasks.invoker, both.tasks.sweep_invoker) == ("i@t.test", "s@t.test")


@pytest.mark.parametrize(
    ("url", "api_url"),
    [
        ("ws://127.0.0.1:7880", "http://127.0.0.1:7880"),
        ("ws://[::1]:7880", "http://[::1]:7880"),
        ("ws://livekit_server", "http://livekit_server"),
        ("wss://wss.voice.test", "https://wss.voice.test"),
    ],
)
def test_voice_has_two_addresses_of_one_host(url: str, api_url: str) -> None:
    """Clients connect by WebSocket, the functions call by HTTP."""
    livekit = Settings.from_env({**GOOD, **VOICE, "LIVEKIT_URL": url}).livekit

    assert (livekit.configured, livekit.url, livekit.api_url) == (True, url, api_url)
    assert livekit.agent_name == "interviewer"


def test_voice_is_all_or_nothing() -> None:
    """Variables that are there and blank are not set; who is sent for may have another name."""
    blank = dict.fromkeys(VOICE, " ")

    assert not Settings.from_env(GOOD).livekit.configured
    assert not Settings.from_env(GOOD | blank).livekit.configured
    assert Settings.from_env({**DEPLOYED, **VOICE, "AGENT_NAME": "anna"}).livekit.agent_name == "anna"


def test_the_secret_of_voice_is_never_printed() -> None:
    """Settings may end up in a log line."""
    assert VOICE["LIVEKIT_API_SECRET"] not in repr(Settings.from_env(GOOD | VOICE))


def test_the_server_of_a_laptop_is_not_deployed() -> None:
    """It makes up its secrets and serves every door."""
    with pytest.raises(SettingsError, match="FUNCTION_TARGET is dev"):
        Settings.from_env({**DEPLOYED, "FUNCTION_TARGET": "dev"})


@pytest.mark.server
def test_row_78_the_process_itself_refuses(tmp_path: Path) -> None:
    """It ends at once and says why."""
    with (
        pytest.raises(RuntimeError, match="ended with 1") as refusal,
        DevServer(tmp_path, {"INTRO_TIMEOUT_S": "90s", "INGEST_SECRET": "short"}),
    ):
        pass

    assert "INTRO_TIMEOUT_S must be a number" in str(refusal.value)
    assert "INGEST_SECRET is shorter than 32 bytes" in str(refusal.value)
    assert "Traceback" not in str(refusal.value)


@pytest.mark.server
def test_an_entry_point_without_secrets_does_not_come_up(tmp_path: Path) -> None:
    """Under functions-framework, too, where no development server makes secrets up."""
    command = ["-m", "functions_framework", "--target", "messages", "--source", "functions/main.py"]
    with (
        pytest.raises(RuntimeError, match="INGEST_SECRET is missing or empty"),
        DevServer(tmp_path, command=command),
    ):
        pass
