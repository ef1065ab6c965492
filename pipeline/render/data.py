"""Digest → JSON: all of it, for programs."""

import json
from datetime import UTC, datetime

from pipeline.digests import most_first, recycled_share
from pipeline.model import (
    ArchivedArticle,
    Digest,
    Outcome,
    Passage,
    Sentence,
    SourceHealth,
    StorySummary,
)
from pipeline.render.quotes import SURROGATE

#: Grows when a field is taken away or changes its meaning; a new one does not count.
JSON_FORMAT = "solidarity-digest/1"


def render_json(digest: Digest) -> str:
    """Return the digest as data, all of it, as the archive has it.

    Dates are ISO 8601, moments in UTC, shares 0–1; null is “not known”. Texts are
    those of the outlets and must be escaped by whoever shows them. In this order::

        format, week, first_day, last_day, time_zone, topic, headline
        figures     name → value, last_week, last_year
        stories[]   headline, sentences[] (text, article), articles[] (id, url, title,
                    outlet, publisher, language, published_at, copy_of),
                    texts, copies, share_seen_before
        recycled    share, passages[] (text, language, times, first_at, first_outlet, first_url)
        coverage    days, publishers, languages, seasons: name → articles
        keywords[]  term, language, articles, keyness
        mentions[]  as articles
        method      version, sources_hash, sources_asked, failing[], silent[],
                    addresses_seen, outcomes, reasons
        made_from   number → the query behind it
    """
    text = json.dumps(_data(digest), ensure_ascii=False, indent=1)
    # Half a character pair cannot be written to any file.
    return SURROGATE.sub("\ufffd", text) + "\n"


def _data(digest: Digest) -> dict[str, object]:
    days = digest.week.days
    return {
        "format": JSON_FORMAT,
        "week": str(digest.week),
        "first_day": days[0].isoformat(),
        "last_day": days[-1].isoformat(),
        "time_zone": digest.time_zone,
        "topic": digest.topic,
        "headline": digest.headline,
        "figures": {
            f.name: {"value": f.value, "last_week": f.last_week, "last_year": f.last_year}
            for f in digest.figures
        },
        "stories": [_story_data(told) for told in digest.stories],
        "recycled": {
            "share": _rounded(digest.recycled_share),
            "passages": [_passage_data(passage) for passage in digest.passages],
        },
        "coverage": {
            "days": {day.isoformat(): n for day, n in digest.per_day},
            "publishers": {str(kind): n for kind, n in digest.per_publisher},
            "languages": dict(digest.per_language),
            "seasons": dict(digest.seasons),
        },
        "keywords": [
            {
                "term": word.term,
                "language": word.language,
                "articles": word.articles,
                "keyness": round(word.keyness, 2),
            }
            for word in digest.keywords
        ],
        "mentions": [_article_data(found) for found in digest.mentions],
        "method": _method_data(digest),
        "made_from": dict(sorted(digest.made_from.items())),
    }


def _story_data(told: StorySummary) -> dict[str, object]:
    return {
        "headline": _sentence_data(told.headline),
        "sentences": [_sentence_data(sentence) for sentence in told.sentences],
        "articles": [_article_data(found) for found in told.story.articles],
        "texts": len(told.story.groups),
        "copies": told.story.copies,
        "share_seen_before": _rounded(recycled_share([told.story])),
    }


def _sentence_data(sentence: Sentence) -> dict[str, object]:
    return {"text": sentence.text, "article": sentence.article.id}


def _article_data(found: ArchivedArticle) -> dict[str, object]:
    return {
        "id": found.id,
        "url": found.article.url,
        "title": found.article.title,
        "outlet": found.source.name,
        "publisher": str(found.source.publisher),
        "language": found.article.language,
        "published_at": _utc(found.published_at),
        "copy_of": None if found.representative_id == found.id else found.representative_id,
    }


def _passage_data(passage: Passage) -> dict[str, object]:
    return {
        "text": passage.text,
        "language": passage.language,
        "times": passage.times,
        "first_at": _utc(passage.first_at),
        "first_outlet": passage.first_source,
        "first_url": passage.first_url,
    }


def _method_data(digest: Digest) -> dict[str, object]:
    method = digest.method
    return {
        "version": method.version,
        "sources_hash": method.sources_hash,
        "sources_asked": method.sources_asked,
        "failing": [_health_data(source) for source in method.failing],
        "silent": [_health_data(source) for source in method.silent],
        "addresses_seen": method.addresses_seen,
        "outcomes": {str(outcome): method.outcomes.get(outcome, 0) for outcome in Outcome},
        "reasons": dict(most_first(method.reasons)),
    }


def _health_data(source: SourceHealth) -> dict[str, object]:
    return {
        "id": source.source_id,
        "name": source.name,
        "polls": source.polls,
        "failures": source.failures,
        "last_success_at": _utc(source.last_success_at) if source.last_success_at else None,
        "reason": source.reason,
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
