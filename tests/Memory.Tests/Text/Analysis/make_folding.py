#!/usr/bin/env python3
"""Writes src/Memory/Text/Analysis/folding.txt from the Unicode database of the Python that runs it (3.11: Unicode 14).

usage: make_folding.py > folding.txt

The policy is here, its outcome in the file: compatibility decomposition, lower case, and
  - marks that writers leave out or that only decorate a letter are dropped (DROPPED);
  - marks that make another letter in the eyes of its readers are kept joined to it (JOINS);
  - letters without a decomposition get the spelling that search expects (LETTERS).
Case, decimal digits and Hangul are algorithms of the reader, so only lower-case sources are listed.
"""
import sys
import unicodedata as u

DROPPED = [
    (0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F),  # combining diacritics
    (0x02B9, 0x02BB), (0x02BD, 0x02C1), (0x02C6, 0x02D1),                                      # transliterated ayin, okina, stress and length
    (0x0483, 0x0489), (0xFE00, 0xFE0F),                                                        # Cyrillic titlo; variation selectors
    (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5), (0x05C7, 0x05C7),  # Hebrew points
    (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC),  # Arabic tashkeel, tatweel
    (0x06DF, 0x06E4), (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x0898, 0x089F), (0x08CA, 0x08E1), (0x08E3, 0x08FF),
    (0x0711, 0x0711), (0x0730, 0x074A),                                                        # Syriac points
    (0x093C, 0x093C), (0x09BC, 0x09BC), (0x0A3C, 0x0A3C), (0x0ABC, 0x0ABC), (0x0B3C, 0x0B3C), (0x0CBC, 0x0CBC),  # nukta
]
VOICED = "う か き く け こ さ し す せ そ た ち つ て と は ひ ふ へ ほ ゝ ウ カ キ ク ケ コ サ シ ス セ ソ タ チ ツ テ ト ハ ヒ フ ヘ ホ ワ ヰ ヱ ヲ ヽ"
HALF_VOICED = "は ひ ふ へ ほ ハ ヒ フ ヘ ホ"
JOINS = {
    0x0306: "и у", 0x0308: "і", 0x0301: "г к",                                                # й ў ї ѓ ќ
    0x3099: VOICED, 0xFF9E: VOICED, 0x309A: HALF_VOICED, 0xFF9F: HALF_VOICED,              # full and half-width
}
LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ƒ": "f", "\u0149": "n", "ς": "σ", "ϲ": "σ",
    "\u0649": "\u064A", "\u06CC": "\u064A", "\u06A9": "\u0643", "\u0629": "\u0647", "\u0671": "\u0627",   # alef maqsura, Farsi yeh, keheh, ta marbuta, alef wasla
    "\u06C1": "\u0647", "\u06BE": "\u0647", "\u06D5": "\u0647",                                          # the Urdu and Kurdish forms of heh
}
COMPATIBILITY_JAMO = [*range(0x3131, 0x318F), *range(0xFFA0, 0xFFDD)]                                    # said alone, as in chats: left alone


def compose(base, mark): return u.normalize("NFC", base + u.normalize("NFKC", chr(mark)))


dropped = {chr(c) for a, b in DROPPED for c in range(a, b + 1)}
joined = {compose(base, mark) for mark, bases in JOINS.items() for base in bases.split()}


def fold(text):
    """The folded form of a character: a fixed point of itself."""
    if text in joined: return text
    low = "".join(LETTERS.get(c, c) for c in text.lower())
    parts = u.normalize("NFKD", low)
    out = ""
    for c in parts.lower():
        c = LETTERS.get(c, c)
        both = u.normalize("NFC", out[-1:] + c) if out else ""
        if len(both) == 1 and both in joined: out = out[:-1] + both
        elif c not in dropped and c != " ": out += c
    return out


def sources():
    for code in [*range(0xA0, 0xD800), *range(0xF900, 0xFFF0), *range(0x10000, 0x20000)]:
        c = chr(code)
        if u.category(c)[0] not in "LM" and u.category(c) != "Nl": continue
        if c in dropped or 0xAC00 <= code <= 0xD7A3 or code in COMPATIBILITY_JAMO or code in JOINS: continue
        if len(c.lower()) == 1 and c.lower() != c and fold(c) == fold(c.lower()): continue   # the reader lowers case
        to = fold(c)
        if to and to not in (c, c.lower()) and all(u.category(t)[0] in "LMN" for t in to): yield c, to


def main():
    out = sys.stdout
    out.write("# Folding of characters outside ASCII for search. Made by tests/Memory.Tests/Text/Analysis/make_folding.py; see there for the policy.\n")
    out.write("# drop FROM-TO…: hexadecimal ranges of characters that vanish.  join MARK PAIRS…: base followed by MARK is one letter.\n")
    out.write("# Every other line: what the characters after the blank become.\n")
    out.write("drop " + " ".join(f"{a:04X}-{b:04X}" for a, b in DROPPED) + "\n")
    for mark, bases in JOINS.items():
        out.write(f"join {mark:04X} " + " ".join(b + compose(b, mark) for b in bases.split()) + "\n")
    groups = {}
    for c, to in sources(): groups.setdefault(to, []).append(c)
    for to, chars in sorted(groups.items()): out.write(to + " " + "".join(chars) + "\n")


main()
