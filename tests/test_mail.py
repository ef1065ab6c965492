"""The digest as a message: it says what the page says, repeats byte for byte, and is harmless."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from pipeline.model import Digest
from pipeline.render import Envelope, read_addresses, render_mail
from tests.cases.digests.weeks import digest_of, large_digest
from tests.test_render import HOSTILE, HOSTILE_URLS, STATES, hostile_digest

#: In bytes of HTML; a widespread mail reader cuts off what is beyond.
CLIPPED = 102_000

ENVELOPE = Envelope(
    sender=read_addresses("Həmrəylik <digest@news.example>")[0],
    recipients=read_addresses("readers@news.example, Şəbəkə <office@news.example>"),
    sent_at=datetime(2027, 1, 4, 6, 0, tzinfo=UTC),
)

ONLINE = replace(ENVELOPE, reports_url="https://news.example/reports/")


def read(message: bytes) -> EmailMessage:
    parsed = message_from_bytes(message, policy=default)
    assert isinstance(parsed, EmailMessage)
    assert [part.defects for part in parsed.walk()] == [[]] * 3
    return parsed


def found(page: str, path: str) -> list[Any]:
    return list(html.fromstring(page).xpath(path))  # type: ignore[arg-type]


def parts(message: bytes) -> tuple[str, str]:
    text, page = (part.get_content() for part in read(message).iter_parts())
    return text, page


def mailed(digest: Digest, envelope: Envelope = ENVELOPE) -> tuple[str, str]:
    return parts(render_mail(digest, envelope))


def test_the_headers_say_who_when_and_what() -> None:
    message = read(render_mail(digest_of("holiday"), ENVELOPE))
    assert message["From"] == "Həmrəylik <digest@news.example>"
    assert message["To"] == "readers@news.example, Şəbəkə <office@news.example>"
    assert message["Subject"] == f"2026-W53: {digest_of('holiday').headline}"
    assert message["Date"] == "Mon, 04 Jan 2027 06:00:00 +0000"
    assert message["List-Id"] == "<solidarity-digest.news.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en"
    assert re.fullmatch(r"<[0-9a-f-]{36}@news\.example>", message["Message-ID"])
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("language", ["az", "en", "ru", "tr"])
def test_every_state_is_told_in_both_parts(state: str, language: str) -> None:
    digest = digest_of(state, language=language)
    message = render_mail(digest, ENVELOPE)
    text, page = parts(message)
    shown = " ".join("".join(found(page, "//body//text()")).split())
    plain = " ".join(text.split())
    headline = " ".join(digest.headline.split())
    assert headline in shown
    assert headline in plain
    for story in digest.stories:
        for quoted in (story.headline, *story.sentences):
            assert quoted.text in shown
            assert quoted.text in plain
            assert quoted.article.article.url in text
            assert f'href="{quoted.article.article.url}"' in page
    if digest.stories:
        assert [one for one in digest.figures if f">{one.value}<" not in page] == []
    assert f'<html lang="{language}" dir="ltr">' in page


def test_the_same_digest_is_the_same_bytes_and_keeps_its_number() -> None:
    digest = digest_of("holiday")
    once = render_mail(digest, ENVELOPE)
    assert render_mail(digest_of("holiday"), ENVELOPE) == once
    later = render_mail(digest, replace(ENVELOPE, sent_at=datetime(2027, 1, 5, tzinfo=UTC)))
    other = render_mail(digest_of("down"), ENVELOPE)
    assert later != once
    assert read(later)["Message-ID"] == read(once)["Message-ID"] != read(other)["Message-ID"]


@pytest.mark.parametrize("digest", [digest_of("holiday", language="ru"), large_digest(10_000)])
def test_it_passes_every_server_and_is_shown_whole(digest: Digest) -> None:
    message = render_mail(digest, ONLINE)
    assert message.isascii()
    assert max(map(len, message.split(b"\r\n"))) <= 76
    assert b"\n" not in message.replace(b"\r\n", b"")
    _, page = parts(message)
    assert len(page.encode()) < CLIPPED


@pytest.mark.parametrize("state", STATES)
def test_it_asks_for_nothing(state: str) -> None:
    _, page = mailed(digest_of(state), ONLINE)
    assert found(page, "//img|//script|//link|//form|//iframe|//object|//svg|//input") == []
    assert found(page, "//@src|//@background|//@srcset") == []
    assert not re.search(r"url\(|@import|@font-face|var\(", page)
    assert [address for address in found(page, "//@href") if "?" in address] == []
    assert {address.partition(":")[0] for address in found(page, "//@href")} == {"https"}


def test_it_links_to_the_page_only_where_it_is_served() -> None:
    week = digest_of("holiday").week
    others = [(week.shifted(-1), "A quiet week"), (week.shifted(-2), "Another one")]
    text, page = parts(render_mail(digest_of("holiday"), ONLINE, others))
    for name in ("2026-W53", "2026-W52", "2026-W51"):
        address = f"https://news.example/reports/{name}.html"
        assert address in text
        assert f'href="{address}"' in page
    assert "Other weeks" in text
    assert page.index("A quiet week") < page.index("Another one")
    text, page = parts(render_mail(digest_of("holiday"), ENVELOPE, others))
    assert "A quiet week" in text
    assert "A quiet week" in page
    assert ".html" not in text + page
    assert "Other weeks" not in "".join(mailed(digest_of("holiday")))


def test_a_list_that_is_cut_says_how_much_is_left() -> None:
    text, page = mailed(large_digest(10_000))
    for said in (" more passages.", " more words.", " more stories."):
        assert re.search(rf"And [\d,]+{said}", text)
        assert re.search(rf"And [\d,]+{said}", page)


def test_a_right_to_left_title_says_so() -> None:
    _, page = mailed(digest_of("holiday"))
    [title] = found(page, '//h3[@lang="fa"]')
    assert title.get("dir") == "rtl"


def test_plain_words_are_in_short_lines() -> None:
    text, _ = mailed(digest_of("disputed", language="az"))
    long = [line for line in text.splitlines() if len(line) > 72]
    assert [line for line in long if not line.startswith("https://")] == []


# --- harmless --------------------------------------------------------------


def harmless(message: bytes) -> tuple[str, str]:
    """Check what holds of every message, and return its parts."""
    headers = message.partition(b"\r\n\r\n")[0].decode("ascii")
    names = re.findall(r"^([\w-]+):", headers, flags=re.MULTILINE)
    assert names == [
        "From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted",
        "MIME-Version", "Content-Type", "Content-Language",
    ]  # fmt: skip
    text, page = parts(message)
    assert found(page, "//script|//img|//*[@onmouseover or @onerror]") == []
    assert {one.partition("://")[0] for one in found(page, "//@href")} <= {"http", "https"}
    return text, page


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_are_shown_and_not_obeyed(name: str) -> None:
    text, page = harmless(render_mail(hostile_digest(HOSTILE[name]), ONLINE))
    for unseen in "\u202e\u2066\u200b\ufeff\u2060\x00\x1b\x08":
        assert unseen not in text + page
    assert "://evil" not in text + page
    assert "www.evil" not in text + page
    assert "49" not in text or name != "template"
    assert len(page.encode()) < CLIPPED


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_a_hostile_address_is_no_link(url: str) -> None:
    text, page = harmless(render_mail(hostile_digest("Xəbər", url), ENVELOPE))
    assert found(page, "//@href") == []
    assert "javascript" not in text.lower()


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\x85", "\x0b", "\x0c"])
def test_no_line_break_makes_a_header(end: str) -> None:
    attack = f"Title{end}Bcc: victim@news.example{end}{end}<p>body"
    digest = replace(hostile_digest(attack), headline=attack)
    message = render_mail(digest, ENVELOPE, [(digest.week, attack)])
    harmless(message)
    assert read(message)["Subject"] == "2026-W53: Title Bcc: victim@news.example <p>body"
    assert read(message)["Bcc"] is None


@settings(deadline=None, max_examples=20)
@given(st.text(max_size=300))
def test_any_words_make_a_message(words: str) -> None:
    digest = hostile_digest(words)
    harmless(render_mail(replace(digest, headline=words), ENVELOPE))


# --- addresses -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("a@b.example", ["a@b.example"]),
        (
            " Həmrəylik xəbərləri <a.b+c@d.example> , e@f.example",
            ["a.b+c@d.example", "e@f.example"],
        ),
        ('"Office, Baku" <a@b.example>', ["a@b.example"]),
        ("root@localhost,", ["root@localhost"]),
        ("<a@b.example>", ["a@b.example"]),
    ],
)
def test_addresses_are_read(text: str, found: list[str]) -> None:
    assert [one.addr_spec for one in read_addresses(text)] == found


@pytest.mark.parametrize(
    "text",
    [
        "nobody",
        "a@b.example; c@d.example",
        "a@b.example c@d.example",
        "a@b@c.example",
        "ə@b.example",
        "a@bə.example",
        "a b@c.example",
        "<a@b.example",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\nX: y",
        '"a\\" b"@c.example',
        "a..b@c.example",
        "a@-b.example",
        "a@",
        "@b.example",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        read_addresses(text)
