"""The cells of dense rows as HTML: words are escaped, so nothing in them becomes markup."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape

from pages.ui import kit

SPARKS = {"green": "#14958a", "violet": "#8b5cf6"}  # seen on light and dark pages alike


def text(words: object, gray: bool = False, whole: str = "") -> str:
    """Words as they stand; `whole` is shown on pointing."""
    shown = escape(str(words))
    more = (' class="sf-gray"' if gray else "") + (f' title="{escape(whole)}"' if whole else "")
    return f"<span{more}>{shown}</span>" if more else shown


def clamped(words: str) -> str:
    """Long gray words on two lines; all of them are shown on pointing."""
    return f'<span class="sf-gray sf-clamp" title="{escape(words)}">{escape(words)}</span>'


def two(above: str, below: str, beside: str = "") -> str:
    """Two lines: the second one is gray; `beside` it HTML made here, such as a badge."""
    return (
        f'<span class="sf-two" title="{escape(f"{above} {below}")}"><span>{escape(above)}</span>'
        f'<span class="sf-gray">{escape(below)} {beside}</span></span>'
    )


def badge(status: str, word: str | None = None, why: str | None = None) -> str:
    """A state of kit.STATUS, with another word where one is given; `why` is shown on pointing."""
    label, icon, color = kit.STATUS[status]
    shown, title = escape(word or label), escape(why or word or label)
    return f'<span class="sf-badge {color}" title="{title}">{sign(icon)}{shown}</span>'


def sample() -> str:
    """That the demo made it, small enough to stand below a name."""
    label, icon, _color = kit.STATUS["sample"]
    return f'<span class="sf-sample">{sign(icon)}{escape(label)}</span>'


def number(n: str, meaning: str, sizes: Sequence[float] = (), color: str = "green") -> str:
    """A number, and as a line how it was before; `meaning` is read out after it."""
    line = f'<span class="sf-widest">{spark(sizes, color)}</span>' if len(sizes) > 1 else ""
    return (
        f'<span class="sf-number">{escape(n)}'
        f'<span class="sf-hidden"> {escape(meaning)}</span>{line}</span>'
    )


def mark(name: str, meaning: str, color: str = "gray", icon: str | None = None) -> str:
    """The first letters of a name, or an icon; `meaning` is read out and shown on pointing."""
    letters = "".join(word[0] for word in name.split()[:2]).upper()
    inside = sign(icon) if icon else f'<span aria-hidden="true">{escape(letters)}</span>'
    return (
        f'<span class="sf-mark {color}" title="{escape(meaning)}">'
        f'<span class="sf-hidden">{escape(meaning)}</span>{inside}</span>'
    )


def sign(name: str) -> str:
    """An icon by its name in Material Symbols, which nobody reads out."""
    return f'<span class="sf-icon" aria-hidden="true">{name}</span>'


def spark(
    sizes: Sequence[float | None], color: str = "green", width: int = 62, height: int = 22
) -> str:
    """A line of two or more values, oldest first; as an image, for SVG itself is taken out.

    It is so many pixels wide and high, or as wide as there is room. None is a gap.
    """
    known = [size for size in sizes if size is not None]
    low, span = min(known), (max(known) - min(known)) or 1
    step, tone = (width - 6) / (len(sizes) - 1), SPARKS[color]
    points = [
        None if v is None else (3 + i * step, height - 4 - (v - low) / span * (height - 8))
        for i, v in enumerate(sizes)
    ]
    x, y = [point for point in points if point][-1]
    lines = "".join(
        f'<polyline points="{line}" fill="none" stroke="{tone}" stroke-width="1.6" '
        f'stroke-linejoin="round" stroke-linecap="round"/>'
        for line in _pieces(points)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{lines}'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{tone}"/></svg>'
    )
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    size = f'width="{width}" height="{height}" style="max-width:100%"'
    return f'<img alt="" {size} src="{source}">'


def histogram(
    counts: Sequence[int], meaning: str, color: str = "green", width: int = 84, height: int = 24
) -> str:
    """Bars beside each other, so many pixels wide and high in all; `meaning` is read out."""
    most, step = max(counts, default=0) or 1, width / max(len(counts), 1)
    bars = "".join(
        f'<rect x="{i * step + 0.5:.1f}" y="{height - high:.1f}" width="{step - 1:.1f}" '
        f'height="{high:.1f}" rx="1" fill="{SPARKS[color]}"/>'
        for i, n in enumerate(counts)
        if (high := max(1.5, n / most * (height - 2)) if n else 0.0)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<rect y="{height - 0.5}" width="{width}" height="0.5" fill="#8a97a3"/>{bars}</svg>'
    )
    source = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    size = f'width="{width}" height="{height}" style="max-width:100%"'
    shown = escape(meaning)
    return f'<img alt="{shown}" title="{shown}" {size} src="{source}">'


def _pieces(points: Sequence[tuple[float, float] | None]) -> list[str]:
    """The points of each piece between two gaps; one that is alone is a short stroke."""
    pieces: list[list[str]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{point[0]:.1f},{point[1]:.1f}")
    return [" ".join(piece if len(piece) > 1 else piece * 2) for piece in pieces if piece]
