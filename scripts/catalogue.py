"""Write the catalogue of the workbench's words again: every string of its pages and code, with the Welsh that is there.

Run it after a string was added or changed: `.venv/bin/python scripts/catalogue.py`. What has no Welsh yet is shown in
English. `--check` writes nothing and ends with 1 where something would change.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import jinja2
import polib

ROOM = Path(__file__).parents[1] / "src" / "assay" / "workbench"
CATALOGUE = ROOM / "locale" / "cy" / "LC_MESSAGES" / "django.po"
CALLS = {"_", "gettext", "gettext_lazy"}
HEAD = {
    "Project-Id-Version": "assay",
    "Language": "cy",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=4; plural=(n==1) ? 0 : (n==2) ? 1 : (n != 8 && n != 11) ? 2 : 3;",
}
Said = tuple[str, str]


def in_pages() -> Iterator[Said]:
    """(string, its plural or '') of every page."""
    pages = jinja2.Environment(extensions=["jinja2.ext.i18n"])
    for path in sorted((ROOM / "pages").glob("*.html")):
        for _line, call, said in pages.extract_translations(path.read_text(encoding="utf-8")):
            if call == "ngettext":
                yield str(said[0]), str(said[1])
            else:
                yield str(said if isinstance(said, str) else said[0]), ""


def in_code() -> Iterator[Said]:
    """(string, '') of every module."""
    for path in sorted(ROOM.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS
            if named and node.args and isinstance(node.args[0], ast.Constant):
                yield str(node.args[0].value), ""


def catalogue() -> polib.POFile:
    """Every string once, in order, with the Welsh that the catalogue holds."""
    held = {one.msgid: one for one in polib.pofile(str(CATALOGUE))} if CATALOGUE.exists() else {}
    made = polib.POFile(wrapwidth=110)
    made.metadata = HEAD
    for said, several in sorted({*in_pages(), *in_code()}):
        old = held.get(said)
        if several:
            plurals = old.msgstr_plural if old and old.msgstr_plural else dict.fromkeys(range(4), "")
            made.append(polib.POEntry(msgid=said, msgid_plural=several, msgstr_plural=plurals))
        else:
            made.append(polib.POEntry(msgid=said, msgstr=old.msgstr if old else ""))
    return made


def main() -> int:
    """Write it, or say whether it would change."""
    made = catalogue()
    bytes_, text = made.to_binary(), f"{made}\n"
    places = {CATALOGUE: text.encode(), CATALOGUE.with_suffix(".mo"): bytes_}
    same = all(path.exists() and path.read_bytes() == told for path, told in places.items())
    if "--check" not in sys.argv:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        for path, told in places.items():
            path.write_bytes(told)
        same = True
    done = sum(one.translated() for one in made)
    said = f"{done} of {len(made)} strings have Welsh." if same else "It is behind: run scripts/catalogue.py"
    sys.stdout.write(f"{said}\n")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
