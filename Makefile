# `make demo` plays a complaint; `make test` passes all tests; `make check` is what a change must pass first.
PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: setup demo test check bench soak lock wheel clean

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml .ci/venv
	PYTHON=$(PYTHON) sh .ci/venv

demo: setup
	$(BIN)/tiepnhan demo

test: setup
	sh .ci/packages
	$(BIN)/pytest -n auto --dist worksteal

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	sh .ci/packages
	$(BIN)/python -m bench.intake
	$(BIN)/python -m bench.clocks

soak: setup
	sh .ci/packages
	TIEPNHAN_SOAK=1 $(BIN)/pytest -m soak

# Renews the pinned versions; names no registry.
lock: 
	test -x .tools/uv/bin/uv || { $(PYTHON) -m venv .tools/uv && .tools/uv/bin/pip install --quiet uv; }
	.tools/uv/bin/uv pip compile --quiet --universal --python-version 3.11 --group dev --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate pyproject.toml --output-file requirements.lock

wheel: setup
	$(BIN)/python -m hatchling build -t wheel

clean:
	rm -rf .venv .tools dist
