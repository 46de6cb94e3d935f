"""How far is the work, for a person who waits more than two seconds?

On a terminal a bar; elsewhere a line for each stage; with `quiet` nothing (standard output belongs to the answer).
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how many parts are done, and how many there are (0 when not known)."""


def silent(what: str, done: int, total: int) -> None:
    """Say nothing."""


@contextmanager
def shown(*, quiet: bool = False) -> Iterator[Progress]:
    """A progress that a person can see, on standard error."""
    if quiet:
        yield silent
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

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total or None)
            bar.update(tasks[what], completed=done, total=total or None)  # type: ignore[arg-type]

        yield report


def _lines() -> Progress:
    seen: set[str] = set()

    def report(what: str, done: int, total: int) -> None:
        if what not in seen:
            seen.add(what)
            print(f"{what} ...", file=sys.stderr, flush=True)  # noqa: T201

    return report
