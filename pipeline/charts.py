"""Counts → SVG, about a kilobyte a chart.

Only the marks are SVG. They are stretched to the room they get, so words
inside would be stretched too: labels are HTML, placed beside the marks by
percentages. Colours are the page's CSS variables, so that dark mode and print
need no second chart. A plotting library would bring 100 MB, a fixed palette
and text that shrinks on a phone.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from html import escape

#: A column takes ten units of width, its bar six of them.
_COLUMN, _BAR = 10, 6

#: The height of the largest bar, in units.
_HEIGHT = 100

#: The height of the smallest bar of a small picture: one article beside a thousand is seen.
_LEAST = 4


@dataclass(frozen=True, slots=True)
class Column:
    """One bar of a chart, and where its label stands."""

    label: str
    value: int
    is_marked: bool  # drawn in the colour that says “this is the point”
    left: str  # the middle of the bar, in per cent of the chart's width
    bottom: str  # the top of the bar, in per cent of the chart's height


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as markup, and the labels to be placed over it."""

    svg: str
    columns: tuple[Column, ...]


def column_chart(
    counts: Sequence[tuple[str, int]],
    *,
    name: str,
    title: str,
    description: str,
    marked: int | None = None,
) -> Chart:
    """Draw one bar per label and count; ``marked`` is the index of the one that matters.

    ``name`` makes the identifiers unique within a page.
    """
    largest = max((count for _, count in counts), default=0)
    columns = tuple(
        Column(
            label=label,
            value=count,
            is_marked=index == marked,
            left=percent(2 * index + 1, 2 * len(counts)),
            bottom=percent(count, largest),
        )
        for index, (label, count) in enumerate(counts)
    )
    bars = "".join(_bar(index, column, largest) for index, column in enumerate(columns))
    width = _COLUMN * len(columns)
    svg = (
        f'<svg viewBox="0 0 {width} {_HEIGHT}" preserveAspectRatio="none" role="img"'
        f' aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
        f'{bars}<path class="base" d="M0 {_HEIGHT}H{width}"/></svg>'
    )
    return Chart(svg, columns)


def season_chart(  # noqa: PLR0913 - what a picture is made of, each by its name
    per_day: Sequence[int],
    *,
    length: int,
    most: int,
    name: str,
    title: str,
    description: str,
    marked: Container[int] = (),
) -> str:
    """Draw a small picture of a season, a bar a day; days that are not yet stay empty.

    Args:
        per_day: counts, from the first day of the season.
        length: days of the whole season, the same for pictures to be compared.
        most: the count that fills the height, likewise.
        name: makes the identifiers unique within a page.
        title: what it shows.
        description: what it says.
        marked: days drawn in the colour that says “this is the point”.
    """
    bars: dict[str, list[str]] = {"mark": [], "point": []}
    for day, count in enumerate(per_day):
        if count:
            colour = "point" if day in marked else "mark"
            height = max(_LEAST, _HEIGHT * count / most)
            bars[colour].append(f"M{4 * day} {_HEIGHT}v-{_number(height)}h3v{_number(height)}z")
    paths = "".join(f'<path class="{c}" d="{"".join(b)}"/>' for c, b in bars.items() if b)
    return (
        f'<svg class="season" viewBox="0 0 {4 * length - 1} {_HEIGHT}" preserveAspectRatio="none"'
        f' role="img" aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-desc">{escape(description)}</desc>'
        f'<path class="base" d="M0 {_HEIGHT}H{4 * length - 1}"/>{paths}</svg>'
    )


def percent(part: int, whole: int) -> str:
    """Return ``part`` of ``whole`` as a CSS length, to a tenth of a per cent.

    >>> percent(1, 3), percent(5, 5), percent(0, 0)
    ('33.3%', '100%', '0%')
    """
    return f"{_number(100 * part / whole)}%" if whole else "0%"


def _bar(index: int, column: Column, largest: int) -> str:
    if not column.value:
        return ""
    height = _HEIGHT * column.value / largest
    x = index * _COLUMN + (_COLUMN - _BAR) / 2
    colour = "point" if column.is_marked else "mark"
    return (
        f'<rect class="{colour}" x="{_number(x)}" y="{_number(_HEIGHT - height)}"'
        f' width="{_BAR}" height="{_number(height)}"/>'
    )


def _number(value: float) -> str:
    """Write ``value`` with at most one decimal, none if it is whole."""
    return f"{value:.1f}".removesuffix(".0")
