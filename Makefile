# Everything a clone needs, from nothing but Python 3.11+, git and make.
PYTHON ?= python3
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
COMPAT := .compat/duckdb-1.2.2 .compat/duckdb-1.5.6

.PHONY: demo test bench lint

demo: .venv/.ready
	@$(BIN)/jinguo demo

test: .venv/.ready $(addsuffix /.ready,$(COMPAT))
	@$(BIN)/python -m pytest --numprocesses 2 --no-loadscope-reorder

bench: .venv/.ready
	@$(BIN)/python -m bench

lint: .venv/.ready .venv-lint/.ready
	@.venv-lint/bin/ruff format --check .
	@.venv-lint/bin/ruff check .
	@.venv-lint/bin/ty check --python $(BIN)/python
	@.venv-lint/bin/lint-imports
	@.venv-lint/bin/sqlfluff lint --disable-progress-bar dbt_project/models
	@DO_NOT_TRACK=1 JINGUO_HOME=/nowhere JINGUO_BUILD=/nowhere $(BIN)/dbt --quiet parse --project-dir dbt_project --profiles-dir dbt_project
	@.venv-lint/bin/dbt-bouncer

# uv installs in seconds what takes pip a minute; where it is not there, pip fetches it first.
ifdef UV
new-venv = $(UV) venv --quiet --clear --python $(PYTHON) $(1)
install = $(UV) pip install --quiet --python $(1)/bin/python
else
new-venv = $(PYTHON) -m venv --clear $(1) && \
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .ci/uv.lock
install = $(1)/bin/python -m uv pip install --quiet --python $(1)/bin/python
endif

# Compiled now, for whoever runs it may not write here, and each of his processes would compile for two seconds.
.venv/.ready: requirements.lock pyproject.toml
	@echo "setting up .venv from requirements.lock (hashes checked) …"
	@$(call new-venv,.venv)
	@$(call install,.venv) --compile-bytecode --require-hashes -r requirements.lock
	@$(call install,.venv) --no-deps --no-build-isolation -e .
	@touch $@

.venv-lint/.ready: .ci/lint.lock
	@$(call new-venv,.venv-lint)
	@$(call install,.venv-lint) --require-hashes -r .ci/lint.lock
	@touch $@

# Old DuckDB wheels, to prove that a release opens with them.
.compat/%/.ready: tests/warehouse/compat/%.txt | .venv/.ready
	@$(call install,.venv) --require-hashes --no-deps --target .compat/$* -r $<
	@touch $@
