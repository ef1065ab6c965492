"""Bytes become text once, by evidence.

What hosts say of their charset is often wrong: Cyrillic in windows-1251 under a
header of utf-8, UTF-8 under a prolog of windows-1251, Turkish under iso-8859-1. A
parser that believes them gives mojibake without a sign of it. So we ask in this order:

1. a byte order mark, or NULs at every other byte: UTF-16 and UTF-32;
2. UTF-8, where it is valid, or where sound sequences outnumber the broken bytes:
   no text in another charset looks like that by chance;
3. the single-byte charsets that header, prolog or meta declare and those in which the
   expected languages are written, each judged by the words it gives; a declaration is
   believed unless another charset reads clearly better.

Statistical detectors (chardet, charset-normalizer) were weighed: they take 10 to 100
times as long on a page and know nothing of the languages that a source writes.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

#: Labels as they occur, in lower case without "x-", blanks and "_", → Python's codec.
#: By the WHATWG Encoding Standard the ISO sets 1 and 9 mean their Windows supersets.
_CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "us-ascii": "windows-1252",
    "ascii": "windows-1252",
    "iso-8859-1": "windows-1252",
    "iso8859-1": "windows-1252",
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "iso-8859-15": "iso-8859-15",
    "ansi": "windows-1252",
    "iso-8859-9": "windows-1254",
    "iso8859-9": "windows-1254",
    "latin5": "windows-1254",
    "iso-8859-3": "iso-8859-3",
    "iso-8859-2": "iso-8859-2",
    "latin2": "iso-8859-2",
    "iso-8859-5": "iso-8859-5",
    "iso-8859-6": "iso-8859-6",
    "iso-8859-7": "iso-8859-7",
    "iso-8859-8": "iso-8859-8",
    "koi8-r": "koi8-r",
    "koi8r": "koi8-r",
    "koi8": "koi8-r",
    "koi8-u": "koi8-u",
    "mac-cyrillic": "mac-cyrillic",
    "ibm866": "cp866",
    "cp866": "cp866",
    "ibm857": "cp857",
    "cp857": "cp857",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "shift-jis": "shift_jis",
    "sjis": "shift_jis",
    "euc-jp": "euc_jp",
    "euc-kr": "euc_kr",
    "ks-c-5601-1987": "euc_kr",
    **{
        f"{maker}{number}": f"windows-{number}"
        for number in range(1250, 1259)
        for maker in ("windows-", "cp", "cp-", "win-", "windows", "win")
    },
}

#: Charsets in which a wrong byte soon breaks the rules: decoding without error proves them.
_MULTIBYTE = frozenset({"gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"})

#: The single-byte charset in which pages of a language were written before UTF-8.
_CHARSETS_OF = {
    **dict.fromkeys(("ru", "uk", "be", "bg"), ("windows-1251", "koi8-r")),
    **dict.fromkeys(("az", "tr"), ("windows-1254", "windows-1251")),
    **dict.fromkeys(("kk", "ky", "tt", "uz", "sr", "mk"), ("windows-1251",)),
    **dict.fromkeys(("ar", "fa", "ur"), ("windows-1256",)),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "hr"), ("windows-1250",)),
    **dict.fromkeys(("de", "en", "es", "fr", "it", "nl", "pt", "sv"), ("windows-1252",)),
}
_ALL_CHARSETS = tuple(dict.fromkeys(name for names in _CHARSETS_OF.values() for name in names))

#: Letters beyond ASCII that texts in a Latin charset really use. Without such a list
#: Turkish read as windows-1252 ("Dayanýþma") would look as good as Icelandic.
_LATIN_LETTERS = {
    "windows-1250": "áäąăâćčçďđéęěëíîłľĺńňóôöőŕřśšşťţúůüűýźžżß",
    "windows-1252": "áàâäãåæçéèêëíìîïñóòôöõøœúùûüÿß",
    "windows-1254": "âçéğıîöşüûi̇",
}
_LATIN_OF = {
    name: frozenset(letters + letters.upper() + "İŸ") for name, letters in _LATIN_LETTERS.items()
}

#: How much better another charset must read before a declaration is disbelieved.
_TRUST = 0.2
#: Share of readable words below which the charsets of the expected languages do not fit.
_READABLE = 0.6
#: So many words show the charset; more cost time and change nothing.
_SAMPLE_WORDS = 400
#: Declarations are looked for so far; scripts and styles may stand before a meta element.
_HEAD_BYTES = 32_768

#: Controls, halves of surrogate pairs, marks of direction and of width, soft hyphens. The
#: joiners U+200C and U+200D stay: Persian and emoji are spelt with them.
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)

#: A word with a byte beyond ASCII. It is not looked for inside a run of letters: a page may
#: hold half a megabyte of base64.
_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]{0,30}[\x80-\xff][A-Za-z\x80-\xff]*")
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_PROLOG = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta\s[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NUL_SAMPLE = 1_024
#: Shares of NULs at a place within four bytes: in UTF-32 two places hold little else, in
#: UTF-16 markup and blanks put some at every other place, even in a text without Latin.
_NEARLY_ALL = 0.9
_SOME = 0.1
#: Up to so many garbled words may be a quotation about garbled words.
_QUOTED = 3


@dataclass(frozen=True, slots=True)
class Decoded:
    """A body as text, and what told its charset."""

    text: str
    charset: str
    evidence: str  # "bom", "nul bytes", "utf-8", "declared", "letters", "utf-8 twice" …


def decode(body: bytes, *, content_type: str = "", languages: tuple[str, ...] = ()) -> Decoded:
    """Return ``body`` as text, read in the charset that its bytes show.

    Never raises; what cannot be read becomes U+FFFD. A character cut off at the very end
    is left out. XML and HTML declarations stay in the text and may contradict ``charset``.

    Args:
        body: The bytes, decompressed.
        content_type: The header of that name, with its parameters.
        languages: Codes of the languages to be expected; none: any.

    >>> decode("Дорога".encode("cp1251"), content_type="text/html; charset=utf-8").charset
    'windows-1251'
    >>> decode("<?xml encoding='windows-1251'?>Həmrəylik".encode()).charset
    'utf-8'
    """
    if wide := _wide(body):
        return wide
    body = body.removeprefix(codecs.BOM_UTF8)
    return _as_utf8(body) or _by_words(body, content_type, languages)


def one_line(text: str) -> str:
    r"""Return ``text`` on one line, without what no reader should see.

    >>> one_line("Report \u202egnp.exe\u202c\n of\x00 the   ministry")
    'Report gnp.exe of the ministry'
    """
    return " ".join(_HIDDEN.sub("", text).split())


def _wide(body: bytes) -> Decoded | None:
    """Read UTF-16 and UTF-32, known by their mark or by the NULs of their ASCII."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return Decoded(body[len(mark) :].decode(name, "replace"), name, "bom")
    head = body[: min(_NUL_SAMPLE, len(body) // 4 * 4)]
    if head and 0 in head and (name := _by_nuls(head)):
        return Decoded(body.decode(name, "replace"), name, "nul bytes")
    return None


def _by_nuls(head: bytes) -> str:
    """Name the wide charset in which markup would put its NULs where ``head`` has them."""
    first, second, third, fourth = (head[n::4].count(0) * 4 / len(head) for n in range(4))
    if min(third, fourth) > _NEARLY_ALL or min(first, second) > _NEARLY_ALL:
        return "utf-32-le" if fourth > first else "utf-32-be"
    even, odd = first + third, second + fourth
    if max(even, odd) > _SOME and min(even, odd) < max(even, odd) / 4:
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _as_utf8(body: bytes) -> Decoded | None:
    """Read UTF-8 that is valid, or broken only here and there."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(body)  # leaves out a character cut off at the end
    except UnicodeDecodeError:
        return _as_mostly_utf8(body)
    if text.isascii():
        # A lone byte at the end may begin a UTF-8 character or be one of another charset.
        return None if decoder.getstate()[0] else Decoded(text, "utf-8", "utf-8")
    return _encoded_twice(text) or Decoded(text, "utf-8", "utf-8")


def _as_mostly_utf8(body: bytes) -> Decoded | None:
    """Read UTF-8 with a few broken bytes, such as an advertisement in another charset."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(body)
    broken = text.count("\ufffd")
    characters = len(body) - broken - _ascii_bytes(body)
    # Sound sequences take two to four bytes each; they must outnumber the broken bytes.
    return Decoded(text, "utf-8", "mostly utf-8") if characters > 2 * broken else None


def _ascii_bytes(body: bytes) -> int:
    return len(body.translate(None, bytes(range(128, 256))))


#: One character and then more of them: a search for "some" takes twice as long.
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f][^\x00-\x7f]*")


def _encoded_twice(text: str) -> Decoded | None:
    """Undo UTF-8 that was taken for windows-1252 or -1251 and encoded again."""
    for name in ("windows-1252", "windows-1251"):
        if _is_utf8_in(name, text[:_HEAD_BYTES]):
            mended = "".join(_again(name, run) or run for run in re.split(r"([^\x00-\x7f]+)", text))
            return Decoded(mended, "utf-8", "utf-8 twice")
    return None


def _is_utf8_in(name: str, text: str) -> bool:
    """Tell whether all that is not ASCII in ``text``, and it is not little, is UTF-8 again."""
    count = 0
    for run in _BEYOND_ASCII.finditer(text):  # most texts are told by the first
        if not _again(name, run[0]):
            return False
        count += 1
    return count > _QUOTED


def _again(name: str, run: str) -> str:
    """Return what the bytes of ``run`` in charset ``name`` say as UTF-8; empty if nothing."""
    try:
        return codecs.charmap_encode(run, "strict", _BYTE_OF[name])[0].decode()
    except UnicodeError:
        return ""


def _bytes_of(name: str) -> dict[int, int]:
    """Map characters to bytes; a C1 control stands for its own number, as in browsers."""
    decoded = [bytes([n]).decode(name, "ignore") for n in range(256)]
    controls = {n: n for n in range(0x80, 0xA0)}
    return controls | {ord(character): n for n, character in enumerate(decoded) if character}


_BYTE_OF = {name: _bytes_of(name) for name in ("windows-1252", "windows-1251")}


# --- single-byte charsets --------------------------------------------------


def _by_words(body: bytes, content_type: str, languages: tuple[str, ...]) -> Decoded:
    """Choose among declared and expected charsets by the words that each gives."""
    declared = list(dict.fromkeys(_declared(body, content_type)))
    for name in declared:
        if name in _MULTIBYTE and (text := _strictly(body, name)) is not None:
            return Decoded(text, name, "declared")
    words = _sample(body)
    declared = [name for name in declared if name not in _MULTIBYTE]
    name, readable = _best(words, declared, _expected(languages))
    if readable < _READABLE:
        name, readable = _best(words, declared, _ALL_CHARSETS)
    if readable <= 0:
        name = declared[0] if declared else "utf-8"
    evidence = "declared" if name in declared else "letters" if name != "utf-8" else "none"
    return Decoded(body.decode(name, "replace"), name, evidence)


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    """Yield the codecs that header, prolog and meta name, without UTF-8, which is ruled out."""
    head = body[:_HEAD_BYTES]
    labels = [found[1] for found in [_HEADER.search(content_type)] if found]
    if found := _PROLOG.search(head):
        labels.append(found[1].decode("ascii", "replace"))
    labels += [label.decode("ascii", "replace") for label in _META.findall(head)[:3]]
    for label in labels:
        name = _CODECS.get(label.lower().removeprefix("x-").replace("_", "-"))
        if name and name != "utf-8":
            yield name


def _expected(languages: tuple[str, ...]) -> tuple[str, ...]:
    known = [name for language in languages for name in _CHARSETS_OF.get(language[:2].lower(), ())]
    return tuple(dict.fromkeys(known)) or _ALL_CHARSETS


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(name)().decode(body)  # a cut tail is no error
    except UnicodeDecodeError:
        return None


def _sample(body: bytes) -> list[bytes]:
    """Return words with bytes beyond ASCII, in the order of the text."""
    found = _WORD.finditer(body)
    return [match[0][:64] for match, _ in zip(found, range(_SAMPLE_WORDS), strict=False)]


def _best(words: list[bytes], declared: list[str], others: Iterable[str]) -> tuple[str, float]:
    """Return the charset that reads best and its share of readable words."""
    scored = [(_readable(words, name) + _TRUST, name) for name in declared]
    scored += [(_readable(words, name), name) for name in others if name not in declared]
    score, name = max(scored, key=lambda pair: pair[0])  # the first of equals: the order counts
    return name, score - _TRUST * (name in declared)


def _readable(words: list[bytes], name: str) -> float:
    """Return how well ``words`` read in charset ``name``, 0–1."""
    letters = _LATIN_OF.get(name)
    total = sum(_goodness(word.decode(name, "replace"), letters) for word in words)
    return total / max(1, len(words))


def _goodness(word: str, latin: frozenset[str] | None) -> float:
    """Judge one word: of one script, in letters of the language, in a natural case.

    >>> [_goodness(word, None) for word in ("праздник", "ПРАЗДНИК", "пРАЗДНИК", "schцn", "д╣")]
    [1.0, 0.5, 0.0, 0.0, 0.0]
    """
    if not all(c.isalpha() or c in _MARKS for c in word):
        return 0.0
    letters = "".join(c for c in word if c.isalpha())
    beyond = [c for c in letters if not c.isascii()]
    if not beyond:
        return 0.5  # quotation marks and dashes are alike in most charsets
    if beyond[0] < "\u0370":  # Latin
        natural = len(beyond) < max(4, len(letters)) and (not latin or latin.issuperset(beyond))
    else:
        natural = len(beyond) == len(letters)
    if not natural or not _has_natural_case(letters):
        return 0.0
    return 0.5 if len(letters) > 1 and letters.isupper() else 1.0


def _has_natural_case(letters: str) -> bool:
    rest = letters[1:]
    return letters.isupper() or rest == rest.lower()


#: What stands inside or beside a word without parting it, beyond ASCII.
_MARKS = frozenset(
    "‘’‚“”„«»‹›–—…•·´°§©®™№\u00a0\u00ad\u200c\u200d\u064b\u064c\u064e\u064f\u0650\u0651\u0652،؛؟€¿¡"
)
