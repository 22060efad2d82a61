# Segferry: two commands matter, `make run` and `make test`; each works from a fresh clone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COMPILE := UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --universal \
	--python-version 3.11 --generate-hashes --no-emit-index-url -c constraints.txt

.PHONY: install run test nightly fuzz cover check audit lock sbom bench dist texts schema pictures clean

install: $(VENV)/.running

run: install
	$(BIN)/segferry serve --demo

test: $(VENV)/.testing
	$(BIN)/pytest -n 4

nightly: $(VENV)/.testing
	SEGFERRY_NIGHTLY=1 $(BIN)/pytest -n 2 tests/contracts/rules tests/faults

fuzz: $(VENV)/.testing
	$(BIN)/python -m tests.fuzz

cover: $(VENV)/.testing
	$(BIN)/pytest -n 4 --cov --cov-report=term

check: $(VENV)/.checking
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

audit: $(VENV)/.checking
	$(BIN)/python -m tests.audit

# From the pins of constraints.txt, with the hashes of their files for every processor.
lock: $(VENV)/.checking
	$(COMPILE) pyproject.toml --extra image -o requirements.lock
	echo hatchling | $(COMPILE) - -o requirements.build.lock

sbom: $(VENV)/.checking
	mkdir -p dist
	$(BIN)/python -m tests.sbom > dist/segferry.cdx.json

bench: $(VENV)/.testing
	$(BIN)/python -m benchmarks

dist: $(VENV)/.testing
	rm -rf dist
	$(BIN)/python -m hatchling build

texts: $(VENV)/.checking
	mkdir -p core/locale
	PYTHONPATH=. $(BIN)/pybabel -q extract -F tests/texts.cfg -k many:1,2 --project=Segferry -o core/locale/segferry.pot core pages

schema: $(VENV)/.running
	$(BIN)/python -m core.configuration.schema > docs/configuration.schema.json
	$(BIN)/python -m core.api.openapi > docs/openapi.json

pictures: $(VENV)/.testing
	$(BIN)/python -m tests.e2e.pictures

clean:
	rm -rf $(VENV) dist *.egg-info

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.running: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[delta,mcp,pdf]'
	touch $@

$(VENV)/.testing: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $(VENV)/.running $@

$(VENV)/.checking: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test,check]'
	touch $(VENV)/.running $(VENV)/.testing $@
