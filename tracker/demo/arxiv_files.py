"""The files of arXiv, as far as the facts hold texts. Pure; it serves nothing.

A version's `html` is its page as it is; of its `sections`, title to paragraphs, a page as LaTeXML
makes it is made, with the version's title, authors and abstract. Its `pdf` is in base64.
"""

from __future__ import annotations

import base64
import re
from html import escape

from tracker.demo.wire import Fact, Reply, Request, so_far, told_of

_ASKED = re.compile(r"/(html|pdf)/(.+?)(?:v([1-9]\d*))?")
_HTML = {"Content-Type": "text/html; charset=utf-8"}
_NONE = Reply(404, _HTML, "<h1>Not Found</h1>")


def answer(papers: dict[str, Fact], request: Request) -> Reply:
    """`/html/IDvN` and `/pdf/IDvN`, of the newest version where none is named."""
    asked = _ASKED.fullmatch(request.path)
    if asked is None or asked[2] not in papers:
        return _NONE
    paper = papers[asked[2]]
    versions = so_far(paper["versions"], request.now)
    number = int(asked[3] or len(versions))
    if not 0 < number <= len(versions):
        return _NONE
    version = versions[number - 1]
    if asked[1] == "html" and "html" in version:
        return Reply(200, _HTML, version["html"])
    if asked[1] == "html" and "sections" in version:
        return Reply(200, _HTML, _page(paper, version))
    if asked[1] == "pdf" and "pdf" in version:
        return Reply(200, {"Content-Type": "application/pdf"}, base64.b64decode(version["pdf"]))
    return _NONE


def _page(paper: Fact, version: Fact) -> str:
    title, abstract = (escape(told_of(paper, version, key, "")) for key in ("title", "abstract"))
    names = "".join(
        f'<span class="ltx_creator ltx_role_author"><span class="ltx_personname">{escape(name)}'
        "</span></span>"
        for name in told_of(paper, version, "authors", [])
    )
    sections = "".join(
        f'<section class="ltx_section"><h2 class="ltx_title ltx_title_section">{escape(name)}</h2>'
        f"{''.join(map(_paragraph, paragraphs))}</section>"
        for name, paragraphs in version["sections"].items()
    )
    return f"""<!DOCTYPE html>
<html lang="en"><body><article class="ltx_document">
<h1 class="ltx_title ltx_title_document">{title}</h1>
<div class="ltx_authors">{names}</div>
<div class="ltx_abstract"><h6 class="ltx_title ltx_title_abstract">Abstract</h6>
<p class="ltx_p">{abstract}</p></div>
{sections}
</article></body></html>
"""


def _paragraph(text: str) -> str:
    return f'<div class="ltx_para"><p class="ltx_p">{escape(text)}</p></div>'
