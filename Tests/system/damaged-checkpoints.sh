#!/usr/bin/env bash
# Damaged checkpoints of every family: each is refused with one clear error, or answers.
# Five hundred of each, by hand: python3 Tests/damage/check.py .build/release/illava CHECKPOINT…
#
# usage: damaged-checkpoints.sh [ILLAVA]
set -euo pipefail
cd "$(dirname "$0")/../.."
illava=${1:-.build/release/illava}
fixtures=Tests/EngineTests/Fixtures

[ -x "$illava" ] || { echo "$illava is missing: run make build" >&2; exit 1; }
checkpoints=("$fixtures/tiny-early" "$fixtures/tiny-late")
for list in "$fixtures"/*/cases.json; do
  for config in "${list%/*}"/*/config.json; do checkpoints+=("${config%/*}"); done
done
checkpoints+=("$fixtures"/gguf/*/)
# -B: no compiled Python files among the sources.
python3 -B Tests/damage/check.py --count 24 "$illava" "${checkpoints[@]}"
