"""How well the sentences are chosen that tell a text, by ROUGE F1 against people's choices.

    python tests/bench/text/summaries.py               # all
    python tests/bench/text/summaries.py --every 5     # a fifth of the texts
    python tests/bench/text/summaries.py --peers       # and sumy, where it is installed

The gold says for each text how many sentences may be taken, and so many are: the digest's own
limits (words quoted of an article, quotations, nothing that the headline says) hold in the row
"as the digest quotes" only, which may have fewer. The words are counted by the scorer of the
shared material, since the usual one drops all letters that are not Latin. The references of the
English texts look machine made: they are reported, and nothing is chosen by them.
"""

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from pipeline.model import (
    ArchivedArticle,
    Article,
    DuplicateGroup,
    PublisherKind,
    Relevance,
    Source,
    Story,
    Verdict,
)
from pipeline.summaries import Candidate, choose_sentences, summarize
from tests.bench.material import SHARED, load_script

FOLDER = SHARED / "bench" / "text"
ASKED = "asked: fars 32.5 15.5 25.5 · sadedegel R-1 46.5 · bbc reported only"
LANGUAGE_NAMES = {"en": "english", "tr": "turkish", "fa": "english"}  # sumy has no Persian
OUTLET = Source(
    id="outlet",
    name="Outlet",
    publisher=PublisherKind.PRIVATE,
    languages=("az",),
    time_zone="Asia/Baku",
    feeds=(),
)

Text = Mapping[str, Any]
Chooser = Callable[[Text], str]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", default="summary_dev", help="name of a file without its ending")
    parser.add_argument("--every", type=int, default=1, help="only every so many-th text")
    parser.add_argument("--peers", action="store_true", help="sumy too, which takes minutes")
    options = parser.parse_args()
    scorer = load_script(FOLDER / "score_summary.py")
    texts = scorer.read(FOLDER / f"{options.set}.jsonl.gz")[:: options.every]
    choosers: dict[str, Chooser] = {
        "the first": first,
        "ours": ours,
        "as the digest quotes": quoted,
    }
    if options.peers:
        choosers |= sumy_choosers()
    sys.stdout.write(f"{ASKED}\n")
    for name, chooser in choosers.items():
        sys.stdout.write(f"{name:<22} {measure(scorer, texts, chooser)}\n")
        sys.stdout.flush()


def measure(scorer: Any, texts: Sequence[Text], chooser: Chooser) -> str:
    """Return the ROUGE-1/2/L F1 by source as one line, with the CPU time of a text."""
    begun = time.process_time()
    chosen = {text["id"]: chooser(text) for text in texts}
    cost = (time.process_time() - begun) / len(texts)
    found = scorer.score(texts, chosen)
    figures = (f"{name} {f['r1']:.2f} {f['r2']:.2f} {f['rl']:.2f}" for name, f in found.items())
    return f"{' · '.join(figures)} · {cost * 1000:.1f} ms a text"


def first(text: Text) -> str:
    """Return its first sentences."""
    return " ".join(text["sents"][: text["n"]])


def ours(text: Text) -> str:
    """Return the sentences that we choose, in the order of the text."""
    candidates = [Candidate(text=one, place=n) for n, one in enumerate(text["sents"])]
    chosen = choose_sentences(candidates, text["title"], text["lang"], most=text["n"])
    return " ".join(text["sents"][number] for number in sorted(chosen))


def quoted(text: Text) -> str:
    """Return what a digest would quote of the text, were it a story of its own."""
    article = ArchivedArticle(
        id=1,
        article=Article(
            url="https://example.org/1",
            title=text["title"],
            text="\n\n".join(text["sents"]),
            language=text["lang"],
        ),
        source=OUTLET,
        relevance=Relevance(verdict=Verdict.ABOUT, score=1.0),
        first_seen_at=datetime(2025, 12, 31, tzinfo=UTC),
        representative_id=1,
    )
    story = Story(groups=(DuplicateGroup(representative=article, members=(article,)),))
    return " ".join(one.text for one in summarize(story, most=text["n"]).sentences)


def sumy_choosers() -> Iterator[tuple[str, Chooser]]:
    """Yield sumy's ways to choose, on the sentences as given."""
    for name in ("luhn", "text_rank", "lex_rank"):
        module = importlib.import_module(f"sumy.summarizers.{name}")
        maker = getattr(module, f"{name.title().replace('_', '')}Summarizer")
        yield f"sumy {name}", partial(sumy_chosen, maker)


def sumy_chosen(maker: Any, text: Text) -> str:
    """Return the sentences that one of sumy's summarizers chooses."""
    dom = importlib.import_module("sumy.models.dom")
    tokenizers = importlib.import_module("sumy.nlp.tokenizers")
    tokenizer = tokenizers.Tokenizer(LANGUAGE_NAMES[text["lang"]])
    found = [dom.Sentence(one, tokenizer) for one in text["sents"]]
    document = dom.ObjectDocumentModel([dom.Paragraph(found)])
    return " ".join(str(one) for one in maker()(document, text["n"]))


if __name__ == "__main__":
    main()
