"""The newsroom's content keeps the promises that other tests build on."""

from collections import Counter
from dataclasses import fields
from datetime import timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest

from pipeline.demo.content import (
    FURNITURE,
    DemoArticle,
    Form,
    Furniture,
    Newsroom,
    demo_sources,
    load_newsroom,
)
from pipeline.model import FeedKind, PublisherKind, Verdict, Week

NEWSROOM = load_newsroom()
BY_ID = {article.id: article for article in NEWSROOM.articles}
BAKU = ZoneInfo("Asia/Baku")

by_name = pytest.mark.parametrize("article", NEWSROOM.articles, ids=lambda a: a.id)


def words(article: DemoArticle) -> list[str]:
    return " ".join(article.paragraphs).split()


def triples(article: DemoArticle) -> set[tuple[str, str, str]]:
    found = words(article)
    return set(zip(found, found[1:], found[2:], strict=False))


def texts(furniture: Furniture) -> list[str]:
    values = (getattr(furniture, field.name) for field in fields(furniture))
    return [text for v in values for text in ((v,) if isinstance(v, str) else v)]


def test_ids_and_addresses_are_unique() -> None:
    assert len(BY_ID) == len(NEWSROOM.articles)
    assert len({article.url for article in NEWSROOM.articles}) == len(NEWSROOM.articles)


def test_eight_outlets_under_a_reserved_domain() -> None:
    assert len(NEWSROOM.outlets) == 8
    assert all(outlet.host.endswith(".example") for outlet in NEWSROOM.outlets)
    kinds = Counter(outlet.publisher for outlet in NEWSROOM.outlets)
    assert kinds == {
        PublisherKind.STATE_AGENCY: 1,
        PublisherKind.GOVERNMENT: 1,
        PublisherKind.PARTY: 1,
        PublisherKind.DIASPORA: 1,
        PublisherKind.INDEPENDENT: 1,
        PublisherKind.PUBLIC_BROADCASTER: 1,
        PublisherKind.PRIVATE: 2,
    }


@by_name
def test_article_is_short_and_in_a_language_of_its_outlet(article: DemoArticle) -> None:
    assert 3 <= len(article.paragraphs) <= 6
    assert 80 <= len(words(article)) <= 200
    assert all(paragraph == " ".join(paragraph.split()) for paragraph in article.paragraphs)
    assert article.language in article.outlet.languages


@by_name
def test_moment_has_the_offset_of_the_outlet(article: DemoArticle) -> None:
    here = article.published_at.astimezone(article.outlet.zone)
    assert article.published_at.utcoffset() == here.utcoffset()


@by_name
def test_article_holds_no_word_of_the_furniture(article: DemoArticle) -> None:
    text = "\n".join((article.title, article.byline, article.section, *article.paragraphs))
    assert [word for word in FURNITURE if word in text] == []


@pytest.mark.parametrize("language", NEWSROOM.furniture)
def test_each_text_of_the_furniture_is_recognisable(language: str) -> None:
    unmarked = [
        text
        for text in texts(NEWSROOM.furniture[language])
        if not any(word in text for word in FURNITURE)
    ]
    assert unmarked == []


def test_every_word_of_the_furniture_is_used() -> None:
    everything = "\n".join(text for f in NEWSROOM.furniture.values() for text in texts(f))
    assert [word for word in FURNITURE if word not in everything] == []


@pytest.mark.parametrize(
    "article", [a for a in NEWSROOM.articles if a.copy_of], ids=lambda a: str(a.id)
)
def test_copy_repeats_an_earlier_article_of_another_outlet(article: DemoArticle) -> None:
    original = BY_ID[str(article.copy_of)]
    assert original.published_at < article.published_at
    assert original.outlet != article.outlet
    assert original.language == article.language
    assert original.title != article.title
    assert original.event == article.event
    shared = triples(original) & triples(article)
    assert 0.7 <= len(shared) / len(triples(article)) < 1


@pytest.mark.parametrize(
    "article", [a for a in NEWSROOM.articles if a.recycles], ids=lambda a: str(a.id)
)
def test_recycled_text_repeats_one_of_an_earlier_year(article: DemoArticle) -> None:
    source = BY_ID[str(article.recycles)]
    assert article.published_at - source.published_at > timedelta(days=360)
    assert source.language == article.language
    shared = triples(source) & triples(article)
    assert 0.5 <= len(shared) / len(triples(article)) < 1


def test_articles_without_a_label_do_not_repeat_one_another() -> None:
    own = [a for a in NEWSROOM.articles if not a.copy_of and not a.recycles]
    repeats = [
        (a.id, b.id)
        for number, a in enumerate(own)
        for b in own[number + 1 :]
        if len(triples(a) & triples(b)) > 0.2 * min(len(triples(a)), len(triples(b)))
    ]
    assert repeats == []


def test_an_event_is_told_more_than_once_within_a_week_or_so() -> None:
    told = sorted((a for a in NEWSROOM.articles if a.event), key=lambda a: str(a.event))
    for event, group in groupby(told, key=lambda a: a.event):
        articles = sorted(group, key=lambda a: a.published_at)
        assert len({(a.outlet.id, a.language) for a in articles}) > 1, event
        assert articles[-1].published_at - articles[0].published_at < timedelta(days=8), event


def test_labels_and_languages_are_all_there() -> None:
    assert Counter(a.relevance for a in NEWSROOM.articles) == {
        Verdict.ABOUT: 56,
        Verdict.MENTION: 3,
        Verdict.UNRELATED: 14,
    }
    assert Counter(a.language for a in NEWSROOM.articles) == {
        "az": 29,
        "en": 12,
        "ru": 12,
        "tr": 8,
        "fa": 6,
        "de": 6,
    }
    assert sum(1 for a in NEWSROOM.articles if a.copy_of) == 6
    assert sum(1 for a in NEWSROOM.articles if a.recycles) == 6


def test_one_page_is_gone_and_one_is_forbidden() -> None:
    assert [a.id for a in NEWSROOM.articles if a.gone] == ["kars-kutlama-2026"]
    unreadable = {a.id for a in NEWSROOM.articles if not a.readable}
    assert unreadable == {"kars-kutlama-2026", "zametki-redaktora-2026"}


@pytest.mark.parametrize(
    ("week", "articles"),
    [
        ("2022-W52", 9),
        ("2023-W52", 8),
        ("2025-W01", 11),
        ("2025-W20", 1),
        ("2025-W52", 5),
        ("2026-W01", 26),
        ("2026-W10", 1),
    ],
)
def test_week_has_its_articles(week: str, articles: int) -> None:
    weeks = Counter(str(Week.of(a.published_at, BAKU)) for a in NEWSROOM.articles)
    assert weeks[week] == articles


def test_newest_respects_the_clock() -> None:
    outlet = BY_ID["hemreylik-gunu-2024"].outlet
    until = BY_ID["hemreylik-gunu-2024"].published_at
    shown = NEWSROOM.newest(outlet, until=until)
    assert shown[0].id == "hemreylik-gunu-2024"
    assert [a.published_at for a in shown] == sorted((a.published_at for a in shown), reverse=True)
    everything: Newsroom = NEWSROOM
    assert len(everything.newest(outlet, until=None)) > len(shown)


def test_sources_list_every_outlet_with_its_feeds() -> None:
    sources = demo_sources(NEWSROOM)
    assert [source.id for source in sources] == [outlet.id for outlet in NEWSROOM.outlets]
    kinds = Counter(feed.kind for source in sources for feed in source.feeds)
    assert kinds == {FeedKind.FEED: 8, FeedKind.LISTING: 1, FeedKind.SITEMAP: 1}
    forms = {feed.form for outlet in NEWSROOM.outlets for feed in outlet.feeds}
    assert forms == set(Form)
    urls = [feed.url for source in sources for feed in source.feeds]
    assert urls[0] == "http://narta.example/az/rss.xml"
    assert len(set(urls)) == len(urls)
