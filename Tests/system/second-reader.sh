#!/usr/bin/env bash
# What the model is shown of some sixty files of every kind is what a second reader says a person sees.
# All of them, by hand: bash Tests/media/run.sh second-reader.py .build/release/illava Models/demo
#
# usage: second-reader.sh [ILLAVA]
set -euo pipefail
cd "$(dirname "$0")/../.."
illava=${1:-.build/release/illava}

[ -x "$illava" ] || { echo "$illava is missing: run make build" >&2; exit 1; }
bash Tests/media/run.sh second-reader.py --quick "$illava" Models/demo
