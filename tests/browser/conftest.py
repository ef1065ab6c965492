"""A real Chromium, one for each process of the tests.

It is Debian's, since a machine without the internet has no other. Where there is none
these tests say so and do nothing; where CI is true they install it or fail.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from pipeline.render import read_published, render_feed, render_html, render_index, render_json
from tests.browser.sheets import LANGUAGES_SHOWN, STATES_SHOWN
from tests.cases.digests.weeks import digest_of

NAMES = ("chromium", "chromium-browser", "google-chrome")

INSTALL = "apt-get install -y --no-install-recommends chromium fonts-noto-core"

#: Nothing that would speak to anybody; no sandbox, since CI is root in a container.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Return the browser's file, None if there is none."""
    return next((file for name in NAMES if (file := shutil.which(name))), None)


def _install() -> None:
    for command in ("apt-get update -q", INSTALL):
        subprocess.run(command.split(), check=True, stdout=subprocess.DEVNULL)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The browser's file; in CI it is installed if it is missing."""
    if os.environ.get("CI") == "true" and not find_chromium():
        import fcntl  # noqa: PLC0415 - only here, and not on every system

        # The processes of one run share this folder: one installs, the others wait.
        with (tmp_path_factory.getbasetemp().parent / "chromium.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not find_chromium():
                _install()
    file = find_chromium()
    if file is None:
        pytest.skip(f"no Chromium here, so no page was looked at; to have it: {INSTALL}")
    return file


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def sheets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the pages to be looked at."""
    folder = tmp_path_factory.mktemp("reports")
    for state in STATES_SHOWN:
        for language in LANGUAGES_SHOWN.get(state, ("en",)):
            page = render_html(digest_of(state, language=language))
            (folder / f"{state}-{language}.html").write_text(page, "utf-8")
    weeks = [read_published(render_json(digest_of(state))) for state in ("holiday", "quiet")]
    (folder / "index-en.html").write_text(render_index(weeks), "utf-8")
    (folder / "feed.xml").write_text(render_feed(weeks), "utf-8")
    return folder
