"""Every option of livekit-agents that affects an interview, or what a participant may do to it.

The framework's defaults are made for trying it out: any participant may control the session and send it files without a
limit, a server may have it recorded. So each option is set here, with its reason, and a test fails when a version has
another one. Options of turn detection are in `turn_taking`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from livekit import rtc
from livekit.agents import (
    NOT_GIVEN,
    AgentServer,
    AgentSession,
    APIConnectOptions,
    AutoSubscribe,
    JobContext,
    JobExecutorType,
    JobProcess,
    WorkerPermissions,
    room_io,
    vad,
)
from livekit.agents.voice.agent_session import SessionConnectOptions

from speech.stack import Speech
from voice import text_normalization
from voice.interviewer import Interviewer
from voice.settings import Settings
from voice.turn_taking import AWAY_SECONDS, TRANSCRIPTION_SECONDS, turn_handling

FULL = 0.99
DRAIN_SECONDS = 3600
"""Longest that a worker which was asked to end waits for its running interviews."""
MOST_MEGABYTES = 600
"""Of one job without a recogniser of its own: it needs 90, and 250 more where the turn detector is not shared."""
INITIALIZE_SECONDS = 60.0
"""Imports and models take two; on a busy machine ten, the default, may pass, and the job is lost."""
SPOKEN_SECONDS = 30
"""A voice that streams has this long for a whole reply, which comes as quickly as the model writes it."""
NEVER = 1_000_000
"""A voice that fails does not end the interview: the candidate goes on in writing."""
ECHO_SECONDS = 3.0
"""Time in which a browser's echo cancellation adapts; until then the echo is taken for the candidate."""
SAMPLE_RATE = 24_000

Prewarm = Callable[[JobProcess], Any]
Job = Callable[[JobContext], Awaitable[None]]


def server(settings: Settings, prewarm: Prewarm) -> AgentServer:
    """Make the server: how jobs are prewarmed and isolated, how many run at once, how much memory each may use."""
    most_megabytes = MOST_MEGABYTES + settings.speech.job_megabytes
    return AgentServer(
        job_executor_type=JobExecutorType.PROCESS,  # a crash ends one interview alone
        # By count: the framework's measure, the CPU load of the machine, has other causes, too.
        load_fnc=lambda worker: len(worker.active_jobs) / settings.max_interviews,
        load_threshold=FULL,
        job_memory_warn_mb=most_megabytes * 2 / 3,
        job_memory_limit_mb=most_megabytes,  # a job beyond it is killed, and the page calls another one; else: no limit
        drain_timeout=DRAIN_SECONDS,
        initialize_process_timeout=INITIALIZE_SECONDS,
        permissions=WorkerPermissions(  # of the agent in the room
            can_publish=True,  # speech
            can_subscribe=True,  # the candidate's speech
            can_publish_data=True,  # captions, and the answers to calls
            can_update_metadata=True,  # attributes, which the page reads
            can_publish_sources=[],  # any
            hidden=False,  # the page waits for the agent
        ),
        ws_url=settings.livekit_url,
        api_key=settings.livekit_api_key,
        api_secret=settings.livekit_api_secret,
        host=settings.host,
        port=settings.port,
        setup_fnc=prewarm,
    )


async def connect(context: JobContext) -> None:
    """Join the room of a job."""
    await context.connect(
        auto_subscribe=AutoSubscribe.SUBSCRIBE_ALL,  # a candidate's token allows a microphone and nothing else
        encryption=None,  # media are encrypted on the way to LiveKit and from there; the page has no key of its own
        rtc_config=None,  # servers for the way through firewalls are LiveKit's
        single_peer_connection=None,
    )


def session(
    settings: Settings,
    services: Speech,
    detector: vad.VAD,
    *,
    echo_seconds: float | None = ECHO_SECONDS,
    away_seconds: float = AWAY_SECONDS,
) -> AgentSession[None]:
    """Make the session of one interview; the interviewer brings its language model.

    Interruptions are off during the first `echo_seconds` of its speech. A candidate is away after `away_seconds` in
    which neither side says anything.
    """
    return AgentSession(
        stt=services.stt,
        tts=services.tts,
        vad=detector,
        llm=NOT_GIVEN,
        turn_handling=turn_handling(settings.turn_detection),
        stt_context_options={
            "keyterms": [],
            "keyterm_detection": {"enabled": False},  # it would ask a model of LiveKit's cloud
            "forward_chat_context": False,  # the recogniser needs no transcript
        },
        tools=[],  # no answer can make the agent do anything
        tool_handling=NOT_GIVEN,
        max_tool_steps=0,
        use_tts_aligned_transcript=False,  # captions, and what counts as heard, are the written text
        # The framework's other filter takes every text for Markdown, and removes parts of code.
        tts_text_transforms=["filter_emoji", text_normalization.normalizer(settings.speech.language)],
        min_consecutive_speech_delay=0.0,
        expressive=False,  # no markup for the voice in the text
        userdata=None,
        video_sampler=None,  # no video
        aec_warmup_duration=echo_seconds,
        ivr_detection=False,  # no telephone
        user_away_timeout=away_seconds,
        transcription_timeout=TRANSCRIPTION_SECONDS,
        session_close_transcript_timeout=2.0,  # the last words of a candidate who leaves
        conn_options=SessionConnectOptions(
            stt_conn_options=APIConnectOptions(),
            llm_conn_options=APIConnectOptions(max_retry=0),  # the backend retries by itself
            tts_conn_options=APIConnectOptions(timeout=SPOKEN_SECONDS),
            max_unrecoverable_errors=NEVER,
        ),
        loop=None,
    )


async def start(session: AgentSession[None], interviewer: Interviewer, room: rtc.Room, candidate: str) -> None:
    """Start the session in a room; it listens to the participant with the identity `candidate`."""
    await session.start(
        interviewer,
        room=room,
        room_options=room_options(candidate),
        session_host=False,  # or any participant could read and control the session, and fill its memory
        record=False,  # or LiveKit's server decides; only the functions store the transcript
        capture_run=False,
    )


def room_options(candidate: str) -> room_io.RoomOptions:
    """The session's input from the room and its output to it."""
    return room_io.RoomOptions(
        text_input=False,  # the page sends text to the functions
        audio_input=room_io.AudioInputOptions(
            sample_rate=SAMPLE_RATE,
            num_channels=1,
            frame_size_ms=50,
            noise_cancellation=None,  # browsers do that
            auto_gain_control=True,
            pre_connect_audio=False,  # sound as a file, of any length; the page sends none
            pre_connect_audio_timeout=0.0,
        ),
        video_input=False,
        audio_output=room_io.AudioOutputOptions(
            sample_rate=SAMPLE_RATE,
            num_channels=1,
            track_publish_options=rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE),
            track_name=NOT_GIVEN,
        ),
        text_output=room_io.TextOutputOptions(
            sync_transcription=True,  # captions follow the audio, and tell how much of it was heard
            transcription_speed_factor=1.0,
            next_in_chain=None,
            json_format=False,  # as the page reads them
        ),
        participant_kinds=[rtc.ParticipantKind.PARTICIPANT_KIND_STANDARD],  # a browser; no telephone, no other agent
        participant_identity=candidate,
        close_on_disconnect=False,  # a page that is reloaded rejoins
        delete_room_on_close=False,  # `Closing` does, after the last words
    )
