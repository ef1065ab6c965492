import pytest

from pipeline.web.cookies import Cookies

ORIGIN = "https://a.example/1"


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        (["id=1"], "id=1"),
        (["id=1; Max-Age=5", "lang=az;Secure", "id=2"], "id=2; lang=az"),
        (["id="], "id="),
        (['id="a b"', "n=a,b"], "n=a,b"),
        (["id"], ""),
        (["=1"], ""),
        (["id=1\r\nX: y"], ""),
        (["id=\xe9"], ""),
        (["a=" + "x" * 9_000, "b=1"], "b=1"),
        ([""], ""),
    ],
)
def test_what_comes_back(given: list[str], sent: str) -> None:
    cookies = Cookies()
    cookies.take(ORIGIN, given)
    assert cookies.for_url(ORIGIN) == sent


def test_a_flood_is_cut_off() -> None:
    cookies = Cookies()
    cookies.take(ORIGIN, [f"c{n}={n}" for n in range(2_000)])
    assert len(cookies.for_url(ORIGIN)) < 20_000


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/1",
        "https://www.a.example/1",
        "https://a.example:8443/1",
        "https://b.example/1",
    ],
)
def test_nobody_else_gets_them(url: str) -> None:
    cookies = Cookies()
    cookies.take(ORIGIN, ["id=1; Domain=.example"])
    assert cookies.for_url(url) == ""
    assert cookies.for_url("https://user:secret@A.example/2") == "id=1"
