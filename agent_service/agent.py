"""The voice worker: `python agent.py start`. It waits at LiveKit for interviews, each a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping

from livekit.agents import AgentServer, cli

from environment import SettingsError
from speech.stack import StackUnavailable
from voice import framework, job, logs, trial
from voice.framework import Job, Prewarm
from voice.settings import Settings, TurnDetection

Trial = Callable[[Mapping[str, str]], None]


def main(run: Job = job.run, prewarm: Prewarm = job.prewarm, try_out: Trial = trial.run) -> None:
    """Serve until SIGTERM. Tests pass their own job, prewarming and trial. Exits with a sentence for each fault."""
    logs.configure()
    try:
        settings = Settings.from_env(os.environ)
        logs.redact(*settings.speech.loggers)
        os.environ |= settings.speech.start()  # for the trial, and for the processes of the jobs
        try_out(os.environ)
    except (SettingsError, StackUnavailable) as error:
        sys.exit(f"This worker cannot start:\n{error}")
    if settings.turn_detection is TurnDetection.VAD:  # the other detector is a model of 244 MB
        os.environ.setdefault("LIVEKIT_AGENTS_PRELOAD_LOCAL_INFERENCE", "0")
    cli.run_app(serve(settings, run, prewarm))


def serve(settings: Settings, run: Job, prewarm: Prewarm) -> AgentServer:
    """Make the server with its job entry point, its prewarming and its rule for accepting jobs."""
    server = framework.server(settings, prewarm)
    server.rtc_session(run, agent_name=settings.agent_name, on_request=job.accept)
    return server


if __name__ == "__main__":
    main()
