"""How much memory this process holds, and the most it held since it was last asked: figures, no policy. Bytes."""

from __future__ import annotations

import ctypes
import gc
import sys
from pathlib import Path
from typing import Any

import torch

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def report(device: torch.device) -> dict[str, Any]:
    """Every report begins a new peak, where the system lets it (Linux, CUDA); elsewhere the peak is the process's."""
    result: dict[str, Any] = {"host": _host()}
    if device.type == "cuda":
        result["device"] = _cuda(device)
    return result


def _host() -> dict[str, int]:
    give_back()
    try:
        lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines() if line.startswith("Vm"))
    except OSError:
        return _host_elsewhere()
    held, peak = (int(lines[key].split()[0]) * 1024 for key in ("VmRSS", "VmHWM"))
    try:
        CLEAR.write_text("5")
    except OSError:
        pass
    return {"held": held, "peak": peak}


def give_back() -> None:
    """Returns what malloc keeps for later, which would hide how much the next step really takes. Only glibc has the call."""
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, TypeError, AttributeError):
        pass


def _host_elsewhere() -> dict[str, int]:
    try:
        import resource
    except ImportError:
        return {}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return {"peak": peak}


def _cuda(device: torch.device) -> dict[str, Any]:
    free, total = torch.cuda.mem_get_info(device)
    result = {
        "name": torch.cuda.get_device_name(device),
        "total": total,
        "free": free,
        "allocated": torch.cuda.memory_allocated(device),
        # What the allocator took from the driver: that is what another process lacks.
        "reserved": torch.cuda.memory_reserved(device),
        "peak": torch.cuda.max_memory_reserved(device),
        "peakAllocated": torch.cuda.max_memory_allocated(device),
    }
    torch.cuda.reset_peak_memory_stats(device)
    return result
