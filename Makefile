# Every verb of the project; `make help` lists them.
# Each one makes its own virtual environment first, from the locked requirements.

PYTHON ?= python3
PY := .venv/bin/python
STACK ?= cloudfront-grafana

.DEFAULT_GOAL := help
.PHONY: help demo test lint bench dashboards lock serve e2e clean
.DELETE_ON_ERROR:

help: ## List the verbs
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/ready: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one with make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: .venv/ready ## Run the whole pipeline on this machine and show what it saw
	@$(PY) -m local demo $(ARGS)

serve: .venv/ready ## Keep the local pipeline running with live traffic, until Ctrl-C
	@$(PY) -m local serve --traffic 20 $(ARGS)

test: .venv/ready ## Run the tests
	$(PY) -m pytest -n 2 --dist worksteal -q $(ARGS)

lint: .venv/ready ## Check style, and that generated files match the code
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m dashboards --check

bench: .venv/ready ## Measure speed, cost and memory, side by side
	@$(PY) -m bench $(ARGS)

dashboards: .venv/ready ## Build the files under provisioning/ and the generated docs
	@$(PY) -m dashboards $(ARGS)

lock: ## Resolve the locked requirements anew, after a change to a .in file
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
	for lock in requirements/dev processor/requirements; do \
	  .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --custom-compile-command 'make lock' $$lock.in -o $$lock.txt || exit 1; \
	done

clean: ## Remove what make made here
	rm -rf .venv .venv-* build .aws-sam
