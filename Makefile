# Two commands are enough on a fresh machine with python3, pip and make: make demo, make test.

.PHONY: lock demo test check setup wheels lint types format bench bench-full coverage proof contract clean

UV = .tools/bin/uv
RUN = .venv/bin/python
export UV_PYTHON_PREFERENCE = only-system
export PYTHONPATH =
DEMO = demo-county

# OFFLINE=1: everything comes from wheels/, no index is asked.
ifdef OFFLINE
export UV_OFFLINE = 1
export UV_NO_INDEX = 1
export UV_FIND_LINKS = wheels
export PIP_NO_INDEX = 1
export PIP_FIND_LINKS = wheels
endif

setup: .venv/.ready

.tools/.python:
	@python3 -c "import sys; sys.version_info >= (3, 11) or sys.exit('Python 3.11 or newer is needed, this machine has ' + sys.version.split()[0])"
	@mkdir -p .tools && touch .tools/.python

$(UV): | .tools/.python
	python3 -m pip install --quiet --target .tools uv

.venv/.ready: $(UV) pyproject.toml requirements.txt | .tools/.python
	$(UV) venv --quiet --allow-existing .venv
	$(UV) pip install --quiet --compile-bytecode --require-hashes --python $(RUN) --requirements requirements.txt
	$(UV) pip install --quiet --compile-bytecode --no-deps --python $(RUN) --editable .
	touch .venv/.ready

# Everything a machine without a network needs for make setup OFFLINE=1, for this kind of machine.
wheels:
	python3 -m pip download --quiet --dest wheels uv hatchling editables
	python3 -m pip download --quiet --dest wheels --require-hashes --requirement requirements.txt

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

# Branch coverage of what guards money, evidence and people.
coverage: setup
	$(RUN) -m pytest --quiet --numprocesses auto -m "not browser and not bench" --cov core/funds --cov core/audit --cov core/identity --cov-branch --cov-report term:skip-covered --cov-fail-under 95

# The product beside the limit in the same rounds: a table of ratios and gates, kept in bench.json too.
bench: setup
	$(RUN) -m pytest --quiet -s -m bench tests/bench --bench-table bench.json

# The same with a million people.
bench-full: setup
	$(RUN) -m pytest --quiet -s -m bench tests/bench --bench-table bench.json --bench-full

# The long tiers of the reliability catalogue on both databases, hours of them; the table is kept in proofs.txt.
proof: setup
	rm -f proofs.jsonl
	$(RUN) -m pytest --quiet --numprocesses auto --long -m proof --proof-table proofs.jsonl; one=$$?; \
	$(RUN) -m pytest --quiet --numprocesses auto --long -m "proof and not one_database" --db postgresql --proof-table proofs.jsonl; other=$$?; \
	$(RUN) -m tests.proving proofs.jsonl | tee proofs.txt; exit $$((one | other))

clean:
	rm -rf .venv .tools wheels .pytest_cache .ruff_cache proofs.jsonl proofs.txt bench.json $(DEMO)
