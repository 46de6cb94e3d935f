"""Show the progress of long work: a bar on a terminal, else a line for each stage.

With `quiet` nothing is shown. Progress goes to standard error, because standard output holds the answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
        yield _lines()


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


def _lines() -> Progress:
    seen: set[str] = set()

    def report(task: str, done: int, total: int) -> None:
        if task not in seen:
            seen.add(task)
            print(f"{task} ...", file=sys.stderr, flush=True)  # noqa: T201

    return report
