"""The command `show`: one article, where it comes from, and how it changed."""

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from itertools import pairwise
from typing import Annotated

import typer

from pipeline.cli import printing
from pipeline.cli.options import AsJson, Database, Reports, Sources, choose, opened
from pipeline.errors import ConfigError
from pipeline.jobs.recycling import Recycled, find_recycled
from pipeline.model import (
    ArchivedArticle,
    Article,
    Disagreement,
    Judge,
    Keep,
    Moment,
    TextOrigin,
)
from pipeline.store import articles, history, labels
from pipeline.store.history import Sighting, Version
from pipeline.store.labels import Label
from pipeline.text import sentences


def show(
    number: Annotated[int, typer.Argument(metavar="ID", help="The article's number.")],
    versions: Annotated[
        bool, typer.Option("--versions", help="Print what changed between its versions.")
    ] = False,
    sources: Sources = None,
    database: Database = None,
    reports: Reports = None,
    as_json: AsJson = False,
) -> None:
    """Show an article: what it says, where it was seen, and how it changed.

    Example: solidarity show 12 --versions
    """
    settings, catalogue = choose(sources, database, reports)
    with opened(settings, read_only=True) as archive, archive.reading() as connection:
        found = articles.find_articles(connection, [number])
        if not found:
            raise ConfigError(f"no article {number}; `solidarity search` shows the numbers")
        [article] = found
        copies = articles.copies_of(connection, number)
        seen = history.sightings_of(connection, number)
        states = history.versions_of(connection, number)
        said = labels.find_label(connection, number)
        recycled = find_recycled(connection, article)
    names = {one.id: one.name for one in catalogue.topic.entities}
    found_out = [*_judged(article, said), *_named(article, names)]
    told = [*_copies(article, copies), *_recycled(recycled), *_sightings(seen)]
    lines = _differences(states) if versions else _facts(article, found_out, states, told)
    for line in lines:
        printing.print_line(line)
    if as_json:
        printing.print_json(
            {
                "id": number,
                "url": article.article.url,
                "versions": len(states),
                "sightings": len(seen),
                "copies": len(copies),
                "share_seen_before": round(recycled.share, 3),
                "verdict": article.relevance.verdict.value,
                "judged_by": article.judged_by.value,
                "entities": {one.entity_id: one.count for one in article.entities},
            }
        )


def _facts(
    one: ArchivedArticle,
    found_out: list[str],
    states: list[Version],
    elsewhere: list[str],
) -> Iterator[str]:
    made = one.article
    yield f"{one.id}  {made.title}"
    yield f"{one.source.name} ({one.source.publisher.value}, {made.language or '?'})"
    yield made.url
    if made.canonical_url and made.canonical_url != made.url:
        yield f"the page names itself {made.canonical_url}"
    yield ""
    yield from _moments(one, states)
    yield from found_out
    yield from _reading(made)
    yield from elsewhere
    yield f"\n{made.text}"


def _judged(one: ArchivedArticle, said: Label | None) -> Iterator[str]:
    """Say how it was judged, by whom and why."""
    verdict, rules = one.relevance.verdict, one.by_rules or one.relevance
    by_rules = f"{rules.verdict.value}, {rules.score:.2f}"
    if said is not None:
        yield f"{verdict.value}, as labelled on {said.labelled_at:%Y-%m-%d %H:%M} UTC"
    if one.judged_by is Judge.MODEL:
        yield f"{verdict.value}, {one.relevance.score:.2f}, as a model of the labels says"
    evidence = "; ".join(f"“{e.form}” in the {e.where}" for e in rules.evidence)
    yield f"by the rules {by_rules}: {evidence or _without_evidence(one)}"


def _without_evidence(one: ArchivedArticle) -> str:
    if one.source.keep is Keep.ALL:
        return "all that its source publishes is on topic"
    return "no name of the topic"


def _named(one: ArchivedArticle, names: Mapping[str, str]) -> Iterator[str]:
    """Say whom and what it names; what the topic no longer has goes by its id."""
    told = (
        f"{names.get(each.entity_id, each.entity_id)} × {each.count}"
        + (" (in the title)" if each.in_title else "")
        for each in one.entities
    )
    if one.entities:
        yield f"names: {', '.join(told)}"


def _moments(one: ArchivedArticle, states: list[Version]) -> Iterator[str]:
    if published := one.article.published:
        yield f"published {_told(published)}"
    if modified := one.article.modified:
        yield f"changed {_told(modified)}"
    yield f"first seen {one.first_seen_at:%Y-%m-%d %H:%M} UTC"
    for state in states:
        place = f"{state.page.file} at {state.page.start}"
        yield (
            f"version {state.number}: {state.words} words, "
            f"fetched {state.fetched_at:%Y-%m-%d %H:%M} UTC, {place}"
        )


def _told(moment: Moment) -> str:
    return f"{moment.at:%Y-%m-%d %H:%M} UTC ({moment.precision.value}, {moment.origin})"


#: Where a text was read, if it is not the usual place.
_TEXT_ORIGINS = {
    TextOrigin.SELECTORS: "the text stands where sources.yaml says",
    TextOrigin.JSON_LD: "the text is the page's JSON-LD: the page shows only a part of it",
    TextOrigin.FEED: "the text is the feed's: the page showed a wall or an empty shell",
}
#: Characters of what two places of a page say.
_LONGEST_CLAIM = 100


def _reading(made: Article) -> Iterator[str]:
    """Say what else the page tells, and how far its reading is to be trusted."""
    if made.text_origin in _TEXT_ORIGINS:
        yield _TEXT_ORIGINS[made.text_origin]
    if made.is_paywalled:
        yield "the page says that the rest is for subscribers"
    if made.confidence < 1:
        yield f"confidence {made.confidence:.2f} that the text is the article, and all of it"
    for one in made.disagreements:
        yield told_apart(one)
    if made.origins:
        read = ", ".join(f"{name} from {origin}" for name, origin in made.origins.items())
        yield f"read: {read}"
    if made.image:
        yield f"picture: {made.image.url}" + (f" “{made.image.alt}”" if made.image.alt else "")
    for each in made.alternates:
        yield f"in another language ({each.language}): {each.url}"


def told_apart(one: Disagreement) -> str:
    """Return what two places of a page say of one matter, in a line."""
    taken, other = _cut(one.taken), _cut(one.other)
    return f"{one.about}: “{taken}” ({one.taken_from}), but “{other}” ({one.other_from})"


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_CLAIM else f"{line[:_LONGEST_CLAIM].rstrip()} …"


def _copies(one: ArchivedArticle, copies: list[ArchivedArticle]) -> Iterator[str]:
    if not copies:
        return
    yield "\nthe same text, by first appearance:"
    for copy in sorted([one, *copies], key=lambda each: (each.published_at, each.id)):
        mark = " (this one)" if copy.id == one.id else ""
        day = f"{copy.published_at:%Y-%m-%d %H:%M} UTC"
        yield f"  {copy.id}  {day}  {copy.source.name}  {copy.article.url}{mark}"


#: Passages shown, the most often printed first.
_MOST_PASSAGES = 10


def _recycled(found: Recycled) -> Iterator[str]:
    """Say how much of its text was printed before, and of the passages where first."""
    if not found.passages:
        return
    yield f"\n{found.share:.0%} of its words were printed before:"
    by_times = sorted(found.passages, key=lambda one: -one.times)
    for one in by_times[:_MOST_PASSAGES]:
        years = ", ".join(f"{year} × {times}" for year, times in sorted(one.years.items()))
        quoted = "; several quote it" if one.is_quotation else ""
        yield f"  “{_cut(one.text)}”"
        yield f"    first {one.first_at:%Y-%m-%d} by {one.first_source}, {one.first_url}"
        yield f"    {years}{quoted}"
    if len(by_times) > _MOST_PASSAGES:
        yield f"  and {len(by_times) - _MOST_PASSAGES} more"


def _sightings(seen: list[Sighting]) -> Iterator[str]:
    if not seen:
        return
    yield "\nnamed by:"
    for one in seen:
        changed = f", changed {one.changes} times" if one.changes else ""
        yield (
            f"  {one.source_name} ({one.source_publisher}): {one.feed_url}, "
            f"{one.first_seen_at:%Y-%m-%d %H:%M} to {one.last_seen_at:%Y-%m-%d %H:%M} UTC{changed}"
        )
        yield f"    {one.address_url}"


def _differences(states: list[Version]) -> Iterator[str]:
    """Say what changed, sentence by sentence."""
    if len(states) == 1:
        yield f"one version, fetched {states[0].fetched_at:%Y-%m-%d %H:%M} UTC: nothing to compare"
    for before, after in pairwise(states):
        yield from unified_diff(
            _sentences(before),
            _sentences(after),
            f"version {before.number}",
            f"version {after.number}",
            f"{before.fetched_at:%Y-%m-%d %H:%M} UTC",
            f"{after.fetched_at:%Y-%m-%d %H:%M} UTC",
            n=1,
            lineterm="",
        )


def _sentences(state: Version) -> list[str]:
    return [state.title, *sentences(state.text)]
