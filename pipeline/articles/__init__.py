"""Page → Article, or the reason why there is none.

tree        bytes → the page's tree, whatever the bytes
declared    what it writes for machines: JSON-LD and meta elements
titles      its headline
moments     when it was published
metadata    all that it says of itself: these and author, outlet, address
walls       pages that are no article: walls, errors, lists
names       what the names of a page's elements tell
content     where on the page the article stands, by scores of its blocks
paragraphs  that part → paragraphs, with BeautifulSoup

The whole page is parsed with lxml alone: a BeautifulSoup of it costs eleven times as
much, for objects that are thrown away. Of the article's own part it costs little.
"""

import re
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from lxml import etree

from pipeline.articles.content import find_content
from pipeline.articles.metadata import Metadata, read_metadata
from pipeline.articles.paragraphs import read_markup, read_paragraphs
from pipeline.articles.tree import Unreadable, clean, parse_page
from pipeline.articles.walls import Signs, find_wall, is_listing, read_signs
from pipeline.dates import read_moment
from pipeline.model import Article, Moment, Page, Reason, Rejection
from pipeline.text import fold, identify_language

__all__ = ["extract_article"]

_UTC = ZoneInfo("UTC")


def extract_article(
    page: Page,
    *,
    zone: ZoneInfo | None = None,
    languages: tuple[str, ...] = (),
    now: datetime | None = None,
) -> Article | Rejection:
    """Return what ``page`` says, freed from the page, or why it says nothing; never raises.

    ``zone`` holds for moments without one (default UTC), ``languages`` are those that the
    source writes in, ``now`` bounds what a moment can be (default: when it was fetched).
    """
    try:
        root = parse_page(page, languages)
    except Unreadable as unreadable:
        return Rejection(url=page.url, reason=unreadable.reason, detail=unreadable.detail)
    zone, now = zone or _UTC, now or page.fetched_at
    metadata = read_metadata(root, url=page.final_url, zone=zone, now=now)
    signs = read_signs(root, is_article=metadata.is_article)
    paragraphs = _paragraphs(root, metadata)
    metadata = replace(metadata, title=_printed_title(metadata.title, paragraphs))
    paragraphs, moment = _part_head(paragraphs, metadata.title, zone, now)
    if not metadata.published:
        metadata = replace(metadata, published=moment)
    return _refusal(page, metadata, signs, paragraphs) or _article(
        page, metadata, paragraphs, languages
    )


def _refusal(
    page: Page, metadata: Metadata, signs: Signs, paragraphs: list[str]
) -> Rejection | None:
    if wall := find_wall(signs, paragraphs):
        return Rejection(url=page.url, reason=wall[0], detail=wall[1])
    path = urlsplit(page.final_url).path
    if is_listing(signs, paragraphs, path=path):
        return Rejection(url=page.url, reason=Reason.LISTING_PAGE, detail=metadata.title)
    if not paragraphs:
        return Rejection(url=page.url, reason=Reason.EMPTY, detail=metadata.title)
    return None


def _article(
    page: Page, metadata: Metadata, paragraphs: list[str], languages: tuple[str, ...]
) -> Article:
    text = "\n\n".join(paragraphs)
    declared = (metadata.language,) if metadata.language else ()
    return Article(
        url=_NOT_IN_ADDRESS.sub(_percent, page.final_url),
        title=metadata.title or clean(paragraphs[0].split("\n")[0])[:_LONGEST_TITLE],
        text=text,
        published=metadata.published,
        byline=metadata.byline,
        language=identify_language(text, expected=(*declared, *languages)) or metadata.language,
        site_name=metadata.site_name,
        canonical_url=metadata.canonical_url,
    )


#: Blanks, controls and what is not ASCII, by RFC 3986, 2.
_NOT_IN_ADDRESS = re.compile("[^!-~]+")
#: Characters of a first line that stands in for a missing title.
_LONGEST_TITLE = 200


def _percent(found: re.Match[str]) -> str:
    return quote(found[0], errors="replace")


#: JSON-LD carries a teaser where the page has all, and all where the page has a teaser:
#: it is taken if it says this many times as much as what is seen.
_MUCH_MORE = 2.0
#: Characters; a longer text that shares fewer of its words with what is seen is another.
_LONGEST_TEASER = 400
_SAME_TEXT = 0.5


def _paragraphs(root: etree._Element, metadata: Metadata) -> list[str]:
    content = find_content(root)
    seen = read_paragraphs(content) if content is not None else []
    carried = read_markup(metadata.body.replace("\n", "<br><br>")) if metadata.body else []
    return carried if _is_better(carried, seen) else seen


def _is_better(carried: list[str], seen: list[str]) -> bool:
    """Tell whether JSON-LD has the article and the page only a part or something else."""
    length = sum(map(len, carried))
    if not length:
        return False
    if length > _MUCH_MORE * sum(map(len, seen)):
        return True
    if length <= _LONGEST_TEASER:
        return False
    said = set(fold(" ".join(carried)).split())
    return len(said & set(fold(" ".join(seen)).split())) < len(said) * _SAME_TEXT


_WORD_SEEN = re.compile(r"[^\W\d_]{2}")
#: Characters of a line that tells no more than when, where and by whom, with a tool or two.
_LONGEST_DATELINE = 80
_TITLE_BORDER = re.compile(r"\s+[-–—|»:·•]+\s+")
#: Characters from which the beginning of a title is the headline without the outlet.
_SHORTEST_HEADLINE = 10


def _printed_title(title: str, paragraphs: list[str]) -> str:
    """Return the part of ``title`` that the text begins with, if one does: the headline."""
    first = paragraphs[0].split("\n")[0] if paragraphs else ""
    if len(first) > len(title) * _MUCH_MORE:  # no headline, so it is not folded
        return title
    form = fold(first)
    return next((part for part in _TITLE_BORDER.split(title) if fold(part) == form), title)


def _part_head(
    paragraphs: list[str], title: str, zone: ZoneInfo, now: datetime
) -> tuple[list[str], Moment | None]:
    """Part the text from headline and dateline; return also the moment that this tells."""
    lines = [line for p in paragraphs if _WORD_SEEN.search(p) for line in (*p.split("\n"), "")]
    moment, form, start = None, fold(title), 0
    longest = len(title) * _MUCH_MORE  # what is longer is not the headline, so is not folded
    for line in lines:
        # It may well name a day.
        is_headline = len(line) <= longest and _is_headline(line, form)
        said = None if is_headline else _dateline(line, zone, now)
        if line and not said and not is_headline:
            break
        moment, start = moment or said, start + 1
    text = "\n".join(
        line for line in lines[start:] if not line or len(line) > longest or fold(line) != form
    )
    return [part.strip("\n") for part in text.split("\n\n") if part.strip("\n")], moment


def _dateline(line: str, zone: ZoneInfo, now: datetime) -> Moment | None:
    is_short = len(line) <= _LONGEST_DATELINE and not line.endswith(".")
    return read_moment(line, zone=zone, now=now, origin="dateline") if is_short else None


def _is_headline(line: str, title_form: str) -> bool:
    form = fold(line)
    return len(form) >= _SHORTEST_HEADLINE and title_form.startswith(form)
