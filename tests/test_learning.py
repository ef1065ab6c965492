"""Learning from labels: what is re-scored, what is left alone, and whether it helps."""

from itertools import cycle, islice, product

import pytest

from pipeline.learning import (
    FOLDS,
    LEAST_LABELS,
    Example,
    can_learn,
    is_doubtful,
    measure,
    share_right,
    train,
    uncertainty,
)
from pipeline.model import Article, Phrase, Relevance, Season, Topic, Verdict
from pipeline.relevance import judge

TOPIC = Topic(
    name="Lantern Day",
    time_zone="UTC",
    season=Season(start=(2, 1), day=(2, 9), end=(2, 12)),
    names=(Phrase(language="en", pattern="lantern day of the river towns"),),
    short_names=(Phrase(language="en", pattern="lantern day"),),
    subjects=(Phrase(language="en", pattern="river town*"),),
    settings=(Phrase(language="en", pattern="lanterns"),),
)

PLACES = ("the mill", "the old port", "the upper bridge", "the school", "the market", "the lock")
FESTIVE = (
    "Choirs sang, and hundreds of lanterns were lit by the families of the river towns",
    "A procession with lanterns set out after dark, and the river towns were full of guests",
    "Children of the river towns carried lanterns, and the mayor spoke of the first of them",
)
PRACTICAL = (
    "The toll office of the river towns sells lanterns and closes at noon, as it does on holidays",
    "Fares in the river towns rise, deliveries of lanterns wait, and the counter opens at nine",
    "The river towns publish the timetable; shops with lanterns and the depot are shut",
)


def article(n: int, place: str, matter: str) -> Article:
    text = f"At {place} it was a long day. {matter}. It was Lantern Day."
    return Article(url=f"https://example.org/{n}", title=f"News from {place}", text=text)


def examples(count: int = 72) -> list[Example]:
    """Return labelled articles that the rules all judge alike: a short name in the lead."""
    kinds = [(Verdict.ABOUT, FESTIVE), (Verdict.MENTION, PRACTICAL)]
    told = [(kind, matter) for kind, matters in kinds for matter in matters]
    made = []
    for n, (place, (label, matter)) in enumerate(islice(cycle(product(PLACES, told)), count)):
        one = article(n, place, matter)
        made.append(Example(article=one, relevance=judge(one, TOPIC), label=label))
    return made


def test_the_rules_cannot_tell_the_examples_apart() -> None:
    assert {one.relevance.verdict for one in examples()} == {Verdict.ABOUT}


def test_a_model_tells_what_the_rules_cannot() -> None:
    report = measure(examples(), TOPIC, seed=1)
    assert (report.labels, report.doubtful) == (72, 72)
    assert share_right(report.by_rules) == 0.5
    assert share_right(report.by_model) >= 0.95
    assert sum(report.by_model.values()) == sum(report.by_rules.values()) == 72


def test_what_is_not_doubtful_is_not_measured() -> None:
    sure = [
        Example(article=one, relevance=judge(one, TOPIC), label=Verdict.ABOUT)
        for n in range(10)
        for one in [
            Article(url=f"https://example.org/sure/{n}", title=TOPIC.names[0].pattern, text="")
        ]
    ]
    report = measure([*examples(), *sure], TOPIC, seed=1)
    assert (report.labels, report.doubtful) == (82, 72)


def test_it_re_scores_an_article_that_it_has_not_seen() -> None:
    scorer = train(examples(), TOPIC, seed=1)
    for label, matter in ((Verdict.ABOUT, FESTIVE[0]), (Verdict.MENTION, PRACTICAL[0])):
        one = article(1_000, "the ferry", matter)
        rules = judge(one, TOPIC)
        learned = scorer.rescore(one, rules)
        assert learned.verdict is label
        assert learned.evidence == rules.evidence
        assert 0 <= learned.score <= 1
        assert (learned.score > 0.6) == (label is Verdict.ABOUT)


def test_a_full_name_in_the_title_is_never_overruled() -> None:
    scorer = train(examples(), TOPIC, seed=1)
    text = f"{PRACTICAL[0]}. {PRACTICAL[1]}."
    one = Article(url="https://example.org/", title="Lantern Day of the River Towns", text=text)
    rules = judge(one, TOPIC)
    assert rules.verdict is Verdict.ABOUT
    assert not is_doubtful(rules, TOPIC)
    assert scorer.rescore(one, rules) is rules


def test_a_short_name_in_the_title_is_doubtful() -> None:
    one = Article(url="https://example.org/", title="Lantern Day", text="River towns, lanterns.")
    assert is_doubtful(judge(one, TOPIC), TOPIC)


def test_what_has_no_name_is_not_turned_up() -> None:
    scorer = train(examples(), TOPIC, seed=1)
    one = Article(url="https://example.org/", title="News", text=FESTIVE[0])
    rules = judge(one, TOPIC)
    assert rules.verdict is Verdict.UNRELATED
    assert scorer.rescore(one, rules) is rules


def test_the_same_labels_in_any_order_give_the_same_model() -> None:
    made = examples()
    one, other = train(made, TOPIC, seed=1), train(made[::-1], TOPIC, seed=1)
    for example in made:
        assert one.rescore(example.article, example.relevance) == other.rescore(
            example.article, example.relevance
        )
    assert measure(made, TOPIC, seed=1) == measure(made[::-1], TOPIC, seed=1)


def with_label(label: Verdict, count: int) -> list[Example]:
    made = [one for one in examples(count * 2) if one.label is Verdict.ABOUT][:count]
    return [Example(article=one.article, relevance=one.relevance, label=label) for one in made]


@pytest.mark.parametrize(
    ("made", "enough"),
    [
        (examples(LEAST_LABELS), True),
        (examples(LEAST_LABELS - 1), False),
        (with_label(Verdict.ABOUT, 60), False),
        ([*with_label(Verdict.ABOUT, 60), *with_label(Verdict.MENTION, FOLDS)], True),
        ([*with_label(Verdict.ABOUT, 60), *with_label(Verdict.MENTION, FOLDS - 1)], False),
        ([*with_label(Verdict.ABOUT, 46), *with_label(Verdict.MENTION, FOLDS - 1)], False),
        ([], False),
    ],
    ids=["fifty", "49", "one verdict", "five of another", "four of another", "few", "none"],
)
def test_too_few_labels_teach_nothing(made: list[Example], enough: bool) -> None:
    assert can_learn(made) == enough
    if not enough:
        with pytest.raises(ValueError, match="at least 50 labels"):
            train(made, TOPIC, seed=1)
        with pytest.raises(ValueError, match="at least 50 labels"):
            measure(made, TOPIC, seed=1)


def test_a_verdict_with_too_few_labels_is_left_out() -> None:
    made = [*examples(), *with_label(Verdict.UNRELATED, FOLDS - 1)]
    report = measure(made, TOPIC, seed=1)
    assert (report.labels, report.doubtful) == (72 + FOLDS - 1, 72)


def test_three_verdicts_are_learned() -> None:
    strays = [
        Example(article=stray, relevance=judge(stray, TOPIC), label=Verdict.UNRELATED)
        for n, place in enumerate(PLACES * 2)
        for stray in [article(n + 500, place, "A ship named Lantern Day of the river towns sank")]
    ]
    scorer = train([*examples(), *strays], TOPIC, seed=1)
    learned = scorer.rescore(strays[0].article, strays[0].relevance)
    assert learned.verdict is Verdict.UNRELATED
    assert learned.score < 0.5


@pytest.mark.parametrize(
    ("score", "doubt"), [(0.0, 0.0), (0.3, 0.5), (0.6, 1.0), (0.8, 0.5), (1.0, 0.0)]
)
def test_uncertainty_is_greatest_at_the_threshold(score: float, doubt: float) -> None:
    told = uncertainty(Relevance(verdict=Verdict.MENTION, score=score))
    assert told == pytest.approx(doubt)
