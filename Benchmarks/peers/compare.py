#!/usr/bin/env python3
"""Measures illava, llama.cpp and PyTorch on the same weights, in turn, and prints medians and ratios.

    compare.py MODEL [--rounds 5] [--sizes 448,896] [--only illava,llama,pytorch] [--weights int8] [--kinds q8_0,q4_k_m]
               [--log FILE]

First run prepare.sh MODEL. Every round runs each program once for every size, so that a disturbance meets all of them; run it
on a machine that does nothing else. What was measured is appended to the log (work/compare.jsonl); with --print nothing runs
and the log is summed up. PyTorch runs in this Python.

Stages, for a square picture of noise and a question:
  vision    the image encoder
  prefill   its visual tokens and 32 more
  first     both: the time to the first token
  decode    a token behind 512 others (llama.cpp: llama-bench; illava: words of the question fill up)
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import struct
import subprocess
import sys
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEXT = 32       # tokens beside the visual ones
CONTEXT = 512   # tokens before the ones whose generation is timed
NEW = 16
# The image encoder's weights beside each kind of text weights; prepare.sh makes both.
VISION = {"q8_0": "q8_0", "q4_k_m": "f16", "bf16": "bf16"}


def picture(side, folder):
    """A picture of noise as a PNG file."""
    path = folder / f"noise-{side}.png"
    if not path.exists():
        rows = b"".join(b"\0" + os.urandom(3 * side) for _ in range(side))

        def chunk(name, data):
            return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

        path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
                         + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))
    return path


def output(command):
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}")
    return done.stdout


def illava(options, side):
    for weights in options.weights.split(","):
        table = json.loads(subprocess.run(
            [str(part) for part in [options.illava, "bench", "--model", options.model, "--weights", weights, "--threads",
                                    options.threads, "--size", f"{side}x{side}", "--prompt-tokens", TEXT, "--new-tokens", 0,
                                    "--profile", options.profile, "--json"]],
            stdout=subprocess.PIPE, check=True, text=True).stdout)
        for row in table["rows"]:
            yield {"program": f"illava {weights}, {row['name']}", "vision": row["vision_seconds"],
                   "prefill": row["prefill_seconds"], "first": row["vision_seconds"] + row["prefill_seconds"]}


def illava_decoding(options):
    for weights in options.weights.split(","):
        # One word is one token; the smallest picture brings a handful.
        table = json.loads(subprocess.run(
            [str(part) for part in [options.illava, "bench", "--model", options.model, "--weights", weights, "--threads",
                                    options.threads, "--size", "256x256", "--prompt-tokens", CONTEXT - 64 - NEW // 2,
                                    "--new-tokens", NEW, "--profile", "off", "--json"]],
            stdout=subprocess.PIPE, check=True, text=True).stdout)
        yield {"program": f"illava {weights}, off", "decode": table["rows"][0]["seconds_per_token"],
               "bandwidth": table["rows"][0]["memory_gb_per_second"],
               "read": 1e-9 * table["rows"][0]["bytes_per_token"] / table["rows"][0]["seconds_per_token"]}


def llama(options, side):
    for kind in options.kinds.split(","):
        if options.prebuilt:
            shown = prebuilt(options, kind, "--picture", picture(side, options.work))
            yield {"program": f"llama.cpp {kind}", "vision": shown["vision"], "prefill": shown["first"] - shown["vision"],
                   "first": shown["first"], "tokens": shown["tokens"]}
            continue
        # Without a limit the context of the configuration is reserved: 21 GB.
        said = output([options.work / "programs/llama-mtmd-cli", "-t", options.threads, "-c", 4096, "-m",
                       options.work / f"text-{kind}.gguf", "--mmproj", options.work / f"vision-{VISION[kind]}.gguf", "--image",
                       picture(side, options.work), "-p", " ".join(["a"] * 20), "-n", 2, "--temp", 0, "--chat-template",
                       "chatml", "-lv", 4, "--perf"])
        vision = re.search(r"encoding done in (\d+) ms", said) or re.search(r"encoded in (\d+) ms", said)
        prompt = re.search(r"prompt eval time =\s*([\d.]+) ms", said)
        if not (vision and prompt):
            sys.exit(f"llama.cpp did not say its times:\n{said[-2000:]}")
        # What it calls prompt evaluation includes the image encoder.
        vision, first = int(vision[1]) / 1000, float(prompt[1]) / 1000
        yield {"program": f"llama.cpp {kind}", "vision": vision, "prefill": first - vision, "first": first}


def llama_decoding(options):
    for kind in options.kinds.split(","):
        if options.prebuilt:
            yield {"program": f"llama.cpp {kind}", **prebuilt(options, kind, "--context", CONTEXT - NEW // 2, "--new", NEW)}
            continue
        rows = json.loads(subprocess.run(
            [str(part) for part in [options.work / "programs/llama-bench", "-t", options.threads, "-m",
                                    options.work / f"text-{kind}.gguf", "-p", 0, "-n", NEW, "-d", CONTEXT - NEW // 2, "-r", 1,
                                    "-o", "json"]],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True, text=True).stdout)
        yield {"program": f"llama.cpp {kind}", "decode": 1 / rows[0]["avg_ts"]}


def prebuilt(options, kind, *work):
    said = output([sys.executable, pathlib.Path(__file__).with_name("prebuilt.py"), options.work / f"text-{kind}.gguf",
                   options.work / f"vision-{VISION[kind]}.gguf", "--threads", options.threads, *work])
    return json.loads(said.strip().splitlines()[-1])


def pytorch(options, side):
    for dtype in options.dtypes.split(","):
        said = output([sys.executable, pathlib.Path(__file__).with_name("pytorch.py"), options.model, "--dtype", dtype, "--size",
                       f"{side}x{side}", "--text", TEXT, "--context", CONTEXT - NEW // 2, "--new", NEW if side == 448 else 1,
                       "--rounds", 1, "--threads", options.threads])
        row = json.loads(said.strip().splitlines()[-1])
        row = {"program": f"PyTorch {dtype}", "vision": row["vision"], "prefill": row["prefill"],
               "first": row["vision"] + row["prefill"], "decode": row["decode"]}
        if side != 448:
            del row["decode"]
        yield row


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--sizes", default="448,896")
    parser.add_argument("--only", default="illava,llama,pytorch")
    parser.add_argument("--dtypes", default="bfloat16", help="what PyTorch computes in")
    parser.add_argument("--weights", default="int8,bf16", help="what illava computes with")
    parser.add_argument("--kinds", default="q8_0,q4_k_m", help="files of llama.cpp: " + ", ".join(VISION))
    parser.add_argument("--prebuilt", action="store_true", help="llama.cpp of the package xllamacpp, in this Python")
    parser.add_argument("--profile", default="tuned")
    parser.add_argument("--no-decoding", dest="decoding", action="store_false", help="no generated tokens")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / ".build/peers")
    parser.add_argument("--illava", type=pathlib.Path, default=ROOT / ".build/release/illava")
    parser.add_argument("--log", type=pathlib.Path)
    parser.add_argument("--print", action="store_true", help="sum up the log only")
    options = parser.parse_args()
    log = options.log or options.work / "compare.jsonl"
    whole = {"illava": illava, "llama": llama, "pytorch": pytorch}
    decoding = {"illava": illava_decoding, "llama": llama_decoding}
    for round in range(0 if options.print else options.rounds):
        for name in options.only.split(","):
            for side in [int(side) for side in options.sizes.split(",")]:
                note(log, round, side, whole[name](options, side))
            if name in decoding and options.decoding:
                note(log, round, None, decoding[name](options))
    summary([json.loads(line) for line in log.read_text().splitlines()])


def note(log, round, side, rows):
    for row in rows:
        row = {"round": round, "side": side, **{key: value if isinstance(value, str) else float(f"{value:.4g}") for key, value in row.items()}}
        print(json.dumps(row), flush=True)
        with log.open("a") as file:
            file.write(json.dumps(row) + "\n")


def summary(rows):
    """Medians per program, and how many times faster than each peer illava is."""
    for side in sorted({row["side"] for row in rows if row["side"]}) + [None]:
        for stage in ("vision", "prefill", "first", "decode"):
            samples = {}
            for row in rows:
                if stage in row and (row["side"] == side or stage == "decode" and side is None):
                    samples.setdefault(row["program"], []).append(row[stage])
            if not samples or (stage == "decode") != (side is None):
                continue
            medians = {program: statistics.median(values) for program, values in samples.items()}
            peers = {program: value for program, value in medians.items() if not program.startswith("illava")}
            best = min(peers, key=peers.get) if peers else None
            print(f"\n{stage}" + (f", {side}×{side}" if side else f" behind {CONTEXT} tokens"))
            for program, value in sorted(medians.items(), key=lambda item: item[1]):
                spread = f"{min(samples[program]):.3g} to {max(samples[program]):.3g} s, {len(samples[program])} runs"
                ratios = "" if program in peers or not best else "".join(
                    f", {peers[peer] / value:.2f}× {peer}{' (best peer)' if peer == best else ''}" for peer in peers)
                print(f"  {program:24} {value:8.3f} s ({spread}){ratios}")
    reads = [(row["read"], row["bandwidth"]) for row in rows if "read" in row and "int8" in row["program"]]
    if reads:
        shares = sorted(read / bandwidth for read, bandwidth in reads)
        print(f"\nillava int8 reads weights and cache at {statistics.median(shares) * 100:.0f} % of the read bandwidth of the same minute "
              f"({shares[0] * 100:.0f} to {shares[-1] * 100:.0f} %)")


if __name__ == "__main__":
    main()
