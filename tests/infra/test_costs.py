"""What an interview costs is computed from counts, and the counts are those of an interview that is held here.

It is held with the entry points of this process, so that every call that leaves them is counted: by the real clients of
Firestore, Cloud Tasks and Gemini, to an emulator and to local ones.
"""

import io
import json
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from google.cloud import firestore, tasks_v2

from interviewos.adapters.firestore.quota import FirestoreQuota
from interviewos.adapters.firestore.store import FirestoreStore
from interviewos.domain.interview import MAX_ANSWER_CHARACTERS
from interviewos.domain.reading import FIRST_TRY_SECONDS, MOST_TRIES
from interviewos.model import prompt
from interviewos.model.close import closing_request
from interviewos.model.read import STORY_TOKENS, instruction
from interviewos.report.catalogue import catalogue
from interviewos.settings import DEFAULT_FALLBACK_MODEL, DEFAULT_MODEL, Settings
from interviewos.usecases.quota import RESERVE
from interviewos.usecases.readings import MOST_READINGS
from support import oidc
from support.choices import sensible_reading
from support.client import BASE, ApiClient
from support.emulators import FirestoreEmulator
from support.entry_points import app_of
from support.fakes import CLASSIC
from support.gemini import FakeGemini, GeminiRequest, Text
from support.hosting import build_page
from support.process import REPOSITORY
from support.puppet import chooses
from support.stores import READ, WRITE, Wire, firestore_client
from support.tasks import FakeCloudTasks

SCRIPT = REPOSITORY / "infra" / "costs.py"
TERRAFORM = REPOSITORY / "infra" / "terraform" / "modules" / "interviewos"

spec = spec_from_file_location("costs", SCRIPT)
assert spec
assert spec.loader
costs = module_from_spec(spec)
sys.modules["costs"] = costs
spec.loader.exec_module(costs)

SUMS = "RunAggregationQuery"
DAY_LOOKS = 1
"""Of the process that takes the turns, whose interview takes less than a minute here."""
STAGE_TIMEOUT = f"http://functions.test{BASE}/tasks/stage_timeout"
ENVIRONMENT = {
    "ALLOWED_ORIGINS": "https://interviews.example.test",
    "INTERVIEWS_PER_DAY": "1000",
    "TOKENS_PER_DAY": "50000000",
    "REPLY_GATE": "off",  # what the model says here asks nothing
    "TASKS_LOCATION": "us-central1",
    "TASKS_QUEUE": "interview-alarms",
    "TASKS_TARGET_URL": STAGE_TIMEOUT,
    "TASKS_INVOKER": oidc.INVOKER,
}
HOSTED, DIRECT = ("sessions/create", "sessions/messages", "sessions/report"), "ui/next_turn"
BAND = 0.02
"""How far bytes and tokens may be from the counts: ids and times differ a little from run to run."""
PAGE_BAND = 0.1


@dataclass(frozen=True)
class Measured:
    """An interview that was held, and everything that it used."""

    wire: Wire
    queue: FakeCloudTasks
    gemini: FakeGemini
    answers: Mapping[str, list[int]]
    """Bytes of every answer, by path."""
    log: str
    document: dict[str, Any]

    def lines(self, message: str) -> list[dict[str, Any]]:
        """The log's lines with this message."""
        found = (json.loads(line) for line in self.log.splitlines())
        return [line for line in found if line["message"] == message]

    @property
    def of_model(self) -> list[dict[str, Any]]:
        """The log's lines about what the model was asked for: turns, and the reading at the end."""
        return self.lines("turn answered") + self.lines("interview read")


class Patient(Wire):
    """Waits for every answer: what a busy machine makes the client send again would be counted twice."""

    def _pass(self, continuation: Any, details: Any, request: Any, wait: bool) -> Any:
        return super()._pass(lambda d, r: continuation(d._replace(timeout=60), r), details, request, wait)


class Counting(httpx.BaseTransport):
    """Passes requests to an app and keeps the length of each answer."""

    def __init__(self, app: httpx.BaseTransport) -> None:
        self.answers: dict[str, list[int]] = {}
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        response = self._app.handle_request(request)
        body = response.read()
        path = request.url.path.removeprefix(f"{BASE}/").removesuffix("/health")
        path = re.sub(r"/[0-9a-f-]{36}/", "/", path)
        self.answers.setdefault(path, []).append(len(body))
        return httpx.Response(response.status_code, headers=response.headers, content=body)


def interviewer(request: GeminiRequest) -> Text:
    """Ask until as many answers are there as the counts are made for."""
    if request.closes:
        return chooses(request)
    answered = request.text.count('"speaker": "candidate"')
    intro, whole = costs.INTRO_ANSWERS, costs.INTRO_ANSWERS + costs.EXPERIENCE_ANSWERS
    every_other = "NEXT" if answered > intro and (answered - intro) % 2 == 0 else "STAY"
    signal = {intro: "MOVE_TO_EXPERIENCE", whole: "MOVE_TO_DONE"}.get(answered, every_other)
    return Text(f"{speech(costs.REPLY_CHARACTERS, answered)}\n<<<{signal}>>>")


def reader(request: GeminiRequest) -> Text:
    """Read as much in each story as the counts are made for."""
    lines = sensible_reading(request.text).splitlines()
    return Text("\n".join(line.ljust(costs.READING_CHARACTERS) for line in lines))


def speech(characters: int, number: int) -> str:
    """So many characters of prose, another each time."""
    words = f"Number {number}: we measured every step and found that most of the time went into one slow query. "
    return (words * 20)[: characters - 1] + "."


def hold(page: ApiClient, queue: FakeCloudTasks) -> None:
    """Do what a page does in a written interview, and deliver each alarm when its stage is over."""
    for name in ("ui/next_turn", "sessions/create", "sessions/messages"):
        page.request("GET", f"{name}/health")
    page.create(idempotency_key=str(uuid.uuid4()), candidate_name="Ada Lovelace", role="Backend engineer")
    page.turn("start", stream=True)
    for number in range(1, costs.INTRO_ANSWERS + costs.EXPERIENCE_ANSWERS + 1):
        text = speech(costs.ANSWER_CHARACTERS, number)
        answered = page.turn("user_turn", stream=True, event_id=str(uuid.uuid4()), user_text=text)
        assert answered["source"] == "model"
        if number == costs.INTRO_ANSWERS + 1:
            assert queue.deliver(queue.tasks[0]) == [200]
    assert answered["status"] == "ended"
    assert queue.deliver(queue.tasks[1]) == [200]
    assert page.report()["grading"] == "pending"
    time.sleep(FIRST_TRY_SECONDS + 0.1)  # it is read when its time has come
    assert queue.deliver(queue.tasks[2]) == [200]
    assert page.report()["grading"] == "made"


@contextmanager
def functions(data: Path, env: Mapping[str, str], database: firestore.Client, log: io.StringIO) -> Iterator[Flask]:
    """All entry points in this process, on this database; they write their log here and trust our issuer."""
    with oidc.JwksServer() as issuer, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", log)
        callers = oidc.google_callers(issuer, env)
        store, spending = FirestoreStore(database), FirestoreQuota(database)
        with app_of("dev", data, env, store=store, spending=spending, google_callers=callers) as app:
            yield app


@contextmanager
def alarms(project: str, page: ApiClient) -> Iterator[FakeCloudTasks]:
    """The project's queue, which calls back at the door of that page."""

    def post(url: str, method: str, headers: Mapping[str, str], body: bytes, _: float) -> int:
        return page.http.request(method, url, headers=dict(headers), content=body).status_code

    name = f"projects/{project}/locations/us-central1/queues/interview-alarms"
    with FakeCloudTasks(queues=frozenset({name}), post=post) as queue, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks_v2, "CloudTasksClient", queue.client)
        yield queue


@pytest.fixture(scope="module")
def measured(firestore_emulator: FirestoreEmulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Measured]:
    """One whole written interview in the shape that the counts are made for."""
    project, wire, log = f"demo-{uuid.uuid4().hex[:12]}", Patient(), io.StringIO()
    database, channel = firestore_client(firestore_emulator.host, project, wire)
    here = {"GOOGLE_CLOUD_PROJECT": project, "FIRESTORE_EMULATOR_HOST": firestore_emulator.host}
    with (
        channel,
        FakeGemini(interviewer) as gemini,
        functions(tmp_path_factory.mktemp("costs"), {**ENVIRONMENT, **here, **gemini.env()}, database, log) as app,
        ApiClient("http://functions.test", transport=(transport := Counting(httpx.WSGITransport(app)))) as page,
        alarms(project, page) as queue,
    ):
        gemini.reader = reader
        hold(page, queue)
        document = database.collection("interviews").document(page.session_id).get().to_dict()
        wire.calls.pop()  # our own look
        yield Measured(wire, queue, gemini, transport.answers, log.getvalue(), document)


@pytest.mark.emulator
def test_the_counts_are_those_of_an_interview_that_was_held(measured: Measured) -> None:
    """Requests, reads, writes, operations of the queue and calls of the model, to the last one."""
    operations = measured.queue.creations + len(measured.answers["tasks/stage_timeout"])
    counted = {
        "turns": len(measured.lines("turn answered")),
        "requests": sum(map(len, measured.answers.values())),
        "reads": measured.wire.count(READ) + measured.wire.count(SUMS) - DAY_LOOKS,
        "writes": measured.wire.count(WRITE),
        "task_operations": operations,
        "model_calls": measured.gemini.calls,
    }

    assert counted == {name: getattr(costs.INTERVIEW, name) for name in counted}
    assert len(measured.wire.calls) == counted["reads"] + counted["writes"] + DAY_LOOKS


@pytest.mark.emulator
def test_the_bytes_and_tokens_are_those_of_an_interview_that_was_held(measured: Measured) -> None:
    """What people and model say is as long as assumed; all that comes around it is real."""
    said = [message["text"] for message in measured.document["messages"] if message["role"] == "agent"]
    weighed = {
        "input_tokens": sum(request.prompt_tokens for request in measured.gemini.requests),
        "output_tokens": sum(line["output_tokens"] for line in measured.of_model),
        "spoken_characters": sum(map(len, said)),
        "document_bytes": len(json.dumps(measured.document, default=str)),
        "hosted_bytes": sum(sum(measured.answers[path]) for path in HOSTED),
        "streamed_bytes": sum(measured.answers[DIRECT]),
        "log_bytes": len(measured.log),
    }

    assert weighed == pytest.approx({name: getattr(costs.INTERVIEW, name) for name in weighed}, rel=BAND)


def test_the_page_is_as_large_as_counted(tmp_path: Path) -> None:
    """All of its files, as they are deployed."""
    size = sum(path.stat().st_size for path in build_page(tmp_path).rglob("*") if path.is_file())

    assert size == pytest.approx(costs.INTERVIEW.page_bytes, rel=PAGE_BAND)


@pytest.mark.emulator
def test_the_log_tells_the_same_story(measured: Measured) -> None:
    """The team sees by the log what an interview uses: of turns it says what went over the wire."""
    lines = measured.lines("turn answered")
    (read,) = measured.lines("interview read")
    attempts = sum(line["attempts"] for line in lines)

    assert (attempts + read["used"], read["used"]) == (measured.gemini.calls, costs.READINGS)
    assert sum(line["input_tokens"] for line in measured.of_model) == sum(
        r.prompt_tokens for r in measured.gemini.requests
    )
    counted = [(line["store_reads"], line["store_writes"]) for line in lines]
    assert counted == [(1 + DAY_LOOKS, 2), *[(1, 2)] * (len(lines) - 1)]


def test_the_most_that_somebody_can_cost_is_bounded_by_the_code_as_it_is() -> None:
    """The figures behind the table are those of the rules, the settings and Terraform."""
    settings = Settings.from_env({})
    prompts = [len(prompt.system_instruction(CLASSIC, stage.id)) // 4 for stage in CLASSIC.stages]
    limits = re.sub(" +", " ", (TERRAFORM / "variables.tf").read_text().split('variable "limits"')[1])

    assert settings.tokens_per_interview == costs.TOKENS_PER_INTERVIEW
    assert settings.creates_per_minute == costs.CREATES_PER_MINUTE
    assert settings.gemini.max_output_tokens == costs.REPLY_TOKENS
    assert settings.report_readings == costs.READINGS
    assert (MOST_READINGS, MOST_TRIES, STORY_TOKENS) == (costs.MOST_READINGS, costs.MOST_TRIES, costs.STORY_TOKENS)
    assert (
        max(len(instruction(catalogue())), len(closing_request(catalogue(), ()).system)) // 4 < costs.FULL_PROMPT_TOKENS
    )
    assert sum(stage.most_questions for stage in CLASSIC.stages) == costs.ANSWERS
    assert (RESERVE, MAX_ANSWER_CHARACTERS) == (costs.RESERVE, costs.ANSWER_MOST)
    assert min(prompts) > costs.SPARE_PROMPT_TOKENS
    assert max(prompts) < costs.FULL_PROMPT_TOKENS
    assert f"creates_per_minute = optional(number, {costs.CREATES_PER_MINUTE})" in limits
    assert f"tokens_per_day = optional(number, {costs.TOKENS_PER_DAY})" in limits
    assert f"tokens_per_interview = optional(number, {costs.TOKENS_PER_INTERVIEW})" in limits


def test_every_price_has_a_source_and_a_date() -> None:
    """A page of the provider, and a day or a month that is not to come."""
    for name, price in costs.PRICES.items():
        year, month, *day = map(int, price.read.split("-"))
        assert date(2026, 1, 1) <= date(year, month, *(day or [1])) <= date.today(), name
        assert price.source.startswith("https://"), name
        assert price.unit, name
        assert price.dollars is None or price.dollars > 0, name


def test_the_document_says_what_the_script_prints() -> None:
    """Between its marks, character by character: `infra/costs.py --write` brings it up to date."""
    _, _, rest = costs.COSTS.read_text().partition(costs.BEGIN)
    printed, end, _ = rest.partition(costs.END)

    assert end == costs.END
    assert printed.strip() == costs.report()


@dataclass(frozen=True)
class Row:
    """A line of a table of costs.md, read as a person reads it."""

    what: str
    quantity: str
    price: str
    dollars: tuple[str, ...]

    def amount(self, interviews: int, spoken: float) -> float:
        """Work the formula out with a pocket calculator."""
        formula, _, least = self.quantity.replace(",", "").partition(" at least ")
        formula = re.sub(r"([\d.]+) ([NV])", r"\1 * \2", formula)
        assert re.fullmatch(r"[\d.+* NV]*", formula), formula
        value = eval(formula, {"N": interviews, "V": interviews * spoken})
        return max(float(value), float(least or 0))


def tables() -> list[list[Row]]:
    """The two tables of costs: in text, and with half of the interviews by voice."""
    found = re.findall(r"^\| what \|.*\n\| ---.*\n((?:\|.*\n)+)", costs.COSTS.read_text(), re.MULTILINE)
    read = [[[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()] for table in found]
    return [[Row(what, quantity, price, tuple(rest)) for what, quantity, _, price, *rest in table] for table in read]


@pytest.mark.parametrize(("number", "spoken"), [(0, 0.0), (1, 0.5)])
def test_each_line_is_its_formula_times_its_price(number: int, spoken: float) -> None:
    """What the table shows can be worked out from what the table shows and the list of prices."""
    for row in tables()[number][:-1]:
        price = costs.PRICES[row.price]
        for interviews, shown in zip(costs.MONTHS, row.dollars, strict=True):
            if price.dollars is None:
                assert shown == "ask", row.what
            elif price.source != costs.LIVEKIT:  # whose plan is another one in another month
                expected = max(0.0, row.amount(interviews, spoken) - price.free) / price.per * price.dollars
                assert float(shown.replace(",", "")) == pytest.approx(expected, rel=0.001, abs=0.006), row.what


@pytest.mark.parametrize("number", [0, 1])
def test_the_tables_add_up(number: int) -> None:
    """The last line is the sum of all others that are no question."""
    *lines, sums = tables()[number]
    for column, shown in enumerate(sums.dollars):
        cents = [float(row.dollars[column].replace(",", "")) for row in lines if row.dollars[column] != "ask"]
        assert float(shown.strip("*").replace(",", "")) == pytest.approx(sum(cents), abs=0.005 * len(lines))


def test_of_livekits_plans_the_cheaper_one_is_taken() -> None:
    """Ship for few spoken interviews, Scale for many."""
    fees = [
        next(line.dollars for line in costs.cost(number, costs.Deployment(spoken=1.0)) if line.what.endswith("plan"))
        for number in (100, 100_000)
    ]

    assert fees == [50.0, 500.0]


def test_a_limit_bites_when_the_busiest_moment_reaches_it() -> None:
    """Ten interviews of twenty minutes at once are half a one a minute; a cap on days knows no busiest moment."""
    at_once = costs.Limit("", 10, "at once", 20, "")
    a_day = costs.Limit("", 1_000, "day", 1, "")

    assert at_once.bites_at == pytest.approx(0.5 * 43_800 / 3)
    assert a_day.bites_at == pytest.approx(1_000 * 365 / 12)


def test_the_models_are_those_that_are_asked() -> None:
    """By default, in the order of the settings."""
    assert costs.MODELS == (DEFAULT_MODEL, DEFAULT_FALLBACK_MODEL)


def test_the_limits_are_those_of_the_deployment() -> None:
    """Where somebody changes a default of Terraform, another limit may be the first to bite."""
    variables, functions = (TERRAFORM / "variables.tf").read_text(), (TERRAFORM / "locals.tf").read_text()
    queue = (TERRAFORM / "tasks.tf").read_text()
    next_turn, stage_timeout = (functions[functions.index(f"{name} = {{") :] for name in ("next_turn", "stage_timeout"))
    said = [
        _number(r"interviews_per_day\s+= optional\(number, (\d+)\)", variables),
        _number(r"tokens_per_day +(?:=) optional\(number, (\d+)\)", variables),
        _number(r'variable "max_instances" \{[^}]*?default +(?:=) (\d+)', variables),
        _number(r"concurrency +(?:=) (\d+)", next_turn),
        _number(r"concurrency +(?:=) (\d+)", stage_timeout),
        _number(r"max_instances +(?:=) (\d+)", stage_timeout),
        _number(r"max_dispatches_per_second = (\d+)", queue),
        _number(r"min = optional\(number, (\d+)\)", variables),
        _number(r"max = optional\(number, (\d+)\)", variables),
    ]

    assert said == [
        costs.INTERVIEWS_PER_DAY,
        costs.TOKENS_PER_DAY,
        costs.MAX_INSTANCES,
        costs.CONCURRENCY,
        costs.CONCURRENCY,
        costs.READING_INSTANCES,
        costs.DISPATCHES_PER_SECOND,
        costs.FEWEST_WORKERS,
        costs.MOST_WORKERS,
    ]


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    assert found, pattern
    return int(found[1])


def test_writing_touches_nothing_but_the_tables(tmp_path: Path) -> None:
    """What people wrote around them stays."""
    document = tmp_path / "costs.md"
    document.write_text(f"before\n{costs.BEGIN}\nold\n{costs.END}\nafter\n")

    costs.write(document)

    assert document.read_text() == f"before\n{costs.BEGIN}\n\n{costs.report()}\n\n{costs.END}\nafter\n"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--interviews", "1000"], 0, f"| **{costs.total(costs.cost(1_000, costs.TEXT)):,.2f}** |"),
        (["--interviews", "1000", "--voice-share", "1", "--worker-home", "livekit_cloud"], 0, "| Voice: worker |"),
        (["--interviews", "-1"], 2, "--interviews is a number of interviews"),
        (["--interviews", "1000", "--voice-share", "20"], 2, "--voice-share is a share"),
        (["--interviews", "1000", "--warm-instances", "-5"], 2, "--warm-instances is a number of instances"),
    ],
)
def test_a_team_asks_for_a_month_of_its_own(arguments: list[str], code: int, says: str) -> None:
    """By the standard library alone."""
    ran = subprocess.run([sys.executable, "-S", SCRIPT, *arguments], capture_output=True, text=True, check=False)

    assert ran.returncode == code
    assert says in ran.stdout + ran.stderr
