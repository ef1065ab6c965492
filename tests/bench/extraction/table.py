"""Scores → the table, in Markdown: a row for each extractor."""

from collections.abc import Callable

from tests.bench.extraction.extractors import EXTRACTORS
from tests.bench.extraction.scores import Scores, Share

#: The row that time is compared with: it too reads text, title and day.
YARDSTICK = "trafilatura"
NOTHING = "–"


def render_table(rows: dict[str, Scores]) -> str:
    """Return the table; a dash stands for what an extractor does not tell."""
    cells = [["", *_COLUMNS], [":--", *("--:" for _ in _COLUMNS)]]
    yardstick = rows.get(YARDSTICK)
    for name, scores in rows.items():
        told = [column(scores, yardstick) for column in _COLUMNS.values()]
        cells.append([EXTRACTORS[name].label, *told])
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "".join(_row(line, widths) for line in cells)


def _row(cells: list[str], widths: list[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return f"| {' | '.join(padded)} |\n"


Column = Callable[[Scores, Scores | None], str]


def _share(name: str) -> Column:
    def column(scores: Scores, _: Scores | None) -> str:
        share: Share | None = scores.text.get(name)
        if not share:
            return NOTHING
        return f"{_figure(share.value)} ({_figure(share.low)}–{_figure(share.high)})"

    return column


def _f1(dataset: str) -> Column:
    return lambda scores, _: _figure(scores.f1.get(dataset))


def _right(field: str, dataset: str) -> Column:
    return lambda scores, _: _figure(scores.right.get((field, dataset)))


def _ratio(scores: Scores, yardstick: Scores | None) -> str:
    if not yardstick:
        return NOTHING
    pairs = zip(scores.ms, yardstick.ms, strict=True)
    return " / ".join(f"{ours / theirs:.2f}" for ours, theirs in pairs)


def _figure(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3f}".removeprefix("0")


_COLUMNS: dict[str, Column] = {
    "F1": _share("f1"),
    "precision": _share("precision"),
    "recall": _share("recall"),
    "aeb": _f1("aeb"),
    "wcxb": _f1("wcxb"),
    "fundus": _f1("fundus"),
    "fundus_eval": _f1("fundus_eval"),
    "segments": lambda scores, _: _figure(scores.segments),
    "day htmldate": _right("date", "htmldate"),
    "day postlight": _right("date", "postlight"),
    "day wcxb": _right("date", "wcxb"),
    "day fundus": _right("date", "fundus"),
    "title postlight": _right("title", "postlight"),
    "title fundus": _right("title", "fundus"),
    "language": _right("lang", "all"),
    "ms": lambda scores, _: " / ".join(f"{spent:.1f}" for spent in scores.ms),
    f"of {YARDSTICK}'s": _ratio,
    "MB": lambda scores, _: f"{scores.peak_mb:.0f}",
    "empty": lambda scores, _: str(scores.empty),
    "failed": lambda scores, _: str(scores.failed),
}
