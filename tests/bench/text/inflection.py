"""How well the forms of Azerbaijani words are brought together, and what it costs.

    python tests/bench/text/inflection.py             # the table
    python tests/bench/text/inflection.py --wrong     # and the words that are parted

A pair of forms is right if both have one stem and one lemma: precision is the share of
such pairs among those of one stem, recall among those of one lemma, each form and lemma
counted once. UniMorph is nearly all long nouns; UD has the verbs and the short words of
everyday text, spelled as they are spoken in the south. The holiday's forms are ours.
"""

import argparse
import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from pipeline.inflection import stem
from pipeline.text import fold
from tests.bench.material import SHARED

FORMS = SHARED / "bench" / "text" / "azstem_dev.jsonl.gz"
#: What was asked: the F1 of pairs, and one stem for each word of the holiday.
ASKED = {"unimorph": 0.90, "ud-tuecl": 0.65}
HOLIDAY = "holiday-own"
SOLIDARITY = ("həmrəylik", "həmrəyliyi", "həmrəyliyinin")

Pairs = Sequence[tuple[str, str]]  # form, lemma


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="show lemmas with several stems")
    options = parser.parse_args()
    sets = read_forms()
    lines = [f"{'':<14}" + "".join(f"{name:>26}" for name in ASKED) + "   holiday    µs a word"]
    lines += [row(name, sets, reduce) for name, reduce in stemmers().items()]
    lines += [f"{'asked':<14}" + "".join(f"{least:>26.2f}" for least in ASKED.values())]
    if options.wrong:
        lines += [f"{name} {one}" for name in ASKED for one in parted(sets[name]).items()]
    sys.stdout.write("\n".join(lines) + "\n")


def stemmers() -> dict[str, Callable[[str], str]]:
    """Return ours and those that need no installing."""
    return {
        "ours": lambda word: stem(word, "az"),
        "four letters": lambda word: fold(word)[:4],
        "five letters": lambda word: fold(word)[:5],
        "match form": fold,
    }


def read_forms() -> dict[str, Pairs]:
    """Return the pairs of each set, each once."""
    sets: dict[str, set[tuple[str, str]]] = defaultdict(set)
    with gzip.open(FORMS, "rt", encoding="utf-8") as lines:
        for entry in map(json.loads, lines):
            sets[entry["src"]].add((entry["form"], entry["lemma"]))
    sets[HOLIDAY].update((form, SOLIDARITY[0]) for form in SOLIDARITY)
    return {name: sorted(pairs) for name, pairs in sets.items()}


def row(name: str, sets: dict[str, Pairs], reduce: Callable[[str], str]) -> str:
    """Return the line of one stemmer."""
    begun = time.process_time()
    figures = ["P {:.3f} R {:.3f} F1 {:.3f}".format(*score(sets[one], reduce)) for one in ASKED]
    words = sum(len(sets[one]) for one in ASKED)
    cost = (time.process_time() - begun) / words * 1e6
    by_lemma = defaultdict(set)
    for form, lemma in sets[HOLIDAY]:
        by_lemma[lemma].add(reduce(form))
    counts = "/".join(str(len(found)) for found in by_lemma.values())
    return f"{name:<14}" + "".join(f"{one:>26}" for one in figures) + f"{counts:>10}{cost:>10.1f}"


def score(pairs: Pairs, reduce: Callable[[str], str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 of pairs of forms."""
    stems = [(reduce(form), lemma) for form, lemma in pairs]
    both = _pairs(stems)
    precision = both / (_pairs(one for one, _ in stems) or 1)
    recall = both / _pairs(lemma for _, lemma in stems)
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


def _pairs(keys: Iterable[object]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(keys).values())


def parted(pairs: Pairs) -> dict[str, dict[str, int]]:
    """Return the lemmas whose forms have several stems, with how many forms each has."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for form, lemma in pairs:
        found[lemma][stem(form, "az")] += 1
    return {lemma: dict(stems) for lemma, stems in found.items() if len(stems) > 1}


if __name__ == "__main__":
    main()
