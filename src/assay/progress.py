"""Show the progress of long work: a bar on a terminal, else a line for each stage with the time since the start.

With `quiet` nothing is shown. Progress goes to standard error, because standard output holds the answer.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

QUIET_SECONDS = 30.0
"""After so long without a line, a line says that the stage is still at work."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many parts are done, and how many there are (0 when not known)."""


def no_progress(task: str, done: int, total: int) -> None:
    """Show no progress."""


@contextmanager
def progress_display(*, quiet: bool = False) -> Iterator[Progress]:
    """Yield a progress function that prints to standard error."""
    if quiet:
        yield no_progress
    elif sys.stderr.isatty():
        yield from _bar()
    else:
        yield from _lines()


def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        tasks: dict[str, int] = {}

        def report(task: str, done: int, total: int) -> None:
            if task not in tasks:
                tasks[task] = bar.add_task(task, total=total or None)
            bar.update(tasks[task], completed=done, total=total or None)  # type: ignore[arg-type]

        yield report


def _lines() -> Iterator[Progress]:
    """Yield a progress function that prints one line a stage, with the time since the start, and more on long work."""
    lines = _StageLines()
    is_done = threading.Event()

    def print_while_quiet() -> None:
        while not is_done.wait(lines.seconds_until_due()):
            lines.print_if_due()

    # Without memory for a thread, only the lines between the stages are missing.
    with suppress(RuntimeError):
        threading.Thread(target=print_while_quiet, daemon=True).start()
    try:
        yield lines.report
    finally:
        is_done.set()


class _StageLines:
    """The lines printed so far: the stages that were named, and the stage at work with its parts."""

    def __init__(self) -> None:
        self._started = self._printed = time.monotonic()
        self._seen: set[str] = set()
        self._stage, self._parts = "", ""
        self._lock = threading.Lock()

    def report(self, task: str, done: int, total: int) -> None:
        """Print a stage when it begins; its parts are printed only if it takes long."""
        with self._lock:
            self._stage, self._parts = task, f", {done} of {total}" if total else ""
            if task not in self._seen:
                self._seen.add(task)
                self._print(task)

    def seconds_until_due(self) -> float:
        """Return after how many seconds the next line is due, if no stage begins before."""
        return max(0.1, self._printed + QUIET_SECONDS - time.monotonic())

    def print_if_due(self) -> None:
        """Print the stage at work if nothing was printed for `QUIET_SECONDS`."""
        with self._lock:
            if self._stage and time.monotonic() - self._printed >= QUIET_SECONDS:
                self._print(f"{self._stage}{self._parts}, still at work")

    def _print(self, text: str) -> None:
        self._printed = time.monotonic()
        minutes, seconds = divmod(int(self._printed - self._started), 60)
        print(f"{minutes}:{seconds:02} {text} ...", file=sys.stderr, flush=True)  # noqa: T201
