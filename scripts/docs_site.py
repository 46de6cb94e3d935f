"""Build the manual as a website that loads nothing from other machines, and check every link.

    python scripts/docs_site.py [FOLDER]     default: site/ (with MkDocs, which `make docs` installs)

The pages of docs/ link to files elsewhere in the repository (benchmarks, model cards, rules). All are copied to one
folder with their paths, so that relative links work. A broken link or anchor stops the build.
"""

from __future__ import annotations

import json
import logging
import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START = ("README.md", "CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md")
PARTS = ("docs", "benchmarks", "models")
SHOWN_SUFFIXES = (".md", ".svg", ".png")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)\s]*)?\)")
ELSEWHERE = re.compile(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(?:https?:)?//[^\"]+\"")
"""Finds elements that a browser would load from another machine."""
DOCSTRINGS = {
    "docstring_style": "numpy",
    "docstring_section_style": "list",
    "heading_level": 3,
    "members_order": "source",
    "show_root_heading": True,
    "show_root_full_path": False,
    "show_source": False,
    "show_if_no_docstring": False,
    "separate_signature": True,
}
"""Options of mkdocstrings: show parameters, errors and sources of a function, without its code."""
PYTHON = {"paths": [str(ROOT / "src")], "options": DOCSTRINGS}
SETTINGS = {
    "site_name": "assay",
    "use_directory_urls": False,
    # Without `font`, pages would fetch a typeface from another machine.
    "theme": {"name": "material", "font": False, "features": ["navigation.top", "search.highlight"]},
    "plugins": ["search", {"mkdocstrings": {"handlers": {"python": PYTHON}}}],
    "markdown_extensions": ["tables", "fenced_code", {"toc": {"permalink": False}}],
    "validation": {
        "omitted_files": "ignore", "absolute_links": "warn", "unrecognized_links": "warn", "anchors": "warn",
        "not_found": "warn",
    },
}  # fmt: skip


def copy_pages(target: Path) -> list[Path]:
    """Copy every page, and every file to which a page links, to one folder; return the pages."""
    pages_wanted = [ROOT / name for name in START]
    pages_wanted += [path for part in PARTS for path in (ROOT / part).rglob("*") if path.suffix in SHOWN_SUFFIXES]
    pages = [path for path in pages_wanted if path.suffix == ".md"]
    for page in pages:
        pages_wanted += [path for path in linked_files(page) if path.is_file()]
    for path in dict.fromkeys(pages_wanted):
        place = target / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    return pages


def linked_files(page: Path) -> list[Path]:
    """Return the files of the repository to which a page links."""
    links = (link for link in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link)
    found = [(page.parent / link).resolve() for link in links]
    return [path for path in found if path.is_relative_to(ROOT)]


def navigation() -> list[dict[str, object]]:
    """Return the menu of the site: the sections of docs/README.md, each with the pages that it links to."""
    parts = re.split(r"^## (.*)$", (ROOT / "docs" / "README.md").read_text(encoding="utf-8"), flags=re.M)
    menu: list[dict[str, object]] = [{"assay": "README.md"}, {"Documentation": "docs/README.md"}]
    for title, text in zip(parts[1::2], parts[2::2], strict=True):
        menu.append({title: [f"docs/{link}" for link in LINK.findall(text)]})
    return [*menu, {"Project": ["GLOSSARY.md", "CONTRIBUTING.md", "CHANGELOG.md"]}]


def build(out: Path) -> int:
    """Build the site in `out` and return its number of pages.

    The build fails if a link is broken, or if a page would load something from another machine.
    """
    from mkdocs.commands.build import build as built
    from mkdocs.config import load_config

    logging.basicConfig(level=logging.WARNING, format="%(message)s")

    with tempfile.TemporaryDirectory() as place:
        copy_pages(Path(place) / "pages")
        settings = SETTINGS | {"nav": navigation(), "docs_dir": "pages", "site_dir": str(out.resolve()), "strict": True}
        (Path(place) / "mkdocs.yml").write_text(json.dumps(settings), encoding="utf-8")  # every JSON is YAML
        with (Path(place) / "mkdocs.yml").open("rb") as file:
            built(load_config(file))
    pages = sorted(out.rglob("*.html"))
    fetching = [page for page in pages if ELSEWHERE.search(page.read_text(encoding="utf-8"))]
    if fetching:
        sys.exit(f"{len(fetching)} pages would fetch something from elsewhere, such as {fetching[0]}.")
    return len(pages)


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "site")
    sys.stdout.write(f"{build(target)} pages. Open {target / 'index.html'}\n")
