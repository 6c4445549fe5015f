#!/usr/bin/env bash
# A disk that is really full, with and without a floor of free space below which no job is started.
set -euo pipefail
cd "$(dirname "$0")/../.."

fixtures=Tests/EngineTests/Fixtures
for floor in 0 4M; do
  FLOOR=$floor sh Tests/crash/full-disk.sh .build/release "$fixtures/tiny-late" "$fixtures/media"
done
