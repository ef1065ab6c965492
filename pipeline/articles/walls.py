"""Pages that answer 200 and are no article: walls, errors, lists.

Judged by what they say, in the languages of our sources, and only where they say little
else: an article may well be about cookies, or about a page that was not found. To reject an
article costs more than to keep a wall, so a rule asks for two things that agree, and a
headline of its own, which stands in the title too, speaks for an article.

A list shows headlines that lead away, each alone in its block. What stands in the same card
is a teaser, and a text that consists of teasers is not the page's own.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree

from pipeline.articles.names import attributes_of
from pipeline.articles.notices import (
    BLOCK_WORDS,
    BLOCKED,
    CONSENT,
    CONSENT_KINDS,
    CONSENT_WORDS,
    LOGIN,
    MUST_LOG_IN,
    NEEDS_SCRIPTS,
    NO_ACCESS,
    NOT_FOUND,
    OFFER,
)
from pipeline.articles.tree import clean, is_hidden, pieces_of, squeezed
from pipeline.model import Reason
from pipeline.text import fold
from pipeline.urls import is_homepage


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the whole page shows, read before its furniture is cut out.

    Titles, headings and the headline are in match form, without punctuation around them.
    """

    is_article: bool  # as the page calls itself
    titles: tuple[str, ...] = ()  # the parts of its title
    headings: tuple[str, ...] = ()  # the first h1, or h2 where there is none, with their parts
    headline: str = ""  # what the title and the page both say, if it is no mere name
    template: str = ""  # what the names of its body tell: "list", "error", or nothing
    headlines: int = 0  # links that look like headlines; not counted in an article
    teasers: str = ""  # what stands in the cards of such links
    said: tuple[str, ...] | None = None  # all that the page says if it is little; None: more
    asks_password: bool = False
    is_challenge: bool = False  # it has a script that keeps robots away
    offer: str = ""  # what an element named for a pay wall says, in match form


# --- reading the signs -----------------------------------------------------

#: Headings by which a wall is known; those further down belong to teasers.
_HEADINGS = 4
#: Headings among which the page's own is looked for.
_MORE_HEADINGS = 30
_PARTS = re.compile(r"\s+[|·•»«:–—-]+\s+|\s*[|»]\s*")
#: Characters or words that a headline has; names of outlets and sections have fewer.
_HEADLINE_LENGTH = 20
_HEADLINE_WORDS = 3
_SIGNS = ("title", "h1", "h2", "input", "p")


def read_signs(root: etree._Element, *, is_article: bool) -> Signs:
    """Read the signs of the tree ``root``, which may call itself an article; changes nothing."""
    found: dict[object, list[etree._Element]] = {tag: [] for tag in _SIGNS}
    for element in root.iter(*_SIGNS):  # one walk: each takes as long as all that is done here
        found[element.tag].append(element)
    title = squeezed(clean(_start_of(found["title"][0]))) if found["title"] else ""
    links = [] if is_article else list(_headline_links(root))
    headline = _headline(title, chain(found["h1"], found["h2"])) or _titled(root, title, links)
    prose = _prose(found["p"])
    said = _all_said(root) if prose <= _LONGEST_WALL else None
    return Signs(
        is_article=is_article,
        titles=_forms([title]),
        headings=_forms(clean(_start_of(e)) for e in (found["h1"] or found["h2"])[:_HEADINGS]),
        headline=headline,
        template=_template(root),
        headlines=len(links),
        teasers="" if prose > _WORDY and headline else _teasers(links),
        said=said,
        asks_password=any((e.get("type") or "").lower() == "password" for e in found["input"]),
        is_challenge=said is not None and _is_challenge(root),
        offer=_offer(root) if prose <= _WORDY else "",
    )


#: Characters of an element that are looked at, and pieces that they stand in.
_LONGEST_START = 200
_PIECES = 20


def _start_of(element: etree._Element, length: int = _LONGEST_START) -> str:
    if not len(element):
        return (element.text or "")[:length]
    return "".join(islice(pieces_of(element), _PIECES))[:length]


def _form(text: str) -> str:
    return fold(text).strip(" .,:;!?…·|/*\"'()[]-")


def _forms(texts: Iterable[str]) -> tuple[str, ...]:
    """Return each of ``texts`` and its parts, in the form in which headings are compared."""
    whole = [text for text in texts if text]
    parted = chain(whole, (part for text in whole for part in _PARTS.split(text)))
    return tuple(dict.fromkeys(filter(None, map(_form, parted))))


def _is_long(form: str) -> bool:
    return len(form) >= _HEADLINE_LENGTH or form.count(" ") >= _HEADLINE_WORDS - 1


def _headline(title: str, headings: Iterable[etree._Element]) -> str:
    """Return the heading that the page's title repeats, if it is longer than a name."""
    whole = _form(title)
    parts = [part for part in map(_form, _PARTS.split(title)) if _is_long(part)]
    for element in islice(headings, _MORE_HEADINGS):
        form = _form(_start_of(element))
        if _is_long(form) and (form in whole or any(part in form for part in parts)):
            return form
    return ""


#: Elements in which old pages put their headlines, and how many of them are looked at.
_OLD_HEADINGS = ("h3", "h4", "b", "strong", "font", "span", "div", "td", "p")
_MOST_OLD_HEADINGS = 2_000


def _titled(root: etree._Element, title: str, links: Sequence[etree._Element]) -> str:
    """Return the part of the title that stands in an element by itself, on a page of links."""
    parts = {part for part in map(squeezed, _PARTS.split(title)) if _is_long(part)}
    if not parts or len(links) < _FEWEST_HEADLINES:
        return ""
    for element in islice(root.iter(*_OLD_HEADINGS), _MOST_OLD_HEADINGS):
        if (text := squeezed((element.text or "")[:_LONGEST_START])) in parts:
            return _form(text)
    return ""


_LIST_TEMPLATES = frozenset([
    "archive", "search", "search-results", "page-search", "page-taxonomy", "path-taxonomy",
])  # fmt: skip
_ERROR_TEMPLATES = frozenset(["error404", "error-404", "page-404", "page404", "error-page"])


def _template(root: etree._Element) -> str:
    """Name the kind of page that the template says: WordPress and Drupal write it out."""
    body = root.find("body")
    names = (
        frozenset((body.get("class") or "").lower().split()) if body is not None else frozenset()
    )
    if names & _ERROR_TEMPLATES:
        return "error"
    return "list" if names & _LIST_TEMPLATES else ""


#: Characters. A wall explains itself; an article that quotes one goes on.
_LONGEST_WALL = 2_500
#: Characters in paragraphs from which a page is looked at no further: most articles have them.
_WORDY = 5_000
_UNSAID = frozenset(["script", "style", "noscript", "template", "head", "title", "option"])


def _prose(paragraphs: Iterable[etree._Element]) -> int:
    """Return how many characters stand in ``paragraphs``, counted as far as it matters."""
    length = 0
    for paragraph in paragraphs:
        length += len(_start_of(paragraph, _WORDY))
        if length > _WORDY:
            break
    return length


def _all_said(root: etree._Element) -> tuple[str, ...] | None:
    """Return all lines of the page if they are few."""
    body, lines, length = root.find("body"), [], 0
    for element in body.iter() if body is not None else ():
        for text in (None if element.tag in _UNSAID else element.text, element.tail):
            if text and not text.isspace():
                lines.append(squeezed(text[: _LONGEST_WALL + 1]))
                length += len(lines[-1])
        if length > _LONGEST_WALL:
            return None
    return tuple(lines)


_GUARD = re.compile(
    r"_Incapsula_Resource|cdn-cgi/challenge-platform|_cf_chl_opt|challenges\.cloudflare\.com"
    r"|captcha-delivery\.com|px-captcha|perimeterx|ddos-guard|/sgcaptcha/|awswaf|/TSPD/|__qrator"
    r"|distil_r_captcha|servicepipe|//10\.10\.34\.3"
)
#: Characters of a script in which its maker is looked for.
_SCRIPT_START = 5_000


def _is_challenge(root: etree._Element) -> bool:
    return any(
        _GUARD.search((e.get("src") or "") + (e.text or "")[:_SCRIPT_START])
        for e in root.iter("script", "iframe")
    )


_WALL_NAME = re.compile(
    r"(?<!non-)(?<!no-)(?:pay|reg|meter|login|freemium|premium|subscri\w{1,8})[-_]?wall",
    re.IGNORECASE,
)
#: Characters in which an offer says what it is, and pieces that they stand in.
_LONGEST_OFFER = 600
_OFFER_PIECES = 60


def _offer(root: etree._Element) -> str:
    """Return what stands in the first box that is named for a pay wall and is not hidden."""
    for box in root.iter("div", "section", "aside"):
        for name in (box.get("class"), box.get("id")):
            if not name or not ("wall" in name or "Wall" in name):  # quicker than the pattern
                continue
            text = "".join(islice(pieces_of(box), _OFFER_PIECES))
            if text.isspace() or is_hidden(dict(attributes_of(box))):
                continue
            if _WALL_NAME.search(name):
                return fold(text[:_LONGEST_OFFER])
    return ""


# --- headlines that lead away ----------------------------------------------

#: Words of a link that may be a headline.
_LINK_WORDS = 4
#: Cards whose teasers are read; few lists that show teasers show more.
_MOST_CARDS = 60
#: Levels between a headline and the whole card.
_CARD_LEVELS = 5
#: Characters that a card has beyond its headline: fewer are a date, more are no card.
_SHORTEST_TEASER = 60
_LONGEST_TEASER = 700


def _headline_links(root: etree._Element) -> Iterator[etree._Element]:
    """Yield the links of some words that stand alone in their block, as in a text none does."""
    for link in root.iter("a"):
        text = _start_of(link) if len(link) else link.text or ""
        if text.count(" ") < _LINK_WORDS - 1 or len(text.split()) < _LINK_WORDS:
            continue
        parent = link.getparent()
        if parent is not None and not _says(parent.text) and not _says(link.tail):
            yield link


def _says(text: str | None) -> bool:
    return text is not None and bool(text.strip())


def _teasers(links: Sequence[etree._Element]) -> str:
    return "\n".join(map(_card, links[:_MOST_CARDS])) if len(links) >= _FEWEST_HEADLINES else ""


def _card(link: etree._Element) -> str:
    """Return the text of the card that ``link`` is the headline of; else of the link alone."""
    text = squeezed(_start_of(link, _LONGEST_TEASER))
    for above in islice(link.iterancestors(), _CARD_LEVELS):
        if len(above) == 1:
            continue
        whole = squeezed(_start_of(above, len(text) + 2 * _LONGEST_TEASER))
        if len(whole) > len(text) + _LONGEST_TEASER:
            break
        if len(whole) > len(text) + _SHORTEST_TEASER:
            return whole
    return text


# --- walls -----------------------------------------------------------------

#: Characters up to which a text may be no more than the notice of an error or of a guard.
_LONGEST_NOTICE = 400
#: Kinds of what asks for consent, and the share of the text that speaks of it, from which
#: the text does nothing else; in the second line if the page has a headline of its own.
_FEWEST_KINDS, _CONSENT_SHARE = 2, 0.6
_MORE_KINDS, _MOST_CONSENT_SHARE = 3, 0.8
_FEWEST_BLOCK_WORDS = 2


def find_wall(signs: Signs, paragraphs: Sequence[str]) -> tuple[Reason, str] | None:
    """Return why the page is no article, with the words that say so; None if it may be one."""
    length = sum(map(len, paragraphs))
    has_headline = bool(signs.headline) and not _names_wall(signs.headline)
    may_be_error = not has_headline and (length <= _LONGEST_WALL or not signs.is_article)
    if may_be_error and (wall := _not_found(signs, length)):
        return wall
    if length > _LONGEST_WALL:
        return None
    lines = [fold(line) for paragraph in paragraphs for line in paragraph.split("\n")]
    lines = lines or [fold(line) for line in signs.said or ()]
    if consent := _asks_consent(signs, lines, has_headline=has_headline):
        return Reason.CONSENT_WALL, consent
    if has_headline or signs.is_article:
        return None
    return _by_heading(signs) or _by_notice(signs, lines)


def _names_wall(form: str) -> bool:
    return any(names.fullmatch(form) for names in (NOT_FOUND, CONSENT, BLOCKED, LOGIN))


def _not_found(signs: Signs, length: int) -> tuple[Reason, str] | None:
    said = signs.said if length <= _LONGEST_NOTICE else None
    for form in chain(signs.titles, signs.headings, map(_form, said or ())):
        if NOT_FOUND.fullmatch(form):
            return Reason.SOFT_404, form
    return (Reason.SOFT_404, "by its template") if signs.template == "error" else None


def _asks_consent(signs: Signs, lines: Sequence[str], *, has_headline: bool) -> str:
    """Return what asks for consent, if a heading does or nearly all ``lines`` do."""
    if not has_headline and not signs.is_article:
        for form in chain(signs.titles, signs.headings):
            if CONSENT.fullmatch(form):
                return form
    text = "\n".join(lines)
    kinds = [found[0] for kind in CONSENT_KINDS if (found := kind.search(text))]
    share = sum(len(line) for line in lines if CONSENT_WORDS.search(line)) / max(1, len(text))
    fewest, least = (_FEWEST_KINDS, _CONSENT_SHARE)
    if has_headline or signs.is_article:
        fewest, least = (_MORE_KINDS, _MOST_CONSENT_SHARE)
    return kinds[0] if len(kinds) >= fewest and share >= least else ""


def _by_heading(signs: Signs) -> tuple[Reason, str] | None:
    for form in chain(signs.titles, signs.headings):
        if BLOCKED.fullmatch(form):
            return Reason.BLOCK_PAGE, form
        if signs.asks_password and LOGIN.fullmatch(form):
            return Reason.LOGIN_WALL, form
    return None


def _by_notice(signs: Signs, lines: Sequence[str]) -> tuple[Reason, str] | None:
    """Judge a page that says little by what it says."""
    text = "\n".join(lines)
    words = set(BLOCK_WORDS.findall(text))
    if len(words) >= _FEWEST_BLOCK_WORDS:
        return Reason.BLOCK_PAGE, min(words)
    if len(text) > _LONGEST_NOTICE:
        return None
    if signs.is_challenge:
        return Reason.BLOCK_PAGE, "a guard against robots"
    for notices, reason in (
        (NO_ACCESS, Reason.BLOCK_PAGE),
        (MUST_LOG_IN, Reason.LOGIN_WALL),
        (NEEDS_SCRIPTS, Reason.EMPTY),
    ):
        if found := notices.search(text):
            return reason, found[0]
    return None


# --- pay walls -------------------------------------------------------------

#: Lines at the end of a text in which an offer may stand, and characters of a text that may
#: be the beginning of one: behind a longer one the offer is there for all who read.
_LAST_LINES = 6
_LONGEST_STUB = 1_500


def is_cut_by_paywall(signs: Signs, paragraphs: Sequence[str]) -> bool:
    """Tell whether the text breaks off with an offer to those who would read on."""
    lines = [line for paragraph in paragraphs for line in paragraph.split("\n")]
    last = (fold(line[:_LONGEST_OFFER]) for line in lines[-_LAST_LINES:])
    if OFFER.search("\n".join(last)):
        return True
    return sum(map(len, lines)) <= _LONGEST_STUB and bool(OFFER.search(signs.offer))


# --- lists -----------------------------------------------------------------

#: Links like headlines from which a page may be a list, and from which it has more of them
#: than stand around an article.
_FEWEST_HEADLINES = 5
_MANY_HEADLINES = 15
#: Characters that even a short news item has, and a list seldom has of its own; the same
#: where there are fewer headlines, and where the address or the template says that it is one.
_LISTING_PROSE = 500
_SHORT_LISTING_PROSE = 200
_NAMED_LISTING_PROSE = 1_000
#: Characters of all text; sixty teasers have no more.
_LONGEST_LISTING = 30_000
#: Characters by which a line is found again among the teasers.
_BEGINNING = 40


def is_listing(signs: Signs, paragraphs: Sequence[str], *, url: str) -> bool:
    """Tell whether the page at ``url`` lists articles."""
    lines = [line for paragraph in paragraphs for line in paragraph.split("\n")]
    length = sum(map(len, lines))
    if signs.is_article or signs.headlines < _FEWEST_HEADLINES or length > _LONGEST_LISTING:
        return False
    own = sum(len(line) for line in lines if line[:_BEGINNING] not in signs.teasers)
    has_many = signs.headlines >= _MANY_HEADLINES
    if is_homepage(url):
        return has_many or own < _LISTING_PROSE
    if signs.template == "list" or _lists_by_address(url):
        return own < _NAMED_LISTING_PROSE
    if signs.headline:
        return False
    return own < _LISTING_PROSE if has_many else own <= min(length - own, _SHORT_LISTING_PROSE)


#: Segments of a path, and names in a query, behind which lists stand.
_LIST_SEGMENTS = frozenset([
    "tag", "tags", "tagged", "category", "categories", "rubric", "rubrics", "section", "sections",
    "topic", "topics", "author", "authors", "search", "archive", "archives", "kateqoriya", "bolme",
    "rubrika", "teq", "etiket", "etiketler", "axtar", "axtaris", "muellif", "arxiv", "kategori",
    "kategoriler", "konu", "arama", "ara", "yazar", "arsiv", "rubriki", "kategoriya", "kategorii",
    "poisk", "avtor", "arhiv", "suche", "schlagwort", "thema", "themen", "autor", "archiv",
    "rubrique", "recherche", "auteur", "buscar", "etiqueta", "seccion", "categoria",
])  # fmt: skip
_LIST_QUERIES = frozenset(["s", "q", "search", "query", "tag", "cat", "axtar", "poisk"])
#: Parts of a segment: a slug of more is a headline.
_NAME_PARTS = 3
_LONG_NUMBER = re.compile(r"\d{4}")


def _lists_by_address(address: str) -> bool:
    """Tell whether the address names a list, and no article in it."""
    parts = urlsplit(address)
    segments = [part.lower() for part in unquote(parts.path).split("/") if part]
    if any(name in _LIST_QUERIES for name, _ in parse_qsl(parts.query)):
        return len(segments) <= 1
    at = next((n for n, part in enumerate(segments) if part in _LIST_SEGMENTS), None)
    return at is not None and not any(map(_may_be_slug, segments[at + 1 :]))


def _may_be_slug(segment: str) -> bool:
    is_long = len(re.split("[-_+ ]", segment)) > _NAME_PARTS
    return is_long or bool(_LONG_NUMBER.search(segment))
