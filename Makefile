# Two commands do everything on a machine with Python 3.11 or newer: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
export PYTHON

.PHONY: demo test desk picture wheel clean

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

# The wheel with the place index in it, unpacked on first use; without it the index is built then, which takes ten times as long.
wheel: .venv/.installed
	CONSTAT_PLACES=build/no-places $(BIN)/python -c "from constat.gazetteer import Gazetteer, shipped; shipped.pack(Gazetteer.open().path)"
	$(BIN)/python -m pip wheel -q --disable-pip-version-check --no-deps -w dist .
	rm -f src/constat/gazetteer/data/*.sqlite.xz

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
