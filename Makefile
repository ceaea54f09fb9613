# Hedui (核对). `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := .tools/bin/uv
RESIDENTS ?= 20000
AS_OF ?= 2026-11-20
SEED ?= 1
RATE ?= 30
RATE_AT_NIGHT ?= 20
SECONDS ?= 120
DEMO := demo
WORKSPACE ?= $(DEMO)/workspace

export UV_PYTHON_DOWNLOADS := never
# Quiet and offline: no telemetry leaves the machine, Prefect keeps its files in the project.
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export PREFECT_HOME := $(CURDIR)/.prefect
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help setup demo serve bench bench-intake bench-rules bench-linking bench-checks bench-refusals test check fuzz check-code test-servers fmt clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ok ## install everything into .venv (hash-checked), with .venv/bin/hedui

$(UV): requirements/tools.lock
	@echo "fetching the installer"
	@$(PYTHON) -m pip install --quiet --upgrade --require-hashes --target .tools -r requirements/tools.lock
	@touch $(UV)

$(VENV)/.ok: requirements/dev.lock pyproject.toml $(UV)
	@echo "installing the locked requirements into $(VENV)"
	@$(UV) venv --quiet --clear --python $(PYTHON) $(VENV)
	@$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/dev.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(VENV)/.ok ## make a fictional district and check it (RESIDENTS=20000 AS_OF=2026-11-20 SEED=1)
	@rm -rf $(DEMO)
	@$(BIN)/hedui simulate --residents $(RESIDENTS) --as-of $(AS_OF) --seed $(SEED) --out $(DEMO)/inbox
	@$(BIN)/hedui run --prefect --inbox $(DEMO)/inbox --policy rules/policy/990102.yaml --as-of $(AS_OF) \
	  --workspace $(DEMO)/workspace
	@echo "在浏览器中查看、核对一个家庭（in a browser）：make serve"

serve: $(VENV)/.ok ## serve the demonstration at http://127.0.0.1:8000 (makes it and a user when there is none)
	@[ -d $(DEMO)/workspace ] || $(MAKE) --no-print-directory demo
	@$(BIN)/hedui users list --workspace $(DEMO)/workspace | grep -q '^demo' || \
	  $(BIN)/hedui users add demo --workspace $(DEMO)/workspace --role county --division 990102 --full-name 示范
	@$(BIN)/hedui serve --workspace $(DEMO)/workspace

bench: bench-intake ## the same as bench-intake

bench-intake: $(VENV)/.ok ## time intake of a full evening beside DuckDB alone (RESIDENTS, AS_OF)
	@$(BIN)/python -m benchmarks.intake --residents $(RESIDENTS) --as-of $(AS_OF)

bench-checks: WORLD ?= bench/checks-$(RESIDENTS)
bench-checks: $(VENV)/.ok ## checks a second (RESIDENTS, AS_OF, SEED; RATE=30 SECONDS=120; WORLD=folder of inbox and workspace)
	@[ -d $(WORLD)/workspace/snapshots ] || { \
	  $(BIN)/hedui simulate --residents $(RESIDENTS) --as-of $(AS_OF) --seed $(SEED) --out $(WORLD)/inbox && \
	  $(BIN)/hedui run --inbox $(WORLD)/inbox --policy rules/policy/990102.yaml --as-of $(AS_OF) \
	    --workspace $(WORLD)/workspace > /dev/null; }
	@$(BIN)/python -m benchmarks.checks --workspace $(WORLD)/workspace --rate $(RATE) --seconds $(SECONDS)
	@$(BIN)/python -m benchmarks.checks --workspace $(WORLD)/workspace --rate $(RATE_AT_NIGHT) \
	  --seconds $(SECONDS) --during $(WORLD)/inbox --as-of $(AS_OF)

bench-refusals: $(VENV)/.ok ## whether the time of a refusal tells anything, over WORKSPACE
	@$(BIN)/python -m benchmarks.refusals --workspace $(WORKSPACE)

test: $(VENV)/.ok test-servers ## run everything: formats, types, floors, and the whole test suite
	@$(MAKE) --no-print-directory check-code
	@$(BIN)/python -m pytest -q

check: $(VENV)/.ok check-code ## formats, types, floors and the fast tests
	@$(BIN)/python -m pytest -q tests/unit --ignore tests/unit/simulation

fuzz: $(VENV)/.ok ## the tests that make up their input, a hundred times as long (readers, archives, normalisers)
	@HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest -q tests/unit/sources tests/unit/domain -m hypothesis

check-code: $(VENV)/.ok
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

# Tests start their own servers; what those need and is not here is installed (Debian, as root).
test-servers:
	@scripts/install-test-servers

fmt: $(VENV)/.ok ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench-rules: $(VENV)/.ok ## how fast the rules are, over the night of WORKSPACE and one household of it
	@$(BIN)/python -m benchmarks.rules $(WORKSPACE)

bench-linking: RESIDENTS := 200000
bench-linking: SEED := 3
bench-linking: $(VENV)/.ok ## our linking beside Splink 5 and a bare join (RESIDENTS=200000 SEED=3, or INBOX of a simulated district; EVERYBODY=1: Splink also for everybody)
	@$(BIN)/python -m benchmarks.linking --residents $(RESIDENTS) --seed $(SEED) $(if $(INBOX),--inbox $(INBOX)) $(if $(EVERYBODY),--everybody)

clean: ## remove what the targets above made
	rm -rf $(VENV) .tools $(DEMO) .prefect bench build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
