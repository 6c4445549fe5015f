#!/usr/bin/env bash
# Predicted against measured memory, as tables in Markdown: pictures and videos of several sizes,
# merging off and on, weights in bf16, 8 bits and f32, on the shape of Qwen3-VL-2B with random weights
# and on the model that comes with the project.
#
# usage: memory-table.sh [ILLAVA] [OUTPUT] [COMBINATION…]
#   OUTPUT       the file to write; - for standard output, the default. The tables stand in
#                docs/results.md under “Predicted and measured”
#   COMBINATION  MODEL:SIZE:FRAMES:WEIGHTS[:SHARE], such as 2b:448x448:0:bf16 (MODEL is 2b or demo,
#                0 frames: a picture); all of them without any. Each is measured with merging off
#                and on, with SHARE (what every merging layer keeps) only with that.
# NEW_TOKENS is what is generated, 2. Ends with 1 if a prediction was smaller than what was measured,
# or, for 2b, more than 1.2 times as large.
set -euo pipefail
cd "$(dirname "$0")/.."
illava=${1:-.build/release/illava}
output=${2:--}
shift $(($# < 2 ? $# : 2))
shape=Benchmarks/shapes/qwen3-vl-2b.json
tokens=${NEW_TOKENS:-2}
if [ $# = 0 ]; then
  set -- 2b:{224x224,448x448,640x480,896x896}:0:bf16 2b:{448x448,896x896,1280x896,1024x1344}:0:int8 \
    2b:448x448:0:f32 2b:224x224:{2,8,16}:bf16 2b:224x224:{32,64}:int8 2b:224x224:8:f32 \
    2b:448x448:{2,4}:bf16 2b:448x448:{8,16,32,64}:int8 2b:448x448:2:f32 \
    2b:448x448:64:int8:0.789 \
    demo:{128x128,224x224,448x448}:0:bf16 demo:448x448:0:{int8,f32} \
    demo:224x224:{2,4,8,16}:bf16 demo:448x448:{8,16,32,64}:bf16 demo:448x448:{8,64}:int8
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
number=0
for combination in "$@"; do
  IFS=: read -r model size frames weights share <<<"$combination"
  number=$((number + 1))
  what=(--config "$shape" --random-weights)
  [ "$model" = 2b ] || what=(--model Models/demo)
  [ "$frames" = 0 ] || what+=(--frames "$frames")
  [ -z "$share" ] || what+=(--illava-vit-r "$share" --illava-llm-r "$share")
  echo "$number of $#: $combination" >&2
  "$illava" bench "${what[@]}" --size "$size" --weights "$weights" --new-tokens "$tokens" --json \
    >"$scratch/$number.json"
  echo "$combination" >"$scratch/$number.name"
done
status=0
python3 - "$scratch" $# >"$scratch/table" <<'PY' || status=$?
import json, sys
folder, count = sys.argv[1], int(sys.argv[2])
rows = []
for number in range(1, count + 1):
    report = json.load(open(f"{folder}/{number}.json"))
    model, size, frames, weights, *share = open(f"{folder}/{number}.name").read().strip().split(":")
    for row in report["rows"][1:] if share else report["rows"]:
        if share:
            row["name"] += f", {share[0]} a layer"
        rows.append((model, size, int(frames), weights, report["weight_bytes"], row))
failed = False
for name, title in [("2b", "The shape of Qwen3-VL-2B, random weights"), ("demo", "The demo model")]:
    own = [row[1:] for row in rows if row[0] == name]
    if not own:
        continue
    print(f"\n#### {title}\n")
    print("| picture or frames | weights | merging | visual tokens | predicted MiB | measured MiB "
          "| predicted : measured | beside the weights MiB |")
    print("|---|---|---|---|---|---|---|---|")
    ratios = [row["predicted_bytes"] / row["peak_bytes"] for *_, row in own]
    for (size, frames, weights, held, row), ratio in zip(own, ratios):
        what = size.replace("x", "×") + (f", {frames} frames" if frames else "")
        print(f"| {what} | {weights} | {row['name']} | {row['visual_tokens']:,} → "
              f"{row['visual_tokens_left']:,} | {row['predicted_bytes'] / 2**20:,.0f} "
              f"| {row['peak_bytes'] / 2**20:,.0f} | {ratio:.3f} "
              f"| {(row['peak_bytes'] - held) / 2**20:,.0f} |")
    low, high = sum(ratio < 1 for ratio in ratios), sum(ratio > 1.2 for ratio in ratios)
    print(f"\n{len(own)} rows: predicted : measured from {min(ratios):.3f} to {max(ratios):.3f}; "
          f"{low} predicted too little, {high} more than 1.2 times too much.")
    failed = failed or low or (high and name == "2b")
sys.exit(1 if failed else 0)
PY
if [ "$output" = - ]; then cat "$scratch/table"; else cp "$scratch/table" "$output"; fi
exit $status
