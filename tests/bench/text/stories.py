"""How well stories are told apart, within a language and across, and what a week costs.

    python tests/bench/text/stories.py            # all tables
    python tests/bench/text/stories.py --wrong    # and what is joined or parted wrongly

1. Pairs of Russian and English news judged by people: the likeness alone, at the threshold and
   around it; with the threshold chosen on four fifths and tried on the fifth; and whether
   `tell_stories` puts both into one story where all texts are of one week.
2. The demo's newsroom: every pair of articles of a week, by the labels of the newsroom.
3. A week of 48 invented events of four kinds, told in four languages: the same happens in many
   towns, and every article has the same background.
4. The CPU time and memory of a week of 1,000 and of 10,000 articles.
"""

import argparse
import gzip
import json
import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

from pipeline import stories
from pipeline.demo.content import load_newsroom
from pipeline.entities import find_entities
from pipeline.model import (
    ArchivedArticle,
    Article,
    DuplicateGroup,
    Moment,
    PublisherKind,
    Relevance,
    Source,
    Verdict,
    Week,
)
from pipeline.relevance import judge
from pipeline.sources import parse_sources
from pipeline.stories import STORY_SIMILARITY, tell_stories
from tests.bench.material import ROOT, SHARED

PAIRS = SHARED / "bench" / "text" / "storypairs_dev.jsonl.gz"
TOPIC = parse_sources((ROOT / "sources.yaml").read_text("utf-8")).topic
NOON = datetime(2025, 12, 31, 12, tzinfo=UTC)
OUTLET = Source(
    id="outlet",
    name="Outlet",
    publisher=PublisherKind.PRIVATE,
    languages=("az",),
    time_zone="Asia/Baku",
    feeds=(),
)
ASKED = 0.85
SEED = 31
#: Ways to part the pairs in five.
SPLITS = 20
#: Likenesses below are not looked at.
LEAST = 0.05
#: F1 less than the best at which a threshold is as good.
TOLERANCE = 0.01
#: Share of texts that have their background at the end.
BACKGROUND_LAST = 0.7
#: Words of a made-up language, and what its words are spelled with.
VOCABULARY = 30_000
LETTERS = str.maketrans("0123456789", "qrstuvwxyz")


@dataclass(frozen=True)
class Labelled:
    """An article with the event that it tells."""

    article: ArchivedArticle
    event: str


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="show what is wrong")
    options = parser.parse_args()
    lines = [*pairs_table(), *demo_table(wrong=options.wrong), *world_table(), *cost_table()]
    sys.stdout.write("\n".join(lines) + "\n")


# --- 1. pairs judged by people ---------------------------------------------


def pairs_table() -> Iterator[str]:
    """Yield the lines of the first table."""
    with gzip.open(PAIRS, "rt", encoding="utf-8") as handle:
        pairs = [json.loads(line) for line in handle]
    gold = [pair["same"] for pair in pairs]
    by_url: dict[str, ArchivedArticle] = {}
    for pair in pairs:
        for text in (pair["a"], pair["b"]):
            found = made(len(by_url), pair["lang"], text["title"], text["text"])
            by_url.setdefault(text["url"], found)
    asked = [(by_url[pair["a"]["url"]], by_url[pair["b"]["url"]]) for pair in pairs]
    known = likenesses(list(by_url.values()))
    values = [known.get((min(a.id, b.id), max(a.id, b.id)), 0.0) for a, b in asked]
    yield f"{len(pairs)} pairs judged by people (asked: F1 {ASKED})"
    for least in sorted({0.26, 0.28, 0.30, 0.32, STORY_SIMILARITY, 0.36, 0.38, 0.40}):
        yield f"  likeness of {least:.2f}   {figures([v >= least for v in values], gold)}"
    scores = [f1(cross_validated(values, gold, chance(n)), gold) for n in range(SPLITS)]
    yield f"  cross-validated, the mean of {SPLITS}: F1 {sum(scores) / SPLITS:.3f}"
    place = places(by_url.values())
    yield f"  told together        {figures([place[a.id] == place[b.id] for a, b in asked], gold)}"


def likenesses(articles: Sequence[ArchivedArticle]) -> dict[tuple[int, int], float]:
    """Return how like two articles of one language are, by their ids in order."""
    found: dict[tuple[int, int], float] = {}
    for language in {article.article.language for article in articles}:
        here = [article for article in articles if article.article.language == language]
        stems = stories._Stems(language)
        terms = [stories._terms(article, stems) for article in here]
        columns = [stories._column(article.article.title) for article in here]
        vocabulary = sorted({term for text in terms for term in text.all})
        for place, like in enumerate(stories._story_likenesses(terms, vocabulary, least=LEAST)):
            for earlier, value in like.items():
                if not stories._is_issue(columns[place], columns[earlier]):
                    found[here[earlier].id, here[place].id] = value
    return found


def cross_validated(
    values: Sequence[float], gold: Sequence[bool], dice: random.Random, *, parts: int = 5
) -> list[bool]:
    """Judge each fifth by the threshold that is best on the others (the middle of the best)."""
    order = dice.sample(range(len(gold)), len(gold))
    judged = [False] * len(gold)
    for part in range(parts):
        inside = set(order[part::parts])
        others = [n for n in range(len(gold)) if n not in inside]
        scored = [
            (f1([values[n] >= least for n in others], [gold[n] for n in others]), least)
            for least in sorted({values[n] for n in others})
        ]
        best = max(score for score, _ in scored)
        good = [least for score, least in scored if score >= best - TOLERANCE]
        for n in inside:
            judged[n] = values[n] >= good[len(good) // 2]
    return judged


# --- 2. the demo's newsroom ------------------------------------------------


def demo_table(*, wrong: bool) -> Iterator[str]:
    """Yield the figures of the newsroom's weeks together, and then of all in one week."""
    articles = list(demo_articles())
    weeks: dict[Week, list[Labelled]] = defaultdict(list)
    for one in articles:
        weeks[Week.of(one.article.published_at, TOPIC.zone)].append(one)
    yield f"the demo's newsroom, {len(articles)} articles, week by week"
    yield from event_lines(list(weeks.values()), wrong=wrong)


def demo_articles() -> Iterator[Labelled]:
    """Yield the newsroom's articles about the holiday; a copy has the event of its original."""
    articles = load_newsroom().articles
    events = {one.id: one.event or one.copy_of or one.id for one in articles}
    for number, one in enumerate(articles):
        article = Article(
            url=one.url,
            title=one.title,
            text="\n\n".join(one.paragraphs),
            language=one.language,
            published=Moment(at=one.published_at.astimezone(UTC)),
        )
        relevance = judge(article, TOPIC)
        if relevance.verdict is Verdict.ABOUT:
            found = archived(number, article, relevance)
            named = replace(found, entities=find_entities(article, TOPIC))
            yield Labelled(named, events[one.id])


# --- 3. a larger week ------------------------------------------------------

#: Place in az, ru, en, tr: where the event takes place, in the case that the sentences ask for.
TOWNS = (
    ("Dortmundda", "Дортмунде", "Dortmund", "Dortmund'da"),
    ("Lyublində", "Люблине", "Lublin", "Lublin'de"),
    ("Marseldə", "Марселе", "Marseille", "Marsilya'da"),
    ("Tbilisidə", "Тбилиси", "Tbilisi", "Tiflis'te"),
    ("Ankarada", "Анкаре", "Ankara", "Ankara'da"),
    ("Torontoda", "Торонто", "Toronto", "Toronto'da"),
    ("Qazanda", "Казани", "Kazan", "Kazan'da"),
    ("Rotterdamda", "Роттердаме", "Rotterdam", "Rotterdam'da"),
    ("Göteborqda", "Гётеборге", "Gothenburg", "Göteborg'da"),
    ("Vilnüsdə", "Вильнюсе", "Vilnius", "Vilnius'ta"),
    ("Praqada", "Праге", "Prague", "Prag'da"),
    ("Bursada", "Бурсе", "Bursa", "Bursa'da"),
    ("Hamburqda", "Гамбурге", "Hamburg", "Hamburg'da"),
    ("Strasburqda", "Страсбурге", "Strasbourg", "Strazburg'da"),
    ("Turində", "Турине", "Turin", "Torino'da"),
    ("Krakovda", "Кракове", "Krakow", "Krakov'da"),
    ("Bratislavada", "Братиславе", "Bratislava", "Bratislava'da"),
    ("Novosibirskdə", "Новосибирске", "Novosibirsk", "Novosibirsk'te"),
    ("Almatıda", "Алматы", "Almaty", "Almatı'da"),
    ("Daşkənddə", "Ташкенте", "Tashkent", "Taşkent'te"),
    ("İzmirdə", "Измире", "Izmir", "İzmir'de"),
    ("Kalqaridə", "Калгари", "Calgary", "Calgary'de"),
    ("Hyustonda", "Хьюстоне", "Houston", "Houston'da"),
    ("Sidneydə", "Сиднее", "Sydney", "Sidney'de"),
)
#: Halls, one spelling a language; they are invented.
HALLS = (
    ("“Narınc Körpü”", "«Нарындж Кёрпю»", "Narinj Korpu", "“Narınç Köprü”"),
    ("“Sedra”", "«Седра»", "Sedra", "“Sedra”"),
    ("“Lambert Evi”", "«Ламберт Хаус»", "Lambert House", "“Lambert Evi”"),
    ("“Kontora”", "«Контора»", "Kontora", "“Kontora”"),
    ("“Mirvari”", "«Мирвари»", "Mirvari", "“Mirvari”"),
    ("“Tərlan”", "«Терлан»", "Terlan", "“Terlan”"),
    ("“Qərənfil”", "«Геренфиль»", "Gerenfil", "“Gerenfil”"),
    ("“Dalğa”", "«Далга»", "Dalga", "“Dalga”"),
    ("“Novator”", "«Новатор»", "Novator", "“Novatör”"),
    ("“Kristal”", "«Кристалл»", "Crystal", "“Kristal”"),
)
LANGUAGES = ("az", "ru", "en", "tr")
#: What happens: by language a headline in two wordings, and sentences of which a telling has some.
#: {t} town, {h} hall, {a} and {b} numbers.
KINDS: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {
        "az": (
            "{t} xor konserti olub",
            "{a} nəfərlik xor {t} çıxış edib",
            "{t} {h} salonunda {a} nəfərlik xor bayram konserti verib.",
            "Konsertə {b} tamaşaçı gəlib, biletlərdən toplanan pul uşaq evinə verilib.",
            "Proqramda xalq mahnıları və bəstəkar əsərləri səslənib.",
        ),
        "ru": (
            "В {t} прошёл концерт хора",
            "Хор из {a} певцов выступил в {t}",
            "В зале {h} в {t} выступил сводный хор из {a} певцов.",
            "На концерт пришли {b} зрителей, сбор передан детскому дому.",
            "Прозвучали народные песни и сочинения композиторов.",
        ),
        "en": (
            "Choir gives concert in {t}",
            "{a} singers on one stage in {t}",
            "A choir of {a} singers performed in the hall of {h} in {t}.",
            "Some {b} people came, and the proceeds go to a children's home.",
            "Folk songs and works of composers were on the programme.",
        ),
        "tr": (
            "{t} koro konseri verildi",
            "{a} kişilik koro {t} sahneye çıktı",
            "{h} salonunda {a} kişilik koro {t} bir konser verdi.",
            "Konseri {b} kişi izledi, gelir çocuk yuvasına bağışlandı.",
            "Programda halk türküleri ve bestecilerin eserleri yer aldı.",
        ),
    },
    {
        "az": (
            "{t} foto sərgi açılıb",
            "{a} fotoşəkil {t} nümayiş olunur",
            "{h} qalereyasında {a} fotoşəkildən ibarət sərgi {t} açılıb.",
            "Sərgini ilk gün {b} nəfər görüb, giriş pulsuzdur.",
            "Şəkillər ailə albomlarından toplanıb.",
        ),
        "ru": (
            "В {t} открылась фотовыставка",
            "{a} снимков показывают в {t}",
            "В галерее {h} в {t} открылась выставка из {a} фотографий.",
            "В первый день её увидели {b} человек, вход свободный.",
            "Снимки собраны из семейных альбомов.",
        ),
        "en": (
            "Photo exhibition opens in {t}",
            "{a} photographs on show in {t}",
            "An exhibition of {a} photographs has opened at {h} in {t}.",
            "On the first day {b} visitors saw it; entrance is free.",
            "The pictures come from family albums.",
        ),
        "tr": (
            "{t} fotoğraf sergisi açıldı",
            "{a} fotoğraf {t} sergileniyor",
            "{h} galerisinde {a} fotoğraftan oluşan sergi {t} açıldı.",
            "Sergiyi ilk gün {b} kişi gezdi, giriş ücretsiz.",
            "Fotoğraflar aile albümlerinden derlendi.",
        ),
    },
    {
        "az": (
            "{t} həftəsonu məktəbi açılıb",
            "Yeni məktəbdə {a} uşaq ana dilini öyrənəcək",
            "{t} {h} binasında həftəsonu məktəbi fəaliyyətə başlayıb.",
            "Məktəbə {a} uşaq yazılıb, təmirə {b} avro xərclənib.",
            "Dərsləri könüllü müəllimlər aparacaq.",
        ),
        "ru": (
            "В {t} открылась воскресная школа",
            "{a} детей будут учить родной язык в {t}",
            "В здании {h} в {t} начала работу воскресная школа.",
            "В школу записаны {a} детей, на ремонт ушло {b} евро.",
            "Уроки будут вести добровольцы.",
        ),
        "en": (
            "Weekend school opens in {t}",
            "{a} children to learn their mother tongue in {t}",
            "A weekend school has started in the building of {h} in {t}.",
            "So far {a} children are enrolled; repairs cost {b} euros.",
            "Volunteers will teach the lessons.",
        ),
        "tr": (
            "{t} hafta sonu okulu açıldı",
            "{a} çocuk {t} ana dilini öğrenecek",
            "{h} binasında hafta sonu okulu {t} derslere başladı.",
            "Okula {a} çocuk yazıldı, onarıma {b} avro harcandı.",
            "Dersleri gönüllü öğretmenler verecek.",
        ),
    },
    {
        "az": (
            "{t} şahmat turniri keçirilib",
            "Turnirdə {a} şahmatçı yarışıb",
            "{h} klubunda keçirilən turnirdə {t} {a} şahmatçı yarışıb.",
            "Qalibə kubok və {b} avro mükafat verilib.",
            "Oyunlar iki gün davam edib.",
        ),
        "ru": (
            "В {t} прошёл шахматный турнир",
            "{a} шахматистов сыграли в {t}",
            "В клубе {h} в {t} за победу боролись {a} шахматистов.",
            "Победитель получил кубок и {b} евро.",
            "Партии шли два дня.",
        ),
        "en": (
            "Chess tournament held in {t}",
            "{a} players meet at chess tournament in {t}",
            "At the club {h} in {t}, {a} players took part in the tournament.",
            "The winner got a cup and {b} euros.",
            "The games took two days.",
        ),
        "tr": (
            "{t} satranç turnuvası düzenlendi",
            "{a} satranççı {t} yarıştı",
            "{h} kulübünde düzenlenen turnuvada {t} {a} satranççı yarıştı.",
            "Birinciye kupa ve {b} avro ödül verildi.",
            "Karşılaşmalar iki gün sürdü.",
        ),
    },
)
#: Sentences that any article of the week may have.
BACKGROUND = {
    "az": (
        "Dünya Azərbaycanlılarının Həmrəyliyi Günü hər il dekabrın 31-də qeyd olunur.",
        "Tədbirdə icma nümayəndələri və qonaqlar iştirak edib.",
    ),
    "ru": (
        "День солидарности азербайджанцев мира отмечается ежегодно 31 декабря.",
        "В мероприятии участвовали представители общины и гости.",
    ),
    "en": (
        "Solidarity Day of World Azerbaijanis is marked every year on December 31.",
        "Members of the community and guests took part in the event.",
    ),
    "tr": (
        "Dünya Azerbaycanlıları Dayanışma Günü her yıl 31 Aralık'ta kutlanır.",
        "Etkinliğe dernek üyeleri ve konuklar katıldı.",
    ),
}


def world_table() -> Iterator[str]:
    """Yield the figures of a week full of like events."""
    world = list(world_articles(chance(SEED)))
    yield f"a week of {len({one.event for one in world})} like events, {len(world)} articles"
    yield from event_lines([world], wrong=False)


def world_articles(dice: random.Random) -> Iterator[Labelled]:
    """Yield one to six tellings of each event: two in every town, each of another kind."""
    number = 0
    for kind, sentences in enumerate(KINDS):
        for town in (*TOWNS[kind::4], *TOWNS[(kind + 1) % 4 :: 4]):
            hall = dice.choice(HALLS)
            a, b = dice.randint(32, 190), dice.randint(201, 1800)
            begun = NOON + timedelta(hours=dice.randint(-72, 72))
            for _ in range(dice.randint(1, 6)):
                place = dice.randrange(len(LANGUAGES))
                language = LANGUAGES[place]
                title, text = telling(dice, sentences[language], BACKGROUND[language])
                names = {"t": town[place], "h": hall[place], "a": a, "b": b}
                article = Article(
                    url=f"https://example.org/{number}",
                    title=title.format(**names),
                    text=text.format(**names),
                    language=language,
                    published=Moment(at=begun + timedelta(hours=dice.randint(0, 20))),
                )
                relevance = judge(article, TOPIC)
                yield Labelled(archived(number, article, relevance), f"{kind} {town[2]}")
                number += 1


def telling(
    dice: random.Random, sentences: Sequence[str], background: Sequence[str]
) -> tuple[str, str]:
    """Return a headline and a text: the lead, one or two more, and some background."""
    *titles, lead, second, third = sentences
    body = dice.sample((second, third), dice.randint(1, 2))
    around = dice.sample(background, dice.randint(1, 2))
    parts = [lead, *body, *around] if dice.random() < BACKGROUND_LAST else [*around, lead, *body]
    return dice.choice(titles), " ".join(parts)


# --- 4. what it costs ------------------------------------------------------


def cost_table() -> Iterator[str]:
    """Yield CPU time and memory of weeks whose words are as frequent as those of a language."""
    for size in (1_000, 10_000):
        groups = [group(article) for article in zipf_articles(size, chance(SEED))]
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun = time.process_time()
        told = tell_stories(groups)
        cost = time.process_time() - begun
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        yield (
            f"{size:>6} articles: {cost:.1f} s CPU, {after // 1024} MB at the highest"
            f" ({(after - before) // 1024} more than before), {len(told)} stories"
        )


def zipf_articles(size: int, dice: random.Random) -> Iterator[ArchivedArticle]:
    """Yield articles of 250 words, four of five of events that others tell too."""
    ranks = range(1, VOCABULARY + 1)
    weights = [1 / rank for rank in ranks]
    number = 0
    while number < size:
        language = dice.choice(LANGUAGES)
        event = dice.choices(ranks, k=30)
        for _ in range(dice.choice((1, 1, 2, 4, 8))):
            told = [*dice.sample(event, 20), *dice.choices(ranks, weights, k=230)]
            spelled = [f"{language}{rank:x}ol".translate(LETTERS) for rank in told]
            yield made(number, language, " ".join(spelled[:8]), " ".join(spelled))
            number += 1


# --- what is shared --------------------------------------------------------


def chance(seed: int) -> random.Random:
    """Return what the benches throw dice with."""
    return random.Random(seed)  # noqa: S311 - nobody gains from guessing it


def made(id_: int, language: str, title: str, text: str) -> ArchivedArticle:
    """Return an article without a name of the holiday."""
    article = Article(
        url=f"https://example.org/{id_}",
        title=title,
        text=text,
        language=language,
        published=Moment(at=NOON),
    )
    return archived(id_, article, Relevance(verdict=Verdict.ABOUT, score=1.0))


def archived(id_: int, article: Article, relevance: Relevance) -> ArchivedArticle:
    """Return ``article`` as the archive has it."""
    return ArchivedArticle(
        id=id_,
        article=article,
        source=OUTLET,
        relevance=relevance,
        first_seen_at=article.published.at if article.published else NOON,
        representative_id=id_,
    )


def group(article: ArchivedArticle) -> DuplicateGroup:
    """Return a group of one."""
    return DuplicateGroup(representative=article, members=(article,))


def places(articles: Iterable[ArchivedArticle]) -> dict[int, int]:
    """Return for each article, by id, the number of its story."""
    told = tell_stories([group(article) for article in articles])
    return {one.id: number for number, story in enumerate(told) for one in story.articles}


def event_lines(weeks: Sequence[Sequence[Labelled]], *, wrong: bool) -> Iterator[str]:
    """Yield the figures of all pairs of a week, within a language and across."""
    judged: dict[str, list[tuple[bool, bool]]] = {"within a language": [], "across languages": []}
    faults = []
    for week in weeks:
        place = places(one.article for one in week)
        for a, b in combinations(week, 2):
            within = a.article.article.language == b.article.article.language
            together = place[a.article.id] == place[b.article.id]
            judged["within a language" if within else "across languages"].append(
                (together, a.event == b.event)
            )
            if together != (a.event == b.event):
                titles = f"{a.article.article.title} | {b.article.article.title}"
                faults.append(f"    {'joined' if together else 'parted'}: {titles}")
    for name, found in judged.items():
        yield f"  {name:<20} {figures([one for one, _ in found], [gold for _, gold in found])}"
    yield from faults if wrong else ()


def figures(judged: Sequence[bool], gold: Sequence[bool]) -> str:
    """Return precision, recall and F1 as a line shows them."""
    both = sum(a and b for a, b in zip(judged, gold, strict=True))
    precision, recall = both / (sum(judged) or 1), both / (sum(gold) or 1)
    return f"P {precision:.3f}  R {recall:.3f}  F1 {f1(judged, gold):.3f}  of {sum(gold)}"


def f1(judged: Sequence[bool], gold: Sequence[bool]) -> float:
    """Return the harmonic mean of precision and recall."""
    both = sum(a and b for a, b in zip(judged, gold, strict=True))
    return 2 * both / ((sum(judged) + sum(gold)) or 1)


if __name__ == "__main__":
    main()
