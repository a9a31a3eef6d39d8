"""What a spoken test candidate notices in a room; all times are `time.monotonic()`, the same in every process here."""

from dataclasses import dataclass, field

SAMPLE_RATE = 48_000
"""Of what a candidate says and of what it hears: mono, 16 bit."""

LOUD = 200.0
"""Root mean square of ten milliseconds that are a sound: speech is at some thousands of 32,768."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch in which somebody else in the room was heard."""

    identity: str
    began: float
    ended: float

    @property
    def seconds(self) -> float:
        return self.ended - self.began


@dataclass(frozen=True, slots=True)
class Caption:
    """What a text stream of captions said up to then; `identity` is whose words they are."""

    identity: str
    segment_id: str
    text: str
    final: bool
    at: float


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """A participant said something about itself."""

    identity: str
    name: str
    value: str
    at: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sound of the candidate's own: its first and its last moment."""

    began: float
    ended: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log."""

    at: float
    what: str
    detail: str = ""


@dataclass(slots=True)
class Record:
    """Everything noticed so far. `agents` is now, oldest first; `disconnected` is the reason of the last end."""

    segments: list[Segment] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    attributes: list[AttributeChange] = field(default_factory=list)
    log: list[Entry] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)
    connected: bool = False
    disconnected: str = ""
    queued_seconds: float = 0.0

    def after(self, earlier: "Record") -> "Record":
        """This record behind an earlier one of the same candidate."""
        return Record(
            segments=earlier.segments + self.segments,
            captions=earlier.captions + self.captions,
            attributes=earlier.attributes + self.attributes,
            log=earlier.log + self.log,
            agents=self.agents,
            connected=self.connected,
            disconnected=self.disconnected or earlier.disconnected,
            queued_seconds=self.queued_seconds,
        )
