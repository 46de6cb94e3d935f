"""Do the dates of a column contradict the form that was declared for them, and which form fits?

Rule R70. Where day and month are the wrong way round, a day up to the 12th is read as another day without a word. So
where most cells of a column are not in its form, or another form fits more of them and nearly all, none is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from assay.returns import zones
from assay.returns.desk import Desk
from assay.returns.mapping import FORMS, ZONE, TableMapping, strptime_form
from assay.returns.sql import quoted
from assay.wording import counted

DAYS = (
    "YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "YYYY/MM/DD", "YYYY-DD-MM", "YYYY/DD/MM", "DD-MM-YYYY", "MM-DD-YYYY",
    "DD.MM.YYYY", "MM.DD.YYYY", "DD/MM/YY", "MM/DD/YY", "DD-MM-YY", "MM-DD-YY", "DD.MM.YY", "YYYYMMDD", "YYYYDDMM",
    "DDMMYYYY", "MMDDYYYY", "DD MMM YYYY", "DD-MMM-YYYY", "DD/MMM/YYYY", "DDMMMYYYY", "DD MMM YY", "DD-MMM-YY",
    "DDMMMYY", "MMM DD YYYY", "YYYY-MMM-DD",
)  # fmt: skip
CLOCKS = ("", " HH:MM", " HH:MM:SS", "THH:MM", "THH:MM:SS", ":HH:MM:SS")
OURS, SWAPPED = "YYYY-MM-DD", ("YYYY-DD-MM",)
NEARLY_ALL = 0.95
ENOUGH = 5
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class Misfit:
    """A column whose form its cells contradict: how many dates it holds, how many are in the form, the forms that fit
    nearly all (none if there are none) and how many they fit; `refused` if none of them may be read, `opened` if a
    spreadsheet took the day of some for their month."""

    column: str
    dates: int
    fitting: int
    best: tuple[str, ...]
    best_fitting: int
    refused: bool
    opened: bool = False

    def sentence(self, file: str, declared: str) -> str:
        """What its sender is told, and may do."""
        read = "None of them was read (R70)." if self.refused else "Those were not read."
        dates, wrong = counted(self.dates, "date"), self.dates - self.fitting
        if self.opened:
            said = f"{self.fitting:,} of {dates} have the form {OURS}, each with a day up to the 12th, and no other has"
            mend = "A spreadsheet took days for months. Export the table again, and send it without opening it in one."
            return f"{file}, column {self.column}: {said}. {read} {mend}"
        said = f"{wrong:,} of {dates} {'is' if wrong == 1 else 'are'} not in the form {declared}"
        if not wrong:
            said = f"all {dates} can be read as {declared}, and other columns of the file cannot"
        return f"{file}, column {self.column}: {said}. {read} {self._mend()}"

    def _mend(self) -> str:
        if not self.best:
            return "No one form fits nearly all of them: export the column in one form, and name it in mapping.toml."
        keys = (f'{"time" if "HH" in form else "date"}_form = "{form}"' for form in self.best)
        fits = "fits" if len(self.best) == 1 else "fit"
        return f"{' and '.join(self.best)} {fits} {self.best_fitting:,}: write {' and '.join(keys)} in mapping.toml."


def misfits(
    desk: Desk, cells: str, mapping: TableMapping, columns: Collection[str], wrong: Collection[str]
) -> list[Misfit]:
    """The columns of dates whose form is contradicted.

    `cells` is SQL for their cells before any form was applied, without null words; `wrong` are those of the columns in
    which a cell was found that is not in the form.
    """
    days = _declared_days(mapping)
    found = [_judged(desk, cells, mapping, name) for name in columns if name in wrong]
    judged = [one for one in found if one]
    if not days:
        turned = {one.column for one in judged if one.refused}
        opened = [one for name in wrong if name not in turned and (one := _opened(desk, cells, name))]
        other = {one.column for one in opened}
        return [*(one for one in judged if one.column not in other), *opened]
    best = {form.partition("HH")[0].rstrip(" T:") for one in judged if one.refused for form in one.best}
    others = [_goes_with(desk, cells, mapping, name, best) for name in columns if best and name not in wrong]
    return [*judged, *(one for one in others if one)]


def declared_in_words(mapping: TableMapping) -> str:
    """The declared forms as mapping.toml writes them, or the contract's own."""
    return " or ".join(_as_written(form) for form in (mapping.date_form, mapping.time_form) if form) or OURS


def _declared_days(mapping: TableMapping) -> set[str]:
    """The forms of the day in what was declared; none where nothing was."""
    written = (_as_written(form) for form in (mapping.date_form, mapping.time_form) if form)
    return {form.partition("HH")[0].rstrip(" T:") for form in written}


def _as_written(form: str) -> str:
    for word, sign in (*FORMS.items(), ("MM", "%M"), ("Z", ZONE)):
        form = form.replace(sign, word)
    return form


def _judged(desk: Desk, cells: str, mapping: TableMapping, name: str) -> Misfit | None:
    dates, fitting, fits = _counts(desk, cells, mapping, name)
    day = max(DAYS, key=lambda form: fits[form])
    fitted = fits[day]
    known = fitted >= max(1, NEARLY_ALL * dates)
    declared = _declared_days(mapping)
    # Where nothing was declared, days of our own form are what they say; unless all are the other way round.
    refused = _contradicted(dates, fitting, fitted if known else 0) if declared else day in SWAPPED and fitted > fitting
    if known and day in (declared or {OURS}):
        refused = False  # the form is right: what is not in it is no date, or has a time in a form that nobody declared
    if fitting == dates or dates == 1 or not (refused or (known and dates >= ENOUGH)):
        return None
    best = _with_clock(desk, cells, name, day) if known else ()
    return Misfit(name, dates, fitting, best, fitted, refused)


def _contradicted(dates: int, fitting: int, fitted: int) -> bool:
    """Whether most dates are not in the form that was declared, or another form fits more of them and nearly all."""
    return (dates - fitting) * 2 > dates or fitted > fitting


def _goes_with(desk: Desk, cells: str, mapping: TableMapping, name: str, best: Collection[str]) -> Misfit | None:
    """A column that nothing contradicts, and that is in the form of the contradicted columns as well."""
    dates, fitting, fits = _counts(desk, cells, mapping, name)
    day = next((form for form in sorted(best) if fits[form] == dates), "")
    if not dates or not day:
        return None
    return Misfit(name, dates, fitting, _with_clock(desk, cells, name, day), dates, True)


def _counts(desk: Desk, cells: str, mapping: TableMapping, name: str) -> tuple[int, int, Mapping[str, int]]:
    """How many dates, how many in the declared form, and how many in each form with any clock."""
    ours = _is_declared(name, mapping) or _is_ours(name)
    each = ", ".join(
        f"count(*) filter ({_is_in(name, [strptime_form(form + clock) for clock in CLOCKS])}) as f{number}"
        for number, form in enumerate(DAYS)
    )
    told = f"select *, {ours} as is_in_form from ({cells})"
    found = desk.look(f"select count({name}) as dates, count(*) filter (is_in_form) as fitting, {each} from ({told})")
    return found["dates"], found["fitting"], {form: found[f"f{number}"] for number, form in enumerate(DAYS)}


def _is_ours(name: str) -> str:
    return f"try_cast({name} as timestamp) is not null and {name} like '____-__-__%'"


def _is_declared(name: str, mapping: TableMapping) -> str:
    """SQL that is true where a cell is in a declared form; '' where none was declared."""
    tried = [_is_in(name, [mapping.date_form])] if mapping.date_form else []
    if mapping.time_form:
        read = zones.wall_time if mapping.time_form.endswith(ZONE) else zones.time_alone
        tried.append(f"{read(name, mapping.time_form)} is not null")
    return f"coalesce({' or '.join(tried)}, false)" if tried else ""


def _is_in(name: str, forms: Iterable[str]) -> str:
    tried = ", ".join(quoted(form) for form in forms)
    return f"year(try_strptime({name}, [{tried}])) between {FIRST_YEAR} and {LAST_YEAR}"


def _with_clock(desk: Desk, cells: str, name: str, day: str) -> tuple[str, ...]:
    """The form of the day, and the commonest of time, as far as a cell is in them."""
    forms = [day + clock for clock in CLOCKS]
    each = ", ".join(
        f"count(*) filter ({_is_in(name, [strptime_form(form)])}) as f{number}" for number, form in enumerate(forms)
    )
    found = desk.look(f"select {each} from ({cells})")
    times = max(range(1, len(forms)), key=lambda number: found[f"f{number}"])
    return tuple(forms[number] for number in (0, times) if found[f"f{number}"])


def _opened(desk: Desk, cells: str, name: str) -> Misfit | None:
    """Whether a spreadsheet made dates of all cells that could be dates in its own order, and left the others.

    Then each date has a day up to the 12th, and each other cell has a number above 12 where its month was looked for.
    """
    ours = f"({_is_ours(name)})"
    after = " or ".join(
        f"({_is_in(name, [strptime_form(form + clock) for clock in CLOCKS])} "
        f"and not coalesce({_is_in(name, [strptime_form(other + clock) for clock in CLOCKS])}, false))"
        for form, other in (("DD/MM/YYYY", "MM/DD/YYYY"), ("MM/DD/YYYY", "DD/MM/YYYY"))
    )
    found = desk.look(
        f"select count({name}) as dates, count(*) filter ({ours}) as ours, "
        f"count(*) filter ({ours} and day(try_cast({name} as timestamp)) <= 12) as early, "
        f"count(*) filter (not {ours} and ({after})) as others from ({cells})"
    )
    told = min(found["ours"], found["others"]) >= ENOUGH and found["ours"] == found["early"]
    whole = found["ours"] + found["others"] >= NEARLY_ALL * found["dates"]
    return Misfit(name, found["dates"], found["ours"], (), 0, True, opened=True) if told and whole else None
