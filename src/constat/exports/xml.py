"""XML that is well formed whatever a report holds: signs that XML cannot carry are replaced."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def tag(name: str, text: object = None, /, **attributes: object) -> str:
    """An element with text; nothing at all where there is neither text nor attribute. `_` in names stands for `:`."""
    shown = "".join(f" {k.replace('_', ':')}={quoteattr(clean(v))}" for k, v in attributes.items() if v is not None)
    if text is None or text == "":
        return f"<{name}{shown}/>" if shown else ""
    return f"<{name}{shown}>{escape(clean(text))}</{name}>"


def element(kind: str, /, *parts: str, **attributes: object) -> str:
    """An element with elements inside, each on its line."""
    shown = "".join(f" {k.replace('_', ':')}={quoteattr(clean(v))}" for k, v in attributes.items() if v is not None)
    return f"<{kind}{shown}>\n" + "\n".join(part for part in parts if part) + f"\n</{kind}>"


def clean(text: object) -> str:
    """Text without signs that XML 1.0 does not allow."""
    return _FORBIDDEN.sub("\ufffd", str(text))
