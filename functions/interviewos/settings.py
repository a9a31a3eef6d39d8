"""Everything that the environment decides, read once; what cannot work refuses to start and says which variable."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from interviewos.domain.interview import MOST_TOKENS
from interviewos.domain.plan import StageLimits

DEFAULT_MODEL = "gemini-3.5-flash"
DEFAULT_FALLBACK_MODEL = "gemini-3.5-flash-lite"
MIN_SECRET_BYTES = 32
_PLACEHOLDERS = ("changeme", "change-me", "your_", "your-", "dev-ingest-secret", "placeholder", "example", "xxxxxxxx")
_LIVEKIT = ("LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET")
_NEEDED_SECRETS: Mapping[str, tuple[str, ...]] = {
    "create": ("INGEST_SECRET", "SESSION_SIGNING_KEY"),
    "messages": ("INGEST_SECRET", "SESSION_SIGNING_KEY"),
    "next_turn": ("INGEST_SECRET", "SESSION_SIGNING_KEY"),
    "token": ("INGEST_SECRET", "SESSION_SIGNING_KEY"),
    "dev": ("INGEST_SECRET", "SESSION_SIGNING_KEY"),
}
"""Which entry point (FUNCTION_TARGET) cannot do without which secrets; the clock's own two need none."""


class SettingsError(ValueError):
    """The environment is not usable; one line per fault, values left out."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """A secret and its successor while it is being rotated; never printed."""

    current: str = field(default="", repr=False)
    next: str = field(default="", repr=False)

    def live(self) -> tuple[str, ...]:
        return tuple(secret for secret in (self.current, self.next) if secret)


@dataclass(frozen=True, slots=True)
class GeminiSettings:
    """How to reach the model. `temperature` is 0 to 2, `max_output_tokens` counts tokens of one reply.

    `gateway` is the address of another service in front of Google's, or nothing; google-genai reads it itself.
    """

    api_key: str = field(default="", repr=False)
    vertexai: bool = False
    project: str = ""
    location: str = ""
    model: str = DEFAULT_MODEL
    fallback_models: tuple[str, ...] = ()
    temperature: float = 0.7
    max_output_tokens: int = 280
    gateway: str = ""

    @property
    def configured(self) -> bool:
        return bool(self.api_key) or self.vertexai


@dataclass(frozen=True, slots=True)
class TasksSettings:
    """Where Cloud Tasks keeps our alarms and whom it calls back.

    `invoker` and `sweep_invoker` are e-mails of the service accounts that may call `stage_timeout` and `sweep`.
    """

    project: str = ""
    location: str = ""
    queue: str = ""
    target_url: str = ""
    invoker: str = ""
    sweep_invoker: str = ""

    @property
    def configured(self) -> bool:
        return bool(self.queue)


@dataclass(frozen=True, slots=True)
class LiveKitSettings:
    """Which LiveKit server carries the voice.

    `url` is where a page connects, `agent_name` which worker is sent for; `max_rooms` of our rooms may be open at once.
    """

    url: str = ""
    api_key: str = ""
    api_secret: str = field(default="", repr=False)
    agent_name: str = "interviewer"
    max_rooms: int = 10

    @property
    def configured(self) -> bool:
        return bool(self.url)

    @property
    def api_url(self) -> str:
        """Where the server API is: the same host, by HTTP."""
        return self.url.replace("ws", "http", 1)


@dataclass(frozen=True, slots=True)
class DailyCaps:
    """What one UTC day may use: `interviews` created without the secret, and `tokens`. 0 is no cap."""

    interviews: int = 0
    tokens: int = 0

    @property
    def configured(self) -> bool:
        return bool(self.interviews or self.tokens)


@dataclass(frozen=True, slots=True)
class Settings:
    """The environment of one process."""

    retention: timedelta
    gemini: GeminiSettings
    tasks: TasksSettings
    livekit: LiveKitSettings
    ingest: Secrets
    signing: Secrets
    allowed_origins: tuple[str, ...] = ()
    creates_per_minute: int = 10
    calls_per_minute: int = 120
    daily_caps: DailyCaps = DailyCaps()
    app_check: bool = False
    firestore_project: str = ""
    firestore_database: str = "(default)"
    firestore: bool = False
    data: str = ".interviewos"
    deployed: bool = False
    stage_limits: Mapping[str, StageLimits] = field(default_factory=dict)
    """Of the plan that an interview has where none is chosen, by stage."""
    grace_seconds: float | None = None
    tokens_per_interview: int = MOST_TOKENS
    gate: str = "on"
    report_readings: int = 2
    """Of an interview that is over, by a model; 0 for none."""

    @staticmethod
    def from_env(environ: Mapping[str, str]) -> Settings:
        """Read the environment. Raises SettingsError naming every variable that is missing or wrong."""
        env = _Environment(environ)
        settings = Settings(
            retention=timedelta(days=env.integer("RETENTION_DAYS", 30)),
            gemini=_gemini(env),
            tasks=_tasks(env),
            livekit=_livekit(env),
            ingest=env.secrets("INGEST_SECRET"),
            signing=env.secrets("SESSION_SIGNING_KEY"),
            allowed_origins=env.origins("ALLOWED_ORIGINS"),
            creates_per_minute=env.integer("CREATES_PER_MINUTE", 10),
            calls_per_minute=env.integer("CALLS_PER_MINUTE", 120),
            daily_caps=DailyCaps(
                interviews=env.integer("INTERVIEWS_PER_DAY", 0, least=0, most=10_000_000),
                tokens=env.integer("TOKENS_PER_DAY", 0, least=0, most=1_000_000_000_000),
            ),
            app_check=_app_check(env),
            firestore_project=env.text("GOOGLE_CLOUD_PROJECT", "demo-interviewos"),
            firestore_database=env.text("FIRESTORE_DATABASE", "(default)"),
            firestore=bool(env.text("FIRESTORE_EMULATOR_HOST") or env.text("GOOGLE_CLOUD_PROJECT")),
            data=env.text("INTERVIEWOS_DATA", ".interviewos"),
            deployed=bool(env.text("K_SERVICE")),
            stage_limits={
                "intro": env.limits("INTRO_TIMEOUT_S", "MAX_INTRO_TURNS"),
                "experience": env.limits("EXPERIENCE_TIMEOUT_S", "MAX_EXP_TURNS"),
            },
            grace_seconds=env.number_or_none("STAGE_GRACE_S"),
            tokens_per_interview=env.integer("TOKENS_PER_INTERVIEW", MOST_TOKENS, least=10_000, most=1_000_000_000),
            gate=env.choice("REPLY_GATE", ("on", "shadow", "off")),
            report_readings=env.integer("REPORT_READINGS", 2, least=0, most=3),
        )
        env.check_deployment()
        env.check_distinct(settings.ingest, settings.signing, Secrets(settings.livekit.api_secret))
        env.raise_faults()
        return settings


def _gemini(env: _Environment) -> GeminiSettings:
    vertexai = env.flag("GOOGLE_GENAI_USE_VERTEXAI")
    if vertexai:
        env.need("GOOGLE_CLOUD_PROJECT", "Vertex AI needs it")
    return GeminiSettings(
        api_key=env.text("GOOGLE_API_KEY"),
        vertexai=vertexai,
        project=env.text("GOOGLE_CLOUD_PROJECT"),
        location=env.text("GOOGLE_CLOUD_LOCATION", "global"),
        model=env.text("GEMINI_MODEL", DEFAULT_MODEL),
        fallback_models=env.texts("GEMINI_FALLBACK_MODELS", DEFAULT_FALLBACK_MODEL),
        temperature=env.number("GEMINI_TEMPERATURE", 0.7, least=0, most=2),
        max_output_tokens=env.integer("GEMINI_MAX_OUTPUT_TOKENS", 280),
        gateway=env.text("GOOGLE_GEMINI_BASE_URL") or env.text("GOOGLE_VERTEX_BASE_URL"),
    )


def _tasks(env: _Environment) -> TasksSettings:
    tasks = TasksSettings(
        project=env.text("GOOGLE_CLOUD_PROJECT"),
        location=env.text("TASKS_LOCATION"),
        queue=env.text("TASKS_QUEUE"),
        target_url=env.text("TASKS_TARGET_URL"),
        invoker=env.text("TASKS_INVOKER"),
        sweep_invoker=env.text("SWEEP_INVOKER", env.text("TASKS_INVOKER")),
    )
    if tasks.configured:
        for name in ("GOOGLE_CLOUD_PROJECT", "TASKS_LOCATION", "TASKS_TARGET_URL", "TASKS_INVOKER"):
            env.need(name, "Cloud Tasks needs it beside TASKS_QUEUE")
    return tasks


def _app_check(env: _Environment) -> bool:
    """Read whether strangers need a token of App Check; it must be one for our project."""
    enforced = env.choice("APP_CHECK", ("off", "enforce")) == "enforce"
    if enforced:
        env.need("GOOGLE_CLOUD_PROJECT", "APP_CHECK=enforce needs it")
    return enforced


def _livekit(env: _Environment) -> LiveKitSettings:
    agent_name = env.text("AGENT_NAME", "interviewer")
    max_rooms = env.integer("MAX_VOICE_ROOMS", 10)
    if not any(env.text(name) for name in _LIVEKIT):
        return LiveKitSettings(agent_name=agent_name)
    return LiveKitSettings(
        url=env.websocket("LIVEKIT_URL"),
        api_key=env.need("LIVEKIT_API_KEY", "voice needs it beside LIVEKIT_URL"),
        api_secret=env.secret("LIVEKIT_API_SECRET", needed=True),
        agent_name=agent_name,
        max_rooms=max_rooms,
    )


class _Environment:
    """Reads variables and collects the faults, so that a person mends all of them at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._faults: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        return self._environ.get(name, "").strip() or default

    def texts(self, name: str, default: str = "") -> tuple[str, ...]:
        return tuple(filter(None, (part.strip() for part in self.text(name, default).split(","))))

    def origins(self, name: str) -> tuple[str, ...]:
        """Read origins as a browser writes them; one with a path or a star would silently match nothing."""
        origins = self.texts(name)
        if not all(re.fullmatch(r"https?://[^/?#*\s]+", origin) for origin in origins):
            self._faults.append(f"{name} must be origins such as https://interviews.example.com, separated by commas")
        return origins

    def websocket(self, name: str) -> str:
        """Read the origin of a WebSocket server; a page that came by HTTPS may connect to no other than `wss:`."""
        origin = self.text(name)
        if not re.fullmatch(r"wss?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?", origin, re.ASCII):
            self._faults.append(f"{name} must be the origin of a LiveKit server such as wss://voice.example.com")
        elif self.text("K_SERVICE") and not origin.startswith("wss:"):
            self._faults.append(f"{name} must begin with wss:// in a deployed service")
        return origin

    def choice(self, name: str, words: tuple[str, ...]) -> str:
        """Read one of these words; the first is the default."""
        word = self.text(name, words[0])
        if word not in words:
            self._faults.append(f"{name} must be {' or '.join(words)}")
        return word

    def flag(self, name: str) -> bool:
        word = self.text(name, "false").lower()
        if word not in ("1", "true", "0", "false"):
            self._faults.append(f"{name} must be true or false")
        return word in ("1", "true")

    def integer(self, name: str, default: int, least: int = 1, most: int = 100_000) -> int:
        """Read a whole number within these bounds."""
        text = self.text(name)
        if text and not (text.isascii() and text.isdigit() and len(text) < 20 and least <= int(text) <= most):
            self._faults.append(f"{name} must be a whole number from {least} to {most:,}")
            return default
        return int(text or default)

    def number(self, name: str, default: float, least: float = 0.1, most: float = 100_000) -> float:
        try:
            value = float(self.text(name) or default)
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            self._faults.append(f"{name} must be a number from {least:g} to {most:,g}")
            return default
        return value

    def number_or_none(self, name: str) -> float | None:
        return self.number(name, 1) if self.text(name) else None

    def limits(self, seconds: str, most_questions: str) -> StageLimits:
        """Read what is set of a stage's limits."""
        most = self.integer(most_questions, 1) if self.text(most_questions) else None
        return StageLimits(self.number_or_none(seconds), most)

    def secrets(self, name: str) -> Secrets:
        """Read a secret and its `_NEXT`; which must be there depends on the entry point."""
        needed = name in _NEEDED_SECRETS.get(self.text("FUNCTION_TARGET"), ())
        return Secrets(self.secret(name, needed), self.secret(f"{name}_NEXT", needed=False))

    def secret(self, name: str, needed: bool) -> str:
        """Read one secret; what is set must be one."""
        value = self._environ.get(name, "")
        if not value:
            if needed or name in self._environ:
                self._faults.append(f"{name} is missing or empty: set it to {MIN_SECRET_BYTES} random bytes or more")
        elif len(value.encode()) < MIN_SECRET_BYTES:
            self._faults.append(f"{name} is shorter than {MIN_SECRET_BYTES} bytes")
        elif any(word in value.lower() for word in _PLACEHOLDERS) or len(set(value)) < 8:
            self._faults.append(f"{name} is a placeholder: set it to random bytes")
        elif not (value.isascii() and value.isprintable()) or " " in value:
            self._faults.append(f"{name} has blanks, line breaks or characters that no header carries: use base64")
        return value

    def need(self, name: str, why: str) -> str:
        if not self.text(name):
            self._faults.append(f"{name} is missing: {why}")
        return self.text(name)

    def check_deployment(self) -> None:
        """A deployed service keeps nothing on its own disk and trusts no emulator, whose client trusts anybody."""
        if not self.text("K_SERVICE"):
            return
        self.need("GOOGLE_CLOUD_PROJECT", "a deployed service keeps its interviews in Firestore")
        if self.text("FUNCTION_TARGET") == "dev":
            self._faults.append("FUNCTION_TARGET is dev in a deployed service: name one entry point")
        if self.text("FUNCTION_TARGET") == "create":
            self.need("ALLOWED_ORIGINS", "join_url leads to the first of them")
        if self.text("FUNCTION_TARGET") in ("next_turn", "stage_timeout", "sweep"):
            self.need("TASKS_QUEUE", "without Cloud Tasks a silent interview would wait for the sweep")
        for name in ("FIRESTORE_EMULATOR_HOST", "FIREBASE_AUTH_EMULATOR_HOST", "CLOUD_TASKS_EMULATOR_HOST"):
            if self.text(name):
                self._faults.append(f"{name} is set in a deployed service: remove it")

    def check_distinct(self, *secrets: Secrets) -> None:
        """Each secret opens a door of its own."""
        live = [secret for pair in secrets for secret in pair.live()]
        if len(set(live)) < len(live):
            names = "INGEST_SECRET, SESSION_SIGNING_KEY, their _NEXT and LIVEKIT_API_SECRET"
            self._faults.append(f"{names} must all differ")

    def raise_faults(self) -> None:
        if self._faults:
            raise SettingsError("\n".join(self._faults))
