"""Strings that mean mischief, by the thousand: what an upstream could answer in any of its fields.

Each is a family's pattern filled with something that would act if it were taken for what it looks
like. `MARK` stands in all of them, so that a test sees where one came out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

MARK = "zqx"
URL = "https://evil.example/zqx"

LIQUID = [
    "{{ %s }}", "{{ site.%s }}", "{%% %s %%}", "{%% raw %%}%s", "{%% endraw %%}%s", "{%%- %s -%%}",
    "{{ '%s' | upcase }}", "{%% include %s.html %%}", "{%% comment %%}%s", "{%% assign a = %s", "{{%s",
    "%s}}", "{%% for a in %s %%}", "{{- %s -}}", "{%% highlight ruby %%}%s", "{%% post_url %s %%}",
]  # fmt: skip
KRAMDOWN = [
    "%s{: .c}", "{: .c}%s", "{:.%s}", "{:#%s}", '%s{:onclick="alert(1)"}', '{::options a="b" /}%s',
    "{::nomarkdown}%s{:/}", "{:toc}%s", "{::comment}%s{:/comment}", "*[%s]: abbreviation", "[^%s]",
    "[^1]: %s", "$$%s$$", "{:.no_toc}%s", "%s\n{: .c}", "^%s\n{:#id}", ": %s", "term\n: %s",
]  # fmt: skip
HTML = [
    "<script>alert('%s')</script>", "<img src=x onerror=alert('%s')>", "<b>%s</b>", "</p><p>%s",
    "<!-- %s", "%s -->", "<iframe src='//%s'>", "<svg/onload=alert('%s')>", '" onmouseover="%s',
    "' onmouseover='%s", "<a href='javascript:%s'>x</a>", "<style>%s{}</style>", "<base href='%s'>",
    "<meta http-equiv=refresh content='0;%s'>", "</title><script>%s", "</textarea>%s", "<details open>%s",
    "<plaintext>%s", "<math><mi>%s", "<form action=%s>", "<input autofocus onfocus=%s>", "<x %s=1>",
    "javascript:%s", "data:text/html,%s", "<h1>%s</h1>", "<table><td>%s", "<%s>", "</%s>", "<?%s?>",
    "<!DOCTYPE %s>", "&lt;script&gt;%s", "&#60;script&#62;%s", "&#x3c;b&#x3e;%s", "<<script>%s//<</script>",
]  # fmt: skip
XML = [
    "]]>%s", "<![CDATA[%s]]>", "<?xml version='1.0'?>%s", "<!ENTITY %s SYSTEM 'file:///etc/passwd'>",
    "&%s;", "&#0;%s", "&#xD800;%s", "&amp;%s", "xmlns:a='%s'", "<entry><id>%s</id></entry>", "&&%s", "<a:%s/>",
]  # fmt: skip
BIDI = [f"{c}%s{d}" for c in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f\u061c"
        for d in ("", "\u202c", "\u2069")]  # fmt: skip
INVISIBLE = [
    f"a{c}%s{c}b" for c in "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u034f\u115f\u3164\ufe0f"
]
TAGS = ["%s" + "".join(chr(0xE0000 + ord(c)) for c in word) for word in ("run", "me", "now")]
CONTROL = [f"a{chr(n)}%s" for n in (*range(32), *range(0x7F, 0xA0))]
LINES = [
    f"a{c}%s" for c in ("\r\n", "\n\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\n# ", "\n- ")
]
TERMINAL = [
    "\x1b[31m%s", "\x1b]0;%s\x07", "\x1b]8;;https://evil.example\x1b\\%s", "\x9b31m%s", "\x1b[2J%s",
    "\x07%s", "%s\x08\x08\x08", "%s\rOK", "\x1bP%s\x1b\\", "\x1b[?1049h%s", "[red]%s[/red]", "[link=x]%s",
]  # fmt: skip
COMMANDS = [
    "::error::%s", "\n::error::%s", "::set-output name=a::%s", "::add-mask::%s", "::stop-commands::%s",
    "  ::warning file=a::%s", "##[error]%s", "a ##[add-mask]%s", "##[group]%s", "::%s::", "::add-path::%s",
    "\r::error::%s", "x " * 30 + "::error::%s", "words that fill a line of a terminal to the end ::error::%s",
    "a" * 70 + " ::error::%s", "a" * 78 + "::error::%s", "::debug::" * 12 + "%s", "%%0A::error::%s",
]  # fmt: skip
JINJA = [
    "{{ 7*7 }}%s", "{%% for a in b %%}%s", "{{ config }}%s", "{# %s #}", "{{ ''.__class__ }}%s",
    "{%% include '/etc/passwd' %%}%s", "{{ %s.__init__.__globals__ }}", "{%% set a = %s %%}", "#}%s{#",
]  # fmt: skip
YAML = [
    "---\n%s: 1\n---",
    "%s: !!python/object",
    "- %s",
    "&a %s",
    "*%s",
    "!%s",
    "? %s",
    "| %s",
    "> %s",
    "'%s",
    "#%s",
]
CSV = [
    "=%s()",
    "+%s",
    "-%s",
    "@%s",
    "=cmd|'/c %s'!A1",
    "\t=%s",
    ";=%s",
    '"=%s"',
    '=HYPERLINK("%s")',
]
PATHS = [
    "../%s", "../../etc/%s", "/etc/%s", "..\\%s", "C:\\%s", "%s\0.md", "~/%s", "./%s", "a/../../%s", "%%2e%%2e/%s",
    "file:///%s", "//%s", "con", "nul.%s", ".git/%s", "..", ".", "", "%s/", "a//%s", "$(%s)", "`%s`", "${IFS}%s",
    "; rm -rf %s", "| %s", "&& %s", "-rf %s", "--%s",
]  # fmt: skip
MARKDOWN = [
    "[%s](https://evil.example)", "![%s](https://evil.example)", "[%s][1]", "[1]: https://evil.example %s",
    "<https://evil.example/%s>", "https://evil.example/%s", "www.evil.example/%s", "a@evil.example %s",
    "# %s", "%s\n===", "%s\n---", "***%s***", "__%s__", "_%s_", "`%s`", "``%s", "```\n%s", "~~~\n%s", "> %s",
    "- %s", "* %s", "+ %s", "1. %s", "1) %s", "| %s | b |", "|---|%s", "---%s", "***", "___", "    %s", "\t%s",
    "%s  \nb", "%s\\\nb", "\\%s", "~~%s~~", "==%s==", "^%s^", "~%s~", "[ ] %s", "[x] %s", "![[%s]]", "[[%s]]",
    "](https://evil.example)%s", ")[%s](x", "]%s[", "**%s", "%s**", "<%s", "%s>", "!!! note\n    %s",
    ":::%s", "@%s", "#1 %s", "owner/repo#1 %s", "fixes #1 %s", "GH-1 %s", "0123456789abcdef %s", "%%%% %s %%%%",
]  # fmt: skip
MATH = [
    "$%s$",
    "$$%s$$",
    "\\(%s\\)",
    "\\[%s\\]",
    "$`%s`$",
    "\\begin{a}%s\\end{a}",
    "\\href{javascript:%s}{a}",
]
EMOJI = [
    ":%s:",
    ":smile: %s",
    ":+1:%s",
    ":octocat:%s",
    "\U0001f600%s",
    "\U0001f468\u200d\U0001f469%s",
    ":%s",
]
ENTITIES = ["&%s;", "&lt;%s&gt;", "&#123;&#123;%s", "&nbsp;%s", "&zwj;%s", "&#8238;%s", "&#x202e;%s", "&lbrace;%s",
            "&ast;%s&ast;", "&grave;%s", "&num; %s", "&Tab;%s", "&NewLine;%s"]  # fmt: skip
LONG = ["%s" + "a" * 600, "%s " + "b " * 900, "{" * 700 + "%s", "<" * 600 + "%s", "[" * 600 + "%s", "%s" + "\u0301" * 600,
        "`" * 600 + "%s", "*" * 600 + "%s", "_" * 600 + "%s", "%s" + "&amp;" * 300, "\U0001f600" * 400 + "%s"]  # fmt: skip
HALVES = ["\ud800%s", "%s\udfff", "\udc80%s", "a\ud83d%s", "\ude00%s\ud83d"]
NONE = ["\ufffe%s", "\uffff%s", "\ufdd0%s", "\U0001ffff%s", "\ue000%s", "\U000f0000%s", "\u0378%s"]
ALIKE = ["\uff1cscript\uff1e%s", "\uff5b\uff5b%s", "\uff3b%s\uff3d(\uff48)", "\u2039b\u203a%s", "\u202f%s", "\u00a0%s", "\u3000%s",
         "аrxiv.org/%s", "\u2026/%s", "\uff0e\uff0e\uff0f%s", "\u2024\u2024/%s", "\u2215%s", "\u037e%s", "\u1fef%s\u1fef", "\u212a%s",
         "\uff1a\uff1aerror\uff1a\uff1a%s", "\ufe5b%s\ufe5c", "\u2028%s", "\u0085%s"]  # fmt: skip

FAMILIES: dict[str, list[str]] = {
    "Liquid": LIQUID, "kramdown": KRAMDOWN, "HTML": HTML, "XML": XML, "bidi": BIDI, "invisible": INVISIBLE,
    "tags": TAGS, "control": CONTROL, "lines": LINES, "terminal": TERMINAL, "commands": COMMANDS, "Jinja": JINJA,
    "YAML": YAML, "CSV": CSV, "paths": PATHS, "Markdown": MARKDOWN, "math": MATH, "emoji": EMOJI,
    "entities": ENTITIES, "long": LONG, "surrogates": HALVES, "no characters": NONE, "look-alikes": ALIKE,
}  # fmt: skip
AROUND = ["%s", "Model %s 5B", "a%sb"]


def corpus() -> Iterator[str]:
    """Every string, each once: the patterns, and the patterns within words."""
    seen = set()
    for family, around in product(FAMILIES.values(), AROUND):
        for pattern in family:
            text = around.replace("%s", pattern.replace("%s", MARK, 1).replace("%%", "%"))
            if text not in seen:
                seen.add(text)
                yield text
