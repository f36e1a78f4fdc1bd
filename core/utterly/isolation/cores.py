"""Which cores the process of an engine keeps to, so that two do not fight over the same."""

from __future__ import annotations

import os
from collections import Counter

WORKER_MARK = "utterly.isolation"
"""What the command line of every engine's process has in it."""

THREAD_COUNTS = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "RAYON_NUM_THREADS",
)
"""Where libraries that compute look for how many threads they may have."""


def thread_counts(cores: int | None) -> dict[str, str]:
    """Environment variables for a process that keeps to so many cores."""
    return {} if cores is None else dict.fromkeys(THREAD_COUNTS, str(cores))


def choose_cores(count: int | None) -> tuple[int, ...]:
    """The cores that the fewest engines' processes of this machine keep to.

    Args:
        count: How many; `None` for all, and so for no choice.

    Returns:
        Their numbers; none where there is no choice, or no way to keep to it.
    """
    import psutil

    if count is None or not hasattr(psutil.Process, "cpu_affinity"):
        return ()
    own = psutil.Process().cpu_affinity()
    if count >= len(own):
        return ()
    taken = Counter(core for cores in _cores_of_workers(len(own)) for core in cores)
    return tuple(sorted(sorted(own, key=lambda core: taken[core])[:count]))


def _cores_of_workers(all_cores: int) -> list[list[int]]:
    """What those that keep to fewer than all keep to."""
    import psutil

    found = []
    for process in psutil.process_iter(["cmdline", "cpu_affinity"]):
        cores = process.info["cpu_affinity"] or []
        is_worker = any(WORKER_MARK in part for part in process.info["cmdline"] or ())
        if is_worker and process.pid != os.getpid() and len(cores) < all_cores:
            found.append(cores)
    return found
