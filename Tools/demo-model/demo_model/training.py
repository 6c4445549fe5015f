"""Training to a budget of hours, on a CPU or a GPU; it can be stopped at any time and goes on where it was."""

import json
import math
import signal
import time
from contextlib import nullcontext
from pathlib import Path

import torch

from . import weights as numbers
from .batches import Loader
from .cells import CellHead
from .forward import answer_loss, encode_pictures, scores, seen
from .heldout import SKILLS, HeldOut
from .optimizer import Muon, is_layer_matrix
from .scoring import accuracy

# Seconds: a process that was stopped for a while, or that looked at held-out pictures, is not charged for it.
LONGEST_STEP = 6.0
HEAD_RATE = 4e-3      # of the head that names cells, which is dropped in the end
RISE = 250            # steps until the learning rate is up
ALONE = 250           # steps in which a new cell head learns without moving a model that was taught before
KEPT = 0.998          # of the running average of the weights, which is what is exported


def processor_multiplies_bf16():
    """Whether this CPU has bf16 instructions; without them bf16 is slower than f32."""
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return "amx_bf16" in flags or "avx512_bf16" in flags


class Training:
    def __init__(self, options, feed):
        self.options, self.feed = options, feed
        self.folder = Path(options.work)
        self.device = torch.device(options.device or ("cuda" if torch.cuda.is_available() else "cpu"))
        on_gpu = self.device.type == "cuda"
        if options.threads:
            torch.set_num_threads(options.threads)
        torch.backends.cuda.matmul.allow_tf32 = True
        if on_gpu:
            torch.backends.cuda.enable_cudnn_sdp(False)    # it would plan anew for every size
        torch.manual_seed(options.seed)
        bf16 = options.precision == "bf16" or (options.precision == "auto" and (on_gpu or processor_multiplies_bf16()))
        self.autocast = (lambda: torch.autocast(self.device.type, torch.bfloat16)) if bf16 else nullcontext
        begun = numbers.load(options.begin) if options.begin else numbers.initial(options.seed)
        self.weights = {name: value.to(self.device).requires_grad_() for name, value in begun.items()}
        self.everything = list(self.weights.values())
        self.average = [value.detach().clone() for value in self.everything]
        self.head = CellHead().to(self.device)
        matrices = [(n, p) for n, p in self.weights.items() if is_layer_matrix(n, p)] if options.optimizer == "muon" else []
        self.muon = Muon(matrices, options.rate) if matrices else None
        self.optimizer = self._adam({id(p) for _, p in matrices}, on_gpu)
        self.step = self.pictures = 0
        self.elapsed = 0.0
        self._resume()
        self._keep()

    def _adam(self, others, fused):
        """AdamW for all but `others` (ids of parameters): with weight decay for tables and matrices, without for the rest."""
        rest = [p for p in self.everything if id(p) not in others]
        return torch.optim.AdamW([{"params": [p for p in rest if p.ndim > 1], "weight_decay": 0.05, "most": self.options.adam_rate},
                                  {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0.0, "most": self.options.adam_rate},
                                  {"params": list(self.head.parameters()), "weight_decay": 0.0, "most": HEAD_RATE}],
                                 lr=self.options.adam_rate, betas=(0.9, 0.98), fused=fused)

    @property
    def checkpoint(self):
        return self.folder / "checkpoint.pt"

    @property
    def averaged(self):
        """The running average of the weights, by name."""
        return dict(zip(self.weights, self.average))

    def _resume(self):
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        if state["seed"] != self.options.seed:
            raise SystemExit(f"{self.checkpoint} is of seed {state['seed']}; remove it or ask for that seed")
        with torch.no_grad():
            for name, value in self.weights.items():
                value.copy_(state["weights"][name])
            for value, kept in zip(self.average, state["average"].values()):
                value.copy_(kept)
        self.head.load_state_dict(state["head"])
        # What another optimizer has gathered is of no use to this one: its averages begin anew.
        if ("muon" in state) == (self.muon is not None):
            self.optimizer.load_state_dict(state["optimizer"])
            if self.muon:
                self.muon.load_state_dict(state["muon"])
        self.step, self.pictures, self.elapsed = state["step"], state["pictures"], state["elapsed"]
        print(f"going on from step {self.step}, {self.elapsed / 60:.1f} minutes in", flush=True)

    def save(self):
        state = {"weights": {name: value.detach() for name, value in self.weights.items()}, "average": self.averaged,
                 "head": self.head.state_dict(), "optimizer": self.optimizer.state_dict(), "step": self.step,
                 "pictures": self.pictures, "elapsed": self.elapsed, "seed": self.options.seed, "device": self.device.type}
        if self.muon:
            state["muon"] = self.muon.state_dict()
        partial = self.checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def _keep(self):
        self.kept = [value.clone() for value in self.average]

    @torch.no_grad()
    def _go_back(self):
        """Takes up the last weights that were finite; what the optimizers have gathered since is dropped."""
        for values in (self.everything, self.average):
            torch._foreach_copy_(values, self.kept)
        for optimizer in filter(None, (self.optimizer, self.muon)):
            optimizer.state.clear()
        for parameter in self.head.parameters():
            parameter.nan_to_num_()

    def _set_rates(self, progress):
        """Up within the first steps, then down along a cosine to nothing."""
        share = min(1.0, (self.step + 1) / RISE) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
        for group in self.optimizer.param_groups:
            # The head goes on learning a little: what it says moves the ViT to the end.
            group["lr"] = group["most"] * max(share, 0.05 if group["most"] == HEAD_RATE else 0.003)
        if self._is_head_alone:
            self.optimizer.param_groups[-1]["lr"] = HEAD_RATE
        if self.muon:
            self.muon.param_groups[0]["lr"] = self.options.rate * share

    @property
    def _is_head_alone(self):
        return self.options.begin is not None and self.step < ALONE

    def _learn(self, batch, progress):
        """One step: its losses and the share of right tokens, still on the device, so that nothing waits for them."""
        self._set_rates(progress)
        looking = self.options.look is not None and progress < self.options.look
        with self.autocast():
            if looking:
                features = seen(*encode_pictures(self.weights, batch.frames))
            else:
                guesses, features = scores(self.weights, batch)
            cells = self.head(features.detach() if self._is_head_alone else features, batch)
        words = cells.new_zeros(()) if looking else answer_loss(guesses, batch)
        right = cells.new_zeros(()) if looking else (guesses.argmax(-1) == batch.answers).float().mean()
        for value in self.everything:
            value.grad = None
        self.head.zero_grad(set_to_none=True)
        (cells if looking else words + self.options.cells * (1 - 0.75 * progress) * cells).backward()
        norm = torch.nn.utils.clip_grad_norm_(self.everything, 1.0)
        self.optimizer.step()
        if self.muon:
            self.muon.step()
        with torch.no_grad():
            torch._foreach_lerp_(self.average, self.everything, 1 - min(KEPT, (1 + self.step) / (10 + self.step)))
        self.step += 1
        self.pictures += len(batch.frames)
        return torch.stack([words.detach(), cells.detach(), right, norm])

    def run(self):
        """Trains until the hours are over. False if it was stopped before."""
        options, total = self.options, self.options.hours * 3600
        if self.elapsed >= total:
            return True
        stopping = []
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stopping.append(True))
        print(f"{sum(p.numel() for p in self.everything):,} weights, {self.device}, {torch.get_num_threads()} threads", flush=True)
        loader = Loader(self.feed, self.device, lambda: self.elapsed / total)
        before = session = saved = watched = logged = time.monotonic()
        at, sums, count = self.pictures, None, 0
        try:
            while True:
                now = time.monotonic()
                self.elapsed, before = self.elapsed + min(now - before, LONGEST_STEP), now
                if stopping or self.elapsed >= total or self.step >= options.steps or now - session > options.pause_after * 60:
                    break
                told = self._learn(loader.next(), self.elapsed / total)
                sums, count = told if sums is None else sums + told, count + 1
                now = time.monotonic()
                if now - logged > options.log_seconds:
                    self._log(sums / count, (self.pictures - at) / (now - logged))
                    logged, at, sums, count = now, self.pictures, None, 0
                if now - saved > options.save_minutes * 60:
                    self.save()
                    saved = time.monotonic()
                if now - watched > options.watch_minutes * 60:
                    self._watch()
                    watched = logged = time.monotonic()
        finally:
            loader.close()
            self.save()
        if not stopping:
            self._watch()
        return self.elapsed >= total or self.step >= options.steps

    def _log(self, mean, rate):
        """Writes how it goes; here alone the device is waited for, and asked whether the numbers are still finite."""
        words, cells, right, norm = mean.tolist()
        self._write({"step": self.step, "pictures": self.pictures, "minutes": round(self.elapsed / 60, 2), "loss": round(words, 4),
                     "cells": round(cells, 4), "tokens_right": round(right, 4), "norm": round(norm, 3), "rate": round(rate, 1)})
        if math.isfinite(words + cells + norm):
            self._keep()
        else:
            self._write({"step": self.step, "note": "not finite: going back to what was last kept"})
            self._go_back()

    def _watch(self):
        """Asks held-out questions of the averaged weights."""
        if not self.options.watch:
            return
        held_out = HeldOut(self.options.assets, self.options.seed)
        samples = [held_out.sample(skill, 10_000_000 + number, side=128) for skill in SKILLS for number in range(self.options.watch)]
        right, asked = accuracy(self.averaged, held_out.studio.writer, samples, self.device, self.options.patches, self.autocast)
        self._write({"step": self.step, "pictures": self.pictures, "minutes": round(self.elapsed / 60, 2),
                     "held_out": {skill: round(right.get(skill, 0) / asked[skill], 3) for skill in asked}})

    def _write(self, line):
        text = json.dumps(line)
        print(text, flush=True)
        with open(self.folder / "log.jsonl", "a", encoding="utf-8") as file:
            file.write(text + "\n")
