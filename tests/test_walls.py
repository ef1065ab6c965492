"""Walls, errors and lists are rejected with their reason; articles that look like them are kept."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.articles import extract_article
from pipeline.articles.tree import parse_page, pieces_of, text_of
from pipeline.articles.walls import Signs, find_wall, is_cut_by_paywall, is_listing, read_signs
from pipeline.model import Article, Page, Reason, Rejection

PROSE = "The ferry line of the river towns carried more passengers this year than ever before. "
NEWS = "A sentence of the day that says what has happened in the towns by the river. "


def page(markup: str, url: str = "https://courier.example/news/a-day-at-the-river-41207") -> Page:
    return Page(
        url=url,
        final_url=url,
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=markup.encode(),
        fetched_at=datetime(2026, 1, 10, 12, tzinfo=UTC),
    )


def html_of(inner: str, *, title: str = "Courier", head: str = "", body: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body {body}>{inner}</body></html>"


MENU = "<ul>" + "".join(f"<li><a href='/s/{n}'>Section {n}</a></li>" for n in range(9)) + "</ul>"


def reason_of(markup: str) -> Reason | None:
    found = extract_article(page(markup))
    return found.reason if isinstance(found, Rejection) else None


# --- errors, blocks, consent and logins, in the languages of our sources -----

NOT_FOUND = [
    ("en", "Page not found", "404"),
    ("en", "Courier", "Sorry, the page you are looking for does not exist"),
    ("en", "404 Not Found", ""),
    ("en", "Error 404 | Courier", "Oops! This page isn't available."),
    ("az", "Səhifə tapılmadı", "404"),
    ("az", "Xəta 404", "Axtardığınız səhifə mövcud deyil"),
    ("az", "Liman", "Belə bir səhifə yoxdur"),
    ("az", "Liman", "Üzr istəyirik, xəbər silinib"),
    ("tr", "Sayfa bulunamadı", ""),
    ("tr", "Haber Körfez", "Aradığınız sayfa bulunamadı veya kaldırılmış olabilir"),
    ("ru", "Страница не найдена", ""),
    ("ru", "Ошибка 404", "К сожалению, запрашиваемая страница не существует"),
    ("ru", "Вестник", "Новость удалена"),
    ("fa", "روزنامه", "صفحه مورد نظر یافت نشد"),
    ("fa", "خطای ۴۰۴", ""),
    ("de", "Seite nicht gefunden", "Fehler 404"),
    ("de", "Flusszeitung", "Die angeforderte Seite konnte nicht gefunden werden"),
    ("fr", "Page introuvable", "Erreur 404"),
    ("fr", "Le Courrier", "Désolé, la page que vous recherchez n'existe plus"),
    ("es", "Página no encontrada", "Error 404"),
    ("es", "El Correo", "Lo sentimos, no encontramos la página"),
    ("uk", "Сторінку не знайдено", ""),
    ("uk", "Помилка 404", "На жаль, сторінки не існує"),
    ("ka", "გვერდი ვერ მოიძებნა", "404"),
    ("ar", "الصفحة غير موجودة", ""),
    ("ar", "البريد", "عذرا، الصفحة المطلوبة غير موجودة"),
]


@pytest.mark.parametrize(("language", "title", "heading"), NOT_FOUND)
def test_an_error_that_answers_200_is_a_soft_404(language: str, title: str, heading: str) -> None:
    # With the furniture of its site, and with other news below: no short page at all.
    other = "".join(f"<div><h3><a href='/n/{n}'>{NEWS}</a></h3><p>{NEWS}</p></div>" for n in "abc")
    heading = f"<h1>{heading}</h1>" if heading else ""
    inner = f"{MENU}<main>{heading}<p>{NEWS}</p></main><section>{other}</section>"
    assert reason_of(html_of(inner, title=f"{title} - Courier")) is Reason.SOFT_404


def test_an_error_without_headings_is_told_by_its_words_or_its_template() -> None:
    words = html_of(f"{MENU}<div>Səhifə tapılmadı</div><p>Ana səhifəyə qayıdın.</p>", title="Liman")
    assert reason_of(words) is Reason.SOFT_404
    template = html_of(f"{MENU}<h1>Hmm</h1><p>{NEWS}</p>", body="class='home error404'")
    assert reason_of(template) is Reason.SOFT_404


CONSENT = [
    ("en", "We and our 214 partners use cookies to show personalised ads. You may accept all."),
    (
        "az",
        "Kukilərdən istifadə edirik. Hamısını qəbul etməklə kuki siyasətinə razılıq verirsiniz.",
    ),
    ("tr", "Çerezleri kullanıyoruz ve iş ortaklarımızla paylaşıyoruz. Tümünü kabul et."),
    ("ru", "Мы используем файлы cookie. Нажмите «Принять все», чтобы дать согласие на cookie."),
    ("fa", "این وبگاه از کوکی استفاده می‌کند. با پذیرش کوکی‌ها رضایت می‌دهید."),
    (
        "de",
        "Wir verwenden Cookies mit unseren Partnern. Sie können alle akzeptieren oder zustimmen.",
    ),
    ("fr", "Nous utilisons des cookies avec nos 300 partenaires. Vous pouvez tout accepter."),
    ("es", "Utilizamos cookies con nuestros socios. Puede aceptar todas las cookies o rechazar."),
    ("uk", "Ми використовуємо файли cookie. Натисніть «Прийняти всі», щоб дати згоду на cookie."),
    ("ka", "ჩვენ ვიყენებთ ქუქი ფაილებს და ვუზიარებთ პარტნიორებს. თანხმობა ქუქი ფაილებზე."),
    ("ar", "نستخدم ملفات تعريف الارتباط مع شركائنا. قبول الكل يعني موافقتك."),
]
CONSENT_TITLES = [
    ("en", "Before you continue to Courier"),
    ("az", "Davam etməzdən əvvəl"),
    ("tr", "Gizliliğiniz bizim için önemli"),
    ("ru", "Прежде чем перейти к Вестнику"),
    ("fa", "پیش از ادامه"),
    ("de", "Datenschutz-Einstellungen"),
    ("fr", "Avant d'accéder au Courrier"),
    ("es", "Valoramos tu privacidad"),
    ("uk", "Ми цінуємо вашу приватність"),
    ("ka", "თქვენი კონფიდენციალურობა"),
    ("ar", "نحن نقدر خصوصيتك"),
]


@pytest.mark.parametrize(("language", "words"), CONSENT)
def test_a_page_that_only_asks_for_consent_is_a_wall(language: str, words: str) -> None:
    assert reason_of(html_of(f"<div><p>{words}</p></div>")) is Reason.CONSENT_WALL


@pytest.mark.parametrize(("language", "title"), CONSENT_TITLES)
def test_a_heading_that_asks_for_consent_is_enough(language: str, title: str) -> None:
    assert reason_of(html_of(f"<h1>{title}</h1><p>{NEWS}</p>")) is Reason.CONSENT_WALL
    assert reason_of(html_of(f"<p>{NEWS}</p>", title=f"{title} | Courier")) is Reason.CONSENT_WALL


BLOCKED = [
    ("en", "Just a moment..."),
    ("en", "Attention Required! | Shield"),
    ("en", "403 Forbidden"),
    ("en", "Access denied"),
    ("az", "Sayta giriş məhdudlaşdırılıb"),
    ("tr", "Bu siteye erişim engellenmiştir"),
    ("tr", "Bir dakika lütfen..."),
    ("ru", "Доступ к ресурсу ограничен"),
    ("ru", "Один момент…"),
    ("fa", "دسترسی غیرمجاز"),
    ("de", "Nur einen Moment…"),
    ("de", "Zugriff verweigert"),
    ("fr", "Accès refusé"),
    ("es", "Acceso denegado"),
    ("uk", "Доступ до сайту заблоковано"),
    ("ka", "წვდომა შეზღუდულია"),
    ("ar", "تم حظر الوصول"),
]
BLOCK_TEXTS = [
    "Доступ ограничен по решению Роскомнадзора, запись внесена в единый реестр.",
    "Bu site hakkında 5651 sayılı Kanun uyarınca sulh ceza hakimliğinin kararı uygulanmaktadır.",
    "Complete the captcha to go on. Ray ID: 8c0ffee0",
    "We are sorry, this content is not available in your region.",
    "Простите, материал недоступен в вашей стране.",
]


@pytest.mark.parametrize(("language", "title"), BLOCKED)
def test_a_page_that_keeps_us_out_is_a_block_page(language: str, title: str) -> None:
    markup = html_of(f"<h1>courier.example</h1><p>{NEWS}</p>", title=title)
    assert reason_of(markup) is Reason.BLOCK_PAGE


@pytest.mark.parametrize("text", BLOCK_TEXTS)
def test_a_notice_that_keeps_us_out_is_a_block_page(text: str) -> None:
    assert reason_of(html_of(f"<div><p>{text}</p></div>", title="Notice")) is Reason.BLOCK_PAGE


@pytest.mark.parametrize(
    "markup",
    [
        "<script src='/_Incapsula_Resource?x=1'></script>",
        "<iframe src='/_Incapsula_Resource?x=1'>Request unsuccessful</iframe>",
        "<p>One step more</p><script>window._cf_chl_opt={a:1}</script>",
        "<noscript>Scripts, please</noscript><script src='https://ct.captcha-delivery.com/c.js'></script>",
    ],
)
def test_a_guard_against_robots_is_a_block_page(markup: str) -> None:
    assert reason_of(html_of(markup, title="courier.example")) is Reason.BLOCK_PAGE


LOGINS = [
    ("en", "Log in to your account"),
    ("az", "Sayta daxil olun"),
    ("tr", "Üye girişi"),
    ("ru", "Вход на сайт"),
    ("fa", "ورود به سامانه"),
    ("de", "Anmelden"),
    ("fr", "Connexion"),
    ("es", "Iniciar sesión"),
    ("uk", "Авторизація"),
    ("ka", "ავტორიზაცია"),
    ("ar", "تسجيل الدخول"),
]


@pytest.mark.parametrize(("language", "heading"), LOGINS)
def test_a_login_is_a_wall_if_it_asks_for_a_password(language: str, heading: str) -> None:
    form = "<form><input name=u><input type=Password name=p></form>"
    assert reason_of(html_of(f"<h1>{heading}</h1><p>{NEWS}</p>{form}")) is Reason.LOGIN_WALL
    assert reason_of(html_of(f"<h1>{heading}</h1><p>{NEWS}</p>")) is None


@pytest.mark.parametrize(
    "text",
    [
        "You must be logged in to view this page.",
        "Bu xəbəri oxumaq üçün hesabınıza daxil olun.",
        "Чтобы прочитать материал, войдите или зарегистрируйтесь.",
        "Devamını okumak için lütfen giriş yapın.",
    ],
)
def test_a_page_that_only_asks_to_log_in_is_a_login_wall(text: str) -> None:
    assert reason_of(html_of(f"<div><p>{text}</p></div>")) is Reason.LOGIN_WALL


def test_a_shell_that_asks_for_scripts_says_nothing() -> None:
    markup = html_of("<div><p>You need to enable JavaScript to run this app.</p></div>")
    assert reason_of(markup) is Reason.EMPTY


# --- what looks like a wall and is an article ----------------------------------


def described(headline: str) -> str:
    return (
        '<script type="application/ld+json">'
        f'{{"@type": "NewsArticle", "headline": "{headline}"}}</script>'
    )


LOOKALIKES = {
    "a court on cookies": (
        "Court rules on cookies",
        "The court ruled that a page may use cookies only with consent. Its partners agreed. " * 5,
    ),
    "404 in a name": ("404 Radio moves to the old port", NEWS * 4),
    "a search for a missing page": ("The page not found: a library looks for its atlas", NEWS * 4),
    "a wall that is quoted": (
        "Why the ministry's site answered “access denied”",
        "The office said that Роскомнадзор had put the page into the единый реестр. " * 4,
    ),
    "a login that failed": ("Login service of the city was down for a day", NEWS * 4),
    "a moment": ("Just a moment by the sea: notes from the ferry", NEWS * 4),
}


@pytest.mark.parametrize("name", LOOKALIKES)
def test_an_article_about_walls_is_kept(name: str) -> None:
    headline, text = LOOKALIKES[name]
    markup = html_of(
        f"{MENU}<article><h1>{headline}</h1><p>{text}</p></article>", title=f"{headline} - Courier"
    )
    assert reason_of(markup) is None


def test_a_short_article_beside_a_login_form_and_a_banner_is_kept() -> None:
    # Small news systems show a login on each page, before the headline.
    login = "<div><h2>Авторизация</h2><form><input name=u><input type=password></form></div>"
    banner = "<div><h2>We value your privacy</h2><p>We use cookies. Accept all?</p></div>"
    article = f"<h1>Liman körpüsü iki gecə bağlanacaq</h1><p>{NEWS * 3}</p>"
    title = "Liman körpüsü iki gecə bağlanacaq » Liman"
    assert reason_of(html_of(f"{login}{banner}{article}", title=title)) is None
    # And where headings are no headings.
    old = f"{login}{banner}<b>Liman körpüsü iki gecə bağlanacaq</b><p>{NEWS * 9}</p>"
    assert reason_of(html_of(old, title=title, head=described("Liman körpüsü"))) is None


def test_what_calls_itself_an_article_may_have_any_title() -> None:
    markup = html_of(f"<h1>Forbidden</h1><p>{NEWS * 5}</p>", head=described("Forbidden"))
    assert reason_of(markup) is None
    long = html_of(f"<h1>Page not found</h1><p>{NEWS * 50}</p>", head=described("Page not found"))
    assert reason_of(long) is None


def test_a_text_that_is_all_consent_is_a_wall_under_any_headline() -> None:
    words = " ".join(text for _, text in CONSENT[:1]) + " You can withdraw your consent."
    headline = "The ferry line counts its passengers"
    markup = html_of(f"<h1>{headline}</h1><div><p>{words}</p></div>", title=f"{headline} | Courier")
    assert reason_of(markup) is Reason.CONSENT_WALL


# --- lists -----------------------------------------------------------------------


def cards(count: int, *, summary: str = NEWS, tag: str = "h3") -> str:
    return "".join(
        f"<div class=card><{tag}><a href='/n/{n}'>A headline of the day {n}</a></{tag}>"
        f"<p>{n}: {summary}</p></div>"
        for n in range(count)
    )


LISTS = {
    "a front page": ("/", html_of(cards(20))),
    "a front page of a language": ("/az/", html_of(cards(20))),
    "a front page of much text": ("/", html_of(cards(20) + f"<div><p>{PROSE * 20}</p></div>")),
    "a small front page": ("/", html_of(cards(6))),
    "a section": (
        "/az/society",
        html_of(f"<h1>Cəmiyyət</h1>{cards(20)}", title="Cəmiyyət - Liman"),
    ),
    "a section without summaries": ("/society", html_of(cards(20, summary=""))),
    "a section of few teasers": ("/society", html_of(f"<h1>Society</h1>{cards(6)}")),
    "a section of cards without headings": ("/society", html_of(cards(20, tag="div"))),
    "a search": ("/?s=day", html_of(f"<h1>Results of the search: day of the town</h1>{cards(8)}")),
    "a tag by its address": (
        "/tag/solidarity/",
        html_of(f"<h1>All about solidarity here</h1>{cards(8)}", title="All about solidarity here"),
    ),
    "a tag by its template": (
        "/x/solidarity",
        html_of(f"<h1>Solidarity</h1>{cards(8)}", body='class="archive tag tag-7"'),
    ),
    "the second page of a tag": ("/etiket/baku/page/2", html_of(cards(8))),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_articles_is_no_article(name: str) -> None:
    path, markup = LISTS[name]
    asked = page(markup, f"https://courier.example{path}")
    root = parse_page(asked)
    signs = read_signs(root, is_article=False)
    # What an extractor that knows nothing of lists would take for the text.
    lines = [line for line in (text_of(p) for p in root.iter("p")) if line.strip()]
    assert is_listing(signs, lines, url=f"https://courier.example{path}")
    assert is_listing(signs, [], url=f"https://courier.example{path}")
    found = extract_article(asked)
    assert isinstance(found, Rejection)


ARTICLE = f"<h1>The ferry line counts its passengers</h1><p>{NEWS * 2}</p>"
ARTICLES = {
    "few words among many headlines": ("/news/ferry-line", ARTICLE + cards(30)),
    "by a number in the query": ("/?newsid=4711", ARTICLE + cards(30)),
    "below a category": ("/category/society/ferry-line-counts-its-passengers", ARTICLE + cards(9)),
    "below an archive": ("/archive/41207", ARTICLE + cards(9)),
    "a long text": ("/topics/ferry", f"<h1>Ferry</h1><p>{PROSE * 20}</p>{cards(30)}"),
    "a headline that is no heading": (
        "/41207",
        f"<div><b>The ferry line counts its passengers</b></div><p>{NEWS}</p>{cards(30)}",
    ),
    "links within its text": (
        "/41207",
        "".join(
            f"<p>On {n} May <a href='/{n}'>the ferry of the town</a> sailed.</p>" for n in range(9)
        ),
    ),
}


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_among_headlines_is_no_list(name: str) -> None:
    path, inner = ARTICLES[name]
    markup = html_of(MENU + inner, title="The ferry line counts its passengers | Courier")
    root = parse_page(page(markup))
    own = [p for p in root.iter("p") if not any(e.get("class") for e in p.iterancestors())]
    lines = [text_of(p) for p in own]
    signs = read_signs(root, is_article=False)
    assert not is_listing(signs, lines, url=f"https://courier.example{path}")
    assert find_wall(signs, lines) is None


def test_a_page_without_an_address_is_no_front_page() -> None:
    markup = html_of(ARTICLE + cards(30), title="The ferry line counts its passengers | Courier")
    assert isinstance(extract_article(page(markup, "about:blank")), Article)
    assert isinstance(extract_article(page(markup, "https://courier.example/")), Rejection)


def test_what_calls_itself_an_article_is_no_list() -> None:
    signs = Signs(is_article=False, headlines=30)
    assert is_listing(signs, [NEWS], url="https://courier.example/")
    assert not is_listing(replace(signs, is_article=True), [NEWS], url="https://courier.example/")


def test_signs_change_nothing_and_teasers_are_told_from_the_text() -> None:
    root = parse_page(page(html_of(ARTICLE + cards(6))))
    before = "".join(pieces_of(root))
    signs = read_signs(root, is_article=False)
    assert "".join(pieces_of(root)) == before
    assert signs.headlines == 6
    assert f"3: {NEWS}".strip() in signs.teasers
    assert f"{NEWS}{NEWS}".strip() not in signs.teasers


# --- pay walls ---------------------------------------------------------------------

OFFERS = [
    ("en", "Subscribe to read the whole article. Already a subscriber? Log in."),
    ("en", "To continue reading, sign in or register."),
    ("az", "Məqalənin davamını oxumaq üçün abunə olun."),
    ("tr", "Haberin devamını okumak için abone olun."),
    ("ru", "Чтобы прочитать полностью, оформите подписку."),
    ("ru", "Полный текст доступен только подписчикам."),
    ("fa", "برای خواندن ادامه مطلب اشتراک تهیه کنید."),
    ("de", "Weiterlesen mit Talbote+"),
    ("de", "Dieser Text ist nur für Abonnenten. Schon Abonnent? Hier anmelden"),
    ("fr", "La suite est réservée aux abonnés."),
    ("fr", "Il vous reste 70 % de cet article à lire."),
    ("es", "Contenido exclusivo para suscriptores"),
    ("es", "Suscríbete para seguir leyendo"),
    ("uk", "Щоб прочитати далі, оформіть передплату."),
    ("ka", "სტატიის სრულად წასაკითხად გამოიწერეთ გაზეთი."),
    ("ar", "اشترك الآن لمتابعة القراءة"),
]
NO_OFFERS = [
    "Subscribe to our newsletter to get the news of the week.",
    "Sign up to receive the letter of the editors.",
    "Telegram kanalımıza abunə olun!",
    "Подписывайтесь на наш канал, чтобы ничего не пропустить.",
    "Abonnieren Sie unseren Newsletter.",
    "Abonnez-vous à notre lettre.",
    "Bültenimize abone olun.",
    "The rest of the story is known.",
    "The paper has ten thousand subscribers and members.",
    "Already a member of the choir for ten years, she sang.",
]


@pytest.mark.parametrize(("language", "offer"), OFFERS)
def test_a_text_that_breaks_off_with_an_offer_is_cut(language: str, offer: str) -> None:
    signs = Signs(is_article=True)
    assert is_cut_by_paywall(signs, [PROSE * 3, f"{NEWS}…", offer])
    assert is_cut_by_paywall(signs, [PROSE * 30, offer])
    assert not is_cut_by_paywall(signs, [offer, *[PROSE] * 9])


@pytest.mark.parametrize("line", NO_OFFERS)
def test_a_letter_of_the_editors_is_no_pay_wall(line: str) -> None:
    assert not is_cut_by_paywall(Signs(is_article=True), [PROSE * 3, line])


@pytest.mark.parametrize(
    ("box", "is_cut"),
    [
        ("<div id=paywall><h2>Weiterlesen mit Talbote+</h2></div>", True),
        ("<section class='x regWall-box'>Already a subscriber? Log in</section>", True),
        ("<div id=paywall hidden>Already a subscriber? Log in</div>", False),
        ("<div class=paywall style='display: none'>Already a subscriber?</div>", False),
        ("<div class=non-paywall>Already a subscriber?</div>", False),
        ("<div class=wallpaper>Already a subscriber?</div>", False),
        ("<div class=paywall> </div>", False),
    ],
)
def test_an_offer_that_is_cut_out_still_tells(box: str, is_cut: bool) -> None:
    root = parse_page(page(html_of(f"<h1>The ferry line</h1><p>{PROSE * 3}</p>{box}")))
    signs = read_signs(root, is_article=True)
    assert is_cut_by_paywall(signs, [PROSE * 3]) is is_cut
    # Behind a text of this length it stands for all readers.
    assert not is_cut_by_paywall(signs, [PROSE * 30])


def test_an_article_with_an_offer_is_an_article() -> None:
    headline = "The ferry line counts its passengers"
    inner = f"<h1>{headline}</h1><p>{PROSE * 2}</p><p>Please log in to read this article.</p>"
    found = extract_article(page(html_of(inner, title=f"{headline} | Courier")))
    assert isinstance(found, Article)
