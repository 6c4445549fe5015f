"""python -m demo_model STEP: see README.md."""

import argparse
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
STEPS = ["assets", "train", "export", "evaluate", "check", "all", "dataset", "ranks"]


def options(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m demo_model", description=__doc__)
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("--work", default=str(HERE / "work"), help="where checkpoints, logs and gathered pictures lie")
    parser.add_argument("--assets", help="the gathered pictures (default: WORK/assets)")
    parser.add_argument("--out", default=str(HERE.parent.parent / "Models" / "demo"), help="the exported model")
    parser.add_argument("--seed", type=int, default=20)
    train = parser.add_argument_group("training")
    train.add_argument("--hours", type=float, default=2.5, help="the time to train; the schedule fits itself to it")
    train.add_argument("--device", choices=["cpu", "cuda"], help="default: cuda where there is one")
    train.add_argument("--precision", choices=["auto", "f32", "bf16"], default="auto")
    train.add_argument("--threads", type=int, help="threads of PyTorch, with one process")
    train.add_argument("--processes", type=int, help="processes that train together, of one thread each (default: one per core of a CPU, "
                                                     "at most 4; 1 with --device cuda)")
    train.add_argument("--draw", type=int, help="processes that draw pictures")
    train.add_argument("--patches", type=int, help="ViT patches in a batch (default: 8192 on a GPU, 1024 on a CPU)")
    train.add_argument("--rate", type=float, default=1.5e-3)
    train.add_argument("--optimizer", choices=["muon", "adamw"], default="muon", help="what teaches the matrices of the layers")
    train.add_argument("--look", type=float, default=0.3, help="the share of the time that is spent on seeing alone, before any words")
    train.add_argument("--pause-after", type=float, help="stop after so many minutes; the same command goes on later")
    train.add_argument("--save-minutes", type=float, default=3)
    train.add_argument("--log-seconds", type=float, default=20)
    train.add_argument("--watch-minutes", type=float, default=5, help="how often to ask held-out questions")
    train.add_argument("--watch", type=int, default=40, help="held-out questions per skill while training")
    judge = parser.add_argument_group("evaluation and check")
    judge.add_argument("--questions", type=int, default=150, help="held-out questions per skill")
    judge.add_argument("--illava", default=str(HERE.parent.parent / ".build" / "release" / "illava"), help="the program to compare with")
    judge.add_argument("--agree", type=int, default=200, help="questions to compare on")
    judge.add_argument("--data", help="where `dataset` writes held-out media and questions (default: WORK/held-out)")
    parser.add_argument("--tiktoken", help="a full qwen.tiktoken, for `ranks`")
    chosen = parser.parse_args(arguments)
    chosen.assets = chosen.assets or str(Path(chosen.work) / "assets")
    chosen.data = chosen.data or str(Path(chosen.work) / "held-out")
    if chosen.draw is None:
        chosen.draw = 1 if (os.cpu_count() or 1) <= 4 else os.cpu_count() - 2
    if chosen.processes is None:
        chosen.processes = 1 if chosen.device == "cuda" or Path("/dev/nvidiactl").exists() else min(4, os.cpu_count() or 1)
    Path(chosen.work).mkdir(parents=True, exist_ok=True)
    return chosen


def main():
    chosen = options()
    wanted = ["assets", "train", "export", "evaluate", "check"] if chosen.step == "all" else [chosen.step]
    for step in wanted:
        if STEP_FUNCTIONS[step](chosen) is False:
            sys.exit(f"{step} is not finished; the same command goes on with it")


def _assets(chosen):
    if (Path(chosen.assets) / "sprites.zip").exists():
        return
    from .assets import gather
    objects, sprites, clutter, easy = gather(chosen.assets)
    print(f"{objects} objects in {sprites} pictures, {clutter} pictures for backgrounds, {easy} of easy-VQA")


def _train(chosen):
    from .team import work_together
    from .training import train
    return work_together(chosen.processes, train, chosen)


def _export(chosen):
    from .export import export
    export(chosen)


def _evaluate(chosen):
    from .evaluation import evaluate
    evaluate(chosen)


def _check(chosen):
    from .agreement import check
    return check(chosen)


def _dataset(chosen):
    from .dataset import write_dataset
    write_dataset(chosen)


def _ranks(chosen):
    from .vocabulary import cut_ranks
    print(cut_ranks(chosen.tiktoken), "ranks kept")


STEP_FUNCTIONS = {"assets": _assets, "train": _train, "export": _export, "evaluate": _evaluate, "check": _check,
                  "dataset": _dataset, "ranks": _ranks}

if __name__ == "__main__":
    main()
