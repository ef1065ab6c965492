"""Charts are well-formed, accessible, small, and the same every time."""

import re

import pytest
from lxml import etree

from pipeline.charts import Chart, column_chart, percent

DAYS = [("Mon 28", 96), ("Tue 29", 188), ("Wed 30", 512), ("Thu 31", 271), ("Fri 1", 0)]


def chart(counts: list[tuple[str, int]] = DAYS, *, marked: int | None = 2) -> Chart:
    return column_chart(
        counts, name="days", title="Articles <per> day", description='"a" & b', marked=marked
    )


def parse(svg: str) -> etree._Element:
    return etree.fromstring(svg)


def test_the_picture_has_a_role_a_title_and_a_description() -> None:
    svg = parse(chart().svg)
    named = {element.get("id"): element.text for element in svg if element.get("id")}
    assert svg.get("role") == "img"
    assert (svg.get("aria-labelledby") or "").split() == list(named) == ["days-title", "days-desc"]
    assert list(named.values()) == ["Articles <per> day", '"a" & b']


def test_bars_are_proportional_and_stand_on_the_base() -> None:
    bars = parse(chart().svg).findall("rect")
    heights = [float(bar.get("height", "")) for bar in bars]
    assert heights == pytest.approx([18.8, 36.7, 100, 52.9], abs=0.06)  # no bar for the zero
    assert [float(bar.get("y", "")) + h for bar, h in zip(bars, heights, strict=True)] == (
        pytest.approx([100] * 4, abs=0.11)
    )
    assert [bar.get("class") for bar in bars] == ["mark", "mark", "point", "mark"]


def test_labels_stand_over_the_middle_of_their_bars() -> None:
    columns = chart().columns
    assert [column.left for column in columns] == ["10%", "30%", "50%", "70%", "90%"]
    assert [column.bottom for column in columns] == ["18.8%", "36.7%", "100%", "52.9%", "0%"]
    assert [column.label for column in columns if column.is_marked] == ["Wed 30"]


def test_only_marks_are_drawn_and_numbers_are_short() -> None:
    svg = chart([(f"n{n}", n * n * 7) for n in range(30)], marked=None).svg
    assert {element.tag for element in parse(svg)} == {"title", "desc", "rect", "path"}
    assert not re.search(r"\d\.\d\d", svg)
    assert "style" not in svg
    assert "fill" not in svg  # colours are the page's
    assert len(chart().svg) < 1000


def test_the_same_counts_give_the_same_bytes() -> None:
    assert chart() == chart()


@pytest.mark.parametrize("counts", [[], [("a", 0), ("b", 0)]])
def test_nothing_to_draw_is_an_empty_picture(counts: list[tuple[str, int]]) -> None:
    assert parse(chart(counts, marked=None).svg).findall("rect") == []


@pytest.mark.parametrize(
    ("part", "whole", "shown"), [(2, 3, "66.7%"), (1, 1, "100%"), (0, 9, "0%"), (7, 0, "0%")]
)
def test_widths_have_one_decimal_at_most(part: int, whole: int, shown: str) -> None:
    assert percent(part, whole) == shown
