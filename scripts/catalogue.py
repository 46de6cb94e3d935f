"""Write the translation catalogue of the workbench: every string of its pages and code, with its Welsh translation.

Run it after adding or changing a string: `.venv/bin/python scripts/catalogue.py`. A string without a translation is
shown in English. `--check` writes nothing, and exits with 1 if the catalogue would change.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import jinja2
import polib

WORKBENCH = Path(__file__).parents[1] / "src" / "assay" / "workbench"
CATALOGUE = WORKBENCH / "locale" / "cy" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "gettext_lazy"}
HEAD = {
    "Project-Id-Version": "assay",
    "Language": "cy",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=4; plural=(n==1) ? 0 : (n==2) ? 1 : (n != 8 && n != 11) ? 2 : 3;",
}
Message = tuple[str, str]


def in_pages() -> Iterator[Message]:
    """Yield each translatable string of the pages, with its plural or ''."""
    pages = jinja2.Environment(extensions=["jinja2.ext.i18n"])
    for path in sorted((WORKBENCH / "pages").glob("*.html")):
        for _line, call, message in pages.extract_translations(path.read_text(encoding="utf-8")):
            if call == "ngettext":
                yield str(message[0]), str(message[1])
            else:
                yield str(message if isinstance(message, str) else message[0]), ""


def in_code() -> Iterator[Message]:
    """Yield each translatable string of the code, and '' for its plural, which strings in code never have."""
    for path in sorted(WORKBENCH.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS
            if is_call and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), ""


def catalogue() -> polib.POFile:
    """Return every translatable string once, in order, with the translation in the catalogue."""
    entries_before = {entry.msgid: entry for entry in polib.pofile(str(CATALOGUE))} if CATALOGUE.exists() else {}
    catalogue_file = polib.POFile(wrapwidth=110)
    catalogue_file.metadata = HEAD
    for message, plural_form in sorted({*in_pages(), *in_code()}):
        old = entries_before.get(message)
        if plural_form:
            plurals = old.msgstr_plural if old and old.msgstr_plural else dict.fromkeys(range(4), "")
            catalogue_file.append(polib.POEntry(msgid=message, msgid_plural=plural_form, msgstr_plural=plurals))
        else:
            catalogue_file.append(polib.POEntry(msgid=message, msgstr=old.msgstr if old else ""))
    return catalogue_file


def main() -> int:
    """Write the catalogue; with `--check`, report whether it would change."""
    catalogue_made = catalogue()
    bytes_, text = catalogue_made.to_binary(), f"{catalogue_made}\n"
    places = {CATALOGUE: text.encode(), CATALOGUE.with_suffix(".mo"): bytes_}
    is_current = all(path.exists() and path.read_bytes() == content for path, content in places.items())
    if "--check" not in sys.argv:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        for path, content in places.items():
            path.write_bytes(content)
        is_current = True
    done = sum(item.translated() for item in catalogue_made)
    summary_text = (
        f"{done} of {len(catalogue_made)} strings have Welsh."
        if is_current
        else "It is behind: run scripts/catalogue.py"
    )
    sys.stdout.write(f"{summary_text}\n")
    return 0 if is_current else 1


if __name__ == "__main__":
    sys.exit(main())
