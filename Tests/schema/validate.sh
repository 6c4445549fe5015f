#!/usr/bin/env bash
# Answers of every kind conform to docs/answer.schema.json and docs/merging.schema.json, checked with a
# validator of JSON Schema from PyPI.
# usage: validate.sh [FOLDER_OF_PROGRAMS]
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR
programs=${1:-.build/release}
illava=$programs/illava
fixtures=Tests/EngineTests/Fixtures

scratch=$(mktemp -d)
daemon=
trap '[ -z "$daemon" ] || kill "$daemon" || true; rm -rf "$scratch"' EXIT
python3 -m venv "$scratch/venv" || {
  echo "Python cannot make a virtual environment: install python3-venv" >&2
  exit 1
}
"$scratch/venv/bin/pip" install --quiet --disable-pip-version-check 'jsonschema>=4.18,<5'
fail() { echo "validate: $1" >&2; cat "$scratch/log" >&2; exit 1; }

# As `illava run` makes them.
number=0
ask() {
  number=$((number + 1))
  "$illava" run --prompt "What is shown?" --max-new-tokens 4 --visualize "$scratch/$number" \
    --json "$@" >"$scratch/printed.json" 2>"$scratch/log" || fail "run $*"
  # The printed document and the written one are equal.
  cmp "$scratch/printed.json" "$scratch/$number/answer.json"
}
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png \
  --image $fixtures/media/picture1.png --video $fixtures/media/clip.mp4 --visualize-what all
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png --fastv 2:0.5 --weights f32
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png --profile off
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png --illava-vit-r 3 \
  --illava-vit-k 2-4 --no-illava-llm --visualize-what none
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png --illava-vit-score bipartite
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png --illava-vit-score random \
  --illava-llm-score random --illava-vit-min 8 --merge-seed 7
ask --model $fixtures/tiny-late --video $fixtures/media/clip.mp4 --profile published --frames 3
ask --model $fixtures/tiny-early --video $fixtures/media/film.mkv --static-margin 0 --frames 12
ask --model $fixtures/tiny-late
# Boxes: in one of two pictures, in a picture that is not said, without area; in a video.
ask --model $fixtures/tiny-early --image $fixtures/media/picture0.png \
  --image $fixtures/media/picture1.png --max-new-tokens 400 --regex "$(
    printf '%s' '\[\{"bbox_2d": \[10, 20, 300\.5, 400\], "label": "left", "image": 2\}, ' \
      '\{"point_2d": \[500, 500\]\}, \{"bbox_2d": \[5, 5, 5, 5\], "image": 1\}\]'
  )"
ask --model $fixtures/tiny-late --video $fixtures/media/clip.mp4 --frames 3 --max-new-tokens 400 \
  --regex '\{"time": 0\.6, "bbox_2d": \[10, 20, 300, 400\], "label": "it"\}'

# One that fails: its document is printed and written, too.
number=$((number + 1))
printf 'no picture' >"$scratch/broken.png"
status=0
"$illava" run --model $fixtures/tiny-early --image "$scratch/broken.png" --prompt "?" --json \
  --visualize "$scratch/$number" >"$scratch/printed.json" 2>"$scratch/log" || status=$?
[ $status = 65 ] || fail "a broken picture ended with $status"
cmp "$scratch/printed.json" "$scratch/$number/answer.json"

# As the daemon makes them: one of each kind.
spool=$scratch/spool kinds=$scratch/kinds
mkdir "$kinds"
cat >"$scratch/illavad.toml" <<CONF
[model]
path = "$PWD/Models/demo"
[inbox]
stability = "0.2s"
[outbox]
after_done = "archive"
CONF
"$programs/illava-daemon" --spool "$spool" --config "$scratch/illavad.toml" >"$scratch/log" 2>&1 &
daemon=$!
for _ in $(seq 100); do [ -S "$spool/control.sock" ] && break; sleep 0.1; done
export ILLAVA_SPOOL=$spool

# job KIND FILE… : hands it in, waits for its end, and compares what is shown with what was written.
job() {
  local kind=$1 id folder
  shift
  id=$("$illava" submit "$@") || fail "submit $*"
  keep "$kind" "$id"
}
keep() {
  local kind=$1 id=$2
  "$illava" wait "$id" --timeout 120s >/dev/null 2>>"$scratch/log" || true
  folder=$spool/outbox/$id
  [ -d "$folder" ] || folder=$spool/failed/$id
  [ -d "$folder" ] || fail "$kind has no folder"
  mkdir "$scratch/$kind"
  cp "$folder"/*.json "$scratch/$kind/"
  cp "$folder/answer.json" "$kinds/$kind.json"
  "$illava" show "$id" --json >"$scratch/shown.json"
  python3 -c 'import json, sys
shown, written = (json.load(open(path)) for path in sys.argv[1:])
assert shown == written, "illava show --json is another document"' "$scratch/shown.json" "$folder/answer.json"
  "$illava" show "$id" >"$scratch/shown.txt"
  grep -qF "$folder/answer.json" "$scratch/shown.txt" || fail "show does not say where $kind lies"
}
# A picture that says when it was taken (EXIF).
python3 - Examples/street.jpg "$scratch/dated.jpg" <<'PY'
import struct, sys
time = b"2024:05:01 12:30:00\0"
tiff = b"II*\0" + struct.pack("<IHHHIIIHHHIII", 8, 1, 0x8769, 4, 1, 26, 0, 1, 0x9003, 2, len(time), 44, 0) + time
jpeg = open(sys.argv[1], "rb").read()
body = b"Exif\0\0" + tiff
open(sys.argv[2], "wb").write(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:])
PY
box='[{"bbox_2d": [100, 200, 300, 400], "label": "clock"}]'
job picture "$scratch/dated.jpg" --prompt "Describe the picture."
job film Examples/duck-first.mp4 --prompt "What appears first?"
job several Examples/clock.png --prompt "One?" --prompt "Two?" --prompt "Three?" --set max_new_tokens=4
job choices Examples/clock.png --prompt "Is there a clock?" --choice yes --choice no
printf '{"type": "object", "properties": {"person": {"type": "boolean"}, "count": {"type": "integer",
  "minimum": 0, "maximum": 20}}, "required": ["person", "count"]}' >"$scratch/door.schema.json"
job schema Examples/clock.png --prompt "What is there?" --json-schema "$scratch/door.schema.json"
job boxes Examples/clock.png --prompt "Where is the clock?" \
  --regex "$(printf '%s' "$box" | sed 's/[][{}]/\\&/g')"
first=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["job"]["id"])' \
  "$kinds/picture.json")
job followed --follow-up "$first" --prompt "What else?"
job failed "$scratch/broken.png" --prompt "?"
job warned Examples/clock.png --prompt "Describe the picture." --set max_new_tokens=2
grep -q '(cut off after 2 tokens)' "$scratch/shown.txt" || fail "show does not say that it was cut off"
"$illava" list >"$scratch/list.txt"
grep -q 'done !.*(cut off)' "$scratch/list.txt" || fail "list does not say that it was cut off"
"$illava" pause >/dev/null
id=$("$illava" submit Examples/clock.png --prompt "?")
for _ in $(seq 100); do "$illava" show "$id" --json >"$scratch/waiting.json" 2>/dev/null && break; sleep 0.1; done
"$illava" cancel "$id" >/dev/null
"$illava" resume >/dev/null
keep cancelled "$id"

# Less and less memory, until something is given up.
limit=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["memory"]["predicted"])' \
  "$kinds/film.json")
for _ in $(seq 30); do
  limit=$((limit * 97 / 100))
  "$illava" run --model Models/demo --video Examples/duck-first.mp4 --prompt "What appears first?" \
    --memory "$limit" --json >"$kinds/memory.json" 2>"$scratch/log" || fail "$limit bytes"
  grep -q '"rung"' "$kinds/memory.json" && break
done

"$scratch/venv/bin/python" Tests/schema/check_answers.py docs docs/answer.example.json \
  "$scratch"/*/answer.json --kinds "$kinds"
# A job that waited had the same document, with what was known.
"$scratch/venv/bin/python" Tests/schema/check_answers.py docs "$scratch/waiting.json"
