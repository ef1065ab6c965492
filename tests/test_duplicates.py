"""Copies are joined however they were edited; strangers with one paragraph in common are not."""

import itertools
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.duplicates import (
    COPY_SPAN,
    MOST_COUNTED,
    Appearance,
    CopyLink,
    bands,
    find_copies,
    fingerprint,
    group_copies,
    is_stock,
    resemblance,
    seasons_of,
    shingle,
    similarity,
    step_of,
    weigh,
)

CASES = Path(__file__).parent / "cases" / "copies"
NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def made(id_: int, *, at: datetime = NOON) -> Appearance:
    return Appearance(id_, at, f"https://example.org/{id_}")


def pair(folder: Path) -> tuple[str, str]:
    first, second = (
        (folder / name).read_text(encoding="utf-8").strip() for name in ("a.txt", "b.txt")
    )
    return first, second


def folders(kind: str) -> list[Path]:
    return sorted((CASES / kind).iterdir())


def linked(texts: Iterable[str], *, at: Sequence[datetime] = ()) -> set[tuple[int, int]]:
    """The pairs of copies among texts, by their places."""
    moments = itertools.chain(at, itertools.repeat(NOON))
    articles = [
        (made(place, at=moment), text)
        for place, (text, moment) in enumerate(zip(texts, moments, strict=False))
    ]
    return {(link.first_id, link.second_id) for link in find_copies(articles)}


# --- texts with gold -------------------------------------------------------


@pytest.mark.parametrize("folder", folders("joined"), ids=lambda folder: folder.name)
def test_a_copy_is_found(folder: Path) -> None:
    assert linked(pair(folder)) == {(0, 1)}


ALL = [text for kind in ("joined", "apart") for f in folders(kind) for text in pair(f)]


def carriers(paragraph: str) -> list[str]:
    """Other texts that carry a paragraph."""
    others = [pair(folder)[0] for folder in folders("joined")]
    return [f"{text}\n\n{paragraph}" for text in others]


@pytest.mark.parametrize("folder", folders("apart"), ids=lambda folder: folder.name)
def test_another_text_is_no_copy(folder: Path) -> None:
    one, other = pair(folder)
    common = one.rsplit("\n\n", 1)[-1]
    assert (0, 1) not in linked([one, other, *carriers(common)])


def test_how_many_carry_a_paragraph_is_what_makes_it_stock() -> None:
    one, other = pair(CASES / "apart" / "ru-stock-paragraph")
    stock = one.rsplit("\n\n", 1)[-1]
    assert stock in other
    assert (0, 1) in linked([one, other]), "two texts alone look like copies"
    half = len(one) // 4
    copies = [f"{one[:half]} {stock}", f"{one[half:]}"]
    assert (0, 1) not in linked([one, other, *carriers(stock)])
    assert (0, 1) in linked([one, other, *copies]), "of copies of one of them it is not"


def test_what_is_copied_most_is_still_a_copy() -> None:
    paragraphs = ALL[: 2 * 5]
    whole = "\n\n".join(paragraphs)
    cut = ["\n\n".join(paragraphs[:number]) for number in range(2, len(paragraphs))]
    anew = [f"{ALL[-1 - number]}\n\n{whole[: 300 + 200 * number]}" for number in range(6)]
    groups = group_copies(
        map(made, range(1 + len(cut) + len(anew))),
        find_copies((made(place), text) for place, text in enumerate([whole, *cut, *anew])),
    )
    assert len(groups) == 1


# --- two texts -------------------------------------------------------------


@pytest.mark.parametrize("folder", folders("joined") + folders("apart"), ids=lambda f: f.name)
def test_likeness_is_symmetric(folder: Path) -> None:
    one, other = map(shingle, pair(folder))
    assert resemblance(one, other) == resemblance(other, one)
    counts = dict.fromkeys((*one.traces, *other.traces), 2)
    if one.shingles and other.shingles:
        a, b = weigh(one, counts), weigh(other, counts)
        assert similarity(a, b) == similarity(b, a)


@given(st.text(alphabet="abcdəışğ 0123.\n", max_size=400))
def test_any_text_is_like_itself(text: str) -> None:
    one = shingle(text)
    assert resemblance(one, one) == (1.0 if one.shingles else 0.0)
    assert len(one.traces) == len(one.shingles)
    assert set(one.traces) <= one.distinct
    assert fingerprint(text).bands == bands(one)
    assert bool(bands(one)) == bool(one.shingles)


def test_a_part_has_traces_of_the_whole() -> None:
    whole = pair(CASES / "joined" / "en-small-edits")[0]
    words = whole.split()
    for start in range(0, len(words) - 20, 5):
        part = shingle(" ".join(words[start : start + 20]))
        assert len(set(part.traces) & set(shingle(whole).traces)) >= 2


def test_a_text_of_which_everybody_has_all_is_still_like_its_part() -> None:
    text = pair(CASES / "joined" / "en-small-edits")[0]
    whole, part = shingle(text), shingle(text[: len(text) // 2])
    often = dict.fromkeys((*whole.traces, *part.traces), MOST_COUNTED)
    assert similarity(weigh(whole, often), weigh(part, often)) > 0.9


def test_steps_are_passed_before_counting_ends() -> None:
    assert is_stock(MOST_COUNTED - 1)
    assert step_of(MOST_COUNTED) == step_of(MOST_COUNTED - 1) != step_of(MOST_COUNTED - 2)
    assert not is_stock(MOST_COUNTED - 2)


# --- what is kept ----------------------------------------------------------

RU = "31 декабря 2024 года в школе прошёл вечер памяти первых учителей села."
TEXT_HASH = 9019153870557725791
FIRST_KEYS = (-8701709671925991830, -5973598717184164646)


def test_keys_are_the_same_in_every_process() -> None:
    mark = fingerprint(RU)
    code = f"from pipeline.duplicates import fingerprint; print(fingerprint({RU!r}))"
    ran = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == repr(mark)
    # Pinned: a change would part the archive from its own keys.
    assert mark.text_hash == TEXT_HASH
    assert (mark.bands[0], shingle(RU).traces[0]) == FIRST_KEYS


def test_keys_fit_a_signed_64_bit_column() -> None:
    mark = fingerprint("\n\n".join(pair(CASES / "joined" / "en-small-edits")))
    keys = (mark.text_hash, *mark.bands)
    assert all(-(2**63) <= key < 2**63 for key in keys)
    assert any(key < 0 for key in keys)


def test_the_text_hash_is_of_the_match_form() -> None:
    assert (
        fingerprint("HƏMRƏYLİK  GÜNÜ 2024").text_hash
        == fingerprint("Hemreylik gunu 2024").text_hash
    )
    assert fingerprint("Gün 2024").text_hash != fingerprint("Gün 2025").text_hash


def test_no_text_has_no_keys() -> None:
    mark = fingerprint("")
    assert (mark.bands, mark.passages, mark.words) == ((), (), 0)


# --- moments ---------------------------------------------------------------


def test_copies_are_bounded_in_time() -> None:
    text, copy = pair(CASES / "joined" / "ru-cut-paragraphs")
    late = NOON + COPY_SPAN + timedelta(minutes=1)
    for texts in ((text, text), (text, copy)):
        assert linked(texts, at=(NOON, NOON + COPY_SPAN)) == {(0, 1)}
        assert linked(texts, at=(NOON, late)) == set()


@given(st.floats(-20_000, 20_000), st.floats(0, 30))
def test_any_two_copies_have_a_season_in_common(day: float, later: float) -> None:
    first = NOON + day * DAY
    assert set(seasons_of(first)) & set(seasons_of(first + later * DAY))


def test_copies_are_found_across_the_border_of_two_seasons() -> None:
    text, copy = pair(CASES / "joined" / "ru-teaser")
    days = [NOON + number * 10 * DAY for number in range(37)]
    for before, after in itertools.pairwise(days):
        assert linked((text, copy), at=(before, after)) == {(0, 1)}


# --- groups ----------------------------------------------------------------


def ids(articles: Iterable[Appearance], links: Iterable[CopyLink]) -> list[tuple[int, ...]]:
    return [tuple(one.id for one in group) for group in group_copies(articles, links)]


def test_the_first_published_represents_and_ties_go_to_the_address() -> None:
    late = made(1, at=NOON + timedelta(hours=1))
    first = replace(made(3), key="https://example.org/1")
    links = [CopyLink(1, 3, 0.9), CopyLink(1, 2, 0.9)]
    assert ids([late, first, made(2), made(4)], links) == [(3, 2, 1), (4,)]


def test_a_chain_of_links_does_not_outlast_the_span() -> None:
    days = [0, 20, 40, 45]
    articles = [made(n, at=NOON + day * DAY) for n, day in enumerate(days)]
    links = [CopyLink(a, b, 0.9) for a, b in itertools.pairwise(range(4))]
    assert ids(articles, links) == [(0, 1), (2, 3)]


def test_a_link_to_an_unknown_article_is_left_aside() -> None:
    assert ids([made(1)], [CopyLink(1, 7, 0.9)]) == [(1,)]
