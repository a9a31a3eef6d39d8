"""How long a candidate waits from the end of an answer to the first sound of the reply; printed, never asserted.

The model takes no time, so what is left is the price of a spoken turn: deciding that the answer is over and recognising
it, what is ours (function and worker), making the first sound, and the way of sound through the room.
"""

import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from support.call_records import Spoken
from support.caller import Caller
from support.candidates import SENTENCES
from support.gemini import GeminiRequest, Text
from support.livekit import LiveKitServer
from support.speech import Voice
from support.spoken import SpokenService
from voice.turn_taking import DEFAULT_ENDPOINTING

NO_LIMITS = {"INTRO_TIMEOUT_S": "3600", "MAX_INTRO_TURNS": "40"}
PARTS = {
    "end_of_turn_ms": "end of the answer decided",
    "recognition_ms": "  of that, recognition",
    "function_ms": "function, to the first words",
    "kept_ms": "  of that, until words are kept",
    "sentence_ms": "first sentence complete",
    "worker_ms": "worker",
    "synthesis_ms": "synthesis",
    "total_ms": "all of that",
}


def quick_model(_: GeminiRequest) -> Text:
    """One short question, at once."""
    return Text("Thank you. What was your own part in it?\n<<<STAY>>>", chunk_size=8)


def hold_turns(service: SpokenService, caller: Caller, *, done: bool) -> list[dict[str, Any]]:
    """Answer every question, and press Done or not.

    Returns the worker's line of each turn, and `waited_ms` by the candidate's own clock.
    """
    turns = []
    seq = caller.wait_for_question()
    for sentence in SENTENCES:
        logged = len(service.worker.lines("voice turn"))
        spoken: Spoken = caller.say(sentence)
        if done:
            caller.rpc("interview.done")
        reply = caller.wait_for_speech(after=spoken.ended)
        seq = caller.wait_for_question(known=seq)
        time.sleep(1)
        (*_, line) = service.worker.lines("voice turn")[logged:]
        turns.append(line | {"waited_ms": (reply.began - spoken.ended) * 1000})
    return turns


def show(name: str, values: list[float]) -> None:
    """Median and 95th percentile of a part, where there is one: whoever presses Done waits for no silence."""
    if not values:
        return
    cuts = statistics.quantiles(values, n=20, method="inclusive")
    print(f"{name:36}{cuts[9]:8.0f}{cuts[18]:8.0f}")


def show_turns(turns: list[dict[str, Any]]) -> None:
    """The table: the worker's log, what of it is ours, and the candidate's own clock."""
    print(f"{'':36}{'p50':>8}{'p95':>8}")
    for part, name in PARTS.items():
        show(name, [turn[part] for turn in turns if part in turn])
    show("ours: function, sentence, worker", [t["function_ms"] + t["sentence_ms"] + t["worker_ms"] for t in turns])
    show("the candidate's own clock", [turn["waited_ms"] for turn in turns])
    show("  beyond the worker's", [turn["waited_ms"] - turn["total_ms"] for turn in turns])


def main() -> None:
    """Two interviews in which every sentence of the suites is an answer."""
    if reason := LiveKitServer.why_not():
        print(f"without spoken turns: {reason}")
        return
    with tempfile.TemporaryDirectory() as folder, ExitStack() as running:
        service = running.enter_context(SpokenService(Path(folder) / "data", env=NO_LIMITS, model=quick_model))
        voice = running.enter_context(Voice())
        for done, end in (
            (False, f"{DEFAULT_ENDPOINTING['min_delay']:g} s of silence end it"),
            (True, "Done ends it"),
        ):
            with Caller(service.interview(), voice) as caller:
                turns = hold_turns(service, caller.join(), done=done)
            whole = [turn for turn in turns if "worker_ms" in turn]
            print(f"\nFrom the end of an answer to the first sound, ms of {len(whole)} turns; {end}")
            show_turns(whole)
        print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
