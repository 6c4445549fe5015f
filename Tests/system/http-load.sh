#!/usr/bin/env bash
# Two hundred clients with pictures at once, 32 streams, 2,000 connections that do nothing, a store of 10,000
# jobs; then page and daemon are killed while they work, and nothing is lost.
#
# usage: http-load.sh [BUILD_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR

build=${1:-.build/release}
fixtures=Tests/EngineTests/Fixtures
model=$fixtures/tiny-late
picture=$fixtures/media/picture2.png
. Tests/web/serve.sh
ulimit -n "$(ulimit -Hn)"
serve "$build"
python3 Tests/web/load.py load "$address" "$web" "$picture"

# The page is killed: what it handed in is answered all the same.
python3 Tests/web/load.py ask "$address" "$web" "$picture" &
asking=$!
python3 Tests/web/load.py handed-in "$address" "$web"
kill -9 "$web"
wait "$asking"
serve_web "$build"
python3 Tests/web/load.py whole "$address" "$web"

# The daemon is killed: those who wait get their answers from the next one.
python3 Tests/web/load.py persist "$address" "$web" "$picture" &
asking=$!
python3 Tests/web/load.py handed-in "$address" "$web"
kill -9 "$daemon"
start_daemon "$build"
python3 Tests/web/load.py whole "$address" "$web"
wait "$asking"

# Pages of ten thousand jobs.
kill "$daemon" && wait "$daemon" || true
python3 Tests/web/load.py fill "$spool/state.sqlite"
start_daemon "$build"
python3 Tests/web/load.py pages "$address" "$web"
echo "the load is carried"
