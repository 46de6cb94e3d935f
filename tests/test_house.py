"""Are the project's rules kept: no machine paths, no third-party assets, a licence, one version, docstrings?"""

import ast
import re
import subprocess
import tomllib
import warnings
from itertools import pairwise
from pathlib import Path

import pytest

import assay
from parsed_once import parsed

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parent.parent
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".in",
    ".sh",
    ".cff",
    ".yaml",
    ".yml",
    ".css",
    ".html",
    ".j2",
    ".csv",
    ".json",
    "",
}
LONGEST = 600

# Spelt in parts, so that this file does not contain what it looks for.
MACHINE_PATHS = (
    "/" + "work/",
    "/" + "root/",
    "/" + "home/",
    "/tmp/" + "bash",
    "/" + "Users/",
    "site-" + "packages/",
)
REGISTRIES = (
    "files.pythonhosted",
    "pypi." + "org",
    "--index" + "-url",
    "--find" + "-links=",
    "://" + "localhost",
)


def files() -> list[Path]:
    """Every file that is, or would be, in the repository."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    paths = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    return [path for path in paths if path.is_file()]


def texts() -> list[tuple[str, str]]:
    """(name, text) of every text file except this one."""
    texts_checked = [p for p in files() if p.suffix in TEXT and p != Path(__file__)]
    return [(p.relative_to(ROOT).as_posix(), p.read_text(encoding="utf-8")) for p in texts_checked]


def modules() -> list[Path]:
    return sorted((ROOT / "src" / "assay").rglob("*.py"))


def test_no_file_names_a_path_of_somebodys_machine():
    assert [(name, word) for name, text in texts() for word in MACHINE_PATHS if word in text] == []


def test_no_file_names_the_address_of_a_package_index():
    assert [(name, word) for name, text in texts() for word in REGISTRIES if word in text] == []


def test_every_pinned_package_has_its_hash():
    for requirements_name in ("run", "dev"):
        text = (ROOT / "requirements" / f"{requirements_name}.txt").read_text()
        pins = re.split(r"\n(?=\S)", text.strip())
        assert len(pins) > 10
        assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_everything_that_is_run_is_pinned_alike_for_work_on_the_code():
    run, dev = (
        set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / f).read_text(), re.M)) for f in ("run.txt", "dev.txt")
    )
    assert run - dev == set()


OWN_SCRIPTS = (
    "src/assay/workbench/assets/workbench.js",
    "src/assay/workbench/assets/saving.js",
    "src/assay/report/scripts/search.js",
    "src/assay/report/scripts/compare.js",
    "src/assay/report/scripts/tables.js",
    "src/assay/report/scripts/glossary.js",
)
"""The scripts that are our own; htmx comes from a package."""


def test_no_asset_of_a_stranger_is_carried():
    strangers = {".js", ".woff", ".woff2", ".ttf", ".otf", ".min.css", ".ico"}
    own_scripts = [ROOT / name for name in OWN_SCRIPTS]
    assert [p.name for p in files() if p.suffix in strangers and p not in own_scripts] == []
    for path in own_scripts:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("// Ours, "), path.name
        assert len(text.splitlines()) < 200, path.name


def test_the_licence_is_the_whole_apache_licence():
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_citation_and_changelog_name_the_version_of_the_package():
    assert f"version: {assay.__version__}" in (ROOT / "CITATION.cff").read_text()
    assert f"## {assay.__version__}" in (ROOT / "CHANGELOG.md").read_text()


def unexplained(path: Path) -> list[str]:
    """Public functions and classes without a docstring; a function within a function is no public interface.

    An overload only names types: the function that follows it has the docstring.
    """
    tree = parsed(path)
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    homes = [tree, *(node for node in classes if not node.name.startswith("_"))]
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    inside = [node for home in homes for node in home.body if isinstance(node, kinds)]
    public = [node for node in inside if not node.name.startswith("_") and not is_overload(node)]
    return [node.name for node in public if not ast.get_docstring(node)]


def is_overload(node: ast.AST) -> bool:
    return any(ast.unparse(decorator) == "overload" for decorator in getattr(node, "decorator_list", ()))


def test_every_public_thing_says_what_it_is():
    assert {path.name: names for path in modules() if (names := unexplained(path))} == {}


def test_a_thing_that_says_nothing_is_noticed(tmp_path):
    (tmp_path / "mute.py").write_text(
        "def told():\n    'Told.'\n\ndef mute():\n    def inner(): ...\n\ndef _own(): ...\n"
    )
    assert unexplained(tmp_path / "mute.py") == ["mute"]


NAMES_OF_ONE_THING = ("Figure", "ValidationError", "share_with_missing")


@pytest.mark.parametrize("name", NAMES_OF_ONE_THING)
def test_a_name_that_pages_and_letters_use_is_one_thing(name):
    """A reader who looks for a figure, a validation error or a share with missing records finds one definition."""
    kinds = (ast.FunctionDef, ast.ClassDef, ast.Assign)
    homes = [
        path.relative_to(ROOT).as_posix()
        for path in modules()
        for node in parsed(path).body
        if isinstance(node, kinds) and name in _names_defined(node)
    ]
    assert len(homes) == 1, homes


def _names_defined(node):
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return [node.name]


def test_every_module_opens_with_what_it_is_about():
    opened = {p.relative_to(ROOT).as_posix(): ast.get_docstring(parsed(p)) for p in modules()}
    assert [name for name, docstring in opened.items() if not docstring] == []


def test_no_source_file_is_longer_than_a_reader_can_hold():
    assert [p.name for p in files() if p.suffix == ".py" and len(p.read_text().splitlines()) > LONGEST] == []


def test_no_two_test_files_share_a_name():
    # pytest imports each by its bare name: the second of a pair is not collected when both are in one run.
    names = sorted(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, following in pairwise(names) if name == following] == []


def test_no_cursor_is_left_half_read():
    """An unread DuckDB result owns its connection: everything is fetched at once."""
    call = "fetch" + "one("
    assert [p.name for p in modules() if call in p.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    "kind", [DeprecationWarning, FutureWarning, PendingDeprecationWarning, RuntimeWarning, UserWarning]
)
def test_a_warning_fails_the_test_that_it_is_raised_in(kind):
    with pytest.raises(kind, match="a release to come"):
        warnings.warn("a release to come takes no such argument", kind, stacklevel=1)


def test_every_warning_that_is_ignored_is_named_by_message_kind_and_module():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    filters = settings["tool"]["pytest"]["ini_options"]["filterwarnings"]
    ignored = [filter_parts.split(":") for filter_parts in filters if filter_parts.startswith("ignore")]
    assert filters[0] == "error"
    assert [parts for parts in ignored if len(parts) < 4 or not all(parts[1:4])] == []


def targets() -> dict[str, str]:
    """Make's targets that a person would call, with what the help says of each."""
    text = (ROOT / "Makefile").read_text()
    return dict(re.findall(r"^([a-z-]+):.*?## (.+)$", text, re.M))


def test_every_target_of_make_is_explained():
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.M)
    assert phony is not None
    assert set(phony[1].split()) == set(targets())


@pytest.mark.parametrize("word", [chr(0x2014)])
def test_prose_has_no_long_dashes(word):
    assert [name for name, text in texts() if name.endswith(".md") and word in text] == []


def test_every_test_that_the_page_of_threats_names_is_there():
    page = (ROOT / "docs" / "explanation" / "threats.md").read_text(encoding="utf-8")
    tests_named = set(re.findall(r"`(test_\w+)`", page))
    all_tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    assert len(tests_named) > 20
    assert {name for name in tests_named if f"def {name}(" not in all_tests} == set()


LOOKED_AT_ONCE = {"is_visible", "is_hidden", "is_checked", "is_enabled", "is_disabled", "count"}
FOUND_BY = ("locator", "get_by_")


def impatient(tree: ast.AST) -> list[int]:
    """Lines that assert what a browser shows at this moment and do not wait for it (they fail now and then: `expect`
    waits), or that wait in a way which a strict policy of content forbids (`wait_for_function`)."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    asserted = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Assert) for part in ast.walk(node.test)}
    found = [node.lineno for node in calls if node.func.attr == "wait_for_function"]
    return found + [node.lineno for node in calls if id(node) in asserted and _looks_at_once(node.func)]


def _looks_at_once(func: ast.Attribute) -> bool:
    names = [
        node.func.attr for node in ast.walk(func.value) if isinstance(node, ast.Call) and hasattr(node.func, "attr")
    ]
    is_page_module = any(name.startswith(FOUND_BY) for name in names)
    return func.attr in LOOKED_AT_ONCE and (is_page_module or func.attr.startswith("is_"))


def test_no_test_asserts_what_a_browser_shows_without_waiting_for_it():
    browsing = [path for path in (ROOT / "tests").rglob("*.py") if "playwright" in path.read_text(encoding="utf-8")]
    assert len(browsing) > 3
    assert [(path.name, line) for path in browsing if path != Path(__file__) for line in impatient(parsed(path))] == []


@pytest.mark.parametrize(
    "line",
    ["assert page.get_by_text('a').is_visible()", "assert page.locator('a').first.count() > 2", "assert 1 == box.is_checked()",
     "page.wait_for_function('1')"],
)  # fmt: skip
def test_a_test_that_does_not_wait_would_be_seen(line):
    assert impatient(ast.parse(line)) == [1]


@pytest.mark.parametrize("line", ["expect(page.locator('a')).to_have_count(2)", "assert reading.answers.count() == 1"])
def test_a_test_that_waits_is_let_be(line):
    assert impatient(ast.parse(line)) == []
