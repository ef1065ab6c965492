"""The command `label`: what a person says of an article, which counts more than any rule."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated

import typer

from pipeline.cli import printing
from pipeline.cli.options import AsJson, Database, Reports, Sources, choose, opened
from pipeline.errors import ConfigError
from pipeline.jobs.labelling import (
    LabelsReport,
    Relabelling,
    label_article,
    least_certain,
    remove_label,
    report_labels,
)
from pipeline.learning import FOLDS, LEAST_LABELS, Confusion, share_right
from pipeline.model import ArchivedArticle, Judge, Topic, Verdict
from pipeline.store.articles import find_articles
from pipeline.store.database import Archive
from pipeline.text import fold, sentences
from pipeline.web.clock import utc_now

#: Characters of an article's beginning that are shown, and of a sentence with a name.
_BEGINNING, _SENTENCE = 500, 300


def label(
    number: Annotated[
        int | None, typer.Argument(metavar="ID", help="The article's number.")
    ] = None,
    verdict: Annotated[
        Verdict | None,
        typer.Argument(metavar="VERDICT", help="What it is: about, mention or unrelated."),
    ] = None,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take the label of the article back.")
    ] = False,
    review: Annotated[
        bool, typer.Option("--review", help="Go through the least certain articles, one by one.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Say how well the labels teach, beside the rules.")
    ] = False,
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Say whether an article is about the holiday, only mentions it, or neither.

    What you say counts at once, and stays when the page is read again. With 50 labels or more
    `solidarity curate` has a model of them judge the articles that the rules are unsure of.

    Example: solidarity label 12 mention

    Example: solidarity label 12 --remove

    Example: solidarity label --review

    Example: solidarity label --report --json
    """
    _check(number, verdict, {"--remove": remove, "--review": review, "--report": report})
    settings, catalogue = choose(sources, database, reports)
    # Read-only as far as the schema goes: there must be an archive, and a label makes none.
    with opened(settings, read_only=True) as archive:
        if report:
            figures = _report(archive, catalogue.topic)
        elif review:
            figures = _review(archive, catalogue.topic)
        else:
            figures = _label(archive, number or 0, verdict)
    if as_json:
        printing.print_json(figures)


def _check(number: int | None, verdict: Verdict | None, options: Mapping[str, bool]) -> None:
    """Refuse what cannot be meant."""
    given = [name for name, is_given in options.items() if is_given]
    if len(given) > 1:
        raise ConfigError(f"{given[0]} and {given[1]} do not go together")
    if given == ["--remove"]:
        if number is None or verdict is not None:
            raise ConfigError("--remove goes with the number of an article, and nothing else")
    elif given:
        if number is not None:
            raise ConfigError(f"{given[0]} goes without the number of an article")
    elif verdict is None:
        raise ConfigError(
            "name an article and what it is, as in `solidarity label 12 about`; or --remove, "
            "--review, --report"
        )


# --- one article -----------------------------------------------------------

_JUDGES = {
    Judge.RULES: "by the rules",
    Judge.MODEL: "by the model",
    Judge.LABEL: "by your label",
}


def _label(archive: Archive, number: int, verdict: Verdict | None) -> dict[str, object]:
    """Label an article, or take its label back, and say what that changes."""
    if verdict is None:
        done = remove_label(archive, number)
    else:
        done = label_article(archive, number, verdict, now=utc_now())
    before, after = done.before, done.after
    printing.print_line(f"{number}  {after.article.title}")
    if verdict is None and before.judged_by is not Judge.LABEL:
        printing.print_line(f"has no label; it is {_told(after)}")
    else:
        printing.print_line(f"was {_told(before)}; is {_told(after)} now")
    return _figures(number, done)


def _told(one: ArchivedArticle) -> str:
    return f"{one.relevance.verdict.value} {_JUDGES[one.judged_by]}"


def _figures(number: int, done: Relabelling) -> dict[str, object]:
    return {
        "id": number,
        "was": done.before.relevance.verdict.value,
        "is": done.after.relevance.verdict.value,
        "judged_by": done.after.judged_by.value,
    }


# --- one by one ------------------------------------------------------------


class _Key(StrEnum):
    """What can be answered; the first letter is enough."""

    ABOUT = "about"
    MENTION = "mention"
    UNRELATED = "unrelated"
    SKIP = "skip"
    QUIT = "quit"


_PROMPT = "a about · m mention · u unrelated · s skip · q quit?"


def _review(archive: Archive, topic: Topic) -> dict[str, object]:
    """Offer articles until there is none left or the person has enough."""
    waiting = least_certain(archive)
    given: Counter[_Key] = Counter()
    try:
        for place, number in enumerate(waiting, 1):
            with archive.reading() as connection:
                [one] = find_articles(connection, [number])
            for line in _offer(one, topic, f"{place} of {len(waiting)}"):
                printing.print_line(line)
            key = _ask()
            if key is _Key.QUIT:
                break
            given[key] += 1
            if key is not _Key.SKIP:
                label_article(archive, number, Verdict(key.value), now=utc_now())
    finally:  # Ctrl-C too: what was labelled is kept
        counts = {key.value: given[key] for key in _Key if key is not _Key.QUIT}
        labelled = given.total() - given[_Key.SKIP]
        printing.print_line(f"{labelled} labelled, {given[_Key.SKIP]} skipped")
    return {"waiting": len(waiting), "labelled": labelled, **counts}


def _offer(one: ArchivedArticle, topic: Topic, place: str) -> Iterator[str]:
    """Say of an article what helps to judge it."""
    day = one.published_at.astimezone(topic.zone).date()
    language = one.article.language or "?"
    yield f"\n[{place}] {one.id}  {one.article.title}"
    yield f"{one.source.name} ({one.source.publisher.value}, {language}), {day}"
    yield one.article.url
    yield f"{_told(one)}, {one.relevance.score:.2f}"
    for sentence in _telling(one):
        yield f"  > {sentence}"
    yield f"\n{_cut(one.article.text, _BEGINNING)}\n"


def _telling(one: ArchivedArticle) -> list[str]:
    """Return the sentences with the names on which the verdict rests, each once, in order."""
    forms = {each.form for each in one.relevance.evidence}
    every = [one.article.title, *sentences(one.article.text)]
    found = [_around(each, form) for each in every for form in forms if form in fold(each)]
    return list(dict.fromkeys(found))


def _around(sentence: str, form: str) -> str:
    """Return a sentence, or of a long one the part about the name; folding moves little."""
    start = max(0, fold(sentence).find(form) + len(form) // 2 - _SENTENCE // 2)
    if len(sentence) <= _SENTENCE:
        return _cut(sentence, _SENTENCE)
    return ("… " if start else "") + _cut(sentence[start:], _SENTENCE)


def _cut(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rpartition(' ')[0] or line[:most]} …"


def _ask() -> _Key:
    """Ask until there is an answer; the end of the input is one, too."""
    while True:
        printing.print_line(_PROMPT)
        answer = _answer()
        if answer is None:
            return _Key.QUIT
        for key in _Key:
            if answer in {key.value, key.value[0]}:
                return key


def _answer() -> str | None:
    """Return a key that is pressed, or a line where there is no terminal; None: the end."""
    if sys.stdin.isatty():
        try:
            return typer.getchar().lower()
        except EOFError:
            return None
    line = sys.stdin.readline()
    return line.strip().lower() if line else None


# --- what the labels teach -------------------------------------------------


def _report(archive: Archive, topic: Topic) -> dict[str, object]:
    """Print how well rules and model judge what is labelled; return the figures."""
    found = report_labels(archive, topic)
    kinds = ", ".join(f"{found.labels.get(one, 0)} {one.value}" for one in Verdict)
    printing.print_line(f"{found.total} {'label' if found.total == 1 else 'labels'}: {kinds}")
    for line in _measured(found):
        printing.print_line(line)
    return _report_figures(found)


def _measured(found: LabelsReport) -> Iterator[str]:
    measured = found.measured
    if measured is None:
        yield (
            f"{LEAST_LABELS} are needed for a model, and {FOLDS} of each of two verdicts; what is "
            "labelled at a source of which all is kept teaches nothing"
        )
        return
    yield f"of {measured.doubtful} of them the rules are unsure; how these are judged:"
    for name, confusion in (("rules", measured.by_rules), ("model", measured.by_model)):
        yield f"\n{name}: {share_right(confusion):.1%} right"
        yield f"  {'labelled':<12}" + "".join(f"{f'→ {one.value}':>13}" for one in Verdict)
        for said in Verdict:
            counts = (confusion.get((said, judged), 0) for judged in Verdict)
            yield f"  {said.value:<12}" + "".join(f"{count:>13}" for count in counts)
    yield "\nThe model has judged none of the articles that it was trained on."


def _report_figures(found: LabelsReport) -> dict[str, object]:
    measured = found.measured
    return {
        "labels": found.total,
        "needed": LEAST_LABELS,
        "by_verdict": {one.value: found.labels.get(one, 0) for one in Verdict},
        "doubtful": measured.doubtful if measured else None,
        "rules": _confusion(measured.by_rules) if measured else None,
        "model": _confusion(measured.by_model) if measured else None,
    }


def _confusion(counts: Confusion) -> dict[str, object]:
    """Return the share that is right, and how many of each label are judged to be what."""
    judged = {
        said.value: {one.value: counts.get((said, one), 0) for one in Verdict} for said in Verdict
    }
    return {"right": round(share_right(counts), 4), "judged": judged}
