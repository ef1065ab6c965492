"""From a page to what is filed of it: extract, judge, fold, fingerprint.

This is what runs in the reader processes, so it is pure, but for the topic,
which a process gets once instead of with every page.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.duplicates import fingerprint
from pipeline.entities import find_entities
from pipeline.jobs.lines import PageContext, read_article, unreadable
from pipeline.languages import identify_language
from pipeline.model import (
    Article,
    Keep,
    Moment,
    Page,
    ReadArticle,
    Reason,
    Rejection,
    Relevance,
    Source,
    TextOrigin,
    Topic,
    Verdict,
)
from pipeline.relevance import judge
from pipeline.text import fold, words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingTask:
    """A page with what its source and its feed say of it."""

    page: Page
    source: Source
    title: str  # the feed's
    summary: str = ""  # likewise
    published_at: datetime | None  # the feed's claim
    language: str | None = None  # likewise; None: it does not say


def read_page(task: ReadingTask, topic: Topic) -> ReadArticle | Relevance | Rejection:
    """Read a page; a Relevance alone means that it is not about the topic.

    A page on which a parser fails is rejected as `Reason.UNREADABLE`.
    """
    try:
        return _read(task, topic)
    except Exception as error:  # noqa: BLE001 - parsers raise anything; one page must not end all
        return unreadable(task.page.url, error)


def _read(task: ReadingTask, topic: Topic) -> ReadArticle | Relevance | Rejection:
    page, source = task.page, task.source
    claimed = (task.language,) if task.language else ()
    context = PageContext(
        now=page.fetched_at,
        zone=ZoneInfo(source.time_zone),
        languages=tuple(dict.fromkeys((*claimed, *source.languages))),
        selectors=source.article,
    )
    extracted = read_article(page, context)
    if isinstance(extracted, Rejection):
        extracted = _from_feed(extracted, task)
    if isinstance(extracted, Rejection):
        return extracted
    article = _with_feed_claims(extracted, task)
    relevance = judge(article, topic)
    if source.keep is Keep.ALL:
        relevance = replace(relevance, verdict=Verdict.ABOUT)
    if relevance.verdict is Verdict.UNRELATED:
        return relevance
    return ReadArticle(
        article=article,
        relevance=relevance,
        folded_title=fold(article.title),
        folded_text=fold(article.text),
        fingerprint=fingerprint(article.text),
        entities=find_entities(article, topic),
    )


#: Pages behind which there is an article that only the feed lets us see.
_WALLS = frozenset({Reason.CONSENT_WALL, Reason.LOGIN_WALL, Reason.BLOCK_PAGE, Reason.EMPTY})

#: Words from which a feed's summary says what happened, and is more than a headline.
SHORTEST_SUMMARY = 20
#: 0–1, of an article of which there is only that: it is hardly ever all of it.
SUMMARY_CONFIDENCE = 0.1


def _from_feed(rejection: Rejection, task: ReadingTask) -> Article | Rejection:
    """Let the feed's words stand in for a page that shows a wall or an empty shell."""
    long_enough = len(words(fold(task.summary))) >= SHORTEST_SUMMARY
    if rejection.reason not in _WALLS or not task.title or not long_enough:
        return rejection
    expected = (task.language,) if task.language else task.source.languages
    return Article(
        url=task.page.url,
        title=task.title,
        text=task.summary,
        language=identify_language(task.summary, expected=expected),
        text_origin=TextOrigin.FEED,
        confidence=SUMMARY_CONFIDENCE,
        origins={"title": "feed"},
    )


def _with_feed_claims(article: Article, task: ReadingTask) -> Article:
    """Let the feed say what the page does not."""
    published = article.published
    if published is None and task.published_at is not None:
        published = Moment(at=task.published_at, origin="feed")
    article = replace(article, published=published)
    if article.title or not task.title:
        return article
    return replace(article, title=task.title, origins={**article.origins, "title": "feed"})


_topic: Topic | None = None


def start(topic: Topic) -> None:
    """Give this process its topic."""
    global _topic  # noqa: PLW0603 - a process has one topic for its life
    _topic = topic


def is_ready() -> bool:
    """Tell, in a process, that it has what it needs."""
    return _topic is not None


def read_in_process(task: ReadingTask) -> ReadArticle | Relevance | Rejection:
    """Read a page for the topic that `start` gave to this process."""
    if _topic is None:
        raise RuntimeError("the process was not given a topic")
    return read_page(task, _topic)
