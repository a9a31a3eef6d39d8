"""What Terraform plans is what the functions, the worker, the page and the platform take."""

from __future__ import annotations

import json
import logging
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore

from infra.terraform import INFRA, ROOT, Plan
from interviewos.adapters.firestore.quota import FirestoreQuota
from interviewos.adapters.firestore.store import FirestoreStore
from interviewos.settings import DEFAULT_FALLBACK_MODEL, DEFAULT_MODEL, Settings
from interviewos.usecases.sweeping import sweep
from interviewos.web.app import BASE
from interviewos.web.endpoints import ENTRY_POINTS
from support.emulators import FirestoreEmulator, require
from support.fakes import Room
from support.hosting import why_not_built
from voice import settings as worker
from voice.framework import DRAIN_SECONDS

RUNS = ["by_default", "rotating", "gemini_by_key", "a_domain_and_app_check", "cloud_run", "gke", "livekit_cloud"]
RUNS += ["in_the_european_union", "behind_a_load_balancer"]
BY_THE_PLATFORM = {"K_SERVICE": "a-function"}
READ_BY_OTHERS = {"THREADS"}
"""By the production server."""
LONGEST_QUERY = 10_000


class Asked(dict[str, str]):
    """An environment that remembers what was looked up."""

    def __init__(self, values: dict[str, str]) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.names.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self.names.add(str(name))
        return super().__contains__(name)


def random_values(names: set[str]) -> dict[str, str]:
    """A value for each secret, as infra/set-secrets makes them."""
    return {name: secrets.token_urlsafe(32) for name in names}


@pytest.mark.parametrize("run", RUNS)
@pytest.mark.parametrize("function", ENTRY_POINTS)
def test_every_function_starts_with_what_it_is_told(planned: dict[str, Plan], run: str, function: str) -> None:
    """Its settings refuse nothing, and it reads all that it gets: what is set and not read is a misspelling."""
    told, secret_names = planned[run].environment(function)
    environment = Asked(told | random_values(secret_names) | BY_THE_PLATFORM)
    settings = Settings.from_env(environment)

    assert settings.deployed
    assert set(told) | secret_names <= environment.names | READ_BY_OTHERS


def test_voice_is_where_livekit_is(planned: dict[str, Plan]) -> None:
    """The health of next_turn tells the page whether there is voice; a function that closes rooms must reach them."""
    for run, voiced in (("by_default", set()), ("gke", set(ENTRY_POINTS) - {"create"})):
        told = {function for function in ENTRY_POINTS if "LIVEKIT_URL" in planned[run].environment(function)[0]}

        assert voiced == told


@pytest.mark.parametrize("run", ["cloud_run", "gke", "livekit_cloud"])
def test_the_worker_starts_with_what_it_is_told(planned: dict[str, Plan], run: str) -> None:
    """Wherever it runs."""
    outputs = planned[run].outputs
    settings = worker.Settings.from_env(outputs["worker_environment"] | random_values(set(outputs["worker_secrets"])))

    assert settings.next_turn_url != settings.backend_url


@pytest.mark.parametrize("function", ENTRY_POINTS)
def test_every_function_answers_where_its_health_is_asked(planned: dict[str, Plan], function: str) -> None:
    """The startup probe asks a path that the entry point has."""
    service = planned["by_default"].of("google_cloud_run_v2_service")[function]
    (probe,) = service["template"][0]["containers"][0]["startup_probe"]
    paths = {f"{BASE}/{route.path}" for route in ENTRY_POINTS[function] if route.method == "GET"}

    assert probe["http_get"][0]["path"] in paths


def test_the_model_is_named_once(planned: dict[str, Plan]) -> None:
    """The defaults here are those of the functions."""
    told, _ = planned["by_default"].environment("next_turn")

    assert (told["GEMINI_MODEL"], told["GEMINI_FALLBACK_MODELS"]) == (DEFAULT_MODEL, DEFAULT_FALLBACK_MODEL)


def test_the_page_leads_to_public_functions_alone(planned: dict[str, Plan]) -> None:
    """Each rewrite of firebase.json names a service that there is, where it is, and that lets everybody in."""
    rewrites = json.loads((ROOT / "hosting" / "firebase.json").read_text(encoding="utf-8"))["hosting"]["rewrites"]
    services = planned["by_default"].of("google_cloud_run_v2_service").values()
    public = {(each["name"], each["location"]) for each in services if each["invoker_iam_disabled"]}

    assert {(each["run"]["serviceId"], each["run"]["region"]) for each in rewrites} == public


@pytest.mark.parametrize("run", ["by_default", "a_domain_and_app_check", "gke", "behind_a_load_balancer"])
def test_the_page_is_built_from_what_terraform_says(planned: dict[str, Plan], run: str, tmp_path: Path) -> None:
    """infra/deploy-hosting refuses nothing of it, and the page gets what it asks for."""
    require(why_not_built())
    page = planned[run].outputs["page"]
    said = json.dumps({"page": {"value": page}})
    command = [sys.executable, INFRA / "deploy-hosting", "--build-only", "--to", tmp_path]
    built = subprocess.run(command, input=said, capture_output=True, text=True, check=False)

    assert built.returncode == 0, built.stderr
    config = json.loads((tmp_path / "public" / "config.json").read_text(encoding="utf-8"))
    assert config["nextTurnUrl"] == page["next_turn_url"]
    assert ("appCheck" in config) == (run == "a_domain_and_app_check")


@pytest.mark.emulator
def test_what_the_functions_ask_is_indexed(
    planned: dict[str, Plan], firestore_emulator: FirestoreEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The emulator answers every query, and reports which indexes Google would refuse to do without."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", firestore_emulator.host)
    client = firestore.Client("demo-indexes", credentials=AnonymousCredentials())
    now = datetime.now(UTC)
    FirestoreStore(client).due(now, limit=20)
    FirestoreQuota(client).of(now.date())
    needed = [each["index"] for each in firestore_emulator.index_usage("demo-indexes")["reports"]]
    made = planned["by_default"].of("google_firestore_index").values()

    assert len(needed) == 1
    assert [fields_of(each["fields"], "fieldPath") for each in needed] == [
        fields_of(each["fields"], "field_path") for each in made
    ]


def fields_of(fields: list[dict[str, str]], path: str) -> list[tuple[str, str]]:
    """The fields of an index in their order; the document's name is at the end of each, said or not."""
    return [(each[path], each["order"]) for each in fields if each[path] != "__name__"]


def test_alerts_and_charts_are_promql(planned: dict[str, Plan], checkers: Path) -> None:
    """As a parser of Prometheus reads it; a metric that we name is one that we make."""
    plan = planned["gke"]
    queries = [*alerts(plan), *charts(plan)]
    code = "import json, sys, promql_parser; [promql_parser.parse(query) for query in json.load(sys.stdin)]"
    parsed = subprocess.run(
        [checkers / "python", "-c", code], input=json.dumps(queries), capture_output=True, text=True, check=False
    )
    made = {each["name"] for each in plan.of("google_logging_metric").values()}

    assert parsed.stderr == ""
    assert len(queries) == 38
    for query in queries:
        ours = [part.split("{")[0] for part in query.split("logging_googleapis_com:user_")[1:]]
        assert {name.removesuffix("_bucket").removesuffix("_sum").removesuffix("_count") for name in ours} <= made
        assert len(query) < LONGEST_QUERY


def test_a_turn_is_counted_by_what_its_log_line_says(
    planned: dict[str, Plan], caplog: pytest.LogCaptureFixture
) -> None:
    """A metric of a field that no line has would stand at nothing and look well."""
    caplog.set_level(logging.INFO, "interviewos")
    Room().start()
    (line,) = (record for record in caplog.records if record.getMessage() == "turn answered")
    metrics = planned["by_default"].of("google_logging_metric").values()
    of_turns = [json.dumps(each) for each in metrics if "turn answered" in each["filter"]]
    counted = set(re.findall(r"jsonPayload\.(\w+)", " ".join(of_turns))) - {"message"}

    assert len(of_turns) == 8
    assert counted <= set(vars(line))


def test_a_sweep_is_measured_by_what_its_log_line_says(
    planned: dict[str, Plan], caplog: pytest.LogCaptureFixture
) -> None:
    """What is left unsaid wakes nobody."""
    caplog.set_level(logging.INFO, "interviewos")
    room = Room()
    room.start()
    room.clock.advance(211)
    sweep(room.turns, room.clock.now())
    (line,) = (record for record in caplog.records if record.getMessage() == "swept")
    metrics = planned["by_default"].of("google_logging_metric").values()
    measured = {each["value_extractor"] for each in metrics if "swept" in each["filter"]}

    assert measured == {"EXTRACT(jsonPayload.left)"}
    assert "left" in vars(line)


def alerts(plan: Plan) -> Iterator[str]:
    """What the alerts ask."""
    for alert in plan.of("google_monitoring_alert_policy").values():
        for condition in alert["conditions"]:
            yield from (each["query"] for each in condition["condition_prometheus_query_language"])


def charts(plan: Plan) -> Iterator[str]:
    """What the dashboard asks."""
    (dashboard,) = plan.of("google_monitoring_dashboard").values()
    for tile in json.loads(dashboard["dashboard_json"])["mosaicLayout"]["tiles"]:
        for line in tile["widget"].get("xyChart", {"dataSets": []})["dataSets"]:
            yield line["timeSeriesQuery"]["prometheusQuery"]


def test_the_manifest_of_the_worker_is_kubernetes(planned: dict[str, Plan], checkers: Path, tmp_path: Path) -> None:
    """By the schemas of Kubernetes; only the class of the secrets' driver is not in them."""
    documents = list(yaml.safe_load_all(planned["gke"].outputs["worker_manifest"]))
    known = [document for document in documents if document["kind"] != "SecretProviderClass"]
    manifest = tmp_path / "worker.yaml"
    manifest.write_text(yaml.safe_dump_all(known), encoding="utf-8")
    command = [checkers / "kubernetes-validate", "--strict", "--no-warn", manifest]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert (len(known), len(documents)) == (5, 6)


def test_kubernetes_starts_what_the_image_starts(planned: dict[str, Plan]) -> None:
    """With the interpreter that has the worker's packages."""
    dockerfile = (ROOT / "agent_service" / "Dockerfile").read_text(encoding="utf-8")
    started = " ".join(json.loads(re.findall(r"^CMD (.*)$", dockerfile, re.MULTILINE)[-1]))

    assert f"exec {started}" in planned["gke"].outputs["worker_manifest"]


def test_kubernetes_lets_the_worker_end_its_interviews(planned: dict[str, Plan]) -> None:
    """It is killed after the worker itself has stopped to wait for them."""
    documents = yaml.safe_load_all(planned["gke"].outputs["worker_manifest"])
    (deployment,) = (document for document in documents if document["kind"] == "Deployment")

    assert deployment["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] > DRAIN_SECONDS
