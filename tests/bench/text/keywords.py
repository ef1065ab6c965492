"""How well the terms are found that tell a text, against phrases that people chose.

    python tests/bench/text/keywords.py               # the news
    python tests/bench/text/keywords.py --all         # and abstracts of science
    python tests/bench/text/keywords.py --peers       # and YAKE, where it is installed
    python tests/bench/text/keywords.py --cost        # CPU of a large week instead

Each text is a week of its own, and the other texts of its source are the archive: what is
measured is `find_keywords`, with the thresholds off that a week of one text cannot meet. The
figure is F1 over the first 5, 10 and 15 phrases; a phrase is right if all its words are.
"""

import argparse
import importlib
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pipeline.keywords import TermCounts, count_terms, find_keywords
from pipeline.model import ArchivedArticle, Article, PublisherKind, Relevance, Source, Verdict
from tests.bench.material import SHARED, load_script

FOLDER = SHARED / "bench" / "text"
NEWS = ("500n-kpcrowd", "wikinews-fr")
ASKED = "asked, F1@10: 500n-kpcrowd 19 (best peer 18.2) · wikinews-fr 32 (best peer 30.7)"
MOST = 15
OUTLET = Source(
    id="outlet",
    name="",
    publisher=PublisherKind.PRIVATE,
    languages=("az",),
    time_zone="Asia/Baku",
    feeds=(),
)
#: A large week and what it is compared with, of words as frequent as those of a language.
WEEK, BASELINE = 10_000, 2_000
VOCABULARY, TEXT_LENGTH = 30_000, 250
LANGUAGES = ("az", "ru", "en", "tr")
LETTERS = str.maketrans("0123456789", "qrstuvwxyz")

Text = Mapping[str, Any]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", default="keywords_dev", help="name of a file without its ending")
    parser.add_argument("--all", action="store_true", help="all sources, not the news only")
    parser.add_argument("--peers", action="store_true", help="YAKE too, which takes minutes")
    parser.add_argument("--cost", action="store_true", help="CPU and memory of a large week")
    options = parser.parse_args()
    if options.cost:
        sys.stdout.write(cost() + "\n")
        return
    scorer = load_script(FOLDER / "score_keywords.py")
    texts = scorer.read(FOLDER / f"{options.set}.jsonl.gz")
    if not options.all:
        texts = [text for text in texts if text["src"] in NEWS]
    sys.stdout.write(f"{ASKED}\n")
    sys.stdout.write(f"{'ours':<8} {measure(scorer, texts, ours)}\n")
    if options.peers:
        sys.stdout.write(f"{'YAKE':<8} {measure(scorer, texts, yake)}\n")


def measure(
    scorer: Any,
    texts: Sequence[Text],
    finder: Callable[[Sequence[Text]], Iterator[tuple[str, list[str]]]],
) -> str:
    """Return F1 over the first 5, 10 and 15 by source, with the CPU time of a text."""
    begun = time.process_time()
    found = dict(finder(texts))
    cost = (time.process_time() - begun) / len(texts)
    scores = scorer.score(texts, found)
    figures = (
        f"{name} {f['f1@5']:.2f} {f['f1@10']:.2f} {f['f1@15']:.2f}" for name, f in scores.items()
    )
    return f"{' · '.join(figures)} · {cost * 1000:.0f} ms a text"


def ours(texts: Sequence[Text]) -> Iterator[tuple[str, list[str]]]:
    """Yield of each text the terms that tell it from the others of its source."""
    for source in sorted({text["src"] for text in texts}):
        members = [text for text in texts if text["src"] == source]
        articles = [archived(number, text) for number, text in enumerate(members, 1)]
        everything = count_terms(articles)
        for text, article in zip(members, articles, strict=True):
            others = without(everything, count_terms([article]))
            found = find_keywords([article], others, most=MOST, least_texts=1, least_keyness=0)
            yield text["id"], [keyword.term for keyword in found]


def archived(number: int, text: Text) -> ArchivedArticle:
    """Return the text as the archive would have it; most begin with their titles."""
    title = "" if text["text"].lstrip().startswith(text["title"]) else text["title"]
    return ArchivedArticle(
        id=number,
        article=Article(
            url=f"https://example.org/{number}",
            title=title,
            text=text["text"],
            language=text["lang"],
        ),
        source=OUTLET,
        relevance=Relevance(verdict=Verdict.ABOUT, score=1.0),
        first_seen_at=datetime(2025, 12, 31, tzinfo=UTC),
        representative_id=number,
    )


def without(everything: TermCounts, one: TermCounts) -> TermCounts:
    """Return the counts less those of one text, of its own terms only."""
    return TermCounts(
        texts={language: everything.texts[language] - 1 for language in one.texts},
        terms={
            language: {term: everything.terms[language][term] - 1 for term in terms}
            for language, terms in one.terms.items()
        },
    )


def yake(texts: Sequence[Text]) -> Iterator[tuple[str, list[str]]]:
    """Yield what YAKE finds of single words, its best setting on news."""
    extractor = importlib.import_module("yake").KeywordExtractor
    for text in texts:
        found = extractor(lan=text["lang"], n=1, top=MOST).extract_keywords(text["text"])
        yield text["id"], [term for term, _ in found]


def cost() -> str:
    """Return the CPU time and memory of a week of so many texts, all of them different."""
    dice = random.Random(6)  # noqa: S311 - nobody gains from guessing it
    made = [archived(number, invented(dice)) for number in range(WEEK + BASELINE)]
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    found = find_keywords(made[:WEEK], made[WEEK:])
    spent = time.process_time() - begun
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (
        f"{WEEK} texts against {BASELINE}: {spent:.1f} s CPU, {after // 1024} MB at the highest"
        f" ({(after - before) // 1024} more than before), {len(found)} keywords"
    )


def invented(dice: random.Random) -> Text:
    """Return a text of words as frequent as those of a language (Zipf), in sentences."""
    language = dice.choice(LANGUAGES)
    ranks = range(1, VOCABULARY + 1)
    drawn = dice.choices(ranks, WEIGHTS, k=TEXT_LENGTH)
    spelled = [f"{language}{rank:x}ol".translate(LETTERS) for rank in drawn]
    lines = [" ".join(spelled[n : n + 20]) + "." for n in range(0, TEXT_LENGTH, 20)]
    return {"title": spelled[0], "text": "\n".join(lines), "lang": language}


WEIGHTS = [1 / rank for rank in range(1, VOCABULARY + 1)]


if __name__ == "__main__":
    main()
