#!/bin/sh
# Make the county of the previous schema again: with the code of its own commit, in a checkout of its own.
# Run from the top of the repository; PYTHON is the interpreter that has the packages, an argument another folder to fill.
set -eu
commit=6f100fe
here=$(pwd)
python=${PYTHON:-$here/.venv/bin/python}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
git clone -q --no-checkout . "$scratch/old"
git -C "$scratch/old" checkout -q "$commit"
cp tests/upgrade/filling.py "$scratch/old/tests/journeys/test_filling.py"
cd "$scratch/old"
for database in sqlite postgresql; do
    HUIMIN_FILLED=${1:-$here/tests/upgrade/filled} PYTHONPATH=$scratch/old "$python" -m pytest -q -p no:cacheprovider \
        --db "$database" tests/journeys/test_filling.py
done
