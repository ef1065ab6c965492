"""Forest: trees as arrays say what the trees themselves say."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from pipeline.articles.forest import Forest
from tests.bench.extraction.train import plain


def forest(*trees: object, start: float = 0.0) -> Forest:
    """Read a forest as it stands in a file."""
    return Forest.read(json.loads(json.dumps({"start": start, "trees": trees})))


def odds(read: Forest, *rows: list[float]) -> list[float]:
    found: list[float] = read.log_odds(np.array(rows, dtype=np.float32)).tolist()
    return found


# --- trees written by hand --------------------------------------------------


def test_a_threshold_belongs_to_the_left() -> None:
    assert odds(forest([0, 0.5, -1.0, 1.0]), [0.0], [0.5], [0.75]) == [-1.0, -1.0, 1.0]


def test_each_node_asks_for_its_own_feature() -> None:
    read = forest([1, 10, [0, 0, 1.0, 2.0], [2, -1, 3.0, [0, 5, 4.0, 5.0]]])
    rows = [[0, 9, 0], [1, 9, 0], [0, 11, -1], [5, 11, 0], [6, 11, 0]]
    assert odds(read, *map(list[float], rows)) == [1, 2, 3, 4, 5]


def test_trees_of_any_depth_are_summed_up_from_the_start() -> None:
    read = forest([0, 0, 1.0, [0, 1, 2.0, [0, 2, 4.0, 8.0]]], 0.25, [0, 1, 0.0, 16.0], start=0.5)
    assert odds(read, [0], [1], [2], [3]) == [1.75, 2.75, 20.75, 24.75]


@pytest.mark.parametrize("trees", [[0.5], [0.5, 0.25], [0.125] * 90])
def test_a_leaf_alone_is_a_tree(trees: list[float]) -> None:
    assert odds(forest(*trees, start=-1.0), [7.0], [8.0]) == [sum(trees) - 1.0] * 2


def test_no_row_gives_no_answer() -> None:
    empty = np.zeros((0, 3), dtype=np.float32)
    assert forest([2, 0.5, -1.0, 1.0], 0.5).log_odds(empty).tolist() == []


def test_what_is_hopeless_is_not_asked_to_the_end_and_stays_hopeless() -> None:
    late = forest(*([[0, 0, -0.125, 0.125]] * 40), *([[0, 0, -1.0, 1.0]] * 5))
    assert odds(late, [0], [1]) == [-5.0, 10.0]
    hopeful = forest(*([[0, 0, -0.0625, 0.125]] * 40), *([[0, 0, 1.0, 1.0]] * 5))
    assert odds(hopeful, [0], [1]) == [2.5, 10.0]


def test_the_order_of_rows_says_nothing() -> None:
    read = forest(*([[0, n / 40, -0.25, 0.25] for n in range(60)]))
    rows = [[n / 30] for n in range(40)]
    assert odds(read, *rows) == odds(read, *rows[::-1])[::-1]


# --- trees of scikit-learn --------------------------------------------------

Floats = NDArray[np.float32]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """On a busy machine the threads of scikit-learn wait for each other by turning around."""
    with threadpool_limits(1):
        yield


#: Log-odds from which Forest gives an exact answer; below it stops early.
HOPELESS = -3.5
#: Log-odds that sixty leaves lose, of which four digits each are kept.
ROUNDING = 5e-4


def grown(kind: str) -> tuple[HistGradientBoostingClassifier, Floats]:
    """Return sixty trees, more than are asked of hopeless rows, and what they grew from."""
    random = np.random.default_rng(7)
    rows: Floats = random.normal(size=(1_500, 6)).astype(np.float32)
    if kind == "counts":
        rows = np.round(rows * 3)
    elif kind == "shares":
        rows = np.clip(rows, 0, 1)
    wanted = rows[:, 0] + rows[:, 1] * rows[:, 2] + random.normal(size=1_500) / 2
    trees = HistGradientBoostingClassifier(
        max_iter=60, max_leaf_nodes=12, max_depth=8, learning_rate=0.03, random_state=1
    )
    return trees.fit(rows, wanted > np.quantile(wanted, 0.95)), rows


@pytest.mark.parametrize("kind", ["figures", "counts", "shares"])
def test_trees_from_the_trainer_say_what_they_said_there(kind: str) -> None:
    trees, known = grown(kind)
    strange = np.random.default_rng(8).normal(scale=4, size=(500, 6)).astype(np.float32)
    rows = np.concatenate([known, strange])
    expected = trees.decision_function(rows)
    found = forest_of(trees).log_odds(rows)
    exact = found > HOPELESS
    assert exact.any()
    assert (~exact).any()
    np.testing.assert_allclose(found[exact], expected[exact], atol=ROUNDING, rtol=0)
    assert expected[~exact].max() < -3


def forest_of(trees: HistGradientBoostingClassifier) -> Forest:
    return Forest.read(json.loads(json.dumps(plain(trees))))


def test_neighbouring_numbers_stay_apart_on_the_way_to_the_file() -> None:
    one = np.nextafter(np.float32(1), np.float32(2))  # its middle to the next rounds up
    two = np.nextafter(one, np.float32(2))
    rows = np.array([[one], [two]] * 50, dtype=np.float32)
    trees = HistGradientBoostingClassifier(max_iter=3, min_samples_leaf=5)
    trees.fit(rows, rows[:, 0] > one)
    expected = trees.decision_function(rows)
    np.testing.assert_allclose(forest_of(trees).log_odds(rows), expected, atol=ROUNDING, rtol=0)


# --- what is no forest ------------------------------------------------------


@pytest.mark.parametrize(
    "found",
    [
        {},
        {"start": 0.5},
        {"trees": [0.5]},
        {"start": "0.5", "trees": [0.5]},
        {"start": None, "trees": [0.5]},
        {"start": 0.5, "trees": {}},
        {"start": 0.5, "trees": []},
        {"start": 0.5, "trees": ["leaf"]},
        {"start": 0.5, "trees": [None]},
        {"start": 0.5, "trees": [{"feature": 0}]},
        {"start": 0.5, "trees": [[]]},
        {"start": 0.5, "trees": [[0, 0.5, 1.0]]},
        {"start": 0.5, "trees": [[0, 0.5, 1.0, 2.0, 3.0]]},
        {"start": 0.5, "trees": [[0, 0.5, 1.0, "leaf"]]},
        {"start": 0.5, "trees": [["links", 0.5, 1.0, 2.0]]},
        {"start": 0.5, "trees": [[None, 0.5, 1.0, 2.0]]},
        {"start": 0.5, "trees": [[0, [0.5], 1.0, 2.0]]},
        {"start": 0.5, "trees": [[float("inf"), 0.5, 1.0, 2.0]]},
        {"start": 0.5, "trees": [[10**12, 0.5, 1.0, 2.0]]},
        {"start": 0.5, "trees": [[-1, 0.5, 1.0, 2.0]]},
    ],
)
def test_what_is_no_forest_is_refused(found: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        Forest.read(found)
