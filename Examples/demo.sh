#!/bin/sh
# Asks about the example picture and film, prints the answers, and says where the outputs are.
# usage: demo.sh ILLAVA MODEL OUTPUT
set -eu
illava=$1 model=$2 output=$3

cat <<TEXT

The model is a tiny one with random weights: it shows that every stage works, from FFmpeg to the
answer file, but its words mean nothing. Give a real Qwen3-VL folder to --model for real answers.

TEXT

ask() {
  name=$1 option=$2 file=$3 question=$4
  echo "$ illava run $option $file --prompt \"$question\""
  "$illava" run --model "$model" "$option" "$file" --prompt "$question" --max-new-tokens 12 \
    --json --dump "$output/$name.safetensors" >"$output/$name.json"
  sed -n 's/^ *"answer" : /  answer: /p' "$output/$name.json" | sed 's/,$//'
  sed -n 's/^ *"visual" : \([0-9]*\).*/  visual tokens: \1/p; s/^ *"visual_left" : \([0-9]*\).*/  left after merging: \1/p' \
    "$output/$name.json"
  echo "  written: $output/$name.json, $output/$name.safetensors"
  echo
}

ask picture --image Examples/street.jpg "What is shown in the image?"
ask film --video Examples/ball.mp4 "Which way does the ball move?"
