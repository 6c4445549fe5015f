#!/usr/bin/env bash
# Makes ready what compare.py needs: llama.cpp, and a model in the formats of all programs.
#
#   Benchmarks/peers/prepare.sh MODEL
#
# MODEL is a Qwen3-VL folder, or what random_checkpoint.py wrote. Builds llama.cpp from the source that the PyPI package
# llama-cpp-python carries (set LLAMA to a folder with built programs and convert_hf_to_gguf.py to skip that), converts the
# model to GGUF in bf16 and Q8_0, and packs its weights for illava. Needs cmake, ninja, a C++ compiler, pip, and for the
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

text=$work/text-bf16.gguf
vision=$work/vision-bf16.gguf
[ -f "$text" ] || python3 "$LLAMA/convert_hf_to_gguf.py" "$model" --outtype bf16 --outfile "$text"
[ -f "$vision" ] || python3 "$LLAMA/convert_hf_to_gguf.py" "$model" --outtype bf16 --mmproj --outfile "$vision"
[ -f "$work/text-q8_0.gguf" ] || "$work/programs/llama-quantize" "$text" "$work/text-q8_0.gguf" Q8_0 "$threads"
"$illava" pack --model "$model" --threads "$threads"
