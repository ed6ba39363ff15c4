PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test warehouse admin lint bench clean

run: $(VENV)/.run
	@$(BIN)/python -m lib.serve

test: $(VENV)/.dev
# Three at once, on two cores too: a quarter of a worker's time is waiting for browsers and servers.
	$(BIN)/python -m pytest -n 3 tests --ignore=tests/models
# Apart: SQLMesh changes the SQL parser of whatever process imports it, and these tests import it.
	$(BIN)/python -m pytest -n 2 tests/models

warehouse: $(VENV)/.run
	@$(BIN)/python -m sql.build $(if $(FROM),--from "$(FROM)")

admin: $(VENV)/.run
	@$(BIN)/python -m lib.access admin "$(EMAIL)"

lint: $(VENV)/.dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports && $(BIN)/pyright

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.page_load

clean:
	rm -rf $(VENV) var

$(VENV)/.run: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit("Boardroom needs Python 3.11; this is %d.%d. Try: make run PYTHON=python3.11" % sys.version_info[:2] if sys.version_info[:2] != (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
