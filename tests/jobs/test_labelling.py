"""What is offered for a label first, and what is told of the labels."""

import pytest

from pipeline.errors import ConfigError
from pipeline.jobs.labelling import label_article, least_certain, remove_label, report_labels
from pipeline.model import Judge, Relevance, Verdict
from pipeline.store import verdicts
from pipeline.store.database import Archive
from tests.fakes import NOW, days, read_article, source
from tests.jobs.test_judging import file_labelled
from tests.store.filing import file_article, start
from tests.test_learning import TOPIC, examples

A = source("a")


def test_the_least_certain_come_first_and_of_these_the_newest(archive: Archive) -> None:
    run = start(archive, A)
    numbers = {}
    for name, score, age in (
        ("sure", 1.0, 0),
        ("even", 0.6, 3),
        ("newer", 0.5, 1),
        ("older", 0.5, 2),
    ):
        url, title = f"http://a.example/{name}", f"A {name} evening"
        read = read_article(url, name, title=title, published_at=NOW - days(age))
        numbers[name] = file_article(archive, run, A, read)
        judged = Relevance(verdict=Verdict.MENTION, score=score)
        with archive.writing() as connection:
            columns = verdicts.judged_by_rules(judged)
            verdicts.give_verdict(connection, numbers[name], columns)
    assert least_certain(archive) == [numbers[n] for n in ("even", "newer", "older", "sure")]


def test_a_label_and_its_taking_back_say_what_they_change(archive: Archive) -> None:
    number = file_article(archive, start(archive, A), A, read_article("http://a.example/1"))
    done = label_article(archive, number, Verdict.MENTION, now=NOW)
    assert (done.before.relevance.verdict, done.before.judged_by) == (Verdict.ABOUT, Judge.RULES)
    assert (done.after.relevance.verdict, done.after.judged_by) == (Verdict.MENTION, Judge.LABEL)
    assert least_certain(archive) == []
    done = remove_label(archive, number)
    assert (done.before.judged_by, done.after.judged_by) == (Judge.LABEL, Judge.RULES)
    assert done.after.relevance.verdict is Verdict.ABOUT
    again = remove_label(archive, number)
    assert again.before == again.after == done.after


def test_what_is_not_there_cannot_be_labelled(archive: Archive) -> None:
    with pytest.raises(ConfigError, match="no article 7"):
        label_article(archive, 7, Verdict.ABOUT, now=NOW)
    with pytest.raises(ConfigError, match="no article 7"):
        remove_label(archive, 7)


def test_too_few_labels_are_counted_and_measured_when_they_are_enough(archive: Archive) -> None:
    assert report_labels(archive, TOPIC).total == 0
    run = start(archive, A)
    made = examples(60)
    numbers = file_labelled(archive, run, made[:49])
    report = report_labels(archive, TOPIC)
    assert (report.total, report.measured) == (49, None)
    assert report.labels == {Verdict.ABOUT: 25, Verdict.MENTION: 24}
    extra = read_article("http://a.example/more", "More.", title="More")
    label_article(archive, file_article(archive, run, A, extra), Verdict.ABOUT, now=NOW)
    measured = report_labels(archive, TOPIC).measured
    assert measured is not None
    assert (measured.labels, measured.doubtful) == (50, 49), "one without a name of the topic"
    for number in numbers[:2]:
        remove_label(archive, number)
    assert report_labels(archive, TOPIC).measured is None
