#!/usr/bin/env bash
# A model family that is one folder and one line (Tests/Skeleton) goes through every command and through
# the daemon: tiles, a thumbnail, a run of several segments, no DeepStack.
set -euo pipefail
cd "$(dirname "$0")/../.."
swift build --product illava-skeleton
program=.build/debug/illava-skeleton
fixtures=Tests/EngineTests/Fixtures

scratch=$(mktemp -d)
daemon=
trap '[ -z "$daemon" ] || kill "$daemon" || true; rm -rf "$scratch"' EXIT
fail() { echo "skeleton: $1" >&2; exit 1; }
ran() { "$@" >"$scratch/out" 2>"$scratch/log" || { cat "$scratch/out" "$scratch/log" >&2; fail "$*"; }; }
says() { grep -qE "$1" "$scratch/out" || { cat "$scratch/out" >&2; fail "no “$1” in the output"; }; }

printf '{"model_type": "skeleton", "width": 48, "vocabulary": 464, "tile": 64, "max_tiles": 4}' \
  >"$scratch/config.json"
ran "$program" random-model --config "$scratch/config.json" --tokenizer $fixtures/tiny-late \
  "$scratch/model"

ran "$program" run --model "$scratch/model" --image $fixtures/media/picture1.png \
  --video $fixtures/media/clip.mp4 --prompt "What is shown?" --max-new-tokens 4 --json \
  --illava-vit-r 0.5 --visualize "$scratch/report" --visualize-what all
python3 - "$scratch/out" <<'PYTHON'
import json, sys
answer = json.load(open(sys.argv[1]))
assert answer["tokens"]["visual"] == 128, answer["tokens"]
assert answer["tokens"]["visual_left"] < 64, answer["tokens"]
names = answer["pictures"]
assert "merge-01-final.png" in names and "merge-01-view2-final.png" in names, names
PYTHON
[ -s "$scratch/report/report.html" ] || fail "no report"

ran "$program" plan --model "$scratch/model" $fixtures/media/picture1.png
ran "$program" bench --config "$scratch/config.json" --random-weights --size 64x192 --new-tokens 2
printf 'index\timage_path\tquestion\tanswer\n1\t%s\tIs there a cat?\tyes\n' \
  "$PWD/$fixtures/media/picture1.png" >"$scratch/data.tsv"
ran "$program" eval --model "$scratch/model" --data "$scratch/data.tsv" --profile off,default,distinct

"$program" serve --spool "$scratch/spool" --model "$scratch/model" >"$scratch/daemon.log" 2>&1 &
daemon=$!
for _ in $(seq 100); do [ -d "$scratch/spool/inbox" ] && break; sleep 0.1; done
cp $fixtures/media/picture1.png "$scratch/spool/inbox/door.png"
printf 'What is shown?' >"$scratch/spool/inbox/door.png.txt"
for _ in $(seq 300); do
  answers=("$scratch"/spool/outbox/*/answer.json)
  [ -e "${answers[0]}" ] && break
  sleep 0.1
done
[ -e "${answers[0]}" ] || { cat "$scratch/daemon.log" >&2; fail "the daemon gave no answer"; }
grep -q '"visual" : 64' "${answers[0]}" || { cat "${answers[0]}" >&2; fail "not four views of 16 tokens"; }
kill "$daemon"
wait "$daemon" || true
daemon=
echo "skeleton: run, plan, bench, eval, report and daemon"
