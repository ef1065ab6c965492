"""A digest made anew says what changed since it was published."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lxml import html

from pipeline.digests import WeekMaterial, make_digest
from pipeline.model import Digest, StorySummary
from pipeline.render import (
    read_published,
    render_html,
    render_json,
    render_markdown,
    revised,
)
from tests.cases.digests.weeks import HOLIDAY, HOLIDAY_WEEK, TOPIC, archived, told

LATE = datetime(2027, 1, 9, 8, tzinfo=UTC)


def late_story(title: str = "Gecikmiş xəbər") -> StorySummary:
    found = archived(800, title, by="Bizim Səs", at=datetime(2027, 1, 2, 9, tzinfo=UTC))
    return told((replace(found, first_seen_at=LATE),))


def made(material: WeekMaterial = HOLIDAY) -> Digest:
    return make_digest(HOLIDAY_WEEK, material, TOPIC)


def again(digest: Digest, former: Digest) -> Digest:
    return revised(digest, read_published(render_json(former)))


def with_late() -> Digest:
    return made(replace(HOLIDAY, stories=(*HOLIDAY.stories, late_story())))


def test_what_has_not_changed_is_no_revision() -> None:
    first = revised(made(), None)
    assert first.revisions == ()
    assert render_json(again(made(), first)) == render_json(first)
    second = again(with_late(), first)
    assert render_json(again(with_late(), second)) == render_json(second)


def test_a_late_article_makes_a_revision_that_names_it() -> None:
    [revision] = again(with_late(), made()).revisions
    assert (revision.number, revision.as_of, revision.withdrawn) == (2, LATE, ())
    [link] = revision.added
    assert (link.title, link.outlet, link.language) == ("Gecikmiş xəbər", "Bizim Səs", "az")
    assert revision.figures == (("articles", 18, 19), ("texts", 8, 9), ("stories", 5, 6))


def test_a_withdrawn_article_is_named_and_is_later_than_what_was_known() -> None:
    former = again(with_late(), made())
    second, third = again(made(), former).revisions
    assert (second.number, third.number) == (2, 3)
    assert [link.title for link in third.withdrawn] == ["Gecikmiş xəbər"]
    assert third.as_of == LATE + timedelta(seconds=1)
    assert third.figures[0] == ("articles", 19, 18)


def test_a_running_week_is_a_draft_and_its_end_is_a_revision() -> None:
    draft = replace(made(), is_over=False)
    fuller = replace(with_late(), is_over=False)
    assert again(fuller, draft).revisions == ()
    assert len(again(with_late(), draft).revisions) == 1


def test_the_page_says_what_changed() -> None:
    page = again(with_late(), made())
    tree = html.fromstring(render_html(page))
    shown = " ".join("".join(map(str, tree.itertext())).split())
    changes = "Revision 2: 1 article added; articles 18 → 19, distinct texts 8 → 9, stories 5 → 6."
    assert changes in shown
    [box] = [element for element in tree.iter() if element.get("id") == "revisions"]
    assert [link.get("href") for link in box.iter("a")] == ["https://news.example/800"]
    text = render_markdown(page)
    assert "**Revision 2, as of 9\N{NO-BREAK SPACE}January 2027, 12:00**" in text
    assert "- Added: [Gecikmiş xəbər](https://news.example/800) (Bizim Səs)" in text
    assert "Revision" not in render_html(made())


def test_a_long_list_of_changes_is_capped_on_the_page_and_whole_in_the_data() -> None:
    many = tuple(
        told((archived(800 + n, f"Xəbər {n}", at=datetime(2027, 1, 2, 9, tzinfo=UTC)),))
        for n in range(40)
    )
    page = again(made(replace(HOLIDAY, stories=(*HOLIDAY.stories, *many))), made())
    assert "And 34 more articles." in render_html(page)
    assert "And 34 more articles" in render_markdown(page)
    assert len(read_published(render_json(page)).revisions[0].added) == 40
