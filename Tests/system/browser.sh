#!/usr/bin/env bash
# The page in a real browser: questions about a picture, several and a video, a drop, a follow-up, cancelling,
# searching, the keyboard, contrast and labels, in light and dark, at 400 and 1,280 pixels.
#
# usage: browser.sh [BUILD_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR

build=${1:-.build/release}
python=/usr/bin/python3
if ! command -v chromedriver >/dev/null || ! $python -c 'import selenium' 2>/dev/null; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  { $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq \
    --no-install-recommends chromium chromium-driver python3-selenium fonts-dejavu-core; } >/dev/null || {
    printf '\n*** THE PAGE WAS NOT TRIED: no browser can be installed ***\n\n' >&2
    exit 77
  }
fi
. Tests/web/serve.sh
serve "$build"
mkdir -p .build/browser
"$python" Tests/web/browser.py "$address" "$PWD/Examples" .build/browser
echo "the page works"
