"""That a force is named, or is not, says on which side of a limit its count lies: does it tell of a count not shown?"""

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assay.comparison.called_before import Before, Call
from assay.comparison.few import OF_MET, OF_NOT_MET
from assay.comparison.indicators import compare_indicators
from assay.disclosure import apply_policy, changes, declared_tables, policy, release, with_changes
from assay.disclosure.marks import empty_it
from comparison.test_compare_indicators import ARREST, BODIES, NAMES, ladder

RECORD_LEVEL = policy("record level")
FEW = RECORD_LEVEL.hide_up_to
FIRST, *OTHERS = list(NAMES)[:12]
BEFORE = Before(1, {(ARREST.key, FIRST): Call("lower", 0.001, "1 April 2024 on")})


def country(met, not_met, share):
    """One force, and eleven others of which about `share` of 100 are met."""
    rows = [ladder(FIRST, met=met, not_met=not_met)]
    around = [share + number % 3 - 1 for number in range(len(OTHERS))]
    return rows + [ladder(code, met=own, not_met=100 - own) for code, own in zip(OTHERS, around, strict=True)]


def compared(met, not_met, share, before=None, few=FEW):
    made = compare_indicators([ARREST], country(met, not_met, share), BODIES, before or Before(), few)
    return {name: made[name].select(declared(name)) for name in ("standing", "indicator_spread")}


def declared(name):
    form = declared_tables()[name]
    return [*(one.name for one in form.columns), *form.inside]


def of_first(tables):
    [row] = [row for row in tables["standing"].to_pylist() if row["place_code"] == FIRST]
    return row


def let_out(*country, **more):
    return of_first(apply_policy(compared(*country, **more), RECORD_LEVEL))


def said(row):
    return row["unusual"], row["direction"], row["called"]


def test_where_every_count_that_is_not_shown_would_be_called_the_call_is_said():
    """Elsewhere 80 in 100 are met: of 40 records, 1 or 7 is called alike."""
    row = let_out(3, 37, 80)
    assert (row["met"], *said(row), row["hidden"].split().count("unusual")) == (None, True, "lower", "new", 0)


@pytest.mark.parametrize("met", [3, 4, 5, 7])
def test_where_the_limit_lies_among_counts_that_are_not_shown_nothing_is_said(met):
    """Elsewhere 60 in 100 are met: of 20 records 4 are called and 5 are not. A call would say that it is below 5."""
    made = compared(met, 20 - met, 60)
    assert of_first(made)["unusual"] == (met < 5)
    row = of_first(apply_policy(made, RECORD_LEVEL))
    assert (row["met"], *said(row)) == (None, None, "", "")
    assert "unusual" in row["hidden"].split()


def test_the_same_holds_of_those_that_do_not():
    assert said(let_out(17, 3, 40)) == (None, "", "")
    assert said(let_out(37, 3, 20)) == (True, "higher", "new")


@pytest.mark.parametrize("met", [0, 8])
def test_a_call_is_said_of_a_count_that_is_shown_whatever_its_limit(met):
    """Elsewhere 65 in 100 are met: of 30 records 8 are called, and a limit lies above them."""
    row = let_out(met, 30 - met, 65)
    assert (row["met"], *said(row)) == (10 if met else 0, True, "lower", "new")


def test_that_a_call_of_before_stands_or_is_gone_tells_as_much():
    """Elsewhere 40 in 100 are met: of 20 records a call of before stands with 1, and is gone with 7."""
    gone = [of_first(compared(met, 20 - met, 40, before=BEFORE))["called"] for met in (1, 7)]
    assert gone == ["stands", "no longer shown"]
    row = let_out(2, 18, 40, before=BEFORE)
    assert (*said(row), row["called_since"]) == (None, "", "", "")


def test_where_it_is_not_known_what_a_call_would_tell_none_is_said():
    assert said(let_out(3, 37, 80, few=0)) == (None, "", "")


def test_of_a_count_that_is_kept_back_no_call_is_said():
    """It may be any number; one that the call rules out may be one that protects another."""
    made = compared(20, 80, 80)
    row = of_first(made)
    assert row["unusual"]
    empty_it(row, "not_met")
    others = [one for one in made["standing"].to_pylist() if one["place_code"] != FIRST]
    table = pa.Table.from_pylist([row, *others], made["standing"].schema)
    assert said(of_first(apply_policy({"standing": table}, RECORD_LEVEL))) == (None, "", "")


def test_how_many_are_unusual_says_no_more_than_which():
    """A number of forces that is larger by one than those that are named would be the call that is kept back."""
    made = compared(3, 17, 60)
    assert made["indicator_spread"].to_pylist()[0]["unusual"] == 1
    assert apply_policy(made, RECORD_LEVEL)["indicator_spread"].to_pylist()[0]["unusual"] == 0
    told = apply_policy(compared(3, 37, 80), RECORD_LEVEL)["indicator_spread"].to_pylist()
    assert told[0]["unusual"] == 1


def test_what_a_call_would_tell_stays_inside():
    released = release(compared(3, 37, 80), policy=RECORD_LEVEL, ledger_head="ab", edition="TRIAL")
    assert set(released.tables["standing"].column_names).isdisjoint((OF_MET, OF_NOT_MET))


def test_a_call_that_was_kept_back_stands_in_the_log_with_its_reason():
    made = compared(3, 17, 60)
    log = changes(*with_changes(made, RECORD_LEVEL), RECORD_LEVEL).to_pylist()
    [entry] = [row for row in log if row["column"] == "unusual"]
    assert (entry["row"], entry["change"]) == (f"{ARREST.key} / {FIRST}", "withheld")


def test_applied_again_nothing_more_is_kept_back():
    once = apply_policy(compared(3, 37, 80), RECORD_LEVEL)
    assert apply_policy(once, RECORD_LEVEL)["standing"].equals(once["standing"])


@settings(max_examples=25, deadline=None)
@given(
    base=st.integers(20, 120), share=st.integers(2, 97), few=st.integers(1, FEW), met_is_few=st.booleans(),
    again=st.booleans(),
)  # fmt: skip
def test_whatever_is_said_would_be_said_of_every_count_that_is_not_shown(base, share, few, met_is_few, again):
    before = BEFORE if again else None
    assume(base > 2 * FEW)
    row = let_out(*pair(few, base, met_is_few), share, before=before)
    if row["unusual"] is not None:
        others = [pair(other, base, met_is_few) for other in range(1, FEW + 1)]
        assert {said(of_first(compared(*other, share, before=before))) for other in others} == {said(row)}


def pair(few, base, met_is_few):
    return (few, base - few) if met_is_few else (base - few, few)
