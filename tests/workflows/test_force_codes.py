"""Is a force found by the name that the report prints, and is another name refused with a next step?"""

from types import SimpleNamespace

import pytest

from assay.errors import UsageError
from assay.workflows.judge.answer_cards import find_force_code

REQUEST = SimpleNamespace(
    organisations={"INV07": SimpleNamespace(code="INV07", slug="cwm-bwced", name="Cwm Bwced (synthetic)")}
)


@pytest.mark.parametrize("name", ["INV07", "cwm-bwced", "Cwm Bwced (synthetic)", "cwm bwced"])
def test_a_force_is_found_by_code_slug_and_name_with_or_without_its_note(name):
    assert find_force_code(REQUEST, name) == "INV07"


def test_an_unknown_force_is_refused_with_the_codes_that_exist():
    with pytest.raises(UsageError, match=r"includes no force called 'Atlantis'\. Codes look like INV07"):
        find_force_code(REQUEST, "Atlantis")
