#!/bin/sh
# Makes the model from nothing: packages, pictures, training, export, evaluation, comparison with illava.
#
#   ./make.sh [--hours H] [options of `python -m demo_model all`]
#
# Stopped at any point, the same command goes on where it was.
set -eu
cd "$(dirname "$0")"

missing=
for package in fonts-noto-color-emoji openclipart-png ffmpeg python3-venv; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
# Once the pictures are gathered, the packages they come from are not needed.
if [ -n "$missing" ] && [ ! -f work/assets/sprites.zip ]; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing
fi

# A Python that has the packages of requirements.txt may be named; otherwise one is made.
if [ -z "${PYTHON:-}" ]; then
  PYTHON=work/venv/bin/python
  if [ ! -f work/venv/ready ]; then
    mkdir -p work
    python3 -m venv work/venv
    $PYTHON -m pip install -q -r requirements.txt
    touch work/venv/ready
  fi
fi
exec "$PYTHON" -m demo_model all "$@"
