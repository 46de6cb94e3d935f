"""Are the words and names that the project does not use found, and does their number only shrink?"""

import importlib.util
import json
import subprocess
import sys
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parent.parent


def _script():
    sys.path.insert(0, str(ROOT / "scripts"))  # for the modules that the script imports
    spec = importlib.util.spec_from_file_location("language_linter", ROOT / "scripts" / "language.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # a dataclass looks up its own module
    spec.loader.exec_module(module)
    return module


language = _script()
RULES = language.read_rules()


@cache
def project_hits():
    return language.find_all(RULES, language.project_files())


def words(source: str, path: str = "src/assay/sdc/rounding.py") -> list[tuple[int, str]]:
    """(line, word) of every hit in the source of a module."""
    return sorted((hit.line, hit.word) for hit in language.find_in_python(path, source, RULES))


def page_words(tmp_path: Path, text: str, name: str = "page.md") -> list[tuple[int, str]]:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return [(hit.line, hit.word) for hit in language.find_in_file(name, RULES, tmp_path)]


# The project


def test_no_file_has_more_words_than_the_baseline_allows_and_the_baseline_allows_no_more_than_there_are():
    differences = language.compare(project_hits(), language.read_baseline())
    assert differences == [], f"Replace the words, or run `{language.WRITE}` if there are fewer or a file has moved."


def test_the_baseline_is_written_as_the_command_writes_it():
    """So that two branches that change it differ only in the lines of their own files."""
    baseline_text = json.dumps(language.count(project_hits()), indent=1, ensure_ascii=False) + "\n"
    assert language.BASELINE.read_text(encoding="utf-8") == baseline_text


def test_the_linter_uses_no_word_of_its_own_lists():
    assert language.find_in_file("scripts/language.py", RULES) == []


def test_every_pattern_of_files_that_are_not_searched_fits_a_file():
    files = language.project_files()
    unused = [pattern for pattern in RULES.skip if not any(language.fnmatch(path, pattern) for path in files)]
    assert unused == []


def test_every_word_stands_on_one_list_only_and_has_a_term_to_write_instead():
    names = [name.word for name in RULES.names]
    assert len(names) == len(set(names))
    terms_only = language.Rules(RULES.terms, ())
    assert [name for name in names if language.find_in_python("a.py", f"# {name}", terms_only)] == []
    assert [rule for rule in [*RULES.terms, *RULES.names] if not rule.write] == []


@pytest.mark.parametrize(
    "word", ["told", "said", "held", "made", "kept", "one", "mine", "theirs", "others", "each", "shown", "sent"]
)
def test_a_participle_or_pronoun_is_no_name(word):
    assert words(f"{word} = 1") == [(1, word)]


@pytest.mark.parametrize(
    "word", ["unusual", "called_since", "call_tells_of_met", "strand", "rests_on", "leans_on", "left_out", "says"]
)
def test_a_former_name_of_a_released_column_is_no_name(word):
    assert [line for line, _ in words(f"{word} = 1")] == [1]


def test_no_released_table_or_column_has_a_name_that_the_project_does_not_use():
    tables = tomllib.loads((ROOT / "src" / "assay" / "sdc" / "tables.toml").read_text(encoding="utf-8"))
    names = {*tables, *(column for table in tables.values() for column in table["columns"])}
    assert {name for name in names if RULES.name(name)} == set()


# Names


@pytest.mark.parametrize(
    "source",
    ["one = 1", "def one(): ...", "class One: ...", "def f(one): ...", "def f(*, one=None): ...", "f = lambda one: 0", "ONE = 1", "_one = 1",
     "self.one = 1", "class A:\n    one: int", "import rows as one", "a = [0 for one in rows]", "with f() as one: ...", "(one := 1)",
     "try: ...\nexcept OSError as one: ...", "match a:\n    case [one]: ...", "async def one(): ...", "for a, *one in rows: ..."],
)  # fmt: skip
def test_a_name_is_found_wherever_it_is_defined(source):
    assert [word for _, word in words(source)] == ["one"]


@pytest.mark.parametrize(
    "source",
    [
        "a = rows.one()",
        "f(one=1)",
        "from rows import one",
        "print(one)",
        "a = {'one': 1}",
        "one_row = 1",
        "sent_at = 1",
    ],
)
def test_a_use_of_a_name_and_a_longer_name_are_no_hit(source):
    assert words(source) == []


def test_a_name_counts_once_in_a_function_however_often_it_is_assigned():
    source = "def f():\n    told = 1\n    told = 2\n\ndef g():\n    told = 3\n"
    assert words(source) == [(2, "told"), (6, "told")]


def test_a_name_may_be_ruled_out_by_its_beginning():
    assert words("def of_few(): ...\noffence = 1") == [(1, "of_*")]


@pytest.mark.parametrize("path", ["src/assay/sdc/together.py", "src/assay/together/__init__.py"])
def test_modules_and_packages_have_names_as_well(path):
    assert words("", path) == [(1, "together")]


@pytest.mark.parametrize(
    "name", ["found", "seen", "other", "expected", "rest", "before", "suppressed_rows", "row", "by_force"]
)
def test_names_in_general_use_are_let_be(name):
    assert words(f"{name} = 1") == []


# Words


@pytest.mark.parametrize(
    "source",
    ['"""A count is kept back."""', "# Kept back, since a sum shows it.", 'raise ValueError(f"{n} counts are kept back")',
     "kept_back_rows = 1", "class KeptBack: ...", "KEPT_BACK = 1", 'column = "kept_back"', 'a = ("counts are kept "\n     "back")',
     '"""A count is kept\n    back."""', "# A count is kept\n# back."],
)  # fmt: skip
def test_a_phrase_is_found_in_docstrings_comments_strings_and_names(source):
    assert [word for _, word in words(source)] == ["kept back"]


def test_a_hit_names_its_line_and_the_term_to_write():
    (hit,) = language.find_in_python("src/assay/a.py", '"""First.\n\nThe knot of two\nrows."""', RULES)
    assert str(hit) == "src/assay/a.py:3: knot -> exact-match cluster"


@pytest.mark.parametrize(
    "text", ["They kept records.", "The fault-tolerant store.", "An audit trail.", "Knotted.", "Default."]
)
def test_ordinary_words_and_the_terms_of_the_field_are_let_be(text):
    assert words(f'"""{text}"""') == []


def test_a_star_in_a_phrase_stands_for_one_or_two_words():
    found = words(
        '"""Set forces side by side. Set two forces side by side. Set all of the forces side by side. Side by side."""'
    )
    assert found == [(1, "set side by side")] * 2


def test_an_old_term_may_be_quoted_in_backticks():
    assert words('"""Write suppressed, not `kept back`."""') == []


def test_a_phrase_does_not_cross_from_one_text_to_another():
    assert words('a = "kept"\nb = "back"') == []


def test_a_page_is_searched_outside_code_and_link_targets(tmp_path):
    text = "A knot.\n\n```python\nknot = 1\n```\n\n~~~\nknot\n~~~\n\n`knot`, [a cluster](knot.md)\n\n    A knot.\nThe last knot."
    assert page_words(tmp_path, text) == [(1, "knot"), (13, "knot"), (14, "knot")]


@pytest.mark.parametrize("name", ["page.html", "page.j2", "texts.toml"])
def test_templates_and_data_files_are_searched(tmp_path, name):
    assert page_words(tmp_path, "<h1>Rows</h1>\n<p>Kept back: {{ rows }}</p>", name) == [(2, "kept back")]


def test_a_name_that_a_template_defines_is_a_name_and_what_it_receives_from_python_is_not(tmp_path):
    text = (
        "{% for one in told %}{{ one.said }}{% endfor %}\n"
        "{% set held = 1 %}\n"
        "{% macro made(theirs) %}{{ rows }}{% endmacro %}\n"
        "{% import 'parts.html' as mine %}\n"
    )
    assert page_words(tmp_path, text, "page.html") == [
        (1, "one"), (2, "held"), (3, "made"), (3, "theirs"), (4, "mine")
    ]  # fmt: skip


def test_files_of_other_kinds_are_not_searched(tmp_path):
    assert page_words(tmp_path, "kept back", "rows.csv") == []


# Base names


def test_a_base_name_may_stand_in_three_packages_and_not_in_four():
    three = [f"src/assay/{package}/rows.py" for package in ("engine", "ingest", "facts")]
    inits = [f"src/assay/{package}/__init__.py" for package in ("engine", "ingest", "facts", "sdc")]
    assert language.find_base_names([*three, *inits, "tests/sdc/rows.py"]) == []
    assert [hit.path for hit in language.find_base_names([*three, "src/assay/sdc/rows.py"])] == sorted(
        [*three, "src/assay/sdc/rows.py"]
    )


# The baseline


def hits(path: str, *found: str):
    return [language.Hit(path, line, "name", word, "row") for line, word in enumerate(found, 1)]


def test_a_file_with_more_hits_than_the_baseline_is_reported_with_their_lines():
    assert language.compare(hits("a.py", "one", "one"), {"a.py": {"one": 1}}) == [
        "a.py:1: one -> row", "a.py:2: one -> row", "a.py: one: 2 found, 1 allowed by the baseline"]  # fmt: skip


@pytest.mark.parametrize(
    "allowed", [{"a.py": {"one": 2}}, {"a.py": {"one": 1}, "gone.py": {"one": 1}}, {"a.py": {"one": 1, "told": 1}}]
)
def test_a_baseline_that_allows_more_than_there_is_is_reported(allowed):
    (line,) = language.compare(hits("a.py", "one"), allowed)
    assert line.endswith("in the baseline: run `python scripts/language.py --write-baseline`")


def test_a_line_that_moves_within_a_file_changes_nothing():
    assert language.compare(hits("a.py", "told", "one")[1:], {"a.py": {"one": 1}}) == []


@pytest.fixture
def baseline(tmp_path):
    path = tmp_path / "baseline.json"
    assert language.write_baseline(hits("a.py", "one", "one", "told"), path) == []
    return path


def test_a_baseline_is_started_from_all_hits(baseline):
    assert language.read_baseline(baseline) == {"a.py": {"one": 2, "told": 1}}


def test_a_baseline_that_is_written_anew_may_shrink(baseline):
    assert language.write_baseline(hits("a.py", "one"), baseline) == []
    assert language.read_baseline(baseline) == {"a.py": {"one": 1}}


def test_a_module_may_be_renamed_or_merged_with_its_hits(baseline):
    assert language.write_baseline([*hits("b.py", "one"), *hits("c.py", "one", "told")], baseline) == []
    assert language.read_baseline(baseline) == {"b.py": {"one": 1}, "c.py": {"one": 1, "told": 1}}


def test_the_total_of_a_word_may_not_grow_even_if_that_of_all_words_shrinks(baseline):
    unchanged = language.read_baseline(baseline)
    assert language.write_baseline(hits("a.py", "told", "told"), baseline) == ["told: 2 found, 1 in the baseline"]
    assert language.read_baseline(baseline) == unchanged


def test_a_word_that_was_added_to_the_lists_may_grow_if_it_is_named(baseline):
    more = hits("a.py", "one", "one", "told", "desk")
    assert language.write_baseline(more, baseline) == ["desk: 1 found, 0 in the baseline"]
    assert language.write_baseline(more, baseline, allowed=["desk"]) == []
    assert language.read_baseline(baseline) == {"a.py": {"desk": 1, "one": 2, "told": 1}}


# Commit messages


@pytest.mark.parametrize(
    ("message", "problems"),
    [
        ("Suppress outlier alerts that reveal a small count\n\n" + "x" * 100, []),
        ("x" * 72, []),
        ("x" * 73, ["The subject has 73 characters: write at most 72."]),
        ("# A comment of git\n\n" + "x" * 73, ["The subject has 73 characters: write at most 72."]),
        ("fixup! " + "x" * 72, []),
        ("Mend the reader", ["mend -> correct, correction"]),
        ("Rename `mend` to correct", []),
    ],
)  # fmt: skip
def test_a_commit_subject_is_short_and_uses_the_terms(message, problems):
    assert language.check_subject(message, RULES) == problems


# The command


def run(*arguments: str | Path) -> tuple[int, str]:
    command = [sys.executable, ROOT / "scripts" / "language.py", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_the_command_reports_a_long_commit_subject(tmp_path):
    message = tmp_path / "COMMIT_EDITMSG"
    message.write_text("x" * 80, encoding="utf-8")
    assert run("--commit-message", message) == (1, "The subject has 80 characters: write at most 72.\n")


def test_the_command_compares_only_the_files_that_it_is_given():
    assert run(ROOT / "scripts" / "language.py") == (0, "")


def test_the_command_counts_hits_by_rule_and_package():
    code, text = run("--summary", ROOT / "scripts" / "language.py")
    assert (code, text.split()[:3]) == (0, ["term", "name", "module"])


def test_a_package_is_the_first_folder_below_assay():
    paths = ["src/assay/sdc/lp/solve.py", "src/assay/api.py", "docs/how-to/release.md", "README.md"]
    assert [language.package(path) for path in paths] == ["src/assay/sdc", "src/assay", "docs", "README.md"]


def test_the_hooks_run_the_linter_on_changed_files_and_on_the_commit_message():
    settings = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert "default_install_hook_types: [pre-commit, commit-msg]" in settings
    assert "scripts/language.py --commit-message" in settings
    assert "stages: [commit-msg]" in settings


def rules_and_words(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    return [(hit.rule, hit.word) for hit in language.find_in_file(name, RULES, tmp_path)]


def test_a_stored_name_is_counted_as_data_and_a_sentence_is_not(tmp_path):
    source = (
        'NAME = "planted"\nPATH = "truth/planted.csv"\nQUERY = "select planted from truth"\nTEXT = "what is planted"\n'
    )
    assert sorted(rules_and_words(tmp_path, "names.py", source)) == [("data", "planted")] * 3 + [("term", "planted")]


ALLOWED = language.Rules(
    RULES.terms,
    RULES.names,
    allowances=(
        language.Allowance("columns of returns", ("knot", "least_range"), ("a.*",)),
        language.Allowance("words of police", ("desk",), ("a.*",), in_prose=True),
    ),
)


@pytest.mark.parametrize(
    ("path", "source", "found"),
    [
        ("a.py", 'knot = "knot"', []),
        ("b.py", 'knot = "knot"', ["knot", "knot"]),
        ("a.py", 'column = "select knot from pairs"', []),
        ("a.py", '"""A knot of rows, and `least_range`, or least_range."""', ["knot"]),
        ("a.py", "knot_rows = 1", ["knot"]),
        ("a.py", "# At the desk.", []),
        ("b.py", "# At the new desk.", ["desk"]),
    ],
)
def test_a_stored_name_is_allowed_as_a_name_and_a_word_of_the_subject_in_prose_too(path, source, found):
    assert [hit.word for hit in language.find_in_python(path, source, ALLOWED)] == found


def test_a_stored_name_is_allowed_in_keys_values_and_expressions(tmp_path):
    texts = {"a.toml": 'knot = "knot"\nwhy = "The knot."\n', "a.html": "<p id='knot'>{{ knot }}</p>\n<p>A knot.</p>"}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert [(hit.line, hit.word) for hit in language.find_in_file(name, ALLOWED, tmp_path)] == [(2, "knot")]


def test_every_allowance_has_a_reason_and_files_and_is_needed():
    texts = {path: (ROOT / path).read_bytes().lower() for path in language.project_files()}
    hit_count = Counter(hit.path for hit in project_hits())
    for allowance in RULES.allowances:
        assert allowance.reason.endswith(".")
        words = [word.lower().encode() for word in allowance.words]
        fitting = [
            path for path, text in texts.items() if allowance.includes(path) and any(word in text for word in words)
        ]
        without = tuple(other for other in RULES.allowances if other != allowance)
        rules = language.Rules(RULES.terms, RULES.names, RULES.skip, without)
        fitting.sort(key=lambda path: len(texts[path]))  # the first file that needs it ends the search
        assert any(len(language.find_in_file(path, rules)) > hit_count[path] for path in fitting), allowance.words


def test_a_key_of_toml_is_counted_as_data_and_what_stands_behind_it_or_in_a_comment_is_not(tmp_path):
    text = '# What is planted.\n[planted]\nmend = "Mend it."\nvalues = [\n    "a fault",\n]\n'
    found = sorted(rules_and_words(tmp_path, "texts.toml", text))
    assert found == [("data", "mend"), ("data", "planted"), ("term", "fault"), ("term", "mend"), ("term", "planted")]
