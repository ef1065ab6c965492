"""The digest in a real browser: no barrier, no sideways scroll, no request, printable."""

import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request

from pipeline.charts import percent
from pipeline.render import render_html
from tests.browser.sheets import LANGUAGES_SHOWN, SCHEMES, STATES_SHOWN, WIDTHS
from tests.test_render import HOSTILE, hostile_digest

#: WCAG 2.2 up to AA, and what axe calls good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

AXE = resources.files("axe_playwright_python") / "axe.min.js"

#: Pixels of the smallest text.
SMALLEST = 15.0

PAGES = (
    *(f"{state}-en" for state in STATES_SHOWN),
    *(f"disputed-{language}" for language in LANGUAGES_SHOWN["disputed"] if language != "en"),
    "index-en",
)


#: The others differ from these in words alone.
CHECKED = ("disputed-en", "empty-en", "first-en", "index-en")


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A window in which a page's policy does not bind, or axe could not look at it."""
    opened = browser.new_context(bypass_csp=True)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab."""
    opened = context.new_page()
    yield opened
    opened.close()


def look_at(page: Page, file: Path, *, width: int = 1280) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(file.as_uri())


def violations(page: Page) -> list[str]:
    """Return what axe finds, each with the first element that it names."""
    options = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
    found: list[dict[str, Any]] = page.evaluate(f"axe.run({options}).then(r => r.violations)")
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("name", CHECKED)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_barrier(page: Page, sheets: Path, name: str, width: int) -> None:
    look_at(page, sheets / f"{name}.html", width=width)
    page.evaluate(AXE.read_text("utf-8"))
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], scheme


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways(page: Page, sheets: Path, name: str) -> None:
    look_at(page, sheets / f"{name}.html")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


def test_axe_would_find_a_barrier(page: Page, sheets: Path) -> None:
    look_at(page, sheets / "disputed-en.html")
    page.evaluate(AXE.read_text("utf-8"))
    page.evaluate(
        "document.documentElement.removeAttribute('lang');"
        "document.querySelector('h1').style.color = '#ccc'"
    )
    assert {one.partition(":")[0] for one in violations(page)} >= {
        "color-contrast",
        "html-has-lang",
    }


@pytest.mark.parametrize("name", PAGES)
def test_no_request_leaves_the_page(page: Page, sheets: Path, name: str) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    look_at(page, sheets / f"{name}.html")
    page.emulate_media(media="print")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if not url.startswith("data:")] == [
        (sheets / f"{name}.html").as_uri()
    ]
    assert errors == []


@pytest.mark.parametrize("name", PAGES)
def test_no_text_is_small(page: Page, sheets: Path, name: str) -> None:
    look_at(page, sheets / f"{name}.html", width=320)
    smallest = page.evaluate(
        "Math.min(...[...document.body.querySelectorAll('*')]"
        ".filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())"
        " && !e.closest('svg') && e.getClientRects().length)"
        ".map(e => parseFloat(getComputedStyle(e).fontSize)))"
    )
    assert smallest >= SMALLEST


@pytest.mark.parametrize("name", ["disputed-en", "empty-en"])
def test_the_page_prints(page: Page, sheets: Path, name: str) -> None:
    look_at(page, sheets / f"{name}.html")
    printed = page.pdf(format="A4")
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") >= 1
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("h1").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_first_tab_skips_to_the_digest(page: Page, sheets: Path) -> None:
    look_at(page, sheets / "disputed-en.html")
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    assert link.text_content() == "Skip to the digest"
    assert link.is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "digest"


def test_persian_runs_from_right_to_left(page: Page, sheets: Path) -> None:
    look_at(page, sheets / "disputed-en.html")
    title = page.locator("h3[lang=fa]").first
    assert title.evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_bars_stand_for_their_numbers(page: Page, sheets: Path) -> None:
    """The highest bar fills the plot, the others are to its scale."""
    look_at(page, sheets / "disputed-en.html")
    heights: list[float] = page.eval_on_selector_all(
        ".plot rect", "bars => bars.map(b => b.getBoundingClientRect().height)"
    )
    counts = [
        int(text) for text in page.locator("figure details td").all_text_contents() if int(text)
    ]
    largest = max(heights)
    assert [percent(round(h), round(largest)) for h in heights] == [
        percent(round(largest * n / max(counts)), round(largest)) for n in counts
    ]


def test_colours_follow_the_reader(page: Page, sheets: Path) -> None:
    look_at(page, sheets / "disputed-en.html")
    shown: dict[str, str] = {}
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        shown[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert shown["light"] != shown["dark"]


def test_strangers_words_do_nothing(page: Page, tmp_path: Path) -> None:
    """Without the page's policy, which would stop what the escaping let through."""
    done: list[str] = []
    page.on("dialog", lambda dialog: done.append(dialog.message))
    page.on("request", lambda request: done.append(request.url))
    file = tmp_path / "hostile.html"
    for name, text in HOSTILE.items():
        file.write_text(render_html(hostile_digest(text)), "utf-8")
        look_at(page, file, width=320)
        page.mouse.move(100, 400)
        assert page.locator("script, img, iframe, form").count() == 0, name
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    assert done == [file.as_uri()] * len(HOSTILE)


def test_the_feed_is_well_formed_for_a_browser_too(page: Page, sheets: Path) -> None:
    text = (sheets / "feed.xml").read_text("utf-8")
    root = page.evaluate(
        "text => new DOMParser().parseFromString(text, 'application/xml').documentElement.nodeName",
        text,
    )
    assert root == "feed"
