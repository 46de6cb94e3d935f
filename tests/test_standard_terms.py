"""Does a search for a standard term of the field lead to the package that does it, and a file name to the right file?"""

import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.quick

PACKAGE = Path(__file__).parent.parent / "src" / "assay"
PACKAGES = {
    "sdc": [
        "primary suppression", "secondary suppression", "suppression threshold", "additivity constraint", "linked tables",
        "duplicate cells", "cell status", "primary suppressed", "secondary suppressed", "alert suppression",
        "disclosive constraint", "under-protected cell", "sliding protection level", "feasibility interval",
        "prior release",
    ],
    "compare": [
        "outlier", "identified as an outlier", "outlier alert", "force estimate", "posterior summary", "q-value threshold",
        "previously alerted", "persists", "stratified comparison", "disparities between groups", "association",
    ],
    "stats": [
        "extreme outlier", "shrunken estimate", "beta-binomial", "gamma-Poisson", "leave-one-out predictive",
        "false discovery rate", "combined test", "Stouffer", "change point", "log rising factorial",
        "capture probabilities",
    ],
    "ingest": [
        "staging store", "assess answerability", "accepted return", "rejected return", "validation error", "correction",
        "return manifest", "cross-field checks", "completeness declarations", "duplicate keys", "unpivot", "local time",
    ],
    "feedback": ["data-quality letter"],
    "linkage": [
        "record linkage", "exact-match cluster", "name profile", "high-degree node", "shared identifiers",
        "transliteration", "normalised", "match probability", "clustering",
    ],
    "facts": ["derive facts"],
    "indicators": [
        "evaluate indicators", "sensitivity to definitions", "combine series", "missing-data bounds", "subgroup breakdown",
        "inspection theme", "time to event", "responsible organisation",
    ],
    "grading": ["triangulation"],
    "engine": [
        "stage runner", "stage output", "cached stage", "provenance record", "ledger head hash",
    ],
    "workflows": ["pipeline"],
    "privacy": ["pseudonymised", "encrypted bundle", "separated identifiers"],
    "text": ["language identification", "accent folding", "normalisation"],
    "casefiles": [
        "inclusion probability", "intra-cluster correlation", "link paths", "case assembly", "raters", "rating",
        "missing-data bounds",
    ],
    "synthetic": [
        "synthetic data", "injected", "simulation study", "injected errors", "capture probabilities", "random stream",
    ],
    "workbench": ["workspace", "audit log"],
    "report": ["Timeliness", "Hidden victims", "Disparities", "Trends"],
}  # fmt: skip
"""The standard terms of the field, by the package that does what they name."""


@cache
def lines(package: str) -> list[str]:
    """Return the lines of the modules of a package, as `grep` reads them."""
    return [line for path in sorted((PACKAGE / package).rglob("*.py")) for line in path.read_text("utf-8").splitlines()]


def pattern(term: str) -> re.Pattern[str]:
    """Return the pattern of a term, in prose or as an identifier."""
    return re.compile(r"[ _-]".join(re.split(r"[ -]", term)), re.IGNORECASE)


@pytest.mark.parametrize(
    ("term", "package"), [(term, package) for package, terms in PACKAGES.items() for term in terms]
)
def test_a_search_for_a_standard_term_finds_the_package_that_does_it(term, package):
    assert any(pattern(term).search(line) for line in lines(package)), f"{term}: no line of assay.{package} has it."


NO_IDENTIFIERS = {"told", "said", "held", "made", "kept", "one", "mine", "theirs"}


def identifiers(source: str) -> set[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {token.string.strip("_").lower() for token in tokens if token.type == tokenize.NAME}


def test_no_participle_or_pronoun_is_a_whole_identifier():
    """Not only where a name is defined, which the linter checks, but also where it is used."""
    modules = {path.relative_to(PACKAGE).as_posix(): path.read_text("utf-8") for path in PACKAGE.rglob("*.py")}
    assert {name: found for name, text in modules.items() if (found := identifiers(text) & NO_IDENTIFIERS)} == {}


def test_a_used_name_is_an_identifier():
    assert identifiers("rows.one()") & NO_IDENTIFIERS == {"one"}


@pytest.mark.parametrize(
    ("words", "files"),
    [
        ("suppression policy", {"sdc/suppression-policy-records.toml", "sdc/suppression-policy-published.toml", "sdc/suppression_policy.py"}),
        ("offences csv", {"reference/data/offences.csv", "reference/data/offences_in_scope.csv"}),
        ("date formats", {"ingest/date_formats.py"}),
        ("outlier", {"compare/outlier_alerts.py"}),
        ("case_file_questions", {
            "indicators/catalogue/assessments/assessment_case_file_questions.py",
            "indicators/catalogue/attitudes/attitude_case_file_questions.py",
            "indicators/catalogue/responses/response_case_file_questions.py",
            "indicators/catalogue/scale/recording_case_file_questions.py",
        }),
    ],
)  # fmt: skip
def test_a_newcomer_finds_the_file_of_a_common_change_by_name(words, files):
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.suffix in (".py", ".toml", ".csv") and all(word in path.name for word in words.split())
    }
    assert files <= found
    assert len(found) <= len(files) + 2, sorted(found)
