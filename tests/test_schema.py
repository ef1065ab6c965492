"""The digest's JSON is what its schema and the README of the reports say."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from pipeline.digests import make_digest
from pipeline.model import Outcome, PublisherKind
from pipeline.render import json_schema, read_published, render_json, revised
from pipeline.summaries import MOST_QUOTED
from pipeline.wording import LANGUAGES
from tests.cases.digests.weeks import EMPTY, HOLIDAY, HOLIDAY_WEEK, TOPIC, WEEKS, digest_of
from tests.test_render import HOSTILE, hostile_digest

README = (Path(__file__).parents[1] / "reports" / "README.md").read_text("utf-8")


def faults_of(text: str) -> list[str]:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [
        f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(json.loads(text))
    ]


@pytest.mark.parametrize("state", sorted(WEEKS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rendering_is_what_the_schema_says(state: str, language: str) -> None:
    assert faults_of(render_json(digest_of(state, language=language))) == []


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_strangers_words_do_not_break_the_shape(name: str) -> None:
    assert faults_of(render_json(hostile_digest(HOSTILE[name]))) == []


def test_a_revision_is_what_the_schema_says() -> None:
    former = read_published(render_json(make_digest(HOLIDAY_WEEK, EMPTY, TOPIC)))
    text = render_json(revised(make_digest(HOLIDAY_WEEK, HOLIDAY, TOPIC), former))
    assert json.loads(text)["revision"] == 2
    assert faults_of(text) == []


def test_the_schema_notices_what_is_wrong() -> None:
    data = json.loads(render_json(digest_of("holiday")))
    data["figures"]["articles"]["value"] = "18"
    data["stories"][0]["articles"][0]["publisher"] = "friend"
    data["news"] = True
    faults = " ".join(faults_of(json.dumps(data)))
    assert "$.figures.articles.value" in faults
    assert "'friend'" in faults
    assert "'news'" in faults


def parts_of(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema within a schema."""
    if isinstance(schema, dict):
        yield schema
        for part in schema.values():
            yield from parts_of(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from parts_of(part)


def test_every_field_is_described_in_the_schema_and_in_the_readme() -> None:
    fields = [
        (name, field)
        for part in parts_of(json_schema())
        if part.get("type") == "object"
        for name, field in part.get("properties", {}).items()
    ]
    assert len(fields) > 90
    for name, field in fields:
        assert field.get("description") or field.get("$ref"), name
        assert f"`{name}`" in README, name


def test_the_schema_knows_every_outcome_and_kind_of_publisher() -> None:
    schema = json_schema()
    method = schema["properties"]["method"]["properties"]
    assert method["outcomes"]["required"] == [str(outcome) for outcome in Outcome]
    article = schema["$defs"]["article"]["properties"]
    assert article["publisher"]["enum"] == [str(kind) for kind in PublisherKind]
    assert schema["properties"]["language"]["enum"] == list(LANGUAGES)


def test_the_readme_names_the_limit_of_excerpts() -> None:
    assert re.search(rf"At most {MOST_QUOTED} words of an article", README)
    assert f"{MOST_QUOTED} words" in json_schema()["description"]
