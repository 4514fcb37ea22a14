"""What the writer of a mail added this time, as opposed to what he quotes and what his mail program adds.

Nothing lost is the first law: what no rule of `quote_rules` proves to be a quote or a signature stays, and what is
forwarded to us stays whole. Pure, never raises, linear in the size of the text.
"""

from dataclasses import replace

from parsers.facts import CutLines
from parsers.quote_headings import find_heading, is_rule
from parsers.quote_lines import Lines, read_lines
from parsers.quote_rules import Cut, Place, apply_rules, choose_rules
from parsers.signatures import is_delimiter, is_list_footer, looks_like_signature

MAX_FOOTERS = 4  # one below the other
MAX_FOOTER_LINES = 30  # blank ones counted


def strip_reply(text: str, *, forwarded: bool | None = None) -> str:
    """`text` without quotes, their headings and signatures; `text` itself where none is recognised.

    `forwarded` is what the subject says: True ("Fwd: …") keeps what the first heading heads; False ("Re: …") lets a
    mail that is nothing but a quote be empty; None, not known, keeps such a mail whole unless the quote is marked.
    """
    return cut_reply(text, forwarded=forwarded)[0]


def cut_reply(text: str, *, forwarded: bool | None = None) -> tuple[str, tuple[CutLines, ...]]:
    """What `strip_reply` leaves, and what it takes away."""
    lines = read_lines(text)
    cuts = _find_cuts(lines, keep_headed=forwarded is True)
    if not cuts:
        return text, ()
    kept = _join_kept(lines, cuts)
    if not kept and forwarded is not False and not all(cut.is_sure for cut in cuts):
        return text, ()
    return kept, tuple(CutLines(start=cut.start, end=cut.end, rule=cut.rule) for cut in cuts)


def cut_to_own(text: str) -> str:
    """Only what the writer added: nothing forwarded either, whatever the subject says; may be empty."""
    lines = read_lines(text)
    cuts = _find_cuts(lines, keep_headed=False, keep_forwarded=False)
    return _join_kept(lines, cuts) if cuts else text


def _find_cuts(lines: Lines, *, keep_headed: bool, keep_forwarded: bool = True) -> list[Cut]:
    headings = {found.start: found for last in range(len(lines.shown)) if (found := find_heading(lines, last))}
    rules = choose_rules(lines, headings)
    cuts: list[Cut] = []
    index = 0 if rules else len(lines.shown)
    while index < len(lines.shown):
        follows_cut = bool(cuts) and cuts[-1].end == index
        cut = apply_rules(rules, Place(lines=lines, index=index, headings=headings, follows_cut=follows_cut))
        if cut and cut.is_forward and not keep_forwarded:
            return [*cuts, replace(cut, end=len(lines.raw))]
        if cut and (cut.is_forward or (keep_headed and cut.is_quote)):
            break
        if cut:
            cuts.append(cut)
        index = max(cut.end, index + 1) if cut else index + 1
    return _add_last_cuts(lines, cuts, index)


def _add_last_cuts(lines: Lines, cuts: list[Cut], end: int) -> list[Cut]:
    """`cuts` with what is known only by standing at the end of all that the other rules leave."""
    for _ in range(MAX_FOOTERS):
        last = _footer_of_a_list(lines, cuts, end) or _loose_signature(lines, cuts, end)
        if not last:
            break
        outside = [cut for cut in cuts if not last.start <= cut.start < last.end]
        cuts = sorted([*outside, last], key=lambda cut: cut.start)
    return cuts


def _footer_of_a_list(lines: Lines, cuts: list[Cut], end: int) -> Cut | None:
    """The footer a mailing list puts below what is left by the other rules."""
    if end < len(lines.shown) or lines.rest or not any(line[:2] == "__" for line in lines.shown):
        return None
    kept = _list_kept(cuts, 0, end)[-MAX_FOOTER_LINES:]
    for number, start in enumerate(kept):
        if is_list_footer([lines.shown[index] for index in kept[number:]]):
            return Cut(start=start, end=end, is_quote=False, rule="footer-of-a-list")
    return None


def _loose_signature(lines: Lines, cuts: list[Cut], end: int) -> Cut | None:
    """What follows a "--" that has lost its blank, if it is the only one: people draw two between things listed."""
    if not any(map(is_delimiter, lines.shown)):
        return None
    delimiters = [index for index in _list_kept(cuts, 0, end) if is_delimiter(lines.shown[index])]
    if len(delimiters) != 1:
        return None
    start = delimiters[0]
    end = next((cut.start for cut in cuts if cut.start > start and cut.is_quote), end)
    if not looks_like_signature([lines.shown[index] for index in _list_kept(cuts, start + 1, end)]):
        return None
    return Cut(start=start, end=end, is_quote=False, rule="loose-signature")


def _list_kept(cuts: list[Cut], start: int, end: int) -> list[int]:
    taken = {index for cut in cuts for index in range(cut.start, cut.end)}
    return [index for index in range(start, end) if index not in taken]


def _join_kept(lines: Lines, cuts: list[Cut]) -> str:
    """The lines outside `cuts`, a blank line in the place of each, none at the edges."""
    kept: list[str] = []
    start = 0
    for cut in cuts:
        _keep(kept, _before(lines, start, cut))
        start = cut.end
    _keep(kept, lines.raw[start:])
    return ("\n".join(kept) + (lines.rest if start < len(lines.raw) else "")).rstrip()


def _keep(kept: list[str], piece: list[str]) -> None:
    """Add `piece` after one blank line."""
    first = next((number for number, line in enumerate(piece) if line.strip()), len(piece))
    if kept and first < len(piece):
        kept.append("")
    kept += piece[first:]


def _before(lines: Lines, start: int, cut: Cut) -> list[str]:
    """The lines kept before a cut, without what only separates them from it."""
    if cut.left:
        return [*lines.raw[start : cut.start], cut.left]
    index = cut.start - 1
    while index >= start and (not lines.shown[index] or is_rule(lines.shown[index])):
        index -= 1
    return lines.raw[start : index + 1]
