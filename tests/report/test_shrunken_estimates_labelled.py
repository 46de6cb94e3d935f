"""Does a reader see which printed share is a shrunken estimate, and which is the force's own?"""

import re

TABLE = re.compile(r"<table .*?</table>\s*</div>(?:\s*<p class=\"note\">.*?</p>)?", re.S)
ESTIMATE = re.compile(r">(?:Shrunken e|E)stimate(?:, 95% interval)?</th>")


def tables_of_estimates(pages):
    return [(path, table) for path, page in pages.items() for table in TABLE.findall(page) if ESTIMATE.search(table)]


def test_each_table_of_estimates_in_a_report_on_records_says_that_they_are_shrunken(record_pages):
    found = tables_of_estimates(record_pages)
    assert {path.split("/")[0] for path, _ in found} == {"forces", "indicators"}
    assert [path for path, table in found if "Estimates are shrunk towards the other forces" not in table] == []


def test_each_table_of_estimates_in_a_published_report_says_that_they_are_shrunken(pages):
    found = tables_of_estimates(pages)
    assert {path.split("/")[0] for path, _ in found} >= {"forces", "comparison"}
    assert [path for path, table in found if "shrunk towards the other forces" not in table] == []


def test_the_map_the_profile_of_a_force_and_the_comparison_say_that_they_are_shrunken(record_pages, record_report):
    assert "shrunk towards the other forces, and not the share counted" in record_pages["forces/index.html"]
    profiles = [page for path, page in record_pages.items() if "Chart of every measure compared" in page]
    assert profiles
    assert all("Dot and line: the estimate, shrunk towards the other forces" in page for page in profiles)
    script = (record_report.folder / "compare-figures.js").read_text(encoding="utf-8")
    assert "own share, then the estimate, shrunk towards the other forces" in script
