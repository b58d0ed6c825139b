"""Which links name an arXiv paper, and at which version. Pure; it asks nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tracker.model import Target, Upstream

if TYPE_CHECKING:
    from urllib.parse import SplitResult


NAME = "arxiv"

_ARCHIVES = frozenset(
    """acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas
    cond-mat cs dg-ga funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex
    nucl-th patt-sol physics plasm-ph q-alg q-bio quant-ph solv-int supr-con""".split()  # noqa: SIM905 - a list of words reads best as words
)
_MONTH = r"(?:0[1-9]|1[0-2])"
_NEW = re.compile(rf"(?P<id>(?P<month>[0-9]{{2}}{_MONTH})\.[0-9]{{4,5}})(?P<v>v[1-9][0-9]{{0,3}})?")
_OLD = re.compile(
    rf"(?P<archive>[a-z-]{{2,8}})(?:\.[a-z-]{{2,8}})?/"
    rf"(?P<number>(?:(?:9[1-9]|0[0-6]){_MONTH}|070[1-3])[0-9]{{3}})(?P<v>v[1-9][0-9]{{0,3}})?"
)
_FIRST, _FIVE_DIGITS = "0704", "1501"  # the months of the first new id, and of the first long one

_HOSTS: dict[str, re.Pattern[str]] = {
    host: re.compile(pattern)
    for hosts, pattern in (
        (
            "arxiv.org www.arxiv.org export.arxiv.org browse.arxiv.org",
            (
                r"/(?:abs|html|format|src|e-print|ps)/(?P<id>.+?)/?"
                r"|/pdf/(?P<pdf>.+?)(?:\.pdf)?/?"
                r"|/ftp/(?P<archive>[a-z-]+)/papers/(?P<month>[0-9]{4})"
                r"/(?P<file>(?P=month)[^/]+?)\.pdf"
            ),
        ),
        (
            "ar5iv.org www.ar5iv.org ar5iv.arxiv.org ar5iv.labs.arxiv.org",
            r"/(?:abs|html|pdf)/(?P<id>.+?)/?",
        ),
        ("alphaxiv.org www.alphaxiv.org", r"/(?:abs|overview|pdf)/(?P<id>.+?)/?"),
        ("arxiv-vanity.com www.arxiv-vanity.com", r"/papers/(?P<id>.+?)/?"),
        ("doi.org dx.doi.org www.doi.org", r"/10\.48550(?:/|%2f)arxiv\.(?P<id>.+?)/?"),
    )
    for host in hosts.split()
}


def paper(text: str) -> tuple[str, str | None] | None:
    """The canonical id of a paper and the version named with it; None for what is no arXiv id.

    `math.CA/0611800v2` is (`math/0611800`, `v2`): the subject class is no part of an old id.
    """
    if not text.isascii():
        return None  # some characters become ASCII in lower case
    text = text.lower().removeprefix("arxiv:")
    if new := _NEW.fullmatch(text):
        length = 5 if new["month"] >= _FIVE_DIGITS else 4
        known = new["month"] >= _FIRST and len(new["id"]) == len("YYMM.") + length
        return (new["id"], new["v"]) if known else None
    old = _OLD.fullmatch(text)
    if old and old["archive"] in _ARCHIVES:
        return f"{old['archive']}/{old['number']}", old["v"]
    return None


def identify(url: SplitResult) -> Target | None:
    """What a split http(s) URL names; None where its host is not arXiv's nor a reader's of it.

    doi.org is everybody's: None for any DOI but arXiv's own.
    """
    host = url.netloc.lower()
    if host not in _HOSTS:
        return None
    path = url.path.lower() if "doi.org" in host else re.sub(r"\.PDF$", ".pdf", url.path)
    match = _HOSTS[host].fullmatch(path)
    if match is None:
        return None if "doi.org" in host else Target(NAME)
    parts = match.groupdict()
    name = parts["id"] or parts["pdf"] or parts["file"]
    if parts.get("archive") not in (None, "arxiv"):
        name = f"{parts['archive']}/{name}"
    found = paper(name)
    return Target(NAME, _upstream(found[0]), found[1]) if found else Target(NAME)


def _upstream(name: str) -> Upstream:
    return Upstream(f"{NAME}:{name}", name)
