"""Make fer_ros/viewer/fonts/: Noto Sans and Noto Sans CJK JP, cut down to what the overlay can say.

apt-get download fonts-noto-core fonts-noto-cjk; for p in *.deb; do dpkg-deb -x $p noto; done
.venv/bin/python scripts/make_fonts.py noto/usr/share/fonts
"""

import argparse
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "fer_ros" / "viewer" / "fonts"
WORDS = ROOT / "config" / "words"

# Latin with its European extensions, Greek, Cyrillic, punctuation and a few signs: most new languages of
# Europe need no new font.
WIDE = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x218, 0x21C),
    *range(0x386, 0x3CF),
    *range(0x400, 0x460),
    *range(0x490, 0x492),
    *range(0x1E80, 0x1E86),
    0x1E9E,
    *range(0x2010, 0x2027),
    0x2030,
    0x20AC,
    0x2190,
    0x2192,
    0x2212,
    0x2260,
    0x2264,
    0x2265,
]
KANA = [*range(0x3001, 0x3003), *range(0x3041, 0x3097), *range(0x30A0, 0x30FF), *range(0xFF01, 0xFF5F)]
STYLES = ("Regular", "Bold")
DROPPED = ["GSUB", "GPOS", "BASE", "VORG", "vhea", "vmtx", "DSIG", "GDEF", "STAT", "MATH"]


def main() -> None:
    """Write one font for each alphabet and weight."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path, help="where the packages' fonts lie")
    folder = parser.parse_args().folder
    japanese = sorted({*range(0x20, 0x7F), *KANA, *said()})
    for style in STYLES:
        cut(folder / f"truetype/noto/NotoSans-{style}.ttf", WIDE, f"overlay-{style}.ttf")
        cut(folder / f"opentype/noto/NotoSansCJK-{style}.ttc", japanese, f"overlay-ja-{style}.otf")


def said() -> set[int]:
    """Every character of config/words."""
    return {ord(c) for file in WORDS.glob("*.yaml") for c in file.read_text(encoding="utf-8") if c > " "}


def cut(source: Path, characters: list[int], name: str) -> None:
    """Write a font with those characters only, under a name of its own, as a modified version should be."""
    if not source.is_file():
        sys.exit(f"{source} is missing; unpack the Debian packages named in {Path(__file__).name}")
    options = subset.Options(
        layout_features=["kern"], drop_tables=DROPPED, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14],
        notdef_outline=True, legacy_kern=True,
    )  # fmt: skip
    font = TTFont(source, fontNumber=0)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    _rename(font, Path(name).stem)
    font.save(OUT / name)
    print(f"{name}: {len(font.getBestCmap())} characters, {(OUT / name).stat().st_size / 1000:.0f} kB")


def _rename(font: TTFont, name: str) -> None:
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6):
            record.string = f"fer_ros-{name}"
    if "CFF " in font:
        font["CFF "].cff.fontNames = [f"fer_ros-{name}"]


if __name__ == "__main__":
    main()
