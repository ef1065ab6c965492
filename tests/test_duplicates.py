"""Copies are joined however they were edited; strangers with one paragraph in common are not."""

import itertools
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.duplicates import (
    COPY_SIMILARITY,
    COPY_SPAN,
    SHORTEST_PASSAGE,
    CopyLink,
    copy_links,
    find_passages,
    fingerprint,
    group_copies,
    shingle,
    similarity,
)
from pipeline.model import (
    ArchivedArticle,
    Article,
    Moment,
    PublisherKind,
    Relevance,
    Source,
    Verdict,
)

CASES = Path(__file__).parent / "cases" / "copies"
NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)
OUTLET = Source(
    id="outlet",
    name="Outlet",
    publisher=PublisherKind.PRIVATE,
    languages=("az",),
    time_zone="Asia/Baku",
    feeds=(),
)


def made(id_: int, text: str = "", *, at: datetime = NOON) -> ArchivedArticle:
    return ArchivedArticle(
        id=id_,
        article=Article(
            url=f"https://example.org/{id_}", title="", text=text, published=Moment(at=at)
        ),
        source=OUTLET,
        relevance=Relevance(verdict=Verdict.ABOUT, score=1.0),
        first_seen_at=at,
        representative_id=id_,
    )


def pair(folder: Path) -> tuple[str, str]:
    first, second = (
        (folder / name).read_text(encoding="utf-8").strip() for name in ("a.txt", "b.txt")
    )
    return first, second


def folders(kind: str) -> list[Path]:
    return sorted((CASES / kind).iterdir())


# --- two texts -------------------------------------------------------------


@pytest.mark.parametrize("folder", folders("joined"), ids=lambda folder: folder.name)
def test_a_copy_is_found_and_recognised(folder: Path) -> None:
    original, copy = pair(folder)
    assert set(fingerprint(original).bands) & set(fingerprint(copy).bands)
    assert similarity(shingle(original), shingle(copy)) >= COPY_SIMILARITY


@pytest.mark.parametrize("folder", folders("apart"), ids=lambda folder: folder.name)
def test_another_text_is_no_copy(folder: Path) -> None:
    one, other = pair(folder)
    # A gap to the threshold: the texts of tomorrow are not these.
    assert similarity(shingle(one), shingle(other)) < COPY_SIMILARITY * 0.75


@pytest.mark.parametrize("folder", folders("joined") + folders("apart"), ids=lambda f: f.name)
def test_similarity_is_symmetric(folder: Path) -> None:
    one, other = map(shingle, pair(folder))
    assert similarity(one, other) == similarity(other, one)


@given(st.text(alphabet="abcdəışğ 0123.\n", max_size=400))
def test_any_text_is_like_itself(text: str) -> None:
    one = shingle(text)
    assert similarity(one, one) == pytest.approx(1.0 if one.shingles else 0.0)
    assert bool(fingerprint(text).bands) == bool(one.shingles)


# --- what is kept ----------------------------------------------------------

RU = "31 декабря 2024 года в школе прошёл вечер памяти первых учителей села."
TEXT_HASH = 9019153870557725791
FIRST_BANDS = (-5068021495266615272, -7115198628648849547)


def test_keys_are_the_same_in_every_process() -> None:
    mark = fingerprint(RU)
    code = f"from pipeline.duplicates import fingerprint; print(fingerprint({RU!r}))"
    ran = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == repr(mark)
    # Pinned: a change of ours or of rensa would part the archive from its own keys.
    assert mark.text_hash == TEXT_HASH
    assert mark.bands[:2] == FIRST_BANDS


def test_keys_fit_a_signed_64_bit_column() -> None:
    mark = fingerprint("\n\n".join(pair(CASES / "joined" / "en-small-edits")))
    keys = (mark.text_hash, *mark.bands, *mark.passages)
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


# --- passages --------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("Günün 33-cü ildönümü bütün ölkələrdə təntənə ilə qeyd olunub.",) * 2,
        (
            "Günün 33-cü ildönümü bütün ölkələrdə təntənə ilə qeyd olunub.",
            "GÜNÜN 34-cü ildönümü bütün ölkələrdə təntənə ilə qeyd olunub!",
        ),
        (RU, RU.replace("2024", "2025").replace("ё", "е")),
    ],
)
def test_a_passage_is_known_again_with_another_year(before: str, now: str) -> None:
    assert fingerprint(now).passages == fingerprint(before).passages != ()


def test_a_passage_carries_its_words_repetitions_added_up() -> None:
    old = "One two three four five six seven eight nine ten eleven twelve."
    new = "Alpha beta gamma delta epsilon zeta eta theta."
    assert fingerprint(f"{new} {old}").passage_words == (8, 12)
    assert fingerprint(f"{old} {new} {old}").passage_words == (24, 8)


def test_a_short_sentence_is_nobodys_passage() -> None:
    words = " ".join(["word"] * (SHORTEST_PASSAGE - 1))
    assert find_passages(f"{words}.") == ()
    (found,) = find_passages(f"{words}. Some {words}.")
    assert (found.words, found.text) == (SHORTEST_PASSAGE, f"Some {words}.")


# --- links and groups ------------------------------------------------------


def test_copies_are_bounded_in_time() -> None:
    text, _ = pair(CASES / "joined" / "az-agency-line")
    article = made(5, text)
    candidates = [
        made(2, text, at=NOON - COPY_SPAN),
        made(3, text, at=NOON - COPY_SPAN - timedelta(minutes=1)),
        made(9, text, at=NOON + timedelta(days=2)),
        article,
    ]
    assert copy_links(article, candidates) == (CopyLink(2, 5, 1.0), CopyLink(5, 9, 1.0))


def test_a_candidate_that_is_no_copy_has_no_link() -> None:
    one, other = pair(CASES / "apart" / "ru-stock-paragraph")
    assert copy_links(made(1, one), [made(2, other)]) == ()


def ids(articles: list[ArchivedArticle], links: list[CopyLink]) -> list[tuple[int, ...]]:
    return [tuple(m.id for m in group.members) for group in group_copies(articles, links)]


def test_the_first_published_represents_and_ties_go_to_the_id() -> None:
    late = made(1, at=NOON + timedelta(hours=1))
    articles = [late, made(3), made(2), made(4)]
    links = [CopyLink(1, 3, 0.9), CopyLink(1, 2, 0.9)]
    (group, alone) = group_copies(articles, links)
    assert [m.id for m in group.members] == [2, 3, 1]
    assert group.representative.id == 2
    assert [m.id for m in alone.members] == [4]


def test_a_chain_of_links_does_not_outlast_the_span() -> None:
    days = [0, 20, 40, 45]
    articles = [made(n, at=NOON + timedelta(days=day)) for n, day in enumerate(days)]
    links = [CopyLink(a, b, 0.9) for a, b in itertools.pairwise(range(4))]
    assert ids(articles, links) == [(0, 1), (2, 3)]


def test_a_link_to_an_unknown_article_is_left_aside() -> None:
    assert ids([made(1)], [CopyLink(1, 7, 0.9)]) == [(1,)]


def arrive(articles: list[ArchivedArticle]) -> list[CopyLink]:
    """The incremental way: each article meets those that came before it."""
    shelf: dict[int, list[ArchivedArticle]] = {}
    links: list[CopyLink] = []
    for article in articles:
        bands = fingerprint(article.article.text).bands
        met = {other.id: other for band in bands for other in shelf.get(band, [])}
        links.extend(copy_links(article, met.values()))
        for band in bands:
            shelf.setdefault(band, []).append(article)
    return links


TEXTS = [text for kind in ("joined", "apart") for f in folders(kind) for text in pair(f)]


@settings(max_examples=8, deadline=None)
@given(order=st.permutations(range(len(TEXTS))))
def test_the_order_of_arrival_makes_no_difference(order: list[int]) -> None:
    articles = [
        made(n, text, at=NOON + timedelta(hours=n % 7)) for n, text in enumerate(TEXTS, start=1)
    ]
    usual = group_copies(articles, arrive(articles))
    mixed = [articles[place] for place in order]
    assert group_copies(mixed, arrive(mixed)) == usual
    assert sum(len(group.members) for group in usual) == len(TEXTS)
    assert len(usual) < len(TEXTS)
