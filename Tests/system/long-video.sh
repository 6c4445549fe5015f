#!/usr/bin/env bash
# Ten hours of video, in three containers: the frames that are asked for are sought, not decoded one by
# one, and memory does not grow with the length. Needs 2 GB in the temporary folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
trap 'echo "$0: line $LINENO failed: $BASH_COMMAND" >&2' ERR

build=${BUILD:-.build/release}
model=${MODEL:-Models/demo}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# A key frame each ten seconds, and B frames.
ffmpeg -v error -f lavfi -i testsrc=size=1920x1080:rate=25:duration=60 -pix_fmt yuv420p -c:v libx264 \
  -preset veryfast -g 250 -keyint_min 250 -sc_threshold 0 -bf 3 -crf 30 "$folder/minute.mp4"
for ending in mp4 mkv ts; do
  ffmpeg -v error -stream_loop 599 -i "$folder/minute.mp4" -c copy "$folder/hours.$ending"
done

python3 - "$build/illava" "$model" "$folder" <<'PYTHON'
import json, os, subprocess, sys, time

illava, model, folder = sys.argv[1:]


def run(name):
    """Seconds, the most memory in MiB, and the answer."""
    out = f"{folder}/out.json"
    with open(out, "w") as stream:
        start = time.monotonic()
        child = subprocess.Popen(
            [illava, "run", "--model", model, "--video", f"{folder}/{name}", "--frames", "32",
             "--max-pixels", "65536", "--max-new-tokens", "4", "--prompt", "What is this?", "--json"],
            stdout=stream)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.monotonic() - start
    assert status == 0, f"{name}: illava ended with {os.waitstatus_to_exitcode(status)}"
    answer = json.load(open(out))
    print(f"{name}: {seconds:.1f} s, {usage.ru_maxrss >> 10} MiB", flush=True)
    return seconds, usage.ru_maxrss >> 10, answer


base_seconds, base_memory, _ = run("minute.mp4")
frames = None
for name in ("hours.mp4", "hours.mkv", "hours.ts"):
    seconds, memory, answer = run(name)
    source = answer["media"][0]
    indices = [frame["index"] for frame in source["frames"]]
    assert indices[0] == 0 and indices[-1] == 899_999 and len(indices) == 32, indices
    assert frames in (None, indices), f"{name} has other frames"
    frames = indices
    assert not any("cannot be sought" in text for text in answer["warnings"]), answer["warnings"]
    # To decode 900,000 frames takes more than half an hour. The index takes 60 bytes a frame.
    assert seconds < base_seconds + 300, f"{name} took {seconds:.0f} s"
    assert memory < base_memory + 256, f"{name} took {memory} MiB; a minute took {base_memory} MiB"
PYTHON
