"""The studio in a real browser: type, speak, hear, and see who spoke."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from threading import Event
from typing import TYPE_CHECKING, Any

import pytest
import soundfile

from utterly import Audio, EngineInfo, ModelDownloadError, hookimpl
from utterly.testing import Fault, ScriptedEngine, hear, register_engine, tone

if TYPE_CHECKING:
    from playwright.sync_api import Page

InstallEngine = Callable[..., ScriptedEngine]
OpenStudio = Callable[..., str]
OpenPage = Callable[..., Any]

expect: Any = pytest.importorskip("playwright.sync_api").expect
expect.set_options(timeout=20_000)

SENTENCES = ("Here is the first sentence.", "And here comes the second one.", "This ends it.")
TEXT = " ".join(SENTENCES)
SESAME = "open sesame"
PHONE = {"width": 390, "height": 844}
SUBTITLES = """\
1
00:00:00,500 --> 00:00:02,000
Good evening.

2
00:00:02,500 --> 00:00:04,000
And good night.
"""


def _speak(page: Page, text: str = TEXT) -> None:
    page.get_by_role("textbox").fill(text)
    page.get_by_role("button", name="Speak", exact=True).click()


def _expect_state(page: Page, state: str) -> None:
    expect(page.locator("#result-state")).to_have_text(re.compile(state))


def _expect_duration(page: Page) -> float:
    """The length of what the audio element has, once it is known."""
    duration = page.locator("#audio").evaluate(
        """(audio) => new Promise((resolve) => {
            if (audio.duration) resolve(audio.duration);
            audio.addEventListener("durationchange", () => resolve(audio.duration));
        })"""
    )
    assert isinstance(duration, int | float)
    return float(duration)


def _download(page: Page, selector: str = "#audio") -> tuple[Any, int]:
    """The samples that an audio element plays."""
    address = page.locator(selector).evaluate("(audio) => audio.src")
    samples, rate = soundfile.read(io.BytesIO(page.request.get(address).body()), dtype="float32")
    return samples, rate


def _heard(page: Page, *texts: str, selector: str = "#audio") -> list[str | None]:
    samples, rate = _download(page, selector)
    return [tone.text for tone in hear(samples, rate, texts) if tone.complete]


def _violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe has to say: the rule, and the elements that break it."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    violations = axe.run(page).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in violations]


def test_typed_text_is_spoken_and_heard(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """What the audio element plays has the right length, and every sentence once."""
    install("first")
    page = open_page(open_studio("first"))

    _speak(page)
    _expect_state(page, "Complete")

    samples, rate = _download(page)
    assert pytest.approx(len(samples) / rate, abs=0.05) == _expect_duration(page)
    assert [*SENTENCES] == _heard(page, *SENTENCES)
    expect(page.locator("#segments li")).to_have_count(3)


def test_it_plays_while_it_is_still_being_spoken(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """The first sentence is heard although the last one is nowhere near."""
    engine = install("first", Fault("before_audio", kind="hang", text=SENTENCES[2]))
    page = open_page(open_studio("first"))

    _speak(page)

    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("#now")).to_have_text("0:01")
    _expect_state(page, "Being spoken 67 %")
    engine.release()
    _expect_state(page, "Complete")


def test_playing_on_from_live_to_the_file(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """Pausing, seeking and playing again work when all of it is there."""
    install("first", seconds=2.0)
    page = open_page(open_studio("first"))

    _speak(page)
    _expect_state(page, "Complete")
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("slider", name="Position").press("End")
    page.get_by_role("slider", name="Position").press("ArrowLeft")

    expect(page.locator("#now")).to_have_text("0:04")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator("#now")).to_have_text("0:05")


def test_failing_over_is_told_in_plain_sentences(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """The panel says why, the timeline who spoke what."""
    install("anna", Fault("after_audio", error=OSError("the line is dead")))
    install("berta")
    page = open_page(open_studio("anna", "berta"))

    _speak(page)
    _expect_state(page, "Complete")

    log = page.get_by_role("log")
    expect(log).to_contain_text(re.compile(r"anna could not speak: .+\. berta takes over\."))
    expect(page.get_by_role("list", name="Who speaks")).to_contain_text("berta")
    expect(page.locator("#segments li").first).to_contain_text("berta, first stood in")


def test_voice_introduces_itself(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """A preview is spoken in the chosen voice, by its own engine, and replaces nothing."""
    install("first")
    engine = install("second")
    page = open_page(open_studio("first", "second"))

    page.get_by_label("Voice").select_option("second:second")
    page.get_by_role("button", name="Preview").click()
    sample = "This is what my voice sounds like."

    expect(page.locator("#preview-audio")).to_have_attribute("src", re.compile("audio.wav"))
    assert [sample] == _heard(page, sample, selector="#preview-audio")
    assert ["second"] == [request.voice for request in engine.requests]
    expect(page.locator("#result")).to_be_hidden()


def test_subtitle_file_becomes_a_track(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """An uploaded file is spoken cue by cue, and the track is as long as the file says."""
    install("first")
    page = open_page(open_studio("first"))

    upload = {"name": "film.srt", "mimeType": "text/plain", "buffer": SUBTITLES.encode()}
    expect(page.locator("#file")).to_be_enabled()
    page.locator("#file").set_input_files(upload)
    expect(page.locator("#upload-name")).to_have_text("film.srt")
    page.get_by_role("button", name="Speak", exact=True).click()
    _expect_state(page, "Complete")

    assert pytest.approx(4.0, abs=1e-3) == _expect_duration(page)
    assert ["Good evening.", "And good night."] == _heard(page, "Good evening.", "And good night.")
    expect(page.locator("#segments time").nth(1)).to_have_text("0:02")


def test_broken_download_offers_another_try(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """After it was mended, one press of a button downloads, and the engine speaks."""
    broken = Fault("ensure_model", error=ModelDownloadError("the hub cannot be reached"), times=2)
    install("anna", broken, model_present=False)
    page = open_page(open_studio("anna"))

    _speak(page)
    _expect_state(page, "Not spoken")
    expect(page.get_by_role("alert")).to_contain_text("anna: the hub cannot be reached.")
    page.get_by_role("button", name="Try anna again").click()
    expect(page.get_by_role("log")).to_contain_text("anna is ready.")
    page.get_by_role("alert").get_by_role("button", name="Try again").click()

    _expect_state(page, "Complete")
    assert [*SENTENCES] == _heard(page, *SENTENCES)


def test_broken_download_offers_the_other_engines(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """Who cannot wait has another engine speak, with one press of a button."""
    install("anna", Fault("ensure_model", error=ModelDownloadError("no network")))
    install("berta")
    page = open_page(open_studio("anna"))

    _speak(page)
    page.get_by_role("button", name="Speak with berta").click()

    _expect_state(page, "Complete")
    assert [*SENTENCES] == _heard(page, *SENTENCES)


class SlowDownload:
    """An engine whose model comes half-way, and goes on when it may."""

    utterly_api = 1

    def __init__(self) -> None:
        self.may_go_on = Event()

    @hookimpl
    def describe(self) -> EngineInfo:
        """The facts."""
        return EngineInfo("Carla", "local", ("en",), 24_000)

    @hookimpl
    def ensure_model(self, context: Any) -> str:
        """Half of it, and then the rest."""
        context.progress(50_000_000, 200_000_000, "model")
        while not self.may_go_on.wait(0.01):
            context.progress(50_000_000, 200_000_000, "model")
        return "files"

    @hookimpl
    def synthesize(self, request: Any) -> Iterator[Audio]:
        """A coded tone."""
        yield Audio(tone(request.text, seconds=0.025 * len(request.text)), 24_000)


def test_download_is_shown_with_its_progress(open_studio: OpenStudio, open_page: OpenPage) -> None:
    """Who waits sees for what, and how far it has come."""
    with register_engine(SlowDownload(), "carla") as engine:
        page = open_page(open_studio("carla"))
        _speak(page)

        card = page.locator("li[data-engine=carla]")
        expect(card).to_contain_text("Carla is downloading model: 50.0 MB of 200.0 MB.")
        expect(card.get_by_role("progressbar")).to_have_attribute("value", "0.25")
        engine.may_go_on.set()
        _expect_state(page, "Complete")


def test_two_people_do_not_hear_each_other(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """Each has what they typed and nothing else, and cannot fetch what the other has."""
    install("first")
    address = open_studio("first")
    texts = ("Only Anna may hear this one.", "And this is for Berta alone.")
    pages = [open_page(address) for _ in texts]

    for page, text in zip(pages, texts, strict=True):
        _speak(page, text)
    for page in pages:
        _expect_state(page, "Complete")

    assert [[text] for text in texts] == [_heard(page, *texts) for page in pages]
    for page in pages:
        expect(page.locator("#log li", has_text="Speaking 1 sentence.")).to_have_count(1)
        expect(page.locator("#segments li")).to_have_count(1)
    foreign = pages[0].locator("#audio").evaluate("(audio) => audio.src")
    assert 404 == pages[1].request.get(foreign).status


def test_keyboard_is_enough(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """Typing, speaking, pausing and reordering the engines need no mouse."""
    install("first", seconds=3.0)
    install("second")
    page = open_page(open_studio("first", "second"))
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(page.get_by_role("button", name="Speak", exact=True)).to_be_enabled()

    page.keyboard.type("Nobody touched the mouse.")
    page.keyboard.press("Control+Enter")
    _expect_state(page, "Complete")
    page.get_by_role("slider", name="Position").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()

    page.get_by_role("button", name="Try second earlier").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#chain .name strong")).to_have_text(["second", "first"])


def test_audio_and_subtitles_can_be_kept(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """They are files in the format that was chosen, called after the text."""
    install("first")
    page = open_page(open_studio("first"))
    _speak(page, "Keep this one.")
    _expect_state(page, "Complete")

    page.get_by_label("Format of the audio").select_option("mp3")
    with page.expect_download() as audio:
        page.get_by_role("link", name="Audio").click()
    with page.expect_download() as subtitles:
        page.get_by_role("link", name="SRT").click()

    assert "Keep this one.mp3" == audio.value.suggested_filename
    assert "MP3" == soundfile.info(audio.value.path()).format
    assert "Keep this one." in subtitles.value.path().read_text("utf-8")


def test_reloading_loses_nothing(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """The last track and what happened are there again."""
    install("first")
    page = open_page(open_studio("first"))
    _speak(page)
    _expect_state(page, "Complete")

    page.reload()

    _expect_state(page, "Complete")
    expect(page.locator("#segments li")).to_have_count(3)
    expect(page.get_by_role("log")).to_contain_text("Done:")
    assert [*SENTENCES] == _heard(page, *SENTENCES)


def test_stopping_keeps_what_was_spoken(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """What came before can be heard."""
    install("first", Fault("before_audio", kind="hang", text=SENTENCES[1]))
    page = open_page(open_studio("first"))
    _speak(page)
    expect(page.locator("#segments li")).to_have_count(1)

    page.get_by_role("button", name="Stop").click()

    _expect_state(page, "Stopped")
    assert [SENTENCES[0]] == _heard(page, *SENTENCES)


def test_password_lets_in(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """A wrong one does not, and says so."""
    install("first")
    page = open_page(open_studio("first", password=SESAME))

    page.get_by_label("Password").fill("abracadabra")
    page.get_by_role("button", name="Come in").click()
    expect(page.get_by_role("alert")).to_have_text("That is not the password.")
    page.get_by_label("Password").fill("open sesame")
    page.get_by_role("button", name="Come in").click()

    _speak(page)
    _expect_state(page, "Complete")


def test_nothing_to_speak_with_is_no_dead_page(
    open_studio: OpenStudio, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page says what to install."""
    monkeypatch.setenv("UTTERLY_DISABLE", "edge,espeak,gemini,kokoro")

    page = open_page(open_studio())

    expect(page.locator("#others")).to_contain_text("Cannot be used")
    expect(page.get_by_role("textbox")).to_be_editable()


def test_studio_that_was_started_anew_is_found_again(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """It knows nobody any more: the page loads itself again instead of staying dead."""
    install("first")
    page = open_page(open_studio("first"))
    expect(page.get_by_role("button", name="Speak", exact=True)).to_be_enabled()
    page.evaluate("document.body.dataset.before = 'yes'")

    page.context.clear_cookies()
    page.get_by_role("textbox").fill(TEXT)
    page.get_by_role("button", name="Speak", exact=True).click()

    expect(page.locator("body:not([data-before])")).to_be_attached()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_login_is_accessible(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage, theme: str
) -> None:
    """Axe has nothing to say about the page that asks for the password."""
    install("first")
    page = open_page(open_studio("first", password=SESAME), color_scheme=theme)

    assert [] == _violations(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_page_is_accessible(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage, theme: str
) -> None:
    """Axe has nothing to say, with every part of the page shown, and on a phone."""
    failing = Fault("ensure_model", error=ModelDownloadError("no network"), text=None)
    install("first", failing)
    install("second")
    page = open_page(open_studio("first", "second"), color_scheme=theme)
    _speak(page)
    _expect_state(page, "Complete")
    page.get_by_role("textbox").fill("")
    page.get_by_role("button", name="Take second out of the chain").click()
    _speak(page)
    expect(page.get_by_role("alert").get_by_role("button").first).to_be_visible()

    for size in ({"width": 1280, "height": 900}, PHONE):
        page.set_viewport_size(size)

        assert [] == _violations(page)
    upload = {"name": "film.srt", "mimeType": "text/plain", "buffer": SUBTITLES.encode()}
    page.locator("#file").set_input_files(upload)

    assert [] == _violations(page)


def test_page_fits_a_phone(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """Nothing has to be scrolled sideways."""
    install("first")
    page = open_page(open_studio("first"), viewport=PHONE)
    _speak(page)
    _expect_state(page, "Complete")

    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_theme_is_remembered(
    install: InstallEngine, open_studio: OpenStudio, open_page: OpenPage
) -> None:
    """Who chose dark finds it dark again."""
    install("first")
    page = open_page(open_studio("first"), color_scheme="light")

    page.get_by_role("button", name="Theme: as the system").click()
    page.get_by_role("button", name="Theme: light").click()
    page.reload()

    expect(page.get_by_role("button", name="Theme: dark")).to_be_visible()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert "rgb(20, 21, 26)" == background
