"""Files that are longer than any disk, images that unpack to gigapixels, a store that is damaged,
removed or truncated: the daemon continues, and reports what happened.

usage: sizes.py BUILD_FOLDER MODEL PICTURE
"""
import json
import os
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import zlib

build, model, picture = (os.path.abspath(path) for path in sys.argv[1:4])
wrong = []


def check(isSo, what):
    print("ok:   " if isSo else "WRONG:", what, flush=True)
    if not isSo:
        wrong.append(what)


class Spool:
    """A daemon on its own spool in memory, because no other file system holds files of 8 EiB."""

    def __init__(self, options=""):
        folder = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.root = tempfile.mkdtemp(prefix="illava-sizes.", dir=folder)
        self.configuration, self.log = self.root + ".toml", self.root + ".log"
        os.mkdir(self.root + "/inbox")
        with open(self.configuration, "w") as file:
            file.write('[inbox]\nstability = "50ms"\nDUPLICATES\n[limits]\ndisk_floor = "0"\n'
                       "[defaults]\noptions = { max_new_tokens = 1, max_pixels = 4096 }\n"
                       '[running]\nmax_attempts = 1\n[outbox]\nvisualize = "none"\n'
                       .replace("DUPLICATES", options))
        self.start()

    def start(self, **environment):
        self.process = subprocess.Popen(
            [build + "/illavad", "--spool", self.root, "--config", self.configuration,
             "--model", model],
            stderr=open(self.log, "a"), env={**os.environ, **environment})
        self.until(lambda: self.isUp(), 20)

    def isUp(self):
        return self.command("status", "--json").returncode == 0 and os.path.exists(
            self.root + "/control.sock")

    def stop(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(30)

    def close(self):
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.root)
        for path in (self.configuration, self.log):
            os.unlink(path)

    def isAlive(self):
        return self.process.poll() is None

    def command(self, name, *arguments):
        return subprocess.run(
            [build + "/illava-front", name, "--spool", self.root, *arguments],
            capture_output=True, text=True, timeout=60, errors="replace")

    def drop(self, name, data=None, length=None):
        hidden = self.root + "/inbox/.new"
        shutil.copyfile(picture, hidden)
        if data is not None:
            with open(hidden, "wb") as file:
                file.write(data)
        if length is not None:
            os.truncate(hidden, length)
        os.rename(hidden, self.root + "/inbox/" + name)

    def sql(self, text, change=False):
        mode = "rw" if change else "ro"
        store = sqlite3.connect(f"file:{self.root}/state.sqlite?mode={mode}", uri=True, timeout=10)
        try:
            rows = store.execute(text).fetchall()
            store.commit()
            return rows
        finally:
            store.close()

    def jobs(self):
        """State and error code by name."""
        rows = self.sql("SELECT CAST(name AS TEXT), state, error FROM jobs")
        return {name: (state, json.loads(error)["code"] if error else "")
                for name, state, error in rows}

    def until(self, isSo, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if isSo():
                    return True
            except sqlite3.Error:
                pass
            time.sleep(0.05)
        return False

    def ends(self, name, seconds=30):
        """The state and error of a job that has ended."""
        self.until(lambda: self.jobs().get(name, ("",))[0] in ("done", "failed"), seconds)
        return self.jobs().get(name, ("missing", ""))

    def answers(self):
        return {name for name in os.listdir(self.root + "/outbox")}

    def said(self, text):
        with open(self.log, errors="replace") as file:
            return text in file.read()


def sparse():
    spool = Spool()
    folder = spool.root + "/inbox/.folder"
    os.mkdir(folder)
    for name in ("a.png", "b.png"):
        with open(f"{folder}/{name}", "wb") as file:
            file.truncate(2**63 - 4096)
    with open(folder + "/job.json", "w") as file:
        file.write('{"prompt": "What is it?"}')
    os.rename(folder, spool.root + "/inbox/folder")
    spool.drop("long.mp4", length=300 << 30)
    spool.drop("holes.png", length=60 << 30)
    spool.drop("good.png")
    check(spool.ends("good.png") == ("done", ""), "a picture beside them is answered")
    large = ("failed", "spool.medium-too-large")
    check(spool.ends("folder") == large, "two files of 8 EiB are refused")
    check(spool.ends("long.mp4") == large, "300 GiB are more than limits.largest_medium")
    check(spool.ends("holes.png") == ("failed", "spool.sparse"), "60 GiB of holes are no picture")
    check(spool.said("limits.largest_medium"), "the log names the option")
    with open(spool.configuration, "a") as file:
        file.write('keep_bytes = "100M"\n')
    spool.stop()
    spool.start()
    check(spool.command("clean").returncode == 0 and len(spool.answers()) == 1,
          "keep_bytes counts what is on disk")
    check(spool.isAlive() and len(spool.jobs()) == 4, "it starts again with all of them")
    spool.close()

    spool = Spool('duplicates = "link"')
    spool.drop("large.mp4", data=os.urandom(1 << 20) * 256)
    spool.until(lambda: "large.mp4" in spool.jobs(), 10)
    begun = time.monotonic()
    spool.drop("small.png")
    spool.ends("small.png")
    check(spool.jobs()["small.png"][0] == "done" and time.monotonic() - begun < 20,
          "a large file that is compared with others keeps no small one waiting")
    spool.close()


def bombs():
    spool = Spool()
    size = struct.pack("<HH", 4000, 4000)
    frame = (b"\x21\xf9\x04\x00\x01\x00\x00\x00\x2c\x00\x00\x00\x00" + size
             + b"\x00\x02\x02\x44\x01\x00")
    spool.drop("bomb.gif", b"GIF89a" + size + b"\x80\x00\x00\x00\x00\x00\xff\xff\xff"
               + frame * 100_000 + b"\x3b")
    begun = time.monotonic()
    check(spool.ends("bomb.gif") == ("failed", "media.too-large"),
          "a GIF of 100,000 frames of 4000×4000 is refused")
    check(time.monotonic() - begun < 20, "within seconds")
    check(spool.said("limits.animation_gigapixels"), "the log names the option")

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    with open(picture, "rb") as file:
        plain = file.read()
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1 << 28), 9))
    spool.drop("text.png", plain[:33] + text * 8 + plain[33:])
    most = 0

    def isDone():
        nonlocal most
        for name in os.listdir("/proc"):
            try:
                with open(f"/proc/{name}/status") as file:
                    fields = dict(line.split(":", 1) for line in file)
                if int(fields["PPid"]) == spool.process.pid:
                    most = max(most, int(fields["VmHWM"].split()[0]) >> 10)
            except (OSError, ValueError, KeyError):
                pass
        return spool.jobs().get("text.png", ("",))[0] in ("done", "failed")

    spool.until(isDone, 60)
    check(spool.jobs()["text.png"][0] == "done" and most < 1000,
          f"texts of 2 GiB in a picture are not unpacked (the worker held {most} MiB)")
    huge = b"\x89PNG\r\n\x1a\n" + chunk(
        b"IHDR", struct.pack(">IIBBBBB", 2**31 - 1, 2**31 - 1, 8, 2, 0, 0, 0)) + chunk(
        b"IDAT", b"") + chunk(b"IEND", b"")
    spool.drop("huge.png", huge)
    check(spool.ends("huge.png")[0] == "failed", "a picture of 4 exapixels is refused")
    spool.close()


def store():
    spool = Spool()
    for number in range(3):
        spool.drop(f"{number}.png")
    for number in range(3):
        spool.ends(f"{number}.png")
    for ending in ("", "-wal", "-shm"):
        os.unlink(spool.root + "/state.sqlite" + ending)
    spool.drop("after.png")
    check(spool.ends("after.png") == ("done", "") and len(spool.jobs()) == 4,
          "a store that was removed is put back")
    check(spool.said("is written anew"), "and the log says so")
    reader = sqlite3.connect(f"file:{spool.root}/state.sqlite?mode=ro", uri=True)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM jobs").fetchall()
    spool.drop("read.png")
    check(spool.ends("read.png") == ("done", ""), "somebody who reads keeps nobody waiting")
    reader.close()
    check(spool.until(lambda: os.path.getsize(spool.root + "/state.sqlite-wal") == 0, 30),
          "the store's log is emptied when nothing is to be done")
    spool.stop()
    spool.sql("UPDATE jobs SET claim = '{', state = 'queued' WHERE id = (SELECT min(id) FROM jobs)",
              change=True)
    spool.sql("INSERT INTO requests (time, request) VALUES (1, '{\"command\":\"purge\",\"ids\":[]}')",
              change=True)
    spool.start()
    spool.drop("later.png")
    check(spool.ends("later.png") == ("done", ""), "a damaged row keeps no other waiting")
    check(spool.said("a request that was kept failed"), "a request that nobody knows is dropped with words")
    check(spool.command("list").returncode == 0, "illava list shows them")
    spool.close()


def cleaning():
    spool = Spool()
    for number in range(20):
        spool.drop(f"{number}.png")
    for number in range(20):
        spool.ends(f"{number}.png", 60)
    spool.stop()
    for step in ("store.cleaning", "random"):
        spool.start(**({} if step == "random" else {"ILLAVA_DIE_AT": step}))
        before = len(spool.answers())
        client = subprocess.Popen(
            [build + "/illava-front", "clean", "--spool", spool.root, "--older-than", "0s"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if step == "random":
            spool.until(lambda: len(spool.answers()) < before, 5)
        else:
            spool.until(lambda: not spool.isAlive(), 10)
        spool.stop(signal.SIGKILL)
        client.wait()

        def lies():
            kept = spool.sql("SELECT id FROM jobs WHERE cleaned = 0")
            return [id for id, in kept if id not in spool.answers()]

        check(lies() == [], f"cut short ({step}), no job counts as answered without its answer")
        spool.start()

        def halfGone():
            cleaned = {id for id, in spool.sql("SELECT id FROM jobs WHERE cleaned = 1")}
            hidden = [name for name in os.listdir(spool.root + "/outbox") if name.startswith(".")]
            return hidden + [id for id in spool.answers() if id in cleaned]

        check(spool.until(lambda: not halfGone() and not lies(), 20),
              "and the next start brings what was begun to its end")
        spool.stop()
        for number in range(100, 105):
            spool.drop(f"{step}{number}.png")
        spool.start()
        for number in range(100, 105):
            spool.ends(f"{step}{number}.png")
        spool.stop()
    spool.close()


for part in (sparse, bombs, store, cleaning):
    part()
sys.exit(1 if wrong else 0)
