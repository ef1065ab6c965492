"""One spelling per address: what is dropped, what stays, what is mended, what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.urls import (
    MAX_LENGTH,
    article_key,
    host_of,
    id_stem,
    is_homepage,
    join_url,
    normalize_url,
    publisher_url,
    same_site,
)

A = "https://example.org"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        # the same place in other letters (RFC 3986, 6.2.2)
        ("HTTPS://EXAMPLE.Org", f"{A}/"),
        ("http://example.org/a", f"{A}/a"),
        ("https://example.org./a", f"{A}/a"),
        ("https://www.example.org:443/a", f"{A}/a"),
        ("http://example.org:80/a", f"{A}/a"),
        ("https://example.org:8443/a", f"{A}:8443/a"),
        ("https://reader:secret@example.org/a", f"{A}/a"),
        ("https://example.org/a/", f"{A}/a"),
        ("https://example.org//a///b/", f"{A}/a/b"),
        ("https://example.org/a/../b/./c", f"{A}/b/c"),
        ("https://example.org/../../a", f"{A}/a"),
        ("https://example.org/%7Ea/%2e%2e/b", f"{A}/b"),
        ("https://example.org/x%c9%99b%C9%99r", f"{A}/x%C9%99b%C9%99r"),
        ("https://example.org/xəbər", f"{A}/x%C9%99b%C9%99r"),
        ("https://example.org/gün%FE", f"{A}/g%C3%BCn%FE"),
        ("https://example.org/100%", f"{A}/100%25"),
        ("https://example.org/100%25", f"{A}/100%25"),
        ("  https://example.org/a\n /b\t", f"{A}/a/b"),
        ("https:\\\\example.org\\a", f"{A}/a"),
        ("https://xəbər.example/", "https://xn--xbr-dtbb.example/"),
        ("https://XN--XBR-DTBB.example/", "https://xn--xbr-dtbb.example/"),
        ("https://[2001:DB8::1]:8080/a", "https://[2001:db8::1]:8080/a"),
        # how the reader came
        (f"{A}/a#comments", f"{A}/a"),
        (f"{A}/a#xtor=RSS-1", f"{A}/a"),
        (f"{A}/a?utm_source=rss&utm_Medium=x&fbclid=1&yclid=2&gclid=3&_openstat=4", f"{A}/a"),
        (f"{A}/a?mc_cid=1&at_medium=RSS&xtor=RSS-1&id=5", f"{A}/a?id=5"),
        (f"{A}/a?rss", f"{A}/a"),
        (f"{A}/a?ref=rss&from=telegram", f"{A}/a"),
        (f"{A}/a?utm%5Fsource=x", f"{A}/a"),
        # sessions
        (f"{A}/a;jsessionid=0A1B2C?x=1", f"{A}/a?x=1"),
        (f"{A}/(S(lit3py55t21z5v55))/a.aspx", f"{A}/a.aspx"),
        (f"{A}/a?PHPSESSID=4f2a&x=1", f"{A}/a?x=1"),
        (f"{A}/a?sid=4f2a8c1b9d7e6f5a4b3c2d1e", f"{A}/a"),
        (f"{A}/a?session_id=77&s=4f2a8c1b9d7e6f5a4b3c2d1e", f"{A}/a"),
        (f"{A}/a;PHPSESSID=4f2a/b", f"{A}/a/b"),
        (f"{A}/a;sid=4f2a?sid=5", f"{A}/a?sid=5"),
        # the same article for another device
        ("https://m.example.org/a", f"{A}/a"),
        ("https://amp.example.org/a", f"{A}/a"),
        ("https://mobil.example.org/a", f"{A}/a"),
        ("https://www.m.example.org/a", f"{A}/a"),
        ("http://pda.example.org/a", f"{A}/a"),
        (f"{A}/a/amp/", f"{A}/a"),
        (f"{A}/amp/az/a", f"{A}/az/a"),
        (f"{A}/a/print", f"{A}/a"),
        (f"{A}/a?amp=1", f"{A}/a"),
        (f"{A}/a?amp", f"{A}/a"),
        (f"{A}/a?print=Y&outputType=amp", f"{A}/a"),
        (f"{A}/print/123", f"{A}/123"),
        (f"{A}/az/print/news/123", f"{A}/az/news/123"),
        (f"{A}/print:page,1,123-slug.html", f"{A}/123-slug.html"),
        (f"{A}/az/news/print:page,1,123-slug.html", f"{A}/az/news/123-slug.html"),
        (f"{A}/a/embed/", f"{A}/a"),
        (f"{A}/a?embed=1", f"{A}/a"),
        (f"{A}/a/amp/print", f"{A}/a"),
        (f"{A}/a.amp", f"{A}/a"),
        (f"{A}/a.amp.html", f"{A}/a.html"),
        (f"{A}/a?amp_js_v=0.1&usqp=mq331AQ&noamp=mobile", f"{A}/a"),
        (f"{A}/a.html?m=1", f"{A}/a.html"),
        (f"{A}/a.html?m=0", f"{A}/a.html"),
        (f"{A}/index.php?id=5&tmpl=component&print=1", f"{A}/index.php?id=5"),
        (f"{A}/news.php?id=5&format=print", f"{A}/news.php?id=5"),
        # what tells articles apart stays
        (f"{A}/news.php?id=5", f"{A}/news.php?id=5"),
        (f"{A}/?p=30059", f"{A}/?p=30059"),
        (f"{A}/?b=2&a=1&", f"{A}/?a=1&b=2"),
        (f"{A}/modules.php?name=News&sid=123", f"{A}/modules.php?name=News&sid=123"),
        (f"{A}/a?lang=ru&locale=az", f"{A}/a?lang=ru&locale=az"),
        (f"{A}/a?from=2024-01-01&ref=77", f"{A}/a?from=2024-01-01&ref=77"),
        (f"{A}/Az/Slug", f"{A}/Az/Slug"),
        (f"{A}/amp", f"{A}/amp"),
        (f"{A}/a?", f"{A}/a"),
        (f"{A}/a?q=a%26b+c", f"{A}/a?q=a%26b+c"),
        ("https://m.az/a", "https://m.az/a"),
        ("https://mobil.com.tr/a", "https://mobil.com.tr/a"),
        (f"{A}/print", f"{A}/print"),
        (f"{A}/printing/a", f"{A}/printing/a"),
        (f"{A}/a?m=202512&s=days&view=full", f"{A}/a?m=202512&s=days&view=full"),
        (f"{A}/camp.html", f"{A}/camp.html"),
    ],
)
def test_an_address_has_one_key(url: str, key: str) -> None:
    assert normalize_url(url) == key


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/a",
        "/a",
        "ftp://example.org/a",
        "javascript:alert(1)",
        "data:text/html,a",
        "file:///etc/passwd",
        "https://",
        "https://:80/",
        "https:///a",
        "https://exa mple.org/",
        "https://a..b/",
        "https://<script>/",
        "https://example.org:port/",
        "https://example.org:99999/",
        "https://[::1/",
        f"https://{'ə' * 80}.example/",
        f"https://example.org/{'a' * MAX_LENGTH}",
        f"https://example.org/{'a/../' * MAX_LENGTH}",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        normalize_url(url)
    assert not is_homepage(url)
    assert publisher_url(url) == url


WORDS = st.text(alphabet="aəИ%2eF./?&=;:@#\\ \n+()S-_~[]<\ud83d\U0001f600", max_size=30)


@settings(deadline=None)
@given(WORDS)
def test_a_key_is_its_own_key(tail: str) -> None:
    try:
        key = normalize_url(f"http://m.example.org/{tail}")
    except ValueError:
        return
    assert normalize_url(key) == key
    assert key.isascii()


PIECES = ["amp", "print", "print:page,1,", ".amp", ".html", "/", "a", "?m=1", ";sid=1", "&amp=1"]


@given(st.sampled_from(["m.", "amp.www.", "mobil.com.", ""]), st.lists(st.sampled_from(PIECES)))
def test_a_key_of_variants_is_its_own_key(host: str, pieces: list[str]) -> None:
    key = normalize_url(f"http://{host}tr.az/{''.join(pieces)}")
    assert normalize_url(key) == key


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_an_address_or_a_value_error(text: str) -> None:
    for link in (text, f"http:{text}", f"//{text}", f"https://{text}"):
        try:
            joined = join_url("https://example.org/az/feed.xml", link)
        except ValueError:
            continue
        assert joined.isascii()
        assert host_of(joined)


@pytest.mark.parametrize(
    ("link", "joined"),
    [
        ("/news/1", "http://example.org/news/1"),
        ("1.html", "http://example.org/az/1.html"),
        ("?id=1", "http://example.org/az/feed.xml?id=1"),
        ("../1", "http://example.org/1"),
        ("//cdn.example.org/1", "http://cdn.example.org/1"),
        ("https://other.example/1#top", "https://other.example/1"),
        (" \n https://other.example/1 \n", "https://other.example/1"),
        ("https://other.example/\n      news/1", "https://other.example/news/1"),
        ("https://other.example/a b", "https://other.example/a%20b"),
        ("https://other.example/xəbər?q=ə", "https://other.example/x%C9%99b%C9%99r?q=%C9%99"),
        ("https://xəbər.example/1", "https://xn--xbr-dtbb.example/1"),
        ("https:\\\\other.example\\news\\1", "https://other.example/news/1"),
        ("\\news\\1", "http://example.org/news/1"),
        ("http://http://other.example/1", "http://other.example/1"),
        ("http://https://other.example/1", "https://other.example/1"),
        ("http:https://other.example/1", "https://other.example/1"),
        ("https:/other.example/1", "https://other.example/1"),
        ("https:///other.example/1", "https://other.example/1"),
        ("http//other.example/1", "http://other.example/1"),
        ("www.other.example/1", "http://www.other.example/1"),
        ("example.org/news/1", "http://example.org/news/1"),
        ("/news?a=1&amp;b=2", "http://example.org/news?a=1&b=2"),
        ("https://other.example/1?utm_source=rss", "https://other.example/1?utm_source=rss"),
        ("https://other.example:443/1/", "https://other.example/1/"),
        ("http://other.example:443/1", "http://other.example:443/1"),
        ("/a/./b/..", "http://example.org/a/"),
    ],
)
def test_links_are_mended_against_their_document(link: str, joined: str) -> None:
    assert join_url("http://example.org/az/feed.xml", link) == joined


@pytest.mark.parametrize(
    "link",
    [
        "",
        " \n",
        "#top",
        "javascript:alert(1)",
        " JavaScript:void(0)",
        "java\nscript:alert(1)",
        "vbscript:msgbox",
        "mailto:desk@example.org",
        "tel:+99412",
        "data:text/html,<b>",
        "file:///etc/passwd",
        "ftp://example.org/1",
        "http://",
        f"/{'a' * MAX_LENGTH}",
        f"/{'./' * MAX_LENGTH * 3}",
    ],
)
def test_links_that_lead_nowhere_are_refused(link: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        join_url("https://example.org/feed.xml", link)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{A}", True),
        (f"{A}/?utm_source=rss", True),
        (f"{A}/ru", True),
        (f"{A}/az-latn/", True),
        (f"{A}/en/index.html", True),
        (f"{A}/default.aspx", True),
        (f"{A}/index.php?id=5", False),
        (f"{A}/news", False),
        (f"{A}/az/1", False),
    ],
)
def test_front_pages_are_known_by_their_path(url: str, expected: bool) -> None:
    assert is_homepage(url) is expected


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("https://example.org", "https://en.example.org/1", True),
        ("https://example.org", "https://example.com", False),
        ("https://one.com.tr", "https://two.com.tr", False),
        ("https://a.one.co.uk", "https://b.one.co.uk", True),
        ("https://one.wordpress.com", "https://two.wordpress.com", False),
        ("https://gov.example", "https://a.gov.example", True),
        ("http://127.0.0.2:8800/", "http://127.0.0.2/a", True),
        ("http://127.0.0.2/", "http://127.1.0.2/", False),
        ("http://[::1]/", "http://[::2]/", False),
        ("mailto:a@example.org", "mailto:a@example.org", False),
        ("http://localhost/", "http://localhost:81/", True),
    ],
)
def test_sites_are_registered_domains(a: str, b: str, expected: bool) -> None:
    assert same_site(a, b) is expected


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (
            "https://www.bing.com/news/apiclick.aspx?aid=&url=https%3A%2F%2Fexample.org%2F1%3Fid%3D5",
            f"{A}/1?id=5",
        ),
        ("https://www.google.com/url?rct=j&url=https://example.org/1&ct=ga", f"{A}/1"),
        ("https://www.google.com/url?q=https://example.org/1", f"{A}/1"),
        (
            "https://news.google.com/rss/articles/CBMiFWh0dHBzOi8vZXhhbXBsZS5vcmcvMdIBAA?oc=5",
            f"{A}/1",
        ),
        ("https://news.google.com/rss/articles/CBMiXkFVX3lxTE0?oc=5", None),
        ("https://news.google.com/rss/articles/a?oc=5", None),
        ("https://www.google.com/url?sa=t", None),
        ("https://www.google.com/url?url=javascript:alert(1)", None),
        (f"{A}/?url=https://other.example/", None),
        ("https://news.google.com/read/CBMiFWh0dHBzOi8vZXhhbXBsZS5vcmcvMdIBAA?hl=en", f"{A}/1"),
        ("https://www.google.com/amp/s/example.org/1/amp?id=5", f"{A}/1/amp?id=5"),
        ("https://www.google.com/amp/example.org/1", "http://example.org/1"),
        ("https://example-org.cdn.ampproject.org/c/s/example.org/1", f"{A}/1"),
        (
            "https://example-org.cdn.ampproject.org/v/s/example.org/1?amp_js_v=0.1",
            f"{A}/1?amp_js_v=0.1",
        ),
        ("https://cdn.ampproject.org/c/", None),
    ],
)
def test_aggregators_links_give_up_the_publisher(url: str, target: str | None) -> None:
    assert publisher_url(url) == (target or url)


# --- which article it is ---------------------------------------------------

RU_TITLE = "День солидарности азербайджанцев отметили в школах города"
AZ_TITLE = "Dünya azərbaycanlılarının həmrəyliyi İstanbulda və Şəkidə qeyd olundu"
SLUG = "the-day-of-solidarity-was-marked-in-schools"


@pytest.mark.parametrize(
    ("final", "canonical", "title"),
    [
        # the same number
        (f"{A}/print/98765", f"{A}/news/98765-{SLUG}", ""),
        (f"{A}/az/news/98765", f"http://www.example.org/az/news/98765-{SLUG}", ""),
        (f"{A}/2025/12/31/old-slug-98765.html", f"{A}/2025/12/31/new-{SLUG}-98765.html", ""),
        (f"{A}/news.php?id=98765", f"{A}/news/98765", ""),
        (f"{A}/index.php?do=print&newsid=98765", f"{A}/98765-{SLUG}.html", ""),
        (f"{A}/news/98765/{SLUG}?page=2", f"{A}/news/98765/{SLUG}", ""),
        ("https://az.example.org/news/98765", f"{A}/az/news/98765", ""),
        (f"{A}/news/98765?lang=ru", f"{A}/ru/news/98765", ""),
        # nearly the same words
        (f"{A}/p/{SLUG}", f"{A}/news/{SLUG}.html", ""),
        (f"{A}/?p=77", f"{A}/2025/12/{SLUG}/", "The Day of Solidarity was marked in schools"),
        (f"{A}/?p=77", f"{A}/den-solidarnosti-azerbaydzhantsev-otmetili-v-shkolah-goroda",
         RU_TITLE),
        (f"{A}/?p=77", f"{A}/dunya-azerbaycanlilarinin-hemreyliyi-istanbulda-ve-sekide-qeyd-olundu",
         AZ_TITLE),
        (f"{A}/?p=77", f"{A}/روز-همبستگی-آذربایجانی-جهان", "روز همبستگی آذربایجانی جهان"),
        (f"{A}/?p=30059", f"{A}/2025/12/{SLUG}/", "The Day of Solidarity was marked in schools"),
    ],
)  # fmt: skip
def test_a_declared_address_that_agrees_is_the_key(final: str, canonical: str, title: str) -> None:
    assert article_key(final, canonical, title) == normalize_url(canonical)


TITLE = "The Day of Solidarity was marked in schools"
WRONG = [
    None,
    "",
    "/news/98765",
    "news/98765",
    "not an address",
    "javascript:void(0)",
    "http://",
    # another place
    f"{A}/",
    f"{A}/az",
    f"{A}/index.html",
    f"{A}/news",
    f"{A}/news/",
    f"{A}/news/2025/12/31",
    f"{A}/category/5",
    f"{A}/tag/day-of-solidarity",
    f"https://other.example/news/98765-{SLUG}",
    # another article
    f"{A}/news/98764",
    f"{A}/news.php?id=1",
    f"{A}/news/the-day-of-solidarity-in-pictures",
    f"{A}/news/31-december-day-of-solidarity",
    f"{A}/news/what-you-need-to-know-about-the-day-of-solidarity-that-was-marked",
    # another language
    f"{A}/ru/news/98765-{SLUG}",
    f"https://ru.example.org/news/98765-{SLUG}",
    f"{A}/news/98765-{SLUG}?lang=ru",
]


@pytest.mark.parametrize(
    ("final", "canonical"),
    [(final, wrong) for final in (f"{A}/news/98765-{SLUG}", f"{A}/news/{SLUG}") for wrong in WRONG]
    # words alone would agree, the numbers do not
    + [(f"{A}/news/98765-{SLUG}", f"{A}/news/98766-{SLUG}")],
)
def test_a_declared_address_that_does_not_agree_is_left(final: str, canonical: str | None) -> None:
    assert article_key(f"{final}?utm_source=x", canonical, TITLE) == final


def test_an_address_on_another_edition_is_another_article() -> None:
    final = f"{A}/ru/news/98765"
    for canonical in (f"{A}/news/98765", f"{A}/az/news/98765", "https://en.example.org/news/98765"):
        assert article_key(final, canonical, TITLE) == final


PARTS = ["az", "ru", "news", "98765", "98766-old", "2025", SLUG, "?id=98765", "?lang=ru", "/", "."]
ADDRESSES = st.builds(
    lambda host, parts: f"https://{host}/{'/'.join(parts)}",
    st.sampled_from(["example.org", "az.example.org", "m.example.org:8443", "other.example"]),
    st.lists(st.sampled_from(PARTS), max_size=4),
)


@given(ADDRESSES, st.one_of(ADDRESSES, st.text(max_size=20)), st.sampled_from(["", TITLE]))
def test_the_key_is_that_of_one_of_the_two_on_the_same_site(
    final: str, canonical: str, title: str
) -> None:
    key = article_key(final, canonical, title)
    assert same_site(key, final)
    assert article_key(final, final, title) == normalize_url(final)
    if key != normalize_url(final):
        assert key == normalize_url(canonical)
        assert article_key(key, canonical, title) == key


@pytest.mark.parametrize(
    "keys",
    [
        [f"{A}/news/2025/12/31/old-slug-12345.html", f"{A}/news/2025/12/31/new-slug-12345.html"],
        [f"{A}/az/news/12345-slug", f"{A}/az/news/12345", f"{A}/az/society/12345-in-2025"],
        [f"{A}/12345.html", f"{A}/news/12345/old-slug", f"{A}/news.php?id=12345&cat=1001"],
        [f"{A}/index.php?id=12345:old-slug&Itemid=1001", f"{A}/?p=12345", f"{A}/news?newsid=12345"],
        [f"{A}/20251231140502-old-slug", f"{A}/20251231140502-new-slug"],
        ["https://127.0.0.1:8443/a-12345", "https://127.0.0.1:8443/b-12345"],
        [f"{A}/%D9%85%D9%86-12345", f"{A}/a-12345"],
    ],
)
def test_addresses_of_one_article_have_one_stem(keys: list[str]) -> None:
    stems = {id_stem(key) for key in keys}
    assert len(stems) == 1
    assert None not in stems


def test_addresses_of_different_articles_have_different_stems() -> None:
    keys = [
        f"{A}/news/12345",
        f"{A}/news/12346",
        f"{A}/az/news/12345",
        f"{A}/ru/news/12345",
        f"{A}/aze/news/12345",
        f"{A}/news/12345?lang=en",
        "https://az.example.org/news/12345",
        "https://ru.example.org/news/12345",
        "https://example.org:8443/news/12345",
        "https://other.example/news/12345",
    ]
    assert len({id_stem(key) for key in keys}) == len(keys)


@pytest.mark.parametrize(
    "key",
    [
        f"{A}/",
        f"{A}/news/slug",
        f"{A}/news/123-slug",
        f"{A}/news/slug-2025",
        f"{A}/news/2025/12/31/slug",
        f"{A}/news/slug-20251231",
        f"{A}/news/slug-31122025",
        f"{A}/news/202512311405-slug",
        f"{A}/news/some-5000-came-to-the-square",
        f"{A}/news/12345-of-50000",  # either may be the number
        f"{A}/news?page=1000&cat=2000",
        f"{A}/news?id=12345&nid=12346",
        f"{A}/12345/67/slug",
    ],
)
def test_an_address_without_a_number_of_its_own_has_no_stem(key: str) -> None:
    assert id_stem(key) is None
