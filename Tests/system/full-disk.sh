#!/usr/bin/env bash
# A disk that is really full, with the floor below which nothing is begun and without one.
set -euo pipefail
cd "$(dirname "$0")/../.."

fixtures=Tests/EngineTests/Fixtures
for floor in 0 4M; do
  FLOOR=$floor sh Tests/crash/full-disk.sh .build/release "$fixtures/tiny-late" "$fixtures/media"
done
