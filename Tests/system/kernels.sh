#!/usr/bin/env bash
# The reference cases on every kernel path this processor has, and the kernels compiled for arm64.
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR

for path in portable avx2 avx512 avx512vnni avx512bf16 plainbf16; do
  echo "-- reference cases with ILLAVA_KERNELS=$path (the best path where the processor lacks it)"
  ILLAVA_KERNELS=$path bash Tests/swift-tests.sh 'GoldenTests|Int8Tests'
done

# Cross headers are enough to compile for arm64; nothing is linked or run.
if ! [ -d /usr/aarch64-linux-gnu/include ]; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  $as_root apt-get install -y -qq --no-install-recommends libc6-dev-arm64-cross >/dev/null
fi
clang=$(dirname "$(readlink -f "$(command -v swift)")")/clang
for source in Sources/CKernels/*.c; do
  "$clang" --target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include -O2 -Wall -Wextra -Werror \
    -fno-math-errno -ISources/CKernels/include -c "$source" -o /dev/null
done
echo "the kernels compile for arm64"
