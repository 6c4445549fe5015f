#!/usr/bin/env python3
"""Changes while a daemon runs: of its folders, their file systems, the clock, the lock, and the
reader of its log. Every part has its own spool; the exit status is 0 when all parts pass.

usage: places.py BINDIR MODEL PICTURE
  BINDIR   has illavad and illava
  MODEL    a folder with a small checkpoint
  PICTURE  a small picture
"""

import fcntl
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

BIN, MODEL, PICTURE = (os.path.abspath(path) for path in sys.argv[1:4])
HERE = os.path.dirname(os.path.abspath(__file__))
SCRATCH = tempfile.mkdtemp(prefix="illava-places.")
problems = 0


def check(text, holds, detail=""):
    global problems
    problems += not holds
    print(f"{'ok' if holds else 'WRONG'}: {text}{'' if holds else ': ' + str(detail)}", flush=True)


class Spool:
    def __init__(self, name, settings="", environment=None):
        self.root = f"{SCRATCH}/{name}"
        self.environment = dict(os.environ, **(environment or {}))
        self.process = None
        self.number = 0
        os.makedirs(self.root + "/inbox")
        with open(self.root + ".toml", "w") as file:
            file.write(
                '[inbox]\nstability = "100ms"\n[limits]\ndisk_floor = "0"\n[defaults]\n'
                "options = { max_new_tokens = 2, max_pixels = 4096 }\n" + settings
            )

    def start(self, output=None, is_awaited=True):
        self.log = open(self.root + ".log", "ab")
        command = [BIN + "/illavad", "--spool", self.root, "--config", self.root + ".toml"]
        process = subprocess.Popen(
            command + ["--model", MODEL], stdout=output or self.log, stderr=output or self.log,
            env=self.environment)
        if is_awaited:
            self.process = process
            self.until(lambda: self.live(), 60)
        return process

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def live(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(5)
            client.connect(self.root + "/control.sock")
            client.sendall(b'{"command":"status","ids":[]}\n')
            data = b""
            while not data.endswith(b"\n"):
                piece = client.recv(65536)
                if not piece:
                    return None
                data += piece
        return json.loads(data)["live"]

    def illava(self, *words):
        return subprocess.run(
            [BIN + "/illava", words[0], "--spool", self.root, *words[1:]], capture_output=True,
            text=True, errors="replace", timeout=60, env=self.environment)

    def drop(self, is_good=True):
        """Submits an image, or a file that is not one; returns its name."""
        self.number += 1
        name = f"{'good' if is_good else 'bad'}{self.number}.png"
        hidden = f"{self.root}/inbox/.{name}"
        if is_good:
            shutil.copyfile(PICTURE, hidden)
        with open(hidden, "ab") as file:
            file.write(b"number %d" % self.number)
        os.rename(hidden, f"{self.root}/inbox/{name}")
        return name

    def state(self, name):
        store = sqlite3.connect(f"file:{self.root}/state.sqlite?mode=ro", uri=True, timeout=10)
        try:
            rows = store.execute(
                "SELECT state, id FROM jobs WHERE name = CAST(? AS BLOB)", (name,)).fetchall()
        finally:
            store.close()
        return rows[0] if rows else (None, None)

    def ends(self, name, state="done", seconds=40):
        return self.until(lambda: self.state(name)[0] == state, seconds)

    @staticmethod
    def until(question, seconds):
        end = time.time() + seconds
        while time.time() < end:
            try:
                if question():
                    return True
            except (OSError, sqlite3.Error, json.JSONDecodeError):
                pass
            time.sleep(0.05)
        return False

    def has_answer(self, name):
        return os.path.isfile(f"{self.root}/outbox/{self.state(name)[1]}/answer.json")

    def text(self):
        with open(self.root + ".log", errors="replace") as file:
            return file.read()


def folders():
    spool = Spool("folders")
    spool.start()
    for place in ("inbox", "outbox", "failed", "work", "archive"):
        os.rename(f"{spool.root}/{place}", f"{spool.root}/{place}.old")
        os.mkdir(f"{spool.root}/{place}")
        good, bad = spool.drop(), spool.drop(is_good=False)
        holds = spool.ends(good) and spool.ends(bad, "failed") and spool.has_answer(good)
        check(f"{place} exchanged: the jobs end in the new folders", holds, spool.text()[-600:])
        check(f"{place} exchanged: it is said", f"{place} is another folder" in spool.text())
        shutil.rmtree(f"{spool.root}/{place}.old")
    for place in ("outbox", "work"):
        shutil.rmtree(f"{spool.root}/{place}")
        good = spool.drop()
        holds = spool.ends(good) and spool.has_answer(good)
        check(f"{place} removed: it is made again", holds, spool.text()[-600:])
    os.rename(spool.root, spool.root + ".moved")
    os.makedirs(spool.root + "/inbox")
    good = spool.drop()
    holds = spool.ends(good) and spool.has_answer(good)
    check("spool exchanged: the new one is worked on", holds, spool.text()[-600:])
    status = spool.illava("status")
    check("spool exchanged: status says so", "is another folder now" in status.stdout, status)
    os.unlink(spool.root + "/control.sock")
    check("control.sock removed: it is made again", spool.until(lambda: spool.live(), 20))
    check("the daemon stops as it should", spool.stop() == 0, spool.text()[-600:])


def mounts():
    spool = Spool("mounts", '[outbox]\nafter_done = "archive"\n')
    spool.start()
    for place in ("inbox", "outbox", "failed", "archive", "work"):
        path = f"{spool.root}/{place}"
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", path], check=True)
        try:
            good, bad = spool.drop(), spool.drop(is_good=False)
            holds = spool.ends(good) and spool.ends(bad, "failed") and spool.has_answer(good)
            check(f"a file system over {place}: the jobs end", holds, spool.text()[-600:])
            doctor = spool.illava("doctor").stdout
            check(f"a file system over {place}: doctor says so", "another file system" in doctor)
            spool.stop()
            spool.start()
            good = spool.drop()
            check(f"a file system over {place}: so it is after a start", spool.ends(good))
        finally:
            subprocess.run(["umount", "-l", path], check=True)
    good = spool.drop()
    check("all file systems gone again: the jobs end", spool.ends(good) and spool.has_answer(good))
    spool.stop()
    left = [name for name in os.listdir(spool.root + "/work")]
    check("nothing is left in work", left == [], left)


def clock():
    shim = f"{SCRATCH}/clock.so"
    source = f"{HERE}/clock_shim.c"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", shim, source], check=True)
    year = 365 * 86400
    offset = f"{SCRATCH}/offset"

    def set_clock(seconds):
        with open(offset + ".new", "w") as file:
            file.write(str(seconds))
        os.rename(offset + ".new", offset)

    told = f"{SCRATCH}/told"
    set_clock(year)
    spool = Spool(
        "clock",
        f'[outbox]\nkeep_done = "30d"\ncommand = ["/bin/sh", "-c", "echo $ILLAVA_NAME >>{told}"]\n'
        '[running]\nretry_first = "2s"\nretry_max = "2s"\nmax_attempts = 20\n',
        {"LD_PRELOAD": shim, "CLOCK_SHIM": offset, "ILLAVA_WORKER_FAULT": "crash:good1"})
    spool.start()
    good = spool.drop()
    check("a job is tried again", spool.ends(good, "retrying"))
    set_clock(0)
    tries = spool.text().count("begun: good1")
    check("set back a year: the next attempts come all the same",
          spool.until(lambda: spool.text().count("begun: good1") > tries, 20))
    spool.stop()
    del spool.environment["ILLAVA_WORKER_FAULT"]
    set_clock(-year)
    spool.start()
    check("set back two years while it was down: it is answered", spool.ends(good))
    check("set back: the command is told",
          spool.until(lambda: "good1.png" in open(told).read(), 10))
    set_clock(0)
    time.sleep(1.5)
    status = spool.illava("status").stdout
    check("a year ahead: nothing is cleaned, and status says so",
          spool.has_answer(good) and "nothing is cleaned away" in status, status)
    spool.stop()
    spool.start()
    time.sleep(1)
    check("a year ahead, after a start: nothing is cleaned", spool.has_answer(good))
    check("the daemon stops as it should", spool.stop() == 0)


def lock():
    spool = Spool("lock")
    spool.start()
    path = spool.root + "/daemon.lock"
    for way in ("removed", "replaced"):
        os.unlink(path)
        if way == "replaced":
            open(path, "w").close()
        second = spool.start(is_awaited=False)
        holds = spool.until(lambda: second.poll() is not None, 30)
        check(f"daemon.lock {way}: a second daemon is kept out", holds and second.returncode == 70)
        second.kill()
        second.wait()
        check(f"daemon.lock {way}: it is said",
              spool.until(lambda: "daemon.lock was removed" in spool.text(), 10))
    check("the first one goes on", spool.ends(spool.drop()))
    spool.stop()
    with open(path, "r+") as holder:
        fcntl.flock(holder, fcntl.LOCK_EX)
        spool.start()
        check("somebody holds daemon.lock: the daemon starts", spool.process.poll() is None)
    spool.stop()
    pause = f"while :; do {BIN}/illava pause --spool {spool.root} >/dev/null 2>&1; done"
    clients = [subprocess.Popen(["sh", "-c", pause]) for _ in range(2)]
    starts = 0
    for _ in range(4):
        spool.start()
        starts += spool.process.poll() is None
        spool.stop()
    for client in clients:
        client.kill()
        client.wait()
    check("clients write requests down meanwhile: all starts work", starts == 4, starts)


def log():
    spool = Spool("log")
    reading, writing = os.pipe()
    fcntl.fcntl(writing, 1031, 4096)  # F_SETPIPE_SZ
    spool.start(output=writing)
    os.close(writing)
    for _ in range(40):
        bad = spool.drop(is_good=False)
    check("nobody reads the log: all jobs end", spool.ends(bad, "failed", 60))
    check("nobody reads the log: status counts what is lost", spool.live()["lostLines"] > 0)
    os.set_blocking(reading, False)
    os.read(reading, 1 << 20)
    spool.ends(spool.drop())
    spool.stop()
    check("read again: the log says what was lost", b"lost here" in os.read(reading, 1 << 20))


def signals():
    spool = Spool("signals")
    spool.start()
    ends = {signal.SIGKILL, signal.SIGSTOP, signal.SIGTSTP, signal.SIGTERM, signal.SIGINT,
            signal.SIGQUIT, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL,
            signal.SIGABRT, signal.SIGTRAP, signal.SIGSYS}
    sent = sorted(set(signal.valid_signals()) - ends)
    for number in sent:
        os.kill(spool.process.pid, number)
    check(f"{len(sent)} kinds of signals: the daemon lives", spool.ends(spool.drop()))
    check("the daemon stops as it should", spool.stop() == 0, spool.process.returncode)
    # From the first moment on, while libraries are still being loaded, too.
    for delay in (0.005, 0.02, 0.05, 0.1, 0.3):
        for number in (signal.SIGHUP, signal.SIGIO, signal.SIGUSR1):
            process = spool.start(is_awaited=False)
            time.sleep(delay)
            os.kill(process.pid, number)
            holds = spool.until(lambda: spool.live()["process"] == process.pid, 60)
            check(f"{signal.Signals(number).name} after {1000 * delay:.0f} ms: the daemon lives", holds)
            spool.process = process
            spool.stop()


try:
    for part in (folders, mounts, clock, lock, log, signals):
        print(f"-- {part.__name__}", flush=True)
        part()
finally:
    shutil.rmtree(SCRATCH, ignore_errors=True)
sys.exit(1 if problems else 0)
