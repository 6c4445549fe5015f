#!/usr/bin/env bash
# Files longer than any disk, gigapixels in a few bytes, a store that is damaged, removed or truncated.
set -euo pipefail
cd "$(dirname "$0")/../.."

fixtures=Tests/EngineTests/Fixtures
python3 Tests/attack/sizes.py "${BUILD:-.build/release}" "$fixtures/tiny-early" \
  "$fixtures/media/picture2.png"
