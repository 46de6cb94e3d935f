"""Claims checked against the bundled published figures."""

import json

import pytest

from assay.cli import main
from assay.errors import UsageError
from assay.workflows.run.published_claims import answer_claim

YEARS = ("2021/22", "2024/25")


@pytest.mark.parametrize(
    ("text", "series", "years", "verdict"),
    [
        ("recorded offences fell by 9%", "csa11", YEARS, "supported"),
        ("recorded offences fell from 67,500 to 61,400", "csa11", YEARS, "supported"),
        ("it is untrue that recorded offences fell", "csa11", YEARS, "not supported"),
        ("recorded offences fell by 9% in every force", "csa11", YEARS, "cannot be said"),
        ("in Kent recorded offences fell by 9%", "csa11", YEARS, "cannot be said"),
        ("in Kent recorded offences fell by 9%", "csa11@kent", YEARS, "not supported"),
        (
            "Kent Police recorded 18% fewer child sexual offences in 2024/25 than in 2021/22",
            "csa11@kent",
            YEARS,
            "supported",
        ),
        ("recorded offences in Scotland fell by 9%", "csa11", YEARS, "cannot be said"),
        ("recorded offences fell by 9% a year", "csa11", YEARS, "cannot be said"),
        ("recorded offences fell by 9% and charges rose by 20%", "csa11", YEARS, "cannot be said"),
        ("recorded offences fell by 9%, the largest fall on record", "csa11", YEARS, "cannot be said"),
        ("police recorded 58,720 offences", "csa11", YEARS, "not supported"),
        ("sexual offences rose by 8%", "all-sexual", YEARS, "cannot be said"),
        ("grooming offences rose from 6,903 to 7,140", "88A", YEARS, "supported"),
        ("8% of recorded offences ended in a charge in 2024/25", "csa11", YEARS, "supported"),
        ("the charge rate rose from 5% to 8%", "csa11", ("2018/19", "2024/25"), "supported"),
        ("the charge rate was 8% in 2021/22", "csa11", YEARS, "cannot be said"),
        ("recorded offences fell by 9% between 2021/22 and 2024/25", "csa11", ("", ""), "supported"),
        ("police recorded 61,388 offences in 2024/25", "csa11", ("", ""), "supported"),
        ("recorded offences fell by 9% over three years", "csa11", ("", "2024/25"), "supported"),
        ("recorded offences wobbled", "csa11", ("", ""), "cannot be said"),
    ],
)
def test_a_claim_has_the_verdict_that_the_figures_give(text, series, years, verdict):
    assert answer_claim(text, series, *years).verdict == verdict


def test_a_break_between_the_years_bars_a_change_of_all_sexual_offences():
    assert "What is counted changed" in answer_claim("sexual offences rose by 8%", "all-sexual", *YEARS).because[0]


@pytest.mark.parametrize(("years", "option"), [(("2021/22", ""), "--to"), (("", "2024/25"), "--from")])
def test_a_year_that_neither_the_command_nor_the_sentence_names_is_asked_for(years, option):
    with pytest.raises(UsageError, match=option):
        answer_claim("recorded offences fell", "csa11", *years)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("recorded offences fell by 9%", 0),
        ("recorded offences rose by 9%", 7),
        ("recorded offences fell by 9% a year", 8),
    ],
)
def test_the_exit_code_tells_the_verdict(text, code, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["look", "claim", text, "--series", "csa11", "--from", "2021/22", "--to", "2024/25", "--json"])
    assert ended.value.code == code
    assert json.loads(capsys.readouterr().out)["because"]
