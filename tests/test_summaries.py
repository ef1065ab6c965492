"""A summary quotes whole sentences of the outlets themselves, little of each, none twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.model import (
    ArchivedArticle,
    Article,
    DuplicateGroup,
    Moment,
    PublisherKind,
    Relevance,
    Source,
    Story,
    StorySummary,
    Verdict,
)
from pipeline.passages import find_passages
from pipeline.summaries import MOST_QUOTED, Candidate, choose_sentences, summarize
from pipeline.text import words

NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)
OUTLET = Source(
    id="outlet",
    name="Outlet",
    publisher=PublisherKind.PRIVATE,
    languages=("az",),
    time_zone="Asia/Baku",
    feeds=(),
)


def made(id_: int, title: str, text: str, language: str = "az") -> ArchivedArticle:
    at = NOON + timedelta(hours=id_)
    return ArchivedArticle(
        id=id_,
        article=Article(
            url=f"https://example.org/{id_}",
            title=title,
            text=text,
            language=language,
            published=Moment(at=at),
        ),
        source=OUTLET,
        relevance=Relevance(verdict=Verdict.ABOUT, score=1.0),
        first_seen_at=at,
        representative_id=id_,
    )


def story(*articles: ArchivedArticle) -> Story:
    return Story(groups=tuple(DuplicateGroup(representative=a, members=(a,)) for a in articles))


def quoted(summary: StorySummary) -> list[str]:
    return [sentence.text for sentence in summary.sentences]


#: Title, what tells the event, what does not; per language.
TOLD = {
    "az": (
        "Limanlıda ana dili kursları açılıb",
        "Limanlı şəhərində uşaqlar üçün ana dili kursları açılıb və ilk dərsə altmış şagird gəlib.",
        "Hava buludlu idi və küçələrdə az adam vardı.",
    ),
    "ru": (
        "В Приозёрном открылись курсы родного языка",
        "В Приозёрном открылись курсы родного языка, на первый урок пришли шестьдесят детей.",
        "Погода стояла пасмурная, и на улицах было мало людей.",
    ),
    "tr": (
        "Kıyıkent'te ana dili kursları açıldı",
        "Kıyıkent'te çocuklar için ana dili kursları açıldı ve ilk derse altmış öğrenci geldi.",
        "Hava bulutluydu ve sokaklarda pek az insan vardı.",
    ),
    "fa": (
        "کلاس‌های زبان مادری در بندر نو گشایش یافت",
        "کلاس‌های زبان مادری برای کودکان در بندر نو گشایش یافت و شصت شاگرد به نخستین درس آمدند.",
        "هوا ابری بود و در خیابان‌ها مردم کمی دیده می‌شدند.",
    ),
}


@pytest.mark.parametrize("language", TOLD)
def test_the_sentence_that_tells_the_event_is_chosen(language: str) -> None:
    title, telling, other = TOLD[language]
    text = f"{other}\n\n{telling}"
    summary = summarize(story(made(1, title, text, language)), most=1)
    assert summary.headline.text == title
    assert quoted(summary) == [telling]


def test_the_headline_is_that_of_the_best_covered_group() -> None:
    first, second = made(1, "Birinci", ""), made(2, "İkinci", "")
    told = story(second, first)
    summary = summarize(told)
    assert (summary.headline.text, summary.headline.article) == ("İkinci", second)
    assert summary.sentences == ()
    assert summary.story is told


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Foto: arxiv",
        "“Biz buraya uşaqlarımız üçün gəlmişik və hər il gələcəyik, çünki bu bizim evimizdir.”",
        "„Wir sind heute wegen der Kinder hier und kommen im nächsten Jahr wieder gern.“",
        "— Мы приехали сюда ради наших детей и будем приезжать сюда каждый год.",
        "Sədr deyib: “Biz buraya uşaqlar üçün gəlmişik. Hər il yenə hamımız birlikdə gələcəyik.”",
        "Biz buraya uşaqlarımız üçün gəlmişik və hər il bu gün yenə gələcəyik.",
        "Bayram münasibətilə bütün soydaşları ürəkdən təbrik edirəm, uğurlar arzulayıram.",
        "«Bu gün burada olmaq bizim üçün böyük sevincdir, hamıya təşəkkür edirəm» deyib.",
        " ".join(["uzun"] * (MOST_QUOTED + 1)) + ".",
    ],
)
def test_what_cannot_stand_alone_is_not_quoted(text: str) -> None:
    assert quoted(summarize(story(made(1, "Bayram", text)))) == []


@pytest.mark.parametrize(
    "text",
    [
        "“Biz buraya uşaqlarımız üçün gəlmişik”, - icma sədri jurnalistlərə deyib.",
        "— Мы приехали сюда ради наших детей, — сказал председатель совета земляков.",
        "İcma sədri jurnalistlərə bunu deyib: biz buraya uşaqlarımız üçün gəlmişik.",
        "Sərgidə „Bahar” adlı tablo da var və onu hər kəs bəyənib.",
    ],
)
def test_a_quotation_with_its_speaker_is_quoted(text: str) -> None:
    assert quoted(summarize(story(made(1, "Bayram", text)))) == [text]


def test_an_unclosed_quotation_ends_with_its_paragraph() -> None:
    after = "Axşam konsert olub və mahnılar saat on birə qədər davam edib."
    text = f"Sədr deyib: “Biz buraya uşaqlarımız üçün gəlmişik.\n\n{after}"
    assert quoted(summarize(story(made(1, "Bayram", text)))) == [after]


@pytest.mark.parametrize(
    ("speech", "language"),
    [
        ("«Biz bu yolu {}", "az"),
        ("„Biz bu yolu {}", "az"),
        ("“Biz bu yolu {}", "en"),
        ('"Biz bu yolu {}', "en"),
    ],
)
def test_a_speech_of_several_paragraphs_is_not_the_outlets_own(speech: str, language: str) -> None:
    ends = {"«": "»", "„": "“", "“": "”", '"': '"'}
    middle = "The harbour of the island became the largest one of the whole lake last year."
    after = "In the evening a concert was held, and the songs went on until eleven at night."
    text = (
        f"The chair of the council opened the hall and said to all: {speech.format('keçdik.')}\n\n"
        f"{middle}\n\nThis is known to everybody on the lake{ends[speech[0]]}. {after}"
    )
    assert quoted(summarize(story(made(1, "Bayram", text, language)))) == [after]


def test_a_speech_whose_paragraphs_all_open_with_a_mark_ends_with_the_last() -> None:
    after = "In the evening a concert was held, and the songs went on until eleven at night."
    text = (
        "“The harbour of the island became the largest one of the whole lake last year.\n\n"
        "“It is known to everybody on the lake that the harbour grew so very much.”\n\n"
        f"{after}"
    )
    assert quoted(summarize(story(made(1, "Bayram", text, "en")))) == [after]


def test_single_marks_quote_and_apostrophes_do_not() -> None:
    own = "The islands’ choir sang in the sailors’ hall, and it’s said that many came to it."
    speech = "‘The harbour of the island became the largest one of the whole lake last year.’"
    text = f"{own} {speech}"
    assert quoted(summarize(story(made(1, "Bayram", text, "en")))) == [own]


def test_a_quotation_within_a_quotation_does_not_end_it() -> None:
    text = "«Biz “Bahar” adlı tablonu gördük. Onu hər kəs bəyənib və hamı ondan danışır.»"
    assert quoted(summarize(story(made(1, "Bayram", text)))) == []


def test_no_article_is_quoted_beyond_the_cap() -> None:
    def sentence(article: int, number: int) -> str:
        return "A" + " ".join(f"a{chr(97 + n)}{article}{number}" for n in range(18)) + "."

    articles = [
        made(n, "Qonaqlar danışıb", "\n\n".join(sentence(n, number) for number in range(9)))
        for n in (1, 2)
    ]
    summary = summarize(story(*articles), most=20)
    spent = Counter({1: len(words(summary.headline.text))})
    for part in summary.sentences:
        spent[part.article.id] += len(words(part.text))
    # Three sentences of the second article; beside the headline room for as many.
    assert spent == {1: 2 + 3 * 18, 2: 3 * 18}
    assert max(spent.values()) <= MOST_QUOTED


def test_no_two_sentences_say_the_same_and_none_the_headline() -> None:
    title, telling, other = TOLD["az"]
    again = telling.replace("altmış", "60").replace(" və ilk", ", ilk")
    text = f"{title}.\n\n{telling}\n\n{again}\n\n{other}"
    # Of two that say the same, the one that keeps the number.
    assert quoted(summarize(story(made(1, title, text)))) == [again, other]


def test_what_was_printed_before_stands_behind_what_is_new() -> None:
    title, telling, _ = TOLD["az"]
    new = "Kursları açan icma şurası şagirdlərə dərslikləri pulsuz paylayıb və müəllim axtarır."
    told = story(made(1, title, f"{telling} {new}"))
    assert quoted(summarize(told, most=1)) == [telling]
    seen = frozenset(passage.key for passage in find_passages(telling))
    assert quoted(summarize(told, most=1, seen=seen)) == [new]
    assert quoted(summarize(told, seen=seen)) == [telling, new]


def test_the_summary_keeps_to_the_headlines_language() -> None:
    articles = [
        made(n, TOLD[language][0], TOLD[language][1], language)
        for n, language in enumerate(("ru", "az", "fa"))
    ]
    assert {s.article.article.language for s in summarize(story(*articles)).sentences} == {"ru"}


def test_sentences_come_in_the_order_of_publication_and_text() -> None:
    early = made(
        1,
        "",
        "Əvvəlcə qonaqlar şəhər parkında iki yüz ağac əkib."
        " Sonra məktəblilər üçün əyləncəli oyunlar və yarış keçirilib.",
    )
    late = made(5, "Park bayramı", "Axşam parkda fişəng atılıb, qonaqlar uşaqlarla rəqs edib.")
    summary = summarize(story(late, early))
    assert [s.article.id for s in summary.sentences] == [1, 1, 5]
    assert quoted(summary)[0].startswith("Əvvəlcə")


def test_stop_words_alone_are_ranked_by_place() -> None:
    text = "Və ilə bir bu o da də ki. Sonra artıq yalnız daha ən çox az həm."
    assert len(quoted(summarize(story(made(1, "və ilə", text))))) == 2


def test_what_is_said_again_in_other_endings_is_said_once() -> None:
    first = "Şəhər kitabxanasında uşaq yazıçısının yeni kitabının təqdimatı və müzakirəsi olub."
    again = "Uşaq yazıçısı yeni kitabını şəhər kitabxanasında təqdim edib və müzakirə edib, olub."
    other = "Qonaqlar üçün axşam çay süfrəsi açılıb, musiqiçilər iki saat çalıb oxuyublar."
    text = f"{first}\n\n{again}\n\n{other}"
    chosen = quoted(summarize(story(made(1, "Bayram", text)), most=2))
    assert other in chosen
    assert len(chosen) == 2


def test_a_chosen_sentence_lowers_those_like_it() -> None:
    told = [
        "The choir of the harbour sang old songs for an hour in the town hall.",
        "The choir of the harbour sang old songs for an hour in the town square.",
        "Bakers gave bread to all who came, and the mayor opened a reading room.",
    ]
    candidates = [Candidate(text=text, place=place) for place, text in enumerate(told)]
    headline = "Songs, bread and a reading room at the harbour"
    assert choose_sentences(candidates, headline, "en", most=2) == [0, 2]


@pytest.mark.parametrize(
    ("telling", "names"),
    [
        ("Later 60 children came to the school of music.", ()),
        ("Later guests of Dalford came to the school of music.", ()),
        ("Later guests of dalford came to the school of music.", ("dalford",)),
    ],
)
def test_numbers_and_names_are_kept(telling: str, names: tuple[str, ...]) -> None:
    empty = "Later guests of theirs came to the school of music."
    told = [Candidate(text=text, place=0) for text in (empty, telling)]
    assert choose_sentences(told, "", "en", most=1, names=names) == [1]


def test_what_is_refused_is_not_chosen() -> None:
    told = [Candidate(text=f"The choir sang number {n}.", place=n) for n in range(4)]
    chosen = choose_sentences(told, "Choir", "en", most=2, admits=lambda n: n % 2 == 1)
    assert set(chosen) == {1, 3}


def test_nothing_is_chosen_where_nothing_is_asked_for() -> None:
    title, telling, _ = TOLD["az"]
    assert quoted(summarize(story(made(1, title, telling)), most=0)) == []
    assert choose_sentences([], "Title", "en", most=3) == []
