"""Every option of livekit-agents that decides what an interview is, or what a participant may do to it.

The framework's defaults are made for trying it out: whoever is in the room may drive the session and send it files
without an end, a server may have it recorded. So none is left to the framework: each stands here with its reason, and a
test turns red when a version brings another one. What decides about turns is in `turn_taking`.
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
"""An interview that runs when the worker is asked to end goes on to its end."""
MOST_MEGABYTES = 600
"""Of one job, beside its own recogniser: it needs 90, and 250 more where the detector of turns is not shared."""
INITIALIZE_SECONDS = 60.0
"""To import and load takes two; ten, the default, are not enough on a machine that is busy, and the job is lost."""
SPOKEN_SECONDS = 30
"""A voice that streams has this long for a whole reply, which comes as quickly as the model writes it."""
NEVER = 1_000_000
"""A voice that fails does not end the interview: the candidate goes on in writing."""
ECHO_SECONDS = 3.0
"""So long a browser takes to learn its echo, which would be taken for the candidate."""
SAMPLE_RATE = 24_000

Prewarm = Callable[[JobProcess], Any]
Job = Callable[[JobContext], Awaitable[None]]


def server(settings: Settings, prewarm: Prewarm) -> AgentServer:
    """Make the worker: what is loaded before a job, which jobs are taken, and what one may cost."""
    most_megabytes = MOST_MEGABYTES + settings.speech.job_megabytes
    return AgentServer(
        job_executor_type=JobExecutorType.PROCESS,  # an interview that dies takes no other one along
        # By count: the machine's processor, which the framework would ask, is busy with other things, too.
        load_fnc=lambda worker: len(worker.active_jobs) / settings.max_interviews,
        load_threshold=FULL,
        job_memory_warn_mb=most_megabytes * 2 / 3,
        job_memory_limit_mb=most_megabytes,  # a job beyond it is killed, and the page calls another one; else: no limit
        drain_timeout=DRAIN_SECONDS,
        initialize_process_timeout=INITIALIZE_SECONDS,
        permissions=WorkerPermissions(  # of the agent in the room
            can_publish=True,  # it speaks
            can_subscribe=True,  # it hears
            can_publish_data=True,  # captions, and the answers to calls
            can_update_metadata=True,  # attributes, which the page reads
            can_publish_sources=[],  # any
            hidden=False,  # the page waits for it
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
    settings: Settings, services: Speech, detector: vad.VAD, *, echo_seconds: float | None = ECHO_SECONDS
) -> AgentSession[None]:
    """Make the session of one interview; its language model is the interviewer's.

    Nothing interrupts the first `echo_seconds` of its speech.
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
            "forward_chat_context": False,  # a recogniser hears the candidate, and reads nothing
        },
        tools=[],  # whatever an answer says, there is nothing to be called
        tool_handling=NOT_GIVEN,
        max_tool_steps=0,
        use_tts_aligned_transcript=False,  # captions, and what counts as heard, are the written words
        # Its other filter takes every text for Markdown, and eats code.
        tts_text_transforms=["filter_emoji", text_normalization.normalizer(settings.speech.language)],
        min_consecutive_speech_delay=0.0,
        expressive=False,  # no marks for a voice in the text
        userdata=None,
        video_sampler=None,  # nobody looks
        aec_warmup_duration=echo_seconds,
        ivr_detection=False,  # no telephone
        user_away_timeout=AWAY_SECONDS,
        transcription_timeout=TRANSCRIPTION_SECONDS,
        session_close_transcript_timeout=2.0,  # the last words of somebody who leaves
        conn_options=SessionConnectOptions(
            stt_conn_options=APIConnectOptions(),
            llm_conn_options=APIConnectOptions(max_retry=0),  # the backend tries again by itself
            tts_conn_options=APIConnectOptions(timeout=SPOKEN_SECONDS),
            max_unrecoverable_errors=NEVER,
        ),
        loop=None,
    )


async def start(session: AgentSession[None], interviewer: Interviewer, room: rtc.Room, candidate: str) -> None:
    """Let the interviewer listen and speak in a room; `candidate` is the identity of whom it hears."""
    await session.start(
        interviewer,
        room=room,
        room_options=room_options(candidate),
        session_host=False,  # or whoever is in the room reads and drives the session, and fills its memory
        record=False,  # or LiveKit's server decides; the transcript is kept by the functions alone
        capture_run=False,
    )


def room_options(candidate: str) -> room_io.RoomOptions:
    """What goes in and out of the room."""
    return room_io.RoomOptions(
        text_input=False,  # who writes, writes to the functions
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
            sync_transcription=True,  # captions come as they are spoken, and what was heard is known by them
            transcription_speed_factor=1.0,
            next_in_chain=None,
            json_format=False,  # as the page reads them
        ),
        participant_kinds=[rtc.ParticipantKind.PARTICIPANT_KIND_STANDARD],  # a browser; no telephone, no other agent
        participant_identity=candidate,
        close_on_disconnect=False,  # who reloads the page is back in a moment
        delete_room_on_close=False,  # the interviewer closes it when it has said good-bye
    )
