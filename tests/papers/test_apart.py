"""Two files are compared in a process of its own, and nothing that happens there leaves it."""

import json
import os
import shutil
import subprocess
import sys
import zlib
from io import BytesIO
from pathlib import Path
from textwrap import indent

import pytest
from made import KINDS, edited, paper
from printed import pdf
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from typeset import html

import tracker
from tracker.papers import apart, latexml
from tracker.papers.apart import About
from tracker.papers.differences import compare as differences
from tracker.papers.document import Unreadable

PAGE = (
    '<html><body><article class="ltx_document"><h1 class="ltx_title_document">A</h1>'
    '<div class="ltx_abstract"><p>Old.</p></div><p>It has {} parts.</p></article></body></html>'
)
HTML, PDF = PAGE.format(4).encode(), pdf(paper(3, sections=2))
MARKDOWN = b"# Results\n\nWe reach 91.6% on GSM8K with this model.\n"


@pytest.fixture
def child(tmp_path, monkeypatch):
    """Run this code in the process before what it does, or, with `main` false, in its place."""

    def child(code: str, *, main: bool = True) -> None:
        script = tmp_path / "child"
        run = "apart.main()" if main else ""
        script.write_text(
            f"#!{sys.executable}\nimport os, resource, signal, sys\n"
            f"from tracker.papers import apart\nfrom tracker.papers.document import *\n{code}\n{run}"
        )
        script.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(script))

    return child


def reading(code: str) -> str:
    """Code of a process whose reader does this with its `data`."""
    return f"def read(data):\n{indent(code, '    ')}\napart._reader = lambda form: read"


def said(form="markdown", old=b"a", new=b"b", about=None) -> str:
    """Why nothing could be compared."""
    with pytest.raises(Unreadable) as error:
        apart.compare(form, old, new, about)
    return str(error.value)


# --- what differs ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "old", "new", "numbers"),
    [
        ("markdown", MARKDOWN, MARKDOWN.replace(b"91.6", b"92.1"), [("91.6%", "92.1%")]),
        ("html", HTML, PAGE.format(5).encode(), [("4", "5")]),
        ("pdf", PDF, PDF, []),
    ],
    ids=["markdown", "html", "pdf"],
)
def test_each_format_has_its_reader(form, old, new, numbers):
    found = apart.compare(form, old, new)
    assert [(one.old, one.new) for one in found.numbers] == numbers


def test_the_other_process_tells_what_this_one_would():
    """All that differs arrives, in the same order, whatever its hashes are seeded with."""
    old, new = paper(5), edited(paper(5), 1, list(KINDS))[0]
    expected = differences(latexml.read(html(old)), latexml.read(html(new)))
    assert apart.compare("html", html(old), html(new)) == expected
    assert expected.sections


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (About("A", ("Ann",), "Old."), About("B", ("Bob",), "New."), "title authors abstract"),
        (About("A"), About("B"), "title"),
        (About(authors=("Ann",)), About(authors=("Ann", "Bob")), "authors"),
        (About(abstract="Old."), About(abstract="New."), "abstract"),
        (About("A", ("Ann",), "Old."), About(), ""),
        (About(), About("B", ("Bob",), "New."), ""),
    ],
    ids=["all", "title", "authors", "abstract", "only the old one", "only the new one"],
)
def test_metadata_count_where_they_tell_of_both_versions(old, new, told):
    """What is told of one version alone would differ from whatever the other's text says."""
    found = apart.compare("html", HTML, HTML, (old, new))
    assert bool(found.title) == ("title" in told)
    assert any(found.authors) == ("authors" in told)
    assert bool(found.paragraphs) == ("abstract" in told)


def test_no_text_breaks_the_answer(child):
    """Lone surrogates, which no file can hold, and control characters."""
    child(
        reading(
            "label = 'a\\ud800\\0\\x85\\u2028\"' if data == b'b' else ''\n"
            "return Paper(figures=(Figure(label, data.decode()),))"
        )
    )
    (figure,) = apart.compare("markdown", b"a", b"b").figures_added
    assert figure.label == 'a?\0\x85\u2028"'


ODD = "9\0&#0;&#xD800;&#xDFFF;\ufffe parts".encode()


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [
        ("html", HTML, HTML.replace(b"4 parts", ODD + b" \xed\xa0\x80")),
        ("markdown", MARKDOWN, MARKDOWN + b"\n\nIt has " + ODD + b".\n"),
    ],
    ids=["html", "markdown"],
)
def test_what_is_told_of_odd_bytes_can_be_written(form, old, new):
    told = repr(apart.compare(form, old, new))
    assert "It has 9" in told
    told.encode()
    assert "\\x00" not in told
    assert "\\ud" not in told


# --- what cannot be read ---------------------------------------------------------------------------


def drawn(draw=lambda _canvas: None, **more) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, invariant=1, **more)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def inflating(content: bytes) -> bytes:
    """A PDF of one page with this content, well compressed."""
    packed = zlib.compress(content, 9)
    return b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" % () + (
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream endobj\n"
        b"trailer<</Size 5/Root 1 0 R>>\n%%%%EOF" % (len(packed), packed)
    )


DEEP = HTML.replace(b"</article>", b"<div>" * 100_000 + b"</div>" * 100_000 + b"</article>")


@pytest.mark.parametrize(
    ("form", "bad", "reason"),
    [
        pytest.param("pdf", b"", "it is no PDF", id="empty"),
        pytest.param("pdf", HTML, "it is HTML, no PDF", id="HTML in disguise"),
        pytest.param(
            "pdf", drawn(encrypt=StandardEncryption("x")), "the PDF is encrypted", id="encrypted"
        ),
        pytest.param("pdf", PDF[:2000], "the PDF is broken", id="cut half way"),
        pytest.param("pdf", drawn(), "the PDF has no text: it may be scanned", id="scanned"),
        pytest.param(
            "pdf",
            inflating(b" " * (64 << 20)),
            "the PDF has no text: it may be scanned",
            id="64 MiB of nothing",
        ),
        pytest.param("html", HTML[:-20], "the HTML stops half way", id="HTML cut half way"),
        pytest.param("html", DEEP, "the HTML has too many tags", id="100,000 deep"),
        pytest.param(
            "html", b"<" * (20 << 20), "the HTML is no article of LaTeXML", id="20 MiB of <"
        ),
        pytest.param("markdown", b"\xff\xfe", "no UTF-8 text", id="no text"),
    ],
)
def test_a_bad_file_is_one_line_that_says_which(form, bad, reason):
    good = {"pdf": PDF, "html": HTML, "markdown": MARKDOWN}[form]
    with pytest.raises(apart.OneUnreadable) as error:
        apart.compare(form, good, bad)
    assert (str(error.value), error.value.which) == (reason, "new")


def test_of_two_bad_files_the_old_one_is_named():
    with pytest.raises(apart.OneUnreadable, match="UTF-8") as error:
        apart.compare("markdown", b"\xff", b"\xff")
    assert error.value.which == "old"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param(
            "bytearray(apart._MEMORY)", "reading it takes too much memory", id="too much memory"
        ),
        pytest.param("os.kill(os.getpid(), signal.SIGSEGV)", "reading it ended early", id="crash"),
        pytest.param("os._exit(0)", "reading it ended early", id="exit"),
        pytest.param("read(data)", "it is nested too deeply", id="recursion"),
        pytest.param(
            "raise KeyError('secret')",
            "tracker cannot read it (KeyError): report this",
            id="what nobody foresaw",
        ),
        pytest.param("raise Unreadable('a\\nb' + 'c' * 300)", "a b" + "c" * 197, id="long reason"),
        pytest.param(
            "return Paper(figures=data == b'b' and (Figure('x' * apart._ANSWER, ''),) or ())",
            "more differs than can be told",
            id="endless answer",
        ),
    ],
)
def test_whatever_happens_there_is_one_line(child, code, reason):
    child(reading(code))
    assert said() == reason


def test_a_file_that_inflates_without_end_meets_the_limit_of_memory(child):
    child("apart._MEMORY = 256 << 20")
    bomb = inflating(b"q " * (24 << 20))
    assert len(bomb) < 100_000
    assert said("pdf", bomb, PDF) in ("reading it ended early", "reading it takes too much memory")


def test_over_its_time_the_process_is_ended(child, monkeypatch):
    child(reading("while True: pass"))
    monkeypatch.setattr(apart, "_SECONDS", 0.5)
    assert said() == "reading it takes over 0.5 s"
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_the_process_outlives_nobody_and_leaves_no_core(child):
    """Its own limits hold when nobody waits for it any more."""
    child(
        reading(
            "raise Unreadable(f'{resource.getrlimit(resource.RLIMIT_CPU)[1]}"
            " {resource.getrlimit(resource.RLIMIT_CORE)[1]}')"
        )
    )
    assert said() == f"{apart._SECONDS + 5} 0"  # noqa: SLF001 - the limit is its own


def test_where_no_process_can_be_started_there_is_a_reason(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    assert said() == "the process that reads it could not be started"


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "null",
        "[]",
        "{}",
        "{",
        "[" * 100_000,
        '{"differences": []}',
        '{"differences": {"unknown": 1}}',
        '{"differences": {"figures_added": [{"label": "\\ud800", "caption": ""}]}}',
        '{"unreadable": ""}',
    ],
    ids=lambda answer: answer[:20],
)
def test_a_process_that_was_taken_over_is_not_believed(answer, monkeypatch):
    def run(*_args, stdout, **_more):
        stdout.write(answer.encode())

    monkeypatch.setattr(subprocess, "run", run)
    assert said() == "reading it ended early"


# --- what the process knows ------------------------------------------------------------------------


def test_it_knows_no_token(child, monkeypatch):
    monkeypatch.setenv("GITHUB_TOKEN", "sentinel")
    child(reading("raise Unreadable(' '.join(sorted(os.environ)))"))
    assert set(said().split()) <= {"LC_CTYPE", "PYTHONPATH"}


def test_what_libraries_print_is_no_answer(child):
    child(reading("print('{}', flush=True)\nos.system('echo {}')\nreturn Paper()"))
    assert apart.compare("markdown", b"a", b"b").empty


def test_modules_that_lie_where_the_user_is_are_not_loaded(tmp_path, monkeypatch):
    for name in ("json", "re", "tracker", "resource", "pyromark", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'loaded')!r}, 'w')")
    apart.compare("markdown", MARKDOWN, MARKDOWN)  # so that this process has loaded all it needs
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", ".", *sys.path])
    assert apart.compare("markdown", MARKDOWN, MARKDOWN).empty
    assert not (tmp_path / "loaded").exists()


def test_it_is_the_same_program_wherever_that_is_installed(tmp_path):
    """The process finds the very modules that start it, and not others of the same name."""
    shutil.copytree(Path(tracker.__file__).parent, tmp_path / "site" / "tracker")
    reader = tmp_path / "site" / "tracker" / "papers" / "readme.py"
    reader.write_text(
        "from tracker.papers.document import Unreadable\ndef read(_): raise Unreadable('the copy')"
    )
    code = "import sys; sys.path.insert(0, sys.argv[1])\nfrom tracker.papers import apart\napart.compare('markdown', b'', b'')"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code, tmp_path / "site"],
        capture_output=True,
        check=False,
        cwd=tmp_path,
    )
    assert done.stderr.decode().strip().endswith("OneUnreadable: the copy")


def test_its_answer_is_json_in_utf_8_and_nothing_else():
    sent = json.dumps({"form": "markdown", "length": 1, "about": None}).encode() + b"\nab"
    done = subprocess.run(
        [sys.executable, "-m", "tracker.papers.apart"], input=sent, capture_output=True, check=True
    )
    assert list(json.loads(done.stdout)) == ["differences"]
    assert done.stderr == b""
