"""Which upstreams a text newly links to, whatever markup they stand in."""

import pytest

from tracker.sources.named import new_names

OLD_LINK = "https://arxiv.org/pdf/2501.00656"
IN_MARKUP = """
[m](https://huggingface.co/O/M) <a href="https://github.com/o/R">code</a>
**https://arxiv.org/abs/2501.00001** _https://arxiv.org/abs/2501.00002_
| https://arxiv.org/abs/2501.00003 | `HTTPS://arxiv.org/abs/2501.00004`
url={https://arxiv.org/abs/2501.00005},
(see https://arxiv.org/abs/2501.00006v2).
"""
ALL = (
    *(f"arxiv:2501.0000{n}" for n in range(1, 7)),
    "github:o/r",
    "huggingface:models/o/m",
)
OF_NO_UPSTREAM = """
https://example.org/abs/2501.00656 https://[bad https://arxiv.org.evil.test/abs/2501.00656
https://arxiv.org@evil.test/abs/2501.00656 https://user@arxiv.org/abs/2501.00656 arxiv:2501.00656
"""
PICTURES = """
![x](https://github.com/o/r/blob/main/figure.PNG?raw=true)
<img src="https://huggingface.co/o/m/resolve/main/assets/logo.svg">
"""

TEXTS = {
    "new": ("", f"see {OLD_LINK}v2.", ("arxiv:2501.00656",)),
    "known in another spelling": (OLD_LINK, "https://arxiv.org/abs/2501.00656v3", ()),
    "no longer linked": (OLD_LINK, "", ()),
    "in all markup": ("", IN_MARKUP, ALL),
    "once, however often": ("", f"{OLD_LINK} {OLD_LINK}", ("arxiv:2501.00656",)),
    "of no upstream": ("", OF_NO_UPSTREAM, ()),
    "pictures": ("", PICTURES, ()),
    "longer than any link": ("", f"https://github.com/o/r/blob/main/{'a' * 500}", ()),
    "no host that can be": ("", f"https://a\u2100b.test/ {OLD_LINK}", ("arxiv:2501.00656",)),
    "no UTF-8": ("", f"\udcff {OLD_LINK}\udcff", ()),
}


@pytest.mark.parametrize(("old", "new", "expected"), TEXTS.values(), ids=TEXTS)
def test_what_only_the_new_text_links_to(old, new, expected):
    assert new_names(old.encode(), new.encode(errors="surrogateescape")) == expected


def test_the_first_twenty_of_many():
    text = " ".join(f"https://arxiv.org/abs/2501.000{n}" for n in reversed(range(10, 50)))
    found = new_names(b"", text.encode())
    assert found == tuple(f"arxiv:2501.000{n}" for n in range(10, 30))
