"""kill -9 of each peer's training process at random moments: `kills.py WORK COUNT [ARM...]`, one JSON document on stdout.

One parent has the imports; every training process is forked from it, so a kill costs no minute. What a user would do between
kills is done: resume from the last checkpoint, and when that one cannot be loaded, delete it by hand (which is counted).
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import shutil
import signal
import sys
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import arms
from transformers import TrainerCallback
from transformers.trainer_utils import get_last_checkpoint

STEPS, SAVE_EVERY = 60, 4
#: Of a kill's moment, in mean times between two checkpoints, from the first step on; the longest wait.
LONGEST_WAIT = 2.0
REFUSED = 3
#: Seconds without any word from a training process.
PATIENCE = 180


class Journal(TrainerCallback):
    """A line per step, as soon as there is one: what the process had done when it was killed."""

    def __init__(self, path: Path) -> None:
        self.stream = path.open("a", buffering=1)
        self.trained: list[int] = []

    def on_log(self, _arguments: Any, state: Any, _control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        if logs and "loss" in logs:
            line = {"step": state.global_step, "loss": logs["loss"], "norm": logs["grad_norm"], "trained": self.trained}
            self.stream.write(json.dumps(line) + "\n")
            self.trained = []


class Series:
    def __init__(self, arm: str, work: Path, given: dict[str, Any]) -> None:
        self.arm, self.given = arm, given
        self.model = str(work / "model")
        self.place = work / re.sub(r"\W+", "-", arm)

    def start(self, name: str) -> int:
        """Forks a training process that goes on from the last checkpoint of `name`."""
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            code = self.train(self.place / name)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def train(self, out: Path) -> int:
        out.mkdir(parents=True, exist_ok=True)
        log = os.open(out / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        journal = Journal(out / "journal.jsonl")
        trainer = arms.make(
            self.arm,
            self.given["documents"],
            model=self.model,
            out=str(out / "run"),
            row_length=self.given["rowLength"],
            steps=STEPS,
            save_every=SAVE_EVERY,
            callbacks=[journal],
        )
        note_trained_tokens(trainer, journal)
        (out / "run").mkdir(exist_ok=True)
        last = get_last_checkpoint(str(out / "run"))
        try:
            trainer.train(resume_from_checkpoint=last)
        except Exception:
            traceback.print_exc()
            return REFUSED
        (out / "weights.txt").write_text(hash_of(trainer.model))
        return 0

    def journal(self, name: str) -> list[dict[str, Any]]:
        file = self.place / name / "journal.jsonl"
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def newest(self, name: str) -> int:
        last = get_last_checkpoint(str(self.place / name / "run"))
        return 0 if last is None else int(last.rsplit("-", 1)[1])


def note_trained_tokens(trainer: Any, journal: Journal) -> None:
    original = trainer.training_step

    def noted(model: Any, inputs: dict[str, Any], *positional: Any, **named: Any) -> Any:
        journal.trained += [label for row in inputs["labels"].tolist() for label in row[1:] if label >= arms.FIRST_BODY]
        return original(model, inputs, *positional, **named)

    trainer.training_step = noted


def hash_of(model: Any) -> str:
    digest = hashlib.sha256()
    for _, tensor in sorted(model.state_dict().items()):
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()


def ended(pid: int, wait: float) -> int | None:
    """Exit code once it ended within `wait` seconds, else None."""
    until = time.monotonic() + wait
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() >= until:
            return None
        time.sleep(0.005)


def measure(series: Series, count: int, rng: random.Random) -> dict[str, Any]:
    started = time.monotonic()
    if ended(series.start("whole"), 20 * PATIENCE) != 0:
        raise RuntimeError((series.place / "whole" / "output.txt").read_text()[-600:])
    per_step = (time.monotonic() - started) / STEPS
    total: Counter[str] = Counter()
    words: list[str] = []
    while total["kills"] < count:
        total["runs"] += 1
        name = f"killed-{total['runs']}"
        killed_run(series, name, count - total["kills"], lambda: rng.uniform(0, LONGEST_WAIT * SAVE_EVERY * per_step), total, words)
        total.update(compared(series, name))
    return {**total, "refusedWords": words[:3], "weightsEqual": total["weightsEqual"] == total["runs"]}


def killed_run(series: Series, name: str, count: int, wait: Any, total: Counter[str], words: list[str]) -> None:
    """One run, killed up to `count` times and gone on with to its end."""
    for key in ("stepsLost", "refused"):
        total[key] += 0
    finished = series.place / name / "weights.txt"
    while not finished.exists():
        begun = len(series.journal(name))
        pid = series.start(name)
        code = first_word(series, name, pid, begun) if count > 0 else ended(pid, 20 * PATIENCE)
        code = ended(pid, wait()) if code is None else code
        if code == REFUSED:
            total["refused"] += 1
            words.append(by_hand(series, name))
        elif code is None:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            count -= 1
            total["kills"] += 1
            done = max((line["step"] for line in series.journal(name)[begun:]), default=series.newest(name))
            total["stepsLost"] += max(0, done - series.newest(name))


def first_word(series: Series, name: str, pid: int, begun: int) -> int | None:
    """Waits for a step; the exit code if it ended before."""
    for _ in range(PATIENCE * 20):
        if (code := ended(pid, 0.05)) is not None:
            return code
        if len(series.journal(name)) > begun:
            return None
    raise RuntimeError("a training process did not get to a step")


def by_hand(series: Series, name: str) -> str:
    words = (series.place / name / "output.txt").read_text().strip().splitlines()[-1][-200:]
    last = get_last_checkpoint(str(series.place / name / "run"))
    if last is None:
        raise RuntimeError(words)
    shutil.rmtree(last)
    return words


def compared(series: Series, name: str) -> dict[str, Any]:
    """The last word on each step counts: that is what the weights were made of."""
    whole, killed = ({line["step"]: line for line in series.journal(each)} for each in ("whole", name))
    differing = [step for step in whole if step not in killed or any(killed[step][k] != whole[step][k] for k in ("loss", "norm"))]
    expected, found = (Counter(token for line in lines.values() for token in line["trained"]) for lines in (whole, killed))
    weights = [(series.place / each / "weights.txt").read_text() for each in ("whole", name)]
    return {
        "steps": STEPS,
        "stepsDiffering": len(differing),
        "weightsEqual": weights[0] == weights[1],
        "tokensMore": sum((found - expected).values()),
        "tokensFewer": sum((expected - found).values()),
    }


KILLED = (arms.CONCATENATED, arms.PADDING_FREE, arms.TRL_BFD, arms.TRL_WRAPPED)


def main(work: Path, count: int, chosen: list[str]) -> None:
    given = json.loads((work / "documents.json").read_text())
    arms.write_model(work / "model", given["vocabulary"], given["rowLength"])
    results = {}
    for arm in chosen or KILLED:
        print(f"torch-peers kill -9: {arm}", file=sys.stderr, flush=True)
        results[arm] = measure(Series(arm, work, given), count, random.Random(arm))
    print(json.dumps(results))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
