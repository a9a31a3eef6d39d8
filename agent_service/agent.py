"""The voice worker: `python agent.py start`. It waits at LiveKit for interviews, each a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable

from livekit.agents import AgentServer, JobContext, JobProcess, cli

from voice import job, logs, speech
from voice.settings import Settings, SettingsError, TurnDetection

FULL = 0.99
DRAIN_SECONDS = 3600
"""An interview that runs when the worker is asked to end goes on to its end."""


Job = Callable[[JobContext], Awaitable[None]]
Prewarm = Callable[[JobProcess], None]


def main(run: Job = job.run, prewarm: Prewarm = job.prewarm) -> None:
    """Serve until told to end; what a job does, and what is loaded before there is one, may be told otherwise."""
    logs.configure()
    try:
        settings = Settings.from_env(os.environ)
        piper = speech.start_piper(settings.speech)
    except (SettingsError, speech.PiperUnavailable) as error:
        sys.exit(f"This worker cannot start:\n{error}")
    if piper:
        os.environ["PIPER_URL"] = piper.url  # for the processes of the jobs
    if settings.turn_detection is TurnDetection.VAD:  # the other detector is a model of 244 MB
        os.environ.setdefault("LIVEKIT_AGENTS_PRELOAD_LOCAL_INFERENCE", "0")
    cli.run_app(server(settings, run, prewarm))


def server(settings: Settings, run: Job, prewarm: Prewarm) -> AgentServer:
    """Join the parts: what is loaded before a job, which jobs are taken, what a job does."""
    worker = AgentServer(
        setup_fnc=prewarm,
        drain_timeout=DRAIN_SECONDS,
        ws_url=settings.livekit_url,
        api_key=settings.livekit_api_key,
        api_secret=settings.livekit_api_secret,
        host=settings.host,
        port=settings.port,
        # By count: the machine's processor, which the framework would ask, is busy with other things, too.
        load_fnc=lambda worker: len(worker.active_jobs) / settings.max_interviews,
        load_threshold=FULL,
    )
    worker.rtc_session(run, agent_name=settings.agent_name, on_request=job.accept)
    return worker


if __name__ == "__main__":
    main()
