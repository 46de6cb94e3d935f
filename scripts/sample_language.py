"""Draw random samples of the project's language, as a numbered Markdown sheet for a reader to judge.

    python scripts/sample_language.py --seed N

The sheet has five samples: first lines of modules, public docstrings, openings of pages, titles of decisions, and
subjects of the latest commits. The reader should know the field (official statistics, disclosure control, record
linkage, police inspection) and be new to the project. Nine of ten items of each sample should be clear at first
reading. The same seed draws the same items from the same commit. Of a kind that has too few items, all are printed.
"""

from __future__ import annotations

import argparse
import ast
import random
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE_FOLDERS = ("src/assay", "scripts", "benchmarks")
PAGE_PATTERNS = ("*.md", "docs/**/*.md", "benchmarks/*.md")
NO_OPENING = frozenset({"CHANGELOG.md"})
"""A changelog has entries and no opening that a reader could judge."""
LATEST_COMMITS = 300
HEADING = re.compile(r"^# +(.+)$", re.MULTILINE)
SKIPPED_PARAGRAPH = re.compile(r"#|```|~~~|\||!\[|<")
"""Begins a heading, code, a table, a picture or HTML, which do not open a page in words."""


@dataclass(frozen=True)
class Item:
    """A text to be judged, and where it is."""

    place: str
    text: str


@dataclass(frozen=True)
class Population:
    """A kind of text: its heading on the sheet, the size of its sample, and the function that lists all of it."""

    heading: str
    size: int
    items: Callable[[Path], Iterator[Item]]

    def draw(self, root: Path, seed: int) -> list[Item]:
        """Return a simple random sample, in order of place; each population has its own random numbers."""
        items = sorted(self.items(root), key=lambda item: (item.place, item.text))
        generator = random.Random(f"{seed}:{self.heading}")
        return [items[number] for number in sorted(generator.sample(range(len(items)), min(self.size, len(items))))]


def module_paths(root: Path) -> Iterator[Path]:
    """Yield the Python files of the package, the scripts and the benchmarks."""
    for folder in SOURCE_FOLDERS:
        yield from (root / folder).rglob("*.py")


def module_first_lines(root: Path) -> Iterator[Item]:
    """Yield the first paragraph of the docstring of each module."""
    for path in module_paths(root):
        docstring = ast.get_docstring(ast.parse(path.read_bytes()))
        yield Item(path.relative_to(root).as_posix(), first_paragraph(docstring or "(no docstring)"))


def public_docstrings(root: Path) -> Iterator[Item]:
    """Yield the first paragraph of the docstring of each public function, class and method that has one."""
    for path in module_paths(root):
        for node, name in definitions(ast.parse(path.read_bytes())):
            if docstring := ast.get_docstring(node):
                yield Item(f"{path.relative_to(root).as_posix()}:{node.lineno} {name}", first_paragraph(docstring))


def definitions(
    node: ast.Module | ast.ClassDef, prefix: str = ""
) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, str]]:
    """Yield public functions and classes with their qualified names; functions inside functions are not public."""
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not child.name.startswith("_"):
            yield child, prefix + child.name
            if isinstance(child, ast.ClassDef):
                yield from definitions(child, f"{prefix}{child.name}.")


def first_paragraph(text: str) -> str:
    """Return a text up to its first blank line, on one line."""
    return " ".join(text.strip().split("\n\n")[0].split())


def page_openings(root: Path) -> Iterator[Item]:
    """Yield the title and the first paragraph of each page, except decision records."""
    for path in sorted({path for pattern in PAGE_PATTERNS for path in root.glob(pattern)}):
        if "decisions" not in path.parts and path.name not in NO_OPENING:
            yield Item(path.relative_to(root).as_posix(), opening(path.read_text(encoding="utf-8")))


def opening(text: str) -> str:
    """Return the title of a page and its first paragraph in words."""
    title = HEADING.search(text)
    paragraphs = [paragraph.strip() for paragraph in text.split("\n\n")]
    words = next((" ".join(p.split()) for p in paragraphs if p and not SKIPPED_PARAGRAPH.match(p)), "")
    return f"**{title[1]}** {words}" if title else words


def decision_titles(root: Path) -> Iterator[Item]:
    """Yield the title of each decision record."""
    for path in (root / "docs" / "decisions").glob("[0-9]*.md"):
        if title := HEADING.search(path.read_text(encoding="utf-8")):
            yield Item(path.relative_to(root).as_posix(), title[1])


def commit_subjects(root: Path) -> Iterator[Item]:
    """Yield the subjects of the latest commits, without merges."""
    command = ["git", "log", "--no-merges", f"--max-count={LATEST_COMMITS}", "--format=%h %s"]
    log = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True, encoding="utf-8").stdout
    for line in log.splitlines():
        commit, _, subject = line.partition(" ")
        yield Item(commit, subject)


POPULATIONS = (
    Population("First lines of modules", 60, module_first_lines),
    Population("Public docstrings", 120, public_docstrings),
    Population("Openings of pages", 30, page_openings),
    Population("Titles of decisions", 25, decision_titles),
    Population("Subjects of commits", 55, commit_subjects),
)


def sheet(root: Path, seed: int) -> str:
    """Return the five samples as a Markdown page with a box to tick for each item that is clear."""
    parts = [f"# Language sample, seed {seed}\n\nTick each item that is clear at first reading."]
    for population in POPULATIONS:
        sample = population.draw(root, seed)
        lines = [f"{number}. [ ] {item.text} (`{item.place}`)" for number, item in enumerate(sample, 1)]
        needed = -(-9 * len(sample) // 10)
        parts.append(f"## {population.heading}\n\n{needed} of {len(sample)} should be clear.\n\n" + "\n".join(lines))
    return "\n\n".join(parts) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the sample sheet for a seed."""
    parser = argparse.ArgumentParser(description="Draw random samples of the project's language for a reader to judge.")
    parser.add_argument("--seed", type=int, required=True, help="number that determines which items are drawn")
    print(sheet(ROOT, parser.parse_args(arguments).seed), end="")  # noqa: T201


if __name__ == "__main__":
    main()
