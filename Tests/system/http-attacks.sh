#!/usr/bin/env bash
# What clients of bad will send: other sites, wrong tokens, paths that lead elsewhere, bodies without end, slow
# ones, and ten thousand damaged requests. Daemon and page stay well, and the page small.
#
# usage: http-attacks.sh [BUILD_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR

build=${1:-.build/release}
. Tests/web/serve.sh
serve "$build" --largest-body 8
python3 Tests/web/attacks.py "$address" "$spool" "$web" Examples/clock.png
kill "$web" && wait "$web" || true
token=$("$build/illava-web" token --token-file "$folder/token")
[ "$(stat -c %a "$folder/token")" = 600 ]
serve_web "$build" --require-token --token-file "$folder/token"
python3 Tests/web/attacks.py "$address" "$spool" "$web" Examples/clock.png "$token"
echo "the attacks failed"
