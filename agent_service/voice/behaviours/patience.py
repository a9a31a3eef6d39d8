"""Patience: how long a silence of the candidate is waited for, before the answer counts as complete."""

from __future__ import annotations

from livekit.agents import EndpointingOptions

from voice.behaviours.call import Call
from voice.turn_taking import DEFAULT_ENDPOINTING, NO_PATIENCE, endpointing_of


class Patience:
    """Gives the framework the endpointing of the answer that is being given.

    Once the candidate or the clock has ended an answer, no silence is waited for until the interviewer is heard. With a
    delay the framework would keep the words of that answer meanwhile, and sound that comes then would have it end the
    same turn again, into the reply.
    """

    def __init__(self, call: Call) -> None:
        self._call = call
        self._endpointing = DEFAULT_ENDPOINTING
        self._ended = False

    def end(self) -> None:
        """Wait for no silence."""
        self._ended = True
        self.adapt()

    def resume(self) -> None:
        """Wait for silences as usual."""
        self._ended = False
        self.adapt()

    def adapt(self) -> None:
        """Follow the stage and the words. The framework looks at a delay as soon as its listeners have the words."""
        options = NO_PATIENCE if self._ended else self._usual
        if options != self._endpointing:
            self._endpointing = options
            self._call.session.update_options(endpointing_opts=options)

    @property
    def _usual(self) -> EndpointingOptions:
        conversation = self._call.conversation
        words = "" if self._call.session.turn_detection == "vad" else conversation.transcript.text
        return endpointing_of(conversation.pauses, conversation.time_factor, words)
