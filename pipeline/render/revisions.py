"""A digest made anew beside the one that was published: what changed.

The archive goes on after a week is over: articles come late, others are withdrawn or
judged anew. A reader who has seen the page wants to know, so each change of its articles
or figures is a revision with a number. While a week runs, its page is a draft, and no
change to it counts.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from pipeline.model import ArticleLink, Digest, Revision
from pipeline.render.published import PublishedWeek

#: A revision that knows no later moment than the one before it (an article was withdrawn)
#: must still be later: feeds tell by that what is new.
_LATER = timedelta(seconds=1)


def revised(digest: Digest, former: PublishedWeek | None) -> Digest:
    """Return the digest with the revisions of the former one, and a new one if it differs."""
    if former is None or former.week != digest.week:
        return digest
    change = _change(digest, former)
    is_draft = not former.is_over and not digest.is_over
    if change is None or is_draft:
        return replace(digest, revisions=former.revisions)
    return replace(digest, revisions=(*former.revisions, change))


def _change(digest: Digest, former: PublishedWeek) -> Revision | None:
    now = {link.url: link for link in _links(digest)}
    then = {link.url: link for link in former.articles}
    added = tuple(link for url, link in now.items() if url not in then)
    withdrawn = tuple(link for url, link in then.items() if url not in now)
    figures = tuple(
        (figure.name, former.figures[figure.name], figure.value)
        for figure in digest.figures
        if former.figures.get(figure.name, figure.value) != figure.value
    )
    if not (added or withdrawn or figures):
        return None
    later = former.updated + _LATER
    return Revision(
        number=former.revision + 1,
        as_of=max(digest.as_of, later) if digest.as_of else later,
        added=added,
        withdrawn=withdrawn,
        figures=figures,
    )


def _links(digest: Digest) -> Iterable[ArticleLink]:
    for told in digest.stories:
        for found in told.story.articles:
            yield ArticleLink(
                url=found.article.url,
                title=found.article.title,
                outlet=found.source.name,
                language=found.article.language,
            )
