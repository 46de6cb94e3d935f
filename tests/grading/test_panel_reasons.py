"""Does a panel see the three strongest reasons each way, each with its figure, and what would change a proposal?"""

from judged import FORCE, FORMS, combined_test, estimate_row, evidence_tables, ladder

from assay.grading.force_proposals import proposal_tables
from assay.grading.grading_rules import rules
from assay.grading.panel_reasons import MAX_REASONS, OPPOSING, SUPPORTING

OVERALL = "overall"


def reasons(ladders, estimates=(), tests=(), spread=()):
    tables = evidence_tables(ladders, estimates, (), (), spread, (), tests)
    rows = proposal_tables(tables, tuple(FORMS.values()), [FORCE], rules())["strongest"].to_pylist()
    return {
        (line, side): [row["figure"] for row in rows if (row["line"], row["side"]) == (line, side)]
        for line in {row["line"] for row in rows}
        for side in (SUPPORTING, OPPOSING)
    }


def shares(**counts):
    return [ladder(key, *met, share=met[0] / sum(met)) for key, met in counts.items()]


DUTIES = shares(
    told_of_arrest=(20, 80), told_of_bail=(45, 55), told_of_release=(48, 52), told_of_interview=(49, 51),
    recorded_in_24_hours=(99, 1),
)  # fmt: skip


def test_three_reasons_each_way_the_furthest_from_the_standard_first_with_the_figure():
    found = reasons(DUTIES)
    assert len(found[OVERALL, OPPOSING]) == MAX_REASONS
    assert "20% of the notices owed" in found[OVERALL, OPPOSING][0]
    assert any("99% of the crimes" in figure for figure in found[OVERALL, SUPPORTING])


def test_an_alert_comes_before_a_share_that_no_alert_speaks_of():
    found = reasons(DUTIES, tests=[combined_test("F15")])
    assert "outlier by the combined test" in found[OVERALL, OPPOSING][0]


def test_a_reason_that_is_evidence_for_two_characteristics_is_said_once():
    for figures in reasons(DUTIES, tests=[combined_test("F15")]).values():
        assert len(figures) == len(set(figures))


def test_a_share_that_is_a_little_worse_than_the_others_is_no_reason_for_the_force():
    """Without a standard 60% is not beyond the other forces at 68%, and no panel would call that a strength."""
    spread = [{"indicator": "suspect_ethnicity_recorded", "overall": 0.68, "between_force_sd": 0.08}]

    def found(met):
        rows = shares(suspect_ethnicity_recorded=(met, 100 - met))
        estimates = [estimate_row("suspect_ethnicity_recorded", base=100, expected=0.68, not_comparable="")]
        return reasons(rows, estimates, spread=spread).get((OVERALL, SUPPORTING), [])

    assert found(60) == []
    assert len(found(72)) == 1


def test_where_nothing_speaks_for_a_force_no_reason_is_made_up():
    found = reasons(shares(told_of_arrest=(0, 80)))
    assert found[OVERALL, SUPPORTING] == []
    assert len(found[OVERALL, OPPOSING]) == 1
