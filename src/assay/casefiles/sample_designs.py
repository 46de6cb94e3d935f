"""Sample designs: which files to read, how many of each kind, and the seed by which they are drawn.

A design is a file that a person writes before fieldwork, and that anybody can draw again:

    title   = "Crimes closed without charge"
    subject = "crime"                        # crime, child, suspect, group or note
    seed    = "read out at the meeting of 3 June"
    where   = "in_base and closed"           # a condition on the subject's facts
    indicator = "charged_of_closed"          # and, if wanted, only the records that answered so
    answers = ["not met"]                    # of a wait: "still waiting", an ending, "past its limit"; over = 90 days
    strata  = ["force_code", "group_flagged"]
    bands   = { days_to_closed = [30, 180] } # up to 30, up to 180, above, not known
    files   = 600                            # in all; or as many in each force as what is wanted takes (below)
    least   = 2                              # in every stratum, as far as it has them
    oversample = { group_flagged = { true = 4 } }
    expected = { days_to_closed = { "up to 30" = 0.1 } }    # shares that are expected: files go where they differ
    double  = 0.15                           # read twice, blind

In the place of `files`, what is wanted in each force: `points = 10`, an interval of plus or minus so many points around
a half; or `tell = [0.9, 0.75]`, to detect in four samples of five that a share of 75% is below a standard of 90%.

To read more where a failing is most probable: `watch = "F12"`, a failure mode or the key of a standard, makes the
column `on_watch_list` of each record's force, for strata and oversample. The inclusion probabilities stay known, so
that the results are weighted for it.

Two stages instead of strata: `forces = 12` and `files_each = 20`. Instead of strata by equal chance: `sized_by`, a
whole number of the facts to whose size the chance is proportional.

Entries of the record are drawn as `subject = "note"`, and crimes by the content of their summaries as `subject =
"crime"` with `records = "summaries"`: among all crimes with a summary that was read, whether or not the facts contain
them. Groups that the records show, known to the force or not, are drawn as `subject = "group"` with `records =
"found_groups"`; and crimes, children and suspects by the column `in_found_group`.

Where every record has a score, from 0 to 1, it can make strata: `score = "a_column"`, which is in `strata` and has
`bands`. It is among the facts, or in a file beside the design: `scores = "scores.csv"`, with the columns force_code,
subject_ref, score. Estimates for all records then use the bands; the score itself is only a cross-check.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assay.errors import UsageError
from assay.indicators import Condition

SUBJECTS = ("crime", "child", "suspect", "group", "note")
SUMMARIES = "summaries"
FOUND_GROUPS = "found_groups"
RECORDS = {SUMMARIES: "crime", FOUND_GROUPS: "group"}
"""Other sources of the frame of a subject than its own facts."""
TEXTS = ("note", SUMMARIES)
"""Records that are texts: their findings are in the readings and not in the facts."""
PERSONS = ("child", "suspect")
WATCH_COLUMN = "on_watch_list"
"""Column of the facts that `watch` adds: is the force on the watch list of that failing?"""
MOST_DOUBLE = 1.0


@dataclass(frozen=True)
class Design:
    """The design of a sample.

    Raises UsageError, with a sentence, if no sample can be drawn by it.

    Parameters
    ----------
    oversample
        By column and value (as text), the oversampling factor.
    expected
        By column and value, the expected share.
    """

    key: str
    title: str
    subject: str
    seed: str
    records: str = ""
    where: str = "in_base"
    indicator: str = ""
    answers: tuple[str, ...] = ()
    over: int = 0
    strata: tuple[str, ...] = ("force_code",)
    bands: Mapping[str, tuple[float, ...]] = field(default_factory=lambda: MappingProxyType({}))
    files: int = 0
    points: float = 0.0
    tell: tuple[float, ...] = ()
    least: int = 2
    oversample: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: MappingProxyType({}))
    expected: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: MappingProxyType({}))
    watch: str = ""
    sized_by: str = ""
    score: str = ""
    scores: str = ""
    forces: int = 0
    files_each: int = 0
    double: float = 0.0

    def __post_init__(self) -> None:
        for wrong, problem in self._design_errors():
            if wrong:
                raise UsageError(f"Design {self.key}: {problem}")
        Condition(self.where)

    @property
    def frame_source(self) -> str:
        """The name of the table that the sampling frame is built from: that of the records, else of the subject."""
        return self.records or self.subject

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the fact table that the design uses: for strata, size and selection."""
        return (*self.strata, *([self.sized_by] if self.sized_by else []), *Condition(self.where).columns)

    @property
    def reads_texts(self) -> bool:
        """True if the raters read texts."""
        return self.frame_source in TEXTS

    @property
    def is_per_force(self) -> bool:
        """True if the design sets a precision for each force, False if it sets a total number of files."""
        return bool(self.points or self.tell)

    def _design_errors(self) -> tuple[tuple[bool, str], ...]:
        """Return every rule of a design: whether the design breaks it, and the sentence that says so."""
        return (*self._subject_errors(), *self._size_errors(), *self._score_errors(), *self._column_errors())

    @property
    def _has_two_stages(self) -> bool:
        return bool(self.forces or self.files_each)

    def _subject_errors(self) -> tuple[tuple[bool, str], ...]:
        return (
            (
                not self.key.replace("-", "_").isidentifier(),
                "the file name may contain only letters, digits, hyphens and underscores.",
            ),
            (self.subject not in SUBJECTS, f"subject must be one of {', '.join(SUBJECTS)}."),
            (self.records not in ("", *RECORDS), f"records must be {' or '.join(RECORDS)}, or left out."),
            (
                self.subject != RECORDS.get(self.records, self.subject),
                f"{self.records} belong to another subject. Write subject = {RECORDS.get(self.records)}.",
            ),
            (self.reads_texts and bool(self.indicator), "no indicator uses texts. Leave indicator or records out."),
            (not self.seed.strip(), "seed is missing. Write any words, so that anybody can draw the same files again."),
            (not self.title.strip(), "title is missing. Write one."),
            (bool(self.answers) and not self.indicator, "answers need an indicator. Add indicator = ..."),
            (
                self.over < 0 or bool(self.over and not self.indicator),
                "over needs a waiting time and a number of days. Add indicator = ...",
            ),
        )

    def _size_errors(self) -> tuple[tuple[bool, str], ...]:
        two_stage, per_force = self._has_two_stages, self.is_per_force
        return (
            (
                two_stage and not (self.forces > 0 and self.files_each > 0),
                "a two-stage design needs both forces and files_each.",
            ),
            (
                two_stage and bool(self.files or per_force or self.sized_by),
                "a two-stage design has only forces and files_each.",
            ),
            (
                not 0 <= self.points < 50,
                "points must be above 0 and below 50: 10 means plus or minus 10 points in a force.",
            ),
            (bool(self.tell) and not _two_shares(self.tell), "tell needs two different shares: [standard, share]."),
            (per_force and "force_code" not in self.strata, "with points or tell, strata must include force_code."),
            (bool(self.points) + bool(self.tell) + bool(self.files) > 1, "give only one of files, points and tell."),
            (
                not two_stage and not per_force and self.files < 1,
                "the sample size is missing. Write files = 300, or points = 10, or forces and files_each.",
            ),
            (self.least < 1, "least must be 1 or more: nothing is known of a stratum without a file."),
        )

    def _score_errors(self) -> tuple[tuple[bool, str], ...]:
        return (
            (
                self.score not in {"", *(set(self.strata) & set(self.bands))},
                "the score must be in strata and in bands.",
            ),
            (
                bool(self.score) and bool(self._has_two_stages or self.sized_by),
                "a score needs equal inclusion probabilities within strata.",
            ),
            (bool(self.scores) and not self.score, "scores needs the name of its column. Add score = ..."),
            (not 0 <= self.double <= MOST_DOUBLE, "double must be a share between 0 and 1."),
        )

    def _column_errors(self) -> tuple[tuple[bool, str], ...]:
        grouped = set(self.bands) | set(self.oversample) | set(self.expected)
        shares = [share for values in self.expected.values() for share in values.values()]
        return (
            (bool(grouped - set(self.strata)), "columns of bands, oversample and expected must be in strata."),
            (bool(self.watch) != (WATCH_COLUMN in self.strata), f"watch and {WATCH_COLUMN} in strata need each other."),
            (len(self.expected) > 1, "expected may name only one column."),
            (not all(0 <= share <= 1 for share in shares), "an expected share must lie between 0 and 1."),
            (any(list(cuts) != sorted(set(cuts)) for cuts in self.bands.values()), "the cuts of bands must rise."),
            (not all(self.bands.values()), "bands need at least one cut."),
            (
                any(factor <= 0 for values in self.oversample.values() for factor in values.values()),
                "factors of oversample must be above 0.",
            ),
        )


def read_design(path: Path) -> Design:
    """Read a sample design from a file, whose name is its key; raise UsageError if the design is not valid."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path} is not TOML: {error}.") from None
    known = {design_field.name for design_field in fields(Design)} - {"key"}
    strangers = sorted(set(values) - known)
    missing = sorted({"title", "subject", "seed"} - set(values))
    if strangers:
        raise UsageError(f"{path}: unknown setting {strangers[0]}. A design may have {', '.join(sorted(known))}.")
    if missing:
        raise UsageError(f"{path}: {', '.join(missing)} is missing. Add it.")
    try:
        return Design(key=path.stem, **{name: _typed(name, value) for name, value in values.items()})
    except (TypeError, ValueError, AttributeError):
        raise UsageError(
            f"{path}: a value has the wrong type. See the example in docs/how-to, or assay casefile sample --help."
        ) from None


def _typed(name: str, value: Any) -> Any:
    """Return a value in the type of its field; raise TypeError, ValueError or AttributeError for any other."""
    if name in ("strata", "answers"):
        return tuple(str(item) for item in value)
    if name == "tell":
        return tuple(float(item) for item in value)
    if name == "bands":
        return MappingProxyType({str(key): tuple(float(cut) for cut in cuts) for key, cuts in value.items()})
    if name in ("oversample", "expected"):
        return MappingProxyType({key: {str(k): float(v) for k, v in item.items()} for key, item in value.items()})
    field_type = {item.name: item.type for item in fields(Design)}[name]
    if field_type == "int" and (isinstance(value, bool) or not isinstance(value, int)):
        raise TypeError(name)
    return float(value) if field_type == "float" else int(value) if field_type == "int" else _text(value)


def _two_shares(shares: tuple[float, ...]) -> bool:
    return len(set(shares)) == len(shares) == 2 and all(0 < share < 1 for share in shares)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
