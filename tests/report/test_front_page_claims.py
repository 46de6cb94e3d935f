"""Does the front page of an inspection say of forces and children only what the released rows say?"""

from assay.report.pages.inspection.finding_candidates import finding_candidates, key_findings
from report.force_rows import measure, world

ONE = measure("told_of_arrest", 0.9)


def hidden_row(start, low, high, verdict="range", on_any=800):
    """The children whom the lists allow in one window, of all forces together."""
    return {"place_code": "ALL", "window_from": start, "window_to": f"{int(start[:4]) + 1}{start[4:]}", "low": low,
            "high": high, "on_any": on_any, "verdict": verdict}  # fmt: skip


def findings_on(subject, site):
    """The candidates on one subject."""
    return [item for item in finding_candidates(site) if item.subject == subject]


def sentences_of(site):
    return " ".join(item.sentence for item in key_findings(site))


def test_the_range_of_children_is_of_all_children_and_the_gap_is_the_share_on_no_list():
    (finding,) = findings_on("hidden victims", world([ONE], hidden=[hidden_row("2025-04-01", 900, 2000)]))
    assert (
        finding.sentence == "The lists allow 900 to 2,000 exploited children in all, on a list or on none (estimate)."
    )
    assert round(finding.gap, 3) == round(100 / 900, 3)


def test_the_range_of_children_is_that_of_the_latest_window():
    rows = [hidden_row("2024-04-01", 900, 2000), hidden_row("2025-04-01", 1000, 1500)]
    for order in (rows, rows[::-1]):
        (finding,) = findings_on("hidden victims", world([ONE], hidden=order))
        assert "1,000 to 1,500" in finding.sentence


def test_a_range_too_wide_to_be_of_use_is_no_finding():
    assert not findings_on(
        "hidden victims", world([ONE], hidden=[hidden_row("2025-04-01", 900, 9000, "order of magnitude")])
    )
