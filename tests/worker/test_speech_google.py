"""Google's speech services as far as they go without Google: construction, options, and how their errors arrive.

No live service was heard by these tests. Errors come from local servers that speak the wire formats, so that Google's
own clients and LiveKit's plugin do the work; that Google answers like that is taken from its documentation.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.cloud import speech_v2, texttospeech
from livekit.agents import APIConnectionError, APIConnectOptions, APIError, APIStatusError, APITimeoutError, stt, tts
from livekit.plugins import google as plugin

from environment import SettingsError
from speech import gemini_key, google_cloud, pcm
from support.local_server import Exchange, LocalServer

ONCE = APIConnectOptions(max_retry=0, timeout=5)
CLOUD = google_cloud.Stack(location="eu", language="en-GB")
KEY = gemini_key.Stack(google_api_key="a-key-for-tests", language="en-GB")

# What goes wrong at Google, what the framework makes of it, and whether it tries again.
ERRORS = [
    (grpc.StatusCode.DEADLINE_EXCEEDED, APITimeoutError, None, True),
    (grpc.StatusCode.UNAVAILABLE, APIStatusError, 503, True),
    (grpc.StatusCode.INTERNAL, APIStatusError, 500, True),
    (grpc.StatusCode.RESOURCE_EXHAUSTED, APIStatusError, 429, True),
    (grpc.StatusCode.UNAUTHENTICATED, APIStatusError, 401, False),
    (grpc.StatusCode.PERMISSION_DENIED, APIStatusError, 403, False),
    (grpc.StatusCode.NOT_FOUND, APIStatusError, 404, False),
    (grpc.StatusCode.INVALID_ARGUMENT, APIStatusError, 400, False),
]


@pytest.fixture(scope="module")
def service_account(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key file of a service account that does not exist."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("google") / "account.json"
    account = {
        "type": "service_account",
        "project_id": "project-of-the-account",
        "client_email": "worker@project-of-the-account.test",
        "token_uri": "http://127.0.0.1:9/token",
        "private_key": pem.decode(),
    }
    path.write_text(json.dumps(account))
    return path


@pytest.fixture
def signed_in(service_account: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process runs as that account."""
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(service_account))


@pytest.mark.usefixtures("signed_in")
def test_the_cloud_ear_streams_with_chirp() -> None:
    """The newest model, in the location and language of the settings, with interim results and an early end."""
    recogniser = CLOUD.stt()
    assert isinstance(recogniser, plugin.STT)
    config = recogniser._config

    assert (recogniser.model, recogniser._location, recogniser._project_id) == (
        "chirp_3",
        "eu",
        "project-of-the-account",
    )
    assert (config.languages, config.interim_results) == (["en-GB"], True)
    assert config.endpointing_sensitivity == "ENDPOINTING_SENSITIVITY_SHORT"
    assert recogniser.capabilities.streaming


@pytest.mark.usefixtures("signed_in")
def test_the_project_of_the_settings_goes_first() -> None:
    """An account may work for another project than its own."""
    recogniser = google_cloud.Stack(project="project").stt()

    assert isinstance(recogniser, plugin.STT)
    assert recogniser._project_id == "project"


@pytest.mark.usefixtures("signed_in")
def test_the_cloud_voice_streams_in_chirp_hd() -> None:
    """A voice of the language, at the same location as the recogniser, that speaks while text still comes."""
    voice = CLOUD.tts()
    assert isinstance(voice, plugin.TTS)

    assert voice._opts.voice.name == "en-GB-Chirp3-HD-Charon"
    assert (voice._opts.voice.language_code, voice._location) == ("en-GB", "eu")
    assert voice.capabilities.streaming


def test_the_cloud_needs_an_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Found when the worker starts, and not by the first candidate."""
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")

    with pytest.raises(SettingsError, match="VOICE_STACK google_cloud needs a service account"):
        CLOUD.build()


def test_a_key_is_enough_for_gemini() -> None:
    """Both sides are made from the key alone, without any account."""
    speech = KEY.build()

    assert (speech.stt.model, speech.stt.capabilities.streaming) == ("gemini-3.5-transcribe-live", True)
    assert (speech.tts.model, speech.tts.capabilities.streaming) == ("gemini-3.1-flash-tts-preview", False)
    assert speech.tts.provider == "Gemini"


def test_the_environment_does_not_turn_gemini_into_vertex(monkeypatch: pytest.MonkeyPatch) -> None:
    """The functions may use Vertex AI beside a worker that has a key."""
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")

    assert KEY.tts().provider == "Gemini"


google_genai = pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")
"""Google's client warns about itself when it makes its first connection."""


class FailingGoogle:
    """A gRPC server that answers every call with one error."""

    def __init__(self, code: grpc.StatusCode) -> None:
        self._server = grpc.server(futures.ThreadPoolExecutor(2), handlers=[_Failing(code)])
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def __enter__(self) -> "FailingGoogle":
        self._server.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop(None).wait()


class _Failing(grpc.GenericRpcHandler):
    def __init__(self, code: grpc.StatusCode) -> None:
        self._code = code

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        def fail(requests: Any, context: grpc.ServicerContext) -> None:
            for _ in requests:  # an error that comes while a client still sends may reach it as another one
                pass
            context.abort(self._code, "as the test wishes")

        return grpc.stream_stream_rpc_method_handler(fail)


class NearTTS(plugin.TTS):
    """Google's voice with a channel to the local server."""

    def __init__(self, address: str, credentials: Any) -> None:
        super().__init__(voice_name="en-US-Chirp3-HD-Charon", credentials=credentials)
        self._address = address

    def _ensure_client(self) -> texttospeech.TextToSpeechAsyncClient:
        transport = texttospeech.TextToSpeechAsyncClient.get_transport_class("grpc_asyncio")
        channel = grpc.aio.insecure_channel(self._address)
        return texttospeech.TextToSpeechAsyncClient(transport=transport(channel=channel))


class NearSTT(plugin.STT):
    """Google's recogniser with a channel to the local server."""

    def __init__(self, address: str, credentials: Any) -> None:
        super().__init__(model="chirp_3", project="project", credentials=credentials)
        self._address = address

    async def _create_client(self, timeout: float) -> speech_v2.SpeechAsyncClient:
        transport = speech_v2.SpeechAsyncClient.get_transport_class("grpc_asyncio")
        channel = grpc.aio.insecure_channel(self._address)
        return speech_v2.SpeechAsyncClient(transport=transport(channel=channel))


async def speak(voice: tts.TTS) -> None:
    """Say a sentence as the framework does with a voice that streams."""
    async with voice.stream(conn_options=ONCE) as stream:
        stream.push_text("Hello, this is a sentence.")
        stream.end_input()
        async for _ in stream:
            pass


async def listen(recogniser: stt.STT) -> None:
    """Hear a quarter of a second."""
    async with recogniser.stream(conn_options=ONCE) as stream:
        for frame in pcm.frames(pcm.silence(16_000, 0.25), 16_000):
            stream.push_frame(frame)
        stream.end_input()
        async for _ in stream:
            pass


def failure(work: Callable[[], Awaitable[None]]) -> APIError:
    """The error that came out."""

    async def run() -> None:
        await work()

    with pytest.raises(APIError) as caught:
        asyncio.run(run())
    return caught.value


def check(error: APIError, expected: type[APIError], status: int | None, retryable: bool) -> None:
    assert type(error) is expected
    assert getattr(error, "status_code", None) == status
    assert error.retryable is retryable


@pytest.mark.parametrize(("code", "expected", "status", "retryable"), ERRORS)
def test_errors_of_the_cloud_voice(
    code: grpc.StatusCode, expected: type[APIError], status: int | None, retryable: bool
) -> None:
    """Every error is one of the framework's, and those that may pass are tried again."""
    with FailingGoogle(code) as google:
        error = failure(lambda: speak(NearTTS(google.address, object())))

    check(error, expected, status, retryable)


@pytest.mark.parametrize(("code", "expected", "status", "retryable"), ERRORS)
def test_errors_of_the_cloud_ear(
    code: grpc.StatusCode, expected: type[APIError], status: int | None, retryable: bool
) -> None:
    """Every error is one of the framework's, and those that may pass are tried again."""
    with FailingGoogle(code) as google:
        error = failure(lambda: listen(NearSTT(google.address, object())))

    check(error, expected, status, retryable)


@google_genai
@pytest.mark.parametrize(
    ("status", "retryable"),
    [(400, False), (401, False), (403, False), (404, False), (429, True), (500, True), (503, True)],
)
def test_errors_of_geminis_voice(status: int, retryable: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gemini's HTTP errors keep their status."""
    refusal = {"error": {"code": status, "message": "as the test wishes", "status": "REFUSED"}}
    with LocalServer(lambda exchange: exchange.send_json(status, refusal)) as server:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
        error = failure(say_with_gemini)

    check(error, APIStatusError, status, retryable)


@google_genai
def test_a_gemini_that_breaks_off_is_a_lost_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the vendor's or of the HTTP library's own errors gets through."""
    asked = []

    def hang_up(exchange: Exchange) -> None:
        asked.append(exchange.path)
        exchange.drop()

    with LocalServer(hang_up) as server:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
        error = failure(say_with_gemini)

    check(error, APIConnectionError, None, True)
    assert "gemini-3.1-flash-tts-preview" in asked[0]


def test_a_gemini_that_does_not_listen_is_a_lost_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Live API is a websocket; nobody answers at this address."""
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:9")

    check(failure(lambda: listen(KEY.stt())), APIConnectionError, None, True)


async def say_with_gemini() -> None:
    voice = KEY.tts()
    try:
        await voice.synthesize("Hello.", conn_options=ONCE).collect()
    finally:
        await voice.aclose()
