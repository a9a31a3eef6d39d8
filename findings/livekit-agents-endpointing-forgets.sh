#!/usr/bin/env bash
# livekit-agents 1.8.9 (PyPI): dynamic endpointing learns from a speaker's pauses how long a silence ends a turn.
# `AgentSession.update_options(endpointing_opts=…)` makes a new object of it each time, so all that was learnt is gone,
# even where the options are the very ones that the session has. A program that sets them at each turn, because a turn may
# need others, has an endpointing that never learns.
#
# Seen with Python 3.11: after pauses of three seconds the least delay is 3.19 s; the same options again, and it is 0.5 s.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check livekit-agents==1.8.9

"$work/venv/bin/python" - <<'PYTHON'
import asyncio

from livekit.agents import Agent, AgentSession

OPTIONS = {"mode": "dynamic", "min_delay": 0.5, "max_delay": 4.0, "alpha": 0.5}


async def main():
    session = AgentSession(turn_handling={"turn_detection": "manual", "endpointing": OPTIONS})
    await session.start(Agent(instructions="Listen."))

    def endpointing():  # the session has no public way to ask for it
        return session._activity._audio_recognition._endpointing

    for begin in (0.0, 10.0):  # one second of speech, three of silence, one of speech
        for start in (begin, begin + 4.0):
            endpointing().on_start_of_speech(start)
            endpointing().on_end_of_speech(start + 1.0)
    learnt = round(endpointing().min_delay, 2)
    session.update_options(endpointing_opts=OPTIONS)
    after = round(endpointing().min_delay, 2)
    await session.aclose()
    print(f"learnt {learnt} s, after the same options again {after} s")
    return (learnt, after) == (3.19, 0.5)


raise SystemExit(0 if asyncio.run(main()) else "The behaviour changed.")
PYTHON
