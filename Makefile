BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help install demo test coverage check fix lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: .venv/installed  ## install what is needed into .venv
.venv/installed: requirements.lock pyproject.toml
	python3 -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "solidarity needs Python 3.11 or newer, this is " + sys.version.split()[0])'
	python3 -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install  ## run the whole way against a small newsroom on loopback
	@$(BIN)/solidarity demo

test: install  ## run every check and test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses auto

coverage: install  ## run the tests, and say which lines they do not reach
	$(BIN)/pytest --cov --numprocesses auto

fix: install  ## format, and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lock: install  ## compile requirements.lock anew
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --all-extras \
	    --group dev --no-header --no-annotate -o requirements.lock pyproject.toml

bench-extraction: install .venv-peers/installed .bench-folds/4.json  ## measure the extractor beside its peers; OPTIONS=--quick: a fifth
	PYTHONPATH=. $(BIN)/python tests/bench/extraction/bench.py $(OPTIONS)

.bench-folds/4.json:
	PYTHONPATH=. $(BIN)/python tests/bench/extraction/train.py --folds

# An older pip cannot resolve what several peers ask of lxml.
.venv-peers/installed: tests/bench/peers.txt
	$(BIN)/python -m venv --clear .venv-peers
	.venv-peers/bin/python -m pip install -q --disable-pip-version-check 'pip>=24'
	.venv-peers/bin/python -m pip install -q --disable-pip-version-check -r $<
	@touch $@

clean:  ## remove what was installed and made
	rm -rf .venv .venv-peers .bench-folds .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage* dist db/demo
