#!/usr/bin/env bash
# Predicted against measured memory, as a table in Markdown: pictures and films of several sizes,
# merging on and off, weights as bf16 and f32, on the shape of Qwen3-VL-2B with random weights.
#
# usage: memory-table.sh [ILLAVA] [OUTPUT] [COMBINATION…]
#   OUTPUT       the file to write, docs/memory-table.md; - for standard output
#   COMBINATION  SIZE:FRAMES:WEIGHTS, such as 448x448:0:bf16 (0: a picture); all of them without any.
#                Each is measured with merging off and on: two rows.
# SHAPE names another config.json, NEW_TOKENS the tokens to generate (2). Ends with 1 if a prediction
# was smaller than what was measured, or more than 1.2 times as large.
set -euo pipefail
cd "$(dirname "$0")/.."
illava=${1:-.build/release/illava}
output=${2:-docs/memory-table.md}
shift $(($# < 2 ? $# : 2))
shape=${SHAPE:-Benchmarks/shapes/qwen3-vl-2b.json}
tokens=${NEW_TOKENS:-2}
if [ $# = 0 ]; then
  # 20 combinations, 40 rows: pictures from small to large, films from 2 to 64 frames.
  set -- 224x224:0:bf16 448x448:0:bf16 640x480:0:bf16 896x896:0:bf16 1280x896:0:bf16 \
    1024x1344:0:bf16 224x224:2:bf16 224x224:8:bf16 224x224:16:bf16 224x224:32:bf16 \
    224x224:64:bf16 448x448:2:bf16 448x448:4:bf16 448x448:8:bf16 448x448:16:bf16 448x448:32:bf16 \
    448x448:64:bf16 448x448:0:f32 448x448:8:f32 448x448:16:f32
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
number=0
for combination in "$@"; do
  IFS=: read -r size frames weights <<<"$combination"
  number=$((number + 1))
  extra=()
  [ "$frames" = 0 ] || extra=(--frames "$frames")
  echo "$number of $#: $size, $frames frames, $weights" >&2
  "$illava" bench --config "$shape" --random-weights --size "$size" "${extra[@]}" \
    --weights "$weights" --new-tokens "$tokens" --json >"$scratch/$number.json"
  echo "$combination" >"$scratch/$number.name"
done
status=0
python3 - "$scratch" $# "$shape" >"$scratch/table" <<'PY' || status=$?
import json, sys
folder, count, shape = sys.argv[1], int(sys.argv[2]), sys.argv[3]
rows = []
for number in range(1, count + 1):
    report = json.load(open(f"{folder}/{number}.json"))
    size, frames, weights = open(f"{folder}/{number}.name").read().strip().split(":")
    for row in report["rows"]:
        rows.append((size, int(frames), weights, report["weight_bytes"], row))
ratios = [row["predicted_bytes"] / row["peak_bytes"] for *_, row in rows]
print("# Memory, predicted and measured\n")
print(f"The shape is `{shape}` with random weights. Predicted is what the planner reckons with before the")
print("work, measured is the most the process held (`VmHWM`, reset before every row), both with weights;")
print("“beside the weights” is measured less the weights.\n")
print("    Benchmarks/memory-table.sh\n")
print("| picture or frames | weights | merging | visual tokens | predicted MiB | measured MiB "
      "| predicted : measured | beside the weights MiB |")
print("|---|---|---|---|---|---|---|---|")
for (size, frames, weights, held, row), ratio in zip(rows, ratios):
    what = size.replace("x", "×") + (f", {frames} frames" if frames else "")
    print(f"| {what} | {weights} | {row['name']} | {row['visual_tokens']:,} → "
          f"{row['visual_tokens_left']:,} | {row['predicted_bytes'] / 2**20:,.0f} "
          f"| {row['peak_bytes'] / 2**20:,.0f} | {ratio:.3f} "
          f"| {(row['peak_bytes'] - held) / 2**20:,.0f} |")
low = sum(ratio < 1 for ratio in ratios)
high = sum(ratio > 1.2 for ratio in ratios)
print(f"\n{len(rows)} rows: predicted : measured from {min(ratios):.3f} to {max(ratios):.3f}; "
      f"{low} predicted too little, {high} more than 1.2 times too much.")
sys.exit(1 if low or high else 0)
PY
if [ "$output" = - ]; then cat "$scratch/table"; else cp "$scratch/table" "$output"; fi
exit $status
