"""The environment is read, and what cannot be used is said."""

from ipaddress import ip_network

import pytest

from pipeline.errors import ConfigError
from pipeline.settings import Settings, read_settings


def test_nothing_said_means_the_defaults() -> None:
    assert read_settings({}) == Settings()


def test_the_environment_wins_over_the_defaults() -> None:
    settings = read_settings(
        {
            "SOLIDARITY_SOURCES": "mine.yaml",
            "SOLIDARITY_DATABASE_URL": "postgresql://db/news",
            "SOLIDARITY_REPORTS": "out",
            "SOLIDARITY_PAGES": "raw",
            "SOLIDARITY_LANGUAGE": "az",
            "SOLIDARITY_REPORTS_URL": "https://news.example/reports",
            "SOLIDARITY_SMTP_URL": "smtp://me:secret@mail.example",
            "SOLIDARITY_MAIL_FROM": "digest@news.example",
            "SOLIDARITY_MAIL_TO": "readers@news.example",
            "SOLIDARITY_USER_AGENT": "me (+mailto:me@a.example)",
            "SOLIDARITY_GAP": "0.25",
            "SOLIDARITY_FIRST_INTERVAL": "1800",
            "SOLIDARITY_SHORTEST_INTERVAL": "600",
            "SOLIDARITY_LONGEST_INTERVAL": "43200",
            "SOLIDARITY_ALLOW_NETWORKS": "127.0.0.0/8, ::1/128",
        }
    )
    assert settings == Settings(
        sources="mine.yaml",
        database_url="postgresql://db/news",
        reports="out",
        pages="raw",
        language="az",
        reports_url="https://news.example/reports",
        smtp_url="smtp://me:secret@mail.example",
        mail_from="digest@news.example",
        mail_to="readers@news.example",
        user_agent="me (+mailto:me@a.example)",
        gap=0.25,
        first_interval=1800.0,
        shortest_interval=600.0,
        longest_interval=43200.0,
        allowed_networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
    )
    assert "secret" not in repr(settings)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SOLIDARITY_GAP", "soon"),
        ("SOLIDARITY_GAP", "-1"),
        ("SOLIDARITY_GAP", "nan"),
        ("SOLIDARITY_GAP", "inf"),
        ("SOLIDARITY_SHORTEST_INTERVAL", "often"),
        ("SOLIDARITY_SHORTEST_INTERVAL", "100000"),  # longer than the longest
        ("SOLIDARITY_LONGEST_INTERVAL", "60"),
        ("SOLIDARITY_LANGUAGE", "xx"),
        ("SOLIDARITY_ALLOW_NETWORKS", "localhost"),
        ("SOLIDARITY_ALLOW_NETWORKS", "127.0.0.1/8"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        read_settings({name: value})


@pytest.mark.parametrize(
    ("url", "pages"),
    [
        ("sqlite:///db/news.db", "db/pages"),
        ("sqlite:////var/lib/news.db", "/var/lib/pages"),
        ("sqlite:///news.db", "pages"),
        ("postgresql://db/news", "db/pages"),
    ],
)
def test_the_pages_lie_beside_the_database(url: str, pages: str) -> None:
    assert Settings(database_url=url).pages_folder == pages
