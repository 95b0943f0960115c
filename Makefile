# Two commands are enough on a fresh machine with python3, pip and make: make demo, make test.

.PHONY: lock demo test check setup lint types format bench contract clean

UV = .tools/bin/uv
RUN = .venv/bin/python
export UV_PYTHON_PREFERENCE = only-system
export PYTHONPATH =
DEMO = demo-county

setup: .venv/.ready

$(UV):
	python3 -m pip install --quiet --target .tools uv

.venv/.ready: $(UV) pyproject.toml requirements.txt
	$(UV) venv --quiet --allow-existing .venv
	$(UV) pip install --quiet --compile-bytecode --require-hashes --python $(RUN) --requirements requirements.txt
	$(UV) pip install --quiet --compile-bytecode --no-deps --python $(RUN) --editable .
	touch .venv/.ready

# The lock file: every version with its hashes, for every platform, whatever index it comes from.
lock: $(UV)
	$(UV) lock --quiet --upgrade
	$(UV) export --quiet --frozen --no-emit-project --all-groups --all-extras --no-annotate --no-header --output-file requirements.txt
	rm uv.lock

demo: setup
	$(RUN) -m core.demo --home $(DEMO) $(if $(RESET),--reset) $(if $(SMALL),--small) $(if $(PEOPLE),--people $(PEOPLE)) $(if $(SEED),--seed $(SEED))

test: setup
	$(RUN) -m pytest --numprocesses auto --db postgresql -m "not browser and not bench and not one_database"
	$(RUN) -m pytest --numprocesses auto -m "not bench"

check: setup format lint types test contract

format: setup
	$(RUN) -m ruff format --check .

lint: setup
	$(RUN) -m ruff check .

types: setup
	.venv/bin/ty check core plugins cli.py

contract: setup
	$(RUN) -m pytest --quiet tests/core/test_plugins.py tests/plugins -k contract

bench: setup
	$(RUN) -m pytest --quiet -s -m bench tests/bench

clean:
	rm -rf .venv .tools .pytest_cache .ruff_cache $(DEMO)
