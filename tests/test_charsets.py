"""Bytes are decoded by what they show, not by what the host says of them."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.charsets import decode

RU = "<p>День солидарности отметили в Баку. УКАЗ подписан. «Праздник» — 31 декабря.</p>"
KOI = "<p>День солидарности отметили в Баку. УКАЗ подписан 31 декабря.</p>"  # has no «»
TR = "<p>Dayanışma Günü İstanbul'da kutlandı; ĞÜÇLÜ bir ŞÖLEN, “çağrı” yapıldı.</p>"
AZ = "<p>Dünya azərbaycanlılarının həmrəyliyi günü qeyd olunub.</p>"
FR = "<p>La journée de solidarité, célébrée à Noël — l’été dernier, ça et là.</p>"
DE = "<p>Der Tag der Solidarität wird für Ältere schön und größer gefeiert.</p>"
PL = "<p>Dzień solidarności świętują wszędzie, gdzie żyją Azerbejdżanie.</p>"
FA = "<p>روز همبستگي آذربايجاني هاي جهان در تهران برگزار شد، گفت.</p>"

#: Text, the charset it is sent in, the languages of its source.
SENT = [
    (RU, "windows-1251", ("ru", "az")),
    (RU, "windows-1251", ()),
    (KOI, "koi8-r", ("ru",)),
    (KOI, "koi8-r", ()),
    (RU, "windows-1251", ("tr",)),
    (TR, "windows-1254", ("tr",)),
    (TR, "windows-1254", ("az", "ru", "en", "tr")),
    (TR, "windows-1254", ()),
    (FR, "windows-1252", ("fr",)),
    (FR, "windows-1252", ()),
    (DE, "windows-1252", ("de", "en")),
    (DE, "windows-1252", ("ru",)),
    (PL, "windows-1250", ("pl",)),
    (FA, "windows-1256", ("fa",)),
    (FA, "windows-1256", ()),
    (AZ, "utf-8", ("az",)),
    (RU, "utf-8", ()),
    (FA, "utf-8", ()),
]
META_866 = "<meta http-equiv=x content='text/html;charset=ibm866'>"
DECLARED = [
    "", "utf-8", "UTF-16", "iso-8859-1", "windows-1251", "koi8-r", '"Windows-1254"', "x-nonsense",
]  # fmt: skip


@pytest.mark.parametrize("label", DECLARED)
@pytest.mark.parametrize(("text", "charset", "languages"), SENT)
def test_a_wrong_declaration_gives_no_mojibake(
    text: str, charset: str, languages: tuple[str, ...], label: str
) -> None:
    body = text.encode(charset)
    content_type = f"text/html; charset={label}" if label else ""
    assert decode(body, content_type=content_type, languages=languages).text == text


@pytest.mark.parametrize("label", DECLARED)
def test_prolog_and_meta_are_no_better_than_the_header(label: str) -> None:
    label = label.strip('"')
    for head in (f'<?xml version="1.0" encoding="{label}"?>', f'<meta charset="{label}">'):
        assert decode((head + AZ).encode()).text == head + AZ
        body = (head + RU).encode("windows-1251")
        assert decode(body, languages=("ru",)).text == head + RU


@pytest.mark.parametrize(
    ("head", "content_type", "charset"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-5"?>', "", "iso-8859-5"),
        ("<?xml version='1.0' encoding='CP866'?>", "", "cp866"),
        ('<meta charset="x-mac-cyrillic">', "", "mac-cyrillic"),
        ("", 'text/html; Charset="CP-1251"', "windows-1251"),
        (f"<style>{'a' * 9_000}</style>{META_866}", "", "cp866"),
        ("<meta charset=bogus><meta charset=iso-8859-5>", "text/xml; charset=none", "iso-8859-5"),
    ],
)  # fmt: skip
def test_a_rare_charset_is_read_where_it_is_declared(
    head: str, content_type: str, charset: str
) -> None:
    text = head + "<p>День солидарности отметили в столице</p>"
    found = decode(text.encode(charset), content_type=content_type)
    assert (found.text, found.charset, found.evidence) == (text, charset, "declared")


@pytest.mark.parametrize("charset", ["gb18030", "big5", "shift_jis", "euc_kr"])
def test_multibyte_charsets_are_believed_when_they_decode(charset: str) -> None:
    label = {"shift_jis": "Shift_JIS", "gb18030": "gb2312", "euc_kr": "euc-kr"}.get(
        charset, charset
    )
    text = "<p>" + ("세계 단결의 날" if charset == "euc_kr" else "世界中文") + "</p>"
    assert decode(text.encode(charset), content_type=f"a/b; charset={label}").text == text


def test_a_multibyte_charset_that_does_not_decode_is_not_believed() -> None:
    assert (
        decode(TR.encode("cp1254"), content_type="a/b;charset=euc-kr", languages=("tr",)).text == TR
    )


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_charsets_are_known_with_and_without_a_mark(charset: str) -> None:
    marks = {
        "utf-16-le": codecs.BOM_UTF16_LE,
        "utf-16-be": codecs.BOM_UTF16_BE,
        "utf-32-le": codecs.BOM_UTF32_LE,
        "utf-32-be": codecs.BOM_UTF32_BE,
    }
    bare = RU.encode(charset)
    assert decode(bare, content_type="text/xml; charset=utf-8").text == RU
    assert decode(marks[charset] + bare).text == RU
    assert decode(bare).evidence == "nul bytes"


def test_a_utf8_mark_is_dropped() -> None:
    assert decode(codecs.BOM_UTF8 + AZ.encode(), content_type="a/b; charset=koi8-r").text == AZ


def test_a_few_broken_bytes_do_not_cost_the_whole_text() -> None:
    found = decode((AZ * 3).encode() + b"\xfe\xff broken" + RU.encode())
    assert found.text == AZ * 3 + "\ufffd\ufffd broken" + RU
    assert found.evidence == "mostly utf-8"


def test_a_character_cut_off_at_the_end_is_left_out() -> None:
    assert decode("Həmrəyliyin günü ş".encode()[:-1]).text == "Həmrəyliyin günü "
    assert decode("Journée d'été".encode("cp1252"), languages=("fr",)).text == "Journée d'été"


@pytest.mark.parametrize(
    ("text", "wrongly"),
    [(AZ, "windows-1251"), (AZ, "latin-1"), (DE, "windows-1252"), (TR, "latin-1")],
)
def test_utf8_encoded_twice_is_undone(text: str, wrongly: str) -> None:
    found = decode(text.encode().decode(wrongly).encode())
    assert (found.text, found.evidence) == (text, "utf-8 twice")


def test_a_quotation_of_garbled_text_is_left_alone() -> None:
    text = "<p>The feed showed “HÉ™mrÉ™ylik” for “Həmrəylik”.</p>"
    assert decode(text.encode()).text == text


def test_a_binary_body_is_read_without_sense() -> None:
    assert decode(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x10").text
    assert decode(b"").text == ""
    assert decode(b"\x81\x8d\x81", content_type="text/html; charset=windows-1251").charset


@settings(deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from(["", "text/html; charset=big5", "text/html; charset=koi8-r", "charset=utf-16"]),
    st.sampled_from([(), ("az", "ru"), ("fa",), ("xx",)]),
)
def test_any_bytes_become_text(body: bytes, content_type: str, languages: tuple[str, ...]) -> None:
    found = decode(body, content_type=content_type, languages=languages)
    assert len(found.text) <= len(body)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_sound_utf8_is_read_as_it_is(text: str) -> None:
    body = text.encode("utf-8", "ignore")
    if not body.startswith(codecs.BOM_UTF8) and b"\0" not in body:
        found = decode(body, content_type="text/html; charset=windows-1251")
        assert found.charset.startswith("utf-")
        assert found.evidence == "utf-8 twice" or found.text.encode() == body
