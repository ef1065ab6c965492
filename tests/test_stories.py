"""One event is one story, also in two languages; two events are two, whatever the day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import (
    Alternate,
    ArchivedArticle,
    Article,
    DuplicateGroup,
    EntityMention,
    Evidence,
    Image,
    Moment,
    PublisherKind,
    Relevance,
    Source,
    Verdict,
)
from pipeline.stories import tell_stories

NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)
OUTLET = Source(
    id="outlet",
    name="Outlet",
    publisher=PublisherKind.PRIVATE,
    languages=("az",),
    time_zone="Asia/Baku",
    feeds=(),
)
#: The match forms in which relevance finds the holiday's name.
NAMES = {
    "az": "dunya azerbaycanlilarinin hemreyliyi gunu",
    "ru": "дню солидарности азербайджанцев мира",
    "en": "solidarity day of world azerbaijanis",
    "tr": "dunya azerbaycanlilari dayanisma gunu",
    "fa": "روز همبستگی اذربایجانیهای جهان",
}


def made(id_: int, language: str, title: str, text: str, hours: float = 0) -> ArchivedArticle:
    at = NOON + timedelta(hours=hours)
    evidence = (Evidence(phrase="", where="title", form=NAMES[language]),)
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
        relevance=Relevance(verdict=Verdict.ABOUT, score=1.0, evidence=evidence),
        first_seen_at=at,
        representative_id=id_,
    )


def group(*members: ArchivedArticle) -> DuplicateGroup:
    return DuplicateGroup(representative=members[0], members=members)


def told(groups: Sequence[DuplicateGroup]) -> list[list[int]]:
    return [[g.representative.id for g in story.groups] for story in tell_stories(groups)]


FORUM_AZ = made(
    1,
    "az",
    "Straesund şəhərində gənclər forumu keçirilib",
    "Dünya Azərbaycanlılarının Həmrəyliyi Günü ərəfəsində Straesund şəhərində keçirilən gənclər"
    " forumuna 146 nümayəndə qatılıb. Forumda Dortmund, Lyublin və Ankara tələbələri layihələrini"
    " təqdim edib, qaliblərə 3,5 min avro ayrılıb.",
)
FORUM_AZ_2 = made(
    2,
    "az",
    "Gənclər forumunda layihələr təqdim olunub",
    "Straesundda işini yekunlaşdıran forumun nümayəndələri gənclərin layihələrini dinləyib."
    " Tələbələr arasında müsabiqənin qalibləri müəyyən edilib, mükafatlar təqdim olunub.",
    hours=5,
)
CONCERT_AZ = made(
    3,
    "az",
    "Limanlı şəhərində bayram konserti olub",
    "Dünya Azərbaycanlılarının Həmrəyliyi Günü münasibətilə Limanlı şəhərinin teatrında konsert"
    " verilib. Muğam ifaçıları və uşaq xoru çıxış edib, gəlir uşaq evinə köçürülüb.",
    hours=1,
)
FORUM_RU = made(
    4,
    "ru",
    "В Штрезунде прошёл молодёжный форум",
    "Ко Дню солидарности азербайджанцев мира на форум приехали 146 делегатов. Студенты показали"
    " работы из городов Дортмунд и Люблин, победители получат 3,5 тысячи евро.",
    hours=8,
)
FLOOD_RU = made(
    5,
    "ru",
    "Посёлок Приозёрный готовится к паводку",
    "Накануне Дня солидарности азербайджанцев мира добровольцы землячества привезли в посёлок"
    " мешки с песком и насосы. Дежурство продлится до конца недели.",
)
FORUM_FA = made(
    6,
    "fa",
    "همایش جوانان در اروپا",
    "در روز همبستگی آذربایجانی‌های جهان ۱۴۶ نماینده گرد هم آمدند و برای برندگان ۳٫۵ هزار"
    " یورو در نظر گرفته شد.",
)


def test_two_texts_on_one_event_are_one_story() -> None:
    assert told([group(FORUM_AZ), group(FORUM_AZ_2), group(CONCERT_AZ)]) == [[1, 2], [3]]


def test_the_holidays_own_name_joins_nothing() -> None:
    title = "Dünya Azərbaycanlılarının Həmrəyliyi Günü qeyd olunub"
    texts = [
        "Kənd kitabxanasına üç yüz yeni kitab hədiyyə edilib.",
        "Şahmat turnirində məktəblilər yarışıb, qaliblərə kubok verilib.",
        "Rəssamların sərgisi ay yarım davam edəcək.",
    ]
    groups = [group(made(n, "az", title, text)) for n, text in enumerate(texts)]
    assert told(groups) == [[0], [1], [2]]


#: Sentences on different things, for one and the same headline.
DIFFERENT = [
    "Kənd kitabxanasına üç yüz yeni kitab hədiyyə edilib, oxu zalı təmir olunub.",
    "Şahmat turnirində məktəblilər yarışıb, qaliblərə kubok və diplom verilib.",
    "Rəssamların sərgisi ay yarım davam edəcək, giriş hər kəs üçün pulsuzdur.",
    "Körpünün bərpasına başlanıb, yük maşınları dolama yola yönəldilir.",
    "Bağbanlar min beş yüz tut tingi əkib, suvarma xətti çəkilib.",
    "Teatrın truppası yeni tamaşanı Novruz ərəfəsində göstərəcək.",
    "Liman işçiləri köhnə gəmini muzeyə çevirmək qərarına gəlib.",
]


def test_words_that_half_the_week_uses_join_nothing() -> None:
    groups = [
        group(made(n, "az", "Bələdiyyə sakinlərə müraciət edib", text))
        for n, text in enumerate(DIFFERENT)
    ]
    assert len(tell_stories(groups)) == len(DIFFERENT)


@pytest.mark.parametrize("count", [2, 5, 8])
def test_greetings_are_one_story_with_a_count(count: int) -> None:
    towns = ["Kıyı", "Dağ", "Göl", "Taş", "Yeni", "Ova", "Bağ", "Kale"][:count]
    groups = [
        group(
            made(
                n,
                "tr",
                f"{town} derneğinden kutlama mesajı",
                f"{town} derneği yayımladığı mesajda bütün soydaşlara sağlık, huzur ve mutluluk"
                " diledi, yeni yılın bereket getirmesi temennisinde bulundu.",
            )
        )
        for n, town in enumerate(towns)
    ]
    assert [len(ids) for ids in told(groups)] == [count]


def greetings(count: int) -> list[ArchivedArticle]:
    """Return greetings of as many offices, to various people, in various words."""
    offices = ["İcra Hakimiyyəti", "Bələdiyyəsi", "Gənclər Evi", "Xor Birliyi", "Kitab Cəmiyyəti"]
    people = ["həmvətənləri", "rayon sakinlərini", "icma üzvlərini", "müəllim və tələbələri"]
    titles = ["{s} {t} təbrik edib", "{s}: Bayramınız mübarək!", "{s} təbrik mesajı yayıb"]
    leads = [
        "{s} Dünya Azərbaycanlılarının Həmrəyliyi Günü münasibətilə {t} təbrik edib.",
        "{s} 31 dekabr və Yeni il münasibətilə {t} təbrik edir.",
        "Bayramla bağlı {s} {t} ünvanına təbrik mesajı göndərib.",
    ]
    wishes = [
        "Təbrikdə hər kəsə möhkəm cansağlığı, xoşbəxtlik və uğurlar arzulanıb.",
        "Mesajda bayramın bütün azərbaycanlıları birləşdirdiyi vurğulanıb.",
        "Yeni ilin hər ailəyə sevinc və bərəkət gətirməsi arzu olunub.",
        "Hörmətli həmvətənlər, sizə və ailələrinizə ən xoş arzularımızı çatdırırıq.",
    ]
    made_ = []
    for n in range(count):
        names = {"s": f"{chr(65 + n % 23)}{n}kənd {offices[n % 5]}", "t": people[n // 5 % 4]}
        text = " ".join([leads[n % 3], wishes[n % 4], wishes[(n // 4 + 1 + n) % 4]])
        title = titles[n // 3 % 3]
        made_.append(made(100 + n, "az", title.format(**names), text.format(**names), n / 20))
    return made_


def test_three_hundred_greetings_are_one_story_beside_the_events_of_the_week() -> None:
    sent = greetings(300)
    others = [FORUM_AZ, FORUM_AZ_2, CONCERT_AZ]
    stories = tell_stories([group(article) for article in (*sent, *others)])
    assert [len(story.groups) for story in stories] == [300, 2, 1]


def test_another_text_that_greets_is_no_greeting_of_these() -> None:
    other = made(
        9,
        "az",
        "Təbrik açıqcalarının sərgisi açılıb",
        "Muzeydə yüz il əvvəl çap olunmuş açıqcalar nümayiş etdirilir, giriş pulsuzdur.",
    )
    assert len(tell_stories([group(article) for article in (*greetings(5), other)])) == 2


@pytest.mark.parametrize(
    ("towns", "stories"), [(["Straesund"] * 4, 1), (["Arin", "Boro", "Ceyl", "Dosk"], 4)]
)
def test_texts_that_say_the_same_are_one_story_if_they_name_the_same(
    towns: Sequence[str], stories: int
) -> None:
    text = (
        "Burada, {town} şəhərində küçələr işıqlarla bəzədilib, meydanda yolka qurulub, uşaqlar"
        " üçün {kind} yarmarka açılıb, axşamlar musiqi səslənəcək."
    )
    kinds = ["kiçik", "şirniyyat", "oyuncaq", "isti"]
    same = [
        group(made(n, "az", "Küçələr bəzədilib", text.format(town=town, kind=kinds[n])))
        for n, town in enumerate(towns)
    ]
    # Less than half of the week is of other things: its words are those of the week.
    others = [group(made(9, "az", "Körpü təmir olunur", "Yük maşınları dolama yola yönəldilir."))]
    again = [group(replace(g.representative, id=g.representative.id + 20)) for g in same]
    assert len(tell_stories([*same, *again, *others])) == stories + 1


def test_an_entity_in_the_title_counts_as_a_name() -> None:
    def naming(article: ArchivedArticle, *, in_title: bool) -> DuplicateGroup:
        mention = EntityMention(entity_id="forum", count=1, form="forum", in_title=in_title)
        return group(replace(article, entities=(mention,)))

    assert told([naming(FORUM_AZ, in_title=True), naming(FORUM_FA, in_title=True)]) == [[1, 6]]
    assert told([naming(FORUM_AZ, in_title=True), naming(FORUM_FA, in_title=False)]) == [[1], [6]]


def test_the_same_in_another_town_is_another_event() -> None:
    text = (
        "{town} şəhərində fəaliyyətə başlayan həftəsonu məktəbində {n} uşaq ana dilini öyrənəcək,"
        " dərsləri könüllü müəllimlər aparacaq. Binanı “{name}” cəmiyyəti verib."
    )
    places = [("Straesund", 57, "Sedra"), ("Kalimar", 82, "Mirvari"), ("Odenvik", 44, "Kontora")]
    groups = [
        group(made(n, "az", f"Yeni məktəb: {town}", text.format(town=town, n=count, name=name)))
        for n, (town, count, name) in enumerate(places)
    ]
    assert len(tell_stories(groups)) == 3


def test_headlines_that_differ_in_numbers_only_are_a_column() -> None:
    text = (
        "Küləkli hava gözlənilir, gecə şaxta olacaq, dağlarda qar yağacaq, yollar buz bağlayacaq."
    )
    columns = [group(made(n, "az", f"{n + 28} dekabra hava proqnozu", text)) for n in range(3)]
    again = group(made(9, "az", "28 dekabra hava proqnozu", f"{text} Dənizdə dalğa olacaq."))
    assert told([*columns, again]) == [[0, 9], [1], [2]]


def test_a_page_declares_its_translation() -> None:
    alternate = Alternate(language="fa", url="http://www.example.org/6/")
    declaring = replace(CONCERT_AZ, article=replace(CONCERT_AZ.article, alternates=(alternate,)))
    elsewhere = Alternate(language="ru", url="https://example.org/nowhere")
    strange = replace(FLOOD_RU, article=replace(FLOOD_RU.article, alternates=(elsewhere,)))
    late = replace(
        FORUM_FA, article=replace(FORUM_FA.article, published=Moment(at=NOON + timedelta(days=5)))
    )
    assert told([group(declaring), group(late), group(strange)]) == [[3, 6], [5]]


def test_a_picture_and_a_name_or_two_tell_one_event() -> None:
    def pictured(article: ArchivedArticle, url: str) -> DuplicateGroup:
        image = Image(url=f"https://cdn.example/{url}")
        return group(replace(article, article=replace(article.article, image=image)))

    ru = made(8, "ru", "Концерт", "В зале Лимани выступил хор, собрали 57 ведер яблок.")
    az = replace(CONCERT_AZ, article=replace(CONCERT_AZ.article, text="Uşaqlar 57 alma yığıb."))
    assert told([pictured(az, "a.jpg"), pictured(ru, "a.jpg")]) == [[8, 3]]
    assert told([pictured(az, "a.jpg"), pictured(ru, "b.jpg")]) == [[8], [3]]


def test_names_are_found_in_scripts_without_capitals() -> None:
    fa = made(
        10,
        "fa",
        "همایش جوانان در اشترسوند",
        "در شهر اشترسوند ۱۴۶ نماینده گرد هم آمدند و برای برندگان ۳٫۵ هزار یورو در نظر گرفته شد.",
    )
    assert told([group(FORUM_AZ), group(fa)]) == [[1, 10]]


def test_what_a_story_says_of_itself() -> None:
    agency = replace(OUTLET, id="agency", publisher=PublisherKind.STATE_AGENCY)
    copy = replace(FORUM_AZ_2, source=agency)
    (story,) = tell_stories([group(FORUM_AZ, copy), group(FORUM_RU)])
    assert story.languages == ("az", "ru")
    assert [source.id for source in story.sources] == ["outlet", "agency"]
    assert story.publishers == (PublisherKind.PRIVATE, PublisherKind.STATE_AGENCY)
    assert (story.first_at, story.last_at) == (NOON, NOON + timedelta(hours=8))
    assert story.copies == 1


def test_a_story_crosses_languages_by_rare_names_and_numbers() -> None:
    groups = [group(a) for a in (FORUM_AZ, FORUM_AZ_2, CONCERT_AZ, FORUM_RU, FLOOD_RU)]
    assert told(groups) == [[1, 2, 4], [5], [3]]


def test_two_numbers_alone_are_not_evidence_enough() -> None:
    assert told([group(FORUM_AZ), group(FORUM_FA)]) == [[1], [6]]


def test_a_story_does_not_cross_languages_days_later() -> None:
    late = made(9, "ru", FORUM_RU.article.title, FORUM_RU.article.text, hours=24 * 3 + 1)
    assert told([group(FORUM_AZ), group(late)]) == [[1], [9]]


def test_a_mark_of_two_stories_in_one_language_is_not_rare() -> None:
    again = made(
        7,
        "az",
        "Yarmarkada 3,5 ton meyvə satılıb",
        "Yarmarkada alma, nar və üzüm satılıb, 146 fermer Dortmund və Lyublin şəhərlərinə mal"
        " göndərib. Straesund bazarı da sifariş verib.",
    )
    assert told([group(FORUM_AZ), group(again), group(FORUM_RU)]) == [[1], [7], [4]]


def test_the_most_covered_story_comes_first_then_the_first_told() -> None:
    copies = [made(20 + n, "ru", "", FLOOD_RU.article.text, hours=n) for n in range(3)]
    groups = [group(CONCERT_AZ), group(FORUM_AZ), group(*copies)]
    assert told(groups) == [[20], [1], [3]]
    assert [a.id for a in tell_stories(groups)[0].articles] == [20, 21, 22]


def test_no_groups_no_stories() -> None:
    assert tell_stories([]) == ()


@pytest.mark.parametrize("title", ["", "…", "və ilə"])
def test_articles_without_words_stay_alone(title: str) -> None:
    assert told([group(made(n, "az", title, "")) for n in (1, 2)]) == [[1], [2]]


@settings(max_examples=10, deadline=None)
@given(order=st.permutations([FORUM_AZ, FORUM_AZ_2, CONCERT_AZ, FORUM_RU, FLOOD_RU, FORUM_FA]))
def test_the_order_makes_no_difference(order: list[ArchivedArticle]) -> None:
    groups = [group(article) for article in order]
    expected = tell_stories(sorted(groups, key=lambda g: g.representative.id))
    assert tell_stories(groups) == expected
    assert sorted(i for ids in told(groups) for i in ids) == [1, 2, 3, 4, 5, 6]
