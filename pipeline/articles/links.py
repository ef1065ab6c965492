"""What the ``link`` elements of a page say: its own address, and it in other languages."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from pipeline.articles.declared import Declared
from pipeline.model import Alternate
from pipeline.urls import join_url, key_of

_WHOLE_ADDRESS = re.compile(r"\s*(?:https?:|[/.?])", re.IGNORECASE)


def find_canonical_url(declared: Declared, url: str) -> tuple[str, str] | None:
    """Return the absolute address that the page at ``url`` gives as its own, and its origin."""
    given = [(link.href, "link") for link in declared.links if "canonical" in link.rel.split()]
    given += [(content, "meta") for content in declared.metas("og:url")]
    for address, origin in given:
        # Templates forget the first slash; “az/news/1” then leads to a page that is not there.
        is_whole = declared.base or _WHOLE_ADDRESS.match(address)
        if is_whole and (joined := _joined(declared.base or url, address)):
            return joined, origin
    return None


def _joined(url: str, address: str) -> str:
    try:
        return join_url(url, address)
    except ValueError:  # no address, or none of the web
        return ""


# --- languages -------------------------------------------------------------

_CODE = re.compile(r"\s*([a-z]{2,3})(?![a-z])", re.IGNORECASE | re.ASCII)
#: Codes of countries, of ISO 639-2 and old ones, that pages write for a language's.
_MEANT = {
    "az": "aze azb azj", "de": "deu ger", "en": "eng", "es": "spa", "fa": "fas per",
    "fr": "fra fre", "it": "ita", "ka": "kat geo ge", "kk": "kaz kz", "pl": "pol", "pt": "por",
    "ru": "rus", "tr": "tur", "uk": "ukr ua", "uz": "uzb", "ar": "ara", "cs": "cz", "da": "dk",
    "el": "gr", "he": "heb iw", "id": "in", "ja": "jp", "ko": "kr", "vi": "vn", "yi": "ji",
    "zh": "cn",
}  # fmt: skip
_CODE_MEANT = {written: code for code, listed in _MEANT.items() for written in listed.split()}


def language_code(value: str) -> str | None:
    """Return the ISO 639-1 code that ``value`` means; None if it names no language.

    >>> [language_code(value) for value in ("az-AZ", "RUS", "ua", "x-default", "aze_AZ", "")]
    ['az', 'ru', 'uk', None, 'az', None]
    """
    found = _CODE.match(value)
    if not found or value.strip().lower().startswith("x-"):
        return None
    code = found[1].lower()
    meant = _CODE_MEANT.get(code, code)
    return meant if len(meant) == 2 else None  # noqa: PLR2004 - that is what 639-1 is


def find_alternates(
    declared: Declared, url: str, own: Iterable[str], language: str | None
) -> tuple[Alternate, ...]:
    """Return the page in other languages than its own, by language and address.

    ``own`` are further addresses of the page. A link to a front page is none of the article:
    menus for the language are declared so.
    """
    listed = list(_listed(declared, declared.base or url))
    mine = {key_of(address) for address in (url, *own)}
    spoken = {code for code, address in listed if key_of(address) in mine} | {language}
    found = {
        (code, address)
        for code, address in listed
        if code not in spoken and key_of(address) not in mine
    }
    is_front = _is_front(url)
    return tuple(
        Alternate(language=code, url=address)
        for code, address in sorted(found)
        if is_front or not _is_front(address)
    )


#: More are a mistake of a template.
_MOST_ALTERNATES = 200


def _listed(declared: Declared, base: str) -> Iterator[tuple[str, str]]:
    links = [link for link in declared.links if link.language]
    for link in links[:_MOST_ALTERNATES]:
        code, address = language_code(link.language), _joined(base, link.href)
        is_page = "alternate" in link.rel.split() and (not link.kind or "html" in link.kind)
        if is_page and code and address:
            yield code, address


_FRONT = re.compile(r"/?(?:[a-z]{2,3}(?:[-_][a-z]{2})?/?)?(?:index\.\w+)?", re.IGNORECASE)


def _is_front(address: str) -> bool:
    parts = urlsplit(address)
    return bool(_FRONT.fullmatch(parts.path)) and not parts.query
