# One word for each thing that people do here; README.md says when.

PYTHON ?= python3
BIN := .venv/bin
RUN := PYTHONPATH=functions $(BIN)/python

.PHONY: install dev voice test test-full lint fmt lock bench screenshots smoke clean

install: .venv/dev.done ## everything that development needs

dev: .venv/run.done ## an interview at http://127.0.0.1:8080
	@$(RUN) -m interviewos.dev

voice: .venv/run.done .venv/voice.done ## the same by voice: speech in and out, no key, no cloud
	@agent_service/install-livekit-server
	@PYTHONPATH=functions:agent_service $(BIN)/python -m laptop

test: .venv/dev.done .venv/tools.done ## every test but the long ones, real parts included
	$(BIN)/pytest -m "not long"

test-full: .venv/dev.done .venv/tools.done ## the long ones too: outages, kills, histories
	$(BIN)/pytest

lint: .venv/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fmt: .venv/dev.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev.done ## figures, never asserted
	PYTHONPATH=functions:agent_service:tests $(BIN)/python tests/bench/turns.py
	PYTHONPATH=functions:agent_service:tests $(BIN)/python tests/bench/speech.py
	PYTHONPATH=functions:agent_service:tests $(BIN)/python tests/bench/spoken_turns.py

screenshots: .venv/dev.done .venv/tools.done ## every state of the page, in .cache/screenshots
	PYTHONPATH=functions:agent_service:tests $(BIN)/python -m browser.screenshots

smoke: ## an interview with a deployment at BASE; WAIT: seconds to wait for a stage's clock
	@infra/smoke "$(BASE)" --wait $(or $(WAIT),240)

lock: .venv/dev.done ## after a change of dependencies in pyproject.toml
	$(BIN)/uv pip compile -q pyproject.toml --extra dev --group voice --group speech $(LOCK) -o tests/requirements.txt
	$(BIN)/uv pip compile -q pyproject.toml $(LOCK) -c tests/requirements.txt -o functions/requirements.txt
	$(BIN)/uv pip compile -q --group voice $(LOCK) -c tests/requirements.txt -o agent_service/requirements.txt
	$(BIN)/uv pip compile -q --group voice --group speech $(LOCK) -c tests/requirements.txt -o agent_service/requirements-local.txt

LOCK := --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run.done: functions/requirements.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r functions/requirements.txt
	@touch $@

.venv/voice.done: agent_service/requirements-local.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r agent_service/requirements-local.txt
	@touch $@

.venv/dev.done: tests/requirements.txt | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r tests/requirements.txt
	@touch $@ .venv/run.done .venv/voice.done

.venv/tools.done: tests/install-tools tests/install-infra-tools tests/browser/package-lock.json tests/hosting/package-lock.json | .venv/dev.done
	tests/install-tools
	@touch $@

clean:
	rm -rf .venv .cache .interviewos
