"""The voice worker without models of its own: whatever is said, the next sentence of a list is understood."""

import itertools
from functools import partial

from livekit.agents import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions, LanguageCode, stt, utils
from livekit.agents.types import NOT_GIVEN, NotGivenOr

import agent
from speech.local import find_espeak
from speech.local.espeak import EspeakTTS
from speech.stack import Speech, SpeechStack
from voice import job

HEARD = (
    "Hello, I am Ada, and I work as a backend engineer.",
    "I like to make slow things fast.",
    "Last year I cut our build from forty minutes to six.",
    "My own part was the design and most of the code.",
    "The hardest moment was when the cache returned old files.",
    "I wrote a test that would have caught it.",
)


class ScriptedSTT(stt.STT[str]):
    """Hears one sentence after the other, and begins again when it is through."""

    def __init__(self) -> None:
        super().__init__(capabilities=stt.STTCapabilities(streaming=False, interim_results=False))
        self._sentences = itertools.cycle(HEARD)

    async def _recognize_impl(
        self,
        buffer: utils.AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> stt.SpeechEvent:
        heard = stt.SpeechData(language=LanguageCode("en"), text=next(self._sentences))
        return stt.SpeechEvent(stt.SpeechEventType.FINAL_TRANSCRIPT, utils.shortuuid(), alternatives=[heard])


def build(stack: SpeechStack) -> Speech:
    """A recogniser that knows its script, and a voice that needs no model."""
    program = find_espeak()
    assert program is not None, "espeak-ng is a package of the system"
    return Speech(ScriptedSTT(), EspeakTTS(program, stack.language))


def nothing(_: object) -> None:
    """There is nothing to load or to try."""


if __name__ == "__main__":
    agent.main(run=partial(job.run, build=build), prewarm=partial(job.prewarm, warm=nothing), try_out=nothing)
