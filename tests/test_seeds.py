"""The two pages with which the project began, where the work tree has them beside it."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.articles import extract_article
from pipeline.model import Article, Page

SEEDS = Path(__file__).parents[2] / "shared" / "seeds"

#: Words of the two pages that stand outside of their articles.
FURNITURE = re.compile(
    r"Similar news|Latest news|Central Bank|Share:|Telegram|16 px|Facebook|Donation|Washington, DC"
    r"|Back to Spotlight|This material is distributed|Houston|RSS|©|Palm Tree"
)

if SEEDS.exists():
    GOLD: list[dict[str, Any]] = json.loads((SEEDS / "gold.json").read_text(encoding="utf-8"))

    @pytest.mark.parametrize("gold", GOLD, ids=[gold["file"] for gold in GOLD])
    def test_the_article_is_that_of_the_gold(gold: dict[str, Any]) -> None:
        found = extract_article(
            Page(
                url=gold["url"],
                final_url=gold["url"],
                status=200,
                headers={"content-type": "text/html"},
                body=(SEEDS / gold["file"]).read_bytes(),
                fetched_at=datetime(2026, 11, 21, tzinfo=UTC),
            )
        )
        assert isinstance(found, Article)
        assert found.text.split() == gold["text"].split()
        assert not FURNITURE.search(found.text)
        assert found.title == gold["title"]
        assert found.published is not None
        assert found.published.at.date().isoformat() == gold["published"]
        assert (found.language, found.site_name) == (gold["language"], gold["site"])
        assert found.byline == gold.get("byline")
