# The commands of this house. `make` alone lists them.

VENV := .venv
PY := $(VENV)/bin/python
# Any Python from 3.11 on will do; choose another one with `make run PYTHON=/path/to/python`.
PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(shell command -v $(name) 2>/dev/null)))
UV_VERSION := 0.13.9
export UV_PYTHON_DOWNLOADS := never
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Install exactly what a lock file names: with uv in seconds, else with pip.
define install
	@uv=$$(command -v uv || true); \
	if [ -z "$$uv" ] && [ ! -x $(VENV)/bin/uv ]; then \
		$(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
		$(PY) -m pip install --quiet uv==$(UV_VERSION) || echo "uv cannot be had here; pip will do it, more slowly."; \
	fi; \
	[ -n "$$uv" ] || uv=$(VENV)/bin/uv; \
	if command -v "$$uv" >/dev/null 2>&1 \
		&& "$$uv" pip sync --quiet --python $(PY) --require-hashes $(1); then :; \
	else $(PY) -m pip --version >/dev/null 2>&1 || $(PY) -m ensurepip >/dev/null; \
		$(PY) -m pip install --quiet --require-hashes -r $(1); fi
endef

.PHONY: help run test check quick format lock shell bench clean

help: ## List these commands.
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile

run: $(VENV)/run.stamp ## Start the portal with its data and demo accounts (PORT=8000).
	@DEMO=$${DEMO-1} exec $(PY) manage.py portal --prepare

test: $(VENV)/dev.stamp ## Run the whole suite: PostgreSQL, SQLite, a real broker, a real browser.
	@$(PY) -m tests.infra.run $(ARGS)

check: $(VENV)/dev.stamp ## Lint, types, layers, migrations, deployment settings.
	@$(PY) -m tests.infra.check

quick: $(VENV)/dev.stamp ## The checks that take seconds: lint, layers, vendored files.
	@$(PY) -m tests.infra.check --quick

format: $(VENV)/dev.stamp ## Let ruff format and repair what it can.
	@$(PY) -m ruff check --fix-only --quiet .
	@$(PY) -m ruff format .

lock: | $(PY) ## Pin the newest versions that pyproject.toml allows, with hashes.
	@command -v uv >/dev/null || [ -x $(VENV)/bin/uv ] || $(PY) -m pip install --quiet uv==$(UV_VERSION)
	@export PATH="$$PATH:$(CURDIR)/$(VENV)/bin"; \
	set="--universal --python-version 3.11 --generate-hashes --no-header --quiet $(ARGS)"; \
	uv pip compile $$set pyproject.toml --output-file requirements.txt && \
	uv pip compile $$set pyproject.toml --group dev --constraints requirements.txt --output-file requirements-dev.txt

shell: $(VENV)/run.stamp ## A Python shell inside the portal of `make run`.
	@DEMO=$${DEMO-1} $(PY) manage.py shell

bench: $(VENV)/dev.stamp ## Queries, time and memory at three sizes, with limits (ARGS="--size small home").
	@$(PY) -m benchmarks $(ARGS)

clean: ## Remove the environment and everything the portal wrote here.
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(PY):
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or newer is needed. Install it, then try again."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is too old: Python 3.11 or newer is needed. Name one with PYTHON=/path/to/python."; exit 1; }
	@echo "Making the virtual environment in $(VENV) …"
	@if command -v uv >/dev/null 2>&1; then uv venv --quiet --clear --python $(PYTHON) $(VENV); \
	else $(PYTHON) -m venv --clear $(VENV); fi

# An environment that holds what development needs keeps it: it serves `make run` too.
$(VENV)/run.stamp: requirements.txt | $(PY)
	@if [ -f $(VENV)/dev.stamp ]; then $(MAKE) --no-print-directory $(VENV)/dev.stamp; \
	else echo "Installing the pinned packages …"; fi
	$(if $(wildcard $(VENV)/dev.stamp),,$(call install,requirements.txt))
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt requirements.txt | $(PY)
	@echo "Installing the pinned packages, those for development included …"
	$(call install,requirements-dev.txt)
	@touch $@ $(VENV)/run.stamp
