#!/usr/bin/env bash
# Runs some of the Swift tests, which must be built already. Prints the last line of their output, and
# all of it when they fail or when no test matches.
#
# usage: swift-tests.sh FILTER
set -euo pipefail
output=$(mktemp)
trap 'rm -f "$output"' EXIT

status=0
swift test --skip-build --filter "$1" >"$output" 2>&1 || status=$?
if [ "$status" != 0 ] || ! grep -qE 'Test run with [1-9][0-9]* tests? .*passed' "$output"; then
  cat "$output" >&2
  echo "the tests $1 ended with $status" >&2
  exit 1
fi
tail -n 1 "$output"
