"""Model and Rules: who gives each block its probability."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from pipeline.articles.features import Features, read_features
from pipeline.articles.judges import Judge, Model, Rules, shipped
from pipeline.articles.vocabulary import Vocabulary
from tests.articles.pages import layout_of, prose

PAGE = (
    "<nav><a href='/'>Home</a></nav><article><h1>The ferry</h1>"
    + "".join(f"<p>{prose(n, 2)}</p>" for n in range(4))
    + "<ul class='related'><li>A ferry of old</li></ul><p><a href='/x'>The timetable</a></p>"
    "</article><footer>The courier of the river towns</footer>"
)
#: The texts of the page that the rules take: headline and prose.
INSIDE = [False, True, True, True, True, True, False, False, False]


def features_of(body: str, vocabulary: Vocabulary | None = None) -> Features:
    return read_features(layout_of(body), vocabulary or Vocabulary({}, {}))


NAMES = features_of("word").names


def plain(**changed: Any) -> dict[str, Any]:
    """Return a model as JSON: one tree that asks whether a text is longer than ten."""
    model = {
        "features": list(NAMES),
        "names": {"lead": 0.5},
        "words": {"read": -1.0},
        "forest": {"start": 0.0, "trees": [[NAMES.index("length"), 10, -2.0, 2.0]]},
    }
    found: dict[str, Any] = json.loads(json.dumps({**model, **changed}))
    return found


def read(**changed: Any) -> Model:
    return Model.read(plain(**changed))


# --- the model --------------------------------------------------------------


def test_a_model_gives_probabilities() -> None:
    found = read().judge(features_of(f"<p>Menu</p><p>{prose(1)}</p>"))
    assert found.tolist() == pytest.approx([1 / (1 + np.exp(2)), 1 / (1 + np.exp(-2))])


def test_a_model_knows_its_words() -> None:
    vocabulary = read().vocabulary
    assert vocabulary.weigh_names("lead") == 0.5
    assert vocabulary.weigh_text("Read") == (-1.0, -1.0)


@pytest.mark.parametrize(("odds", "expected"), [(1e4, 1.0), (-1e4, 0.0), (0.0, 0.5)])
def test_a_model_that_is_sure_beyond_all_numbers_is_sure(odds: float, expected: float) -> None:
    found = read(forest={"start": odds, "trees": [0.0]}).judge(features_of("word"))
    assert found.tolist() == pytest.approx([expected])


@pytest.mark.parametrize("names", [NAMES[1:], NAMES[::-1], (*NAMES, "another"), ()])
def test_a_model_for_other_features_is_refused(names: tuple[str, ...]) -> None:
    model = replace(read(), features=names)
    with pytest.raises(ValueError, match="other features"):
        model.judge(features_of("word"))


@pytest.mark.parametrize(
    "found",
    [
        {},
        *({key: value for key, value in plain().items() if key != left} for left in plain()),
        plain(names=["lead"]),
        plain(words=None),
        plain(features="length"),
        plain(features={"length": 0}),
        plain(forest=[]),
        plain(forest={}),
        plain(forest={"start": 0.0, "trees": [[0, 0.5]]}),
        plain(forest={"start": 0.0, "trees": [[len(NAMES), 0.5, 1.0, 2.0]]}),
    ],
)
def test_what_is_no_model_is_refused(found: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        Model.read(found)


def test_the_model_that_is_shipped_was_trained_for_the_features_that_we_read() -> None:
    model = shipped()
    assert shipped() is model
    found = model.judge(features_of(PAGE, model.vocabulary))
    assert found.shape == (len(INSIDE),)
    assert ((found >= 0) & (found <= 1)).all()


# --- the rules --------------------------------------------------------------


def test_rules_take_the_prose_and_the_headings_of_the_best_place() -> None:
    found = Rules().judge(features_of(PAGE))
    assert (found > 0.5).tolist() == INSIDE
    assert ((found > 0) & (found < 1)).all()


def test_rules_know_no_words() -> None:
    vocabulary = Rules().vocabulary
    assert (vocabulary.names, vocabulary.words) == ({}, {})


@pytest.mark.parametrize("judge", [Rules(), read()], ids=["rules", "model"])
def test_whoever_judges_says_the_same_of_the_same_page(judge: Judge) -> None:
    first, second = (judge.judge(features_of(PAGE, judge.vocabulary)) for _ in range(2))
    assert first.tolist() == second.tolist()
