"""A model of the labels judges what the rules are unsure of, once, and nothing else."""

import subprocess
import sys
from dataclasses import replace

import pytest
import sqlalchemy as sa

from pipeline.duplicates import fingerprint
from pipeline.jobs.curate import curate
from pipeline.learning import Example
from pipeline.model import Article, Keep, Moment, ReadArticle, Relevance, Verdict
from pipeline.relevance import judge
from pipeline.store import labels
from pipeline.store.database import Archive
from pipeline.store.labels import Label
from pipeline.store.runs import Run
from pipeline.store.tables import article
from tests.fakes import NOW, read_article, source
from tests.store.filing import file_article, start
from tests.test_learning import PLACES, PRACTICAL, TOPIC, examples
from tests.test_learning import article as article_of

A, B = source("a"), source("b")
ALL = replace(source("c"), keep=Keep.ALL)
STRAY = "A ship named Lantern Day of the river towns sank"


def read(url: str, made: Article, relevance: Relevance | None = None) -> ReadArticle:
    """An article at another address, as the reader gives it."""
    moved = replace(made, url=url, language="en", published=Moment(at=NOW, origin="meta"))
    return replace(
        read_article(url),
        article=moved,
        relevance=relevance or judge(moved, TOPIC),
        fingerprint=fingerprint(made.text),
    )


def file_labelled(archive: Archive, run: Run, made: list[Example]) -> list[int]:
    """File examples, each under a headline of its own, and label them; return their numbers."""
    numbers = []
    for place, one in enumerate(made):
        headed = replace(one.article, title=f"{one.article.title} {place}")
        number = file_article(archive, run, A, read(f"http://a.example/l{place}", headed))
        numbers.append(number)
    with archive.writing() as connection:
        for number, one in zip(numbers, made, strict=True):
            labels.save_label(connection, number, Label(one.label, NOW))
    return numbers


def say(archive: Archive, number: int, verdict: Verdict) -> None:
    with archive.writing() as connection:
        labels.save_label(connection, number, Label(verdict, NOW))


def verdicts(archive: Archive) -> dict[int, tuple[str, str, str]]:
    """What counts for each article, whose that is, and what the rules say."""
    columns = (article.c.verdict, article.c.judged_by, article.c.rules_verdict)
    with archive.reading() as connection:
        rows = connection.execute(sa.select(article.c.id, *columns)).all()
    return {number: tuple(rest) for number, *rest in rows}


LEARNED = ("mention", "model", "about")
BY_RULES = ("about", "rules", "about")


def practical(n: int) -> Article:
    return article_of(n, "the ferry", PRACTICAL[n % len(PRACTICAL)])


def test_the_doubtful_are_judged_once_and_again_with_other_labels(archive: Archive) -> None:
    run = start(archive, A, B)
    first = file_article(archive, run, B, read("http://b.example/1", practical(1)))
    assert curate(archive, TOPIC).rescored == 0, "there are no labels"
    assert verdicts(archive)[first] == BY_RULES

    numbers = file_labelled(archive, run, examples(60))
    assert curate(archive, TOPIC).rescored == 1
    assert verdicts(archive)[first] == LEARNED
    assert curate(archive, TOPIC).rescored == 0, "running again changes nothing"

    second = file_article(archive, run, B, read("http://b.example/2", practical(2)))
    assert curate(archive, TOPIC).rescored == 1, "only what is new"
    assert verdicts(archive)[second] == LEARNED

    say(archive, second, Verdict.ABOUT)
    assert curate(archive, TOPIC).rescored == 1, "the other, with one label more"
    assert verdicts(archive)[second] == ("about", "label", "about")
    with archive.writing() as connection:
        for number in [*numbers, second]:
            labels.remove_label(connection, number)
    assert curate(archive, TOPIC).rescored == 0
    assert set(verdicts(archive).values()) == {BY_RULES}, "without labels the rules judge"
    with archive.reading() as connection:
        assert set(connection.scalars(sa.select(article.c.judged_with))) == {None}


def test_what_the_rules_are_sure_of_is_left_alone(archive: Archive) -> None:
    run = start(archive, A, B, ALL)
    file_labelled(archive, run, examples(60))
    titled = Article(url="", title="Lantern Day of the River Towns", text=f"{PRACTICAL[0]}.")
    sure = file_article(archive, run, B, read("http://b.example/1", titled))
    about = Relevance(verdict=Verdict.ABOUT, score=0.0, evidence=judge(titled, TOPIC).evidence)
    kept = file_article(archive, run, ALL, read("http://c.example/1", practical(1), about))
    assert curate(archive, TOPIC).rescored == 0
    found = verdicts(archive)
    assert found[sure] == found[kept] == BY_RULES
    with archive.reading() as connection:
        here = sa.select(article.c.judged_with).where(article.c.id.in_([sure, kept]))
        assert [*connection.scalars(here)] == ["", ""], "nor looked at again with other labels"


def test_what_the_model_finds_unrelated_leaves_its_copies_and_may_come_back(
    archive: Archive,
) -> None:
    run = start(archive, A, B)
    # Long enough to have copies, and told by its beginning.
    text = (
        f"At the ferry it was a long day. {STRAY}. It was Lantern Day. {'The crew is safe. ' * 9}"
    )
    sunk = Article(url="", title="News from the ferry", text=text)
    pair = [
        file_article(archive, run, outlet, read(f"http://{outlet.id}.example/1", sunk))
        for outlet in (A, B)
    ]
    curate(archive, TOPIC)
    assert groups(archive, pair) == [pair[0], pair[0]]
    strays = [
        Example(article=one, relevance=judge(one, TOPIC), label=Verdict.UNRELATED)
        for n, place in enumerate(PLACES * 2)
        for one in [article_of(n + 500, place, STRAY)]
    ]
    numbers = file_labelled(archive, run, [*examples(60), *strays])
    assert curate(archive, TOPIC).rescored == 2
    assert {verdicts(archive)[number][0] for number in pair} == {"unrelated"}
    assert groups(archive, pair) == [None, None]
    with archive.writing() as connection:
        for number in numbers:
            labels.remove_label(connection, number)
    curate(archive, TOPIC)
    assert {verdicts(archive)[number] for number in pair} == {BY_RULES}
    [first, second] = groups(archive, pair)
    assert first is not None
    assert first == second


def groups(archive: Archive, numbers: list[int]) -> list[int | None]:
    """The representatives of these articles."""
    here = sa.select(article.c.representative_id).where(article.c.id.in_(numbers))
    with archive.reading() as connection:
        return [*connection.scalars(here)]


def test_a_label_that_comes_between_is_not_overruled(archive: Archive) -> None:
    run = start(archive, A, B)
    first = file_article(archive, run, B, read("http://b.example/1", practical(1)))
    file_labelled(archive, run, examples(60))
    say(archive, first, Verdict.ABOUT)
    curate(archive, TOPIC)
    assert verdicts(archive)[first] == ("about", "label", "about")


@pytest.mark.parametrize(
    "made",
    [examples(49), [replace(one, label=Verdict.ABOUT) for one in examples(60)]],
    ids=["49", "one verdict"],
)
def test_from_too_few_labels_nothing_is_learned(archive: Archive, made: list[Example]) -> None:
    run = start(archive, A, B)
    first = file_article(archive, run, B, read("http://b.example/1", practical(1)))
    file_labelled(archive, run, made)
    assert curate(archive, TOPIC).rescored == 0
    assert verdicts(archive)[first] == BY_RULES


def test_without_labels_the_library_is_not_imported(archive: Archive) -> None:
    run = start(archive, A)
    file_article(archive, run, A, read("http://a.example/1", practical(1)))
    url = archive.engine.url.render_as_string(hide_password=False)
    program = (
        "import sys\n"
        "from pipeline.jobs.curate import curate\n"
        "from pipeline.store.database import Archive\n"
        "from tests.test_learning import TOPIC\n"
        f"print(curate(Archive.open({url!r}, 'pages'), TOPIC).curated, 'sklearn' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "1 False\n"


def test_labels_know_no_order(archive: Archive) -> None:
    """The same labels, filed and said in another order, lead to the same model."""
    run = start(archive, A, B)
    made = examples(60)
    numbers = file_labelled(archive, run, made)
    file_article(archive, run, B, read("http://b.example/1", practical(1)))
    assert curate(archive, TOPIC).rescored == 1
    with archive.writing() as connection:
        labels.remove_label(connection, numbers[0])
    say(archive, numbers[0], made[0].label)
    assert curate(archive, TOPIC).rescored == 0
