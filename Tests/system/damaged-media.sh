#!/usr/bin/env bash
# Five hundred damaged images and videos: each is answered or refused, none crashes or hangs.
set -euo pipefail
cd "$(dirname "$0")/../.."

ILLAVA_DAMAGED_FILES=500 bash Tests/swift-tests.sh DamageTests
