# make demo   set up, and replay the outage of a region
# make test   set up, and run every quick check
# make help   the rest
# Needs Python 3.11 or newer and make. Everything is installed into .venv; a set-up that is up to date is not repeated.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14 python; do \
  $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
DEMO := milan-goes-dark
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal
PYTEST_ARGS ?=
# tests of whole runs, most of them thousands of requests long, and of compilation
LONG := twin validation traps examples reproducibility kernels fuzz test_times.py

.DEFAULT_GOAL := help
.PHONY: help demo test test-fast test-middle test-slow warm lint bench bench-check rivals notebook images schemas arrays pages profile wheel clean

help:
	@echo "make demo         set up, and replay $(DEMO): summary, verdict, pictures and result files in results/$(DEMO)"
	@echo "make test         set up, and run every quick test"
	@echo "make test-fast    those that neither run whole experiments nor compile, while you work"
	@echo "make test-middle  more drawn examples of some quick tests"
	@echo "make test-slow    the validation at full sample size"
	@echo "make lint         style and types"
	@echo "make bench        the benchmarks"
	@echo "make bench-check  whether anything takes longer than with the commit of the last kept benchmarks"
	@echo "make rivals       the same questions asked of other simulators, each in an environment of its own"
	@echo "make notebook     execute the notebooks and store what they show"
	@echo "make images       the pictures of the README"
	@echo "make schemas      the JSON Schemas of docs/schema"
	@echo "make pages        the tables of measures, of the result and of costs in docs"
	@echo "make arrays       the list of arrays in docs/arrays.md"
	@echo "make profile      how often each line of a kernel runs, which the compiler is told"
	@echo "make wheel        a wheel with machine code for this platform, in dist"
	@echo "make clean        remove .venv, results and caches"

demo: .venv/installed
	$(BIN)/simulator run experiments/$(DEMO).yaml --out results/$(DEMO)

test: warm
	$(PYTEST) $(PYTEST_ARGS)

test-fast: warm
	$(PYTEST) $(addprefix --ignore=tests/,$(LONG)) $(PYTEST_ARGS)

test-middle: warm
	$(PYTEST) -m "middle and not slow" $(PYTEST_ARGS)

test-slow: warm
	$(PYTEST) -m slow $(PYTEST_ARGS)

# ahead of the workers, of which one would compile while the others wait
warm: .venv/installed-dev
	@$(BIN)/simulator warm-up

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/installed-dev
	$(BIN)/python -m benchmarks

bench-check: .venv/installed-dev
	$(BIN)/python -m benchmarks.check

rivals: .venv/installed-dev
	$(BIN)/python -m benchmarks.rivals

notebook: .venv/installed-dev
	$(BIN)/jupytext --quiet --to ipynb notebooks/*.py
	cd notebooks && ../$(BIN)/jupyter-execute --inplace *.ipynb

images: demo
	mkdir -p docs/images
	cp results/$(DEMO)/service.png docs/images/$(DEMO)-service.png
	cp results/$(DEMO)/recovery.png docs/images/$(DEMO)-recovery.png

schemas: .venv/installed
	$(BIN)/simulator schema --write docs/schema

pages: .venv/installed-dev
	$(BIN)/python -m tests.measure.pages
	$(BIN)/python -m benchmarks.performance_page

arrays: .venv/installed-dev
	$(BIN)/python -m tests.boundary.arrays

profile: .venv/installed-dev
	$(BIN)/python -m benchmarks.profile

# takes a minute: everything is compiled anew, in an environment of its own
wheel: .venv/bin/python
	HATCH_BUILD_HOOK_ENABLE_CUSTOM=true $(PIP) wheel --no-deps --wheel-dir dist .

clean:
	rm -rf .venv results build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# the environment

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with the venv module is needed" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	@echo "Setting up .venv ..."
	$(PIP) install --editable .
	@touch $@

.venv/installed-dev: pyproject.toml | .venv/bin/python
	@echo "Setting up .venv with what the tests need ..."
	$(PIP) install --editable '.[dev,notebook]'
	@touch $@ .venv/installed
