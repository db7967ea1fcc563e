# Two commands do everything: `make demo` and `make test`. `make check` is what CI runs beside the tests.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= $(shell getconf _NPROCESSORS_ONLN)
# pip would compile every module it installs, one after the other. Most of them are models of transformers that nobody
# loads: they are left out (PyTorch's, too), and the others are compiled on all cores.
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-compile --constraint constraints.txt
COMPILE := $(BIN)/python -m compileall -q -j 0 -x '/(transformers|torch|sympy|networkx|pip|setuptools)/' \
	$(VENV)/lib news feeds summarizer storage bot

.PHONY: demo test test-models test-image check audit format coverage picture bench soak clean
demo: $(VENV)/core
	@$(BIN)/attache demo

test: $(VENV)/test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder

test-models: $(VENV)/models
	$(BIN)/python -m pytest -m models $$(grep -rl --include='*.py' 'mark\.models' tests)

# Takes the Dockerfile's own steps on this machine, without a container engine.
test-image: $(VENV)/test
	$(BIN)/python -m pytest -m image

check: $(VENV)/check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/hadolint --failure-threshold info Dockerfile deploy/proxy/Dockerfile

audit: $(VENV)/check
	$(BIN)/python .ci/audit.py

format: $(VENV)/check
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

coverage: $(VENV)/test
	$(BIN)/python -m pytest --cov --cov-report=term

# All benchmarks, one after the other, hours long; `make bench OPTIONS=--quick` takes some minutes and says less.
bench: $(VENV)/test
	$(BIN)/python -m tests.evaluation.bench $(OPTIONS)

# Half an hour of everything together, with a kill a minute; `make soak OPTIONS=--no-kills` watches memory.
soak: $(VENV)/test
	$(BIN)/python -m tests.evaluation.soak $(OPTIONS)

picture: $(VENV)/core
	$(BIN)/python docs/draw.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache build dist

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/core: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) --editable .
	$(COMPILE)
	@touch $@

$(VENV)/test: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) --editable '.[test]'
	$(COMPILE)
	@touch $@ $(VENV)/core

$(VENV)/models: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) --editable '.[test,models]'
	@touch $@

$(VENV)/check: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) --editable '.[test,check]'
	$(COMPILE)
	@touch $@ $(VENV)/core $(VENV)/test
