#!/usr/bin/env bash
# Folders, file systems, the clock, the lock and the log change while the daemon runs.
set -euo pipefail
cd "$(dirname "$0")/../.."

# In a separate mount namespace, which disappears with the script.
if [ "${PLACES_MOUNTS:-}" != own ]; then
  if ! PLACES_MOUNTS=own unshare --mount true 2>/dev/null; then
    echo "places: this needs root and the right to mount; nothing was tested"
    exit 77
  fi
  PLACES_MOUNTS=own exec unshare --mount bash "$0"
fi
for program in python3 cc; do
  command -v $program >/dev/null || { echo "places: $program is not there"; exit 77; }
done

fixtures=Tests/EngineTests/Fixtures
python3 Tests/attack/places.py "${BINDIR:-.build/release}" "$fixtures/tiny-early" \
  "$fixtures/media/picture2.png"
