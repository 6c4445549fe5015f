#!/usr/bin/env bash
# Every reference case of every family through `illava run`, with each kind of weights, on the kernels
# that illava chooses and on the portable ones. kernels.sh has the others.
# All kernels, by hand: python3 Tests/golden/check.py .build/release/illava FOLDER…
#
# usage: goldens.sh [ILLAVA]
set -euo pipefail
cd "$(dirname "$0")/../.."
illava=${1:-.build/release/illava}
fixtures=Tests/EngineTests/Fixtures

[ -x "$illava" ] || { echo "$illava is missing: run make build" >&2; exit 1; }
folders=("$fixtures")
for list in "$fixtures"/*/cases.json; do folders+=("$(dirname "$list")"); done
# -B: no compiled Python files among the sources.
python3 -B Tests/golden/check.py --kernels automatic,portable "$illava" "${folders[@]}"
