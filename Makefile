# Every command of the project; `make help` lists them.
# Each one makes its own virtual environment first, from the locked requirements.

PYTHON ?= python3
PY := .venv/bin/python
PYTEST := $(PY) -m pytest -n 2 --dist worksteal -q
STACK ?= cloudfront-grafana
STORE ?= timestream

.DEFAULT_GOAL := help
.PHONY: help demo test test-all lint bench drill dashboards lock serve ingest query incident e2e clean
.PHONY: check-infra deploy schema attach detach status env cost redrive destroy lint-infra
.PHONY: push push-plan annotate shots golden
.DELETE_ON_ERROR:

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/ready: requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; name one with make PYTHON=python3.12 ..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

# ClickHouse's engine; whoever never names that store need not have it.
.venv/clickhouse: requirements/clickhouse.txt | .venv/ready
	@echo "Installing ClickHouse's engine into .venv, once: a download of 181 MB, 555 MB on disk"
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/clickhouse.txt
	@touch $@

# What drives a browser; the browser itself is the user's.
.venv/shots: requirements/shots.txt | .venv/ready
	@echo "Installing Playwright into .venv, once: a download of 54 MB"
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/shots.txt
	@touch $@

# What the commands on this machine need: STORE=timestream (the default) or STORE=clickhouse.
LOCAL := .venv/ready $(if $(filter clickhouse,$(STORE)),.venv/clickhouse)

demo: $(LOCAL) ## Run the whole pipeline on this machine and show what it saw: STORE=clickhouse
	@$(PY) -m local demo --store $(STORE) $(ARGS)

serve: $(LOCAL) ## Keep the local pipeline running with live traffic, until Ctrl-C: STORE=
	@$(PY) -m local serve --store $(STORE) --traffic 20 $(ARGS)

ingest: $(LOCAL) ## Put files of log lines through the local pipeline: ARGS='access.log.gz' STORE=
	@$(PY) -m local ingest --store $(STORE) $(ARGS)

query: $(LOCAL) ## Ask the local store a question: ARGS="'SELECT ...'" STORE=
	@$(PY) -m local query --store $(STORE) $(ARGS)

incident: .venv/ready ## Break the traffic of `make serve` or of the compose file: ARGS='country=BR kind=5xx'
	@$(PY) -m local incident $(ARGS)

test: .venv/clickhouse ## Run the tests, but for those that take long and rarely break
	$(PYTEST) -m 'not slow' $(ARGS)

test-all: .venv/clickhouse ## Run those, too
	$(PYTEST) $(ARGS)

# The service of docker-compose.yml, and its port.
E2E_GRAFANA = grafana$(if $(filter clickhouse,$(STORE)),-clickhouse)
E2E_PORT = $(if $(filter clickhouse,$(STORE)),$${GRAFANA_CLICKHOUSE_PORT:-3002},$${GRAFANA_PORT:-3000})

e2e: .venv/ready ## Test against the running Grafana that GRAFANA_URL names: STORE=
	STORE=$(STORE) \
	GRAFANA_URL=$${GRAFANA_URL:-http://localhost:$(E2E_PORT)} \
	GRAFANA_RESTART=$${GRAFANA_RESTART:-docker compose restart $(E2E_GRAFANA)} \
	GRAFANA_LOG=$${GRAFANA_LOG:-docker compose logs --no-log-prefix $(E2E_GRAFANA)} \
	$(PY) -m pytest -q -rs tests/e2e $(ARGS)

lint: .venv/ready ## Check style and types, and that generated files match the code
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m dashboards --check
	$(PY) -m timestream_local.reference --check
	$(PY) -m drill --check

shots: .venv/shots ## Take pictures of every dashboard in the running Grafana: ARGS='--only overview' STORE=
	@GRAFANA_URL=$${GRAFANA_URL:-http://localhost:$(E2E_PORT)} $(PY) -m shots $(ARGS)

bench: .venv/clickhouse ## Measure speed, cost and memory, side by side
	@$(PY) -m bench $(ARGS)

drill: .venv/ready ## Count on days of traffic how precise the alert rules are: ARGS='--only errors-5xx'
	@$(PY) -m drill $(ARGS)

dashboards: .venv/ready ## Build the files under provisioning/ and the generated docs
	@$(PY) -m dashboards $(ARGS)

golden: .venv/ready ## Write the panels' SQL under tests/dashboards/golden/ again, to review as a diff
	UPDATE_GOLDEN=1 $(PY) -m pytest -q tests/dashboards/test_golden.py $(ARGS)

# The commands for AWS. STACK= names the stack; AWS_PROFILE and AWS_REGION mean what they mean elsewhere.
INFRA = $(PY) -m infra
# A deployed stack knows its store; this is one that was named.
INFRA_STORE = $(if $(filter file,$(origin STORE)),,--store '$(STORE)')
DISTRIBUTION_ARGS = --distribution '$(DISTRIBUTION)' --behavior '$(or $(BEHAVIOR),all)' $(if $(YES),--yes)

# The pip that comes with Python 3.11 takes a package with extras for one that is not locked.
.venv-sam/ready: requirements/sam.txt
	$(PYTHON) -m venv .venv-sam
	.venv-sam/bin/python -m pip install --quiet --disable-pip-version-check pip==26.3
	.venv-sam/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/sam.txt
	@touch $@

check-infra: .venv/ready ## Find out whether this AWS account and region can have the stack: STORE=
	@$(INFRA) check $(INFRA_STORE) $(ARGS)

deploy: .venv/ready .venv-sam/ready ## Build and deploy the stack: STACK= STORE= (guided the first time)
	@$(INFRA) deploy --stack $(STACK) $(INFRA_STORE) $(if $(YES),--yes) $(ARGS)

schema: .venv/ready ## Make, change or print ClickHouse's tables and users: STACK= ARGS=--print
	@$(INFRA) schema --stack $(STACK) $(INFRA_STORE) $(if $(YES),--yes) $(ARGS)

attach: .venv/ready ## Collect a distribution's logs: DISTRIBUTION=E... BEHAVIOR='/api/*' REPLACE=1
	@$(INFRA) attach --stack $(STACK) $(DISTRIBUTION_ARGS) $(if $(REPLACE),--replace) $(ARGS)

detach: .venv/ready ## Stop collecting a distribution's logs: DISTRIBUTION=E...
	@$(INFRA) detach --stack $(STACK) $(DISTRIBUTION_ARGS) $(ARGS)

status: .venv/ready ## Show the chain from distribution to rows, and what to do about it
	@$(INFRA) status --stack $(STACK) $(ARGS)

env: .venv/ready ## Write the .env that points the local Grafana at the stack
	@$(INFRA) env --stack $(STACK) $(ARGS)

cost: .venv/ready ## Price a month: RPS= SAMPLING= REGION= STORE=
	@$(INFRA) cost $(INFRA_STORE) $(if $(RPS),--rps $(RPS)) $(if $(SAMPLING),--sampling $(SAMPLING)) $(if $(REGION),--region $(REGION)) $(ARGS)

redrive: .venv/ready ## Put dead letters back on the stream: ARGS=--dry-run to look first
	@$(INFRA) redrive --stack $(STACK) $(if $(YES),--yes) $(ARGS)

destroy: .venv/ready ## Delete the stack and its data, after asking
	@$(INFRA) destroy --stack $(STACK) $(if $(YES),--yes) $(ARGS)

lint-infra: .venv-sam/ready ## Check the template: rules, security, and a build that runs
	@.venv-sam/bin/python -m infra.lint

push: .venv/ready ## Put dashboards and alerts into a running Grafana: ARGS='--stack NAME' or '--url URL'
	@$(PY) -m provisioning apply $(INFRA_STORE) $(ARGS)

push-plan: .venv/ready ## Show what `make push` would change
	@$(PY) -m provisioning plan $(INFRA_STORE) $(ARGS)

annotate: .venv/ready ## Mark a release on the dashboards: ARGS='"release 42"' STORE= (where, as for push; else local)
	@GRAFANA_PORT=$(E2E_PORT) $(PY) -m provisioning annotate $(ARGS)

lock: ## Resolve the locked requirements again, after a change to a .in file
	$(PYTHON) -m venv .venv-lock
	.venv-lock/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
	for lock in requirements/local requirements/dev requirements/shots requirements/sam processor/requirements; do \
	  .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-emit-index-url --custom-compile-command 'make lock' $$lock.in -o $$lock.txt || exit 1; \
	done
	.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-deps \
	  --no-emit-index-url --custom-compile-command 'make lock' requirements/clickhouse.in -o requirements/clickhouse.txt

clean: ## Remove what make made here
	rm -rf .venv .venv-* build .aws-sam
