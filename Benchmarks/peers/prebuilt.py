#!/usr/bin/env python3
"""Times llama.cpp as the package xllamacpp carries it, where there is no time to build it: one line of JSON.

    prebuilt.py TEXT.gguf VISION.gguf [--picture FILE] [--context 504 --new 16] [--threads 2]

With a picture the seconds of the image encoder and of the whole prompt; with a context those of a token generated behind so many
others. Its kernels are compiled for AVX2, FMA and F16C, as it says in `features`: processors with more are not used to the full.
"""

import argparse
import base64
import json
import os
import pathlib
import re
import tempfile

import xllamacpp


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("text")
    parser.add_argument("vision")
    parser.add_argument("--picture", type=pathlib.Path)
    parser.add_argument("--context", type=int)
    parser.add_argument("--new", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    result = {"features": xllamacpp.get_system_info()}
    with tempfile.TemporaryFile() as log:
        # The image encoder's seconds stand in the log only.
        own = os.dup(2)
        os.dup2(log.fileno(), 2)
        try:
            server = started(options)
            if options.picture:
                result |= shown(server, options.picture, log)
            if options.context:
                result["decode"] = generated(server, options)
            # It writes as it ends.
            del server
        except BaseException:
            log.seek(0)
            os.write(own, log.read()[-3000:])
            raise
        finally:
            os.dup2(own, 2)
    print(json.dumps(result))


def started(options):
    params = xllamacpp.CommonParams()
    params.model.path, params.mmproj.path = options.text, options.vision
    params.mmproj_use_gpu, params.warmup, params.cache_prompt = False, True, False
    params.n_ctx, params.n_parallel, params.n_gpu_layers = 4096, 1, 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = options.threads
    # States of the server are not kept.
    params.n_ctx_checkpoints = params.cache_ram_mib = 0
    params.chat_template, params.verbosity = "chatml", 4
    return xllamacpp.Server(params)


def shown(server, picture, log):
    begun = os.fstat(log.fileno()).st_size
    url = "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode()
    content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": " ".join(["a"] * 20)}]
    answer = server.handle_chat_completions(
        {"messages": [{"role": "user", "content": content}], "max_tokens": 2, "temperature": 0, "cache_prompt": False})
    log.seek(begun)
    said = log.read().decode(errors="replace")
    log.seek(0, os.SEEK_END)
    times = [seconds(said, what) for what in ("encoding mtmd batch", "decoding image batch")]
    timings = answer["timings"]
    return {"tokens": timings["prompt_n"], "vision": times[1] - times[0], "first": timings["prompt_ms"] / 1000}


def seconds(said, what):
    """When a line of the log was written: minutes, seconds, milli- and microseconds stand before it."""
    minutes, *parts = re.search(r"^(\d+)\.(\d+)\.(\d+)\.(\d+) .*" + what, said, re.MULTILINE).groups()
    return 60 * int(minutes) + sum(int(part) / 1000 ** power for power, part in enumerate(parts))


def generated(server, options):
    content = " ".join(["a"] * (options.context - 10))
    answer = server.handle_chat_completions(
        {"messages": [{"role": "user", "content": content}], "max_tokens": options.new + 1, "temperature": 0, "ignore_eos": True,
         "cache_prompt": False})
    return answer["timings"]["predicted_per_token_ms"] / 1000


if __name__ == "__main__":
    main()
