# Reset Portal. Start with `make demo` or `make test`; each sets up what it needs.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PIN := --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate $(UPGRADE)

# A real installation as far as settings go: what check --deploy judges. Nothing is connected to.
REAL := DATABASE_URL=postgres:///none REDIS_URL=redis://none BASE_URL=https://resets.example \
	ALLOWED_HOSTS=resets.example LEDGER_PATH=/tmp/ledger.jsonl ROSTER_FILES=/tmp \
	EXPORT_FILES=/tmp BACKUP_DAYS=35 CERTIFICATE_KEYS=bm90IHVzZWQsIG5vdCB1c2VkLCBub3QgdXNlZCwgbm8= \
	SECRETS_KEYS=bm90IHVzZWQsIG5vdCB1c2VkLCBub3QgdXNlZCwgbm8=

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-stop test check stop requirements mutation screenshots messages

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' Makefile | expand -t 16

setup: $(READY)  ## make .venv with every requirement, pinned by hash

$(READY): requirements-dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed. Say which: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv \
		|| { echo "Python's venv is missing. On Debian: apt install python3-venv"; rm -rf .venv; exit 1; }
	@echo "Installing the requirements into .venv (a minute or two, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $(READY)

demo: $(READY)  ## a season to play with: servers, sample data, web, worker, beat (DETACH=1: in the background)
	@$(BIN)/python -m resetportal.demo $(if $(DETACH),--detach)

demo-stop: $(READY)  ## end a demo, wherever it was started; its data stays
	@$(BIN)/python -m resetportal.demo --stop

test: $(READY)  ## every test: first the quick ones on all cores, then real processes and a real browser, a file at a time on two
	$(BIN)/python -m pytest -q -n auto -m "not processes and not browser"
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "processes or browser"

check: $(READY)  ## style, types, architecture, settings, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --check --lint --quiet templates
	$(BIN)/lint-imports
	$(BIN)/mypy .
	RESETPORTAL_SERVERS=test $(BIN)/python manage.py check --database default --fail-level WARNING
	@env $(REAL) SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(64))") \
		$(BIN)/python manage.py check --deploy --fail-level WARNING
	RESETPORTAL_SERVERS=test $(BIN)/python manage.py makemigrations --check --dry-run

stop: $(READY)  ## end the demo and every embedded server; their data stays
	@$(BIN)/python -m resetportal.demo --stop
	@$(BIN)/python -m resetportal.embedded stop --all

requirements:  ## write the pinned requirements anew from pyproject.toml
	$(BIN)/uv pip compile $(PIN) --output-file requirements.txt pyproject.toml
	$(BIN)/uv pip compile $(PIN) --extra embedded --extra dev --output-file requirements-dev.txt pyproject.toml


mutation: $(READY)  ## would the tests notice a broken rule? fails below 90 of 100
	$(BIN)/python -m tests.mutation

screenshots: $(READY)  ## pictures of every page of the running demo, light and dark, wide and narrow
	$(BIN)/python -m tests.screenshots

messages: $(READY)  ## every text of the pages, for LANGUAGE=de or another to be translated into (needs gettext)
	mkdir -p locale
	@$(REAL) SECRET_KEY=none $(BIN)/python manage.py makemessages --locale $(LANGUAGE) --no-obsolete --ignore .venv
