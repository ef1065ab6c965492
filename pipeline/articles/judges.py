"""Who tells the article's blocks from all others: a trained model, or rules alone."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pipeline.articles.features import Features
from pipeline.articles.forest import Forest
from pipeline.articles.places import LINK_SHARE
from pipeline.articles.vocabulary import Vocabulary


class Judge(Protocol):
    """Gives each block of a page the probability that it belongs to the article."""

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that its features are to weigh."""

    def judge(self, features: Features) -> NDArray[np.float64]:
        """Return the probability of each block, 0–1."""


@dataclass(frozen=True, slots=True)
class Model:
    """Boosted trees over the features of the blocks."""

    vocabulary: Vocabulary
    features: tuple[str, ...]
    forest: Forest

    @classmethod
    def read(cls, plain: Mapping[str, object]) -> "Model":
        """Read the JSON of a trained model; raise KeyError or ValueError if it is none."""
        names, words, features = plain["names"], plain["words"], plain["features"]
        forest = plain["forest"]
        if not (
            isinstance(names, dict)
            and isinstance(words, dict)
            and isinstance(features, list)
            and isinstance(forest, dict)
        ):
            raise ValueError("not a model of blocks")  # noqa: TRY004 - a content, not a type
        trees = Forest.read(forest)
        if trees.feature.size and int(trees.feature.max()) >= len(features):
            raise ValueError("a tree asks for a feature that there is not")
        return cls(Vocabulary(names, words), tuple(features), trees)

    def judge(self, features: Features) -> NDArray[np.float64]:
        """Return the probability of each block, 0–1; ValueError if trained for others."""
        if features.names != self.features:
            raise ValueError("the model was trained for other features: train it anew")
        return _probability(self.forest.log_odds(features.matrix))


def _probability(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    odds: NDArray[np.float64] = np.exp(np.clip(log_odds, -30, 30))
    return odds / (1 + odds)


#: What the rules give a block in the place of the article, and outside: they know no doubt.
_INSIDE, _OUTSIDE = 0.9, 0.05


@dataclass(frozen=True, slots=True)
class Rules:
    """What stands in the best place, is not named as furniture and is no link."""

    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary({}, {}))

    def judge(self, features: Features) -> NDArray[np.float64]:
        """Return the probability of each block, 0–1."""
        column = dict(zip(features.names, features.matrix.T, strict=True))
        inside = (
            (column["in best"] > 0)
            & (column["in furniture"] == 0)
            & (column["links"] <= LINK_SHARE)
        )
        return np.where(inside, _INSIDE, _OUTSIDE)


@cache
def shipped() -> Model:
    """Return the model that comes with the package."""
    text = resources.files("pipeline.articles").joinpath("model.json").read_text("utf-8")
    return Model.read(json.loads(text))
