"""Boosted trees as plain arrays, and how the blocks of a page run through them.

The trees are grown by scikit-learn (tests/bench/extraction/train.py) and kept as JSON:
numbers that a person can read, and no code. scikit-learn itself takes a second to import
and milliseconds a call, and stores its models as pickles.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Floats = NDArray[np.float64]

#: Trees after which a block with log-odds below `_HOPELESS` is not asked further: most
#: blocks of a page are menu items, and later trees do not bring one back.
_FIRST_TREES = 40
_HOPELESS = -3.5
#: Rows at a time: their nodes in all trees stay in the processor's cache.
_ROWS = 512


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees, each filled up to the same depth and laid out as a heap.

    The children of node n are 2n + 1 and 2n + 2, so that a step is a sum and no look-up.
    Log-odds are ``start`` and the value of one leaf of each tree (Friedman, "Greedy function
    approximation: a gradient boosting machine", 2001).
    """

    start: float
    depth: int  # steps from a root to a leaf
    feature: NDArray[np.int32]  # trees × inner nodes
    threshold: NDArray[np.float32]  # likewise: up to it to the left
    value: NDArray[np.float32]  # trees × leaves

    @classmethod
    def read(cls, plain: Mapping[str, object]) -> "Forest":
        """Read what the training wrote; raise KeyError or ValueError if it is no forest.

        ``start`` is a number, each of ``trees`` a leaf's value or [feature, threshold, left,
        right].
        """
        trees, start = plain["trees"], plain["start"]
        if not isinstance(trees, list) or not trees or not isinstance(start, int | float):
            raise ValueError("not a forest")
        depth = max(map(_depth, trees))
        inner = 2**depth - 1
        feature = np.zeros((len(trees), inner), dtype=np.int32)
        threshold = np.zeros((len(trees), inner), dtype=np.float32)
        value = np.zeros((len(trees), inner + 1), dtype=np.float32)
        for number, tree in enumerate(trees):
            _fill(tree, 0, feature[number], threshold[number], value[number])
        return cls(float(start), depth, feature, threshold, value)

    def log_odds(self, matrix: NDArray[np.float32]) -> _Floats:
        """Return the log-odds of each row of ``matrix`` (rows × features)."""
        parts = range(0, max(1, len(matrix)), _ROWS)
        return np.concatenate([self._log_odds(matrix[at : at + _ROWS]) for at in parts])

    def _log_odds(self, matrix: NDArray[np.float32]) -> _Floats:
        found = self.start + self._sum(matrix, slice(_FIRST_TREES))
        hopeful = np.flatnonzero(found > _HOPELESS)
        if len(hopeful):
            found[hopeful] += self._sum(matrix[hopeful], slice(_FIRST_TREES, None))
        return found

    def _sum(self, matrix: NDArray[np.float32], which: slice) -> _Floats:
        feature, threshold, value = self.feature[which], self.threshold[which], self.value[which]
        trees, inner = feature.shape
        rows, columns = matrix.shape
        row = (np.arange(rows, dtype=np.int32) * columns)[:, None]
        root = np.arange(trees, dtype=np.int32) * inner
        node = np.zeros((rows, trees), dtype=np.int32)
        for _ in range(self.depth):
            place = node + root
            # mode="clip" spares the check of each index.
            asked = np.take(feature, place, mode="clip") + row
            is_right = np.take(matrix, asked, mode="clip") > np.take(threshold, place, mode="clip")
            node = 2 * node + 1 + is_right
        leaf = node - inner + np.arange(trees, dtype=np.int32) * (inner + 1)
        total: _Floats = np.take(value, leaf, mode="clip").sum(axis=1, dtype=np.float64)
        return total


#: Levels below a root: a heap of more would not fit.
_DEEPEST = 16
_MOST_FEATURES = 10_000


def _depth(tree: object) -> int:
    """Return the levels below the root; raise ValueError for what is no tree."""
    if isinstance(tree, int | float):
        return 0
    if not isinstance(tree, list) or len(tree) != len(("feature", "threshold", "left", "right")):
        raise ValueError("not a tree")
    feature, threshold, left, right = tree
    if not isinstance(feature, int) or not 0 <= feature < _MOST_FEATURES:
        raise ValueError(f"not the number of a feature: {feature!r}")
    if not isinstance(threshold, int | float):
        raise ValueError(f"not a threshold: {threshold!r}")  # noqa: TRY004 - a content
    depth = 1 + max(_depth(left), _depth(right))
    if depth > _DEEPEST:
        raise ValueError(f"more than {_DEEPEST} levels")
    return depth


def _fill(
    tree: object,
    place: int,
    feature: NDArray[np.int32],
    threshold: NDArray[np.float32],
    value: NDArray[np.float32],
) -> None:
    """Write ``tree`` at ``place``; a leaf above the last level stands under both its sides."""
    left = right = tree
    if isinstance(tree, list):
        feature[place], threshold[place], left, right = tree
    elif isinstance(tree, int | float) and place >= len(feature):
        value[place - len(feature)] = tree
        return
    _fill(left, 2 * place + 1, feature, threshold, value)
    _fill(right, 2 * place + 2, feature, threshold, value)
