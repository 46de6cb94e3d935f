"""Does the linkage page show the quality of linkage, and no identity?"""

import datetime as dt

from linked import HOME, PHONE, entry, linked

from assay.linkage.linkage_page import linkage_page
from assay.linkage.linkage_specification import default_specification


def test_the_page_tells_weights_thresholds_and_reasons_and_no_name_no_date_and_no_number():
    rows = [
        entry("a", "Hazel", "Lantern", postcode=HOME, phone=PHONE),
        entry("b", "Hazle", "Lanten", force="INV02", phone=PHONE),
        entry("c", "Sorrel", "Lantern", postcode=HOME, phone=PHONE),
        entry("d", "Alder", "Kettle", dt.date(1971, 12, 31), number="N7"),
    ]
    page = linkage_page(linked(*rows), default_specification())
    for sentence in ("Match weights", "Persons at three thresholds", "The persons with most entries", "not joined",
                 "forenames that do not go together", "4 entries", "INV01 a"):  # fmt: skip
        assert sentence in page
    for word in (
        "Hazel",
        "hazel",
        "Lantern",
        "lantern",
        "Sorrel",
        "Kettle",
        "1971",
        "2010",
        HOME,
        "ZZ12AB",
        PHONE,
        "N7",
    ):
        assert word not in page


def test_the_page_of_nobody_is_a_page():
    assert "0 entries" in linkage_page(linked(), default_specification())
