"""What the newsroom has printed: eight invented outlets, read from newsroom.yaml.

The labels of an article (``relevance``, ``copy_of``, ``recycles``, ``event``)
are what a careful reader would say of it; tests hold the pipeline to them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml

from pipeline.model import Feed, FeedKind, PublisherKind, Source, Verdict

#: Words of the menus, strips, notes and footers around the articles. Each text
#: of the furniture holds one of them and no article does, so that one of them
#: in an extracted text proves a leak.
FURNITURE = (
    "#",  # every tag starts with it
    *("Facebook", "Telegram", "WhatsApp"),
    *("Ana səhifə", "Rubrikalar", "Fotoqalereya", "Videoarxiv", "Redaksiya ilə", "Çap versiyası"),
    *("Şriftin ölçüsü", "Oxşar yazılar", "Etiketlər", "Paylaş:", "çərəz", "Şərh", "şərh"),
    *("abunə olun", "hüquqlar qorunur", "keçid vacibdir"),
    *("Home page", "All topics", "Photo gallery", "Video archive", "Contact the newsroom"),
    *("Print version", "Text size", "More on this topic", "Tagged with", "Share this page"),
    *("cookie", "comment", "newsletter", "All rights reserved", "hyperlink"),
    *("Главная страница", "Все рубрики", "Фотогалерея", "Видеоархив", "Связь с редакцией"),
    *("Версия для печати", "Размер шрифта", "Читайте также", "Метки страницы", "Поделиться"),
    *("Комментарии", "комментари", "рассылку", "Все права", "гиперссылка"),
    *("Ana sayfa", "Tüm kategoriler", "Foto galeri", "Video arşivi", "Künye", "Yazdırma"),
    *("Yazı boyutu", "İlginizi çekebilir", "Etiket bulutu", "Bu sayfayı", "çerez", "Okur yorum"),
    *("okur yorum", "abone olun", "hakkı saklıdır", "kaynak bağlantısı"),
    *("صفحهٔ نخست", "همهٔ بخش‌ها", "نگارخانهٔ عکس", "بایگانی ویدئو", "تماس با تحریریه"),
    *("نسخهٔ چاپی", "اندازهٔ قلم", "مطالب مرتبط", "برچسب‌ها", "هم‌رسانی", "کوکی"),
    *("دیدگاه خوانندگان", "خبرنامهٔ", "حقوق محفوظ", "بازنشر"),
    *("Zur Startseite", "Alle Rubriken", "Fotogalerie", "Videoarchiv", "Impressum"),
    *("Druckversion", "Schriftgröße", "Das könnte Sie", "Schlagwörter", "Seite teilen"),
    *("Cookies", "Kommentar", "Newsletter", "Rechte vorbehalten", "Verlinkung"),
)


class Form(StrEnum):
    """In what document an outlet lists its newest articles."""

    RSS = "rss"  # RSS 2.0
    RDF = "rdf"  # RSS 1.0
    ATOM = "atom"
    JSON = "json"  # JSON Feed 1.1
    LISTING = "listing"
    SITEMAP = "sitemap"

    @property
    def kind(self) -> FeedKind:
        """How sources.yaml calls this form."""
        try:
            return FeedKind(self.value)
        except ValueError:
            return FeedKind.FEED


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletFeed:
    """One document in which an outlet lists its newest articles."""

    path: str
    form: Form
    language: str | None = None  # None: articles of every language


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An invented outlet and how its pages are served."""

    id: str
    name: str
    publisher: PublisherKind
    host: str
    country: str
    languages: tuple[str, ...]  # the first is that of its front page
    time_zone: str
    template: str
    path: str  # pattern of an article's address
    feeds: tuple[OutletFeed, ...]
    charset: str = "utf-8"
    disallow: str | None = None  # what its robots.txt forbids; None: nothing

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which it writes moments."""
        return ZoneInfo(self.time_zone)

    def url(self, path: str) -> str:
        """Return the absolute address of ``path``; never with a port."""
        return f"http://{self.host}{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoArticle:
    """An invented article with the labels that tests go by."""

    id: str
    outlet: Outlet
    language: str
    published_at: datetime  # with the outlet's own offset
    url: str
    title: str
    paragraphs: tuple[str, ...]
    relevance: Verdict
    byline: str = ""
    section: str = ""
    copy_of: str | None = None  # id of the earlier article of another outlet
    recycles: str | None = None  # id of the earlier year's article
    event: str | None = None  # the same for all that tell it, in any language
    gone: bool = False  # listed, but its page answers 404

    @property
    def target(self) -> str:
        """Path and query of its address."""
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def readable(self) -> bool:
        """Whether a polite client gets its page: it exists and robots.txt allows it."""
        forbidden = self.outlet.disallow
        return not self.gone and not (forbidden and self.target.startswith(forbidden))


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """What stands around the articles of one language."""

    nav: tuple[str, ...]
    tools: tuple[str, ...]
    related_title: str
    related: tuple[str, ...]
    tags_title: str
    tags: tuple[str, ...]
    share_title: str
    share: tuple[str, ...]
    cookie: str
    comments_title: str
    comments: tuple[str, ...]
    newsletter: str
    footer: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """All outlets and all that they have printed, oldest first."""

    outlets: tuple[Outlet, ...]
    articles: tuple[DemoArticle, ...]
    furniture: Mapping[str, Furniture]  # by language

    def newest(self, outlet: Outlet, *, until: datetime | None) -> tuple[DemoArticle, ...]:
        """Return what ``outlet`` has published up to ``until`` (None: all), newest first."""
        shown = (a for a in self.articles if a.outlet.id == outlet.id)
        return tuple(
            sorted(
                (a for a in shown if until is None or a.published_at <= until),
                key=lambda a: (a.published_at, a.id),
                reverse=True,
            )
        )


def load_newsroom() -> Newsroom:
    """Read the newsroom that comes with the package."""
    text = files("pipeline.demo").joinpath("newsroom.yaml").read_text("utf-8")
    data: dict[str, Any] = yaml.safe_load(text)
    outlets = tuple(_outlet(entry) for entry in data["outlets"])
    by_id = {outlet.id: outlet for outlet in outlets}
    articles = (_article(entry, by_id[entry["outlet"]]) for entry in data["articles"])
    return Newsroom(
        outlets=outlets,
        articles=tuple(sorted(articles, key=lambda a: (a.published_at, a.id))),
        furniture={language: _furniture(texts) for language, texts in data["furniture"].items()},
    )


def demo_sources(newsroom: Newsroom) -> tuple[Source, ...]:
    """Return the outlets as the sources that a pipeline reads."""
    return tuple(
        Source(
            id=outlet.id,
            name=outlet.name,
            publisher=outlet.publisher,
            languages=outlet.languages,
            time_zone=outlet.time_zone,
            feeds=tuple(
                Feed(url=outlet.url(feed.path), kind=feed.form.kind, language=feed.language)
                for feed in outlet.feeds
            ),
            homepage=outlet.url("/"),
            country=outlet.country,
        )
        for outlet in newsroom.outlets
    )


def _outlet(entry: Mapping[str, Any]) -> Outlet:
    fields = dict(entry)
    fields["publisher"] = PublisherKind(entry["publisher"])
    fields["languages"] = tuple(entry["languages"])
    fields["feeds"] = tuple(
        OutletFeed(**{**feed, "form": Form(feed["form"])}) for feed in entry["feeds"]
    )
    return Outlet(**fields)


def _article(entry: Mapping[str, Any], outlet: Outlet) -> DemoArticle:
    fields = dict(entry)
    published_at = datetime.fromisoformat(fields.pop("published"))
    pattern = fields.pop("path", outlet.path)
    path = pattern.format(
        id=entry["id"],
        language=entry["language"],
        year=f"{published_at:%Y}",
        month=f"{published_at:%m}",
    )
    fields["outlet"] = outlet
    fields["relevance"] = Verdict(entry["relevance"])
    paragraphs = fields.pop("text").strip().split("\n\n")
    return DemoArticle(
        **fields, published_at=published_at, url=outlet.url(path), paragraphs=tuple(paragraphs)
    )


def _furniture(texts: Mapping[str, Any]) -> Furniture:
    fields: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in texts.items()
    }
    return Furniture(**fields)
