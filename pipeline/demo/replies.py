"""What the newsroom answers to a request: values in, values out."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from pipeline.demo.content import DemoArticle, Form, Newsroom, Outlet, OutletFeed
from pipeline.demo.pages import article_page, feed_document, missing_page, section_page

#: Articles on a feed, a section page or a sitemap; feeds of the real press hold 10 to 50.
SHOWN = 25

#: The rubrics, tags and galleries of the menus all lead to the section page.
_SECTIONS: Final = ("/section/", "/tag/", "/gallery/")

_MEDIA_TYPES: Final = {
    Form.RSS: "application/rss+xml",
    Form.RDF: "application/rdf+xml",
    Form.ATOM: "application/atom+xml",
    Form.JSON: "application/feed+json",
    Form.LISTING: "text/html",
    Form.SITEMAP: "application/xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A whole answer, before it is compressed or found to be unchanged."""

    body: bytes
    media_type: str  # with its charset
    status: HTTPStatus = HTTPStatus.OK
    modified_at: datetime | None = None  # None: the reply has no validators


def reply_to(newsroom: Newsroom, host: str, target: str, *, until: datetime | None) -> Reply:
    """Return what ``host`` answers to a request for ``target`` at the moment ``until``.

    Only what is published by then exists; None means everything.
    """
    outlet = next((o for o in newsroom.outlets if o.host == host), None)
    if outlet is None:
        return Reply(
            status=HTTPStatus.MISDIRECTED_REQUEST,
            media_type="text/plain; charset=utf-8",
            body=b"no such host here\n",
        )
    if target == "/robots.txt":
        return Reply(media_type="text/plain; charset=utf-8", body=_robots(outlet))
    articles = newsroom.newest(outlet, until=until)
    for feed in outlet.feeds:
        if target == feed.path:
            return _feed_reply(newsroom, outlet, feed, articles)
    if target == "/" or target.startswith(_SECTIONS):
        return _section_reply(newsroom, outlet, articles[:SHOWN])
    return _article_reply(newsroom, outlet, target, articles)


def _robots(outlet: Outlet) -> bytes:
    lines = ["User-agent: *", f"Disallow: {outlet.disallow or ''}".rstrip()]
    sitemaps = (feed for feed in outlet.feeds if feed.form is Form.SITEMAP)
    lines += (f"Sitemap: {outlet.url(feed.path)}" for feed in sitemaps)
    return "\n".join([*lines, ""]).encode()


def _feed_reply(
    newsroom: Newsroom, outlet: Outlet, feed: OutletFeed, articles: tuple[DemoArticle, ...]
) -> Reply:
    shown = tuple(a for a in articles if feed.language in {None, a.language})[:SHOWN]
    if feed.form is Form.LISTING:
        return _section_reply(newsroom, outlet, shown)
    return Reply(
        media_type=f"{_MEDIA_TYPES[feed.form]}; charset={outlet.charset}",
        body=feed_document(outlet, feed, shown),
        modified_at=_newest_moment(shown),
    )


def _section_reply(newsroom: Newsroom, outlet: Outlet, shown: tuple[DemoArticle, ...]) -> Reply:
    return Reply(
        media_type=_html(outlet),
        body=section_page(newsroom, outlet, shown),
        modified_at=_newest_moment(shown),
    )


def _article_reply(
    newsroom: Newsroom, outlet: Outlet, target: str, articles: tuple[DemoArticle, ...]
) -> Reply:
    found = next((a for a in articles if a.target == target and not a.gone), None)
    if found is None:
        return Reply(
            status=HTTPStatus.NOT_FOUND,
            media_type=_html(outlet),
            body=missing_page(newsroom, outlet),
        )
    return Reply(
        media_type=_html(outlet),
        body=article_page(newsroom, found),
        modified_at=found.published_at,
    )


def _newest_moment(articles: tuple[DemoArticle, ...]) -> datetime | None:
    return articles[0].published_at if articles else None


def _html(outlet: Outlet) -> str:
    return f"text/html; charset={outlet.charset}"
