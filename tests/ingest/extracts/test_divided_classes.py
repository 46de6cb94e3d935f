"""Is a class that the list of offences divides never settled by what stands on other rows?"""

import pyarrow as pa
import pytest

from assay.ingest.extracts.code_title_pairs import codes_settled_by_titles
from assay.ingest.extracts.extract_model import Sheet
from assay.ingest.extracts.open_codes import open_codes, open_codes_sentence
from assay.ingest.extracts.split_plan import plan_split
from assay.ingest.extracts.split_tables import split_extract

CHILD, OPEN = "Sexual assault on a female child under 13", "Sexual assault on a female"


def settled(*rows):
    """The codes that titles settle, from (code, title, number of rows)."""
    codes = [code for code, _, count in rows for _ in range(count)]
    titles = [title for _, title, count in rows for _ in range(count)]
    cells = pa.table({"Code": pa.array(codes, pa.string()), "Title": pa.array(titles, pa.string())})
    return dict(codes_settled_by_titles(cells, "Code", ["Title"]))


@pytest.mark.parametrize("divided", ["020", "20", "HO 20", "19", "017", "22"])
def test_a_class_alone_is_never_settled_by_clear_titles_on_its_rows(divided):
    title = {"9": "Rape of a female child under 13", "7": "Sexual assault on a male child under 13"}.get(divided[-1])
    title = "Sexual activity involving child under 16" if divided == "22" else title or CHILD
    assert settled((divided, title, 50), (divided, None, 10)) == {}


def test_a_sub_code_is_settled_if_the_titles_of_its_rows_all_name_one_part():
    assert settled(("020/06", CHILD, 50), ("020/06", None, 10)) == {"020/06": "20B"}


def test_a_sub_code_is_not_settled_by_two_clear_titles_among_many_open_ones():
    """Two rows of forty name the part: perhaps these two have the wrong code."""
    assert settled(("020/05", OPEN, 38), ("020/05", CHILD, 2)) == {}


def records(n):
    """One crime: class and sub-code apart, and a title that leaves the part open in every second crime of class 20."""
    kinds = [("071", "01", "Abuse of children through sexual exploitation"), ("020", "05", OPEN), ("020", "06", CHILD)]
    number, sub_code, title = kinds[n % 3]
    return f"REF{n:04d}/25", number, sub_code, title, f"{n % 28 + 1:02d}/05/2025", "15"


def extract():
    """Sixty crimes: twenty of each kind."""
    headings = ("Crime Number", "HO Class", "HO Sub Class", "Offence Description", "Date Recorded", "Outcome Code")
    columns = zip(*map(records, range(60)), strict=True)
    cells = pa.table(dict(zip(headings, map(list, columns), strict=True)))
    return Sheet("crimes.csv", "", cells, pa.array(range(2, 62), pa.int64()))


def test_each_row_is_read_by_its_own_title_and_the_rest_are_not_known():
    sheet = extract()
    codes = split_extract([sheet], plan_split([sheet]))["crimes"].rows["offence_code"].to_pylist()
    assert (codes.count("71"), codes.count("20B"), codes.count("20A"), codes.count(None)) == (20, 20, 0, 20)


def test_class_and_sub_code_of_two_columns_are_named_with_their_candidates():
    sheet = extract()
    (found,) = open_codes([sheet], plan_split([sheet]))
    assert (found.text, found.codes, found.cells) == ("020/05", ("20A", "20B"), 20)
    assert '"020/05" could be 20A or 20B (20 cells)' in open_codes_sentence([found])


def test_several_open_codes_are_named_in_one_sentence_the_commonest_first():
    sheet = extract()
    (found,) = open_codes([sheet], plan_split([sheet]))
    sentence = open_codes_sentence([found, found])
    assert sentence.startswith('Cells that could be several codes are not used: "020/05" could be 20A or 20B')
    assert sentence.endswith("Write each under values.offence_code in mapping.toml with the code that is meant.")
