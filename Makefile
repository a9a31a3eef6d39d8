# One word for each thing that people do here; .github/CONTRIBUTING.md says when.

export PYTHON ?= python3
unexport PYTHONDONTWRITEBYTECODE # or each process compiles the tests, and what it starts, anew
BIN := .venv/bin
RUN := PYTHONPATH=functions $(BIN)/python
INSTALL := @agent_service/install-lock .venv
VOICE_LOCK := agent_service/requirements.txt
SPEECH_LOCK := agent_service/requirements-local.txt
LOCK := $(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-strip-extras \
	--no-emit-index-url --no-annotate --no-header

.PHONY: install tools dev voice test test-full lint fmt bench screenshots smoke lock clean

install: ## everything that development needs
	$(INSTALL) tests/requirements.txt

tools: install # what the tests need besides
	@tests/install-tools

dev: ## an interview at http://127.0.0.1:8080
	$(INSTALL) functions/requirements.txt
	@$(RUN) -m interviewos.dev

voice: ## the same by voice: speech in and out, no key, no cloud
	$(INSTALL) functions/requirements.txt
	$(INSTALL) $(SPEECH_LOCK)
	@agent_service/install-livekit-server
	@PYTHONPATH=functions:agent_service $(BIN)/python -m local_stack

test: tools ## every test but the long ones, real parts included; four at a time, since most of them wait, but for those that go by the clock
	$(BIN)/pytest -n 4 -m "not long and not alone"
	$(BIN)/pytest -m "not long and alone"

test-full: tools ## the long ones too: outages, kills, histories
	$(BIN)/pytest -n 4 -m "not alone"
	$(BIN)/pytest -m "alone"

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@hosting/install
	hosting/node_modules/.bin/tsc --project hosting

fmt: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## figures, never asserted
	PYTHONPATH=functions:agent_service:tests $(BIN)/python tests/bench/beside.py
	PYTHONPATH=functions:agent_service:tests $(BIN)/python tests/bench/turns.py
	PYTHONPATH=functions:agent_service:tests $(BIN)/python tests/bench/local_speech.py
	PYTHONPATH=functions:agent_service:tests $(BIN)/python tests/bench/patience.py
	PYTHONPATH=functions:agent_service:tests $(BIN)/python tests/bench/spoken_turns.py

screenshots: tools ## every state of the page, in .cache/screenshots
	PYTHONPATH=functions:agent_service:tests $(BIN)/python -m browser.screenshots

smoke: ## an interview with a deployment at BASE; WAIT: seconds to wait for a stage's clock
	@infra/smoke "$(BASE)" --wait $(or $(WAIT),240)

lock: install ## after a change of dependencies in pyproject.toml
	$(LOCK) pyproject.toml --extra dev --group voice --group speech -o tests/requirements.txt
	@# uv keeps the versions that it finds: these begin with the ones above.
	@tee functions/requirements.txt $(VOICE_LOCK) $(SPEECH_LOCK) <tests/requirements.txt >/dev/null
	$(LOCK) pyproject.toml -o functions/requirements.txt
	$(LOCK) --group voice -o $(VOICE_LOCK)
	$(LOCK) --group voice --group speech -o $(SPEECH_LOCK)
	$(LOCK) --group checkers -o tests/infra/requirements.txt
	$(LOCK) --group clients -o tests/clients/requirements.txt

clean:
	rm -rf .venv .venv.old .cache .interviewos
