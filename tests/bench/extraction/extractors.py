"""The extractors side by side: how each is loaded and called, as its own documentation shows.

Each is imported by the function that loads it, in the process that runs it: no environment holds
all of them. What that returns reads a page, given as text, or as bytes where its charset is part
of the question, and says its "text", and "title", "date" and "lang" if it tells such things.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from pipeline.model import Article, Page

Said = dict[str, Any]
Extract = Callable[[str | bytes, str, str], Said]

#: Where `train.py --folds` leaves its models, and of how many parts of the domains.
FOLDS = Path(__file__).parents[3] / ".bench-folds"
PARTS = 5
#: Later than every page: no moment of theirs lies in the future.
FETCHED_AT = datetime(2026, 11, 21, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    """How an extractor is named in the table, loaded, and whether it is one of our own."""

    label: str
    load: Callable[[], Extract]
    is_ours: bool = False


def part_of(domain: str, parts: int = PARTS, salt: str = "") -> int:
    """Return the part to which a domain belongs, the same in every run."""
    digest = hashlib.md5((salt + domain).encode(), usedforsecurity=False).hexdigest()
    return int(digest, 16) % parts


def page_of(html: str | bytes, url: str) -> Page:
    """Return the page as the product would have fetched it."""
    is_text = isinstance(html, str)
    return Page(
        url=url,
        final_url=url,
        status=200,
        headers={"content-type": "text/html; charset=utf-8" if is_text else "text/html"},
        body=html.encode("utf-8", "surrogatepass") if isinstance(html, str) else html,
        fetched_at=FETCHED_AT,
    )


def _ours() -> Extract:
    """Read each page with the model that was trained on all domains but the page's part."""
    from pipeline.articles.judges import Model  # noqa: PLC0415 - it needs what the peers lack

    models = [Model.read(json.loads((FOLDS / f"{n}.json").read_text())) for n in range(PARTS)]
    return _reader(lambda domain: models[part_of(domain)])


def _ours_by_rules() -> Extract:
    from pipeline.articles.judges import Rules  # noqa: PLC0415 - as above

    rules = Rules()
    return _reader(lambda _: rules)


def _reader(judge_of: Callable[[str], Any]) -> Extract:
    from pipeline.articles import extract_article  # noqa: PLC0415 - as above

    def extract(html: str | bytes, url: str, domain: str) -> Said:
        page = page_of(html, url)
        match extract_article(page, now=FETCHED_AT, judge=judge_of(domain)):
            case Article() as article:
                return {
                    "text": article.text,
                    "title": article.title,
                    "date": _day(article),
                    "lang": article.language,
                    "confidence": article.confidence,
                }
            case rejection:
                return {"text": "", "rejection": rejection.reason}

    return extract


def _day(article: Article) -> str | None:
    """Return the day as the page writes it."""
    published = article.published
    return (published.day or published.at.date()).isoformat() if published else None


def _trafilatura() -> Extract:
    bare_extraction = import_module("trafilatura").bare_extraction

    def extract(html: str | bytes, url: str, domain: str) -> Said:
        said = bare_extraction(html, url=url, with_metadata=True, include_comments=False)
        if said is None:
            return {"text": ""}
        return {"text": said.text, "title": said.title, "date": said.date, "lang": said.language}

    return extract


def _trafilatura_text() -> Extract:
    bare_extraction = import_module("trafilatura").bare_extraction

    def extract(html: str | bytes, url: str, domain: str) -> Said:
        said = bare_extraction(html, url=url, include_comments=False)
        return {"text": said.text if said else ""}

    return extract


def _readability() -> Extract:
    document = import_module("readability").Document
    fromstring = import_module("lxml.html").fromstring

    def extract(html: str | bytes, url: str, domain: str) -> Said:
        said = document(html, url=url)
        part = fromstring(said.summary(html_partial=True))
        return {"text": "\n".join(part.itertext()), "title": said.short_title()}

    return extract


def _newspaper() -> Extract:
    article = import_module("newspaper").article

    def extract(html: str | bytes, url: str, domain: str) -> Said:
        said = article(url, input_html=html, fetch_images=False)
        return {
            "text": said.text,
            "title": said.title,
            "date": _day_of(said.publish_date),
            "lang": said.meta_lang,
        }

    return extract


def _goose() -> Extract:
    goose = import_module("goose3").Goose({"enable_image_fetching": False})

    def extract(html: str | bytes, url: str, domain: str) -> Said:
        said = goose.extract(url=url, raw_html=html)
        return {
            "text": said.cleaned_text,
            "title": said.title,
            "date": said.publish_date,
            "lang": said.meta_lang,
        }

    return extract


def _news_please() -> Extract:
    from_html = import_module("newsplease").NewsPlease.from_html

    def extract(html: str | bytes, url: str, domain: str) -> Said:
        said = from_html(html, url=url, fetch_images=False)
        return {
            "text": said.maintext,
            "title": said.title,
            "date": _day_of(said.date_publish),
            "lang": said.language,
        }

    return extract


def _resiliparse() -> Extract:
    extract_plain_text = import_module("resiliparse.extract.html2text").extract_plain_text
    tree_of = import_module("resiliparse.parse.html").HTMLTree
    detect_encoding = import_module("resiliparse.parse.encoding").detect_encoding

    def extract(html: str | bytes, url: str, domain: str) -> Said:
        if isinstance(html, bytes):
            tree = tree_of.parse_from_bytes(html, detect_encoding(html))
        else:
            tree = tree_of.parse(html)
        text = extract_plain_text(tree, main_content=True, alt_texts=False)
        return {"text": text, "title": tree.title}

    return extract


def _day_of(moment: datetime | None) -> str | None:
    """Return the day as the page writes it, in whatever zone."""
    return moment.date().isoformat() if moment else None


EXTRACTORS = {
    "ours": Extractor(label="**ours**, out of fold", load=_ours, is_ours=True),
    "ours-rules": Extractor(label="ours, rules alone", load=_ours_by_rules, is_ours=True),
    "trafilatura": Extractor(label="trafilatura, with metadata", load=_trafilatura),
    "trafilatura-text": Extractor(label="trafilatura, text only", load=_trafilatura_text),
    "readability-lxml": Extractor(label="readability-lxml", load=_readability),
    "newspaper4k": Extractor(label="newspaper4k", load=_newspaper),
    "goose3": Extractor(label="goose3", load=_goose),
    "news-please": Extractor(label="news-please", load=_news_please),
    "resiliparse": Extractor(label="resiliparse", load=_resiliparse),
}
