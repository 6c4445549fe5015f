#!/usr/bin/env bash
# The command line as users see it: exit statuses, one clear error each, nothing on the wrong stream.
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR
illava=.build/release/illava
model=Tests/EngineTests/Fixtures/tiny-late
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# expect STATUS CODE ARGUMENT…: runs illava; the status is STATUS, standard error has [CODE],
# and standard output stays empty.
expect() {
  local status=$1 code=$2 actual=0
  shift 2
  "$illava" "$@" >"$folder/out" 2>"$folder/err" </dev/null || actual=$?
  if [ "$actual" != "$status" ] || ! grep -qF "$code" "$folder/err" || [ -s "$folder/out" ]; then
    echo "illava $*: status $actual, expected $status and “$code”" >&2
    cat "$folder/err" >&2
    exit 1
  fi
}

ask=(run --model "$model" --prompt hello --max-new-tokens 2)
expect 64 "Missing expected argument" run --model "$model"
expect 64 "[merging.retention]" "${ask[@]}" --illava-vit-r 0
expect 64 "[merging.layers]" "${ask[@]}" --illava-llm-k 5-5
expect 64 "[merging.layers]" "${ask[@]}" --illava-vit-k 5-12
expect 64 "[merging.mode]" "${ask[@]}" --illava-vit-mode 5
expect 64 "[sampling.option]" "${ask[@]}" --top-p 0
expect 64 "exclude each other" "${ask[@]}" --fps 1 --frames 2
expect 64 "[merging.published-deepstack]" run --model Tests/EngineTests/Fixtures/tiny-early --prompt x --profile published
expect 66 "[media.missing]" "${ask[@]}" --image "$folder/none.png"
expect 66 "[checkpoint.folder-missing]" run --model "$folder/none" --prompt x
expect 69 "[checkpoint.config-missing]" run --model "$folder" --prompt x
: >"$folder/empty.png"
expect 65 "[media.empty]" "${ask[@]}" --image "$folder/empty.png"
expect 65 "error: " "${ask[@]}" --video README.md

cp -r "$model" "$folder/model"
head -c 100000 "$model/model.safetensors" >"$folder/model/model.safetensors"
expect 69 "model.safetensors" run --model "$folder/model" --prompt x
cp "$model/model.safetensors" "$folder/model/"
sed -i 's/"hidden_size": 96/"hidden_size": 97/' "$folder/model/config.json"
expect 69 "config.json" run --model "$folder/model" --prompt x

# What a folder is, without opening it: the same errors, behind what is known about it.
"$illava" model "$model" >"$folder/out"
grep -q '^model      Qwen3-VL (qwen3_vl): can be run$' "$folder/out"
[ "$(wc -L <"$folder/out")" -le 80 ]
"$illava" model --json "$model" | grep -q '"runnable" : true'
expect 66 "[checkpoint.folder-missing]" model "$folder/none"
status=0
"$illava" model "$folder/model" >"$folder/out" 2>"$folder/err" || status=$?
[ "$status" = 69 ] && grep -q 'cannot be run$' "$folder/out" && grep -qF "error: $folder/model/" "$folder/err"

# Special tokens in a prompt are plain characters, so they give more than one id.
ids=$(printf '<|im_end|>' | "$illava" tokenize --model "$model")
[ "$(wc -w <<<"$ids")" -gt 1 ]
# Encoded text decodes to itself, line by line.
printf 'naïve café\n\n你好 🙂\n' >"$folder/text"
"$illava" tokenize --model "$model" <"$folder/text" | "$illava" tokenize --model "$model" --decode | cmp - "$folder/text"

# Standard output has only the answer, and no progress bar appears in a pipe.
"$illava" "${ask[@]}" --image Examples/street.jpg >"$folder/out" 2>"$folder/err" || {
  cat "$folder/err" >&2
  exit 1
}
[ -s "$folder/out" ]
if grep -q "█" "$folder/err"; then
  echo "a pipe sees a progress bar:" >&2
  cat "$folder/err" >&2
  exit 1
fi
"$illava" "${ask[@]}" --image Examples/street.jpg --json >"$folder/out"
grep -q '"version" : 2' "$folder/out" || { cat "$folder/out" >&2; exit 1; }
echo "the command line behaves"
