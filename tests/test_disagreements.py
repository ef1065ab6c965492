"""Outlets that give different years and numbers for one thing are set side by side."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.disagreements import find_disagreements
from pipeline.model import (
    ArchivedArticle,
    Article,
    DisputedFact,
    Moment,
    PublisherKind,
    Relevance,
    Source,
    Topic,
    Verdict,
)
from pipeline.sources import parse_sources

TOPIC = parse_sources((Path(__file__).parents[1] / "sources.yaml").read_text("utf-8")).topic
NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)


def made(id_: int, text: str, language: str, outlet: str) -> ArchivedArticle:
    at = NOON + timedelta(hours=id_)
    return ArchivedArticle(
        id=id_,
        article=Article(
            url=f"https://example.org/{id_}",
            title="",
            text=text,
            language=language,
            published=Moment(at=at),
        ),
        source=Source(
            id=outlet,
            name=outlet,
            publisher=PublisherKind.PRIVATE,
            languages=(language,),
            time_zone="Asia/Baku",
            feeds=(),
        ),
        relevance=Relevance(verdict=Verdict.ABOUT, score=1.0),
        first_seen_at=at,
        representative_id=id_,
    )


def told(*tellings: tuple[str, str], topic: Topic = TOPIC) -> tuple[DisputedFact, ...]:
    """Let each be told by an outlet of its own."""
    articles = [made(n, text, language, f"o{n}") for n, (language, text) in enumerate(tellings)]
    return find_disagreements(articles, topic)


def answers(fact: DisputedFact) -> list[tuple[str, list[int]]]:
    return [(claim.value, [one.id for one in claim.articles]) for claim in fact.claims]


#: What other outlets say, of each fact.
OTHERS = {
    "founded": ("1987", "Solidarity Day was proclaimed in 1987."),
    "diaspora": ("30 million", "There are 30 million Azerbaijanis in the world."),
    "countries": ("33", "Azerbaijanis live in 33 countries."),
}


def said(about: str, language: str, text: str) -> list[str]:
    """Return the answers beside the other outlets' that two outlets with this text give."""
    value, other = OTHERS[about]
    facts = told((language, text), (language, text), ("en", other), ("en", other))
    claims = [claim for fact in facts if fact.about == about for claim in fact.claims]
    return [claim.value for claim in claims if claim.value != value]


#: As long as such a sentence gets.
LONG = (
    "1991-ci il dekabrın 16-da Naxçıvan Muxtar Respublikasının Ali Məclisi dekabrın 31-ni"
    " Dünya Azərbaycanlılarının Həmrəyliyi Günü elan edib."
)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("az", LONG),
        ("az", "Həmrəylik Gününün təsis olunması haqqında qərar 1991-ci ildə verilib."),
        ("tr", "Nahçıvan meclisi 1991'de 31 Aralık'ı Dayanışma Günü ilan etti."),
        ("ru", "В 1991 году парламент Нахчывана объявил 31 декабря Днём солидарности."),
        ("ru", "День солидарности азербайджанцев мира учрежден 16 декабря 1991 года."),
        ("en", "On 16 December 1991 the parliament proclaimed 31 December the Solidarity Day."),
        ("en", "The Day of Solidarity was established by a decision of 16 December 1991."),
        ("fa", "در سال ۱۹۹۱ مجلس نخجوان این روز را روز همبستگی اعلام کرد."),
        ("de", "Der Tag der Solidarität wurde durch einen Beschluss von 1991 geschaffen."),
        ("fr", "En 1991, le parlement a proclamé la Journée de la solidarité."),
    ],
)
def test_the_year_of_the_founding_is_read(language: str, text: str) -> None:
    assert said("founded", language, text) == ["1991"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("az", "Dünyada 50 milyondan çox azərbaycanlı yaşayır."),
        ("az", "50 milyon azərbaycanlı dünyanın hər yerindədir."),
        ("tr", "Dünyada 50 milyondan fazla Azerbaycan Türkü yaşıyor."),
        ("ru", "В мире живут более 50 млн азербайджанцев."),
        ("ru", "Более 50 миллионов азербайджанцев живут по всему миру."),
        ("ru", "Численность азербайджанцев мира превышает 50 млн."),
        ("en", "More than 50 million Azerbaijanis live around the world."),
        ("fa", "در جهان ۵۰ میلیون آذربایجانی زندگی می‌کنند."),
        ("de", "Weltweit leben 50 Millionen Aserbaidschaner."),
        ("fr", "50 millions d'Azerbaïdjanais vivent dans le monde."),
    ],
)
def test_the_number_of_people_is_one_answer_in_all_languages(language: str, text: str) -> None:
    assert said("diaspora", language, text) == ["50 million"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("az", "Azərbaycanlılar 70-dən çox ölkədə yaşayır."),
        ("tr", "Azerbaycanlılar 70'ten fazla ülkede yaşıyor."),
        ("ru", "Азербайджанцы живут более чем в 70 странах."),
        ("en", "Azerbaijanis live in more than 70 countries."),
        ("en", "In 70 countries all over the world Azerbaijanis live and work."),
        ("ru", "В 70 странах проживают азербайджанцы."),
        ("de", "Heute leben Aserbaidschaner in mehr als 70 Ländern."),
        ("fa", "آذربایجانی‌ها در بیش از ۷۰ کشور زندگی می‌کنند."),
        ("de", "Aserbaidschaner leben in 70 Ländern."),
        ("fr", "Les Azerbaïdjanais vivent dans 70 pays."),
    ],
)
def test_the_number_of_countries_is_read(language: str, text: str) -> None:
    assert said("countries", language, text) == ["70"]


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ("founded", "The school was founded in 1991. The Solidarity Day was cold."),
        ("founded", "On Solidarity Day a new road was declared open, 31 December 2025."),
        ("founded", "Solidarity Day was proclaimed in document 19912."),
        ("diaspora", "The fund spent 50 million manats on Azerbaijanis in the world."),
        ("diaspora", "In the world there are 40-50 million Azerbaijanis."),
        ("diaspora", "There were 2 million Azerbaijanis abroad at the fair."),
        ("countries", "Guests of 70 countries came, no more is known."),
        ("countries", "Azerbaijanis from 70 countries gathered in the capital."),
        ("countries", "Organisations of the diaspora in 70 countries held concerts."),
        ("founded", "In 2016 on Solidarity Day a decree on pardon was signed."),
        ("founded", "Solidarity Day was proclaimed in 1991-1992."),
        ("founded", f"The solidarity form: {'_' * 2_000} declared 7"),
        ("founded", f"The solidarity form: {'a_' * 2_000} declared 7"),
        ("diaspora", f"Azerbaijanis {'_' * 2_000} 7"),
    ],
)
def test_what_is_no_answer(about: str, text: str) -> None:
    assert said(about, "en", text) == []


def test_one_outlet_is_not_enough_however_often_it_says_so() -> None:
    thirty, fifty = OTHERS["diaspora"][1], "In the world live 50 million Azerbaijanis."
    articles = [
        made(1, thirty, "en", "a"),
        made(2, thirty, "en", "b"),
        made(3, fifty, "en", "c"),
        made(4, fifty, "en", "c"),
    ]
    assert find_disagreements(articles, TOPIC) == ()
    (fact,) = find_disagreements([*articles, made(5, fifty, "en", "d")], TOPIC)
    assert answers(fact) == [("30 million", [1, 2]), ("50 million", [3, 5])]


def test_agreement_is_not_shown() -> None:
    assert told(*[("en", OTHERS["countries"][1])] * 4) == ()
    assert find_disagreements([], TOPIC) == ()


def test_the_answer_of_most_outlets_comes_first_and_languages_are_merged() -> None:
    facts = told(
        ("en", "Azerbaijanis live in 50 countries."),
        ("ru", "Азербайджанцы живут в 70 странах."),
        ("az", "Azərbaycanlılar 70-dən çox ölkədə yaşayır."),
        ("en", "Azerbaijanis live in 50 countries."),
        ("en", "Azerbaijanis live in 70 countries."),
    )
    assert [(fact.about, answers(fact)) for fact in facts] == [
        ("countries", [("70", [1, 2, 4]), ("50", [0, 3])])
    ]


def test_an_article_has_one_answer_the_first() -> None:
    both = "Solidarity Day was proclaimed in 1991. Solidarity Day got a decree in 1993."
    assert said("founded", "en", both) == ["1991"]


def test_a_number_is_one_answer_however_it_is_written() -> None:
    for text in ("50.0 million", "50,0 million", "50 million"):
        assert said("diaspora", "en", f"There are {text} Azerbaijanis in the world.") == [
            "50 million"
        ]


def test_the_nearest_year_is_meant() -> None:
    text = "After 1989 much changed, and in 1991 the council declared the day of solidarity."
    assert said("founded", "en", text) == ["1991"]
