#!/usr/bin/env bash
# Makes ready what compare.py needs: llama.cpp, and a model in the formats of all programs.
#
#   Benchmarks/peers/prepare.sh MODEL
#
# MODEL is a folder of Qwen3-VL or Qwen3.5, or what random_checkpoint.py wrote. Builds llama.cpp from the source that the PyPI package
# llama-cpp-python carries (set LLAMA to a folder with built programs and convert_hf_to_gguf.py to skip that), converts the
# model to GGUF in bf16, Q8_0 and Q4_K_M, and packs its weights for illava. Needs cmake, ninja, a C++ compiler, pip, and for the
# conversion torch, transformers, sentencepiece and gguf.
set -euo pipefail

model=${1:?a model folder}
threads=${THREADS:-2}
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
ln -sfn "$LLAMA/build/bin" "$work/programs"

convert() {
  [ -f "$work/$1" ] || python3 "$LLAMA/convert_hf_to_gguf.py" "$model" --outfile "$work/$1" "${@:2}"
}
quantize() {
  [ -f "$work/text-$1.gguf" ] || "$work/programs/llama-quantize" "$work/text-bf16.gguf" "$work/text-$1.gguf" "${1^^}" "$threads"
}
# A random checkpoint has no layer for drafting.
drafting=()
! grep -q '"model_type": "qwen3_5"' "$model/config.json" || drafting=(--no-mtp)
convert text-bf16.gguf --outtype bf16 "${drafting[@]}"
convert vision-q8_0.gguf --outtype q8_0 --mmproj
convert vision-f16.gguf --outtype f16 --mmproj
convert vision-bf16.gguf --outtype bf16 --mmproj
quantize q8_0
quantize q4_k_m
"$illava" pack --model "$model" --threads "$threads"
