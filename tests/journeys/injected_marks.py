"""Inject marks into every identifying cell of a return, and search for them in every file of a folder."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pyarrow.parquet as pq

from assay import contract
from assay.privacy.reference_pseudonyms import reference_kind

NAME, SURNAME, BORN = "Zebulon", "Quernstone", "2009-07-23"
POSTCODE, PHONE, PLACE, NOTE, REFERENCE = "ZZ97 7QQ", "07700900999", "Quernplace", "Quernnote", "QQREF"
MARKS = (NAME, SURNAME, BORN, POSTCODE, PHONE, PLACE, NOTE, REFERENCE)
CELLS = {
    "forenames": NAME, "surname": SURNAME, "date_of_birth": BORN, "postcode": POSTCODE, "phone": PHONE,
    "link_value": PLACE, "text": f"{NOTE}. Rang {NAME} {SURNAME}.", "narrative": f"{NOTE}. Rang {SURNAME}.",
    "band_local": f"as {SURNAME}", "tier_local": f"as {SURNAME}", "document": f"Profile, with {SURNAME}",
    "reason": f"{SURNAME}", "item_code": f"{SURNAME} {PHONE}", "about_key": SURNAME, "question_set": SURNAME,
    "question_set_version": SURNAME,
}  # fmt: skip

FILES_NAMED = re.compile(rf"(?:orders|a note on) {SURNAME}\.(?:csv|txt)")
"""Names of files, which a letter to the sender may quote."""
SIGNS = (
    "The child\u2019s carer called: picked up\nby an older male, and a second phone was found.",
    "Aged 14, missing again and back in the early hours. Would not say where.",
    "A HOTEL rang about several adults.",
)


def plant(folder: Path) -> int:
    """Plant marks in every CSV of a return: in filled cells, before every reference, in the name of a system and of a
    file; how many cells."""
    injected = sum(_plant(path, contract.table(path.stem)) for path in sorted(folder.glob("*.csv")))
    path = folder / "return.toml"
    path.write_text(re.sub(r'^system = ".*"$', f'system = "System of {SURNAME}"', path.read_text(), flags=re.M))
    if (folder / "orders.csv").exists() and not (folder / "mapping.toml").exists():
        (folder / "orders.csv").rename(folder / f"orders {SURNAME}.csv")
        (folder / "mapping.toml").write_text(f'[tables.orders]\nfile = "orders {SURNAME}.csv"\n')
    (folder / f"a note on {SURNAME}.txt").write_text("nothing")
    return injected


def plant_signs(folder: Path) -> int:
    """Give every third summary of a return a text with signs of exploitation and marks in it, and leave every seventh
    without one; how many hold signs."""
    path = folder / "summaries.csv"
    if not path.exists():
        return 0
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        if number % 3 == 0:
            row["text"] = f"{NOTE}. {SIGNS[number // 3 % len(SIGNS)]} Rang {NAME} {SURNAME}."
        elif number % 7 == 0:
            row["text"] = ""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return len(range(0, len(rows), 3))


def _plant(path: Path, table: contract.Table) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, restkey="more"))
    injected = 0
    for row in rows:
        for column in table.columns:
            if not row.get(column.name):
                continue
            if reference_kind(table, column):
                row[column.name] = f"{REFERENCE}{row[column.name]}"[:64]
            elif column.name in CELLS:
                row[column.name] = CELLS[column.name]
            else:
                continue
            injected += 1
    if rows:
        with path.open("w", encoding="utf-8", newline="") as file:
            names = [name for name in rows[0] if name != "more"]
            writer = csv.DictWriter(file, names, extrasaction="ignore", restval="")
            writer.writeheader()
            writer.writerows(rows)
    return injected


def found_in(folder: Path) -> dict[str, list[str]]:
    """By mark: the files below a folder in which it stands. Parquet is read; everything else is searched as it lies."""
    texts = {path.relative_to(folder).as_posix(): _text(path) for path in folder.rglob("*") if path.is_file()}
    hits = {mark: [name for name, text in texts.items() if mark in text or mark in name] for mark in MARKS}
    return {mark: names for mark, names in hits.items() if names}


def _text(path: Path) -> str:
    if path.suffix == ".parquet" and path.read_bytes().endswith(b"PAR1"):
        return json.dumps(pq.read_table(path).to_pylist(), default=str, ensure_ascii=False)
    return path.read_bytes().decode("utf-8", errors="replace")
