#!/usr/bin/env bash
# Runs the kernels of arm64 for weights of 4 to 8 bits in an emulator, on every path, and compares them
# with plain sums, to the last bit.
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR

if ! command -v aarch64-linux-gnu-gcc >/dev/null || ! command -v qemu-aarch64 >/dev/null; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  $as_root apt-get update -qq
  $as_root apt-get install -y -qq --no-install-recommends gcc-aarch64-linux-gnu libc6-dev-arm64-cross \
    qemu-user >/dev/null
fi
clang=$(dirname "$(readlink -f "$(command -v swift)")")/clang
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for source in Sources/CKernels/*.c Tests/arm64/*.c; do
  "$clang" --target=aarch64-linux-gnu -isystem /usr/aarch64-linux-gnu/include -O2 -Wall -Wextra -Werror \
    -fno-math-errno -ISources/CKernels/include -c "$source" -o "$work/$(basename "$source" .c).o"
done
mkdir "$work/tests"
mv "$work/int8.o" "$work/fewbits.o" "$work/tests"
for test in int8 fewbits; do
  aarch64-linux-gnu-gcc -static "$work"/*.o "$work/tests/$test.o" -o "$work/$test" -lpthread -lm
  qemu-aarch64 -cpu max "$work/$test" portable neondot neoni8mm
done

# On a processor without the instructions there are no paths that need them.
for path in neondot neoni8mm; do
  if qemu-aarch64 -cpu cortex-a57 "$work/int8" "$path" >/dev/null; then
    echo "$path is taken for a path of a processor without dot products" >&2
    exit 1
  fi
done
echo "arm64 kernels: every sum is right"
