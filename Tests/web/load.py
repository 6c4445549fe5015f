"""Loads a page of illava.

usage: load.py load|ask|persist ADDRESS PROCESS PICTURE
       load.py handed-in|whole|pages ADDRESS PROCESS
       load.py fill STORE
"""

import base64
import json
import re
import socket
import sqlite3
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

part = sys.argv[1]
CLIENTS, STREAMS, IDLE, JOBS, KILLED = 200, 32, 2000, 10_000, 40


def get(path, timeout=30):
    begun = time.time()
    with urllib.request.urlopen(address + path, timeout=timeout) as reply:
        return reply.read().decode(), time.time() - begun


def memory():
    text = Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", text)[1]) // 1024


def ask(number, stream=False):
    body = {
        "max_tokens": 4, "stream": stream,
        "messages": [{"role": "user", "content": [{"type": "text", "text": f"question {number}"}, {"type": "image_url", "image_url": {"url": url}}]}],
    }
    request = urllib.request.Request(address + "/v1/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=170) as reply:
        text = reply.read().decode()
    if stream:
        assert text.endswith("data: [DONE]\n\n") and '"error"' not in text, text[-300:]
    else:
        assert json.loads(text)["usage"]["completion_tokens"] > 0, text
    return number


def counts():
    page = get("/jobs")[0]
    return {state: int(count) for count, state in re.findall(r">(\d+) ([a-z-]+)</a></li>", page)}


def order(word):
    urllib.request.urlopen(urllib.request.Request(f"{address}/queue/{word}", b""), timeout=30).close()


def ask_many():
    """Asks while the queue is paused; the numbers of those who were and were not answered."""
    order("pause")
    with ThreadPoolExecutor(KILLED) as pool:
        asked = [pool.submit(ask, number) for number in range(KILLED)]
        lost = sum(one.exception() is not None for one in asked)
    return KILLED - lost, lost


def handed_in():
    """Waits until all of them wait in the store."""
    for _ in range(300):
        if counts().get("queued") == KILLED:
            return
        time.sleep(0.2)
    raise AssertionError(f"not all were handed in: {counts()}")


def whole():
    """The queue goes on, and every job is answered."""
    for _ in range(300):
        try:
            order("resume")
            now = counts()
            if not set(now) & {"queued", "running", "retrying", "waiting-memory"}:
                break
        except OSError:
            pass
        time.sleep(0.2)
    assert set(now) == {"done"}, now
    print(f"all {now['done']} jobs are answered")


def load():
    idle = [socket.create_connection((host, port)) for _ in range(IDLE)]
    begun = time.time()
    with ThreadPoolExecutor(CLIENTS + STREAMS) as pool:
        asked = [pool.submit(ask, number) for number in range(CLIENTS)]
        asked += [pool.submit(ask, CLIENTS + number, True) for number in range(STREAMS)]
        time.sleep(1)
        slowest = max(get("/health")[1] for _ in range(20))
        for one in asked:
            one.result()
    print(f"{len(asked)} questions in {time.time() - begun:.0f} s beside {len(idle)} idle connections: {memory()} MiB, health in {slowest * 1000:.0f} ms")
    for one in idle:
        one.close()
    assert counts() == {"done": CLIENTS + STREAMS}, counts()
    assert memory() < 150, memory()


def fill(store):
    """Adds answered jobs to the store of a daemon that does not run."""
    with sqlite3.connect(store) as db:
        claim, summary = db.execute("SELECT claim, summary FROM jobs WHERE state = 'done' LIMIT 1").fetchone()
        known = json.loads(claim)["id"]
        for number in range(JOBS):
            job = f"00000000-{number >> 16 & 0xFFFF:04x}-7{number >> 8 & 0xFFF:03x}-8000-{number:012x}"
            own = claim.replace(known, job)
            db.execute(
                "INSERT INTO jobs (id, state, claim, name, created, updated, rank, summary) VALUES (?, 'done', ?, ?, ?, ?, 0, ?)",
                (job, own, b"folder/x.png", number, number, summary),
            )
            db.execute("INSERT INTO job_numbers (job) VALUES (?)", (job,))
            db.execute("INSERT INTO job_texts (rowid, name, question, answer) VALUES (last_insert_rowid(), 'x', 'word', ?)", (f"number {number}",))


def pages():
    for path in ("/jobs", "/jobs?text=number+99", "/jobs?folder=folder", "/jobs?name=none", "/jobs?state=failed", "/ask", "/api/tags", "/health"):
        get(path)
        times = sorted(get(path)[1] for _ in range(9))
        print(f"{path}: {times[4] * 1000:.0f} ms")
    assert "number 99" not in get("/jobs?text=nothing")[0]
    assert len(re.findall('class="name"', get("/jobs?folder=folder")[0])) == 50


if part == "fill":
    fill(sys.argv[2])
    sys.exit()
address, process = sys.argv[2], sys.argv[3]
host, port = address.removeprefix("http://").split(":")
port = int(port)
if part in ("pages", "whole", "handed-in"):
    {"pages": pages, "whole": whole, "handed-in": handed_in}[part]()
    sys.exit()
url = "data:image/png;base64," + base64.b64encode(Path(sys.argv[4]).read_bytes()).decode()
if part == "load":
    load()
elif part == "ask":
    print(f"{ask_many()[1]} of {KILLED} clients lost the page")
elif part == "persist":
    answered, lost = ask_many()
    assert lost == 0, lost
    print(f"{answered} questions are answered by the next daemon")
