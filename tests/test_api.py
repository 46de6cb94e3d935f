"""Do the names and parameters of the public interface stay, and does it load no more than it needs?"""

import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import assay.api


def parameters_of(name):
    """The names that a function takes, in order; those with a default in brackets, those by name alone after a star."""
    words, star = [], False
    for parameter in inspect.signature(getattr(assay.api, name)).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            star = True
            words.append("*")
        words.append(parameter.name if parameter.default is parameter.empty else f"[{parameter.name}]")
    return " ".join(words)


STAYS = {
    "generate_returns": "folder * world seed [export] [tier_one] [progress]",
    "new_inspection": "folder request",
    "receive_returns": "folder paths * [keys] [in_draft] [scan] [today] [progress]",
    "receive_evidence": "folder paths * [progress]",
    "run_inspection": "folder * [persons] [progress] [today] [draft] [reissue] [pdfs] [closing_page]",
    "audit_return": "return_folder [out] [request] * [progress]",
    "inspect_published": "files out * [definition] [similar] [tables] [pdfs] [progress]",
    "answer_claim": "text series from_year to_year [folder]",
    "read_stage": "folder stage name",
    "verify": "folder * [head] [public_key]",
    "withdraw": "folder force_code * [edition] [rule]",
    "retire": "folder * [rule] [destroy_external]",
}


@pytest.mark.parametrize("name", STAYS)
def test_a_name_takes_what_it_took(name):
    assert parameters_of(name) == STAYS[name]


def test_a_dozen_names_are_all_there_are_and_each_says_what_it_does():
    assert dir(assay.api) == sorted(STAYS)
    assert len(STAYS) == 12
    assert all(inspect.getdoc(getattr(assay.api, name)) for name in STAYS)


def test_a_name_that_is_none_is_told_with_those_that_there_are():
    with pytest.raises(AttributeError, match="It has generate_returns"):
        _ = assay.api.nothing


def everything_loaded_with(*modules):
    """Every module that is loaded when only these are imported, in a process of its own."""
    program = f"import sys, {', '.join(modules)}; print(*sorted(sys.modules))"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()


def loaded_with(module):
    """Those of them that are ours."""
    return [name for name in everything_loaded_with(module) if name.split(".")[0] == "assay"]


def test_importing_the_names_loads_nothing_else_of_ours():
    assert loaded_with("assay.api") == ["assay", "assay.api"]


def test_multiple_systems_is_imported_on_its_own():
    home = "assay.stats.multiple_systems"
    parts = [f"{home}.{path.stem}" for path in Path(import_module(home).__path__[0]).glob("[a-z]*.py")]
    loaded = everything_loaded_with(home, *parts)
    own_modules = [name for name in loaded if name.split(".")[0] == "assay"]
    assert [name for name in own_modules if name not in ("assay", "assay.stats") and not name.startswith(home)] == []
    assert {"numpy", home} <= set(loaded)
    assert not {"django", "duckdb", "ibis", "polars", "pyarrow", "splink", "typer"} & set(loaded)
