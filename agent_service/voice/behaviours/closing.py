"""Closing the room: after the last words of the interview, or when it cannot be continued by voice."""

from __future__ import annotations

import logging

from voice import notices
from voice.backend import Refused
from voice.behaviours.call import Call
from voice.behaviours.trouble import BACKEND, SPEECH, Trouble
from voice.reply import Reply

logger = logging.getLogger(__name__)


class Closing:
    """Ends the call."""

    def __init__(self, call: Call, trouble: Trouble) -> None:
        self._call = call
        self._trouble = trouble

    def close_when_heard(self, reply: Reply | None) -> None:
        """Close the room if the interview has ended and `reply`, its end, was heard, or the voice cannot say it."""
        conversation, snapshot = self._call.conversation, self._call.conversation.snapshot
        if not (self._call.live and snapshot and snapshot.ended):
            return
        if not (reply and reply.played and snapshot.seq in reply.texts):
            return
        if not conversation.interrupted_message(reply) or self._trouble.current == SPEECH:
            self._call.over = True
            self._call.room.publish(over="1")
            self._call.room.spawn(self._call.room.close())

    async def give_up(self, refused: Refused) -> None:
        """Say good-bye and close the room: the functions do not know this interview, or not this worker."""
        logger.error("interview not accessible", extra={"why": refused.slug})
        if not self._call.live:
            return
        self._trouble.report(BACKEND)
        self._call.over = True
        await self._call.session.say(notices.GONE, add_to_chat_ctx=False, allow_interruptions=False)
        await self._call.room.close()
