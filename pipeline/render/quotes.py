"""The words of strangers, made harmless before they are shown.

`clean` takes out what can act on its surroundings without being seen (control
characters, marks that turn the direction of writing, zero-width blanks, towers of
accents); `web_address` lets only http and https addresses become links;
`escape_markdown` does for Markdown what Jinja does for HTML.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from pipeline.model import ArchivedArticle

#: In characters. The longest honest headlines and sentences are shorter; a
#: quotation beyond it would be a copy.
TITLE_LENGTH = 200
SENTENCE_LENGTH = 400
NAME_LENGTH = 60

#: Languages written from right to left whatever a title begins with.
_RIGHT_TO_LEFT = {"ar", "azb", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\uffa0\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
SURROGATE = re.compile("[\ud800-\udfff]")
#: One joiner is spelling (Persian, emoji), a run of them is not.
_JOINERS = re.compile("([\u200c\u200d])[\u200c\u200d]+")
#: No orthography puts more marks on one letter.
_MOST_MARKS = 3
_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.ASCII | re.IGNORECASE)


def clean(text: str, length: int | None = None) -> str:
    r"""Return ``text`` on one line, without what acts unseen, cut to ``length`` characters.

    >>> clean("a\u202egnp.exe\n\u200bb"), clean("one two three", 9)
    ('agnp.exe b', 'one two…')
    """
    text = _UNSEEN.sub("", SURROGATE.sub("\ufffd", text))
    text = _without_towers(_JOINERS.sub(r"\1", " ".join(text.split()))).strip(" \u200c\u200d")
    if length is None or len(text) <= length:
        return text
    cut = text[: length - 1]
    # At a blank if one is near; a word of 10,000 letters has none.
    at = cut.rfind(" ", length * 2 // 3)
    return cut[: at if at > 0 else None].rstrip(" \u200c\u200d,;:–—-") + "…"


def _without_towers(text: str) -> str:
    """Leave of the marks that stand on one letter, in any script, the first few."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for letter in text:
        marks = marks + 1 if unicodedata.category(letter) in {"Mn", "Me"} else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    return "".join(kept)


def visible(text: str, length: int) -> str:
    """Return `clean` text, or an ellipsis where nothing would be seen."""
    return clean(text, length) or "…"


def web_address(url: str) -> str | None:
    """Return ``url`` as safe ASCII, or None if it must not become a link.

    >>> web_address("https://a.example/x (1)?q=ə")
    'https://a.example/x%20%281%29?q=%C9%99'
    >>> web_address("javascript:alert(1)"), web_address("https://bank.example@evil.example/")
    (None, None)
    """
    try:
        parts = urlsplit(url)
        has_host = bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not has_host:
        return None
    return quote(parts.geturl(), safe="%/:?#[]@!$&*+,;=~", errors="replace")


def escape_markdown(text: object) -> Markup:
    r"""Return ``text`` so that Markdown shows it as it is: no markup, link or mention.

    >>> print(escape_markdown("1. [a](http://b) <i>*c*</i>"))
    1\. \[a\](http\://b) &lt;i&gt;\*c\*&lt;/i&gt;
    """
    if isinstance(text, Markup):
        return text
    shown = re.sub(r"([\\`*_\[\]~|#$@])", r"\\\1", str(text))
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Bare addresses become links on many sites.
    shown = re.sub(r":(?=//)", r"\\:", shown)
    shown = re.sub(r"(?i)\b(www)\.", r"\1\\.", shown)
    # What would begin a list, a rule or a heading.
    return Markup(re.sub(r"^(\s*\d*)([-+=.)])", r"\1\\\2", shown))  # noqa: S704 - escaped above


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an outlet as they are shown."""

    text: str
    language: str | None
    url: str | None  # None: no link
    outlet: str = ""

    @property
    def direction(self) -> str:
        """``rtl`` or ``ltr``, by the language or else by the first letter."""
        if (self.language or "").partition("-")[0].lower() in _RIGHT_TO_LEFT:
            return "rtl"
        kinds = (unicodedata.bidirectional(letter) for letter in self.text)
        return "rtl" if next((k for k in kinds if k in {"L", "R", "AL"}), "L") != "L" else "ltr"


def quoted(text: str, article: ArchivedArticle, length: int) -> Quote:
    """Return ``text`` of ``article``, at most ``length`` characters of it."""
    return Quote(
        text=visible(text, length),
        language=language_tag(article.article.language),
        url=web_address(article.article.url),
        outlet=visible(article.source.name, NAME_LENGTH),
    )


def language_tag(language: str | None) -> str | None:
    """Return ``language`` if it can stand in a ``lang`` attribute."""
    return language if language and _LANGUAGE_TAG.fullmatch(language) else None
