"""Does a change in any module behind the expressions of a plan invalidate the plan?"""

import ast
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import assay
from assay.indicators.indicator_answers import STATEMENT_SOURCES
from assay.workflows.run.pipeline_stages import FACT_SOURCES
from parsed_once import parsed

SRC = Path(assay.__file__).parent.parent
WITHOUT_EXPRESSIONS = {"assay", "assay.errors"}


def module_paths() -> dict[str, Path]:
    """The file of each module, by its name."""
    paths = sorted((SRC / "assay").rglob("*.py"))
    return {".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


PATHS = module_paths()


def imported(module: str) -> set[str]:
    """The modules of assay that a module imports, at the top or inside a function."""
    names = set[str]()
    for node in ast.walk(parsed(PATHS[module])):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names & PATHS.keys() - WITHOUT_EXPRESSIONS


def reached(root: str) -> set[str]:
    """A module and all modules of assay that it imports, directly or through others."""
    found, rest = {root}, [root]
    while rest:
        new = imported(rest.pop()) - found
        found |= new
        rest += new
    return found


def uncovered(modules: Iterable[str], sources: Iterable[ModuleType]) -> list[str]:
    """The modules that are in no package of a plan's sources. The files of the engine are in the compilers' digest."""
    packages = tuple(package.__name__ for package in sources)
    return sorted(
        name
        for name in modules
        if PATHS[name].parent != SRC / "assay" / "engine"
        and not any(name == package or name.startswith(f"{package}.") for package in packages)
    )


def test_every_module_that_facts_are_derived_with_is_in_the_version_of_their_plan():
    assert uncovered(reached("assay.facts.fact_tables"), FACT_SOURCES) == []


@pytest.mark.parametrize(
    "root",
    [
        "assay.indicators.indicator_catalogue",
        "assay.indicators.subgroup_breakdown",
        "assay.indicators.catalogue.scale.distinct_counts",
    ],
)
def test_every_module_with_expressions_of_indicators_is_in_the_version_of_their_plans(root):
    with_expressions = {name for name in reached(root) if "ibis" in PATHS[name].read_text(encoding="utf-8")}
    assert uncovered(with_expressions, STATEMENT_SOURCES) == []


@pytest.mark.parametrize("name", ["offence_dates", "groups.shared_involvements"])
def test_a_module_of_linkage_that_facts_use_is_in_the_version_of_their_plan(name):
    module = import_module(f"assay.linkage.{name}")
    assert uncovered([module.__name__], FACT_SOURCES) == []
