#!/usr/bin/env bash
# The clients that people use, from PyPI, against the demo model; and the requests of Frigate, LLM Vision and
# Open WebUI as these programs send them.
#
# usage: http-clients.sh [BUILD_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR

build=${1:-.build/release}
environment=.build/http-clients
if ! "$environment/bin/python" -c 'import openai, ollama' 2>/dev/null; then
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check openai==3.57.0 ollama==0.6.3 || {
    printf '\n*** THE CLIENTS WERE NOT TRIED: they cannot be installed ***\n\n' >&2
    exit 77
  }
fi
. Tests/web/serve.sh
serve "$build"
"$environment/bin/python" Tests/web/clients.py "$address" Examples Models/demo
echo "the clients are served"
