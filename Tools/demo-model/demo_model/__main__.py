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
    train.add_argument("--begin", metavar="FOLDER", help="go on teaching the model in this folder (default: begin with nothing)")
    train.add_argument("--hours", type=float, default=2.5, help="the time to train; the schedule fits itself to it")
    train.add_argument("--steps", type=int, default=10 ** 9, help="the most steps, for trials")
    train.add_argument("--device", choices=["cpu", "cuda"], help="default: cuda where there is one")
    train.add_argument("--precision", choices=["auto", "f32", "bf16"], default="auto")
    train.add_argument("--threads", type=int, help="threads of PyTorch (default: one per core)")
    train.add_argument("--draw", type=int, help="processes that draw pictures (default: all cores but two)")
    train.add_argument("--patches", type=int, help="ViT patches in a batch (default: 16384 on a GPU, 1024 on a CPU)")
    train.add_argument("--rate", type=float, default=3e-3, help="of Muon")
    train.add_argument("--adam-rate", type=float, default=1.5e-3, help="of AdamW")
    train.add_argument("--cells", type=float, default=0.4, help="weight of the loss on cells while words are taught; a quarter of it in the end")
    train.add_argument("--optimizer", choices=["muon", "adamw"], default="muon", help="what teaches the matrices of the layers")
    train.add_argument("--look", type=float, help="the share of the time that is spent on seeing alone, before any words "
                                                  "(default: 0.3; none with --begin)")
    train.add_argument("--pause-after", type=float, default=float("inf"), help="stop after so many minutes; the same command goes on later")
    train.add_argument("--save-minutes", type=float, default=3)
    train.add_argument("--log-seconds", type=float, default=20)
    train.add_argument("--watch-minutes", type=float, default=5, help="how often to ask held-out questions")
    train.add_argument("--watch", type=int, default=40, help="held-out questions per skill while training; 0: none")
    judge = parser.add_argument_group("evaluation and check")
    judge.add_argument("--questions", type=int, default=150, help="held-out questions per skill")
    judge.add_argument("--illava", default=str(HERE.parent.parent / ".build" / "release" / "illava"), help="the program to compare with")
    judge.add_argument("--agree", type=int, default=200, help="questions to compare on")
    judge.add_argument("--data", help="where `dataset` writes held-out media and questions (default: WORK/held-out)")
    parser.add_argument("--tiktoken", help="a full qwen.tiktoken, for `ranks`")
    chosen = parser.parse_args(arguments)
    chosen.assets = chosen.assets or str(Path(chosen.work) / "assets")
    chosen.data = chosen.data or str(Path(chosen.work) / "held-out")
    on_gpu = chosen.device == "cuda" or (chosen.device is None and Path("/dev/nvidiactl").exists())
    chosen.draw = chosen.draw or max(1, (os.cpu_count() or 1) - 2)
    chosen.patches = chosen.patches or (16384 if on_gpu else 1024)
    if chosen.look is None and not chosen.begin:
        chosen.look = 0.3
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
    from .feed import Feed
    # What draws is started before PyTorch is imported, which takes seconds.
    feed = Feed(chosen.assets, chosen.seed, chosen.draw, chosen.patches, chosen.look)
    try:
        from .training import Training
        return Training(chosen, feed).run()
    finally:
        feed.close()


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
