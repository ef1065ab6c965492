"""How well the rules of sources.yaml tell the holiday, on the labelled set of tests/cases/topic.

    python tests/bench/text/topic.py             # both halves, by language
    python tests/bench/text/topic.py --wrong     # and what is judged wrongly, of dev only

Each row: headlines or articles of one language, how many, precision and recall of “about”, and
of “about or a mention” against the rest. At the end: what a judgement costs in CPU time.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.model import Article, Topic, Verdict
from pipeline.relevance import judge
from pipeline.sources import parse_sources
from tests.labelled import ABOUT, HALVES, NAMES_IT, Labelled, score, texts, titles

SOURCES = Path(__file__).parents[3] / "sources.yaml"
#: What a text of a newsroom's usual length is made of, and how often it is judged.
ORDINARY = "The town council met on Tuesday to talk about the harbour and its two cranes. " * 40
ROUNDS = 200


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="show what is wrong in dev")
    options = parser.parse_args()
    topic = parse_sources(SOURCES.read_text()).topic
    lines = [*tables(topic)]
    if options.wrong:
        lines += [line for read in (titles, texts) for line in wrong(read("dev"), topic)]
    lines.append(f"\nan article without a name, 600 words: {cost(topic):.2f} ms")
    sys.stdout.write("\n".join(lines) + "\n")


def tables(topic: Topic) -> Iterator[str]:
    """Yield the lines of all tables."""

    def judged(article: Article) -> Verdict:
        return judge(article, topic).verdict

    for name, read in (("headlines", titles), ("articles", texts)):
        for half in HALVES:
            yield f"\n{name}, {half:<12}   n  about P     R   named P     R"
            yield from table(list(read(half)), judged)


def table(cases: Sequence[Labelled], judged: Callable[[Article], Verdict]) -> Iterator[str]:
    """Yield a row for each language, and one for all."""
    languages = dict.fromkeys(case.language for case in cases)
    for language in (*languages, "all"):
        here = [case for case in cases if language in {case.language, "all"}]
        about, named = (score(here, judged, kinds) for kinds in (ABOUT, NAMES_IT))
        figures = (about.precision, about.recall, named.precision, named.recall)
        shown = "  ".join(f"{figure:6.3f}" for figure in figures)
        yield f"{language:<22} {len(here):4d}  {shown}"


def wrong(cases: Iterable[Labelled], topic: Topic) -> Iterator[str]:
    """Yield a line for each case that is judged otherwise than it is labelled."""
    for case in cases:
        found = judge(case.article, topic)
        if found.verdict is not case.verdict:
            forms = [evidence.form for evidence in found.evidence]
            what = f"{case.verdict} judged {found.verdict} {found.score}"
            yield f"{case.language:<9} {what}: {case.article.title!r} {forms}"


def cost(topic: Topic) -> float:
    """Return the CPU time of judging an article without a name, in milliseconds."""
    article = Article(url="https://example.org/", title="Harbour", text=ORDINARY)
    judge(article, topic)  # reads the topic
    started = time.process_time()
    for _ in range(ROUNDS):
        judge(article, topic)
    return (time.process_time() - started) / ROUNDS * 1000


if __name__ == "__main__":
    main()
