"""The match form, words and sentences of a text.

The match form (`fold`) is what the topic, the keywords and the search compare:
this holiday is written with İ, I, ı and i, with ə, ǝ, ә and e, with four kinds of
apostrophe and, in Arabic script, with and without marks and joiners. Python's
`lower` and `casefold` join none of these. The form is never shown and never stored
as the text itself.

Speed: a chain of `str.replace` runs about seven times as fast as `str.translate`,
so the frequent letters are replaced one by one and only a text that still holds a
rare one takes the slow way.
"""

import re
import unicodedata
from collections.abc import Mapping

# --- the match form --------------------------------------------------------

#: Shared by Latin, Cyrillic and punctuation; one string to another, in lower case.
_PLAIN = {
    "ı": "i", "ə": "e", "ǝ": "e", "ә": "e", "ş": "s", "ș": "s", "ç": "c", "ğ": "g", "ö": "o",
    "ü": "u", "é": "e", "è": "e", "ê": "e", "ë": "e", "ï": "i", "î": "i", "í": "i", "â": "a",
    "à": "a", "á": "a", "ä": "a", "ã": "a", "å": "a", "ô": "o", "ó": "o", "õ": "o", "û": "u",
    "ù": "u", "ú": "u", "ñ": "n", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d",
    "ё": "е",
    "’": "'", "‘": "'", "‛": "'", "ʼ": "'", "ʻ": "'", "ʹ": "'", "′": "'", "`": "'",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"',
    "–": "-", "—": "-", "‐": "-", "‒": "-", "―": "-", "−": "-",
}  # fmt: skip

#: Arabic script: one shape for letters that keyboards interchange, digits to ASCII.
_ARABIC = {
    "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و",
    "ة": "ه", "ۀ": "ه", "ە": "ه", "ۂ": "ه", "ہ": "ه", "ھ": "ه",
} | {digit: str(n) for n, digit in enumerate("٠١٢٣٤٥٦٧٨٩")} | {
    digit: str(n) for n, digit in enumerate("۰۱۲۳۴۵۶۷۸۹")
}  # fmt: skip

#: Joiners, direction marks, the tatweel and what stands on one: gone before NFKC, so
#: that no mark comes to stand beside another in an order that NFKC would change.
_UNSEEN = re.compile(
    "[\u0640\ufe70-\ufe7f\ufcf2-\ufcf4\u00ad\u034f\u061c\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]"
)
_MARKS = re.compile(
    "[\u0300-\u036f\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed]"
)
#: Characters up to which it is quicker to ask first which letters a text has.
_SHORT = 64
#: Any of these calls for the slow way.
_ARABIC_SEEN = re.compile("[\u0600-\u06ff]")
_RARE_LATIN = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")


def fold(text: str) -> str:
    """Return the match form of ``text``: spellings that mean the same become equal.

    Folding twice changes nothing. Blanks of any kind and number become one blank.

    >>> fold("Azərbaycanlıların  HƏMRƏYLİYİ Günü")
    'azerbaycanlilarin hemreyliyi gunu'
    >>> fold("آذربایجانی‌های"), fold("ещё ’91")
    ('اذربایجانیهای', "еще '91")
    """
    if text.isascii():
        return " ".join(text.lower().replace("`", "'").split())
    # The acute accent as an apostrophe: NFKC would make a blank and a mark of it.
    text = _UNSEEN.sub("", text).replace("´", "'")
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
    text = text.replace("İ", "i").lower()
    text = _replaced(text, _PLAIN)
    if text.isascii():
        return " ".join(text.split())
    if _ARABIC_SEEN.search(text):
        text = _replaced(text, _ARABIC)
    text = _RARE_LATIN.sub(_without_marks, _MARKS.sub("", text))
    return " ".join(text.split())


def _replaced(text: str, letters: Mapping[str, str]) -> str:
    # A word has few of them; to ask which takes longer than the rest for a sentence.
    for letter in letters.keys() & set(text) if len(text) <= _SHORT else letters:
        text = text.replace(letter, letters[letter])
    return text


def _without_marks(found: re.Match[str]) -> str:
    letter = unicodedata.normalize("NFD", found[0])[0]
    return _PLAIN.get(letter, letter)


# --- words -----------------------------------------------------------------

#: Marks belong to the letter before them; joiners stand between two letters.
_LETTER_MARKS = "\u0300-\u036f\u0640\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u00ad"
_JOINERS = "'’‘ʼʻ`´\u200c\u200d\\-\u2010\u2011"
_WORD = re.compile(
    r"\d+(?:[.,]\d+){1,8}(?![^\W_])"
    rf"|[^\W_]+(?:[{_LETTER_MARKS}]+[^\W_]*|[{_JOINERS}][^\W_]+)*"
)


def words(text: str) -> list[str]:
    """Return the words of ``text`` as written: letters and digits of any script.

    Apostrophes, hyphens and the zero-width non-joiner inside a word do not part it.

    >>> words("Bakı'da 31 dekabr 1991-ci ildə: «birlik», 2,5 milyon!")
    ["Bakı'da", '31', 'dekabr', '1991-ci', 'ildə', 'birlik', '2,5', 'milyon']
    >>> len(words("آذربایجانی‌های جهان"))
    2
    """
    return _WORD.findall(text)


# --- sentences -------------------------------------------------------------

_CLOSERS = "\"'»”’“)\\]›"
_OPENERS = "\"'«„“”‘(\\[‹"
_MARKS_OF_END = "[.!?…؟۔।]"
#: An end mark, closing quotes, a blank, and what a sentence may begin with. Begins with
#: one mark, for that is searched twice as fast as with some.
_END = re.compile(
    rf"(?P<mark>{_MARKS_OF_END}{_MARKS_OF_END}*)[{_CLOSERS}]*"
    rf"(?=\s+(?P<next>[{_OPENERS}–—-]*\s*\S+))"
)
_CJK_MARKS = "。！？"
_CJK_END = re.compile(rf"(?<=[{_CJK_MARKS}])(?=[^\s」』”’）])")

#: Written with a full stop and followed by more of the same sentence, by language.
_SHORTENED = {
    "az, tr": """
        prof dos dr akad müəl mərh məs və.s s küç pr ş r-n şəh c cild səh bkz vb vs vd yy sok cad
        mah sn yrd doç öğr gör alb yzb gen korg tümg av no nr tel st
    """,
    "ru, uk": """
        г гг в вв т.е т.к т.н им ул пр просп д кв обл р-н акад тыс млн млрд руб коп см рис стр ст гл
        зам сов мин сек напр св ред изд пер т тт янв фев февр апр июн июл авг сен сент окт ноя нояб
        дек
    """,
    "en": """
        mr mrs ms jr sr sen rep gov col lt capt sgt maj cmdr rev hon pres ave blvd rd mt ft inc ltd
        co corp dept univ assn e.g i.e vol pp ed eds fig al approx ca cf jan feb mar apr jun jul aug
        sep sept oct nov dec u.s u.k u.n a.m p.m
    """,
    "de, fr, es": """
        z.b d.h u.a o.ä bzw evtl ggf inkl usw str hr fr bd jh jhd v.chr n.chr mio mrd s.o m mm mme
        mlle mgr p.ex art sra sta ud uds pág núm
    """,
}
_ABBREVIATIONS = frozenset(fold(word) for listed in _SHORTENED.values() for word in listed.split())
#: Characters of the longest, with a bracket and two quotation marks before it.
_LONGEST_TOKEN = max(map(len, _ABBREVIATIONS)) + 3

#: Months after "31." (de, tr, az) and before "31." (en), by their first letters.
_MONTH = re.compile(
    "(?:jan|feb|mar|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|yan|fev|iyn|iyu|avq|sen|noy"
    "|dek|oca|sub|nis|haz|tem|agu|eyl|eki|kas|ara)[a-z]*$"
)
#: Nouns that German and Turkish number with a full stop.
_NUMBERED = re.compile(
    "(?:jahr|geburtstag|kongre|weltkrieg|yuzyil|yil|kurultay|qurultay|esr|madde|fasil|bolum)"
)
_GERMAN_ARTICLES = frozenset(
    ["am", "im", "vom", "zum", "beim", "dem", "der", "den", "des", "das", "die", "ab", "bis"]
)
#: A day or a century: "am 3. Tag", "im 20. Band".
_ORDINAL_DIGITS = 2


def sentences(text: str) -> list[str]:
    """Return the sentences of ``text`` in order; a line break always ends one.

    Rules only: abbreviations, initials, ordinals and decimal numbers do not end a
    sentence; a closing quote stays with the sentence before it.

    >>> sentences("Dr. Smith came on December 31. He left at 5.30 p.m. on Friday.")
    ['Dr. Smith came on December 31.', 'He left at 5.30 p.m. on Friday.']
    >>> sentences("Am 31. Dezember wird gefeiert. «Gut!» Und dann?")
    ['Am 31. Dezember wird gefeiert.', '«Gut!»', 'Und dann?']
    """
    has_cjk = any(map(text.__contains__, _CJK_MARKS))
    found: list[str] = []
    for line in filter(None, text.splitlines()):
        for part in _CJK_END.split(line) if has_cjk else (line,):
            found.extend(_split_line(part))
    return found


def _split_line(line: str) -> list[str]:
    found, start = [], 0
    for end in _END.finditer(line):
        before, following = line[start : end.start("mark")], end["next"].lstrip()
        if _ends_sentence(before, end["mark"], following):
            found.append(line[start : end.end()].strip())
            start = end.end()
    found.append(line[start:].strip())
    return [sentence for sentence in found if sentence]


def _ends_sentence(before: str, mark: str, following: str) -> bool:
    begins = following.lstrip("\"'«„“”‘([‹–—- ")
    if begins and begins[0].islower():
        return False
    if mark != ".":
        return True
    last = before.rsplit(None, 1)[-1:]
    if not last:
        return False  # a mark without a sentence before it
    token = fold(last[0]).strip("\"'([") if len(last[0]) <= _LONGEST_TOKEN else ""
    if token.isdecimal():
        return _number_ends_sentence(before, token, fold(begins))
    return not (token in _ABBREVIATIONS or _is_initial(last[0]))


def _number_ends_sentence(before: str, number: str, following: str) -> bool:
    """Tell an ordinal ("31. Dezember", "1. Madde") from a number that closes a sentence."""
    earlier = fold(before).split()[:-1]
    if not earlier:
        return False  # the line begins with it: a numbered item
    if _MONTH.match(earlier[-1]):
        return True
    next_word = (words(following) or [""])[0]
    is_ordinal = bool(_MONTH.match(next_word) or _NUMBERED.match(next_word))
    return not (is_ordinal or (len(number) <= _ORDINAL_DIGITS and earlier[-1] in _GERMAN_ARTICLES))


def _is_initial(token: str) -> bool:
    """One capital letter, also after others: "H", "A.B" (not "I" nor a digit)."""
    last = token.rsplit(".", 1)[-1].lstrip("\"'«„“(")
    return len(last) == 1 and last.isalpha() and last.isupper()
