#!/usr/bin/env bash
# The planner against the kernel: a long clip on a model with random weights, in real control groups with
# limits from just enough for the floors to plenty; and beside a process that takes 70 % of the free
# memory in the middle of the work. Nothing may be killed, every question is answered, more memory never
# keeps less, and below the floors there is a clear refusal immediately.
#
# usage: memory-cgroup.sh [ILLAVA] [SIZE] [STEPS] [FRAMES] [SIDE]
#   SIZE    small (0.1 GB of weights, the default), medium (0.5 GB) or large (1.2 GB)
#   STEPS   limits to try, 6
#   FRAMES  of the clip, 8
#   SIDE    of its frames in pixels, 448
# The whole of it, half an hour: WEIGHTS=int8 memory-cgroup.sh .build/release/illava large 30 64
# Needs root and a memory controller (version 2 or 1) below whose own group it may make another:
# where that is not so it says so loudly and ends with 77.
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR
illava=${1:-.build/release/illava}
size=${2:-small}
steps=${3:-6}
frames=${4:-8}
side=${5:-448}
weights=${WEIGHTS:-bf16}
fixture=Tests/EngineTests/Fixtures/tiny-late

give_up() {
  printf '\n*** THE PLANNER WAS NOT TESTED IN A CONTROL GROUP: %s ***\n\n' "$1" >&2
  exit 77
}
command -v python3 >/dev/null || give_up "python3 is missing"
command -v ffmpeg >/dev/null || give_up "ffmpeg is missing"

# A folder for control groups: below our own group, in the version that has a memory controller.
own=$(sed -n 's/^0:://p' /proc/self/cgroup | head -n 1)
old=$(sed -n 's/^[0-9]*:\([^:]*,\)\{0,1\}memory\(,[^:]*\)\{0,1\}://p' /proc/self/cgroup | head -n 1)
if [ -n "$old" ]; then
  version=1 parent=/sys/fs/cgroup/memory$old
  limit_file=memory.limit_in_bytes usage_file=memory.usage_in_bytes
else
  version=2 parent=/sys/fs/cgroup${own%/}
  limit_file=memory.max usage_file=memory.current
  # A group with processes cannot have children with controllers, so the new group goes beside it.
  grep -qw memory "$parent/cgroup.subtree_control" 2>/dev/null || parent=$(dirname "$parent")
fi
group=$parent/illava-test-$$
mkdir "$group" 2>/dev/null || give_up "no group can be made in $parent (root? a writable mount?)"
[ -e "$group/$limit_file" ] || { rmdir "$group"; give_up "$parent has no memory controller"; }

scratch=$(mktemp -d)
neighbor=
finish() {
  [ -z "$neighbor" ] || kill "$neighbor" 2>/dev/null || true
  [ -z "$neighbor" ] || wait "$neighbor" 2>/dev/null || true
  rmdir "$group" 2>/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT
echo "control groups of version $version, $group"

case $size in
  small) hidden=512 layers=12 inner=1024 heads=4 vit=256 ;;
  medium) hidden=1024 layers=16 inner=3072 heads=8 vit=512 ;;
  large) hidden=2048 layers=12 inner=6144 heads=16 vit=1024 ;;
  *) echo "SIZE is small, medium or large" >&2; exit 64 ;;
esac
# The tokenizer is that of the fixture; the KV cache is large, so that there is much to merge.
cat >"$scratch/config.json" <<JSON
{"model_type": "qwen3_vl", "architectures": ["Qwen3VLForConditionalGeneration"],
 "tie_word_embeddings": true, "image_token_id": 458, "video_token_id": 459,
 "vision_start_token_id": 455, "vision_end_token_id": 456,
 "text_config": {"vocab_size": 464, "hidden_size": $hidden, "intermediate_size": $inner,
  "num_hidden_layers": $layers, "num_attention_heads": $heads, "num_key_value_heads": $heads,
  "head_dim": 128, "rms_norm_eps": 1e-06, "rope_theta": 5000000, "hidden_act": "silu",
  "rope_scaling": {"rope_type": "default", "mrope_section": [24, 20, 20],
  "mrope_interleaved": true}},
 "vision_config": {"depth": 12, "hidden_size": $vit, "intermediate_size": $((4 * vit)),
  "num_heads": $((vit / 64)), "out_hidden_size": $hidden, "num_position_embeddings": 2304,
  "patch_size": 16, "temporal_patch_size": 2, "spatial_merge_size": 2,
  "deepstack_visual_indexes": [8, 9, 10], "hidden_act": "gelu_pytorch_tanh"}}
JSON
"$illava" random-model --config "$scratch/config.json" --tokenizer "$fixture" "$scratch/model"
# The fixture shows videos with 36 tokens per frame; this is what the published models show.
rm -f "$scratch/model/preprocessor_config.json"
echo '{"size": {"shortest_edge": 4096, "longest_edge": 25165824}}' \
  >"$scratch/model/video_preprocessor_config.json"
ffmpeg -loglevel error -f lavfi -i "testsrc2=size=${side}x$side:rate=4:duration=$((frames / 4 + 1))" \
  -pix_fmt yuv420p "$scratch/clip.mp4"
sync
echo "model of $(du -m "$scratch/model/model.safetensors" | cut -f 1) MiB, clip of $frames frames"

# The least and the most memory that the question needs.
ask=(--model "$scratch/model" --weights "$weights" --prompt "What is shown?" --max-new-tokens 4)
"$illava" plan "${ask[@]}" --frames "$frames" --json "$scratch/clip.mp4" >"$scratch/plan.json"
read -r least most < <(python3 - "$scratch/plan.json" <<'PY'
import json, sys
curve = json.load(open(sys.argv[1]))["curve"]
fits = [point["budget"] for point in curve if point["fits"]]
print(fits[0], fits[-1])
PY
)
echo "needs $((least >> 20)) MiB at the floors, $((most >> 20)) MiB for all that was asked for"

kills() {
  if [ $version = 1 ]; then sed -n 's/^oom_kill //p' "$group/memory.oom_control"
  else sed -n 's/^oom_kill //p' "$group/memory.events"; fi
}
# Weights count for the group whose process reads them first, so cached files are dropped.
forget() { dd if="$scratch/model/model.safetensors" iflag=nocache count=0 status=none; }
# Runs a command in the group.
within() { (echo $BASHPID >"$group/cgroup.procs" && exec "$@"); }
limit_to() {
  [ $version = 1 ] || echo 0 >"$group/memory.swap.max" 2>/dev/null || true
  echo "$1" >"$group/$limit_file"
}

# Page tables and other kernel memory of the process count for the group, but not for the process.
extra=$((8 << 20))
printf '%10s %8s %8s %8s %8s  %s\n' limit budget planned peak kept "given up"
: >"$scratch/rows"
for step in $(seq 0 $((steps - 1))); do
  limit=$((least + extra + (most - least + 2 * extra) * step / (steps > 1 ? steps - 1 : 1)))
  forget
  limit_to $limit
  before=$(kills)
  status=0
  within "$illava" run "${ask[@]}" --video "$scratch/clip.mp4" --frames "$frames" --json \
    >"$scratch/answer.json" 2>"$scratch/log" || status=$?
  if [ $status != 0 ] || [ "$(kills)" != "$before" ]; then
    echo "step $step, limit $limit: status $status, $(($(kills) - before)) killed" >&2
    cat "$scratch/log" >&2
    exit 1
  fi
  python3 - "$limit" "$scratch/answer.json" "$scratch/rows" <<'PY'
import json, sys
limit, answer = int(sys.argv[1]), json.load(open(sys.argv[2]))
assert len(answer["questions"]) == 1
memory = answer["memory"]
to = {one["rung"]: one["to"] for one in memory["adaptations"]}
row = [to.get(rung, 1) for rung in ("frames", "pixels", "vit_retention", "llm_retention", "kv_bytes", "rows_at_once", "film_reuse")]
open(sys.argv[3], "a").write(json.dumps(row) + "\n")
tokens = answer["tokens"]
print("%10d %8d %8d %8d %8d  %s" % (
    limit >> 20, memory["budget"] >> 20, memory["predicted"] >> 20, memory["peak"] >> 20,
    tokens["visual_left"],
    ", ".join("%s %.3f" % pair for pair in to.items())), flush=True)
assert memory["peak"] <= limit, "the process held %d of %d bytes" % (memory["peak"], limit)
assert memory["predicted"] <= memory["budget"]
assert memory["peak"] <= memory["predicted"], "more was held than predicted"
PY
done
python3 - "$scratch/rows" <<'PY'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
for less, more in zip(rows, rows[1:]):
    for small, large in zip(less, more):
        # The memory of the process itself varies by some hundred KiB from run to run.
        assert small <= large + 0.01, "more memory kept less: %s, then %s" % (less, more)
print("%d limits: all answered, none killed, none kept less with more memory" % len(rows))
PY

# One step below the floors.
forget
limit_to $((least - least / 20))
status=0
start=$(date +%s%N)
within "$illava" run "${ask[@]}" --video "$scratch/clip.mp4" --frames "$frames" \
  >/dev/null 2>"$scratch/log" || status=$?
took=$((($(date +%s%N) - start) / 1000000))
[ $status = 75 ] && grep -q 'memory\.\(never\|now\)' "$scratch/log" || {
  echo "below the floors: status $status" >&2
  cat "$scratch/log" >&2
  exit 1
}
echo "below the floors, refused after $took ms: $(head -n 1 "$scratch/log")"

# A process in the same group takes 70 % of the free memory in the middle of the work, 5 times. The
# moment depends on the processor time of the job, so that it does not depend on the machine's other
# work.
forget
limit_to $((most + 12 * extra))
spent() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat" 2>/dev/null || echo 0; }
# The time of an undisturbed job. Its processor time is added to the shell's when it ends.
children() { awk '{ sub(/.*\) /, ""); print $14 + $15 }' "/proc/$$/stat"; }
start=$(children)
within "$illava" run "${ask[@]}" --video "$scratch/clip.mp4" --frames "$frames" --json \
  >"$scratch/answer.json" 2>"$scratch/log" || { cat "$scratch/log" >&2; exit 1; }
whole=$(($(children) - start))
echo "a job left alone takes $((whole * 10)) ms of processor time"
met=0
for round in 1 2 3 4 5; do
  before=$(kills)
  # The other process exists, but has not allocated anything: it waits for a line.
  mkfifo "$scratch/go"
  (echo $BASHPID >"$group/cgroup.procs" && exec python3 - "$group/$limit_file" \
    "$group/$usage_file" "$group/memory.stat" "$scratch/go" "$scratch/taken") <<'PY' &
import sys, time
open(sys.argv[4]).readline()
limit, used = (int(open(path).read()) for path in sys.argv[1:3])
stat = dict(line.split() for line in open(sys.argv[3]))
used -= int(stat.get("total_inactive_file", stat.get("inactive_file", 0)))
taken = b"1" * max(0, int(0.7 * (limit - used)))
open(sys.argv[5], "w").write("%d\n" % (len(taken) >> 20))
time.sleep(3600)
PY
  neighbor=$!
  rm -f "$scratch/taken"
  # Not through within, because the processor time has to be the job's own.
  (echo $BASHPID >"$group/cgroup.procs" && exec "$illava" run "${ask[@]}" --video "$scratch/clip.mp4" \
    --frames "$frames" --json) >"$scratch/answer.json" 2>"$scratch/log" &
  job=$!
  # Later in every round: at 15, 30, 45, 60 and 75 % of the work.
  while kill -0 "$job" 2>/dev/null && [ "$(spent "$job")" -lt $((whole * 15 * round / 100)) ]; do
    sleep 0.01
  done
  echo go >"$scratch/go"
  while kill -0 "$job" 2>/dev/null && [ ! -s "$scratch/taken" ]; do sleep 0.01; done
  meets=
  [ ! -s "$scratch/taken" ] || ! kill -0 "$job" 2>/dev/null || meets=yes
  rm "$scratch/go"
  status=0
  wait "$job" || status=$?
  kill "$neighbor" 2>/dev/null || true
  wait "$neighbor" 2>/dev/null || true
  neighbor=
  killed=$(($(kills) - before))
  case $status in
    0) outcome=$(python3 -c '
import json, sys
memory = json.load(open(sys.argv[1]))["memory"]
print("answered", ", ".join("%s %.2f (%s)" % (one["rung"], one["to"], one.get("cause", "planned"))
                            for one in memory["adaptations"]) or "as asked")' "$scratch/answer.json") ;;
    75) outcome="would wait: $(head -n 1 "$scratch/log")" ;;
    *) outcome= ;;
  esac
  if [ -z "$outcome" ] || [ $killed != 0 ]; then
    echo "round $round with a neighbor: status $status, $killed killed" >&2
    cat "$scratch/log" >&2
    exit 1
  fi
  # If the job saw part of the memory being taken before all of it was, the two met as well.
  [ $status = 75 ] && meets=yes
  [ -z "$meets" ] || met=$((met + 1))
  taken=$(cat "$scratch/taken" 2>/dev/null) && taken="$taken MiB" || taken="a part"
  echo "round $round, $taken taken at $((15 * round)) % of the work: $outcome"
done
[ "$met" = 5 ] || { echo "the neighbor met the work in $met of 5 rounds only" >&2; exit 1; }
echo "all is well"
