#!/usr/bin/env bash
# Measures llama.cpp and illava on the same weights, one after the other, as often as asked.
#
#   Benchmarks/peers/llama-cpp.sh MODEL PICTURE [ROUNDS]
#
# MODEL is a Qwen3-VL folder, or what random_checkpoint.py wrote. Builds llama.cpp from the source that the PyPI package
# llama-cpp-python carries (set LLAMA to a folder with built programs and convert_hf_to_gguf.py to skip that), converts the
# model to GGUF in bf16 and Q8_0, and prints what each program says about its stages. Needs cmake, ninja, a C++ compiler,
# pip, and for the conversion torch, transformers, sentencepiece and gguf. Run it on a machine that does nothing else: ratios from one
# sitting are what counts.
set -euo pipefail

model=${1:?a model folder}
picture=${2:?a picture}
rounds=${3:-5}
threads=${THREADS:-2}
new_tokens=${NEW_TOKENS:-32}
prompt=${PROMPT:-Describe what can be seen in this picture in one sentence.}
version=0.3.36
root=$(cd "$(dirname "$0")/../.." && pwd)
work=${WORK:-$root/.build/peers}
illava=${ILLAVA:-$root/.build/release/illava}
mkdir -p "$work"

if [ -z "${LLAMA:-}" ]; then
  if ! [ -d "$work/llama_cpp_python-$version" ]; then
    pip download --no-deps --no-binary :all: --no-build-isolation -d "$work" "llama-cpp-python==$version"
    tar -C "$work" -xzf "$work/llama_cpp_python-$version.tar.gz"
  fi
  LLAMA=$work/llama_cpp_python-$version/vendor/llama.cpp
  cmake -S "$LLAMA" -B "$LLAMA/build" -G Ninja -DGGML_NATIVE=ON -DCMAKE_BUILD_TYPE=Release -DLLAMA_CURL=OFF
  cmake --build "$LLAMA/build" --target llama-bench llama-mtmd-cli llama-quantize
fi
programs=$LLAMA/build/bin

text=$work/text-bf16.gguf
vision=$work/vision-bf16.gguf
[ -f "$text" ] || python3 "$LLAMA/convert_hf_to_gguf.py" "$model" --outtype bf16 --outfile "$text"
[ -f "$vision" ] || python3 "$LLAMA/convert_hf_to_gguf.py" "$model" --outtype bf16 --mmproj --outfile "$vision"
[ -f "$work/text-q8_0.gguf" ] || "$programs/llama-quantize" "$text" "$work/text-q8_0.gguf" Q8_0 "$threads"

# Packed once, so that neither program's first round pays for it.
"$illava" pack --model "$model" --threads "$threads"

for round in $(seq "$rounds"); do
  for type in bf16 q8_0; do
    echo "== round $round: llama.cpp, text in $type, image encoder in bf16"
    "$programs/llama-mtmd-cli" -t "$threads" -m "$work/text-$type.gguf" --mmproj "$vision" --image "$picture" \
      -p "$prompt" -n "$new_tokens" --temp 0 --chat-template chatml -lv 4 --perf 2>&1 |
      grep -E 'encoding done|image decoded|eval time|total time'  # it ends here where llama.cpp said none of them
  done
  for weights in bf16 int8; do
    for profile in off exact; do
      echo "== round $round: illava, $weights, merging $profile"
      "$illava" run --model "$model" --weights "$weights" --profile "$profile" --threads "$threads" --image "$picture" \
        --prompt "$prompt" --max-new-tokens "$new_tokens" --ignore-stop-tokens --json |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["seconds"])'
    done
  done
done
echo "== llama.cpp alone: prefill of 512 and 1024 tokens, decoding"
for type in bf16 q8_0; do
  "$programs/llama-bench" -t "$threads" -m "$work/text-$type.gguf" -p 512,1024 -n 64
done
