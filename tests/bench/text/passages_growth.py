"""What a new article costs as the archive grows: its passages filed, and looked up.

Texts are made of the words of `neardup_dev`, as frequent as there: so many sentences
name the holiday, one text in three carries one of eight stock blocks, often edited,
one in six recycles half of an earlier text with edits, one in six is a copy. They are
filed through a real SQLite file, in the order of their publication over twelve years.
CPU milliseconds an article. Usage: python tests/bench/text/passages_growth.py [ARTICLES …]
"""

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import sqlalchemy as sa

from pipeline.model import PassagePrint
from pipeline.passages import find_passages, passage_prints
from pipeline.store.database import Archive
from pipeline.store.passages import save_passages, seen_before
from pipeline.store.tables import address, article, page, run, source
from tests.bench.text.passages import texts

SEED = 11
SIZES = (10_000, 30_000, 100_000)
#: Articles filed in one transaction, as the collector does.
BATCH = 64
#: New articles that are looked up at each size; and of the last ones, whose filing is timed.
PROBES = 400
LAST = 2_000
YEARS = 12
#: Earlier articles that others take from.
PAST = 20_000
FIRST = datetime(2014, 1, 1, tzinfo=UTC)
NAMED = ["the", "Solidarity", "Day", "of", "World", "Azerbaijanis"]


class Press:
    """Makes texts, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311 - the same each time
        counts: Counter[str] = Counter()
        for doc in texts():
            if doc["kind"] == "orig" and doc["lang"] in {"az", "en", "ru"}:
                counts.update(word for word in doc["text"].split() if word.isalpha())
        self._words, self._weights = [*counts], [*accumulate(counts.values())]
        self._stock = [[self._sentence() for _ in range(5)] for _ in range(8)]
        self._past: list[list[str]] = []

    def _some(self, number: int) -> list[str]:
        return self._rng.choices(self._words, cum_weights=self._weights, k=number)

    def _sentence(self) -> str:
        tokens = self._some(self._rng.randint(8, 26))
        if self._rng.random() < 0.25:
            place = self._rng.randrange(len(tokens))
            tokens[place:place] = NAMED
        return " ".join(tokens).capitalize() + "."

    def _edited(self, sentence: str) -> str:
        tokens = sentence.split()
        if self._rng.random() < 0.2:
            tokens[self._rng.randrange(1, len(tokens) - 1)] = self._some(1)[0]
        return " ".join(tokens)

    def text(self, *, keep: bool = True) -> tuple[str, int]:
        """Return the next article, and how many of its sentences earlier ones have.

        ``keep``: it is published, and others may take from it.
        """
        kind = self._rng.random()
        earlier = self._rng.choice(self._past) if self._past else []
        if kind < 1 / 6 and self._past:
            made = [*self._past[-1 - self._rng.randrange(min(50, len(self._past)))]]
            old = len(made)
        else:
            made = [self._sentence() for _ in range(self._rng.randint(6, 24))]
            old = 0
            if kind < 1 / 3:
                again = [*map(self._edited, earlier[: len(made) // 2])]
                made[len(made) // 2 :] = again
                old += len(again)
            if self._rng.random() < 1 / 3:
                made += map(self._edited, self._rng.choice(self._stock))
                old += 5
        if keep:
            self._past.append(made)
            del self._past[: -PAST if len(self._past) > 2 * PAST else 0]
        return "\n".join(made), old


def file_all(archive: Archive, sizes: Sequence[int]) -> Iterator[tuple[float, ...]]:
    """Yield at each size the articles, what filing costs, and what `_probe` says."""
    press = Press(SEED)
    step = timedelta(days=365.25 * YEARS) / max(sizes)
    with archive.writing() as connection:
        _begin(connection)
    filed, spent = 0, [0.0] * (max(sizes) // BATCH + 1)
    for size in sizes:
        while filed < size:
            numbers = range(filed + 1, filed + 1 + BATCH)
            prints = [(number, _prints(press.text()[0])) for number in numbers]
            with archive.writing() as connection:
                connection.execute(
                    sa.insert(article), [_row(number, FIRST + number * step) for number in numbers]
                )
                begun = time.process_time()
                save_passages(connection, prints)
                spent[filed // BATCH] = time.process_time() - begun
            filed += BATCH
        last = spent[(filed - LAST) // BATCH : filed // BATCH]
        yield filed, 1000 * sum(last) / len(last) / BATCH, *_probe(archive, press, filed, step)


def _prints(text: str) -> tuple[PassagePrint, ...]:
    return passage_prints(find_passages(text))


def _probe(
    archive: Archive, press: Press, filed: int, step: timedelta
) -> tuple[float, float, float]:
    texts_, old = zip(*(press.text(keep=False) for _ in range(PROBES)), strict=True)
    made = [*map(_prints, texts_)]
    now = FIRST + (filed + BATCH + 1) * step
    seen = 0
    with archive.reading() as connection:
        seen_before(connection, made[0], now)
        begun = time.process_time()
        for prints in made:
            seen += len(seen_before(connection, prints, now))
        spent = time.process_time() - begun
    passages = sum(map(len, made))
    return 1000 * spent / PROBES, passages / PROBES, seen / sum(old)


def _begin(connection: sa.Connection) -> None:
    now = FIRST
    connection.execute(
        sa.insert(source),
        {
            "id": "a", "name": "A", "publisher": "private", "languages": [], "time_zone": "UTC",
            "keep": "topic", "enabled": True,
        },
    )  # fmt: skip
    connection.execute(
        sa.insert(run),
        {"started_at": now, "version": "0", "sources_hash": "0", "pages_file": "p"},
    )
    connection.execute(
        sa.insert(address),
        {
            "id": 1, "key": "k", "url": "u", "source_id": "a", "title": "t", "first_seen_at": now,
            "last_seen_at": now, "attempts": 0, "run_id": 1, "outcome": "stored",
        },
    )  # fmt: skip
    connection.execute(
        sa.insert(page),
        {
            "id": 1, "address_id": 1, "final_url": "u", "fetched_at": now, "sha256": "0",
            "file": "f", "start": 0, "size": 1,
        },
    )  # fmt: skip


def _row(number: int, at: datetime) -> dict[str, object]:
    return {
        "id": number, "key": f"http://a.example/{number}", "source_id": "a", "page_id": 1,
        "url": f"http://a.example/{number}", "title": "t", "published_at": at,
        "published_precision": "minute", "published_origin": "meta", "first_seen_at": at,
        "version": 1, "text_origin": "page", "is_paywalled": False, "origins": {},
        "verdict": "about", "score": 1.0, "evidence": [], "words": 300, "text_hash": number,
        "representative_id": number,
    }  # fmt: skip


def main() -> None:
    """Print a row for each size."""
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory(prefix="passages") as folder:
        archive = Archive.open(f"sqlite:///{folder}/news.db", f"{folder}/pages")
        sys.stdout.write(" articles  filed, ms  looked up, ms  passages  seen/old  file, MB\n")
        for size, filed, looked_up, passages, found in file_all(archive, sizes):
            megabytes = (Path(folder) / "news.db").stat().st_size / 1e6
            sys.stdout.write(
                f"{size:9} {filed:10.2f} {looked_up:14.2f} {passages:9.1f} {found:9.3f}"
                f" {megabytes:9.0f}\n"
            )
            sys.stdout.flush()
        archive.close()


if __name__ == "__main__":
    main()
