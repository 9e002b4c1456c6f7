# Everything runs in .venv, which is made from any Python >= 3.11 with the pinned requirements.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
# Twice the cores of a small machine: tests wait for processes, not for a processor alone.
JOBS ?= 4

# What is compiled is kept for all the processes of a run, whatever the shell says.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo soak mutants thorough test lint types collected all-but-types tests bench lock clean

help:
	@echo "make demo    try the inbox: a simulated shop with customers and colleagues"
	@echo "make test    everything CI checks: lint, types, import contracts, tests"
	@echo "make soak    generated histories for as long as asked: MINUTES=30 or STEPS=200000"
	@echo "make mutants  change one thing in assignment/ at a time: does a test notice?"
	@echo "make thorough  the slow journeys and longer generated histories"
	@echo "make lint    the linters and the import contracts alone"
	@echo "make bench   the benchmarks, each a ratio against a floor of the same run"
	@echo "make lock    pin the requirements anew"
	@echo "make clean   remove .venv and everything made"

demo: $(VENV)/.runtime
	@$(BIN)/inbox-tui demo

# The types take one core for a while: all else runs beside them.
test: $(VENV)/.dev
	@$(MAKE) --no-print-directory --jobs=2 types all-but-types

all-but-types: $(VENV)/.dev
	@$(MAKE) --no-print-directory lint
	@$(MAKE) --no-print-directory collected
	@$(MAKE) --no-print-directory tests

lint: $(VENV)/.dev
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/lint-imports

types: $(VENV)/.dev
	$(BIN)/mypy

# What each process of the tests would else compile for itself.
collected: $(VENV)/.dev
	@$(BIN)/python -m compileall -q src
	@mkdir -p build && $(BIN)/pytest --collect-only -qq > build/collected.txt \
		|| { cat build/collected.txt; exit 1; }

tests: $(VENV)/.dev
	$(BIN)/pytest -n $(JOBS) --dist worksteal -m "not thorough"

# What takes too long for every change: the slow journeys, every case of the long tables, new
# examples for the property tests, and longer generated histories.
thorough: $(VENV)/.dev
	$(BIN)/pytest -n $(JOBS) -m "thorough or hypothesis" --hypothesis-profile=search
	$(MAKE) soak MINUTES=10

# Generated histories against the naive rules: make soak MINUTES=30, or STEPS=200000.
# ONLY=engine or ONLY=shop, SEED=n to begin where a failure was.
soak: $(VENV)/.dev
	nice $(BIN)/python -m tests.soak $(if $(MINUTES),--minutes $(MINUTES)) \
		$(if $(STEPS),--steps $(STEPS)) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY))

# Changes one thing in assignment/ at a time, and sees whether a test of it notices.
mutants: $(VENV)/.dev
	nice $(BIN)/python -m tests.soak.mutants $(ARGS)

bench: $(VENV)/.dev
	@set -e; for benchmark in assignment list_keys start webhooks; do \
		echo "== $$benchmark"; $(BIN)/python -m benchmarks.$$benchmark; done

# The build backend is among the pinned requirements, so that nothing unpinned is fetched.
$(VENV)/.runtime: requirements.txt requirements-uv.txt pyproject.toml
	$(NEEDS_PYTHON)
	scripts/environment.sh $(PYTHON) $(VENV) requirements.txt --compile
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements-uv.txt pyproject.toml
	$(NEEDS_PYTHON)
	scripts/environment.sh $(PYTHON) $(VENV) requirements-dev.txt
	@touch $@ $(VENV)/.runtime

NEEDS_PYTHON = @test -n "$(PYTHON)" || \
	{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3" >&2; exit 1; }

# Pins may come from any index; none is named in the files.
COMPILE = env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL -u PIP_CONSTRAINT PIP_CONFIG_FILE=/dev/null \
	build/lock/bin/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-header \
	--no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock:
	rm -rf build/lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet pip-tools
	echo uv | $(COMPILE) -o requirements-uv.txt -
	$(COMPILE) --build-deps-for=editable -o requirements.txt pyproject.toml
	$(COMPILE) --build-deps-for=editable -o requirements-dev.txt --extra dev pyproject.toml
	@! grep -nE '://|^-|^[^#]* @ |file:/' requirements*.txt
	rm -rf build/lock

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .import_linter_cache .hypothesis .pytest_cache
