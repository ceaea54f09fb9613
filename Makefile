# Hedui (核对). `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := .tools/bin/uv
RESIDENTS ?= 20000
AS_OF ?= 2026-11-20
SEED ?= 1
DEMO := demo

export UV_PYTHON_DOWNLOADS := never
# Quiet and offline: no telemetry leaves the machine, Prefect keeps its files in the project.
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export PREFECT_HOME := $(CURDIR)/.prefect
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fmt bench clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ok ## install everything into .venv (hash-checked), with .venv/bin/hedui

$(UV): requirements/tools.lock
	@echo "fetching the installer"
	@$(PYTHON) -m pip install --quiet --upgrade --require-hashes --target .tools -r requirements/tools.lock
	@touch $(UV)

$(VENV)/.ok: requirements/dev.lock pyproject.toml $(UV)
	@echo "installing the locked requirements into $(VENV)"
	@$(UV) venv --quiet --clear --python $(PYTHON) $(VENV)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

bench: $(VENV)/.ok ## time intake of a full evening beside DuckDB alone (RESIDENTS=...)
	@$(BIN)/python benchmarks/intake.py --residents $(RESIDENTS) --as-of $(AS_OF)

clean: ## remove what the targets above made
	rm -rf $(VENV) .tools $(DEMO) .prefect build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
