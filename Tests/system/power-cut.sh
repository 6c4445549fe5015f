#!/usr/bin/env bash
# 2,000 power cuts; see Tests/power-cut/run.sh.
set -euo pipefail
cd "$(dirname "$0")/../.."
sh Tests/power-cut/run.sh .build/release 2000
