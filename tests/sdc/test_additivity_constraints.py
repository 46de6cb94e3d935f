"""Can a count suppressed under one indicator be derived from another on the same records?"""

import importlib.util
import tomllib
from itertools import combinations
from pathlib import Path

import pyarrow as pa
import pytest

from assay.indicators import indicator_catalogue
from assay.indicators.exclusion_reasons import plain_label
from assay.sdc import apply_policy, declared_tables, policy
from assay.sdc.additivity_constraints import equal_figures, equalities, figure, rules
from assay.sdc.cell_status import is_primary_suppressed, is_secondary_suppressed
from assay.sdc.sum_ranges import DIFFERENCE_PREFIX, NO_LIMIT, Sum, rounding_interval, sums_of
from sdc.adding_up import narrowed

RECORD_LEVEL = policy("record level")
FORMS = {name: declared_tables()[name] for name in ("ladders", "excluded_records", "force_estimates")}
PARTS = ("outside", "excluded", "not_known_if_counted", "met", "not_met", "not_known")
CANCELLED, TRANSFERRED, OPEN = "crime cancelled", "crime transferred to another force", "still open"


def implied_by_the_forms():
    """Pairs of figures that must be equal, read off what any two indicators ask."""
    indicators = [form for form in indicator_catalogue.indicators() if form.record != "force"]
    for first, other in combinations(indicators, 2):
        key_pair = (first.key, other.key)
        if first.record != other.record:
            continue
        yield "ladders.records", key_pair, {}
        if first.population != other.population:
            continue
        yield "ladders.outside", key_pair, {}
        if list(first.excluding.items()) == list(other.excluding.items()):
            if first.excluding:  # else both leave out nobody
                yield "ladders.excluded", key_pair, {}
            yield "ladders.not_known_if_counted", key_pair, {}
        for first_rule, second_rule in zip(first.excluding.items(), other.excluding.items(), strict=False):
            if first_rule != second_rule:
                break
            yield "excluded_records.records", key_pair, {"reason": plain_label(first_rule[0])}


def together_in(figures):
    """Of each figure those that are declared to be one and the same with it."""
    return {first: set(equal) for equal in equal_figures(figures) for first in equal}


def test_every_equality_between_the_indicators_is_declared():
    declared = together_in(rules())
    for name, keys, fixed in implied_by_the_forms():
        first, other = (figure(name, indicator=key, **fixed) for key in keys)
        assert other in declared.get(first, ()), (
            f"{name} is the same under {' and '.join(keys)}: say so in equalities.toml"
        )


def test_the_first_part_of_the_file_is_what_the_forms_imply():
    script = load_script()
    assert script.FILE.read_text() == script.with_first_part(script.FILE.read_text()), (
        "Run: python scripts/equalities.py"
    )


def load_script():
    path = Path(__file__).parents[2] / "scripts" / "equalities.py"
    spec = importlib.util.spec_from_file_location("equalities_script", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_constraint_that_was_written_by_hand_says_why():
    text = load_script().FILE.read_text()
    by_hand = tomllib.loads("#" + text.split("# Part 2")[1])
    assert all(rule["because"].endswith(".") for rule in (*by_hand["equal"], *by_hand["sum"]))


def test_what_holds_of_all_records_holds_in_every_group_of_people():
    charged = {figure("disparities.met", indicator=key) for key in ("charged_of_all", "charged_of_closed")}
    assert charged <= together_in(rules())[figure("disparities.met", indicator="charged_of_all")]
    ended = figure("wait_disparities.ended", wait="report_to_closure")
    assert ended in together_in(rules())[figure("disparities.not_met", indicator="charged_of_closed")]


def test_the_reasons_of_a_wait_are_those_that_it_names():
    for form in (form for form in indicator_catalogue.forms() if hasattr(form, "competing")):
        total = figure("wait_medians.excluded", wait=form.key)
        sums = [part for rule in rules() if rule.total == total and len(rule.parts) > 1 for part in rule.parts]
        parts = sums or [first for first in together_in(rules()).get(total, ()) if first != total]
        assert {dict(part.fixed)["reason"] for part in parts} == {plain_label(reason) for reason in form.excluding}


def ladder(indicator, place="INV01", **counts):
    parts = dict.fromkeys(PARTS, 0) | counts
    return {
        "indicator": indicator, "place_code": place, "when_reported": "all", "records": sum(parts.values()), **parts,
        "not_askable": "", "suppressed_cells": "",
    }  # fmt: skip


def table(name, rows):
    schema = FORMS[name].schema
    return pa.Table.from_pylist([{**dict.fromkeys(schema.names), **row} for row in rows], schema=schema)


def protected(**rows):
    result = apply_policy({name: table(name, entry) for name, entry in rows.items()}, RECORD_LEVEL)
    return {name: entry.to_pylist() for name, entry in result.items()}


def test_what_is_suppressed_under_one_indicator_is_suppressed_under_its_twin():
    # 8 met, 1 not met, 1 not known: one of the shown counts must go. Were it all records, which the twin shows too, a
    # reader would look there: it goes in both, or one goes that the twin does not have.
    rows = [
        ladder("suspect_identified", met=8, not_met=1, not_known=1),
        ladder("charged_of_all", met=0, not_met=10),
    ]
    first, second = protected(ladders=rows)["ladders"]
    suppressed = [word for word in first["suppressed_cells"].split() if word.startswith("secondary:")]
    assert len(suppressed) == 1
    assert suppressed != ["secondary:records"] or second["records"] is None


def test_an_open_crime_is_hidden_as_pending_and_as_left_out():
    ladders = [
        ladder("still_pending", outside=90, excluded=40, met=7, not_met=53),
        ladder("charged_of_closed", outside=90, excluded=47, met=20, not_met=33),
    ]
    reasons = [(CANCELLED, 20), (TRANSFERRED, 20), (OPEN, 7)]
    excluded_rows = [
        {"indicator": "charged_of_closed", "place_code": "INV01", "reason": reason, "records": records}
        for reason, records in reasons
    ]
    result = list(equalities({"ladders": ladders, "excluded_records": excluded_rows}, FORMS))
    pending = ("ladders", ("still_pending", "INV01", "all"), "met")
    left = ("excluded_records", ("charged_of_closed", "INV01", OPEN), "records")
    assert Sum(pending, (left,)) in result or Sum(left, (pending,)) in result


def test_all_together_are_equal_only_where_the_same_forces_were_asked():
    rows = [ladder(key, place, met=30) for key in ("charged_of_all", "still_pending") for place in ("INV01", "ALL")]
    first, second = (("ladders", (key, "ALL", "all"), "records") for key in ("charged_of_all", "still_pending"))

    def are_equal(*more):
        return any(
            {equality.total, *equality.parts} == {first, second}
            for equality in equalities({"ladders": [*rows, *more]}, FORMS)
        )

    assert are_equal()
    assert not are_equal(ladder("still_pending", "INV02", met=9))


def group(indicator, people, **counts):
    counts = dict.fromkeys(("met", "not_met", "not_known"), 0) | counts
    return {"indicator": indicator, "side": "victim", "characteristic": "sex", "people": people, "suppressed_cells": "",
            "base": counts["met"] + counts["not_met"], **counts}  # fmt: skip


def test_groups_of_people_are_equal_only_where_the_same_forces_were_asked():
    keys = ("charged_of_all", "charged_of_closed")
    forms = {name: declared_tables()[name] for name in ("ladders", "disparities")}
    groups = [group(key, people, met=9) for key in keys for people in ("female", "male")]

    def equal_groups(*more):
        ladders = [*(ladder(key, "INV01", met=18) for key in keys), *more]
        result = equalities({"ladders": ladders, "disparities": groups}, forms)
        return {
            first.total[1][3]
            for first in result
            if len(first.parts) == 1 and first.total[0] == first.parts[0][0] == "disparities"
        }

    assert equal_groups() == {"female", "male"}
    assert equal_groups(ladder("charged_of_all", "INV02", met=1)) == set()


def crimes(place, total, seed):
    """The four indicators of crimes for one force, from one set of records."""
    open_, charged, found = seed % 5, (seed // 5) % 5, 1 + seed % 7
    cancelled, passed, unknown = seed % 3, (seed // 3) % 4, (seed // 2) % 4
    out, base = cancelled + passed, total + open_ + charged + found
    equal_fields = {"outside": (seed * 7) % 11, "excluded": out, "not_known_if_counted": unknown}
    rows = [
        ladder("suspect_identified", place, **equal_fields, met=found, not_met=base - found),
        ladder("charged_of_all", place, **equal_fields, met=charged, not_met=base - charged),
        ladder("still_pending", place, **equal_fields, met=open_, not_met=base - open_),
        ladder(
            "charged_of_closed",
            place,
            **{**equal_fields, "excluded": out + open_},
            met=charged,
            not_met=base - charged - open_,
        ),
    ]
    reasons = {CANCELLED: cancelled, TRANSFERRED: passed}
    excluded_rows = [
        {"indicator": row["indicator"], "place_code": place, "reason": reason, "records": records}
        for row in rows
        for reason, records in (reasons | ({OPEN: open_} if row["indicator"] == "charged_of_closed" else {})).items()
    ]
    return rows, excluded_rows


def total_rows(rows, *key):
    """The rows of ALL: every count added up."""
    found = {}
    for row in rows:
        total = found.setdefault(tuple(row[name] for name in key), dict.fromkeys(row, 0) | {"suppressed_cells": ""})
        for name, value in row.items():
            total[name] = total[name] + value if isinstance(value, int) else value
    return [row | {"place_code": "ALL"} for row in found.values()]


# In 50 and 86 a hidden count could be found if the equalities were not used.
@pytest.mark.parametrize("seed", [0, 17, 50, 86, 123])
def test_whoever_knows_what_the_indicators_ask_finds_no_hidden_count(seed):
    ladders, excluded_rows = [], []
    for number in range(4):
        force_rows = crimes(f"INV{number:02}", (seed * 3 + number * 11) % 40, seed + number)
        ladders += force_rows[0]
        excluded_rows += force_rows[1]
    ladders += total_rows(ladders, "indicator")
    excluded_rows += total_rows(excluded_rows, "indicator", "reason")
    released = protected(ladders=ladders, excluded_records=excluded_rows)
    home = {(n, tuple(r[k] for k in FORMS[n].key)): r for n, rows in released.items() for r in rows}
    sums = [first for n, rows in released.items() for first in sums_of(FORMS[n], rows, FORMS)]
    sums += equalities(released, FORMS)

    def known(cell):
        if cell[2].startswith(DIFFERENCE_PREFIX):
            return 0, NO_LIMIT  # in no table
        row = home[cell[:2]]
        if is_primary_suppressed(row, cell[2]):
            return 1, RECORD_LEVEL.suppression_threshold
        return (1, NO_LIMIT) if is_secondary_suppressed(row, cell[2]) else rounding_interval(row[cell[2]], RECORD_LEVEL)

    cells = {cell for first in sums for cell in (first.total, *first.parts)}
    after = narrowed({cell: known(cell) for cell in cells}, sums)
    hidden = [cell for cell in cells if is_primary_suppressed(home[cell[:2]], cell[2])]
    assert hidden
    assert [cell for cell in hidden if after[cell][0] == after[cell][1]] == []


def test_every_figure_of_a_declared_constraint_is_a_count_of_a_declared_table():
    """A constraint on a column that no table has would be left out in silence."""
    forms = declared_tables()
    unknown = [
        str(series)
        for rule in rules()
        for series in rule.figures
        if series.table not in forms
        or series.column not in forms[series.table].protected_counts
        or not {name for name, _ in series.fixed} <= set(forms[series.table].key)
    ]
    assert unknown == []
