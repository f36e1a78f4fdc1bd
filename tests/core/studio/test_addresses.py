"""The studio's addresses, asked over HTTP: who gets what, and who does not."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
import soundfile

from utterly.studio.wishes import MOST_CHARACTERS, MOST_UPLOAD_BYTES
from utterly.testing import Fault, ScriptedEngine, hear

InstallEngine = Callable[..., ScriptedEngine]
OpenStudio = Callable[..., str]
Visit = Callable[..., httpx.Client]

FIRST, SECOND = "Here is the first sentence.", "And here comes the second one."


def _finish(client: httpx.Client, track: str) -> dict[str, Any]:
    """What is known of a track when it has ended: its audio ends only then."""
    client.get(f"/api/tracks/{track}/live").raise_for_status()
    return _json(client.get(f"/api/tracks/{track}"))


def _json(response: httpx.Response) -> dict[str, Any]:
    response.raise_for_status()
    values = response.json()
    assert isinstance(values, dict)
    return values


def _speak(client: httpx.Client, text: str = f"{FIRST} {SECOND}", **manner: Any) -> str:
    """Begin to speak; the track's id."""
    return str(_json(client.post("/api/speeches", json={"text": text, **manner}))["id"])


def _messages(client: httpx.Client) -> Iterator[dict[str, Any]]:
    with client.stream("GET", "/api/events") as response:
        for line in response.iter_lines():
            if line.startswith("data: "):
                yield json.loads(line.removeprefix("data: "))


@pytest.fixture
def client(install: InstallEngine, open_studio: OpenStudio, visit: Visit) -> httpx.Client:
    """Somebody in a studio with one engine."""
    install("first")
    return visit(open_studio("first"))


def test_spoken_text_is_all_there(client: httpx.Client) -> None:
    """The track names its segments, and its audio holds them."""
    track = _finish(client, _speak(client))

    assert ("complete", "") == (track["state"], track["error"])
    assert [FIRST, SECOND] == [segment["text"] for segment in track["segments"]]
    audio = client.get(f"/api/tracks/{track['id']}/audio.wav").content
    samples, rate = soundfile.read(io.BytesIO(audio), dtype="float32")
    assert [FIRST, SECOND] == [tone.text for tone in hear(samples, rate, [FIRST, SECOND])]
    assert pytest.approx(len(samples) / rate) == track["duration"]


def test_live_audio_is_that_of_the_file(client: httpx.Client) -> None:
    """What is heard while it is being spoken is what is kept, from any frame on."""
    track = _speak(client)
    live = client.get(f"/api/tracks/{track}/live").content
    late = client.get(f"/api/tracks/{track}/live?from=1000").content

    kept = client.get(f"/api/tracks/{track}/audio.wav").content

    assert kept[44:] == live
    assert live[2000:] == late


@pytest.mark.parametrize("suffix", ["wav", "flac", "ogg", "opus", "mp3"])
def test_audio_comes_in_every_format(client: httpx.Client, suffix: str) -> None:
    """Each can be read again, and has the same length."""
    track = _finish(client, _speak(client))

    response = client.get(f"/api/tracks/{track['id']}/audio.{suffix}?keep")

    with soundfile.SoundFile(io.BytesIO(response.content)) as file:
        assert pytest.approx(track["duration"], abs=0.1) == file.frames / file.samplerate
    kept_as = unquote(response.headers["content-disposition"])
    assert kept_as.endswith(f"Here is the first sentence And here comes the.{suffix}")


def test_player_may_begin_anywhere(client: httpx.Client) -> None:
    """A browser asks for a part of the file when somebody seeks."""
    track = _finish(client, _speak(client))

    response = client.get(
        f"/api/tracks/{track['id']}/audio.wav", headers={"range": "bytes=100-199"}
    )

    assert (206, 100) == (response.status_code, len(response.content))


@pytest.mark.parametrize(("suffix", "first_line"), [("srt", "1"), ("vtt", "WEBVTT")])
def test_subtitles_come_in_both_formats(client: httpx.Client, suffix: str, first_line: str) -> None:
    """They hold what was spoken."""
    track = _finish(client, _speak(client))

    text = client.get(f"/api/tracks/{track['id']}/subtitles.{suffix}").text

    assert first_line == text.splitlines()[0]
    assert FIRST in text


def test_what_a_page_asks_is_done_to_the_letter(
    install: InstallEngine, open_studio: OpenStudio, visit: Visit
) -> None:
    """Chain, voice, language and speed reach the engine."""
    install("first")
    engine = install("second", languages=("en", "de"))
    client = visit(open_studio("first"))

    _finish(
        client,
        _speak(client, engines=["second"], voice="second:second", language="de", speed=1.5),
    )

    assert [("second", "de", 1.5)] * 2 == [
        (request.voice, request.language, request.speed) for request in engine.requests
    ]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b'{"text": ""}', "nothing to speak"),
        (b'{"text": 7}', "Expected `str`"),
        (b"{", "the page asked"),
        (b'{"text": "\xff"}', "the page asked"),
        (b'{"text": "Hello.", "speed": 9}', "speed must be"),
        (b'{"text": "Hello.", "voice": "nobody"}', "nobody"),
        (b'{"text": "Hello.", "engines": ["nobody"]}', "no engine is called"),
    ],
)
def test_mistakes_are_told_in_one_line(client: httpx.Client, body: bytes, complaint: str) -> None:
    """Nothing was begun, and the page can show why."""
    response = client.post("/api/speeches", content=body)

    assert 400 == response.status_code
    assert complaint in response.json()["error"]
    assert [] == _json(client.get("/api/studio"))["tracks"]


def test_long_texts_are_refused(client: httpx.Client) -> None:
    """There is another way for a book, and it is named."""
    response = client.post("/api/speeches", json={"text": "a" * (MOST_CHARACTERS + 1)})

    assert 400 == response.status_code
    assert "utterly say -f" in response.json()["error"]


@pytest.mark.parametrize("is_announced", [True, False])
def test_large_uploads_are_refused(client: httpx.Client, *, is_announced: bool) -> None:
    """More than the limit is not even read, whether its size is told beforehand or not."""
    size = MOST_UPLOAD_BYTES + 1
    body: Any = b"a" * size if is_announced else (b"a" * 100_000 for _ in range(0, size, 100_000))

    response = client.post("/api/dubs?name=film.srt", content=body)

    assert 413 == response.status_code


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("film.doc", b"", "subtitle files end in .srt"),
        ("", b"", "subtitle files end in .srt"),
        ("my film.srt", b"no subtitles\n", "my film.srt"),
        ("../../film.srt", b"no subtitles\n", "film.srt"),
    ],
)
def test_what_is_no_subtitle_file_is_refused(
    client: httpx.Client, name: str, content: bytes, complaint: str
) -> None:
    """The complaint names the file as its owner knows it."""
    response = client.post("/api/dubs", params={"name": name}, content=content)

    assert 400 == response.status_code
    assert complaint in response.json()["error"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/tracks/{}"),
        ("GET", "/api/tracks/{}/live"),
        ("GET", "/api/tracks/{}/audio.wav"),
        ("GET", "/api/tracks/{}/subtitles.srt"),
        ("DELETE", "/api/tracks/{}"),
    ],
)
def test_tracks_are_their_visitors_own(
    install: InstallEngine, open_studio: OpenStudio, visit: Visit, method: str, path: str
) -> None:
    """To anybody else they do not exist, even if the address became known."""
    install("first")
    address = open_studio("first")
    owner, other = visit(address), visit(address)
    track = _finish(owner, _speak(owner))["id"]

    assert 404 == other.request(method, path.format(track)).status_code
    assert owner.request(method, path.format(track)).is_success
    assert [] == _json(other.get("/api/studio"))["tracks"]


def test_nobody_is_told_of_others_requests(
    install: InstallEngine, open_studio: OpenStudio, visit: Visit
) -> None:
    """Of the engines everybody hears, of what is being spoken only who asked for it."""
    install("first")
    address = open_studio("first")
    owner, other = visit(address), visit(address)
    messages = {client: _messages(client) for client in (owner, other)}
    for told in messages.values():
        assert "hello" == next(told)["type"]

    _finish(owner, _speak(owner))
    other.post("/api/engines/first").raise_for_status()
    heard = {client: [*_until(told, "first is ready.")] for client, told in messages.items()}

    assert {"Speaking 2 sentences.", "first is loaded and ready."} <= _sentences(heard[owner])
    assert {"first is loaded and ready."} <= _sentences(heard[other])
    assert "Speaking 2 sentences." not in _sentences(heard[other])
    assert {"told"} == {message["type"] for message in heard[other]}


def _sentences(messages: list[dict[str, Any]]) -> set[str]:
    return {message["sentence"] for message in messages if message["type"] == "told"}


def _until(messages: Iterator[dict[str, Any]], sentence: str) -> Iterator[dict[str, Any]]:
    """The messages up to one that is news."""
    for message in messages:
        yield message
        if message.get("sentence") == sentence and message["is_news"]:
            return


def test_stopped_track_keeps_what_was_spoken(
    install: InstallEngine, open_studio: OpenStudio, visit: Visit
) -> None:
    """The rest is not waited for."""
    install("first", Fault("before_audio", kind="hang", text=SECOND))
    client = visit(open_studio("first"))
    track = _speak(client)
    with client.stream("GET", f"/api/tracks/{track}/live") as live:
        next(live.iter_bytes())

    client.delete(f"/api/tracks/{track}").raise_for_status()

    ended = _finish(client, track)
    assert ("stopped", [FIRST]) == (ended["state"], [s["text"] for s in ended["segments"]])


def test_stopped_dub_keeps_what_was_spoken(
    install: InstallEngine, open_studio: OpenStudio, visit: Visit
) -> None:
    """The cues before can be heard, at their times."""
    install("first", Fault("before_audio", kind="hang", text=SECOND))
    client = visit(open_studio("first"))
    messages = _messages(client)
    next(messages)
    cues = f"00:01.000 --> 00:03.000\n{FIRST}\n\n00:04.000 --> 00:06.000\n{SECOND}\n"
    upload = f"WEBVTT\n\n{cues}".encode()
    track = str(_json(client.post("/api/dubs?name=film.vtt", content=upload))["id"])
    assert any(message.get("share") == 0.5 for message in messages if message["type"] == "track")

    client.delete(f"/api/tracks/{track}").raise_for_status()

    assert "stopped" == _finish(client, track)["state"]
    audio = client.get(f"/api/tracks/{track}/audio.wav").content
    samples, rate = soundfile.read(io.BytesIO(audio), dtype="float32")
    (heard,) = hear(samples, rate, [FIRST, SECOND])
    assert FIRST == heard.text
    assert pytest.approx(1.0, abs=0.02) == heard.start


def test_oldest_track_goes_when_there_are_many(client: httpx.Client) -> None:
    """One visitor cannot fill the disk."""
    tracks = [_finish(client, _speak(client, "Once more."))["id"] for _ in range(13)]

    kept = [track["id"] for track in _json(client.get("/api/studio"))["tracks"]]

    assert tracks[1:] == kept


def test_only_a_few_tracks_are_made_at_once(
    install: InstallEngine, open_studio: OpenStudio, visit: Visit
) -> None:
    """The fifth is refused, with what to do about it."""
    install("first", Fault("before_audio", kind="hang"))
    client = visit(open_studio("first"))
    for _ in range(4):
        _speak(client)

    response = client.post("/api/speeches", json={"text": "Hello."})

    assert 400 == response.status_code
    assert "stop one of them first" in response.json()["error"]


def test_voices_are_listed(client: httpx.Client) -> None:
    """Each with what a page needs to offer it."""
    voices = client.get("/api/voices/first").json()

    assert ["first:first", "first:second"] == [voice["reference"] for voice in voices]
    assert ["en"] == voices[0]["languages"]


def test_unknown_engine_is_not_found(client: httpx.Client) -> None:
    """Neither its voices nor a download."""
    client.get("/api/studio").raise_for_status()

    assert 503 == client.get("/api/voices/nobody").status_code
    assert 404 == client.post("/api/engines/nobody").status_code
