#!/usr/bin/env bash
# A short kill loop: twenty jobs, forty kills of daemon and worker. Tests/crash/kill-loop.sh is the long
# version.
set -euo pipefail
cd "$(dirname "$0")/../.."

media=$(mktemp -d)
trap 'rm -rf "$media"' EXIT
cp Examples/street.jpg Examples/ball.mp4 "$media"
sh Tests/crash/kill-loop.sh .build/release/illavad Tests/EngineTests/Fixtures/tiny-late "$media" 20 40
