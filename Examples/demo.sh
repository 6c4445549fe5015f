#!/bin/sh
# Asks about the example picture and video, prints the answers, and says where the outputs are.
# usage: demo.sh ILLAVA MODEL OUTPUT
set -eu
illava=$1 model=$2 output=$3

cat <<TEXT

The model comes with illava: 9 million weights, taught to name drawn shapes, objects and places (its card,
Models/demo/README.md, says how well). Give a Qwen3-VL folder to --model for photographs and videos.

TEXT

ask() {
  name=$1 option=$2 file=$3 question=$4
  echo "$ illava run --model $model $option $file --prompt \"$question\""
  "$illava" run --model "$model" "$option" "$file" --prompt "$question" --max-new-tokens 40 \
    --json --visualize "$output/$name" --dump "$output/$name.safetensors" >"$output/$name.json"
  sed -n 's/^ *"answer" : /  answer: /p' "$output/$name.json" | sed 's/,$//'
  sed -n 's/^ *"visual" : \([0-9]*\).*/  visual tokens: \1/p; s/^ *"visual_left" : \([0-9]*\).*/  left after merging: \1/p' \
    "$output/$name.json"
  echo "  what it looked at: $output/$name/report.html"
  echo "  written: $output/$name.json, $output/$name.safetensors"
  echo
}

ask picture --image Examples/clock.png "Describe the picture."
ask video --video Examples/duck-first.mp4 "What appears first?"

cat <<TEXT
The same in a browser, on http://127.0.0.1:7862:
$ $illava serve --model $model --spool $output/spool
TEXT
