from ipaddress import ip_address, ip_network

import pytest

from pipeline.web.guard import may_be_dialled

PUBLIC = [
    "8.8.8.8",
    "193.0.6.139",
    "100.63.255.255",  # just below the carriers' block
    "100.128.0.0",  # just above it
    "172.15.255.255",
    "172.32.0.0",
    "2606:4700::1111",
    "2a00:1450:4001::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2002:808:808::1",
]
NOT_PUBLIC = [
    "0.0.0.0",  # noqa: S104
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",  # where clouds keep their secrets
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "224.0.1.1",  # multicast that the standard library calls global
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:8.8.8.8",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",  # Teredo
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:c0a8:101::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "4000::1",
]


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_may_be_dialled(text: str) -> None:
    assert may_be_dialled(ip_address(text))


@pytest.mark.parametrize("text", NOT_PUBLIC)
def test_all_others_may_not(text: str) -> None:
    assert not may_be_dialled(ip_address(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.2", True),
        ("127.0.0.3", True),
        ("::ffff:127.0.0.2", True),
        ("fd00::5", True),
        ("127.0.0.1", False),
        ("127.0.0.4", False),
        ("fd01::5", False),
    ],
)
def test_an_allowed_network_opens_itself_and_no_more(text: str, *, expected: bool) -> None:
    allowed = (ip_network("127.0.0.2/31"), ip_network("fd00::/64"))
    assert may_be_dialled(ip_address(text), allowed) is expected
