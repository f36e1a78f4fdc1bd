"""A track as the file that somebody wants to keep."""

from __future__ import annotations

from pathlib import Path

from utterly.audio_file import AudioFile
from utterly.speech import make_tags
from utterly.studio.track import Track

MEDIA_TYPES = {
    ".wav": "audio/wav",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".mp3": "audio/mpeg",
}
_BLOCK_FRAMES = 65_536


def encode_track(track: Track, suffix: str) -> Path:
    """The audio of a track in a format; it is made once, with flat memory.

    Args:
        track: One that can be heard.
        suffix: Of the format, such as `".mp3"`.

    Raises:
        OutputError: It cannot be written.
    """
    import soundfile

    place = track.path.with_suffix(suffix)
    if place.exists():
        return place
    with soundfile.SoundFile(track.path) as source:
        tags = {**make_tags(place, _speakers(track)), "title": track.title}
        file = AudioFile(place, source.samplerate, tags)  # every format takes the usual rate
        try:
            for block in source.blocks(_BLOCK_FRAMES, dtype="float32"):
                file.write(block)
        except BaseException:
            file.discard()
            raise
    return file.finish()


def _speakers(track: Track) -> tuple[str, ...]:
    spoken = (f"{s.engine}:{s.voice}" for s in track.segments if s.engine)
    return tuple(dict.fromkeys(spoken))
