"""Who answers for a finding after a force was renamed, or became part of another?"""

from datetime import date

import pytest

from assay import reference
from assay.errors import DefinitionError
from assay.ingest.official_statistics.force_matching import force_code
from assay.reference.force_succession import ForceChange, ForceSuccession, _change

pytestmark = pytest.mark.quick

KENT, SUSSEX, ESSEX = "E23000032", "E23000033", "E23000028"
BEFORE, AFTER = date(2026, 4, 1), date(2028, 4, 1)


def change(old, new, *, kind="merger", first_day="2027-04-01", evidence="seen", name="Old Police"):
    return ForceChange(
        f"{old}-{new}-{kind}", kind, name, old, new, first_day, "", "", evidence, "An order", "https://a.example/b"
    )


def test_after_a_renaming_it_is_the_same_force():
    heir = ForceSuccession([change(KENT, SUSSEX, kind="renaming")]).inherit(KENT, BEFORE, AFTER)
    assert (heir.code, heir.is_same_force, len(heir.path)) == (SUSSEX, True, 1)


def test_after_a_merger_the_new_force_answers_and_is_not_the_same():
    register = ForceSuccession([change(KENT, ESSEX), change(SUSSEX, ESSEX)])
    assert [register.inherit(code, BEFORE, AFTER).code for code in (KENT, SUSSEX, ESSEX)] == [ESSEX] * 3
    assert [register.inherit(code, BEFORE, AFTER).is_same_force for code in (KENT, SUSSEX, ESSEX)] == [
        False, False, False,
    ]  # fmt: skip


def test_a_renaming_and_then_a_merger_are_followed_in_turn():
    register = ForceSuccession([change(KENT, SUSSEX, kind="renaming", first_day="2026-06-01"), change(SUSSEX, ESSEX)])
    heir = register.inherit(KENT, BEFORE, AFTER)
    assert (heir.code, heir.is_same_force) == (ESSEX, False)
    assert [step.kind for step in heir.path] == ["renaming", "merger"]
    assert register.inherit(KENT, BEFORE, date(2026, 12, 1)).code == SUSSEX


@pytest.mark.parametrize(
    "not_followed",
    [
        change(KENT, ESSEX, kind="transfer"),
        change(KENT, ESSEX, evidence="recalled"),
        change(KENT, ESSEX, evidence="seen-secondary"),
        change(KENT, ESSEX, evidence="not-found"),
        change(KENT, ESSEX, first_day="2027"),
        change(KENT, ESSEX, first_day=""),
        change(
            KENT, ESSEX, first_day="2026-04-01"
        ),  # on the first day of the records: they are of the new force already
        change(KENT, ESSEX, first_day="2028-04-02"),
    ],
)
def test_nothing_passes_on_by_a_transfer_from_memory_without_a_day_or_outside_the_time(not_followed):
    heir = ForceSuccession([not_followed]).inherit(KENT, BEFORE, AFTER)
    assert (heir.code, heir.is_same_force, heir.path) == (KENT, True, ())


def test_two_successors_of_one_force_are_refused():
    with pytest.raises(DefinitionError, match="two successors"):
        ForceSuccession([change(KENT, ESSEX), change(KENT, SUSSEX)])


def test_no_real_force_has_been_merged_since_it_has_had_a_code():
    for force in reference.forces().territorial:
        heir = reference.force_succession().inherit(force.code, date(1970, 1, 1), date(2026, 12, 1))
        assert (heir.code, heir.path) == (force.code, ()), force.name


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("West Yorkshire Metropolitan Police", "E23000010"),
        ("West Mercia Constabulary", "E23000016"),
        ("Hampshire Constabulary", "E23000030"),
        ("Somerset and Bath Constabulary", None),  # part of a merger: its figures are not those of the force after it
        ("Serious Organised Crime Agency", None),  # from memory
        ("Narnia Police", None),
    ],
)
def test_a_table_with_a_former_name_is_matched_only_if_the_force_was_renamed(name, code):
    assert force_code(name) == code


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("kind", "takeover", "unknown kind"),
        ("successor_code", "E99", "E99"),
        ("first_day", "5 May 2009", "Write a day"),
        ("address", "", "needs the address"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(field, value, reason):
    row = vars(reference.force_succession().get("west-mercia-2009"))
    assert _change(dict(row)).successor_code == "E23000016"
    with pytest.raises(Exception, match=reason):
        _change(row | {field: value})
