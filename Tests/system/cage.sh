#!/usr/bin/env bash
# The worker's cage under plain illavad: whatever a worker taken over by an attacker tries is refused.
set -euo pipefail
cd "$(dirname "$0")/../.."

fixtures=Tests/EngineTests/Fixtures
bash Tests/attack/cage.sh .build/release "$fixtures/tiny-late" "$fixtures/media/picture0.png"
