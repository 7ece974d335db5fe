# Two commands are enough on a fresh machine with Python 3.11+: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One more than processors: tests of crashes and reconnections wait much of their time.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
STAMP := $(VENV)/.installed

.PHONY: help install demo test check bench soak fmt lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(STAMP): requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Tocsin needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

install: $(STAMP) ## Set up .venv with pinned parts

demo: $(STAMP) ## Run the bot in a local Slack, in your browser
	$(BIN)/tocsin demo

test: $(STAMP) ## Run every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

check: $(STAMP) ## Format, lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: $(STAMP) ## Put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(STAMP) ## Measure beside a Bolt app that does nothing; FULL=1: at full scale, hours
	$(BIN)/python -m bench $(if $(FULL),--full)

soak: $(STAMP) ## Every fault at full scale: crashes, weather, malformed payloads, a busy hour, a month of reminders
	$(BIN)/python -m bench.soak $(PARTS)

lock: $(STAMP) ## Pin the parts anew, with hashes
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --extra pdf --extra postgres -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header pyproject.toml --extra pdf --extra postgres --group dev -o requirements-dev.lock

clean: ## Remove .venv and caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
