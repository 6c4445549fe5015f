#!/usr/bin/env bash
# Damaged images and videos: each is answered or refused, none crashes or hangs. Five hundred go through
# the library, with all of its checks, and 150 of more kinds through the program.
# Ten thousand, by hand: bash Tests/media/run.sh damage.py .build/release/illava Models/demo
#
# usage: damaged-media.sh [ILLAVA]
set -euo pipefail
cd "$(dirname "$0")/../.."
illava=${1:-.build/release/illava}

ILLAVA_DAMAGED_FILES=500 bash Tests/swift-tests.sh DamageTests
[ -x "$illava" ] || { echo "$illava is missing: run make build" >&2; exit 1; }
bash Tests/media/run.sh damage.py --count 150 "$illava" Models/demo
