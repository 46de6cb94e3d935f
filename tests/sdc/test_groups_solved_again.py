"""Is a group that gained a constraint solved again only near it, with the same suppressions?"""

from assay.sdc import secondary_suppression, usual_constraints
from assay.sdc.disclosure_control import protect_counts
from assay.sdc.linked_tables import linked_groups
from assay.sdc.secondary_suppression import _with_solved_sums
from sdc.test_additivity_constraints import ladder
from sdc.test_record_level import RECORD_LEVEL
from sdc.test_released_attack import FORMS, SAME_OUTSIDE, narrow_counts

PLACES = ("INV01", "INV02", "INV03", "INV04", "INV05")
PARTS = ("records", "outside", "met", "not_met")


def country():
    """In each of 5 places 10 are outside, 22 met and 6 not; 6 is suppressed, and then 10, because 38 - 12 - 22 is 4.

    In INV01 a second question has 20 outside. Once the 10 is suppressed, a reader may assume that it is the same number.
    """
    rows = [ladder("first", place, outside=10, met=22, not_met=6) for place in PLACES]
    total = {column: sum(row[column] for row in rows) for column in PARTS}
    return {
        "ladders": [*rows, ladder("first", "ALL") | total, ladder("second", "INV01", outside=20, met=30, not_met=40)]
    }


def find_usual(rows):
    return [*usual_constraints.usual_constraints(rows, FORMS, SAME_OUTSIDE, policy=RECORD_LEVEL)]


def protect(monkeypatch):
    """Protect the country; return the suppressions, and how many counts were tried with the constraints near them."""
    rows, tried = country(), []
    solve = secondary_suppression._GroupSuppressor._is_safe_in_larger_area
    with monkeypatch.context() as patch:
        patch.setattr(secondary_suppression, "look_up", lambda key: None)
        patch.setattr(
            secondary_suppression._GroupSuppressor,
            "_is_safe_in_larger_area",
            lambda self, area, count, attack: tried.append(count) or solve(self, area, count, attack),
        )
        found = protect_counts(rows, FORMS, RECORD_LEVEL, find_usual=lambda: find_usual(rows))
    assert narrow_counts(rows, usual=find_usual(rows)) == {}
    return found, len(tried)


def test_proofs_that_are_kept_lead_to_the_same_suppressions(monkeypatch):
    found, tried = protect(monkeypatch)
    assert len(found) >= len(PLACES)
    monkeypatch.setattr(secondary_suppression, "_with_solved_sums", lambda group, solved: group)
    without_proofs, tried_without = protect(monkeypatch)
    assert found == without_proofs
    assert tried <= tried_without


def test_a_place_without_a_new_constraint_stays_solved():
    rows = country()
    (before,) = linked_groups({"ladders": rows["ladders"][:-1]}, FORMS, RECORD_LEVEL)
    groups = [*linked_groups(rows, FORMS, RECORD_LEVEL)]
    known = set(before.constraints())
    solved = [_with_solved_sums(group, known) for group in groups]
    # The question that was added has the sum of its own row; all constraints of the five places were known.
    assert sorted(group.is_solved for group in solved) == [False, True]
    (five_places,) = [group for group in solved if group.is_solved]
    assert all(part.is_solved for part in five_places.split_by_place())
    assert not any(part.is_solved for group in groups for part in group.split_by_place())
