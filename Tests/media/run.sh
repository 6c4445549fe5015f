#!/usr/bin/env bash
# Runs a script of this folder in a virtual environment that is made on first use.
#
# usage: run.sh second-reader.py|damage.py ARGUMENT…
#
# The environment stays in .build/media-venv. Ends with 77 where the machine cannot run the scripts.
set -euo pipefail
cd "$(dirname "$0")/../.."
place=.build/media-venv

for tool in python3 ffmpeg ffprobe; do
  command -v "$tool" >/dev/null || { echo "$tool is not installed" >&2; exit 77; }
done
if ! [ -e "$place/complete" ]; then
  rm -rf "$place"
  mkdir -p .build
  python3 -m venv "$place" || {
    echo "Python cannot make a virtual environment: install python3-venv" >&2
    exit 77
  }
  "$place/bin/pip" install --quiet --disable-pip-version-check -r Tests/media/requirements.txt || {
    echo "the packages of Tests/media/requirements.txt cannot be installed" >&2
    exit 77
  }
  touch "$place/complete"
fi
script=$1
shift
# -B: no compiled Python files among the sources.
exec "$place/bin/python" -B "Tests/media/$script" "$@"
