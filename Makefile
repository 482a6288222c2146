# mopsnb: `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= auto
# Kept bytecode: the tests start hundreds of processes, and each would compile the package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help report test check lab bench soak airflow spark scheduler lock format clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)

report: $(READY) ## install, then render the sample company's report into report/
	@$(BIN)/mopsnb run

test: $(READY) ## install, then run every check and every test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n $(JOBS) --dist loadfile

check: $(READY) ## the fast part of the tests, for each edit (under a minute)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n $(JOBS) --dist loadfile -m "not slow and not browser and not soak" -q

lab: $(READY) ## open JupyterLab on a copy of the sample in lab/ (or WORKSPACE=my-team)
	@$(BIN)/mopsnb lab $(WORKSPACE) $(OPTIONS)

bench: $(READY) ## measure what must be fast, as ratios
	$(BIN)/python -m benchmarks

soak: $(READY) ## the long tests: large samples, many runs
	MOPSNB_SOAK=1 $(BIN)/pytest -m "soak or tenth"

airflow: $(READY) ## import a generated DAG with the real Airflow, in an environment of its own
	test -x build/airflow/bin/python || $(PYTHON) -m venv build/airflow
	build/airflow/bin/python -m pip install --quiet --disable-pip-version-check "apache-airflow>=3,<4" apache-airflow-providers-papermill
	PYTHONPATH=tests $(BIN)/python tests/schedule/make_dags.py build/airflow-home
	AIRFLOW_HOME=$(CURDIR)/build/airflow-home AIRFLOW__CORE__LOAD_EXAMPLES=False build/airflow/bin/python tests/schedule/airflow_job.py build/airflow-home/dags/mopsnb_our_50_team.py

spark: ## run the tests of Spark, in an environment of its own: a local session, then a local Spark Connect server
	@test -n "$$JAVA_HOME" || command -v java >/dev/null || { echo "make spark needs Java 17 or later, such as the package openjdk-17-jre-headless." >&2; exit 1; }
	test -x build/spark/bin/python || $(PYTHON) -m venv build/spark
	build/spark/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	build/spark/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	build/spark/bin/python -m pip install --quiet --disable-pip-version-check "pyspark[connect]>=4,<5"
	build/spark/bin/pytest tests/spark
	MOPSNB_SPARK=connect build/spark/bin/pytest tests/spark

scheduler: ## run the notebooks as jobs of jupyter-scheduler, in an environment of its own
	test -x build/scheduler/bin/python || $(PYTHON) -m venv build/scheduler
	build/scheduler/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	build/scheduler/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	build/scheduler/bin/python -m pip install --quiet --disable-pip-version-check "jupyter-scheduler>=2.12,<3"
	build/scheduler/bin/pytest tests/scheduler

lock: $(READY) ## compile requirements.lock from pyproject.toml
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra lab --universal --generate-hashes --no-annotate --no-emit-find-links --quiet --custom-compile-command "make lock" --output-file requirements.lock

format: $(READY) ## format code and notebooks, strip outputs
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	git ls-files '*.ipynb' | xargs $(BIN)/nbstripout

clean: ## remove what was generated
	rm -rf report build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
