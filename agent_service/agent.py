"""The voice worker: `python agent.py start`. It waits at LiveKit for interviews, each a process of its own."""

from __future__ import annotations

import os
import sys

from livekit.agents import AgentServer, cli

from voice import job, logs, speech
from voice.settings import Settings, SettingsError

DRAIN_SECONDS = 3600
"""An interview that runs when the worker is asked to end goes on to its end."""


def main() -> None:
    """Serve until told to end."""
    logs.configure()
    try:
        settings = Settings.from_env(os.environ)
        piper = speech.start_piper(settings.speech)
    except (SettingsError, speech.PiperUnavailable) as error:
        sys.exit(f"This worker cannot start:\n{error}")
    if piper:
        os.environ["PIPER_URL"] = piper.url  # for the processes of the jobs
    cli.run_app(server(settings))


def server(settings: Settings) -> AgentServer:
    """Join the parts: who is warmed up, which jobs are taken, what a job does."""
    worker = AgentServer(
        setup_fnc=job.prewarm,
        drain_timeout=DRAIN_SECONDS,
        ws_url=settings.livekit_url,
        api_key=settings.livekit_api_key,
        api_secret=settings.livekit_api_secret,
        host=settings.host,
        port=settings.port,
    )
    worker.rtc_session(job.run, agent_name=settings.agent_name, on_request=job.accept)
    return worker


if __name__ == "__main__":
    main()
