"""The newsroom's documents: article and section pages, feeds, sitemaps.

Each outlet has markup of its own, as different as the real press: semantic
with JSON-LD, WordPress, tables, microdata, dates in words only. The bytes
depend on nothing but the arguments.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from pipeline.demo.content import DemoArticle, Form, Newsroom, Outlet, OutletFeed

_MONTHS: Final = {
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "en": "January February March April May June July August September October November December",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "fa": "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
_WRITTEN: Final = {
    "az": "{day} {month} {year}, {clock}",
    "en": "{day} {month} {year} {clock} (UTC{offset})",
    "ru": "{day} {month} {year}, {clock}",
    "tr": "{day} {month} {year} {clock}",
    "fa": "{day} {month} {year}، ساعت {clock}",
    "de": "{day}. {month} {year}",
}
_PERSIAN_DIGITS: Final = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")

_TEMPLATES: Final = Environment(
    loader=PackageLoader("pipeline.demo"),
    autoescape=True,
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)
_TEMPLATES.filters["rfc822"] = format_datetime


def written_moment(moment: datetime, language: str) -> str:
    """Return ``moment`` as a page in ``language`` shows it, on its own clock.

    >>> written_moment(datetime.fromisoformat("2025-12-31T09:05+04:00"), "az")
    '31 dekabr 2025, 09:05'
    """
    text = _WRITTEN[language].format(
        day=moment.day,
        month=_MONTHS[language].split()[moment.month - 1],
        year=moment.year,
        clock=f"{moment:%H:%M}",
        offset=moment.isoformat()[-6:],
    )
    return text.translate(_PERSIAN_DIGITS) if language == "fa" else text


def article_page(newsroom: Newsroom, article: DemoArticle) -> bytes:
    """Return the page of ``article``, in the markup and charset of its outlet."""
    return _page(
        newsroom,
        article.outlet,
        f"{article.outlet.template}.html",
        language=article.language,
        title=article.title,
        article=article,
        moment=written_moment(article.published_at, article.language),
        linked_data=_linked_data(article),
    )


def section_page(newsroom: Newsroom, outlet: Outlet, articles: Sequence[DemoArticle]) -> bytes:
    """Return the page on which ``outlet`` lists ``articles``; also its front page."""
    language = outlet.languages[0]
    title = newsroom.furniture[language].nav[1]
    return _page(
        newsroom, outlet, "section.html", language=language, title=title, articles=articles
    )


def missing_page(newsroom: Newsroom, outlet: Outlet) -> bytes:
    """Return what ``outlet`` shows under an address that it does not have."""
    return _page(newsroom, outlet, "missing.html", language=outlet.languages[0], title="404")


def feed_document(outlet: Outlet, feed: OutletFeed, articles: Sequence[DemoArticle]) -> bytes:
    """Return the RSS, RDF, Atom, JSON or sitemap document that lists ``articles``."""
    if feed.form is Form.JSON:
        return _json_feed(outlet, feed, articles)
    template = _TEMPLATES.get_template(f"{feed.form}.xml")
    return _encoded(template.render(outlet=outlet, feed=feed, articles=articles), outlet)


def _page(
    newsroom: Newsroom, outlet: Outlet, template: str, *, language: str, **fields: Any
) -> bytes:
    text = _TEMPLATES.get_template(template).render(
        outlet=outlet,
        furniture=newsroom.furniture[language],
        language=language,
        charset=outlet.charset,
        **fields,
    )
    return _encoded(text, outlet)


def _encoded(text: str, outlet: Outlet) -> bytes:
    # A character that windows-1251 lacks is written as a reference, as editors' systems do.
    return text.encode(outlet.charset, "xmlcharrefreplace")


def _linked_data(article: DemoArticle) -> Markup:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "inLanguage": article.language,
        "datePublished": article.published_at.isoformat(),
        "mainEntityOfPage": article.url,
        "author": {"@type": "Organization", "name": article.byline or article.outlet.name},
        "publisher": {"@type": "NewsMediaOrganization", "name": article.outlet.name},
    }
    # The texts are ours; "</" is all that could end a script element early.
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return Markup(text)  # noqa: S704


def _json_feed(outlet: Outlet, feed: OutletFeed, articles: Sequence[DemoArticle]) -> bytes:
    data = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": outlet.url("/"),
        "feed_url": outlet.url(feed.path),
        "items": [
            {
                "id": article.url,
                "url": article.url,
                "title": article.title,
                "language": article.language,
                "date_published": article.published_at.isoformat(),
                "content_text": article.paragraphs[0],
            }
            for article in articles
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()
