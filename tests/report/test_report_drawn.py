"""Is everything that a picture draws (a bar, the end of an interval, a step of a curve) a released figure?

What charts are given is looked at while every page is made: the fields of their forms, and the numbers that the few
charts without a form of their own are handed.
"""

import dataclasses
import importlib
import math
import pkgutil
import re
import sys

import pytest

import assay.report.charts as charts
from assay.report.charts.wait_curves import Panel, small_multiples
from assay.report.derived_numbers import record_derived_numbers
from assay.report.figure_register import numbers_in
from assay.report.report_writer import index_tables, pages
from report.fixture import released
from report.record_fixture import record_released

PLACES = {"Box", "Label", "Linear", "_Frame", "Canvas"}
"""Forms of where words and marks stand on the sheet."""
NO_FIGURES = {"position", "phase", "column", "row", "shade"}
"""Fields that hold a quarter by its number, a place on the map, or a class of a shade."""
HANDED = ("upset_plot", "outcome_mix", "decline_probabilities")
"""Charts that are handed rows of plain values."""


def numbers(value):
    """Every number in a value, however deep; forms are looked at by themselves."""
    if isinstance(value, bool) or value is None or dataclasses.is_dataclass(value):
        return
    if isinstance(value, int | float):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from numbers(item)


@pytest.fixture
def numbers_drawn(monkeypatch):
    """What charts were given: (chart, field, number)."""
    seen = []

    def watched(form):
        original = form.__init__

        def init(self, *assigned_files, **keywords):
            original(self, *assigned_files, **keywords)
            for field in dataclasses.fields(self):
                if field.name not in NO_FIGURES:
                    seen.extend((form.__name__, field.name, number) for number in numbers(getattr(self, field.name)))

        monkeypatch.setattr(form, "__init__", init)

    def handed(name, draw):
        def watching(rows, *more, **keywords):
            seen.extend((name, "", number) for number in numbers([rows, *more[: name == "upset_plot"]]))
            return draw(rows, *more, **keywords)

        for module in [module for key, module in sys.modules.items() if key.startswith("assay.report")]:
            if getattr(module, name, None) is draw:
                monkeypatch.setattr(module, name, watching)

    for found in pkgutil.iter_modules(charts.__path__):
        module = importlib.import_module(f"assay.report.charts.{found.name}")
        for name, field in list(vars(module).items()):
            if dataclasses.is_dataclass(field) and field.__module__ == module.__name__ and name not in PLACES:
                watched(field)
            elif name in HANDED and getattr(field, "__module__", "") == module.__name__:
                handed(name, field)
    return seen


@pytest.mark.parametrize(("make_release", "minimum", "forms"), [
    (record_released, 3000, {"Point", "Limit", "Bar", "Ending", "Panel", "Mark", "Part", "upset_plot"}),
    (released, 8000, {"Point", "Limit", "Quarter", "decline_probabilities", "outcome_mix"}),
])  # fmt: skip
def test_every_number_that_a_picture_draws_is_a_released_figure(numbers_drawn, make_release, minimum, forms):
    released_numbers = {value for table in make_release().tables.values() for column in table.columns for value in column.to_pylist()
            if isinstance(value, int | float) and not isinstance(value, bool)}  # fmt: skip
    with record_derived_numbers() as derived_numbers:
        list(pages(index_tables(make_release())))
    released_numbers |= {float(number.replace(",", "")) for *_, number_text in derived_numbers.page_numbers for number in numbers_in(number_text)
             if number.replace(",", "").isdigit()}  # fmt: skip
    assert forms <= {chart for chart, *_ in numbers_drawn}
    assert len(numbers_drawn) > minimum
    assert {
        (chart, field, n) for chart, field, n in numbers_drawn if n not in released_numbers and not math.isinf(n)
    } == set()


DAYS = (0, 100, 200)


def panel(name, *shares):
    return Panel(name, f"{100 * shares[-1]:.0f}%", DAYS, shares, shares, shares)


def test_small_multiples_draw_each_force_and_all_together_on_one_scale():
    first, second = panel("Alderwick (invented)", 0.0, 0.5, 1.0), panel("Brackenshire", 0.0, 0.25, 0.5)
    text = small_multiples([first, second], panel("All together", 0.0, 0.5, 0.75), 920, "T")
    curves = [line for line in text.splitlines() if 'class="line a"' in line]
    heights = [[float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", line)] for line in curves]
    foot, ends = heights[0][0], [height[-1] for height in heights]
    assert (foot - ends[0]) == pytest.approx(2 * (foot - ends[1]), abs=0.2)  # half the share, half the height
    assert text.count('class="line thin n"') == 3  # the key, and one in each panel
    assert ">Alderwick<" in text
    assert ">100%<" in text


def test_a_long_name_leaves_room_for_what_is_said_beside_it():
    text = small_multiples([panel("Dyfed-Powys and the Marches beyond", 0, 0, 0.5)], panel("All", 0, 0, 1), 360, "T")
    assert "Marches beyond" not in text
    assert ">Dyfed-Powys" in text
