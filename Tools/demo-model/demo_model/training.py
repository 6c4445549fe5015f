"""Training to a budget of hours, on a CPU or a GPU; it can be stopped at any time and goes on where it was."""

import json
import math
import signal
import time
from collections import deque
from contextlib import nullcontext
from pathlib import Path

import torch

from .feed import Feed
from .forward import CellHead, TensorBatch, answer_loss, build_model, encode_pictures, scores, seen
from .heldout import SKILLS, HeldOut
from .optimizer import Muon, is_layer_matrix
from .scoring import accuracy


# Seconds: a process that was stopped for a while, or that looked at held-out pictures, is not charged for it.
LONGEST_STEP = 6.0


def processor_multiplies_bf16():
    """Whether this CPU has bf16 instructions; without them bf16 is slower than f32."""
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return "amx_bf16" in flags or "avx512_bf16" in flags


class Training:
    def __init__(self, options, team):
        self.options, self.team = options, team
        self.folder = Path(options.work)
        self.device = torch.device(options.device or ("cuda" if torch.cuda.is_available() else "cpu"))
        on_gpu = self.device.type == "cuda"
        if team.size > 1:
            torch.set_num_threads(1)
        elif options.threads:
            torch.set_num_threads(options.threads)
        torch.backends.cuda.matmul.allow_tf32 = True
        self.budget = options.patches or (8192 if on_gpu else 1024)
        bf16 = options.precision == "bf16" or (options.precision == "auto" and (on_gpu or processor_multiplies_bf16()))
        self.autocast = (lambda: torch.autocast(self.device.type, torch.bfloat16)) if bf16 else nullcontext
        self.model = build_model(options.seed).to(self.device)
        self.head = CellHead(self.model.config.text_config.hidden_size).to(self.device)
        named = list(self.model.named_parameters())
        matrices = [(n, p) for n, p in named if is_layer_matrix(n, p)] if options.optimizer == "muon" else []
        self.muon = Muon(matrices, options.rate, team) if matrices else None
        self.optimizer = torch.optim.AdamW(self._groups({id(p) for _, p in matrices}), lr=options.rate, betas=(0.9, 0.98), fused=True)
        self.step = self.pictures = self.read = 0
        self.elapsed = 0.0
        self._resume()

    def _groups(self, others):
        """What sees and what reads, apart, because reading begins later; each with and without weight decay.

        `others` are the ids of parameters that another optimizer teaches.
        """
        visual = list(self.model.model.visual.parameters())
        sees = [p for p in visual + list(self.head.parameters()) if id(p) not in others]
        known = {id(p) for p in visual} | others
        reads = [p for p in self.model.parameters() if id(p) not in known]
        decayed = lambda p: p.ndim > 1
        return [{"params": [p for p in part if decayed(p) == decay], "weight_decay": 0.05 if decay else 0.0, "reads": part is reads}
                for part in (sees, reads) for decay in (True, False)]

    @property
    def checkpoint(self):
        return self.folder / "checkpoint.pt"

    def _resume(self):
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        if state["seed"] != self.options.seed:
            raise SystemExit(f"{self.checkpoint} is of seed {state['seed']}; remove it or ask for that seed")
        self.model.load_state_dict(state["model"])
        self.head.load_state_dict(state["head"])
        # What another optimizer has gathered is of no use to this one: its averages begin anew.
        if ("muon" in state) == (self.muon is not None):
            self.optimizer.load_state_dict(state["optimizer"])
            if self.muon:
                self.muon.load_state_dict(state["muon"])
        self.step, self.pictures, self.elapsed = state["step"], state["pictures"], state["elapsed"]
        self.read = state["read"]
        if self.team.leads:
            print(f"going on from step {self.step}, {self.elapsed / 60:.1f} minutes in", flush=True)

    def save(self):
        state = {"model": self.model.state_dict(), "head": self.head.state_dict(), "optimizer": self.optimizer.state_dict(),
                 "step": self.step, "read": self.read, "pictures": self.pictures, "elapsed": self.elapsed, "seed": self.options.seed,
                 "hours": self.options.hours, "device": self.device.type}
        if self.muon:
            state["muon"] = self.muon.state_dict()
        partial = self.checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def _rate(self, progress, steps):
        """Up within the first 200 steps, then down along a cosine."""
        rise = min(1.0, (steps + 1) / 200)
        fall = 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
        return self.options.rate * rise * (0.02 + 0.98 * fall)

    def _learn(self, batch, progress):
        for group in self.optimizer.param_groups:
            group["lr"] = self._rate(progress, self.read if group["reads"] else self.step)
        if self.muon:
            self.muon.param_groups[0]["lr"] = self._rate(progress, self.step)
        tensors = TensorBatch(batch, self.device)
        looking = progress < self.options.look
        with self.autocast():
            if looking:
                cells = self.head(seen(*encode_pictures(self.model.model.visual, tensors.frames)), tensors)
            else:
                guesses, targets, features = scores(self.model, tensors)
                cells = self.head(features, tensors)
        words = cells.new_zeros(()) if looking else answer_loss(guesses, tensors)
        right = cells.new_zeros(()) if looking else (guesses.argmax(-1) == targets).float().mean()
        self.model.zero_grad(set_to_none=True)
        self.head.zero_grad(set_to_none=True)
        (cells if looking else words + 0.25 * cells).backward()
        self.team.average_gradients([*self.model.parameters(), *self.head.parameters()])
        norm = torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        if torch.isfinite(norm):
            self.optimizer.step()
            if self.muon:
                self.muon.step()
        self.step += 1
        self.read += not looking
        self.pictures += len(batch.frames) * self.team.size
        return torch.stack([words.detach(), cells.detach(), right])

    def _held_out(self):
        held_out = HeldOut(self.options.assets, self.options.seed)
        samples = [held_out.sample(skill, 10_000_000 + number, side=128)
                   for skill in SKILLS for number in range(self.options.watch)]
        return held_out.studio.writer, samples

    def run(self):
        """Trains until the hours are over. False if it was stopped before."""
        options, total, leads = self.options, self.options.hours * 3600, self.team.leads
        if self.elapsed >= total:
            return True
        stopping = []
        for name in (signal.SIGTERM, signal.SIGINT):
            # The leader tells the others when to stop.
            signal.signal(name, lambda *_: stopping.append(leads))
        if leads:
            print(f"{sum(p.numel() for p in self.model.parameters()):,} weights, {self.device}, {self.team.size} processes of "
                  f"{torch.get_num_threads()} threads, {self.budget} patches a batch each", flush=True)
            writer, samples = self._held_out()
        feed = Feed(options.assets, options.seed, options.draw, self.budget, options.look,
                    self.team.rank, self.team.size, first=self.step, easy_vqa=(Path(options.assets) / "easy-vqa.npz").exists())
        before = time.monotonic()
        saved = watched = logged = time.monotonic()
        session, at, recent = time.monotonic(), self.pictures, deque(maxlen=50)
        try:
            while True:
                now = time.monotonic()
                self.elapsed, before = self.elapsed + min(now - before, LONGEST_STEP), now
                pause = options.pause_after is not None and time.monotonic() - session > options.pause_after * 60
                over = any(stopping) or self.elapsed >= total or pause
                self.elapsed, over = self.team.agree(self.elapsed, over)
                if over:
                    break
                recent.append(self._learn(feed.next(self.elapsed / total), self.elapsed / total))
                if not leads:
                    continue
                now = time.monotonic()
                if now - logged > options.log_seconds:
                    self._log({"rate": round((self.pictures - at) / (now - logged), 1)}, recent)
                    logged, at = now, self.pictures
                if now - saved > options.save_minutes * 60:
                    self.save()
                    saved = time.monotonic()
                if now - watched > options.watch_minutes * 60 and self.read:
                    self._watch(writer, samples)
                    watched = logged = time.monotonic()
        finally:
            feed.close()
            if leads:
                self.save()
        if leads and not any(stopping):
            self._watch(writer, samples)
        return self.elapsed >= total

    def _log(self, values, recent):
        words, cells, tokens = torch.stack(list(recent)).mean(0).tolist()
        line = {"step": self.step, "pictures": self.pictures, "minutes": round(self.elapsed / 60, 2), "loss": round(words, 4),
                "cells": round(cells, 4), "tokens_right": round(tokens, 4), **values}
        self._write(line)

    def _watch(self, writer, samples):
        right, asked = accuracy(self.model, writer, samples, self.device, self.budget, self.autocast)
        self._write({"step": self.step, "pictures": self.pictures, "minutes": round(self.elapsed / 60, 2),
                     "held_out": {skill: round(right.get(skill, 0) / asked[skill], 3) for skill in asked}})

    def _write(self, line):
        text = json.dumps(line)
        print(text, flush=True)
        with open(self.folder / "log.jsonl", "a", encoding="utf-8") as file:
            file.write(text + "\n")


def train(options, team):
    """Trains as a member of the team; whether the hours are over."""
    return Training(options, team).run()
