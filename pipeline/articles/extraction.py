"""Page → Article, or the reason why there is none: the steps in their order."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote
from zoneinfo import ZoneInfo

from lxml import etree

from pipeline.articles.metadata import Metadata, read_metadata
from pipeline.articles.paragraphs import read_markup, read_paragraphs
from pipeline.articles.selected import Selected, choose, read_selected
from pipeline.articles.tree import Unreadable, clean, parse_page
from pipeline.articles.walls import (
    Signs,
    find_wall,
    is_cut_by_paywall,
    is_listing,
    read_signs,
)
from pipeline.dates import read_moment
from pipeline.languages import identify_language
from pipeline.model import (
    Article,
    ArticleSelectors,
    Disagreement,
    Moment,
    Page,
    Reason,
    Rejection,
    TextOrigin,
)
from pipeline.text import fold

if TYPE_CHECKING:
    from pipeline.articles.judges import Judge

_UTC = ZoneInfo("UTC")


def extract_article(  # noqa: PLR0913 - all but the page may be left out
    page: Page,
    *,
    zone: ZoneInfo | None = None,
    languages: tuple[str, ...] = (),
    now: datetime | None = None,
    selectors: tuple[ArticleSelectors, ...] = (),
    judge: "Judge | None" = None,
) -> Article | Rejection:
    """Return what ``page`` says, freed from the page, or why it says nothing, whatever the bytes.

    ``zone`` holds for moments without one (default UTC), ``languages`` are those that the
    source writes in, ``now`` bounds what a moment can be (default: when it was fetched),
    ``selectors`` tell where the source's articles stand, ``judge`` tells the article's
    blocks from others (default: the model that comes with the package).
    """
    try:
        root = parse_page(page, languages)
        zone, now = zone or _UTC, now or page.fetched_at
        metadata = read_metadata(root, url=page.final_url, zone=zone, now=now)
        chosen = choose(selectors, page.fetched_at.date())
        selected = read_selected(root, chosen) if chosen else Selected()
        metadata = _with_selected(metadata, selected, zone, now)
        signs = read_signs(root, is_article=metadata.is_article)
        body = _read_body(root, metadata, selected, judge)
    except Unreadable as unreadable:
        return Rejection(url=page.url, reason=unreadable.reason, detail=unreadable.detail)
    body, moment = _part_head(body, metadata.title, zone, now)
    if moment and not metadata.published:
        metadata = _with_published(metadata, moment)
    if is_cut_by_paywall(signs, body.paragraphs):
        metadata = replace(metadata, is_paywalled=True)
    return _refusal(page, metadata, signs, body.paragraphs) or _article(
        page, metadata, body, languages
    )


# --- what sources.yaml says ------------------------------------------------


def _with_selected(
    metadata: Metadata, selected: Selected, zone: ZoneInfo, now: datetime
) -> Metadata:
    """Let what stands where the source's selectors say replace what was found by itself."""
    origins = dict(metadata.origins)
    title, byline = metadata.title, metadata.byline
    if selected.title:
        title, origins["title"] = selected.title, _SELECTORS
    if selected.byline:
        byline, origins["byline"] = selected.byline, _SELECTORS
    idle = tuple(
        Disagreement(
            about=name,
            taken="found by itself",
            taken_from=origins.get(name, "page"),
            other="nothing",
            other_from=_SELECTORS,
        )
        for name in selected.idle
    )
    metadata = replace(
        metadata,
        title=title,
        byline=byline,
        origins=origins,
        disagreements=(*metadata.disagreements, *idle),
    )
    told = (read_moment(raw, zone=zone, now=now, origin=_SELECTORS) for raw in selected.published)
    moment = next(filter(None, told), None)
    if moment is None:
        return metadata
    return replace(
        _with_published(metadata, moment),
        modified=metadata.modified if _is_later(metadata.modified, moment) else None,
        disagreements=tuple(one for one in metadata.disagreements if one.about != "published"),
    )


def _is_later(moment: Moment | None, other: Moment) -> bool:
    return moment is not None and moment.at > other.at


_SELECTORS = TextOrigin.SELECTORS.value


def _with_published(metadata: Metadata, moment: Moment) -> Metadata:
    return replace(
        metadata, published=moment, origins={**metadata.origins, "published": moment.origin}
    )


# --- the text --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Body:
    """The text of a page, and how far it is to be believed."""

    paragraphs: list[str]
    origin: TextOrigin
    confidence: float
    disagreement: Disagreement | None = None


#: JSON-LD carries a teaser where the page has all, and all where the page has a teaser:
#: it is taken if it says this many times as much as what is seen.
_MUCH_MORE = 2.0
#: Characters; a longer text that shares fewer of its words with what is seen is another.
_LONGEST_TEASER = 400
_SAME_TEXT = 0.5
#: Share of the words of either text that the other should have, or they disagree.
_AGREES = 0.8
#: JSON-LD is what the publisher calls the text, but it is often cut or holds a box's lines.
_JSON_LD_CONFIDENCE = 0.9


def _read_body(
    root: etree._Element, metadata: Metadata, selected: Selected, judge: "Judge | None"
) -> _Body:
    if selected.content and (paragraphs := read_markup(selected.content)):
        return _Body(paragraphs, TextOrigin.SELECTORS, 1.0)
    # numpy and the model: a fifth of a second, for who reads an article's text alone.
    from pipeline.articles.content import find_content  # noqa: PLC0415
    from pipeline.articles.judges import shipped  # noqa: PLC0415

    judge = judge or shipped()
    content = find_content(root, judge, title=metadata.title, is_article=metadata.is_article)
    seen = read_paragraphs(content.element) if content.element is not None else []
    carried = _carried(metadata.body)
    if not carried:
        return _Body(seen, TextOrigin.PAGE, content.confidence)
    overlap = _overlap(carried, seen)
    if _is_better(carried, seen, overlap):
        note = _text_disagreement(carried, "json-ld", seen, "page", overlap)
        return _Body(carried, TextOrigin.JSON_LD, _JSON_LD_CONFIDENCE, note)
    note = _text_disagreement(seen, "page", carried, "json-ld", overlap)
    return _Body(seen, TextOrigin.PAGE, content.confidence, note)


#: Characters of JSON-LD that may be an article, and "<" of one that is marked up by hand.
_LONGEST_CARRIED = 300_000
_MOST_TAGS = 5_000
_ANY_TAG = re.compile(r"<[^<>]*>")


def _carried(body: str) -> list[str]:
    text = body[:_LONGEST_CARRIED]
    if text.count("<") > _MOST_TAGS:
        text = _ANY_TAG.sub(" ", text)
    if text.count("\n") > _MOST_TAGS:
        text = " ".join(text.split())
    return read_markup(text.replace("\n", "<br><br>")) if text else []


def _overlap(one: list[str], other: list[str]) -> tuple[float, float]:
    """Return the share of each text's different words that the other has."""
    first, second = (set(fold(" ".join(text)).split()) for text in (one, other))
    both = len(first & second)
    return both / max(1, len(first)), both / max(1, len(second))


def _is_better(carried: list[str], seen: list[str], overlap: tuple[float, float]) -> bool:
    """Tell whether JSON-LD has the article and the page only a part or something else."""
    length = sum(map(len, carried))
    if length > _MUCH_MORE * sum(map(len, seen)):
        return True
    return length > _LONGEST_TEASER and overlap[0] < _SAME_TEXT


#: Characters of a text that stand for it in a note.
_QUOTED = 120


def _text_disagreement(
    taken: list[str],
    taken_from: str,
    other: list[str],
    other_from: str,
    overlap: tuple[float, float],
) -> Disagreement | None:
    is_teaser = sum(map(len, other)) <= _LONGEST_TEASER  # it says less, not another thing
    if not taken or is_teaser or min(overlap) >= _AGREES:
        return None
    return Disagreement(
        about="text",
        taken=" ".join(taken)[:_QUOTED],
        taken_from=taken_from,
        other=" ".join(other)[:_QUOTED],
        other_from=other_from,
    )


_WORD_SEEN = re.compile(r"[^\W\d_]{2}")
#: Characters of a line that tells no more than when, where and by whom, with a tool or two.
_LONGEST_DATELINE = 80
#: Characters from which the beginning of a title is the headline without the outlet.
_SHORTEST_HEADLINE = 10


def _part_head(
    body: _Body, title: str, zone: ZoneInfo, now: datetime
) -> tuple[_Body, Moment | None]:
    """Part the text from headline and dateline; return also the moment that this tells."""
    paragraphs = (p for p in body.paragraphs if _WORD_SEEN.search(p))
    lines = [line for p in paragraphs for line in (*p.split("\n"), "")]
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
    parted = [part.strip("\n") for part in text.split("\n\n") if part.strip("\n")]
    return replace(body, paragraphs=parted), moment


def _dateline(line: str, zone: ZoneInfo, now: datetime) -> Moment | None:
    is_short = len(line) <= _LONGEST_DATELINE and not line.endswith(".")
    return read_moment(line, zone=zone, now=now, origin="dateline") if is_short else None


def _is_headline(line: str, title_form: str) -> bool:
    form = fold(line)
    return len(form) >= _SHORTEST_HEADLINE and title_form.startswith(form)


# --- the answer ------------------------------------------------------------


def _refusal(
    page: Page, metadata: Metadata, signs: Signs, paragraphs: list[str]
) -> Rejection | None:
    if wall := find_wall(signs, paragraphs):
        return Rejection(url=page.url, reason=wall[0], detail=wall[1])
    if is_listing(signs, paragraphs, url=page.final_url):
        return Rejection(url=page.url, reason=Reason.LISTING_PAGE, detail=metadata.title)
    if not paragraphs:
        return Rejection(url=page.url, reason=Reason.EMPTY, detail=metadata.title)
    return None


def _article(page: Page, metadata: Metadata, body: _Body, languages: tuple[str, ...]) -> Article:
    text = "\n\n".join(body.paragraphs)
    language, origin, doubt = _language(text, metadata, languages)
    notes = (*metadata.disagreements, body.disagreement, doubt)
    first = body.paragraphs[0].split("\n")[0][:_LONGEST_TITLE]
    title = metadata.title or clean(first) or first
    origins = {"title": "text", **metadata.origins, "language": origin}
    return Article(
        url=_NOT_IN_ADDRESS.sub(_percent, page.final_url),
        title=title,
        text=text,
        published=metadata.published,
        byline=metadata.byline,
        language=language,
        site_name=metadata.site_name,
        canonical_url=metadata.canonical_url,
        text_origin=body.origin,
        modified=metadata.modified,
        image=metadata.image,
        alternates=metadata.alternates,
        is_paywalled=metadata.is_paywalled,
        confidence=round(body.confidence, 2),
        disagreements=tuple(note for note in notes if note),
        origins={name: where for name, where in origins.items() if where},
    )


def _language(
    text: str, metadata: Metadata, languages: tuple[str, ...]
) -> tuple[str | None, str, Disagreement | None]:
    """Return the language, where it was read, and the declared one if that is another."""
    declared = metadata.language
    read = identify_language(text, expected=(*((declared,) if declared else ()), *languages))
    if read is None:
        return declared, metadata.origins.get("language", ""), None
    if declared is None or declared == read:
        return read, "text", None
    where = metadata.origins.get("language", "page")
    return (
        read,
        "text",
        Disagreement(
            about="language", taken=read, taken_from="text", other=declared, other_from=where
        ),
    )


#: Blanks, controls and what is not ASCII, by RFC 3986, 2.
_NOT_IN_ADDRESS = re.compile("[^!-~]+")
#: Characters of a first line that stands in for a missing title.
_LONGEST_TITLE = 200


def _percent(found: re.Match[str]) -> str:
    return quote(found[0], errors="replace")
