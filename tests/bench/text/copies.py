"""How well copies are found, and what it costs: all at once, and one by one through SQLite.

    python tests/bench/text/copies.py quality            # both sets with gold, all at once
    python tests/bench/text/copies.py quality --archive  # the same, one by one, in random order
    python tests/bench/text/copies.py set 100000         # CPU and memory for so many texts at once
    python tests/bench/text/copies.py growth 10000 100000 1000000   # CPU for one more article
    python tests/bench/text/copies.py growth 10000 100000 1000000 --dense   # all in one season

The gold and what is said of it come from the shared material; its texts have no moments, so
all are of one. The made-up texts are 150 words drawn as often as in its English ones; one in
three carries one of eight stock blocks, one in six is a copy of a text of late: with an agency
line and a tail, cut to its first part, or half rewritten. An archive grows by 100,000 articles
a year; a dense one, harder than any, has all of them in ten months, so that all are
counted in one season and a hundred times as many lie within the span of copies. CPU time,
never the clock.
"""

import argparse
import gzip
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.duplicates import (
    Appearance,
    CopyLink,
    bands,
    find_copies,
    group_copies,
    seasons_of,
    shingle,
)
from pipeline.jobs.curate import curate
from pipeline.store.bulk import insert_numbers
from pipeline.store.copies import note_compared, save_bands
from pipeline.store.database import Archive
from pipeline.store.tables import (
    address,
    article,
    article_text,
    copy_link,
    page,
    run,
    source,
    trace,
)
from tests.bench.material import SHARED, load_script

FOLDER = SHARED / "bench" / "text"
SETS = ("neardup_dev", "neardup_viral_dev")
NOW = datetime(2025, 12, 31, tzinfo=UTC)
SEED = 5

ASKED = """asked: pair F1 .98 (viral .99), az .95, recycle_new>=40% .95 (or as the peers' best), \
recycle2 .95, neg_stock .01
best peer: TF-IDF, all pairs: .927 (viral .943), recycle_new>=40% .43, recycle2 .52, neg_stock .000
"""


def main() -> None:
    """Run one of the three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("quality", "set", "growth"))
    parser.add_argument("sizes", nargs="*", type=int)
    parser.add_argument("--archive", action="store_true", help="one by one, through SQLite")
    parser.add_argument("--dense", action="store_true", help="all within ten months")
    options = parser.parse_args()
    if options.what == "quality":
        lines = show_quality(through_archive if options.archive else at_once)
    elif options.what == "set":
        lines = map(show_set, options.sizes or [100_000])
    else:
        lines = show_growth(options.sizes or [10_000, 30_000, 100_000], dense=options.dense)
    for line in lines:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()


# --- quality ---------------------------------------------------------------

Doc = dict[str, Any]
Clusters = dict[str, int]


def show_quality(find: Callable[[Sequence[Doc]], Clusters]) -> Iterator[str]:
    """Yield the figures of each set."""
    scorer = load_script(FOLDER / "score_dedup.py")
    yield ASKED.rstrip()
    for name in SETS:
        with gzip.open(FOLDER / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            docs = [json.loads(line) for line in lines]
        begun = time.process_time()
        clusters = find(docs)
        spent = time.process_time() - begun
        scores = scorer.score(docs, clusters)
        yield f"{name}: {len(docs)} texts, {1000 * spent / len(docs):.1f} ms each"
        for figure in ("pairwise", "f1_by_lang", "recall_by_edit", "false_link_rate"):
            yield f"  {figure}: " + ", ".join(f"{k} {v:.3f}" for k, v in scores[figure].items())


def at_once(docs: Sequence[Doc]) -> Clusters:
    """Return the cluster of each text."""
    at = [Appearance(number, NOW, _key(doc)) for number, doc in enumerate(docs)]
    texts = (doc["text"] for doc in docs)
    links = find_copies(zip(at, texts, strict=True))
    return _clusters(docs, at, links)


def through_archive(docs: Sequence[Doc]) -> Clusters:
    """Return the cluster of each text, found one by one as they come in."""
    order = list(range(len(docs)))
    random.Random(SEED).shuffle(order)  # noqa: S311 - the same each time
    with tempfile.TemporaryDirectory(prefix="copies") as folder:
        archive = Archive.open(f"sqlite:///{folder}/news.db", f"{folder}/pages")
        begin(archive)
        rows = [Made(number, docs[number]["text"], NOW, _key(docs[number])) for number in order]
        for one in rows:
            file(archive, [one])
            curate(archive)
        with archive.reading() as connection:
            links = [CopyLink(*row) for row in connection.execute(sa.select(copy_link))]
        archive.close()
    return _clusters(docs, [Appearance(one.id, one.at, one.key) for one in rows], links)


def _key(doc: Doc) -> str:
    """An address that says nothing of which text was first."""
    return sha256(doc["id"].encode()).hexdigest()


def _clusters(docs: Sequence[Doc], at: Iterable[Appearance], links: Iterable[CopyLink]) -> Clusters:
    groups = group_copies(at, links)
    return {docs[one.id]["id"]: group[0].id for group in groups for one in group}


# --- an archive ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Made:
    """An article to be stored."""

    id: int
    text: str
    at: datetime
    key: str
    like: int | None = None  # what it is a copy of
    speaks: bool | None = None  # None: it is to be placed yet


def begin(archive: Archive) -> None:
    """Store what an article stands on."""
    outlet = {
        "id": "a", "name": "A", "publisher": "private", "languages": [], "time_zone": "UTC",
        "keep": "topic", "enabled": True,
    }  # fmt: skip
    started = {"started_at": NOW, "version": "0", "sources_hash": "0", "pages_file": "p"}
    named = {
        "id": 1, "key": "k", "url": "u", "source_id": "a", "title": "t", "first_seen_at": NOW,
        "attempts": 0, "outcome": "stored",
    }  # fmt: skip
    raw = {
        "id": 1, "address_id": 1, "final_url": "u", "fetched_at": NOW, "sha256": "0",
        "file": "f", "start": 0, "size": 1,
    }  # fmt: skip
    with archive.writing() as connection:
        for table, row in ((source, outlet), (run, {**started, "job": "collect"})):
            connection.execute(sa.insert(table), row)
        for table, row in ((address, named), (page, raw)):
            connection.execute(sa.insert(table), row)


def file(archive: Archive, made: Sequence[Made]) -> None:
    """Store articles; those that are placed already with all that is kept of that."""
    rows: list[dict[str, Any]] = [
        {
            "id": one.id, "key": one.key, "source_id": "a", "page_id": 1, "url": "u", "title": "t",
            "published_at": one.at, "published_precision": "minute", "published_origin": "meta",
            "first_seen_at": one.at, "text_origin": "page", "is_paywalled": False, "origins": {},
            "verdict": "about", "score": 1.0, "evidence": [], "words": 150, "text_hash": one.id,
            "speaks": one.speaks, "compared": False,
            "representative_id": None if one.speaks is None else one.like or one.id,
        }
        for one in made
    ]  # fmt: skip
    texts = [
        {"article_id": one.id, "text": one.text, "folded_title": "", "folded_text": ""}
        for one in made
    ]
    links: list[dict[str, Any]] = [
        {"article_id": one.like, "other_id": one.id, "similarity": 1.0}
        for one in made
        if one.like and one.speaks is not None
    ]
    traces = [
        (key, season, one.id)
        for one in made
        if one.speaks
        for key in set(shingle(one.text).traces)
        for season in seasons_of(one.at)
    ]
    with archive.writing() as connection:
        connection.execute(sa.insert(article), rows)
        connection.execute(sa.insert(article_text), texts)
        save_bands(connection, ((one.id, bands(shingle(one.text))) for one in made))
        insert_numbers(connection, trace, sorted(traces))
        if links:
            connection.execute(sa.insert(copy_link), links)
            note_compared(
                connection, {end for one in links for end in (one["article_id"], one["other_id"])}
            )


# --- made-up texts ---------------------------------------------------------

WORDS = 150
STOCK_WORDS = 40
LATE = 1_000


class Press:
    """Makes texts, the same for the same seed."""

    def __init__(self) -> None:
        self._rng = random.Random(SEED)  # noqa: S311 - the same each time
        counts: Counter[str] = Counter()
        with gzip.open(FOLDER / f"{SETS[0]}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for doc in map(json.loads, lines):
                if doc["lang"] == "en" and doc["kind"] == "orig":
                    counts.update(doc["text"].lower().split())
        self._words, self._weights = [*counts], [*accumulate(counts.values())]
        self._stock = [self._some(STOCK_WORDS) for _ in range(8)]
        self._late: list[tuple[int, list[str]]] = []

    def _some(self, number: int) -> list[str]:
        return self._rng.choices(self._words, cum_weights=self._weights, k=number)

    def articles(self, first: int, at: Callable[[int], datetime]) -> Iterator[Made]:
        """Yield articles for ever, numbered from ``first``."""
        number = first
        while True:
            copied = self._rng.random() < 1 / 6 and self._late
            like, words, speaks = self._copy() if copied else (None, self._new(), True)
            if like is None:
                self._late = [*self._late[-LATE:], (number, words)]
            yield Made(number, " ".join(words), at(number), f"k{number}", like, speaks)
            number += 1

    def _new(self) -> list[str]:
        if self._rng.random() < 1 / 3:
            return self._some(WORDS - STOCK_WORDS) + self._rng.choice(self._stock)
        return self._some(WORDS)

    def _copy(self) -> tuple[int, list[str], bool]:
        number, words = self._rng.choice(self._late)
        match self._rng.randrange(3):
            case 0:
                return number, [*self._some(8), *words, *self._some(12)], False
            case 1:
                return number, words[: len(words) * 2 // 5], True
            case _:
                half = len(words) // 2
                return number, [*self._some(half), *words[:half]], True


# --- cost ------------------------------------------------------------------


def show_set(size: int) -> str:
    """Return what a set costs that is compared at once."""
    made = list(islice(Press().articles(1, lambda _: NOW), size))
    articles = [(Appearance(one.id, one.at, one.key), one.text) for one in made]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    begun = time.process_time()
    links = find_copies(articles)
    spent = time.process_time() - begun
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ends = {(one.first_id, one.second_id) for one in links}
    copied = [one for one in made if one.like]
    found = sum((one.like, one.id) in ends for one in copied) / len(copied)
    return (
        f"{size} texts: {spent:.1f} CPU s, {after:.0f} MB at most ({before:.0f} before), "
        f"{len(links)} links, {found:.4f} of the copies linked to their original"
    )


#: New articles that are timed at each size, and stored articles made in one transaction.
PROBES = 500
#: Articles by which an archive grows.
A_YEAR = 100_000
BATCH = 5_000


def show_growth(sizes: Sequence[int], *, dense: bool) -> Iterator[str]:
    """Yield what one more article costs in archives of these sizes."""
    whole = max(sizes) + len(sizes) * PROBES
    step = timedelta(days=300) / whole if dense else timedelta(days=365) / A_YEAR
    first = datetime(2025, 7, 20, tzinfo=UTC)
    with tempfile.TemporaryDirectory(prefix="copies") as folder:
        archive = Archive.open(f"sqlite:///{folder}/news.db", f"{folder}/pages")
        begin(archive)
        made = Press().articles(1, lambda number: first + number * step)
        filed = 0
        for size in sizes:
            while filed < size:
                filed += _fill(archive, list(islice(made, min(BATCH, size - filed))))
            new = list(islice(made, PROBES))
            filed += PROBES
            megabytes = (Path(folder) / "news.db").stat().st_size / 1e6
            yield f"{size:9} stored: {_probe(archive, new)}, file {megabytes:.0f} MB"
        archive.close()


def _fill(archive: Archive, made: Sequence[Made]) -> int:
    file(archive, made)
    return len(made)


def _probe(archive: Archive, new: Sequence[Made]) -> str:
    filing = placing = 0.0
    for one in new:
        begun = time.process_time()
        file(archive, [Made(one.id, one.text, one.at, one.key)])
        filing += time.process_time() - begun
        begun = time.process_time()
        curate(archive)
        placing += time.process_time() - begun
    with archive.reading() as connection:
        linked = {
            tuple(row)
            for row in connection.execute(sa.select(copy_link.c.article_id, copy_link.c.other_id))
        }
    copied = [one for one in new if one.like]
    found = sum((one.like, one.id) in linked for one in copied) / len(copied)
    return (
        f"filed {1000 * filing / len(new):.2f} ms, placed {1000 * placing / len(new):.2f} ms, "
        f"{found:.3f} of the copies linked"
    )


if __name__ == "__main__":
    main()
