# Every target does its own set-up: it needs only Python >= 3.11, git and make.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3 python; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin
COMPILER := .venv/.compiler
READY := .venv/.ready
SDKS := .venv-sdks/.ready
PEERS := .venv-peers/.ready
# Install into the environment $(VENV). The host's pip does it: only where there is none
# (or one older than --python) does the environment get its own, which takes as long as all that compiling needs.
VENV := .venv
define INSTALL
  python="$(PYTHON)"; \
  test -n "$$python" || \
    { echo "routecomp needs Python 3.11 or newer: install it, or run make PYTHON=/path/to/python3"; exit 2; }; \
  echo "setting up $(VENV) with $$python (once)"; \
  test -x $(VENV)/bin/python || $$python -m venv --clear --without-pip $(VENV) || exit 2; \
  if $$python -c 'import pip; assert tuple(map(int, pip.__version__.split(".")[:2])) >= (22, 3)' 2>/dev/null; \
  then pip="$$python -m pip --python $(VENV)/bin/python"; \
  else pip="$(VENV)/bin/python -m pip"; $(VENV)/bin/python -m ensurepip >/dev/null || exit 2; fi; \
  $$pip install --quiet --disable-pip-version-check --editable
endef

.DEFAULT_GOAL := help
.PHONY: help setup compile test quick lint refresh changelog sdks peers hard mutants bench clean

help:  ## say what each target does
	@echo "routecomp: LLM routing policy, compiled and proven"
	@echo
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

$(COMPILER): pyproject.toml
	@$(INSTALL) .
	@touch $(COMPILER)

$(READY): pyproject.toml
	@$(INSTALL) '.[dev,dev-servers]'
	@touch $(COMPILER) $(READY)

$(SDKS): VENV := .venv-sdks
$(SDKS): pyproject.toml
	@$(INSTALL) '.[dev-sdks]'
	@$(PYTHON) -m pip --python $(VENV)/bin/python install --quiet --disable-pip-version-check \
	  --target $(VENV)/older 'openai>=1.109,<2'  # of two majors the same errors are judged
	@touch $(SDKS)

$(PEERS): VENV := .venv-peers
$(PEERS): pyproject.toml
	@$(INSTALL) '.[dev-peers]'
	@touch $(PEERS)

setup: $(READY)  ## make .venv with routecomp and its developer tools

compile: $(COMPILER)  ## compile the living example (routes/, policies/, experiments/) into generated/
	@$(BIN)/routecomp compile

test: $(READY)  ## run the tests
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal

quick: $(READY)  ## run the tests of the edit loop, which cost a small part of the whole suite
	@$(BIN)/python -m tests.quick

lint: $(READY)  ## ruff format and check, mypy --strict and the import order of the house
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q tests/test_imports.py

refresh: $(READY)  ## rewrite goldens, rule pages, schemas and generated/; then read the diff as its reviewer
	@$(BIN)/python -m tests.refresh

changelog: $(READY)  ## show what the fragments in changelog.d/ will add to CHANGELOG.md
	@$(BIN)/towncrier build --draft --version "the next release"

sdks: $(READY) $(SDKS)  ## install the providers' SDKs into .venv-sdks, and record again what they send
	@$(BIN)/python -m tests.sdks.record

peers: $(READY) $(PEERS)  ## install the packages that we stand beside (LiteLLM, OpenFeature) into .venv-peers

hard: $(READY) $(SDKS) $(PEERS)  ## the long runs: differential, kill, fuzz, the providers' SDKs
	@ROUTECOMP_HARD=1 $(BIN)/python -m pytest -q -m hard

mutants: $(READY)  ## break what decides, one change at a time, and see the tests fail (MUTANTS=FILE: of one file)
	@$(BIN)/python -m tests.mutants.run $(MUTANTS)

bench: $(READY)  ## what the speed claims rest on; prints figures, floors and the machine
	@for f in benchmarks/*.py; do echo "== $$f"; $(BIN)/python $$f || exit 1; done

clean:  ## remove what the targets made (not generated/)
	@rm -rf .venv .venv-sdks .venv-peers .pytest_cache .mypy_cache .ruff_cache .hypothesis .routecomp
