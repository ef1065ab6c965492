"""Which sentence was printed before, and where first: against a slow exact alignment.

Two golds. The recycled texts of `neardup_dev`: a sentence of theirs was seen if an earlier
text of the set has one with the same words in the same order up to a fifth
(`difflib` ratio 0.8 or more, digits masked). It is found without a sketch, by
comparing all that share one of their rarest words. And edits of our own, known by
construction: one edit a sentence, and made-up sentences that are half of one and half of
another. Usage: python tests/bench/text/passages.py
"""

import difflib
import gzip
import json
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.passages import KeyedPassage, find_passages, is_same, mask_digits, passage_bands
from pipeline.text import fold
from tests.bench.material import SHARED

LANGUAGES = ("az", "tr", "ru", "en", "fa", "de")
#: Of the alignment: words in common, both sentences together.
GOLD_RATIO = 0.8
#: Days after the originals on which copies and recycled texts are printed.
DAYS = {"orig": 0, "recycle": 365, "recycle2": 730}
SEED = 7
#: Sentences of a language that are edited, each in every way.
EDITED = 400


@dataclass(frozen=True, slots=True)
class Printed:
    """A passage, with the text that it stands in."""

    at: tuple[int, str]  # day, id of the text
    passage: KeyedPassage


class Shelf:
    """Passages by key and bands, as the store has them; without its cap on candidates."""

    def __init__(self) -> None:
        self._by_key: defaultdict[int, list[Printed]] = defaultdict(list)

    def add(self, printed: Printed) -> None:
        for key in {printed.passage.key, *passage_bands(printed.passage)}:
            self._by_key[key].append(printed)

    def appearances(self, passage: KeyedPassage, before: tuple[int, str]) -> list[Printed]:
        keys = {passage.key, *passage_bands(passage)}
        met = {id(one): one for key in keys for one in self._by_key.get(key, ())}
        return sorted(
            (
                one
                for one in met.values()
                if one.at < before and is_same(one.passage.marks, passage.marks)
            ),
            key=lambda one: one.at,
        )


class Aligned:
    """The same, by comparing words: slow and exact."""

    def __init__(self, printed: Iterable[Printed]) -> None:
        self._all = [(one, mask_digits(fold(one.passage.text))) for one in printed]
        self._counts = Counter(word for _, tokens in self._all for word in set(tokens))
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        for place, (_, tokens) in enumerate(self._all):
            for word in self._rare(tokens):
                self._by_word[word].append(place)

    def _rare(self, tokens: list[str]) -> list[str]:
        """Return the words of which a sentence that is 0.8 alike must share one."""
        ranked = sorted(tokens, key=lambda word: (self._counts[word], word))
        # Of n words, m common: 2m / (n + k) >= 0.8 with k >= m makes m >= 2n/3.
        return ranked[: len(ranked) - -(-2 * len(ranked) // 3) + 1]

    def appearances(self, passage: KeyedPassage, before: tuple[int, str]) -> list[Printed]:
        tokens = mask_digits(fold(passage.text))
        places = {place for word in self._rare(tokens) for place in self._by_word.get(word, ())}
        found = [self._all[place] for place in places if self._all[place][0].at < before]
        alike = [one for one, other in found if _ratio(tokens, other) >= GOLD_RATIO]
        return sorted(alike, key=lambda one: one.at)


def _ratio(tokens: list[str], other: list[str]) -> float:
    matcher = difflib.SequenceMatcher(None, tokens, other, autojunk=False)
    if matcher.real_quick_ratio() < GOLD_RATIO or matcher.quick_ratio() < GOLD_RATIO:
        return 0.0
    return matcher.ratio()


def texts() -> list[dict[str, Any]]:
    file = SHARED / "bench" / "text" / "neardup_dev.jsonl.gz"
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def printed_passages(docs: Iterable[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], Printed]]:
    for doc in docs:
        at = (DAYS.get(doc["kind"], 1), doc["id"])
        for passage in find_passages(doc["text"]):
            yield doc, Printed(at, passage)


# --- recycled texts --------------------------------------------------------


def recycled(docs: list[dict[str, Any]], *, show: bool) -> Counter[str]:
    """Count the sentences of recycled texts by what we say and what the alignment says."""
    every = list(printed_passages(docs))
    shelf, gold = Shelf(), Aligned(printed for _, printed in every)
    for _, printed in every:
        shelf.add(printed)
    counts: Counter[str] = Counter()
    for doc, printed in every:
        if not doc["kind"].startswith("recycle"):
            continue
        ours = shelf.appearances(printed.passage, printed.at)
        real = gold.appearances(printed.passage, printed.at)
        outcome = ("tn", "fp", "fn", "tp")[2 * bool(real) + bool(ours)]
        counts[outcome] += 1
        if ours and real:
            counts["first"] += ours[0].at == real[0].at
        if show and (outcome in {"fp", "fn"} or (ours and real and ours[0].at != real[0].at)):
            other = (ours or real)[0]
            told = (outcome, printed.passage.text, f"{other.at} {other.passage.text}")
            sys.stdout.write("\n   ".join(told) + "\n")
    return counts


# --- edits of our own ------------------------------------------------------

_MONTHS = {
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "tr": "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "january february march april may june july august september october november december",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "fa": "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند",
}
_ENDINGS = {
    "az": "ın da dan lar nın a ı lardan sı",
    "tr": "ın da dan lar nın a ı lardan sı",
    "ru": "ов ам ами ах ого ый ая ом у",
    "en": "s ed ing",
    "de": "en es er e em",
    "fa": "ها های ی هایی",
}
_LETTERS_KEPT = 5


@dataclass(frozen=True, slots=True)
class Editor:
    """Edits sentences of one language."""

    language: str
    vocabulary: list[str]
    rng: random.Random

    def number(self, sentence: str) -> str:
        """Change every digit."""
        return re.sub(
            r"\d", lambda found: str((int(found[0]) + self.rng.randint(1, 9)) % 10), sentence
        )

    def date(self, sentence: str) -> str:
        """Change the month and every digit."""
        months = _MONTHS[self.language].split()
        pattern = re.compile(rf"\b(?:{'|'.join(months)})(?=\b|ı|i|ın|in|d)", re.IGNORECASE)
        if not pattern.search(sentence):
            return sentence
        return self.number(pattern.sub(lambda _: self.rng.choice(months), sentence))

    def inflection(self, sentence: str) -> str:
        """Give one word in six another ending."""
        tokens = sentence.split()
        long = [
            n for n, token in enumerate(tokens) if token.isalpha() and len(token) > _LETTERS_KEPT
        ]
        for place in self.rng.sample(long, min(len(long), 1 + len(tokens) // 6)):
            kept = max(_LETTERS_KEPT, len(tokens[place]) - self.rng.randint(0, 2))
            tokens[place] = tokens[place][:kept] + self.rng.choice(_ENDINGS[self.language].split())
        return " ".join(tokens)

    def swap(self, sentence: str) -> str:
        tokens = sentence.split()
        tokens[self.rng.randrange(len(tokens))] = self.rng.choice(self.vocabulary)
        return " ".join(tokens)

    def add(self, sentence: str) -> str:
        tokens = sentence.split()
        tokens.insert(self.rng.randrange(len(tokens)), self.rng.choice(self.vocabulary))
        return " ".join(tokens)

    def drop(self, sentence: str) -> str:
        tokens = sentence.split()
        del tokens[self.rng.randrange(len(tokens))]
        return " ".join(tokens)

    def clause(self, sentence: str) -> str:
        """Cut a clause, if more than half of the words are left."""
        parts = re.split(r"(?<=[,;:،])\s", sentence)
        del parts[self.rng.randrange(len(parts))]
        left = " ".join(parts)
        return left if 2 * len(left.split()) > len(sentence.split()) else sentence

    def both(self, sentence: str) -> str:
        """Change numbers, endings and a word."""
        return self.swap(self.inflection(self.number(sentence)))

    def half(self, sentence: str) -> str:
        """Put half of another sentence in the place of half of this one."""
        tokens = sentence.split()
        half = len(tokens) // 2
        start = self.rng.randrange(len(self.vocabulary) - len(tokens))
        return " ".join(tokens[:half] + self.vocabulary[start : start + len(tokens) - half])


EDITS = ("number", "date", "inflection", "swap", "add", "drop", "clause", "both", "half")


def edited(docs: list[dict[str, Any]], language: str) -> dict[str, Counter[str]]:
    """Count, for each edit, the sentences found again and those whose source is named."""
    rng = random.Random(f"{SEED} {language}")  # noqa: S311 - the same each time
    shelf = Shelf()
    originals = [one for doc, one in printed_passages(docs) if doc["kind"] == "orig"]
    for one in originals:
        shelf.add(one)
    vocabulary = [token for one in originals for token in one.passage.text.split()]
    editor = Editor(language, vocabulary, rng)
    counts: dict[str, Counter[str]] = {name: Counter() for name in EDITS}
    for one in rng.sample(originals, min(EDITED, len(originals))):
        earliest = shelf.appearances(one.passage, (9, ""))[0]
        for name in EDITS:
            make: Callable[[str], str] = getattr(editor, name)
            made = make(one.passage.text)
            passages = find_passages(made)
            if made == one.passage.text or len(passages) != 1:
                continue  # nothing to edit, or no passage any more
            found = shelf.appearances(passages[0], (9, ""))
            counts[name]["n"] += 1
            counts[name]["found"] += bool(found)
            counts[name]["named"] += bool(found) and found[0].at == earliest.at
    return counts


def main() -> None:
    """Print both tables; with ``--show``, also what is not as the alignment says."""
    docs: dict[str, list[dict[str, Any]]] = {language: [] for language in LANGUAGES}
    for doc in texts():
        docs[doc["lang"]].append(doc)
    write = sys.stdout.write
    write("recycled texts   sentences  precision  recall  first right\n")
    total: Counter[str] = Counter()
    for language, own in docs.items():
        counts = recycled(own, show="--show" in sys.argv)
        total += counts
        write(_row(language, counts))
    write(_row("all", total))
    write("\nour edits: found (its source named)\n" + " " * 3 + "".join(f"{e:>14}" for e in EDITS))
    for language, own in docs.items():
        cells = [
            f"{one['found'] / n:.3f} ({one['named'] / n:.3f})" if (n := one["n"]) else "-"
            for one in edited(own, language).values()
        ]
        write(f"\n{language} " + "".join(f"{cell:>14}" for cell in cells))
    write("\n")


def _row(name: str, counts: Counter[str]) -> str:
    tp, fp, fn = counts["tp"], counts["fp"], counts["fn"]
    return (
        f"{name:16} {tp + fp + fn + counts['tn']:9}  {tp / (tp + fp):9.3f}"
        f"  {tp / (tp + fn):6.3f}  {counts['first'] / tp:11.3f}\n"
    )


if __name__ == "__main__":
    main()
