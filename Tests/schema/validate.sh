#!/usr/bin/env bash
# Answers of every kind conform to docs/answer.schema.json, checked with a validator of JSON Schema from
# PyPI.
# usage: validate.sh [ILLAVA]
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR
illava=${1:-.build/release/illava}
fixtures=Tests/EngineTests/Fixtures

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv" || {
  echo "Python cannot make a virtual environment: install python3-venv" >&2
  exit 1
}
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check 'jsonschema>=4.18,<5'

number=0
ask() {
  number=$((number + 1))
  "$illava" run --prompt "What is shown?" --max-new-tokens 4 --visualize "$scratch/$number" \
    --json "$@" >"$scratch/$number.json" 2>"$scratch/log" || {
    cat "$scratch/log" >&2
    exit 1
  }
  # The printed document and the written one are equal.
  cmp "$scratch/$number.json" "$scratch/$number/answer.json"
}
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png \
  --image $fixtures/media/picture1.png --video $fixtures/media/clip.mp4 --visualize-what all
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png --fastv 2:0.5 --weights f32
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png --profile off
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png --illava-vit-r 3 \
  --illava-vit-k 2-4 --no-illava-llm --visualize-what none
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png --illava-vit-score bipartite
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png --illava-vit-score random \
  --illava-llm-score random --illava-vit-min 8 --merge-seed 7
ask --model $fixtures/tiny-late --video $fixtures/media/clip.mp4 --profile published --frames 3
ask --model $fixtures/tiny-late

"$scratch/venv/bin/python" Tests/schema/check_answers.py docs/answer.schema.json \
  docs/answer.example.json "$scratch"/*.json
