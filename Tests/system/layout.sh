#!/usr/bin/env bash
# Targets, folders, files and functions: dependencies point down, there are no cycles, nothing is too
# long.
set -euo pipefail
cd "$(dirname "$0")/../.."

# -B: no compiled Python files among the sources.
python3 -B Tests/layout/test_check.py
python3 -B Tests/layout/check.py
