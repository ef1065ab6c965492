"""Understanding what came in: settle verdicts, find each new article's place among copies.

One small transaction an article. What is not curated yet is what has no
representative, so a run that is cut off goes on where it was.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from pipeline.duplicates import (
    COPY_SIMILARITY,
    TWIN_RESEMBLANCE,
    bands,
    group_copies,
    resemblance,
    seasons_of,
    similarity,
    weigh,
)
from pipeline.jobs.judging import settle_verdicts
from pipeline.model import Outcome, Topic
from pipeline.store import articles, copies
from pipeline.store.addresses import change_outcome
from pipeline.store.copies import CopyText
from pipeline.store.database import Archive

#: Articles asked for at a time.
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CurateReport:
    """What a run of the curator did."""

    curated: int
    copies: int  # of them, those whose text another outlet had first; mentions too
    rescored: int = 0  # articles that a model of the labels has judged

    @property
    def counts(self) -> Mapping[str, int]:
        """The figures by name."""
        return {"curated": self.curated, "copies": self.copies, "rescored": self.rescored}


def curate(
    archive: Archive,
    topic: Topic | None = None,
    *,
    show: Callable[[int, int], None] = lambda _done, _all: None,
) -> CurateReport:
    """Settle the verdicts; then find the copies of every article that has none looked for yet.

    Args:
        archive: where they are.
        topic: of which the labels are; None: no verdict changes.
        show: told how many of how many are done.

    Raises:
        StoreError: the archive cannot be written, or another run writes to it.
    """
    tally: Counter[bool] = Counter()
    with archive.only_writer():
        rescored = 0 if topic is None else settle_verdicts(archive, topic)
        with archive.reading() as connection:
            waiting = articles.count_uncurated(connection)
        while numbers := _uncurated(archive):
            for number in numbers:
                with archive.writing() as connection:
                    if articles.is_uncurated(connection, number):  # no label has come between
                        tally[_place(connection, number)] += 1
                show(tally.total(), waiting)
    return CurateReport(curated=tally.total(), copies=tally[True], rescored=rescored)


def _uncurated(archive: Archive) -> list[int]:
    with archive.reading() as connection:
        return articles.find_uncurated(connection, most=BATCH)


def _place(connection: sa.Connection, number: int) -> bool:
    """Give an article its group; return whether it is a copy of another outlet's text."""
    [one] = copies.find_texts(connection, [number])
    stirred, touched = _settle(connection, one)
    for other in copies.find_texts(connection, stirred):
        if other.speaks:
            touched |= _compare(connection, other)
    _group(connection, number, touched)
    return _note_copy(connection, number)


def _settle(connection: sa.Connection, one: CopyText) -> tuple[set[int], set[int]]:
    """Settle who speaks, from this article on; return whom to compare and whose links differ.

    Whether an article speaks depends on its earlier twins alone, so those whose state
    changes are taken by rank, each once.
    """
    stirred, touched = {one.id} if one.speaks else set(), set()
    waiting = {one.id: one}
    while waiting:
        text = min(waiting.values(), key=lambda each: each.at.rank)
        del waiting[text.id]
        twins = _find_twins(connection, text)
        speaks = not any(twin.speaks and twin.at.rank < text.at.rank for twin, _ in twins)
        changes = speaks is not bool(text.speaks)
        stirred |= copies.let_speak(connection, text, speaks=speaks)
        touched |= _link_twins(connection, text.id, twins, speaks=speaks, anew=changes)
        if changes:
            stirred.add(text.id)
            waiting |= {twin.id: twin for twin, _ in twins if twin.at.rank > text.at.rank}
    return stirred, touched


def _find_twins(connection: sa.Connection, one: CopyText) -> list[tuple[CopyText, float]]:
    """Return the placed articles nearly equal to this one, with their resemblance.

    For one that does not speak those that do are all that matters.
    """
    keys = bands(one.text)
    speaking = _like(one, copies.find_like(connection, one, keys, speaking=True))
    if not one.speaks and any(twin.at.rank < one.at.rank for twin, _ in speaking):
        return speaking
    return speaking + _like(one, copies.find_like(connection, one, keys, speaking=False))


def _like(one: CopyText, others: list[CopyText]) -> list[tuple[CopyText, float]]:
    found = ((other, resemblance(one.text, other.text)) for other in others)
    return [(other, likeness) for other, likeness in found if likeness >= TWIN_RESEMBLANCE]


def _link_twins(
    connection: sa.Connection,
    number: int,
    twins: list[tuple[CopyText, float]],
    *,
    speaks: bool,
    anew: bool,
) -> set[int]:
    """Link one that speaks to its twins that do not, and the other way round."""
    wanted = {twin.id: likeness for twin, likeness in twins if bool(twin.speaks) is not speaks}
    touched = copies.replace_links(connection, number, wanted, speaking=not speaks)
    if anew or not speaks:  # what it had as one of the other kind
        touched |= copies.replace_links(connection, number, {}, speaking=speaks)
    return touched


def _compare(connection: sa.Connection, one: CopyText) -> set[int]:
    """Link an article that speaks to others whose text it shares; return whose links differ."""
    found: dict[int, float] = {}
    for season in seasons_of(one.at.published_at):
        counts = copies.count_traces(connection, set(one.text.traces), season)
        others = copies.find_sharing(connection, one, counts, season)
        traces = {trace for other in others for trace in other.text.traces}
        counts |= copies.count_traces(connection, traces - counts.keys(), season)
        weighed = weigh(one.text, counts)
        for other in others:
            likeness = similarity(weighed, weigh(other.text, counts))
            found[other.id] = max(found.get(other.id, 0.0), likeness)
    if found:
        copies.note_compared(connection, {one.id, *found})
    wanted = {other: likeness for other, likeness in found.items() if likeness >= COPY_SIMILARITY}
    return copies.replace_links(connection, one.id, wanted, speaking=True)


def _group(connection: sa.Connection, placed: int, touched: set[int]) -> None:
    """Group anew what hangs together with the article placed and with those touched."""
    waiting = {placed, *touched}
    while waiting:
        members, links = copies.find_linked(connection, waiting.pop())
        for group in group_copies(members, links):
            copies.save_group(connection, group, placed=placed)
        waiting -= {member.id for member in members}


def _note_copy(connection: sa.Connection, number: int) -> bool:
    """Count an article as a copy, if it is one of another outlet's text."""
    is_copy = copies.is_of_another(connection, number)
    if is_copy:
        change_outcome(connection, number, Outcome.STORED, Outcome.COPY)
    return is_copy
