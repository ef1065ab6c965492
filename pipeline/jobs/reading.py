"""From a page to what is filed of it: extract, judge, fold, fingerprint.

This is what runs in the reader processes, so it is pure, but for the topic,
which a process gets once instead of with every page.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.articles import extract_article
from pipeline.duplicates import fingerprint
from pipeline.model import (
    Article,
    Keep,
    Moment,
    Page,
    ReadArticle,
    Rejection,
    Relevance,
    Source,
    Topic,
    Verdict,
)
from pipeline.relevance import judge
from pipeline.text import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingTask:
    """A page with what its source and its feed say of it."""

    page: Page
    source: Source
    title: str  # the feed's
    published_at: datetime | None  # the feed's claim


def read_page(task: ReadingTask, topic: Topic) -> ReadArticle | Relevance | Rejection:
    """Read a page; a Relevance alone means that it is not about the topic."""
    extracted = extract_article(
        task.page,
        zone=ZoneInfo(task.source.time_zone),
        languages=task.source.languages,
        now=task.page.fetched_at,
    )
    if isinstance(extracted, Rejection):
        return extracted
    article = _with_feed_claims(extracted, task)
    relevance = judge(article, topic)
    if task.source.keep is Keep.ALL:
        relevance = replace(relevance, verdict=Verdict.ABOUT)
    if relevance.verdict is Verdict.UNRELATED:
        return relevance
    return ReadArticle(
        article=article,
        relevance=relevance,
        folded_title=fold(article.title),
        folded_text=fold(article.text),
        fingerprint=fingerprint(article.text),
    )


def _with_feed_claims(article: Article, task: ReadingTask) -> Article:
    """Let the feed say what the page does not."""
    published = article.published
    if published is None and task.published_at is not None:
        published = Moment(at=task.published_at, origin="feed")
    return replace(article, title=article.title or task.title, published=published)


_topic: Topic | None = None


def start(topic: Topic) -> None:
    """Give this process its topic."""
    global _topic  # noqa: PLW0603 - a process has one topic for its life
    _topic = topic


def read_in_process(task: ReadingTask) -> ReadArticle | Relevance | Rejection:
    """Read a page for the topic that `start` gave to this process."""
    if _topic is None:
        raise RuntimeError("the process was not given a topic")
    return read_page(task, _topic)
