# Two commands do everything on a machine with Python 3.11 or newer: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
export PYTHON

.PHONY: demo test desk picture clean

demo: .venv/.installed
	$(BIN)/constat read examples

test: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/python hatch_build.py || echo "THE DESK IS NOT TESTED: its front end was not built" >&2
	@sh tools/browser
	@sh tools/validators
	$(BIN)/pytest
	$(BIN)/python benchmarks/speed.py --check

# The front end of the desk, with Node 20 or newer and npm; installing does it too.
desk: .venv/.installed
	$(BIN)/python -m pip install -q --disable-pip-version-check hatchling
	$(BIN)/python hatch_build.py

# The picture in README.md, drawn by the program itself.
picture: .venv/.installed
	$(BIN)/python docs/picture.py

.venv/.installed: pyproject.toml
	@sh tools/venv
	$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@touch $@

.venv/.installed-dev: pyproject.toml
	@sh tools/venv
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@touch $@ .venv/.installed

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
