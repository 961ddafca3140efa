"""Makes the static fonts of the PDF from published packages. Run once; the results are kept beside this file.

    pip install fonttools brotli
    npm pack @fontsource-variable/literata@5.3.0 @fontsource/noto-sans-symbols-2@5.3.0   (unpack each)
    apt-get download fonts-inter=4.0~beta7+ds-1 fonts-jetbrains-mono=2.242+ds-3   (dpkg -x each)
    python make.py LITERATA SYMBOLS INTER JETBRAINS   (the unpacked folders)
"""

import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.merge import Options as MergeOptions
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
SUBSETS = ["latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext", "vietnamese"]
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "pnum", "lnum", "case", "zero", "frac", "numr", "dnom", "sups", "subs", "calt"]
LETTERS = [(0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF)]
SIGNS = [(0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20C0), (0x2100, 0x218F)]
FIGURES = [(0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2460, 0x24FF), (0x2500, 0x25FF), (0x2600, 0x26FF), (0x2700, 0x27BF)]
MORE = [(0x27C0, 0x27FF), (0x2900, 0x297F), (0x2B00, 0x2BFF), (0xFFFD, 0xFFFD)]


def points(*ranges):
    return [point for group in ranges for first, last in group for point in range(first, last + 1)]


def subset(font, unicodes, features=FEATURES):
    options = Options()
    options.layout_features = features
    options.hinting = False
    options.desubroutinize = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.notdef_outline = True
    options.glyph_names = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=unicodes)
    subsetter.subset(font)
    return font


def name(font, family, style, weight, italic):
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 13, 14) and record.platformID == 3]
    post = f"{family}-{style}".replace(" ", "")
    for number, value in {1: family, 2: style, 3: f"{post};Annexa", 4: f"{family} {style}", 5: "Version 1.0", 6: post, 16: family, 17: style}.items():
        table.setName(value, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x61) | (1 if italic else 0) | (0x40 if not italic and weight == 400 else 0)
    font["head"].macStyle = (2 if italic else 0) | (1 if weight >= 700 else 0)
    # Dates of the build would make each run differ.
    font["head"].created = font["head"].modified = 3786825600
    font.recalcTimestamp = False
    for tag in ("DSIG", "STAT", "MVAR", "meta"):
        if tag in font:
            del font[tag]


def literata(folder, size, weight, italic, family, style, subsets, unicodes):
    parts = []
    with tempfile.TemporaryDirectory() as temporary:
        for part in subsets:
            slope = "italic" if italic else "normal"
            font = TTFont(folder / "files" / f"literata-{part}-opsz-{slope}.woff2")
            font = instantiateVariableFont(font, {"opsz": size, "wght": weight})
            font.flavor = None
            path = Path(temporary) / f"{part}.ttf"
            font.save(path)
            parts.append(str(path))
        merged = Merger(options=MergeOptions(drop_tables=["STAT", "gasp", "prep", "DSIG"])).merge(parts)
        subset(merged, unicodes)
        name(merged, family, style, weight, italic)
        merged.save(HERE / f"{family}-{style}.ttf".replace(" ", ""))


def static(path, family, style, weight, italic, unicodes, features=FEATURES):
    font = TTFont(path)
    font.flavor = None
    subset(font, unicodes, features)
    name(font, family, style, weight, italic)
    suffix = "otf" if "CFF " in font else "ttf"
    font.save(HERE / f"{family}-{style}.{suffix}".replace(" ", ""))


def main(literata_folder, symbols, inter, jetbrains):
    text = points(LETTERS, SIGNS, [(0x2190, 0x2193), (0x2212, 0x2215)])
    for weight, italic, style in [(400, False, "Regular"), (400, True, "Italic"), (600, False, "SemiBold"), (600, True, "SemiBoldItalic")]:
        literata(literata_folder, 11, weight, italic, "Literata", style, SUBSETS, text)
    literata(literata_folder, 40, 500, False, "Literata Titling", "Medium", ["latin", "latin-ext", "greek", "cyrillic"], points(LETTERS[:2], LETTERS[4:6], SIGNS[:1]))
    sans = points(LETTERS, SIGNS, FIGURES, MORE)
    for weight, italic, style in [(400, False, "Regular"), (400, True, "Italic"), (600, False, "SemiBold"), (600, True, "SemiBoldItalic")]:
        path = next(inter.rglob(f"Inter-{style}.otf"))
        static(path, "Inter", style, weight, italic, sans if style == "Regular" else points(LETTERS, SIGNS, [(0x2190, 0x2199), (0x2200, 0x2265)]))
    for weight, style in [(400, "Regular"), (700, "Bold")]:
        static(next(jetbrains.rglob(f"JetBrainsMono-{style}.ttf")), "JetBrains Mono", style, weight, False, sans if weight == 400 else points(LETTERS[:2], LETTERS[4:6], SIGNS), ["mark", "mkmk", "ccmp", "locl", "zero"])
    signs = points(SIGNS, FIGURES, MORE)
    static(symbols / "files" / "noto-sans-symbols-2-symbols-400-normal.woff2", "Noto Sans Symbols 2", "Regular", 400, False, signs)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:5]))
