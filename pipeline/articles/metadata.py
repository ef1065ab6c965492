"""What a page says of itself: title, authors, moments, outlet, address, picture, languages.

Each has several places on a page, and they disagree. We ask first what the publisher
writes for machines about this article (JSON-LD, microdata, then meta elements) and hold it
against what a reader sees near the headline; `Metadata.origins` says what was believed, and
`Metadata.disagreements` what said otherwise.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from lxml import etree

from pipeline.articles.bylines import find_byline
from pipeline.articles.declared import Declared, read_declared
from pipeline.articles.json_ld import Json, text_in, values_in
from pipeline.articles.links import find_alternates, find_canonical_url, language_code
from pipeline.articles.moments import find_moments
from pipeline.articles.pictures import find_image
from pipeline.articles.sitenames import find_site_names, named_beside
from pipeline.articles.titles import find_title
from pipeline.model import Alternate, Disagreement, Image, Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What was found; empty or None where the page does not say."""

    title: str
    published: Moment | None
    modified: Moment | None
    byline: str | None
    language: str | None  # as declared, ISO 639-1
    site_name: str | None
    canonical_url: str | None
    body: str  # the article's text as JSON-LD carries it
    is_article: bool  # the page calls itself an article
    is_paywalled: bool  # it says that not all of it is free
    image: Image | None
    alternates: tuple[Alternate, ...] = ()  # in other languages than the declared one
    disagreements: tuple[Disagreement, ...] = ()  # on the title and the moments
    origins: Mapping[str, str] = field(default_factory=dict)  # field → where it was read


def read_metadata(root: etree._Element, *, url: str, zone: ZoneInfo, now: datetime) -> Metadata:
    """Read the metadata of the tree ``root`` of the page at ``url``; changes nothing."""
    declared = read_declared(root, url)
    names = find_site_names(root, declared, url)
    title = find_title(root, declared, names, url)
    names = named_beside(names, declared.page_title, title.text)
    moments = find_moments(root, declared, url=url, zone=zone, now=now)
    byline = find_byline(root, declared, names) or (None, "")
    canonical = find_canonical_url(declared, url) or (None, "")
    language = _declared_language(root, declared) or (None, "")
    image = find_image(root, declared, declared.base or url) or (None, "")
    origins = {
        "title": title.origin,
        "published": moments.published.origin if moments.published else "",
        "modified": moments.modified.origin if moments.modified else "",
        "byline": byline[1],
        "language": language[1],
        "site_name": names.origin,
        "canonical_url": canonical[1],
        "image": image[1],
    }
    own = (canonical[0],) if canonical[0] else ()
    return Metadata(
        title=title.text,
        published=replace(moments.published, day=moments.day) if moments.published else None,
        modified=moments.modified,
        byline=byline[0],
        language=language[0],
        site_name=names.name,
        canonical_url=canonical[0],
        body=declared.body,
        is_article=declared.is_article,
        is_paywalled=_is_paywalled(declared),
        image=image[0],
        alternates=find_alternates(declared, url, own, language[0]),
        disagreements=(title.disagreement, *moments.disagreements)
        if title.disagreement
        else moments.disagreements,
        origins={name: origin for name, origin in origins.items() if origin},
    )


# --- language --------------------------------------------------------------

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGE_METAS = ("og:locale", "content-language", "dc.language", "dcterms.language", "language")


def _declared_language(root: etree._Element, declared: Declared) -> tuple[str, str] | None:
    """Return the first language that the page declares of itself, with where it does."""
    for value, origin in _languages(root, declared):
        if code := language_code(value):
            return code, origin
    return None


def _languages(root: etree._Element, declared: Declared) -> Iterator[tuple[str, str]]:
    for name in ("lang", _XML_LANG, "xml:lang"):
        yield root.get(name) or "", "html"
    for node, origin in declared.objects:
        for value in values_in(node, "inLanguage"):
            if isinstance(value, dict):
                yield text_in(value, "alternateName") or text_in(value, "name"), origin
            elif isinstance(value, str):
                yield value, origin
    for name in _LANGUAGE_METAS:
        yield declared.meta.get(name, ""), "meta"


# --- paywall ---------------------------------------------------------------

_NO = frozenset(["false", "no", "0", "http://schema.org/false", "https://schema.org/false"])
#: Not "metered": who has a reading left this month gets the whole text.
_LOCKED = frozenset(["locked", "paid", "premium", "subscriber", "subscribers"])


def _is_paywalled(declared: Declared) -> bool:
    """Tell whether the page says that it, or a part of it, is not free to read.

    By JSON-LD and microdata as search engines ask for it (Google, "paywalled content"), or
    by the tier that Facebook asked for.
    """
    tiers = declared.metas("article:content_tier", "og:article:content_tier")
    if any(tier.lower() in _LOCKED for tier in tiers):
        return True
    return any(_is_closed(node) for node, _ in declared.objects)


def _is_closed(node: Json) -> bool:
    parts = (part for part in values_in(node, "hasPart") if isinstance(part, dict))
    given = [value for one in (node, *parts) for value in values_in(one, "isAccessibleForFree")]
    return any(str(value).strip().lower() in _NO for value in given)
