"""Does a run come to its end whatever its forces do not send, and does every stage keep its columns and types?

An invented country of two forces, run once for each case in one process: each table left out alone; sets that hold, for
every pair of tables, all four cases (both left out, one, the other, neither); the same sets with the tables sent and no
row in them; the same sets not asked for by the request; and each half of the kinds of events left out.

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


def cases(sent: Path, home: Path, part: str) -> Iterator[Case]:
    """(name, request, returns) of each case."""
    from assay.reference import event_kinds
    from left_out import covering, header_only, not_asked, supplied, without

    returns, request, names = sent / "returns", sent / "request.toml", supplied(sent / "returns")
    chosen = [frozenset({name}) for name in names] if part == "alone" else covering(names)
    if part == "kinds":
        kinds, chance = [one.key for one in event_kinds()], random.Random(1)
        chosen = [frozenset(one for one in kinds if chance.random() < 0.5) for _ in range(8)]
    for number, tables in enumerate(chosen):
        name, to = f"{part} {number} ({len(tables)} left out)", home / f"{part}-{number}"
        if part == "empty":
            yield name, request, header_only(returns, to, tables)
        elif part == "unasked":
            yield name, not_asked(request, home / f"{part}-{number}.toml", tables), returns
        elif part == "kinds":
            yield name, request, without(returns, to, kinds=tables)
        else:
            yield name, request, without(returns, to, tables)


def ended(case: Case, folder: Path, schemas: dict) -> str:
    """How a case ended, in words; '' where all is as it should be."""
    import pyarrow.parquet as pq

    from assay.engine.provenance import verify
    from assay.ingest.inspection_folder import make_for
    from assay.workflows.receive.return_intake import receive_returns
    from assay.workflows.run.inspection_pipeline import run_stream

    _, request, returns = case
    try:
        make_for(folder, request)
        receive_returns(folder, [returns])
        run_stream(folder)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    tables = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.parquet")}
    told = {name: pq.read_schema(path).remove_metadata() for name, path in tables.items()}
    moved = [name for name, schema in told.items() if schemas.setdefault(name, schema) != schema]
    return "; ".join([*map(str, verify(folder)), *(f"{name} has other columns" for name in moved)])


def main() -> None:
    from killed_runs import invented

    asked = argparse.ArgumentParser()
    asked.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    for name, default in (("crimes", 10), ("seed", 11)):
        asked.add_argument(f"--{name}", type=int, default=default)
    told = asked.parse_args()
    import_module("assay.report.report_writer").as_pdf = lambda *_: b"%PDF-1.7\n"
    schemas: dict = {}
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        (home / "cases").mkdir()
        sent = invented(home / "sent", forces=2, crimes=told.crimes, seed=told.seed)
        every = [case for part in told.only for case in cases(sent, home / "cases", part)]
        for number, case in enumerate(every):
            began = time.monotonic()
            wrong = ended(case, home / f"run-{number}", schemas)
            print(f"{case[0]}: {wrong or 'as it should be'} ({time.monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
