"""SVG made to be embedded in an HTML page together with others.

A drawing made for a file of its own has names that come again in the next one, a style for "everything", and facts
about who drew it. What is left here is the drawing: its names are its own, it is as wide as the page allows, and it
says what it shows to those who listen.
"""

import re
from xml.etree import ElementTree as Tree

FONTS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
_FONT = re.compile(r"'DejaVu Sans'(?:, [^;]*)?")
_REFERENCE = re.compile(r"(url\(#|^#)")
_WIDEST = 1.3  # times its own width, on a large screen
_STYLE = "stroke-linejoin: round; stroke-linecap: butt"  # what the drawing library says of "everything"


def embed(drawing: str, *, name: str, title: str) -> str:
    """The element `<svg>` of a whole SVG file. `name` makes the names within it its own."""
    root = Tree.fromstring(drawing)  # noqa: S314  # our own drawing, and no strangers' entities can be in it
    for element in root.iter():
        _simplify(element, name)
    _drop(root, {"metadata", "style"})
    width = float(root.get("viewBox", "0 0 0 0").split()[2])
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    style = f"width: 100%; max-width: {width * _WIDEST:.0f}px; height: auto; {_STYLE}"
    root.attrib.update({"id": name, "role": "img", "aria-label": title, "style": style})
    root.set("xmlns", "http://www.w3.org/2000/svg")
    return Tree.tostring(root, encoding="unicode")


def _simplify(element: Tree.Element, name: str) -> None:
    """Names without their namespaces, which HTML does not know, and with a prefix of their own."""
    element.tag = _local(element.tag)
    changed = {_local(key): _FONT.sub(FONTS, value) for key, value in element.attrib.items()}
    for key, value in changed.items():
        changed[key] = f"{name}-{value}" if key == "id" else _REFERENCE.sub(rf"\1{name}-", value)
    element.attrib.clear()
    element.attrib.update(changed)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _drop(parent: Tree.Element, names: set[str]) -> None:
    for child in list(parent):
        if child.tag in names:
            parent.remove(child)
        else:
            _drop(child, names)
