#!/usr/bin/env bash
# A short flood: five hundred images at once, some of which kill their worker. Tests/crash/flood.sh is
# the long version.
set -euo pipefail
cd "$(dirname "$0")/../.."

fixtures=Tests/EngineTests/Fixtures
sh Tests/crash/flood.sh .build/release "$fixtures/tiny-late" "$fixtures/media/picture2.png" 500 600
