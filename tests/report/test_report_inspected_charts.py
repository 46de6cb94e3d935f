"""Do the charts of a report on returns draw what the figures say?"""

import re

from assay.report.charts.bar_charts import Bar, answer_bars, definitions, describe_bar
from assay.report.charts.force_profile_chart import Group, Mark, force_profile
from assay.report.charts.tile_map import brief_names, class_labels, shade, shades
from assay.report.charts.wait_curves import Ending, cumulative_incidence


def boxes(svg):
    """Every box as (class, x, y, width)."""
    found = re.findall(r'<rect class="([^"]*)" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"', svg)
    return [(css, *map(float, rest)) for css, *rest in found]


def words(svg):
    return re.findall(r">([^<>]+)</text>", svg)


def test_a_bar_is_as_long_in_each_part_as_its_share_of_the_records():
    svg = answer_bars([Bar("Alderwick", (60, 30, 10, 0, 0), "300")], 920, "t")
    parts = [box for box in boxes(svg) if box[3] > 14]  # those of the key are 14 wide
    assert [css for css, *_ in parts] == ["fa", "fb", "fn"]
    long = [width + 1.5 for *_, width in parts]  # a gap of 1.5 between parts
    assert abs(long[0] / long[1] - 60 / 30) < 0.02
    assert abs(long[0] / long[2] - 60 / 10) < 0.1
    ends = [x + width + 1.5 for _, x, _, width in parts]  # each part begins where the last one ends
    assert all(abs(end - x) < 0.2 for end, (_, x, _, _) in zip(ends, parts[1:], strict=False))
    assert {"60", "30", "10", "300", "Alderwick"} <= set(words(svg))


def test_a_hidden_answer_is_not_drawn_and_is_said_to_be_there():
    svg = answer_bars([Bar("Alderwick", (60, 20, None, 0, 0), "300")], 920, "t")
    assert "+ few" in words(svg)
    assert "not met not shown" in describe_bar(Bar("Alderwick", (60, None, 0, 0, 0)))
    assert "+ few" not in words(answer_bars([Bar("Alderwick", (60, 5, 0, 0, 0), "300")], 920, "t"))


def test_a_place_whose_share_is_hidden_has_a_hollow_bar_and_no_part_is_drawn():
    svg = answer_bars([Bar("Alderwick", (60, None, 0, 0, 0), "300"), Bar("B", (None, 60, 0, 0, 0))], 920, "t")
    parts = [box for box in boxes(svg) if box[3] > 14]
    assert [css for css, *_ in parts] == ["f0 n line thin"] * 2
    assert words(svg).count("few on one side") == 2
    assert "60" not in words(svg)


def test_a_body_of_which_it_cannot_be_asked_has_words_and_no_bar():
    svg = answer_bars([Bar("Cloverdale", (0, 0, 0, 0, 0), "", "cannot be asked here")], 920, "t")
    assert "cannot be asked here" in words(svg)
    assert not [box for box in boxes(svg) if box[3] > 14]


CHARGED = Ending("Charged", (0, 28, 56), (0.0, 0.1, 0.2), (0.0, 0.05, 0.15), (0.0, 0.15, 0.25))
CLOSED = Ending("Closed", (0, 28, 56), (0.0, 0.3, 0.5), (0.0, 0.2, 0.4), (0.0, 0.4, 0.6))


def test_the_parts_of_a_wait_add_up_to_everyone_on_the_last_day():
    said_there = words(cumulative_incidence([CHARGED, CLOSED], 920, "t", "Still open"))
    assert "20% by day 56" in said_there
    assert "50% by day 56" in said_there
    assert "30% by day 56" in said_there  # 1 - 0.2 - 0.5


def test_the_shares_of_a_wait_are_those_of_the_day_that_its_page_speaks_of():
    svg = cumulative_incidence([CHARGED, CLOSED], 920, "t", "Still open", 28)
    assert {"10% by day 28", "30% by day 28", "60% by day 28"} <= set(words(svg))
    assert 'class="break"' in svg  # the day is marked
    assert "Still open: 60% by day 28" in words(cumulative_incidence([CHARGED, CLOSED], 360, "t", "Still open", 28))


def test_the_second_ending_is_stacked_on_the_first():
    svg = cumulative_incidence([CHARGED, CLOSED], 920, "t", "Still open")
    first, second = (re.search(rf'<path class="{css}" d="M([^"]+)Z"', svg)[1].split("L") for css in ("fa", "fn"))
    top_of_first = first[:3]  # three days out, then three back
    floor_of_second = second[3:][::-1]
    assert top_of_first == floor_of_second


def test_on_a_phone_the_names_of_the_endings_stand_above_the_drawing():
    assert "Charged: 20% by day 56" in words(cumulative_incidence([CHARGED, CLOSED], 360, "t", "Still open"))


def test_a_standing_without_a_share_says_why_and_draws_no_dot():
    marks = (Mark("One", 0.5, 0.4, 0.6, (0.3, 0.7)), Mark("Two", None, None, None, absent="cannot be asked here"))
    svg = force_profile([Group("Graded", marks)], 920, "t", "Share")
    assert svg.count("<circle") == 1
    assert "cannot be asked here" in words(svg)
    assert "50%" in words(svg)


def test_a_standing_outlier_is_orange_and_one_not_compared_is_hollow():
    marks = (Mark("One", 0.5, 0.4, 0.6, None, "outlier"), Mark("Two", 0.5, 0.4, 0.6, None, "not comparable"))
    svg = force_profile([Group("Graded", marks)], 920, "t", "Share")
    assert re.findall(r'<circle class="([^"]+)"', svg) == ["fb", "f0 n line thin"]


def test_a_definition_that_may_take_in_more_has_a_paler_part_behind_it():
    svg = definitions([("Flagged", 100, 50, "100"), ("Titled", None, None, "fewer than 8")], 920, "t", "Records")
    dark, pale = (next(box for box in boxes(svg) if box[0] == css and box[3] > 14) for css in ("fa", "fn"))
    assert abs(dark[3] / (pale[3] + 1) - 100 / 50) < 0.02
    assert pale[1] > dark[1] + dark[3]
    assert "fewer than 8" in words(svg)
    assert "100, and 50 not known" in words(svg)


def test_a_share_outside_what_is_predicted_is_a_half_full_dot():
    svg = force_profile([Group("Graded", (Mark("One", 0.5, 0.4, 0.6, (0.6, 0.7), "outside"),))], 920, "t", "Share")
    assert re.findall(r'<circle class="([^"]+)"', svg) == ["f0 a line thin"]
    half = re.search(r'<path class="fa" d="M([^"]+)Z"', svg)[1]
    positions = [float(point.split()[0].split(",")[0]) for point in half.split("L")]
    middle = float(re.search(r'<circle[^>]*cx="([\d.]+)"', svg)[1])
    assert max(positions) <= middle + 0.1
    assert min(positions) < middle - 4


def test_two_words_of_a_name_are_both_begun_on_a_tile_so_that_names_stay_apart():
    assert brief_names("Cwm Bwced (invented)") == ("Cwm Bwc.", "Cw Bw")  # its letters are wide
    assert brief_names("Nant Botwm (invented)") == ("Nant Bot.", "Na Bo")
    assert brief_names("Cwm Nodwydd (invented)")[1] == "Cw No"
    assert brief_names("Alderwick (invented)") == ("Alderwick", "Alde.")


def test_no_two_classes_of_the_map_share_an_end():
    assert class_labels(shades([0.46, 0.96])) == ["46% to 55%", "56% to 65%", "66% to 75%", "76% to 85%", "86% to 96%"]
    assert class_labels(shades([0.5, 0.53])) == ["50%", "51%", "no force", "52%", "53%"]
    classes = shades([0.46, 0.96])
    assert [shade(share, classes) for share in (0.55, 0.56, 0.65, 0.66, 0.96)] == [0, 1, 1, 2, 4]
