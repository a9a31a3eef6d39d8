"""How often a candidate who pauses in an answer is interrupted, and how long the others wait; printed, never asserted.

Ninety answers are spoken by the local voice, sixty of them with a pause of two to four seconds. The worker's detectors
of speech and of the end of a turn, and its recogniser, listen to them once. Then the framework's endpointing decides
each silence anew, by one setting after the other: so a table of settings takes no longer than one of them.
"""

import asyncio
import itertools
import logging
import random
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from livekit import rtc
from livekit.agents import EndpointingOptions, inference, vad
from livekit.agents.inference.eot.base import MIN_SILENCE_DURATION_MS
from livekit.agents.inference.eot.languages import LOCAL_LANGUAGES
from livekit.agents.voice.endpointing import BaseEndpointing, create_endpointing

from speech import local, pcm
from speech.local import whisper
from support.call_records import SAMPLE_RATE
from support.candidates import (
    ENGINEER,
    GRADUATE,
    NURSE,
    SALES,
    SENTENCES,
    TEACHER,
    asks_back,
    asks_to_repeat,
    does_not_know,
    refuses,
    says_one_word,
)
from support.speech import Voice
from voice.framework import SAMPLE_RATE as HEARD_RATE
from voice.turn_taking import BEGUN_SECONDS, FEW_WORDS, breaks_off, endpointing_of

SHORT = (
    says_one_word("", 1),
    does_not_know("", 1),
    asks_back("", 1),
    asks_to_repeat("", 1),
    refuses("", 1),
    does_not_know("", 3),
)
STORIES = (ENGINEER, NURSE, SALES, GRADUATE, TEACHER, SENTENCES)
WITH_PAUSE, WITHOUT = 10, 5
"""Answers of a session, which is one candidate's."""
KINDS = ("clause", "um", "syllable", "sentence")
"""After what a candidate pauses."""
SHORT_ANSWERS = 3
"""So many of a session are given in the introduction, for which the plans expect short pauses."""
PAUSES = (2.0, 4.0)
LEAST_PAUSE = 1.5
AUDIBLE_SECONDS = 0.75
"""From the end of a turn to the first sound of the reply; words that come earlier make the turn one of more words."""
MOST = 4.5
THRESHOLD = LOCAL_LANGUAGES["en"]
REPLY_SECONDS, THINKING_SECONDS = 4.0, 1.5
INTERRUPTION_SECONDS = 0.5
LAST_SECONDS = 1.0
ROUNDS = 5
"""Of every setting: resampling dithers, and by that alone a probability differs by some hundredths."""
FRAME_MS = 50


@dataclass(frozen=True)
class Answer:
    """What is said, in one piece or two, and for how many seconds nothing is said between them."""

    pieces: tuple[str, ...]
    kind: str = "none"
    pause: float = 0.0
    pauses: str = "long"


@dataclass(frozen=True)
class Silence:
    """A silence in an answer: from the last sound on, in seconds of the answer; the last one ends in nothing."""

    began: float
    resumed: float | None
    probabilities: tuple[float, ...]
    words: str


@dataclass(frozen=True)
class Heard:
    """An answer as the worker's detectors and its recogniser have it."""

    answer: Answer
    silences: tuple[Silence, ...]


@dataclass(frozen=True)
class Setting:
    """How the end of an answer is decided."""

    name: str
    of: Callable[[str, str], EndpointingOptions]
    """By the pauses that are expected, and the words until now."""
    threshold: float = THRESHOLD


# what is said


def halves(sentence: str) -> tuple[str, str]:
    """A sentence in two: at its first comma, or before the blank nearest to its middle."""
    if ", " in sentence:
        first, rest = sentence.split(", ", 1)
        return f"{first},", rest
    blanks = [at for at, character in enumerate(sentence) if character == " "]
    cut = min(blanks, key=lambda at: abs(at - len(sentence) / 2))
    return sentence[:cut], sentence[cut + 1 :]


def with_pause(kind: str, sentence: str, next_sentence: str) -> tuple[str, str]:
    """What is said before the pause, and after it."""
    first, rest = halves(sentence)
    match kind:
        case "um":
            return f"{first.rstrip(',')}, um,", rest
        case "syllable":
            word = rest.split()[0].strip(",.")
            return f"{first.rstrip(',')}, {word}, {word}, {word},", rest
        case "sentence":
            return sentence, next_sentence
        case _:
            return first, rest


def sessions() -> list[list[Answer]]:
    """Six candidates: each pauses in ten answers, in every way, and says five in one go."""
    chance = random.Random(6)
    step = (PAUSES[1] - PAUSES[0]) / (len(STORIES) * WITH_PAUSE - 1)
    lengths = [PAUSES[0] + step * number for number in range(len(STORIES) * WITH_PAUSE)]
    chance.shuffle(lengths)
    return [list(session(number, lengths[number :: len(STORIES)], chance)) for number in range(len(STORIES))]


def session(number: int, lengths: list[float], chance: random.Random) -> Iterator[Answer]:
    story = STORIES[number]
    answers = [
        Answer(with_pause(kind, story[at % len(story)], story[(at + 1) % len(story)]), kind, length)
        for at, length in enumerate(lengths)
        for kind in [KINDS[(at + number) % len(KINDS)]]
    ]
    answers += [Answer((text,)) for text in (*story[1 - WITHOUT :], SHORT[number])]
    chance.shuffle(answers)
    for at, answer in enumerate(answers):
        yield replace(answer, pauses="short" if at < SHORT_ANSWERS else "long")


# how it is heard


def sound_of(answer: Answer, voice: Voice) -> bytes:
    """The answer and a second of silence after it, at the worker's rate."""
    pieces = [pcm.resampled(voice.say(piece).samples, SAMPLE_RATE, HEARD_RATE) for piece in answer.pieces]
    return silence(answer.pause).join(pieces) + silence(LAST_SECONDS)


def silence(seconds: float) -> bytes:
    return bytes(int(seconds * HEARD_RATE) * pcm.BYTES_A_SAMPLE)


async def listen(answer: Answer, sound: bytes) -> Heard:
    """The silences that the framework would decide on, with what it knew of each."""
    frames = list(pcm.frames(sound, HEARD_RATE, FRAME_MS))
    settings = local.Stack.from_env({})
    model = whisper.load(settings.whisper_model)
    silences: list[Silence] = []
    words, predicted_at = "", 0.0
    for event in await events_of(frames):
        if event.type == vad.VADEventType.START_OF_SPEECH:
            predicted_at = 0.0
            if silences:
                silences[-1] = replace(silences[-1], resumed=event.timestamp - event.speech_duration)
        elif event.type == vad.VADEventType.END_OF_SPEECH:
            samples = whisper.floats(bytes(rtc.combine_audio_frames(event.frames).data), HEARD_RATE)
            words = f"{words} {whisper.transcribe(model, samples, 'en')}".strip()
            probabilities = tuple([await predict(frames, predicted_at) for _ in range(ROUNDS)])
            silences.append(Silence(event.timestamp - event.silence_duration, None, probabilities, words))
        elif event.speaking and event.raw_accumulated_speech > 0:
            predicted_at = 0.0
        elif event.speaking and event.raw_accumulated_silence >= MIN_SILENCE_DURATION_MS / 1000:
            predicted_at = predicted_at or event.timestamp
    return Heard(answer, tuple(silences))


async def events_of(frames: list[rtc.AudioFrame]) -> list[vad.VADEvent]:
    """All that the detector of speech says about a sound."""
    stream = inference.VAD(model="silero").stream()
    for frame in frames:
        stream.push_frame(frame)
    stream.end_input()
    events = [event async for event in stream]
    await stream.aclose()
    return events


async def predict(frames: list[rtc.AudioFrame], seconds: float) -> float:
    """How probable it is, so many seconds after the beginning, that the speaker is done."""
    stream = inference.TurnDetector(version="v1-mini").stream()
    for frame in frames[: int(seconds * 1000 / FRAME_MS) + 1]:
        stream.push_audio(frame)
    await asyncio.sleep(0.01)
    event = await stream.predict()
    await stream.aclose()
    return event.end_of_turn_probability


# what is decided


@dataclass
class Outcome:
    """What a setting did: answers that were cut off, by kind, and the wait after each answer, in seconds."""

    cut: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)


def decide(setting: Setting, spoken: list[list[Heard]]) -> Outcome:
    """Hold all sessions with a setting."""
    outcome = Outcome()
    for number in range(ROUNDS):
        for answers in spoken:
            hold(setting, answers, number, outcome)
    return outcome


def hold(setting: Setting, answers: list[Heard], number: int, outcome: Outcome) -> None:
    """Hold a session: what the framework learns of a candidate it keeps until the stage changes."""
    now, pauses = 0.0, ""
    for heard in answers:
        if heard.answer.pauses != pauses:
            pauses = heard.answer.pauses
            endpointing = create_endpointing(setting.of(pauses, ""))
        now = answer_in(endpointing, setting, heard, number, now, outcome)


def answer_in(
    endpointing: BaseEndpointing, setting: Setting, heard: Heard, number: int, now: float, outcome: Outcome
) -> float:
    """Let one answer be spoken from `now` on; when the next one begins."""
    cut = False
    endpointing.on_start_of_speech(now)
    for silence in heard.silences:
        endpointing.on_end_of_speech(now + silence.began)
        least = setting.of(heard.answer.pauses, silence.words)["min_delay"]
        finished = silence.probabilities[number] >= setting.threshold
        delay = max(endpointing.min_delay, least) if finished else endpointing.max_delay
        audible = silence.began + delay + AUDIBLE_SECONDS
        interrupted = silence.resumed is not None and silence.resumed > audible
        if interrupted or silence.resumed is None:
            endpointing.on_start_of_agent_speech(now + audible)
        if silence.resumed is not None:
            endpointing.on_start_of_speech(now + silence.resumed, overlapping=interrupted)
            if interrupted:
                endpointing.on_end_of_agent_speech(now + silence.resumed + INTERRUPTION_SECONDS)
        cut |= interrupted
    endpointing.on_end_of_agent_speech(now + audible + REPLY_SECONDS)
    outcome.cut[heard.answer.kind] += cut
    outcome.waits.append(delay)
    return now + audible + REPLY_SECONDS + THINKING_SECONDS


def paused(spoken: list[list[Heard]], seconds: Callable[[float], float]) -> list[list[Heard]]:
    """The same answers with other pauses: so many seconds instead of so many."""
    return [[replace(heard, silences=tuple(_paused(heard.silences, seconds))) for heard in one] for one in spoken]


def _paused(silences: tuple[Silence, ...], seconds: Callable[[float], float]) -> Iterator[Silence]:
    later = 0.0
    for silence in silences:
        began, resumed = silence.began + later, silence.resumed
        if resumed is not None and is_pause(silence):
            later += seconds(resumed - silence.began) - (resumed - silence.began)
        yield replace(silence, began=began, resumed=None if resumed is None else resumed + later)


def is_pause(silence: Silence) -> bool:
    """Whether a silence is the one that was put into the answer, and not one between two sentences."""
    return silence.resumed is not None and silence.resumed - silence.began > LEAST_PAUSE


# what is printed


Rule = Callable[[str], float]
"""How many seconds these words call for."""


def no_rule(_words: str) -> float:
    return 0.0


def broken_off(words: str) -> float:
    return MOST if breaks_off(words) else 0.0


def by_words(fewest: int) -> Rule:
    """The worker's rule with another number of words that are few."""

    def rule(words: str) -> float:
        few = 0 < len(words.split()) < fewest and not words.endswith("?")
        return max(broken_off(words), BEGUN_SECONDS if few else 0.0)

    return rule


def delays(
    least: float, most: float = MOST, rule: Rule = no_rule, **more: Any
) -> Callable[[str, str], EndpointingOptions]:
    """Delays for short pauses; those for long ones are as much longer as the worker's are."""

    def of(pauses: str, words: str) -> EndpointingOptions:
        long = pauses == "long"
        usual = {"min_delay": least + 0.1 * long, "max_delay": most + 1.0 * long}
        return {**more, **usual, "min_delay": max(usual["min_delay"], min(rule(words), usual["max_delay"]))}  # type: ignore[typeddict-item]

    return of


def settings() -> Iterator[Setting]:
    """The one before the worker looked at words, the worker's own, and others."""
    yield Setting("before: 0.7/4.5 s and 0.8/5.5 s, melody alone", delays(0.7))
    yield OURS
    yield Setting("words that break off", delays(0.7, rule=broken_off))
    for fewest in (8, 10, 12, 16):
        yield Setting(f"the worker's, few words: {fewest}", delays(0.7, rule=by_words(fewest)))
    for threshold in (0.39, 0.42, 0.45, 0.5):
        yield Setting(f"threshold {threshold}", delays(0.7), threshold)
    yield Setting("threshold 0.42, words, few: 10", delays(0.7, rule=by_words(10)), 0.42)
    for least in (1.0, 1.5, 2.0, 2.5, 3.0):
        yield Setting(f"at least {least} s", delays(least))
    for alpha in (0.9, 0.7, 0.5):
        yield Setting(f"dynamic, alpha {alpha}", delays(0.7, mode="dynamic", alpha=alpha))
    yield Setting("dynamic, alpha 0.9, and words", delays(0.7, rule=by_words(FEW_WORDS), mode="dynamic", alpha=0.9))
    yield Setting("at most 3.5 s and 4.5 s, and words", delays(0.7, 3.5, by_words(FEW_WORDS)))


def show_settings(spoken: list[list[Heard]]) -> None:
    """A line a setting: answers that were cut off, by what they paused after, and the wait after an answer."""
    print(f"\n{'':46}cut off, of 60, after a pause of 2-4 s   of 4-6 s   wait at the end of an answer, s")
    print(
        f"{'':46}{'all':>6}"
        + "".join(f"{kind:>9}" for kind in KINDS)
        + f"{'all':>9}{'median':>10}{'p90':>6}{'mean':>6}"
    )
    longer = paused(spoken, lambda seconds: seconds + 2)
    for setting in settings():
        outcome, stretched = decide(setting, spoken), decide(setting, longer)
        cuts = [outcome.cut.total(), *(outcome.cut[kind] for kind in KINDS)]
        waits = statistics.quantiles(outcome.waits, n=10, method="inclusive")
        print(
            f"{setting.name:46}{cuts[0] / ROUNDS:6.1f}"
            + "".join(f"{cut / ROUNDS:9.1f}" for cut in cuts[1:])
            + f"{stretched.cut.total() / ROUNDS:9.1f}"
            + f"{statistics.median(outcome.waits):10.2f}{waits[8]:6.2f}{statistics.mean(outcome.waits):6.2f}"
        )


def show_probabilities(spoken: list[list[Heard]]) -> None:
    """What the detector of the end of a turn makes of pauses, and of ends."""
    found: dict[str, list[float]] = {kind: [] for kind in (*KINDS, "end")}
    for heard in itertools.chain.from_iterable(spoken):
        found["end"] += heard.silences[-1].probabilities
        for silence in filter(is_pause, heard.silences):
            found[heard.answer.kind] += silence.probabilities
    print(
        f"\nprobability of an end after{'p10':>12}{'p25':>6}{'p50':>6}{'p75':>6}{'p90':>6}{'>= 0.36':>9}{'>= 0.42':>9}"
    )
    for kind, values in found.items():
        cuts = statistics.quantiles(values, n=20, method="inclusive")
        shares = [sum(value >= least for value in values) / len(values) for least in (THRESHOLD, 0.42)]
        quantiles = "".join(f"{cuts[at]:6.2f}" for at in (4, 9, 14, 17))
        print(f"{kind:27}{cuts[1]:12.2f}{quantiles}" + "".join(f"{share:9.0%}" for share in shares))


def show_more_time(spoken: list[list[Heard]]) -> None:
    """Who was promised twice as much time is not interrupted in six seconds."""
    setting = replace(OURS, of=lambda pauses, words: endpointing_of(pauses, 2, words))
    cut = decide(setting, paused(spoken, lambda _: 6.0)).cut.total()
    print(f"\nwith time_factor 2 and pauses of 6 s: {cut / ROUNDS:.1f} of 60 are cut off")


def main() -> None:
    """Speak, listen, decide."""
    logging.getLogger("livekit.agents").setLevel(logging.ERROR)
    with Voice() as voice:
        said = [[(answer, sound_of(answer, voice)) for answer in one] for one in sessions()]
    spoken = asyncio.run(hear(said))
    show_settings(spoken)
    show_probabilities(spoken)
    show_more_time(spoken)


async def hear(said: list[list[tuple[Answer, bytes]]]) -> list[list[Heard]]:
    """Listen to every answer, one after the other."""
    return [[await listen(answer, sound) for answer, sound in one] for one in said]


OURS = Setting("the worker's", lambda pauses, words: endpointing_of(pauses, words=words))

if __name__ == "__main__":
    main()
