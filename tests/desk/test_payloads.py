"""What a report says is never markup: payloads in every field, on every page; nothing runs, nothing is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from serving import Serve, Watched, until

from constat.casebook import Casebook
from constat.pipeline import Reader
from constat.settings import Settings

_BODIES = (
    "<script>alert({n})</script>",
    "<img src=x onerror=alert({n})>",
    "<svg onload=alert({n})>",
    "<svg><script>alert({n})</script></svg>",
    "<iframe src=javascript:alert({n})></iframe>",
    "<a href=javascript:alert({n})>x</a>",
    "<body onload=alert({n})>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert({n})>",
    "<details open ontoggle=alert({n})>",
    "<input autofocus onfocus=alert({n})>",
    "<video><source onerror=alert({n})></video>",
    "<style>@import 'http://evil.example/{n}.css';</style>",
    "<link rel=stylesheet href=http://evil.example/{n}.css>",
    "<base href=http://evil.example/>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/{n}'>",
    "<form action=http://evil.example/{n}><button>x</button></form>",
    "<object data=javascript:alert({n})></object>",
    "<template><script>alert({n})</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert({n})>'>",
    "<img src=http://evil.example/{n}.png>",
    "&lt;script&gt;alert({n})&lt;/script&gt;",
    "javascript:alert({n})",
    "{{{{constructor.constructor('alert({n})')()}}}}",
    "${{alert({n})}}",
    "<!--<img src=--><img src=x onerror=alert({n})>",
)
_BEFORE = (
    "",
    '"',
    "'",
    "'\">",
    "</textarea>",
    "</title>",
    "</script>",
    "-->",
    "]]>",
    "\u202e",
    "\u0000",
    "<",
    "`",
    "\\",
)
_AFTER = ("", "//")
PAYLOADS = [
    before + body.format(n=n) + after for n, body in enumerate(_BODIES) for before in _BEFORE for after in _AFTER
]


def test_seven_hundred_payloads_run_nowhere(
    serve: Serve, tmp_path: Path, settings: Settings, reader: Reader, watched: Callable[..., Watched]
) -> None:
    assert len(PAYLOADS) >= 700
    towns = ("Gao", "Gossi", "Ménaka", "Ansongo", "Kidal")
    lines = []
    for number in range(0, len(PAYLOADS), 28):
        some = PAYLOADS[number : number + 28]
        town = towns[number // 28 % len(towns)]
        lines.append(
            {
                "id": some[0], "title": " ".join(some[1:4]), "publisher": some[4],
                "published": f"2024-03-{1 + number // 28:02}", "lang": "fr",
                "url": f"https://example.org/{number}?{some[5]}",
                "text": f"Deux soldats ont été tués lundi dans une attaque à la roquette contre {some[6]} un dépôt à "
                f"{town}, au Mali, selon une source {some[7]}. Le groupe « {some[8]} » a revendiqué l’attaque.\n"
                + "\n".join(some[9:]),
            }
        )  # fmt: skip
    folder = tmp_path / "book <img src=x onerror=alert(1)>"
    file = tmp_path / "payloads.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    with Casebook.init(folder, settings) as book:
        account = book.add([str(file)], reader=lambda: reader)
        assert account.stored == len(lines)
        book.settle()
        for incident in list(book.incidents()):
            book.judge("note", incident.id, reason=PAYLOADS[7])
            book.judge("value", incident.id, field="target", value=PAYLOADS[30], reason=PAYLOADS[60])
            book.judge("value", incident.id, field="perpetrator", value=PAYLOADS[90])
    desk = serve(folder)
    desk.good("PUT", "/api/views/x", {"query": "text=" + PAYLOADS[0]})
    window = watched(desk)
    page = window.open("/queue?sort=date")
    page.wait_for_selector(".line-of")
    page.wait_for_selector(".map[data-ready=true]")
    shown = ""
    count = desk.good("GET", "/api/incidents")["total"]
    assert count >= 15
    for _ in range(count):
        before = page.url
        page.keyboard.press("j")
        until(lambda before=before: page.url != before)
        page.wait_for_selector(".record")
        page.wait_for_selector(".marked .body")
        shown += page.inner_text(".marked") + page.inner_text(".record")
    assert "<script>alert(0)</script>" in shown and "onerror=alert" in shown
    page.click("[data-field=place] dt button")
    box = page.locator(".map").bounding_box()
    for step in range(12):
        page.mouse.move(box["x"] + box["width"] * (0.3 + step / 30), box["y"] + box["height"] / 2)
    page.click(".filters button[aria-expanded]")
    page.click(".filters details summary")
    page.goto(desk.address + "/overview")
    page.wait_for_selector(".months")
    page.goto(desk.address + "/read")
    for payload in (PAYLOADS[0], PAYLOADS[14], PAYLOADS[28 * 9], lines[0]["text"]):
        page.fill("#pasted", f"{lines[1]['text']} {payload}")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector(".card")
    page.goto(desk.address + "/queue?incident=" + "%3Cimg%20src=x%20onerror=alert(1)%3E")
    window.allowed = ("400",)
    page.wait_for_selector(".line-of")
    assert page.locator("script").count() == 1, "nothing but the desk's own script is in the page"
    assert page.locator("iframe, object, embed, base, img, link[href^=http], form[action]").count() == 0
