"""A researcher's labels → a second opinion on the articles that the rules are unsure of.

The rules of sources.yaml find every article with a name of the topic; whether it is about
the holiday or names it in passing is told by place and by number, and that is where they
err. So a model learns from labels, and speaks only where a name was found and no full name
stands in the title: there the rules are right. It never turns up articles without a name.

The model is a logistic regression over what the rules found (which kind of name, where) and
over the words of the beginning, in their match form. It learns from a few hundred labels in
well under a second, so it is trained when it is needed and never stored.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.model import Article, Relevance, Topic, Verdict
from pipeline.relevance import ABOUT_SCORE
from pipeline.text import fold, words

#: With fewer labels a model says less than the rules do.
LEAST_LABELS = 50
#: Parts into which the labels are dealt to measure; each part is judged by a model of the rest.
#: A verdict with fewer labels than that cannot be learned.
FOLDS = 5
#: Characters from the start of a text that are read: its first paragraphs.
BEGINNING_CHARACTERS = 1_000
#: From this share an article is more likely about the topic than not.
_EVEN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article, what the rules say of it, and what a person says."""

    article: Article
    relevance: Relevance
    label: Verdict


#: (label, verdict) → how many.
Confusion = Mapping[tuple[Verdict, Verdict], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningReport:
    """How well rules and model judge the labelled articles of the doubtful middle.

    The model is measured on articles that it was not trained on.
    """

    labels: int
    doubtful: int  # of these; the others are left to the rules
    by_rules: Confusion
    by_model: Confusion


def share_right(confusion: Confusion) -> float:
    """Return the share of the articles that are judged as they are labelled; 1.0 of none.

    >>> share_right({(Verdict.ABOUT, Verdict.ABOUT): 3, (Verdict.MENTION, Verdict.ABOUT): 1})
    0.75
    """
    right = sum(count for (label, verdict), count in confusion.items() if label is verdict)
    return right / total if (total := sum(confusion.values())) else 1.0


def is_doubtful(relevance: Relevance, topic: Topic) -> bool:
    """Tell whether a name was found, and no full name of ``topic`` in the title."""
    full = {phrase.pattern for phrase in topic.names}
    titled = any(one.where == "title" and one.phrase in full for one in relevance.evidence)
    return bool(relevance.evidence) and not titled


def uncertainty(relevance: Relevance) -> float:
    """Return how little it would take to turn the verdict: 0–1, 1.0 at the threshold.

    >>> uncertainty(Relevance(verdict=Verdict.ABOUT, score=0.6))
    1.0
    """
    span = ABOUT_SCORE if relevance.score < ABOUT_SCORE else 1 - ABOUT_SCORE
    return 1 - abs(relevance.score - ABOUT_SCORE) / span


def can_learn(examples: Iterable[Example]) -> bool:
    """Tell whether there are enough labels, and enough of at least two verdicts."""
    learnable = _learnable(list(examples))
    return len(learnable) >= LEAST_LABELS and len({one.label for one in learnable}) > 1


@dataclass(frozen=True, slots=True)
class Scorer:
    """A trained model, ready to judge the doubtful middle of one topic."""

    topic: Topic
    _model: Any  # scikit-learn's pipeline; the library has no types

    def rescore(self, article: Article, relevance: Relevance) -> Relevance:
        """Return the model's judgement where the rules are unsure, else theirs.

        The score grows with what the model gives to “about”: even chances are `ABOUT_SCORE`.
        """
        if not is_doubtful(relevance, self.topic):
            return relevance
        (shares,) = self._model.predict_proba([_features(article, relevance, self.topic)])
        by_verdict = dict(zip(map(Verdict, self._model.classes_), map(float, shares), strict=True))
        about = by_verdict.pop(Verdict.ABOUT, 0.0)
        verdict = Verdict.ABOUT if about >= _EVEN else max(by_verdict, key=by_verdict.__getitem__)
        return replace(relevance, verdict=verdict, score=round(_score(about), 2))


def train(examples: Sequence[Example], topic: Topic, *, seed: int) -> Scorer:
    """Train on ``examples``; the same examples, in any order, and seed give the same scorer.

    Raises ValueError where `can_learn` says no.
    """
    if not can_learn(examples):
        raise ValueError(f"at least {LEAST_LABELS} labels are needed, and two verdicts among them")
    return _trained(_learnable(examples), topic, seed=seed)


def measure(examples: Sequence[Example], topic: Topic, *, seed: int) -> LearningReport:
    """Measure rules and model on the doubtful ones among ``examples``, by cross-validation.

    Raises ValueError where `can_learn` says no.
    """
    if not can_learn(examples):
        raise ValueError(f"at least {LEAST_LABELS} labels are needed, and two verdicts among them")
    dealt = _dealt(_learnable(examples), seed=seed)
    rules: Counter[tuple[Verdict, Verdict]] = Counter()
    model: Counter[tuple[Verdict, Verdict]] = Counter()
    for part in range(FOLDS):
        rest = [one for n, one in enumerate(dealt) if n % FOLDS != part]
        scorer = _trained(rest, topic, seed=seed)
        for one in dealt[part::FOLDS]:
            if is_doubtful(one.relevance, topic):
                rules[one.label, one.relevance.verdict] += 1
                model[one.label, scorer.rescore(one.article, one.relevance).verdict] += 1
    return LearningReport(
        labels=len(examples), doubtful=rules.total(), by_rules=rules, by_model=model
    )


def _score(about: float) -> float:
    """Return the score on which the share ``about`` falls: 0–1, as the rules tell it."""
    if about < _EVEN:
        return ABOUT_SCORE * about / _EVEN
    return ABOUT_SCORE + (1 - ABOUT_SCORE) * (about - _EVEN) / _EVEN


def _learnable(examples: Sequence[Example]) -> list[Example]:
    """Return the examples of verdicts that have enough, in an order of their own."""
    counts = Counter(one.label for one in examples)
    kept = [one for one in examples if counts[one.label] >= FOLDS]
    return sorted(kept, key=lambda one: (one.label, one.article.url, one.article.title))


def _dealt(examples: Sequence[Example], *, seed: int) -> list[Example]:
    """Shuffle within each verdict, so that every `FOLDS`-th one makes a part like the others."""
    from sklearn.utils import shuffle  # noqa: PLC0415  # 1 s to import

    return sorted(shuffle(examples, random_state=seed), key=lambda one: one.label)


def _trained(examples: Sequence[Example], topic: Topic, *, seed: int) -> Scorer:
    from sklearn.feature_extraction import DictVectorizer  # noqa: PLC0415  # 1 s to import
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline  # noqa: PLC0415

    model = make_pipeline(
        DictVectorizer(),
        LogisticRegression(class_weight="balanced", max_iter=1_000, random_state=seed),
    )
    features = [_features(one.article, one.relevance, topic) for one in examples]
    model.fit(features, [one.label.value for one in examples])
    return Scorer(topic, model)


def _features(article: Article, relevance: Relevance, topic: Topic) -> dict[str, float]:
    """Return what the rules found, and the words of title and beginning, of length 1 together."""
    full = {phrase.pattern for phrase in topic.names}
    features = {"score": relevance.score, "names": float(len(relevance.evidence))}
    for one in relevance.evidence:
        features[f"{'full' if one.phrase in full else 'short'} in {one.where}"] = 1.0
    beginning = f"{article.title}\n{article.text[:BEGINNING_CHARACTERS]}"
    used = set(words(fold(beginning)))
    return features | {f"word {word}": len(used) ** -0.5 for word in used}
