"""Does every package import only from packages below it, as the contracts in pyproject.toml say?"""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from parsed_once import parsed

pytestmark = pytest.mark.quick

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src"
AGAINST_AT_MOST = 0
"""Imports that still run against the order; this number may only be lowered."""


def contracts() -> list[dict]:
    """The contracts of import-linter."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"]


def test_every_package_imports_only_from_packages_below_it():
    linter = pytest.importorskip("importlinter.cli")
    assert linter.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_the_imports_against_the_order_only_become_fewer():
    ignored = [line for contract in contracts() for line in contract.get("ignore_imports", [])]
    assert len(ignored) <= AGAINST_AT_MOST


def test_every_package_stands_in_the_order_and_in_the_docstring():
    layers = [name.strip().removeprefix("assay.") for layer in contracts()[0]["layers"] for name in layer.split("|")]
    docstring = ast.get_docstring(ast.parse((SRC / "assay" / "__init__.py").read_text(encoding="utf-8"))) or ""
    packages_found = {
        p.stem for p in (SRC / "assay").iterdir() if p.suffix in (".py", "") and not p.name.startswith("_")
    }
    assert set(layers) == packages_found
    assert set(re.findall(r"^ {4}(\w+) {2,}\S", docstring, re.M)) == packages_found


def names_imported(tree: ast.AST, here: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Every module named by an import, at the top or inside a function, as its path of names."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level] if node.level else ()
            base += tuple(node.module.split(".")) if node.module else ()
            # `from assay import enquiries` names the room only among the names that follow.
            yield from ((*base, alias.name) for alias in node.names)


def imports(package: Path) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(module, what it imports), both as paths of names below the package."""
    for path in sorted(package.rglob("*.py")):
        here = path.relative_to(package.parent).with_suffix("").parts
        for name in names_imported(parsed(path), here):
            if name[0] == package.name and len(name) > 1:
                yield here[1:], name[1:]


STANDALONE = ("stats", "multiple_systems")


def leaves_its_own_room(package: Path, package_parts: tuple[str, ...]) -> list[str]:
    """One sentence for each import of a library that should stand alone of anything of ours outside it."""
    return [
        f"{'/'.join(here)} is to stand alone: {'.'.join(target)}"
        for here, target in imports(package)
        if here[: len(package_parts)] == package_parts and target[: len(package_parts)] != package_parts
    ]


def test_multiple_systems_imports_nothing_of_ours():
    assert leaves_its_own_room(SRC / "assay", STANDALONE) == []


@pytest.mark.parametrize("text", ["from assay.stats.refusals import Refused", "from assay import errors"])
def test_a_library_that_does_not_stand_alone_is_seen(synthetic_house, text):
    package = synthetic_house({"stats/multiple_systems/a.py": text})
    assert [sentence.split(" ")[0] for sentence in leaves_its_own_room(package, STANDALONE)] == [
        "stats/multiple_systems/a"
    ]


TRUTH = re.compile(r"(?i)(^|/)truth($|/|\.toml$)")
MAY_NAME_THE_TRUTH = {
    "engine/provenance/verification": "passes it over, since no receipt speaks of it",
    "ingest/table_permission": "refuses whoever asks for it, or would take it in",
}


def names_the_truth(tree: ast.AST) -> bool:
    """Whether a module names the folder of the truth, or takes its name from another."""
    words = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    names_imported = [alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    return "TRUTH_FOLDER" in names_imported or any(TRUTH.search(word) for word in words)


def test_no_room_names_the_folder_of_the_truth_but_those_that_write_it_score_it_or_refuse_it():
    found = set()
    for path in sorted((SRC / "assay").rglob("*.py")):
        here = path.relative_to(SRC / "assay").with_suffix("")
        if here.parts[0] not in ("synthetic",) and names_the_truth(parsed(path)):
            found.add(here.as_posix())
    assert found == set(MAY_NAME_THE_TRUTH)


OWN_TO_SIMULATION = {"trial_worlds"}


def test_only_one_module_of_the_simulation_study_imports_the_generator():
    entering = {
        here[2]
        for here, target in imports(SRC / "assay")
        if here[:2] == ("synthetic", "simulation")
        and target[0] == "synthetic"
        and target[:2] != ("synthetic", "simulation")
    }
    assert entering == OWN_TO_SIMULATION


def test_the_generator_sees_neither_the_text_rules_nor_the_indicators():
    outside = {"simulation", "demo", "injection_page", "earlier_inspection"}
    seen = {
        (here[1], pair[0])
        for here, pair in imports(SRC / "assay")
        if here[0] == "synthetic" and here[1] not in outside and pair[0] in ("text", "indicators")
    }
    assert seen == set()


@pytest.mark.parametrize("word", ["truth", "truth/truth.toml", "in/truth/crimes.parquet", "Truth/"])
def test_a_room_that_names_the_truth_would_be_seen(word):
    assert names_the_truth(ast.parse(f"path = folder / {word!r}"))


def test_a_word_that_begins_like_it_is_not_the_truth():
    assert not names_the_truth(ast.parse("said = 'truthful'"))


@pytest.fixture
def synthetic_house(tmp_path):
    """A house with the given modules: {'records/facts.py': 'import ...'}."""

    def build(modules: dict[str, str]) -> Path:
        package = tmp_path / "assay"
        for name, text in {"__init__.py": "", **modules}.items():
            path = package / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return package

    return build


MAY_READ_IDENTITIES = {"redacted_texts.py"}  # takes names out of texts, so it must know them
AFTER_PERSONS = ("facts", "indicators", "compare", "sdc", "report")


def identity_names() -> set[str]:
    """The columns that tell who a person is, as the contract of the return marks them."""
    from assay.contract.separated_columns import identity_column_names as names

    return set(names())


def names_read(tree: ast.AST) -> Iterator[str]:
    """Every attribute, key and keyword that code can read a column by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def identities_read(package: Path) -> list[str]:
    """One sentence for each module of a room after `persons` that names an identity column."""
    names = identity_names()
    return sorted({
        f"{path.relative_to(package).as_posix()} reads {name}, which tells who a person is"
        for package_name in AFTER_PERSONS
        for path in (package / package_name).rglob("*.py")
        if path.name not in MAY_READ_IDENTITIES
        for name in names_read(parsed(path))
        if name in names
    })  # fmt: skip


def test_no_room_after_persons_can_read_who_somebody_is():
    assert {"forenames", "surname", "date_of_birth", "postcode", "phone", "link_value"} <= identity_names()
    assert identities_read(SRC / "assay") == []


@pytest.mark.parametrize(
    "text", ["rows.surname", "rows['date_of_birth']", "rows.select(born='postcode')", "f(phone=1)"]
)
def test_a_room_that_reads_who_somebody_is_is_seen(synthetic_house, text):
    package = synthetic_house({"facts/a.py": text})
    assert [sentence.split(" ")[0] for sentence in identities_read(package)] == ["facts/a.py"]


def names_at_the_top(module: ast.Module) -> set[str]:
    """What a module defines or imports at its top level, also under a condition."""
    found: set[str] = set()
    for statement in module.body:
        for node in ast.walk(statement) if isinstance(statement, ast.If | ast.Try) else (statement,):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.Assign | ast.AnnAssign | ast.TypeAlias):
                targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None) or node.name]
                found |= {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}
            elif isinstance(node, ast.Import | ast.ImportFrom):
                found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return found


def missing_names(script: ast.Module, src: Path) -> list[str]:
    """The names that a script imports from a module of ours which does not have them."""
    missing = []
    for node in ast.walk(script):
        if not isinstance(node, ast.ImportFrom) or (node.module or "").partition(".")[0] != "assay":
            continue
        place = src.joinpath(*node.module.split("."))
        path = place.with_suffix(".py") if place.with_suffix(".py").is_file() else place / "__init__.py"
        names = names_at_the_top(parsed(path)) if path.is_file() else set()
        for alias in node.names:
            is_module = (place / f"{alias.name}.py").is_file() or (place / alias.name).is_dir()
            if alias.name not in names and not is_module:
                missing.append(f"{node.module} has no {alias.name}")
    return missing


@pytest.mark.parametrize("path", sorted((ROOT / "benchmarks").glob("*.py")), ids=lambda path: path.name)
def test_every_name_that_a_benchmark_imports_is_there(path):
    """No test runs the benchmarks, because they take hours."""
    assert missing_names(parsed(path), SRC) == []


def test_a_name_that_has_gone_is_seen(tmp_path):
    (tmp_path / "assay").mkdir()
    (tmp_path / "assay" / "rates.py").write_text("LIMIT: int = 3\n\n\ndef rate(): ...\n", encoding="utf-8")
    script = ast.parse(
        "from assay.rates import LIMIT, rate, funnel\nfrom assay.gone import one\nfrom assay import rates"
    )
    assert missing_names(script, tmp_path) == ["assay.rates has no funnel", "assay.gone has no one"]


def test_the_pipeline_is_imported_without_the_libraries_that_only_a_computation_needs():
    program = "import sys, assay.workflows.run.inspection_pipeline; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert "assay.stats.binomial_intervals" in loaded
    assert not {"scipy.stats", "scipy.optimize", "scipy.integrate", "scipy.ndimage", "splink"} & set(loaded)
