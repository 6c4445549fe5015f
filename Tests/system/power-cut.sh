#!/usr/bin/env bash
# 2,000 power cuts; Tests/power-cut/run.sh says how.
set -euo pipefail
cd "$(dirname "$0")/../.."
sh Tests/power-cut/run.sh .build/release 2000
