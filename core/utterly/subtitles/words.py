"""Words before and after which subtitlers do, and do not, end a line.

The language of a text is not asked for: a word that means something else in another language makes
one place look a little better or worse, no more.
"""

# ruff: noqa: RUF001  # some words of other scripts look like Latin ones

from __future__ import annotations

from typing import Final

_CONJUNCTIONS: Final = """
    after although and as because before but if nor or since so than that though unless until when
    where whether which while who whose yet
    aber als bevor bis da dass denn doch nachdem ob obwohl oder sobald sondern und während weil wenn
    car comme donc et lorsque mais ni or ou où parce puisque quand que qui quoique si
    aunque como cuando donde e mientras o pero porque pues que quien si sino u y
    embora enquanto mas nem onde ou pois quando quem se
    anche che chi dove ma mentre né perché poiché quando se
    en maar of omdat want
    а если и или когда который но потому чтобы что
"""
_PREPOSITIONS: Final = """
    about above across against along among around at behind below between by during for from in into
    near of off on onto over through to toward towards under upon with within without
    an auf aus bei durch für gegen hinter in mit nach neben ohne seit trotz über um unter von vor
    wegen zu zum zur zwischen
    à après au aux avant avec chez contre dans de depuis des du en entre par pendant pour sans sous
    sur vers
    al ante bajo con contra de del desde durante en entre hacia hasta para por según sin sobre tras
    ao até com da das do dos em na nas no nos pela pelo sem
    con da dal dalla dei del della di nel nella per senza sotto su sul sulla tra fra
    bij met naar op te tot uit van voor zonder
    без в для до за из к на о от по под при с у через
"""

_DETERMINERS: Final = """
    a an her his its my our the their these this those your
    das dem den der des die ein eine einem einen einer eines ihr ihre kein keine mein meine sein
    seine
    ce ces cette la le les leur leurs ma mes mon sa ses son un une
    el esta este las los mi su sus un una unas unos
    as os um uma
    gli i il lo uno
    de een het
"""

LINKING_WORDS = frozenset((_CONJUNCTIONS + _PREPOSITIONS).split())
"""Conjunctions and prepositions: a line ends well before them, and badly after them."""

DETERMINERS = frozenset(_DETERMINERS.split())
"""Words that a line does not end after, since they belong to the next one."""
