"""The language of a text: its script, then runs of its letters.

The script decides alone where one language of ours is written in it (Georgian, Hebrew …).
For Latin, Cyrillic and Arabic script `languages.json` says, for runs of one to five letters
within a word and for whole words, how much each speaks for a language: a multinomial
logistic regression, whose weights are rounded to steps and left out where they are small.
`tests/bench/text/train_languages.py` makes it and says from what.

Azerbaijani and Turkish have two columns each, one for texts typed without their
letters (``sohbet``, ``gorusme``): what tells the two apart is then something else.

Two things stand above the sums. ə is Azerbaijani, however many foreign names stand around
it. And Azerbaijani in Arabic script, for which there is no text to learn from, is told by
its function words. Some things are given ahead of the sums, and a longer text overrules them:
what the source writes in, ordinals like "31-ci", Cyrillic letters that a language lacks.

Fast without numpy: the weights of a run for all languages are packed into one integer, so
that a text is read by adding one number for each of its runs.
"""

import json
import re
import struct
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import repeat

from pipeline.text import fold, words

#: Scripts that one language is written in, of those that news about the holiday is in.
_BY_SCRIPT = {
    "Georgian": "ka",
    "Armenian": "hy",
    "Hebrew": "he",
    "Greek": "el",
    "Thai": "th",
    "Devanagari": "hi",
    "Hangul": "ko",
    "Kana": "ja",
    "Han": "zh",
}
#: Scripts of several, told apart by the model.
_BY_MODEL = {
    "Latin": (
        "az tr en de fr es it pt nl pl ro hu cs sk sl hr sv da no fi is lt lv et uz id sw zu af "
        "ca vi sq"
    ),
    "Cyrillic": "ru uk bg kk ky be sr tg mk mn uz az",
    "Arabic": "fa ar ur az",
}
EXPECTED_LANGUAGES: frozenset[str] = frozenset(
    [*_BY_SCRIPT.values(), *" ".join(_BY_MODEL.values()).split()]
)

_SCRIPTS = {
    "Latin": re.compile("[A-Za-z\u00c0-\u024f\u0259\u1e00-\u1eff]+"),
    "Cyrillic": re.compile("[\u0400-\u052f]+"),
    "Arabic": re.compile("[\u0620-\u064a\u066e-\u06d3\ufb50-\ufefc]+"),
    "Georgian": re.compile("[\u10a0-\u10ff\u1c90-\u1cbf]+"),
    "Armenian": re.compile("[\u0530-\u058f]+"),
    "Hebrew": re.compile("[\u0590-\u05ff]+"),
    "Greek": re.compile("[\u0370-\u03ff]+"),
    "Thai": re.compile("[\u0e00-\u0e7f]+"),
    "Devanagari": re.compile("[\u0900-\u097f]+"),
    "Hangul": re.compile("[\uac00-\ud7af]+"),
    "Kana": re.compile("[\u3041-\u3096\u30a1-\u30fa]+"),
    "Han": re.compile("[\u4e00-\u9fff]+"),
}

#: Characters by which the script is told.
_SAMPLE_LENGTH = 1_000
#: Characters that are read by their runs: more costs time and changes no verdict.
_READ_LENGTH = 600
#: With fewer letters a text is a name or a label, not a language.
FEWEST_LETTERS = 7
#: Share at which Latin letters count against others, for names and brands stand among those.
_LATIN_WORTH = 1 / 3

#: Lead of the likeliest language over one that the source writes in, below which the
#: source is believed: a likelihood eleven times as high. It and all below are in
#: natural logarithms of the odds.
_CLOSE_CALL = 2.4
#: The same where a source does not say what it writes in: lists of names may be in any of
#: thirty languages in Latin script. The others have few to take for one another, and a
#: Bulgarian headline is not to be Russian.
_USUAL = {
    "Latin": dict.fromkeys(("az", "tr", "en", "de"), 3.0),
    "Cyrillic": {"ru": 2.0},
    "Arabic": {"fa": 1.0},
}
#: What Azerbaijani gets ahead of Turkish: taking it for Turkish hides news from us, the
#: reverse shows a Turkish text once too often.
_AZERBAIJANI_LEAD = 0.4
#: "31-ci", "1916-cı": no other language in Latin script writes ordinals so. A text may quote
#: one, so it is no more than what two or three words of a language tell.
_ORDINAL = re.compile(r"\d ?-(?:c[iıuü]|C[İÜ])\b")
_ORDINAL_LEAD = 5.0
_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_ALPHABETS = {
    "ru": _RUSSIAN,
    "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "sr": "абвгдђежзијклљмнњопрстћуфхцчџш",
    "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
    "kk": _RUSSIAN + "әғқңөұүһі",
    "ky": _RUSSIAN + "ңөү",
    "mn": _RUSSIAN + "өү",
    "tg": _RUSSIAN + "ғӣқӯҳҷ",
    "uz": _RUSSIAN + "ўқғҳ",
    "az": "абвгғдеәжзийјкҝлмноөпрстуүфхһчҹшы",
}
#: What each letter that a language lacks speaks against it: a name may hold one or two.
_FOREIGN_LETTER = 2.0


def identify_language(text: str, *, expected: tuple[str, ...] = ()) -> str | None:
    """Return the ISO 639-1 code of the language of ``text``; None for too little text.

    ``expected`` are the languages that the source writes in: they decide close calls,
    they do not overrule the letters.

    >>> identify_language("31 dekabr Dünya Azərbaycanlılarının Həmrəyliyi Günüdür")
    'az'
    >>> identify_language("31") is None
    True
    """
    sample = text[:_SAMPLE_LENGTH]
    script, letters = script_of(sample)
    if letters and script in _BY_SCRIPT:
        return _BY_SCRIPT[script]
    if letters < FEWEST_LETTERS:
        return None
    return _by_letters(sample, script) or _by_runs(sample[:_READ_LENGTH], script, expected)


def script_of(sample: str) -> tuple[str, int]:
    """Return the script of most letters, and how many these are."""
    seen = "".join(set(sample))
    counts = {
        name: sum(map(len, letters.findall(sample))) if letters.search(seen) else 0
        for name, letters in _SCRIPTS.items()
    }
    script = max(counts, key=lambda name: counts[name] * (_LATIN_WORTH if name == "Latin" else 1))
    if script == "Han" and counts["Kana"]:
        script = "Kana"
    return script, counts[script]


# --- letters and words that decide -----------------------------------------

#: Share of words with ə from which a text is Azerbaijani; below it a foreign text may
#: quote a name. About half of the words of Azerbaijani hold one.
_LEAST_SCHWA_WORDS = 0.2
_SCHWA = re.compile("[əǝә]", re.IGNORECASE)  # the last is Cyrillic, typed among Latin letters

#: Words that stand in nearly every sentence.
_ARABIC_SCRIPT_WORDS = {
    "az": "بیر ایله اوچون دیر گونو ائتدی اولان اولاراق اونون بو گون ائدیر ایلین دونیا ائدیلیر",
    "fa": "و در به از که این است را با برای آن یک خود شد بود های می تا بر شده",
    "ar": "في من على إلى أن التي الذي عن مع هذا هذه بين كما قد كان لا ما",
}
_ARABIC_SCRIPT_FORMS = {
    language: frozenset(fold(listed).split()) for language, listed in _ARABIC_SCRIPT_WORDS.items()
}
#: One such word may be a name or a quotation.
_LEAST_FORMS = 2


def _by_letters(sample: str, script: str) -> str | None:
    if script == "Latin" and _SCHWA.search(sample):
        spoken = words(sample)
        with_schwa = sum(1 for word in spoken if _SCHWA.search(word))
        return "az" if with_schwa >= len(spoken) * _LEAST_SCHWA_WORDS else None
    if script == "Arabic" and _is_azerbaijani_in_arabic_script(sample):
        return "az"
    return None


def _is_azerbaijani_in_arabic_script(sample: str) -> bool:
    spoken = words(fold(sample))
    hits = {
        language: sum(1 for word in spoken if word in forms)
        for language, forms in _ARABIC_SCRIPT_FORMS.items()
    }
    return hits["az"] >= _LEAST_FORMS and hits["az"] > max(hits["fa"], hits["ar"])


# --- runs of letters -------------------------------------------------------

#: Letters of a run that is no whole word; ``_`` stands for either end of a word.
LONGEST_RUN = 5
#: One step of a weight, in natural logarithms of the odds.
STEP = 0.06
#: Steps that a weight has at most, either way: a run that says more is believed no more.
MOST_STEPS = 40

#: The model's spelling of a column and of a weight: one character each.
FIRST_COLUMN = ord("0")
NO_STEPS = ord("K")  # so that all from −40 to 40 are visible ASCII

#: Each column's sum has 32 bits of the integer: 2³¹ is above every sum there can be.
_BITS = 32
_MIDDLE = 1 << (_BITS - 1)

_NOT_LETTERS = re.compile(r"[\W\d_\u02b0-\u02ff]+")


@dataclass(frozen=True, slots=True)
class _Model:
    columns: tuple[str, ...]  # the language of each; some have two
    weights: dict[str, int]  # a run → its steps for all columns, packed
    nothing: int  # the packed sum before any run


@cache
def _model(script: str) -> _Model:
    text = resources.files("pipeline").joinpath("languages.json").read_text("utf-8")
    shipped = json.loads(text)[script]
    columns = tuple(shipped["columns"].split())
    packed = {
        chr(FIRST_COLUMN + place) + chr(NO_STEPS + steps): steps << (_BITS * place)
        for place in range(len(columns))
        for steps in range(-MOST_STEPS, MOST_STEPS + 1)
    }
    listed = shipped["weights"].split(" ")
    weights = {
        run: sum([packed[told[at : at + 2]] for at in range(0, len(told), 2)])
        for run, told in zip(listed[::2], listed[1::2], strict=True)
    }
    nothing = sum(_MIDDLE << (_BITS * place) for place in range(len(columns)))
    return _Model(columns, weights, nothing)


def letter_words(text: str) -> list[str]:
    """Return the words of ``text`` in small letters and of letters alone.

    >>> letter_words("İYUN 2021-ci: o'zbek")
    ['iyun', 'ci', 'o', 'zbek']
    """
    plain = text if text.isascii() else unicodedata.normalize("NFC", text).replace("İ", "i")
    return _NOT_LETTERS.sub(" ", plain.lower().replace("ǝ", "ə")).split()


def runs(spoken: list[str]) -> Iterator[list[str]]:
    """Yield the runs of letters of ``spoken``, by length, and at last the whole words.

    Those that reach over a border of two words are among them: no model knows them.
    """
    line = f"_{'_'.join(spoken)}_"
    for length in range(1, LONGEST_RUN + 1):
        yield [line[at : at + length] for at in range(len(line) - length + 1)]
    yield [f"_{word}_" for word in spoken if len(word) + 2 > LONGEST_RUN]


def _by_runs(sample: str, script: str, expected: tuple[str, ...]) -> str:
    model = _model(script)
    total = model.nothing
    for some in runs(letter_words(sample)):
        total += sum(map(model.weights.get, some, repeat(0)))
    count = len(model.columns)
    sums = struct.unpack(f"<{count}I", total.to_bytes(count * _BITS // 8, "little"))
    ahead = leads(sample, script, expected)
    scores = {language: -float(_MIDDLE) for language in model.columns}
    for language, steps in zip(model.columns, sums, strict=True):
        odds = (steps - _MIDDLE) * STEP + ahead.get(language, 0.0)
        scores[language] = max(scores[language], odds)
    return max(scores, key=scores.__getitem__)


def leads(sample: str, script: str, expected: tuple[str, ...]) -> dict[str, float]:
    """Return what languages have ahead of all others before the runs are read."""
    found = dict.fromkeys(expected, _CLOSE_CALL) if expected else dict(_USUAL[script])
    if script == "Latin":
        found["az"] = found.get("az", 0.0) + _AZERBAIJANI_LEAD
        found["az"] += _ORDINAL_LEAD if _ORDINAL.search(sample) else 0.0
        return found
    found["az"] = 0.0  # its own letters tell it, where it is written so
    if script == "Cyrillic":
        letters = Counter("".join(_SCRIPTS[script].findall(sample.lower())))
        for language, alphabet in _ALPHABETS.items():
            foreign = sum(n for letter, n in letters.items() if letter not in alphabet)
            found[language] = found.get(language, 0.0) - _FOREIGN_LETTER * foreign
    return found
