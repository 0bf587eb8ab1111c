"""The verbs of the Executor contract. Arguments and results are plain JSON; arrays are base64 of little-endian numbers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any

import torch

from . import attention, generation, loading, memory, ranks, scoring, state
from .errors import WorkerError
from .export import save_model
from .loading import Loaded, LoadOptions
from .model_files import check_weights, read_config
from .net import Net
from .rows import decode_rows
from .training import Training, leak_test


def _as_it_is(verb: Callable[..., Any]) -> Callable[..., Any]:
    """Scored shapes are all different: each would be compiled, and used once."""

    @functools.wraps(verb)
    def uncompiled(*args: Any, **kwargs: Any) -> Any:
        with torch.compiler.set_stance("force_eager"):
            return verb(*args, **kwargs)

    return uncompiled


class Worker:
    def __init__(self, say: Callable[[str, str], None]) -> None:
        """say(kind, text): something that the run's log should tell."""
        self._say = say
        self._training: Training | None = None
        self._base: Net | None = None
        self._snapshots: dict[int, state.Snapshot] = {}
        self._next_snapshot = 1

    def load(self, **given: Any) -> dict[str, Any]:
        self.close()
        options = LoadOptions(**given)
        if options.precision not in ("fp32", "bf16") or options.method not in ("full", "lora"):
            raise WorkerError(
                "unsupported", f"There is no {options.precision} with {options.method}.", "load", "Choose fp32 or bf16, full or lora."
            )
        if options.threads is not None:
            torch.set_num_threads(options.threads)
        self._training = self._first_path_that_keeps_documents_apart(options)
        memory.give_back()
        loaded = self._training.loaded
        where = f"{ranks.WORLD} processes, FSDP2" if ranks.WORLD > 1 else "one process"
        self._say("loaded", f"torch {torch.__version__} on {loaded.device.type}, {where}, attention {loaded.path}.")
        return {**asdict(loaded.facts), "attention": loaded.path, "device": loaded.device.type}

    def _first_path_that_keeps_documents_apart(self, options: LoadOptions) -> Training:
        read_config(options.model)
        check_weights(options.model)
        paths = attention.candidates(loading.pick_device(options.device), options.precision)
        for path in paths[:-1]:
            training = None
            try:
                training = self._made(options, path)
                if leak_test(training)["passed"]:
                    return training
                reason = "documents are not kept apart"
            except (RuntimeError, ValueError, ImportError, WorkerError) as error:
                if isinstance(error, WorkerError) and error.reason != "unsupported":
                    raise
                reason = " ".join(str(error).split())[:200]
            del training
            self._say("attention", f"The attention path {path} does not serve this model ({reason}): the next one is tried.")
        return self._made(options, paths[-1])

    def _made(self, options: LoadOptions, path: str) -> Training:
        loaded = loading.load(options, path)
        ranks.shard(loaded.net, loaded.net.blocks(), loaded.net.bf16)
        training = Training(loaded, self._frozen_base, self._say)
        if options.compile:
            self._compile(training)
        return training

    def _compile(self, training: Training) -> None:
        """Compiles and tries; what the compiler cannot do here (no C compiler, no kernel) costs only its speed."""
        training.net.compile_blocks()
        try:
            leak_test(training)
        except Exception as error:
            training.net.uncompile_blocks()
            training.optimizer.zero_grad(set_to_none=True)
            reason = " ".join(str(error).split())[:200]
            self._say("compile", f"The blocks cannot be compiled here ({type(error).__name__}: {reason}): they are computed as they are.")

    def leakTest(self) -> dict[str, Any]:
        return leak_test(self._trained())

    def step(self, rows: list[dict[str, Any]], learningRate: float, clip: float, refuseAbove: dict[str, float]) -> Any:
        return self._trained().step(decode_rows(rows), learningRate, clip, refuseAbove)

    @_as_it_is
    def loglik(self, items: list[dict[str, Any]]) -> Any:
        return scoring.loglik(self._loaded(), items)

    @_as_it_is
    def divergence(self, items: list[dict[str, Any]]) -> Any:
        return scoring.divergence(self._loaded(), self._frozen_base, items)

    @_as_it_is
    def generate(self, prompts: list[list[int]], options: dict[str, Any]) -> Any:
        return generation.generate(self._loaded(), prompts, options)

    def snapshot(self) -> dict[str, int]:
        number = self._next_snapshot
        self._next_snapshot += 1
        self._snapshots[number] = state.take_snapshot(self._trained())
        return {"id": number}

    def restore(self, id: int) -> None:
        if id not in self._snapshots:
            raise WorkerError("internal", f"There is no snapshot {id}; it was released.")
        state.put_snapshot(self._trained(), self._snapshots[id])

    def release(self, id: int) -> None:
        self._snapshots.pop(id, None)

    def saveState(self, directory: str) -> None:
        state.save(self._trained(), directory)

    def loadState(self, directory: str) -> None:
        state.load(self._trained(), directory)

    def saveModel(self, directory: str) -> None:
        save_model(self._loaded(), directory)

    def memory(self) -> Any:
        return memory.report(self._loaded().device)

    def close(self) -> None:
        self._training = self._base = None
        self._snapshots.clear()

    @contextmanager
    def _frozen_base(self) -> Iterator[Net]:
        """The base as loaded: with adapters the model without them, else a frozen copy, read when first asked for."""
        loaded = self._loaded()
        if loaded.net.adapters is not None:
            yield loaded.net
            return
        if self._base is None:
            frozen = loading.load(replace(loaded.options, method="full"), loaded.path).net
            # In the model's own precision, so that the divergence of the base from itself is exactly 0.
            frozen.requires_grad_(False)
            ranks.shard(frozen, frozen.blocks(), frozen.bf16)
            self._base = frozen
        yield self._base

    def _trained(self) -> Training:
        if self._training is None:
            raise WorkerError("internal", "The executor has no model: load() comes first.")
        return self._training

    def _loaded(self) -> Loaded:
        return self._trained().loaded


VERBS = tuple(name for name in vars(Worker) if not name.startswith("_"))
