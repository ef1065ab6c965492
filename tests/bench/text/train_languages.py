"""Train the model that tells languages by their runs of letters.

    python tests/bench/text/train_languages.py FOLDER            # → pipeline/languages.json
    python tests/bench/text/train_languages.py FOLDER --folds    # what it reaches, out of fold

FOLDER holds the packages that `language_texts.py` names, with their licences. Wants
numpy, scipy, brotli and msgpack; takes about five minutes, with ``--folds`` twenty.

Texts of one to thirty words are put together of words drawn by their frequency; the order of
words is no matter, for no run reaches over their border. One word of twelve comes from
another language, as names do in news. The sentences of the shared material are added as
windows of two to nine words. Texts of Azerbaijani and Turkish are shown a second time as
typed without their letters, as languages of their own.

A multinomial logistic regression learns from how often each run stands in a text (steps as
in Duchi, Hazan and Singer 2011). Then the weights that change least are taken out, those that
are left learn again, and so once more, until the file is small enough: from 1.7 million weights
to 93,000 for Latin script costs nothing that the folds can show. Plain naive Bayes and the same
regression without the sentences of the material are weaker on Azerbaijani against Turkish.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp

from pipeline import languages
from pipeline.languages import letter_words, runs
from tests.bench.material import ROOT, SHARED
from tests.bench.text.language_texts import (
    Sentence,
    Words,
    draw_words,
    name_of_the_day,
    read_sentences,
    without_marks,
)

MODEL = ROOT / "pipeline" / "languages.json"
DEV = SHARED / "bench" / "text" / "langid_dev.jsonl.gz"
SEED = 31

#: By script: texts of an ordinary language, runs to begin with, bytes after each cut.
SIZES = {
    "Latin": (3_000, 50_000, (600_000, 280_000)),
    "Cyrillic": (3_000, 40_000, (250_000, 88_000)),
    "Arabic": (3_000, 12_000, (80_000, 25_000)),
}
#: Languages of the shared sentences, by script.
TOLD = {"Latin": ("az", "tr", "en", "de"), "Cyrillic": ("ru",), "Arabic": ("fa",)}
#: How many times the ordinary number of texts; ``~`` stands for "typed without its letters".
TIMES = {
    "az": 10, "tr": 9, "az~": 6, "tr~": 5, "en": 8, "de": 6, "fr": 2, "es": 2, "ru": 6, "uk": 3,
    "bg": 2, "fa": 3, "ar": 3,
}  # fmt: skip
#: What a weight of these languages is worth when it is decided which to keep.
WORTH = {"az": 2.4, "tr": 2.4, "en": 1.6, "de": 1.6, "ru": 1.6, "fa": 1.6} | dict.fromkeys(
    ("fr", "es", "uk", "ar"), 1.2
)
TYPED = ("az~", "tr~")
MANY_WORDS, SOME_WORDS = 160_000, 30_000
FOREIGN_SHARE = 1 / 12
#: Texts that hold some of the day's name.
NAMED_SHARE = 0.03
FOLDS = 5
EPOCHS, EPOCHS_AGAIN = 4, 3
RATE, RATE_AGAIN = 0.2, 0.1
BATCH = 512
#: What a run costs in the file beside its letters, and each of its weights.
RUN_BYTES, WEIGHT_BYTES = 2, 2

Array = Any  # numpy's and scipy's arrays, whose types say less than they cost here
Texts = list[tuple[Words, str]]


def main() -> None:
    """Train each script's model; write them, or print what they reach out of fold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--folds", action="store_true")
    options = parser.parse_args()
    sentences = read_sentences(DEV)
    shipped = {}
    for script in SIZES:
        told = [sentence for sentence in sentences if sentence.language in TOLD[script]]
        work = prepare(options.folder, script, told)
        if options.folds:
            sys.stdout.writelines(f"{row}\n" for row in validate(work, told))
        else:
            shipped[script] = work.spell(work.train(told))
    if shipped:
        MODEL.write_text(json.dumps(shipped, ensure_ascii=False, indent=0) + "\n", "utf-8")


@dataclass(frozen=True)
class Work:
    """The drawn texts of one script, counted, and what is learned from them."""

    script: str
    columns: list[str]
    known: dict[str, int]  # a run → its column in ``counted``
    counted: Array
    labels: Array

    def train(self, sentences: list[Sentence]) -> Array:
        """Return the weights, in steps, of runs (down) for languages (across)."""
        added = windows(sentences, self.columns, np.random.default_rng(SEED))
        counted = sp.vstack([self.counted, count(added, self.known)]).tocsr()
        labels = np.concatenate([self.labels, self.numbers(added)])
        weights = learn(counted, labels, np.zeros((len(self.known), len(self.columns))))
        frequency = np.asarray(counted.mean(0)).ravel()
        for size in SIZES[self.script][2]:
            kept = self.keep(weights, frequency, size)
            weights = (weights - np.median(weights, 1, keepdims=True)) * kept
            live = np.flatnonzero(kept.any(1))
            weights[live] = learn(counted[:, live], labels, weights[live], kept=kept[live])
        steps = np.round(weights / languages.STEP).astype(int)
        return np.clip(steps, -languages.MOST_STEPS, languages.MOST_STEPS)

    def numbers(self, texts: Texts) -> Array:
        """Return the places of the texts' languages."""
        return np.array([self.columns.index(language) for _, language in texts])

    def keep(self, weights: Array, frequency: Array, size: int) -> Array:
        """Return which weights are kept when the file may have ``size`` bytes."""
        change = np.abs(weights - np.median(weights, 1, keepdims=True))
        change *= np.sqrt(frequency)[:, None]
        change *= np.array([WORTH.get(name.strip("~"), 1.0) for name in self.columns])
        down, across = np.unravel_index(np.argsort(-change, axis=None), change.shape)
        cost = np.full(len(down), WEIGHT_BYTES)
        letters = np.array([len(run.encode()) for run in self.known])
        firsts = np.unique(down, return_index=True)[1]
        cost[firsts] += letters[down[firsts]] + RUN_BYTES
        number = int(np.searchsorted(np.cumsum(cost), size))
        kept = np.zeros(weights.shape, np.float32)
        kept[down[:number], across[:number]] = 1
        return kept

    def scores(self, steps: Array, texts: list[Words]) -> Array:
        """Return the odds of each column for each text."""
        return count([(spoken, "") for spoken in texts], self.known) @ steps * languages.STEP

    def spell(self, steps: Array) -> dict[str, str]:
        """Return the model as `pipeline.languages` reads it."""
        told = []
        for run, row in zip(self.known, steps, strict=True):
            weights = "".join(
                chr(languages.FIRST_COLUMN + place) + chr(languages.NO_STEPS + row[place])
                for place in np.flatnonzero(row)
            )
            told += [run, weights] if weights else []
        return {
            "columns": " ".join(name.strip("~") for name in self.columns),
            "weights": " ".join(told),
        }


def prepare(folder: Path, script: str, sentences: list[Sentence]) -> Work:
    """Draw the texts of a script, and count their most telling runs."""
    draw = np.random.default_rng(SEED)
    names = [
        name
        for name in languages._BY_MODEL[script].split()
        if (name, script) != ("az", "Arabic")  # no text to learn it from
    ]
    words = {
        name: draw_words(folder, name, script, MANY_WORDS if name in TIMES else SOME_WORDS, draw)
        for name in names
    }
    columns = names + [name for name in TYPED if script == "Latin"]
    number, most, _ = SIZES[script]
    texts = [text for name in columns for text in compose(words, name, script, number, draw)]
    seen = texts + windows(sentences, columns, draw)
    known = {run: place for place, run in enumerate(telling(seen, most))}
    work = Work(script, columns, known, count(texts, known), np.zeros(0))
    return Work(script, columns, known, work.counted, work.numbers(texts))


def compose(
    words: dict[str, Words], name: str, script: str, number: int, draw: np.random.Generator
) -> Texts:
    """Return texts of one language."""
    plain = name.strip("~")
    own, named = words[plain], name_of_the_day(plain, script)
    others = [word for listed in words.values() for word in listed]
    found: Texts = []
    for kind in draw.random(number * TIMES.get(name, 1)):
        longest = 3 if kind < 0.2 else 9 if kind < 0.9 else 29
        size = int(draw.integers(1 if longest == 3 else longest // 3, longest + 1))
        spoken = [own[place] for place in draw.integers(0, len(own), size)]
        if size > 2:
            foreign = np.flatnonzero(draw.random(size) < FOREIGN_SHARE)
            for place in foreign:
                spoken[place] = others[int(draw.integers(len(others)))]
        if named and size > 2 and draw.random() < NAMED_SHARE:
            start, end = sorted(draw.integers(0, len(named) + 1, 2).tolist())
            spoken[: end - start] = named[start:end]
        found.append((typed(spoken, name, draw.random()), name))
    return found


def typed(spoken: Words, name: str, chance: float) -> Words:
    """Return the words as typed: without their letters, or with i for ı, as capitals have it."""
    if name in TYPED:
        return [without_marks(word) for word in spoken]
    if name in {"az", "tr"}:
        return [word.replace("ı", "i") for word in spoken] if chance < 0.06 else spoken
    return [without_marks(word) for word in spoken] if chance < 0.05 else spoken


def windows(sentences: Iterable[Sentence], columns: list[str], draw: np.random.Generator) -> Texts:
    """Return runs of two to nine words of the sentences."""
    found: Texts = []
    for sentence in sentences:
        spoken = letter_words(sentence.text)
        is_told = sentence.kind in {"sentence", "word_pair"}  # titles and t200 are made of these
        if not is_told or not spoken:
            continue
        for _ in range(8 if sentence.kind == "sentence" else 2):
            size = int(draw.integers(2, 10))
            start = int(draw.integers(0, max(1, len(spoken) - size + 1)))
            some, name = spoken[start : start + size], sentence.language
            found.append((typed(some, name, draw.random()), name))
            if f"{name}~" in columns and draw.random() < 0.5:
                found.append((typed(some, f"{name}~", 0.0), f"{name}~"))
    return found


def telling(texts: Texts, most: int) -> list[str]:
    """Return the runs that are most frequent in some language."""
    spoken: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for words, name in texts:
        spoken[name].update(words)
    shares: defaultdict[str, list[float]] = defaultdict(list)
    for counts in spoken.values():
        here: Counter[str] = Counter()
        total = counts.total()
        for word, number in counts.items():
            for run in runs_of(word):
                here[run] += number
        for run, number in here.items():
            shares[run].append(number / total)
    absent = len(spoken) // 2
    worth = {
        run: max(found) - (sorted(found)[-absent - 1] / 2 if len(found) > absent else 0.0)
        for run, found in shares.items()
    }
    return sorted(worth, key=lambda run: (-worth[run], run))[:most]


def runs_of(word: str) -> list[str]:
    """Return the runs of one word."""
    return [run for some in runs([word]) for run in some if run != "_"]


def count(texts: Texts, known: dict[str, int]) -> Array:
    """Return how often each known run (across) stands in each text (down)."""
    numbers: dict[str, int] = {}
    spoken = [
        (row, numbers.setdefault(w, len(numbers))) for row, (t, _) in enumerate(texts) for w in t
    ]
    inside = [
        (number, known[run])
        for word, number in numbers.items()
        for run in runs_of(word)
        if run in known
    ]
    words = _matrix(spoken, (len(texts), len(numbers)))
    return (words @ _matrix(inside, (len(numbers), len(known)))).tocsr()


def _matrix(places: list[tuple[int, int]], shape: tuple[int, int]) -> Array:
    down, across = np.array(places, dtype=np.int64).reshape(-1, 2).T
    return sp.csr_matrix((np.ones(len(down), np.float32), (down, across)), shape=shape)


def learn(counted: Array, labels: Array, weights: Array, *, kept: Array = None) -> Array:
    """Return weights of a multinomial logistic regression, averaged over the later half."""
    draw = np.random.default_rng(SEED)
    epochs, rate = (EPOCHS, RATE) if kept is None else (EPOCHS_AGAIN, RATE_AGAIN)
    weights = weights.astype(np.float32)
    moved = np.full(weights.shape, 1e-3, np.float32)
    later = np.zeros_like(weights)
    for epoch in range(epochs):
        order = draw.permutation(len(labels))
        for start in range(0, len(labels), BATCH):
            batch = order[start : start + BATCH]
            rows, slope = _slope(counted[batch], labels[batch], weights)
            if kept is not None:
                slope *= kept[rows]
            moved[rows] += slope * slope
            weights[rows] -= rate * slope / np.sqrt(moved[rows])
        if epoch >= epochs // 2:
            later += weights / (epochs - epochs // 2)
    return later


def _slope(counted: Array, labels: Array, weights: Array) -> tuple[Array, Array]:
    """Return the rows of weights that a batch moves, and how."""
    odds = counted @ weights
    shares = np.exp(odds - odds.max(1, keepdims=True))
    shares /= shares.sum(1, keepdims=True)
    shares[np.arange(len(labels)), labels] -= 1
    turned = counted.T.tocsr()
    rows = np.flatnonzero(np.diff(turned.indptr))
    return rows, turned[rows] @ (shares / np.float32(len(labels)))


def validate(work: Work, sentences: list[Sentence]) -> Iterator[str]:
    """Yield what the model reaches on sentences whose like it has not seen."""
    part = parts(sentences)
    right: defaultdict[tuple[str, str], list[bool]] = defaultdict(list)
    taken: Counter[tuple[str, str, str]] = Counter()
    for fold in range(FOLDS):
        steps = work.train([s for s, of in zip(sentences, part, strict=True) if of != fold])
        held = [s for s, of in zip(sentences, part, strict=True) if of == fold]
        held += [retyped(sentence) for sentence in held if f"{sentence.language}~" in TYPED]
        for sentence, told in zip(held, decide(work, steps, held), strict=True):
            right[sentence.kind, sentence.language].append(told == sentence.language)
            taken[sentence.kind, sentence.language, told] += told != sentence.language
    for (kind, language), marks in sorted(right.items()):
        away = {to: n for (k, of, to), n in taken.items() if (k, of) == (kind, language) and n}
        yield f"{kind:16} {language} {np.mean(marks):.4f} of {len(marks)} {away or ''}"


def retyped(sentence: Sentence) -> Sentence:
    """Return the sentence as typed without its letters."""
    plain = " ".join(map(without_marks, letter_words(sentence.text)))
    return Sentence(plain, sentence.language, f"{sentence.kind} typed")


def decide(work: Work, steps: Array, held: list[Sentence]) -> list[str]:
    """Return what the product would say, were these the model's steps."""
    scores = work.scores(steps, [letter_words(sentence.text) for sentence in held])
    return [_told(s.text, work, row) for s, row in zip(held, scores, strict=True)]


def _told(text: str, work: Work, odds: Array) -> str:
    script, letters = languages.script_of(text)
    if script != work.script or letters < languages.FEWEST_LETTERS:
        return "?"
    plain = [name.strip("~") for name in work.columns]
    ahead = languages.leads(text, script, ())
    first = int(np.argmax(odds + [ahead.get(name, 0.0) for name in plain]))
    return languages._by_letters(text, script) or plain[first]


def parts(sentences: list[Sentence]) -> list[int]:
    """Return the fold of each: titles and longer texts go with the sentences they are made of."""
    draw = np.random.default_rng(SEED)
    whole = [s.text for s in sentences if s.kind == "sentence"]
    fold = {text: int(draw.integers(FOLDS)) for text in whole}
    joined: dict[str, str] = {}
    for sentence in sentences:
        if sentence.kind in {"title", "t200"}:
            made_of = [t for t in whole if t[:30] in sentence.text or sentence.text in t]
            first = _root(joined, made_of[0]) if made_of else sentence.text
            for other in made_of:
                if _root(joined, other) != first:
                    joined[_root(joined, other)] = first
            if sentence.text != first:
                joined.setdefault(sentence.text, first)
    return [_fold_of(_root(joined, s.text), fold, draw) for s in sentences]


def _root(joined: dict[str, str], text: str) -> str:
    while text in joined:
        text = joined[text]
    return text


def _fold_of(text: str, fold: dict[str, int], draw: np.random.Generator) -> int:
    return fold.setdefault(text, int(draw.integers(FOLDS)))


if __name__ == "__main__":
    main()
