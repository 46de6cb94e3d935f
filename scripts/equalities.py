"""Writes anew which figures are one and the same because of what the forms ask (`disclosure/equalities.toml`)."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Hashable, Iterator, Sequence
from pathlib import Path

import assay
from assay.enquiries import measures
from assay.enquiries.reasons import in_words
from assay.measure import Indicator

FILE = Path(assay.__file__).parent / "disclosure" / "equalities.toml"
BEGINS, ENDS = "# Every indicator that looks at one kind of record", "# What one indicator leaves out as still open"
AFTER = "# The reasons for which a wait is not counted."
MOST_REASONS = 8
WIDTH = 114
GAP = "\0"


def written(told: str) -> str:
    """The file with its equalities and the reasons of waits made anew; what is said in between stays."""
    head, rest = told.split(BEGINS)[0], ENDS + told.split(ENDS)[1]
    between = rest.split(AFTER)[0]
    return head + "".join(_same()) + between + AFTER + "\n" + "\n".join(_of_waits())


def _same() -> Iterator[str]:
    asked = [form for form in measures.indicators() if form.record != "force"]
    yield f"{BEGINS} looks at all records of that kind.\n"
    for alike in _alike(asked, lambda form: form.record):
        yield _rule(["ladders.records"], alike)
    populations = _alike(asked, lambda form: (form.record, form.population))
    yield "# One population: the same records are outside.\n"
    for alike in populations:
        yield _rule(["ladders.outside"], alike)
    yield "# One population and the same reasons: the same records are left out, and of the same it is not known.\n"
    for forms in populations:
        for alike in _alike(forms, lambda form: tuple(form.excluding.items())):
            yield _rule(["ladders.left_out", "ladders.not_known_if_counted"], alike)
    yield "# The first reasons of a list are the same, so each of them leaves out the same records.\n"
    for forms in populations:
        yield from _first_reasons(forms)


def _first_reasons(forms: Sequence[Indicator]) -> Iterator[str]:
    found: dict[tuple[str, ...], tuple[list[Indicator], list[str]]] = {}
    for number in range(1, MOST_REASONS):
        longer = [form for form in forms if len(form.excluding) >= number]
        for alike in _alike(longer, lambda form, upto=number: tuple(form.excluding.items())[:upto]):  # type: ignore[misc]
            keys = tuple(form.key for form in alike)
            found.setdefault(keys, (alike, []))[1].append(in_words(list(alike[0].excluding)[number - 1]))
    for alike, reasons in found.values():
        yield _rule(["left_out.records"], alike, reasons)


def _of_waits() -> Iterator[str]:
    for form in measures.waits_asked():
        if form.excluding:
            parts = [
                f'  {{ figure = "left_out.records", indicator = "{form.key}", reason = "{in_words(reason)}" }},'
                for reason in form.excluding
            ]
            total = f'total = {{ figure = "wait_medians.left_out", wait = "{form.key}" }}'
            yield "\n".join(["[[sum]]", total, "parts = [", *parts, "]", ""])


def _alike(forms: Sequence[Indicator], by: Callable[[Indicator], Hashable]) -> list[list[Indicator]]:
    found: dict[Hashable, list[Indicator]] = {}
    for form in forms:
        found.setdefault(by(form), []).append(form)
    return [alike for alike in found.values() if len(alike) > 1]


def _rule(figures: Sequence[str], forms: Sequence[Indicator], reasons: Sequence[str] = ()) -> str:
    lines = ["[[same]]", f"figures = {_listed(figures)}", f"indicators = {_listed([form.key for form in forms])}"]
    return "\n".join([*lines, *([f"reasons = {_listed(reasons)}"] if reasons else []), "", ""])


def _listed(words: Sequence[str]) -> str:
    said = ", ".join(f'"{word}"' for word in words)
    if len(said) < WIDTH - 20:
        return f"[{said}]"
    whole = said.replace(" ", GAP).replace(f",{GAP}", ", ")  # a line breaks between words of the list, never in one
    lines = textwrap.wrap(f"{whole},", WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
    return "\n".join(["[", *lines, "]"]).replace(GAP, " ")


if __name__ == "__main__":
    FILE.write_text(written(FILE.read_text(encoding="utf-8")), encoding="utf-8")
