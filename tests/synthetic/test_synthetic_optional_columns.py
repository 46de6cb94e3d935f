"""Do synthetic forces fill the optional columns as systems do: some not at all, others with gaps, and nothing else moved?"""

import csv

from assay.synthetic import force_records, generate_country

OPTIONAL = {
    "referrals": ("duty_report", "online_report", "safeguarding_followed"),
    "involvements": ("drives_for_hire", "licensing_told"),
}
COLUMNS = {column for columns in OPTIONAL.values() for column in columns}


def inward(country):
    return [row for row in country.all("referrals") if row["direction"] == "in"]


def suspects(country):
    return [row for row in country.all("involvements") if row["role"] == "suspect"]


def test_a_quarter_of_the_forces_have_no_field_for_a_column_and_the_others_leave_some_cells_empty(country):
    for column, rows in {"duty_report": inward(country), "drives_for_hire": suspects(country)}.items():
        filled = {}
        for row in rows:
            filled.setdefault(row["force_code"], []).append(row[column] in ("yes", "no"))
        no_field = [code for code, cells in filled.items() if len(cells) > 5 and not any(cells)]
        assert 0.1 < len(no_field) / len(filled) < 0.45, column
        assert any(any(cells) and not all(cells) for cells in filled.values())


def test_reports_under_the_duty_come_from_professionals_and_not_in_wales(country):
    welsh = {code for code, force in country.truth["forces"].items() if force.get("country") == "Wales"}
    under_duty = [row for row in inward(country) if row["duty_report"] == "yes"]
    assert len(under_duty) > 20
    assert {row["agency_kind"] for row in under_duty} <= {"local_authority", "education", "health"}
    assert not welsh & {row["force_code"] for row in under_duty}


def test_reports_of_online_services_come_from_a_national_body_and_name_a_crime_and_no_child(country):
    online = [row for row in inward(country) if row["online_report"] == "yes"]
    assert len(online) > 40
    assert {(row["agency_kind"], row["person_ref"]) for row in online} == {("national_body", "")}
    assert all(row["crime_ref"] for row in online)


def test_drivers_for_hire_are_adults_and_drive_in_every_crime_that_names_them(country):
    driving = {}
    for row in suspects(country):
        if row["drives_for_hire"] in ("yes", "no") and row["person_ref"]:
            driving.setdefault((row["force_code"], row["person_ref"]), set()).add(row["drives_for_hire"])
    assert [key for key, answers in driving.items() if len(answers) > 1] == []
    drivers = [row for row in suspects(country) if row["drives_for_hire"] == "yes"]
    assert len(drivers) > 20
    assert all(row["date_of_birth"] < "2008-04-01" for row in drivers)


def test_of_drivers_for_hire_the_authority_was_told_of_about_six_in_ten(country):
    answers = [row["licensing_told"] for row in suspects(country) if row["licensing_told"] in ("yes", "no")]
    assert 0.45 < answers.count("yes") / len(answers) < 0.75
    assert {row["drives_for_hire"] for row in suspects(country) if row["licensing_told"]} == {"yes"}


def kept_rows(country, code, table):
    """The rows of a table without the optional columns and the reports of online services."""
    with (country.returns[code] / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file)]
    return [
        {column: cell for column, cell in row.items() if column not in COLUMNS}
        for row in rows
        if not row.get("referral_ref", "").startswith("RO")
    ]


def test_nothing_else_in_a_country_depends_on_the_optional_columns(tmp_path, monkeypatch):
    whole = generate_country(tmp_path / "with", forces=2, crimes_per_force=30, seed=4)
    monkeypatch.setattr(force_records.optional_columns, "add_optional_columns", lambda *_: None)
    plain = generate_country(tmp_path / "without", forces=2, crimes_per_force=30, seed=4)
    compared = 0
    for code, folder in whole.returns.items():
        for path in folder.glob("*.csv"):
            assert kept_rows(whole, code, path.stem) == kept_rows(plain, code, path.stem), (code, path.stem)
            compared += 1
    assert compared > 10
