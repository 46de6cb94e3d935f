"""Are all equalities and sums between released counts declared, so that disclosure control uses them?"""

import random
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest

from assay.ingest.inspection_folder import new_inspection
from assay.sdc import declared_tables
from assay.sdc.additivity_constraints import Rule, declared_constraints, equalities, figure
from assay.sdc.constraint_learning import figure_vectors, learn_constraints
from assay.sdc.implied_constraints import (
    Span,
    coefficients_of,
    constraints_not_implied,
    describe_undeclared,
    exemptions,
)
from assay.sdc.sum_ranges import DIFFERENCE_PREFIX
from assay.synthetic import read_world
from assay.synthetic.demo import generate_returns
from assay.synthetic.world_settings import ANNOUNCED
from assay.workflows.judge.inspection_plan import seal_plan
from assay.workflows.receive.other_sender_intake import receive_evidence
from assay.workflows.receive.return_intake import receive_returns
from assay.workflows.release.prepared_tables import exact_tables
from assay.workflows.release.release_editions import EXACT_STAGE
from assay.workflows.run.inspection_pipeline import run_stages
from made_once import kept_by_code
from sdc.test_additivity_constraints import ladder

FORMS = declared_tables()
KEYS = ("charged_of_all", "charged_of_closed", "still_pending")
ENDED = figure("wait_medians.ended", wait="report_to_closure")
NOT_CHARGED = figure("ladders.not_met", indicator="charged_of_closed")


def wait(place, **counts):
    return {"wait": "report_to_closure", "place_code": place, "suppressed_cells": "", **counts}


def small_country(seed, ended_is_not_charged=True, maximum_count=30):
    """Three indicators and a wait of five forces, whose closed crimes are those that are not open."""
    rng, ladders, waits = random.Random(seed), [], []
    for number in range(5):
        place, charged, other, still = f"INV{number:02}", *(rng.randint(0, maximum_count) for _ in range(3))
        ladders += [
            ladder("charged_of_all", place, met=charged, not_met=other + still),
            ladder("charged_of_closed", place, excluded=still, met=charged, not_met=other),
            ladder("still_pending", place, met=still, not_met=charged + other),
        ]
        ended = other if ended_is_not_charged else rng.randint(0, maximum_count)
        waits.append(wait(place, ended=ended))
    return {"ladders": ladders, "wait_medians": waits}


def learned(*countries, minimum_rows=40):
    return {frozenset(constraint.rule.figures) for constraint in learn_constraints(countries, FORMS, minimum_rows)}


def test_two_counts_that_are_equal_in_every_country_are_learned():
    assert {ENDED, NOT_CHARGED} in learned(small_country(1), small_country(2), small_country(3))


def test_two_counts_that_differ_in_one_country_are_not():
    countries = small_country(1), small_country(2), small_country(3, ended_is_not_charged=False)
    assert {ENDED, NOT_CHARGED} not in learned(*countries)


def test_a_count_that_two_others_make_up_is_learned_across_tables():
    rows = [{"wait": "report_to_closure", "place_code": row["place_code"], "suppressed_cells": "", "still_waiting": row["met"]}
            for row in small_country(1)["ladders"] if row["indicator"] == "still_pending"]  # fmt: skip
    tables = {"ladders": small_country(1)["ladders"][::3] + small_country(1)["ladders"][1::3], "wait_medians": rows}
    tables["ladders"] = [row | {"excluded": 0} for row in tables["ladders"]]
    waiting = figure("wait_medians.still_waiting", wait="report_to_closure")
    assert {figure("ladders.not_met", indicator="charged_of_all"), NOT_CHARGED, waiting} in learned(
        tables, minimum_rows=10
    )


def test_a_few_small_counts_that_are_equal_are_no_evidence():
    countries = [small_country(seed, maximum_count=1) for seed in (1, 2, 3)]
    assert learned(*countries) == set()


def test_a_count_that_is_nothing_everywhere_makes_no_constraint():
    found = learned(small_country(1), small_country(2), small_country(3))
    assert not any(constraint.column == "not_known" for figures in found for constraint in figures)


def test_a_constraint_follows_from_others_if_they_add_up_to_it():
    span = Span()
    for total, *parts in (("all", "met", "rest"), ("rest", "open", "closed")):
        assert span.add(coefficients_of(total, parts))
    assert not span.add(coefficients_of("all", ["met", "open", "closed"]))
    assert span.add(coefficients_of("all", ["met", "open"]))


def test_what_is_declared_is_not_named_and_what_is_not_is_named_in_a_sentence():
    countries = [small_country(seed) for seed in (1, 2, 3)]
    assert describe_undeclared(countries, FORMS) == []
    (sentence,) = describe_undeclared(countries, FORMS, exemptions_without("ended", "report_to_closure"))
    assert "wait_medians.ended (report_to_closure)" in sentence
    assert "equalities.toml" in sentence


def exemptions_without(column, key):
    """What is declared, without the rules that name this column of this indicator or wait in any table."""
    declared = declared_constraints()
    exempted = [
        constraint
        for rule in declared.rules
        for constraint in rule.figures
        if constraint.column == column and key in dict(constraint.fixed).values()
    ]
    return replace(declared, rules=tuple(rule for rule in declared.rules if set(exempted).isdisjoint(rule.figures)))


def test_every_excuse_gives_its_reason():
    assert all(constraint.reason.endswith(".") for constraint in exemptions())


def test_an_excuse_covers_no_constraint_between_two_definitions():
    linkage = next(
        constraint for constraint in exemptions() if constraint.matching_columns == ("counting_unit", "definition")
    )
    low, number = (
        figure(f"distinct_counts.{name}", counting_unit="children", definition="flagged_cse")
        for name in ("number_low", "number")
    )
    assert linkage.applies_to(Rule(number, (low,)))
    assert not linkage.applies_to(
        Rule(number, (figure("distinct_counts.number", counting_unit="children", definition="flagged_csa"),))
    )


# What follows asks two whole countries: that of the demonstration, and one with more forces and crimes.
FORCES, CRIMES, SEED = 6, 30, 7


@pytest.fixture(scope="module")
def countries(demo, tmp_path_factory):
    larger = tmp_path_factory.mktemp("larger")
    kept_by_code("exact-tables", larger, make_larger_country)
    return tuple(
        {file.stem: pq.read_table(file).to_pylist() for file in sorted(folder.glob("*.parquet"))}
        for folder in (demo.folder / EXACT_STAGE, larger)
    )


def make_larger_country(folder):
    """Write the exact tables of a country that is inspected up to its release."""
    returns_folder, inspected = folder / "sent", folder / "inspected"
    generate_returns(returns_folder, world=read_world("plain").sized(forces=FORCES, crimes=CRIMES), seed=SEED)
    new_inspection(inspected, returns_folder / "request.toml")
    seal_plan(inspected, day=ANNOUNCED, notice=ANNOUNCED)
    receive_returns(inspected, [returns_folder / "returns"])
    receive_evidence(inspected, [returns_folder / "others"])
    run = run_stages(inspected)
    tables = {name: table for name, table in exact_tables(run).items() if FORMS[name].protects}
    run.stage_runner.end_run()
    for name, table in tables.items():
        pq.write_table(table, folder / f"{name}.parquet")
    for no_longer_needed in (returns_folder, inspected):
        shutil.rmtree(no_longer_needed)


@pytest.fixture(scope="module")
def learned_of_both(countries):
    """What holds in both countries, and the counts that it was learned from."""
    views = figure_vectors(countries, FORMS)
    return SimpleNamespace(constraints=learn_constraints(countries, FORMS, views=views), views=views)


def not_declared(learned_of_both, countries, declared=None):
    """The constraints that hold in both countries and follow from none that is declared."""
    return constraints_not_implied(learned_of_both.constraints, countries, FORMS, declared, learned_of_both.views)


def test_every_constraint_that_holds_in_both_countries_is_declared_or_excused(countries, learned_of_both):
    assert len(learned_of_both.constraints) > 200
    excused = exemptions()
    assert [str(constraint.rule) for constraint in not_declared(learned_of_both, countries)
            if not any(exemption.applies_to(constraint.rule) for exemption in excused)] == []  # fmt: skip


def test_every_declared_constraint_holds_in_both_countries(countries):
    for rows in countries:
        forms = {name: FORMS[name] for name in rows}
        count = {
            (name, tuple(row[column] for column in form.key), column): row.get(column)
            for name, form in forms.items() for row in rows[name] for column in form.protected_counts
        }  # fmt: skip
        for constraint in equalities(rows, forms):
            if not constraint.total[2].startswith(DIFFERENCE_PREFIX):
                assert count[constraint.total] == sum(count[part] for part in constraint.parts), constraint


def test_a_constraint_that_is_taken_out_of_the_list_is_missed(countries, learned_of_both):
    missed = not_declared(learned_of_both, countries, exemptions_without("ended", "report_to_closure"))
    assert any(learned_constraint.column == "ended" and ("wait", "report_to_closure") in learned_constraint.fixed
               for constraint in missed for learned_constraint in constraint.rule.figures)  # fmt: skip
