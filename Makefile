# `make help` lists what there is. Everything runs in .venv/, made from the lock files on first use.

PYTHON ?= python3
PORT   ?= 8000
DATA   ?= data
TCK    ?= ../shared/dmn-tck
BIN    := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run test lint audit format bench bench-pages screenshots conformance assets lock clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 16

run: .venv/.run .venv/.web ## Start the service with an embedded database and demo data (PORT=8000 DATA=data)
	$(BIN)/aidflow serve --demo --port $(PORT) --data "$(DATA)"

test: lint .venv/.web .venv/.browser ## Check the house rules, then run every test
	$(BIN)/pytest -n 2 --dist worksteal

lint: .venv/.dev audit ## Style, types, import contracts, and the audit
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet . || (echo "Run 'make format'." && exit 1)
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

audit: .venv/.dev ## Look for secrets in the files and for known holes in the dependencies
	$(BIN)/python -m tests.audit

format: .venv/.dev ## Put the code into house format
	$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

bench: .venv/.dev ## Measure a running server, the floor beside it, and the expression language
	$(BIN)/python -m bench

bench-pages: .venv/.dev .venv/.web .venv/.browser ## Measure the pages: Lighthouse on a phone, bytes, server time with 100,000 cases
	$(BIN)/python -m bench.pages

screenshots: .venv/.dev .venv/.web .venv/.browser ## Take the README's pictures anew, in docs/screenshots
	$(BIN)/python -m tests.browser.screenshots

conformance: .venv/.dev ## Run the DMN TCK in a folder (TCK=../shared/dmn-tck)
	$(BIN)/python -m tests.conformance "$(TCK)"

assets: .venv/.web ## Make the browser files (scripts, styles) where their sources changed

lock: .venv/.dev ## Resolve the lock files anew
	$(BIN)/uv pip compile --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --quiet pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --quiet pyproject.toml --group dev --constraints requirements.lock --output-file requirements-dev.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --quiet --group build --output-file requirements-build.lock

clean: ## Remove the environment and caches (not the data)
	rm -rf .venv web/static/build web/assets/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis

# Debian keeps `venv` in a package of its own: as root it is installed, else its name is said.
.venv/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "aidflow needs Python 3.11 or later; set PYTHON=/path/to/python3" && exit 1)
	@$(PYTHON) -m venv --clear .venv || (apt-get update -qq && apt-get install -y -qq python3-venv && $(PYTHON) -m venv --clear .venv) \
		|| (echo "Python's venv is missing; install the package python3-venv" && exit 1)
	@touch $@

.venv/.run: .venv/.made requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/.node: .venv/.made requirements-build.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-build.lock
	@touch $@

# Styles that no template names are left out, so the templates are sources too.
.venv/.web: .venv/.node .venv/.run $(shell find web/assets web/templates -type f -not -path '*/node_modules/*' 2>/dev/null)
	@echo "making the browser files …"
	@$(BIN)/python -m web.build
	@touch $@

.venv/.browser: .venv/.dev tests/browser/install.py
	@$(BIN)/python -m tests.browser.install
	@touch $@
