# ruff: noqa: INP001  # benchmarks are no package
"""What is spoken."""

from __future__ import annotations

VOICE = "af_heart"
VOICES = ("af_heart", "bf_emma", "ff_siwis")
"""Of the model that the tests rebuild; the last one is French, and speaks with an accent."""

SENTENCES = (
    "The quick brown fox jumps over the lazy dog.",
    "She sells sea shells on the shore, and the shells she sells are sea shells.",
    "A gentle breeze moved the curtains while the children were asleep.",
    "He opened the old wooden door and walked into the quiet garden.",
    "Nobody expected the train to arrive before the end of the storm.",
    "We had coffee in the kitchen and talked about the summer.",
    "The teacher wrote three long words on the board.",
    "My brother bought a red bicycle with the money that he had saved.",
    "Please remember to close the window before you leave the house.",
    "The river was so cold that nobody wanted to swim.",
)

SENTENCE = (
    "When the ferry finally reached the far side of the lake, the passengers gathered their bags,"
    " thanked the captain, and walked slowly towards the village."
)
"""Some eight seconds."""

PARAGRAPH = """\
In the spring of that year, the village by the lake was quieter than anybody remembered. The
school had closed in the autumn, and most of the young families had moved to the city to look
for work. Those who stayed behind kept the shop, the bakery and the small post office going,
because nobody wanted to be the first to give up. Every morning, the baker lit his oven at four,
and by six the smell of fresh bread had found its way into every house along the main street.
The old captain, who had sailed the ferry for thirty years, came in for his two rolls and stayed
for an hour to talk about the weather. Then, one Tuesday in May, a letter arrived. It had been
sent from a town on the other side of the mountains, and it was addressed to the whole village.
The woman at the post office read it aloud in front of the shop, slowly, so that everybody could
follow. A company wanted to build a workshop for wooden boats, it said, and it was looking for a
place with a harbour, good timber, and people who knew what they were doing. There was a long
silence when she had finished. The captain took off his cap, looked at the water, and began to
laugh. Within a week, a reply had been written, discussed, torn up, and written again. By the
end of the summer the first walls were standing, and on Sundays people walked down to the shore
to see how far the work had come. The school opened its doors again in the following year, with
eleven children, one teacher, and a new bell. And when the first boat was finished, long and
narrow and shining with varnish, nobody had to ask who would take her across the lake for the
first time.
""".replace("\n", " ")
"""Some three hundred words."""


def varied(number: int) -> str:
    """A text that has another length than most others: 3 to 32 words."""
    words = " ".join(SENTENCES).split()
    count = 3 + number * 7 % 30
    start = number * 5 % (len(words) - count)
    return " ".join(words[start : start + count])
