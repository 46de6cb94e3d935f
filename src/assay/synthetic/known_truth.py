"""The known truth of a synthetic country, stored apart from the returns.

`truth.toml` holds the injected failings with their forces and strengths, and the sampled rates; the tables beside it
hold the truth about each crime, notice, person, group, child and injected error. Only the simulation study reads
them.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from assay.synthetic.failing_parameters import failings
from assay.synthetic.injected_errors import InjectedError
from assay.synthetic.return_forms import ReturnForm
from assay.synthetic.return_sheets import cell_text
from assay.synthetic.synthetic_country import SyntheticForce
from assay.synthetic.synthetic_tables import ForceRecords
from assay.synthetic.world_settings import World

PARTS = ".parts"
"""The folder of each force's truth while the country is generated."""


@dataclass
class ForceTruth:
    """The known truth of one force, written in batches of records (divisions)."""

    folder: Path
    force: SyntheticForce
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, records: ForceRecords) -> None:
        """Write and count the rows of one batch of records."""
        self.counts.update(truth_counts(records))
        for name, rows in records.truth.items():
            self.write_rows(name, rows)

    def write_rows(self, name: str, rows: Iterable[Mapping[str, object]]) -> None:
        """Write rows of one table of the truth."""
        row_list = list(rows)
        if not row_list:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{name}.csv"
        columns = list(row_list[0])
        first = not path.exists()
        with path.open("a", encoding="utf-8", newline="") as file:
            lines = csv.writer(file, lineterminator="\n")
            if first:
                lines.writerow(columns)
            lines.writerows([cell_text(row[column]) for column in columns] for row in row_list)

    def add_errors(self, errors: Iterable[InjectedError]) -> None:
        """Write the errors injected into the return of the force."""
        self.write_rows("errors", ({"force_code": self.force.code, **asdict(error)} for error in errors))


def truth_counts(records: ForceRecords) -> Counter[str]:
    """Return the counts behind the realised shares of one batch of records of a force."""
    crimes = [row for row in records.truth.get("crimes", ()) if row["in_period"]]
    states = Counter(row["state"] for row in records.truth.get("notices", ()))
    named_suspects = [row for row in records.rows("involvements") if row.get("suspect_known_as") == "named"]
    by_name = [row for row in crimes if row["offence_code"] == "71"]
    return Counter(
        crimes=len(crimes),
        recorded_in_24h=sum(row["recorded_in_24h"] for row in crimes),
        exploited=sum(row["exploited"] for row in crimes),
        named_as_exploitation=len(by_name),
        named_as_exploitation_flagged=sum(row["cse_flag"] for row in by_name),
        adults_reporting=sum(row["adult_reporter"] for row in crimes),
        suspects_named=len(named_suspects),
        suspects_named_ethnicity_self=sum(bool(row["ethnicity_self"]) for row in named_suspects),
        **{f"notices_{state}": states[state] for state in ("in_time", "late", "never", "after_extraction")},
    )


def write_truth(
    folder: Path,
    world: World,
    forces: Sequence[SyntheticForce],
    sendings: Mapping[str, ReturnForm],
    counts: Mapping[str, Mapping[str, int]],
    seed: int,
) -> None:
    """Write the truth of the country: `truth.toml`, and the concatenated tables of its forces."""
    strengths = {injection.failing: injection.strength for injection in world.injected}
    lines = [f"seed = {seed}", f'world = "{world.key}"', f"years = {world.years}", "", "[injected]"]
    lines += [f"{key} = [{', '.join(_quoted(forces_with_failing(forces, key)))}]" for key in failings()]
    lines += ["", "[strength]", *(f"{key} = {strength}" for key, strength in strengths.items())]
    lines += ["", "[modes]", *(f'{key} = "{failing.mode}"' for key, failing in failings().items())]
    lines += [line for force in forces for line in _force(force, sendings[force.code], counts[force.code])]
    (folder / "truth.toml").write_bytes(("\n".join(lines) + "\n").encode())
    _merge_parts(folder, [force.code for force in forces])


def forces_with_failing(forces: Iterable[SyntheticForce], failing: str) -> list[str]:
    """Return the codes of the forces in which a failing is injected."""
    return [force.code for force in forces if failing in force.failings]


def _quoted(codes: Iterable[str]) -> list[str]:
    return [f'"{code}"' for code in codes]


def _force(force: SyntheticForce, sending: ReturnForm, counts: Mapping[str, int]) -> list[str]:
    """Return the truth of one force: injected failings, realised shares, and sampled rates."""
    lines = [
        "",
        f"[forces.{force.code}]",
        f'name = "{force.organisation.name}"',
        f"failings = [{', '.join(_quoted(force.failings))}]",
        f'sent_as = "{sending.style}"',
        f'damaged = "{sending.damaged}"',
        *(f"{name} = {number}" for name, number in counts.items()),
        f"rates = {{ {', '.join(f'{key} = {value}' for key, value in force.rates.items())} }}",
    ]
    turns = ", ".join(
        f'{{ starts = {turn.starts}, key = "{turn.key}", points = {turn.points:.4f} }}' for turn in force.rate_changes
    )
    lines += [f"turns = [{turns}]"] if turns else []
    lines += ["cleans_its_words = true"] if force.cleaned else []
    if force.unentered:
        lines += [f"unentered_days = {force.nuisances.unentered_days}"]
    if force.operation:
        first, operation = force.operation
        lines += [f"operation = {{ starts = {first}, days = {operation.days}, share = {operation.share} }}"]
    return [*lines, f"tables_not_sent = [{', '.join(_quoted(sorted(sending.not_sent)))}]"]


def _merge_parts(folder: Path, codes: Sequence[str]) -> None:
    """Concatenate the parts of every force into one table with one header."""
    parts = folder / PARTS
    names = sorted({path.name for path in parts.glob("*/*.csv")})
    for name in names:
        with (folder / name).open("wb") as merged_file:
            for place, part in enumerate(part_path for code in codes if (part_path := parts / code / name).exists()):
                with part.open("rb") as file:
                    header = file.readline()
                    if place == 0:
                        merged_file.write(header)
                    shutil.copyfileobj(file, merged_file)
    shutil.rmtree(parts, ignore_errors=True)
