"""Who may talk to the studio, and what it gives back when nobody does."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx
import pytest

from utterly.testing import ScriptedEngine

InstallEngine = Callable[..., ScriptedEngine]
OpenStudio = Callable[..., str]
Visit = Callable[..., httpx.Client]

SESAME = "open sesame"


@pytest.fixture
def address(install: InstallEngine, open_studio: OpenStudio) -> str:
    """A studio without a password."""
    install("first")
    return open_studio("first")


@pytest.mark.parametrize(
    ("headers", "is_welcome"),
    [
        ({}, True),
        ({"host": "localhost:1234"}, True),
        ({"host": "[::1]:1234"}, True),
        ({"host": "evil.example"}, False),
        ({"host": "evil.example:80"}, False),
        ({"host": "127.0.0.1.evil.example"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
    ],
)
def test_other_pages_are_turned_away(
    address: str, visit: Visit, headers: dict[str, str], *, is_welcome: bool
) -> None:
    """Neither a page elsewhere nor a foreign name for this machine gets an answer."""
    client = visit(address)

    response = client.post("/api/speeches", json={"text": "Hello."}, headers=headers)

    assert (201 if is_welcome else 403) == response.status_code


def test_own_origin_is_welcome(address: str, visit: Visit) -> None:
    """Browsers send it with every request that changes something."""
    client = visit(address)

    response = client.post("/api/speeches", json={"text": "Hello."}, headers={"origin": address})

    assert 201 == response.status_code


def test_link_elsewhere_may_lead_here(address: str, visit: Visit) -> None:
    """Somebody who follows one sees the page."""
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}

    assert 200 == visit(address).get("/", headers=headers).status_code


def test_strangers_get_nothing(address: str) -> None:
    """Without the cookie of the page there is no address that answers."""
    with httpx.Client(base_url=address, trust_env=False) as stranger:
        answers = [
            stranger.get(path).status_code
            for path in ("/api/studio", "/api/events", "/api/voices/first", "/api/tracks/1")
        ]

    assert [401] * 4 == answers


def test_page_may_load_nothing_from_elsewhere(address: str, visit: Visit) -> None:
    """The browser itself is told to refuse it, on every address."""
    client = visit(address)

    policies = [
        client.get(path).headers["content-security-policy"]
        for path in ("/", "/page/studio.js", "/api/studio", "/api/tracks/none")
    ]

    assert {True} == {policy.startswith("default-src 'none'") for policy in policies}
    assert [] == [policy for policy in policies if "http" in policy or "*" in policy]


def test_cookie_is_for_this_page_alone(address: str) -> None:
    """No script reads it, and no other page sends it."""
    with httpx.Client(base_url=address, trust_env=False) as client:
        cookie = client.get("/").headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=strict" in cookie


@pytest.mark.parametrize("path", ["/", "/api/studio", "/api/events"])
def test_password_is_asked_for_everywhere(
    install: InstallEngine, open_studio: OpenStudio, path: str
) -> None:
    """Neither the page nor its addresses open without it."""
    install("first")
    address = open_studio("first", password=SESAME)
    with httpx.Client(base_url=address, trust_env=False) as client:
        response = client.get(path)

        assert response.status_code in (303, 401)
        assert not response.cookies


@pytest.mark.parametrize(("guess", "goes_to"), [("open sesame", "/"), ("sesame", "/login?wrong")])
def test_only_the_password_opens(
    install: InstallEngine, open_studio: OpenStudio, guess: str, goes_to: str
) -> None:
    """A wrong one leads back, without a cookie."""
    install("first")
    address = open_studio("first", password=SESAME)
    with httpx.Client(base_url=address, trust_env=False) as client:
        response = client.post("/login", data={"password": guess})

    assert goes_to == response.headers["location"]
    assert (goes_to == "/") == bool(response.cookies)


def test_studio_with_a_password_answers_to_any_name(
    install: InstallEngine, open_studio: OpenStudio
) -> None:
    """Behind a tunnel or in a network it has names that it cannot know."""
    install("first")
    address = open_studio("first", password=SESAME)
    with httpx.Client(base_url=address, trust_env=False) as client:
        response = client.get("/login", headers={"host": "studio.example"})

    assert 200 == response.status_code


def _wait_until(condition: Callable[[], bool]) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + 20
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def test_models_stay_while_somebody_is_there_and_go_afterwards(
    install: InstallEngine, open_studio: OpenStudio, visit: Visit
) -> None:
    """An open page keeps them loaded from one text to the next; when it goes, they go."""
    engine = install("first")
    client = visit(open_studio("first", idle_seconds=0.0))
    with client.stream("GET", "/api/events") as page:
        lines = page.iter_lines()
        next(lines)
        for _ in range(2):
            track = client.post("/api/speeches", json={"text": "Hello, everybody."}).json()["id"]
            client.get(f"/api/tracks/{track}/live").raise_for_status()

        assert (1, 0) == (engine.called("load"), engine.called("unload"))

    assert _wait_until(lambda: engine.called("unload") == 1)


def test_who_comes_back_finds_everything_at_work(
    install: InstallEngine, open_studio: OpenStudio, visit: Visit
) -> None:
    """After the models went, the next text loads them again."""
    engine = install("first")
    client = visit(open_studio("first", idle_seconds=0.0))
    for count in (1, 2):
        track = client.post("/api/speeches", json={"text": "Hello, everybody."}).json()["id"]
        client.get(f"/api/tracks/{track}/live").raise_for_status()

        assert _wait_until(lambda: engine.called("unload") == count)  # noqa: B023  # used at once

    assert 2 == engine.called("load")
