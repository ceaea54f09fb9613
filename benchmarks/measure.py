"""One contestant in a process of its own: how long it takes, how much memory it needs."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds by part and of all processors, peak memory in MB, what the contestant says."""

    seconds: dict[str, float]
    processor_seconds: float
    peak_mb: int
    said: dict[str, float]

    @property
    def total(self) -> float:
        """All parts together."""
        return sum(self.seconds.values())


class Parts:
    """Collects how long the parts took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.processor_seconds = 0.0
        self.said: dict[str, float] = {}

    def run(self, name: str, part: Callable[[], T]) -> T:
        """Do ``part`` and note its time."""
        start, busy = time.perf_counter(), time.process_time()
        done = part()
        self.processor_seconds += time.process_time() - busy
        self.seconds[name] = time.perf_counter() - start
        return done

    def report(self) -> None:
        """Say what was measured, as the last line of standard output."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        found = {
            "seconds": self.seconds,
            "processor_seconds": self.processor_seconds,
            "peak_mb": peak,
            "said": self.said,
        }
        sys.stdout.write(f"\n{json.dumps(found)}\n")


def measure(module: str, *arguments: Path | str) -> Measured:
    """Run ``python -m module`` in a process of its own and read its report."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout.splitlines()[-1])
    return Measured(**found)
