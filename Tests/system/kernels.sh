#!/usr/bin/env bash
# The reference cases on every kernel path this processor has.
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR

for path in portable avx2 avx512 avx512vnni avx512bf16 plainbf16; do
  echo "-- reference cases with ILLAVA_KERNELS=$path (the best path where the processor lacks it)"
  ILLAVA_KERNELS=$path bash Tests/swift-tests.sh 'GoldenTests|Int8Tests'
done
