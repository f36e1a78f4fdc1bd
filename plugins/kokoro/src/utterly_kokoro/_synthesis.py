"""Speaking one segment, piece by piece."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from utterly import Audio, IncompleteAudioError, UtterlyError, Word
from utterly_kokoro._memory import trim_memory
from utterly_kokoro._seams import FRAMES_PER_SECOND, cut_silence, in_parts
from utterly_kokoro._tokens import Token, lay_out, split_tokens
from utterly_kokoro._voices import check_language, read_blend

if TYPE_CHECKING:
    from utterly import Context, SpeechRequest
    from utterly_kokoro._engine import Kokoro

SAMPLE_RATE = 24_000
_PAUSES = ' .,!?;:—…()“”"'


def speak(model: Kokoro, request: SpeechRequest, context: Context) -> Generator[Audio]:
    """Speak one segment.

    Yields:
        Audio as it is made, each with its words.

    Raises:
        UnsupportedError: There is no such voice, or it speaks another language.
        OutOfMemoryError: There is no memory for it.
        IncompleteAudioError: The text cannot be turned into phonemes.
    """
    blend = read_blend(request.voice, model.voices)
    check_language(blend.letter, request.language)
    pack = model.packs.blend(blend)
    tokens = _pronounce(model, request.text, blend.letter)
    split = split_tokens(tokens, awaited=context.awaited)
    pieces = [piece for piece in split if any(map(str.isalpha, lay_out(piece)))]
    start = 0.0
    for number, piece in enumerate(pieces, start=1):
        if context.cancelled():
            return
        is_last = number == len(pieces)
        utterance = model.speak(lay_out(piece), pack, request.speed, request.seed, context)
        lead, samples = cut_silence(utterance, before=number > 1, after=not is_last)
        words = tuple(_words(piece, utterance.durations, start - lead))
        audio = Audio(samples, SAMPLE_RATE, words)
        start += audio.duration
        del utterance
        trim_memory()
        yield from (audio,) if is_last else in_parts(audio)


def _pronounce(model: Kokoro, text: str, letter: str) -> list[Token]:
    try:
        tokens = model.pronunciation(text, letter)
    except UtterlyError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever so many libraries raise
        # Its message may quote the text.
        raise IncompleteAudioError(
            f"the text cannot be turned into phonemes ({type(error).__name__})"
        ) from None
    if not tokens and any(map(str.isalnum, text)):
        raise IncompleteAudioError("nothing in the text can be turned into phonemes")
    return tokens


def _words(tokens: Sequence[Token], durations: Sequence[int], start: float) -> Iterator[Word]:
    """When each word is heard.

    Args:
        tokens: That were spoken.
        durations: Of each phoneme, with one more at either end.
        start: Seconds from the start of the segment.
    """
    times = [start + frames / FRAMES_PER_SECOND for frames in accumulate(durations)]
    position = 0
    for token in tokens:
        end = position + len(token.phonemes.rstrip(_PAUSES))
        if token.text:
            yield from _share(token.text.split(), times[position], times[min(end, len(times) - 1)])
        position += len(token.phonemes) + token.space


def _share(words: Sequence[str], start: float, end: float) -> Iterator[Word]:
    """Give words that are spoken as one each its part of the time, by its length."""
    per_letter = (end - start) / sum(map(len, words))
    for word in words:
        after = min(start + per_letter * len(word), end)
        yield Word(word, start, after)
        start = after
