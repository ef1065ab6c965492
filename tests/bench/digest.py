"""What a digest costs: a large week in a large archive, and how that grows.

    python tests/bench/digest.py                           # 10,000 articles of 100,000
    python tests/bench/digest.py --week 1000 --archive 10000 --keep FOLDER

The archive is made up, in five languages, of words as frequent as in the shared texts. Each
article tells an event: its title and two of its sentences are of the event's words. One in six
is a copy of another, one in six takes half of an old text, edited, one in three closes with
one of eight stock blocks. Half of a season lies in the holiday's week, and the last season is
the largest. It is filed without `curate`, since what is a copy is known. The digest is then
written twice by the command itself, in a process of its own: CPU seconds, memory at its
highest, the page's weight, and whether the bytes are the same.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.entities import find_entities
from pipeline.model import Article, EntityMention, PassagePrint, Topic
from pipeline.passages import find_passages, passage_prints
from pipeline.sources import parse_sources
from pipeline.store.database import Archive
from pipeline.store.entities import save_entities
from pipeline.store.passages import save_passages
from pipeline.store.tables import address, article, article_text, page, run, source
from tests.bench.material import ROOT
from tests.bench.text.passages import texts

SEED = 7
WEEK = "2026-W01"
MONDAY = datetime(2025, 12, 29, tzinfo=UTC)
SEASONS = 8
LANGUAGES = ("az", "ru", "en", "tr", "fa")
PUBLISHERS = ("private", "state agency", "public broadcaster", "diaspora organisation")
OUTLETS = 60
NAMES = {
    "az": "Dünya Azərbaycanlılarının Həmrəyliyi Günü",
    "ru": "День солидарности азербайджанцев мира",
    "en": "Solidarity Day of World Azerbaijanis",
    "tr": "Dünya Azerbaycanlıları Dayanışma Günü",
    "fa": "روز همبستگی آذربایجانی‌های جهان",
}
BATCH = 500


@dataclass(frozen=True, slots=True)
class Made:
    """An article before it is filed."""

    at: datetime
    language: str
    title: str
    text: str
    copy_of: int | None  # its place among all, from 1


class Press:
    """Makes texts of one language, the same for the same seed."""

    def __init__(self, language: str, words: Counter[str]) -> None:
        self._dice = random.Random(f"{SEED}{language}")  # noqa: S311 - the same each time
        self._language = language
        self._words, self._weights = [*words], [*accumulate(words.values())]
        self._stock = [[self._sentence() for _ in range(4)] for _ in range(8)]
        self._old: list[list[str]] = []
        self._event: list[str] = []
        self._told: list[tuple[int, str, list[str]]] = []

    def _some(self, number: int) -> list[str]:
        return self._dice.choices(self._words, cum_weights=self._weights, k=number)

    def _sentence(self, words: Sequence[str] = ()) -> str:
        told = [*words, *self._some(self._dice.randint(8, 22))]
        self._dice.shuffle(told)
        if self._dice.random() < 0.05:
            told.insert(len(told) // 2, NAMES[self._language])
        return " ".join(told).capitalize() + "."

    def _edited(self, sentence: str) -> str:
        told = sentence.split()
        if self._dice.random() < 0.2:
            told[self._dice.randrange(1, len(told) - 1)] = self._some(1)[0]
        return " ".join(told)

    def article(self, number: int, at: datetime) -> Made:
        """Return the next article; ``number`` is its place among all."""
        if not self._told or self._dice.random() < 0.25:
            self._event, self._told = self._dice.choices(self._words, k=25), []
        if self._told and self._dice.random() < 1 / 6:
            first, title, told = self._dice.choice(self._told)
            return Made(at, self._language, title, "\n\n".join(told), first)
        named = self._dice.sample(self._event, min(9, len(self._event)))
        title = " ".join([NAMES[self._language], *named]).strip()
        told = [self._sentence(self._dice.sample(self._event, 8)) for _ in range(2)]
        told += [self._sentence() for _ in range(self._dice.randint(4, 14))]
        if self._old and self._dice.random() < 1 / 6:
            again = self._dice.choice(self._old)
            told[len(told) // 2 :] = map(self._edited, again[: len(told) // 2])
        if self._dice.random() < 1 / 3:
            told += map(self._edited, self._dice.choice(self._stock))
        self._told.append((number, title, told))
        self._old = [*self._old[-2_000:], told]
        return Made(at, self._language, title, "\n\n".join(told), None)


def make_articles(archive: int, week: int) -> Iterator[Made]:
    """Yield the articles of all seasons, the earliest first."""
    counts: dict[str, Counter[str]] = {language: Counter() for language in LANGUAGES}
    for doc in texts():
        if doc["kind"] == "orig" and doc["lang"] in counts:
            counts[doc["lang"]].update(word for word in doc["text"].split() if word.isalpha())
    presses = {language: Press(language, words) for language, words in counts.items()}
    dice = random.Random(SEED)  # noqa: S311 - the same each time
    for number, at in enumerate(_moments(archive, week, dice), 1):
        yield presses[dice.choice(LANGUAGES)].article(number, at)


def _moments(archive: int, week: int, dice: random.Random) -> Iterator[datetime]:
    """Yield a moment for each article: half of a season's lie in the holiday's week."""
    before = max(0, archive - week)
    for back in range(SEASONS, 0, -1):
        monday = MONDAY - timedelta(days=364 * back)
        size = before // SEASONS
        span = [(-28, 28)] * (size // 2) + [(0, 7)] * (size - size // 2)
        yield from sorted(monday + timedelta(days=dice.uniform(*days)) for days in span)
    yield from sorted(MONDAY + timedelta(days=dice.uniform(0, 7)) for _ in range(week))


# --- filing ----------------------------------------------------------------


def fill(archive: Archive, made: Iterable[Made], topic: Topic) -> None:
    """File the articles, with their passages and entities."""
    numbered = enumerate(made, 1)
    with archive.writing() as connection:
        _begin(connection)
    with get_context("fork").Pool(initializer=_remember, initargs=(topic,)) as pool:
        while batch := list(islice(numbered, BATCH)):
            read = pool.map(_read, [one for _, one in batch], chunksize=50)
            with archive.writing() as connection:
                connection.execute(sa.insert(article), [_row(*one) for one in batch])
                connection.execute(
                    sa.insert(article_text),
                    [
                        {"article_id": n, "text": one.text, "folded_title": "", "folded_text": ""}
                        for n, one in batch
                    ],
                )
                found = [(n, *one) for (n, _), one in zip(batch, read, strict=True)]
                save_passages(connection, [(n, prints) for n, prints, _ in found])
                save_entities(connection, [(n, named) for n, _, named in found])


_topics: list[Topic] = []


def _remember(topic: Topic) -> None:
    _topics.append(topic)


def _read(one: Made) -> tuple[tuple[PassagePrint, ...], tuple[EntityMention, ...]]:
    read = Article(url="u", title=one.title, text=one.text, language=one.language)
    return passage_prints(find_passages(one.text)), find_entities(read, _topics[0])


def _begin(connection: sa.Connection) -> None:
    outlets = [
        {
            "id": f"outlet-{n}", "name": f"Outlet {n}", "publisher": PUBLISHERS[n % 4],
            "languages": [LANGUAGES[n % 5]], "time_zone": "UTC", "keep": "topic", "enabled": True,
        }
        for n in range(OUTLETS)
    ]  # fmt: skip
    connection.execute(sa.insert(source), outlets)
    begun = {"version": "0", "sources_hash": "0", "pages_file": "p", "job": "collect"}
    moments = [MONDAY - timedelta(days=364 * SEASONS + 28), MONDAY + timedelta(days=8)]
    connection.execute(sa.insert(run), [{"started_at": at, **begun} for at in moments])
    connection.execute(
        sa.insert(address),
        {
            "id": 1, "key": "k", "url": "u", "source_id": "outlet-0", "title": "t",
            "first_seen_at": MONDAY, "attempts": 0, "run_id": 1, "outcome": "stored",
        },
    )  # fmt: skip
    connection.execute(
        sa.insert(page),
        {
            "id": 1, "address_id": 1, "final_url": "u", "fetched_at": MONDAY, "sha256": "0",
            "file": "f", "start": 0, "size": 1,
        },
    )  # fmt: skip


def _row(number: int, one: Made) -> dict[str, Any]:
    # As many outlets write in a language as in any other.
    outlet = number % (OUTLETS // 5) * 5 + LANGUAGES.index(one.language)
    url = f"https://outlet-{outlet}.example/news/{number}"
    return {
        "id": number, "key": url, "source_id": f"outlet-{outlet}", "page_id": 1, "url": url,
        "title": one.title, "language": one.language, "published_at": one.at,
        "published_precision": "minute", "published_origin": "meta", "first_seen_at": one.at,
        "text_origin": "page", "is_paywalled": False, "origins": {}, "verdict": "about",
        "score": 1.0, "judged_by": "rules", "rules_verdict": "about", "rules_score": 1.0,
        "evidence": [], "words": len(one.text.split()), "text_hash": one.copy_of or number,
        "representative_id": one.copy_of or number, "speaks": True, "compared": True,
    }  # fmt: skip


# --- the digest ------------------------------------------------------------


def write(folder: Path, reports: Path) -> str:
    """Write the digest by the command; return what that took."""
    command = [
        sys.executable, "-m", "pipeline", "digest", "--week", WEEK, "--reports", str(reports),
        "--sources", str(ROOT / "sources.yaml"), "--database", f"sqlite:///{folder}/news.db",
    ]  # fmt: skip
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"the command ended with {process.returncode}")
    weights = ", ".join(
        f"{one.suffix} {one.stat().st_size / 1000:.0f} kB"
        for one in sorted(reports.glob(f"{WEEK}.*"))
    )
    return (
        f"{used.ru_utime + used.ru_stime:.1f} CPU s ({time.perf_counter() - begun:.1f} by the "
        f"clock), {used.ru_maxrss / 1024:.0f} MB, {weights}"
    )


def main() -> None:
    """Print what two digests of the week take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=int, default=100_000, help="articles in all")
    parser.add_argument("--week", type=int, default=10_000, help="of them in the week")
    parser.add_argument("--keep", type=Path, help="a folder for the archive, used again")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="digest") as away:
        folder = chosen.keep or Path(away)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "news.db").exists():
            topic = parse_sources((ROOT / "sources.yaml").read_text("utf-8")).topic
            archive = Archive.open(f"sqlite:///{folder}/news.db", f"{folder}/pages")
            fill(archive, make_articles(chosen.archive, chosen.week), topic)
            archive.close()
        sys.stdout.write(f"{chosen.week} articles in a week, {chosen.archive} in all\n")
        for name in ("first", "again"):
            sys.stdout.write(f"{name}: {write(folder, Path(away) / name)}\n")
            sys.stdout.flush()
        same = all(
            one.read_bytes() == (Path(away) / "again" / one.name).read_bytes()
            for one in (Path(away) / "first").iterdir()
        )
        sys.stdout.write(f"the same bytes twice: {same}\n")


if __name__ == "__main__":
    main()
