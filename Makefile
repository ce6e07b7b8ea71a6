# The verbs of Sinergi; `make` alone lists them. Python 3.11 or newer, make and git are all it takes.

# The first Python that is new enough, whatever it is called here.
PYTHON := $(or $(PYTHON),$(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; \
  done))
UV := .tools/uv/bin/uv

# The programs in .venv name the folder it was made in; in a folder that was moved it is made anew.
MADE_HERE = test -x .venv/bin/python && test "$$(cat .venv/installed.where 2>&1)" = '$(CURDIR)'

export UV_PYTHON_DOWNLOADS := never
# Many processes are started here; each would compile all of our own code anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help up down reset test check bench proof conformance lock python tools ready
MAKEFLAGS += --no-print-directory

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ready ## start everything on this machine (SINERGI_PORT=8080, MODE=processes for eight processes)
	@exec .venv/bin/sinergi up

down: ready ## stop what `make up` started
	@exec .venv/bin/sinergi down

reset: ready ## stop, then remove the local databases and topics, after asking
	@exec .venv/bin/sinergi reset

# In the order of the folders: what a folder shares is started once, and `shared`, of many short
# files, comes last, so that both workers end together.
test: ready ## run the tests, on a real PostgreSQL and a real Kafka
	@exec .venv/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: ready ## format, lint, types, imports, dependencies, locks, migrations, sizes
	@exec .venv/bin/python -m deploy.checks

bench: ready ## measure: ratios to a bare baseline in the same run
	@exec .venv/bin/python -m tests.bench

proof: ready ## run the long proofs: faults, kills, whole imports
	@exec .venv/bin/pytest -m proof --override-ini=timeout=1800

conformance: ready ## run what needs Node, Java or a container engine besides Python
	@exec .venv/bin/pytest -m conformance

lock: ready ## resolve the dependencies anew and write locks/
	@exec .venv/bin/python -m deploy.checks.locks write

# Python is there and new enough, or one sentence says what to do.
python:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo 'Sinergi needs Python 3.11 or newer. Install it, or say where it is: make up PYTHON=...'; \
	  exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo 'This Python lacks its venv module. Install it (Debian, Ubuntu: apt install python3-venv).'; \
	  exit 1; }

# A lock is installed when its copy beside what was installed is equal to it.
tools: python
	@cmp -s locks/uv.txt .tools/uv/installed.txt || { \
	  echo 'Bringing uv ...'; \
	  $(PYTHON) -m venv --clear .tools/uv && \
	  .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check \
	    --require-hashes --requirement locks/uv.txt && \
	  cp locks/uv.txt .tools/uv/installed.txt; }

ready: tools
	@$(MADE_HERE) && cmp -s locks/development.txt .venv/installed.txt || { \
	  echo 'Installing what locks/development.txt names; the first time takes a minute ...'; \
	  rm -f .venv/installed.txt && \
	  { $(MADE_HERE) || $(UV) venv --quiet --clear --python $(PYTHON) .venv; } && \
	  $(UV) pip sync --quiet --compile-bytecode --python .venv/bin/python \
	    --require-hashes locks/development.txt && \
	  $(UV) pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation \
	    --editable deploy/cli && \
	  echo '$(CURDIR)' > .venv/installed.where && \
	  cp locks/development.txt .venv/installed.txt; }
