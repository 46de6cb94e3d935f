"""Does a run finish when forces leave out any of the tables, and do its outputs keep their columns and types?

A synthetic country of two forces is run once for each case in one process: without each single table; with sets that
cover all four cases of every pair of tables (both missing, either, neither); with the same tables sent but empty; with
the same tables not requested; and without each half of the kinds of events.

    python benchmarks/table_subsets.py [--only alone pairs empty unasked kinds] [--crimes 10] [--seed 11]
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
PARTS = ("alone", "pairs", "empty", "unasked", "kinds")
Case = tuple[str, Path, Path]


def cases(path: Path, home: Path, part: str) -> Iterator[Case]:
    """Yield the name, request and returns of each test case."""
    from assay.reference import event_kinds
    from partial_returns import covering, header_only, not_asked, supplied, without_tables

    returns, request, names = path / "returns", path / "request.toml", supplied(path / "returns")
    subsets_chosen = [frozenset({name}) for name in names] if part == "alone" else covering(names)
    if part == "kinds":
        kinds, rng = [event_kind.key for event_kind in event_kinds()], random.Random(1)
        subsets_chosen = [frozenset(event_kind for event_kind in kinds if rng.random() < 0.5) for _ in range(8)]
    for number, tables in enumerate(subsets_chosen):
        name, target = f"{part} {number} ({len(tables)} left out)", home / f"{part}-{number}"
        if part == "empty":
            yield name, request, header_only(returns, target, tables)
        elif part == "unasked":
            yield name, not_asked(request, home / f"{part}-{number}.toml", tables), returns
        elif part == "kinds":
            yield name, request, without_tables(returns, target, kinds=tables)
        else:
            yield name, request, without_tables(returns, target, tables)


def ended(case: Case, folder: Path, schemas: dict) -> str:
    """Return a sentence on how the run of a test case failed; '' if it ended correctly."""
    import pyarrow.parquet as pq

    from assay.engine.provenance import verify
    from assay.ingest.inspection_folder import new_inspection
    from assay.workflows.receive.return_intake import receive_returns
    from assay.workflows.run.inspection_pipeline import run_inspection

    _, request, returns = case
    try:
        new_inspection(folder, request)
        receive_returns(folder, [returns])
        run_inspection(folder)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    tables = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.parquet")}
    schemas_found = {name: pq.read_schema(path).remove_metadata() for name, path in tables.items()}
    moved = [name for name, schema in schemas_found.items() if schemas.setdefault(name, schema) != schema]
    return "; ".join([*map(str, verify(folder)), *(f"{name} has other columns" for name in moved)])


def main() -> None:
    from killed_runs import synthetic

    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    for name, default in (("crimes", 10), ("seed", 11)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    import_module("assay.report.pdf.added_pdfs").as_pdf = lambda *_: b"%PDF-1.7\n"
    schemas: dict = {}
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "cases").mkdir()
        path = synthetic(home / "sent", forces=2, crimes=options.crimes, seed=options.seed)
        all_cases = [case for part in options.only for case in cases(path, home / "cases", part)]
        for number, case in enumerate(all_cases):
            start = time.monotonic()
            wrong = ended(case, home / f"run-{number}", schemas)
            print(f"{case[0]}: {wrong or 'as it should be'} ({time.monotonic() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
