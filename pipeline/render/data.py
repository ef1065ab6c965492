"""Digest → JSON: all of it, for programs."""

import json
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from pipeline.digests import compared_texts, most_first, recycled_share
from pipeline.model import (
    ArchivedArticle,
    ArticleLink,
    Digest,
    DisputedFact,
    Figure,
    Keyword,
    Outcome,
    Passage,
    Revision,
    SeasonCounts,
    Sentence,
    SourceHealth,
    StorySummary,
)
from pipeline.render.quotes import SURROGATE

#: Grows when a field is taken away or changes its meaning; a new one does not count.
JSON_FORMAT = "solidarity-digest/2"


def render_json(digest: Digest) -> str:
    """Return the digest as data, all of it, as the archive has it.

    What each field is, is said by digest.schema.json beside this module and in
    reports/README.md. Texts are those of the outlets and must be escaped by whoever
    shows them.
    """
    members = [f" {_one_line(key)}: {_by_line(value)}" for key, value in _data(digest).items()]
    text = ",\n".join(members)
    # Half a character pair cannot be written to any file.
    return SURROGATE.sub("\ufffd", f"{{\n{text}\n}}\n")


def _by_line(value: object) -> str:
    """Return a list with an item on each line: so two digests are compared line by line."""
    if not isinstance(value, list) or not value:
        return _one_line(value)
    items = ",\n".join(f"  {_one_line(one)}" for one in value)
    return f"[\n{items}\n ]"


def _one_line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) that every rendering satisfies."""
    file = resources.files("pipeline.render") / "digest.schema.json"
    schema: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return schema


def _data(digest: Digest) -> dict[str, object]:
    days = digest.week.days
    return {
        "format": JSON_FORMAT,
        "language": digest.language,
        "week": str(digest.week),
        "first_day": days[0].isoformat(),
        "last_day": days[-1].isoformat(),
        "time_zone": digest.time_zone,
        "topic": digest.topic,
        "as_of": _utc(digest.as_of) if digest.as_of else None,
        "is_over": digest.is_over,
        "revision": digest.revisions[-1].number if digest.revisions else 1,
        "revisions": [_revision_data(revision) for revision in digest.revisions],
        "headline": digest.headline,
        "figures": {figure.name: _figure_data(figure) for figure in digest.figures},
        "stories": [_story_data(told) for told in digest.stories],
        "recycled": {
            "share": _rounded(digest.recycled_share),
            "texts_compared": digest.texts_compared,
            "passages_seen": digest.passages_seen,
            "passages": [_passage_data(passage) for passage in digest.passages],
        },
        "coverage": {
            "days": {day.isoformat(): n for day, n in digest.per_day},
            "publishers": {str(kind): n for kind, n in digest.per_publisher},
            "languages": dict(digest.per_language),
            "seasons": [_season_data(season) for season in digest.seasons],
        },
        "keywords": [_keyword_data(word) for word in digest.keywords],
        "disagreements": [_fact_data(fact) for fact in digest.disagreements],
        "mentions": [_article_data(found) for found in digest.mentions],
        "method": _method_data(digest),
        "made_from": dict(sorted(digest.made_from.items())),
    }


def _figure_data(figure: Figure) -> dict[str, object]:
    return {
        "value": figure.value,
        "last_week": figure.last_week,
        "last_year": figure.last_year,
        "earlier": {str(week): n for week, n in figure.earlier},
    }


def _season_data(season: SeasonCounts) -> dict[str, object]:
    return {
        "label": season.label,
        "first_day": season.first.isoformat(),
        "per_day": list(season.per_day),
        "is_whole": season.is_whole,
    }


def _keyword_data(word: Keyword) -> dict[str, object]:
    return {
        "term": word.term,
        "language": word.language,
        "articles": word.articles,
        "keyness": round(word.keyness, 2),
        "search": word.search,
        "context": _sentence_data(word.context) if word.context else None,
    }


def _fact_data(fact: DisputedFact) -> dict[str, object]:
    return {
        "about": fact.about,
        "claims": [
            {"value": claim.value, "articles": [_article_data(found) for found in claim.articles]}
            for claim in fact.claims
        ],
    }


def _revision_data(revision: Revision) -> dict[str, object]:
    return {
        "number": revision.number,
        "as_of": _utc(revision.as_of),
        "added": [_link_data(link) for link in revision.added],
        "withdrawn": [_link_data(link) for link in revision.withdrawn],
        "figures": {
            name: {"before": before, "after": after} for name, before, after in revision.figures
        },
    }


def _link_data(link: ArticleLink) -> dict[str, object]:
    return {
        "url": link.url,
        "title": link.title,
        "outlet": link.outlet,
        "language": link.language,
    }


def _story_data(told: StorySummary) -> dict[str, object]:
    return {
        "headline": _sentence_data(told.headline),
        "sentences": [_sentence_data(sentence) for sentence in told.sentences],
        "articles": [_article_data(found) for found in told.story.articles],
        "texts": len(told.story.groups),
        "copies": told.story.copies,
        "share_seen_before": _rounded(recycled_share(compared_texts([told.story]))),
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
        "first_publisher": str(passage.first_publisher),
        "first_url": passage.first_url,
        "years": {str(year): n for year, n in sorted(passage.years.items())},
        "is_quotation": passage.is_quotation,
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
