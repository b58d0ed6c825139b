"""The stand-in answers as the three services do, as of a day."""

import base64
import hashlib
import json
from xml.etree import ElementTree as ET

import pytest
import requests
from conftest import at

from tracker.demo.standin import StandIn
from tracker.demo.wire import Reply

ATOM = "{http://www.w3.org/2005/Atom}"
ARXIV = "{http://arxiv.org/schemas/atom}"
TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
V3 = "github/repos/deepseek-ai/DeepSeek-V3"
PDF = "DeepSeek_V3.pdf"
TULU = "huggingface/api/collections/allenai/tulu-3-models-673b8e0dc3512e30e7dc54f5"
MINIMAX = "huggingface/api/models/MiniMaxAI/MiniMax-Text-01"

# What no link of the post did, made up.
FACTS = {
    "papers": [
        {
            "id": "2502.99999",
            "title": "Less < more & more",
            "versions": [
                {"date": "2025-02-01"},
                {"date": "2025-03-01", "comment": "withdrawn by the authors", "size": 0},
            ],
        }
    ],
    "repositories": [
        {
            "id": 7,
            "full_name": "new/name",
            "former": [{"full_name": "old/Name", "until": "2025-03-01"}],
            "archived": "2025-04-01",
            "commits": [
                {
                    "sha": "a" * 40,
                    "date": "2025-01-01",
                    "message": "first",
                    "files": {"a/b/c.txt": {"text": "c\n"}, "README.md": {"text": "r\n"}},
                },
                {
                    "sha": "b" * 40,
                    "date": "2025-02-01",
                    "message": "second",
                    "files": {"a/b/c.txt": {"text": "d\n"}},
                },
            ],
            "tags": [{"name": "v0.1", "date": "2025-01-02"}],
            "releases": [
                {"tag": "v1.0", "date": "2025-02-02"},
                {"tag": "v2.0-rc1", "date": "2025-02-03", "prerelease": True},
            ],
        }
    ],
    "models": [
        {
            "id": "new/model",
            "created": "2025-01-01",
            "former": [{"id": "old/model", "until": "2025-03-01"}],
            "gated_from": "2025-04-01",
            "disabled": "2025-05-01",
            "deleted": "2025-06-01",
            "tags": [],
            "commits": [
                {
                    "sha": "c" * 40,
                    "date": "2025-01-01",
                    "title": "one",
                    "files": {"README.md": {"text": "é\n"}},
                },
                {
                    "sha": "d" * 40,
                    "date": "2025-02-01",
                    "title": "two",
                    "files": {"model.safetensors": {"size": 9, "lfs": True}, "README.md": None},
                },
            ],
        }
    ],
}


@pytest.fixture
def session():
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def ask(session):
    """Ask a stand-in of the real facts, as of a day."""
    with StandIn(at("2025-06-30T12:00:00")) as standin:

        def get(path, day=None, **more):
            standin.now = at(day) if day else standin.now
            return session.get(f"{standin.url}/{path}", allow_redirects=False, **more)

        get.standin = standin
        yield get


@pytest.fixture
def ask_made_up(session):
    """Ask a stand-in of made up facts, as of a day."""
    with StandIn(at("2025-01-01"), FACTS) as standin:

        def get(path, day, **more):
            standin.now = at(day)
            return session.get(f"{standin.url}/{path}", allow_redirects=False, **more)

        get.standin = standin
        yield get


def entries(reply):
    feed = ET.fromstring(reply.content)  # noqa: S314 - our own
    found = {e.findtext(f"{ATOM}id").rpartition("/")[2]: e for e in feed.iter(f"{ATOM}entry")}
    assert feed.findtext(TOTAL) is not None
    return found, int(feed.findtext(TOTAL))


# --- arXiv -------------------------------------------------------------------------------------


def query(ids, more="&max_results=100"):
    return f"arxiv/api/query?id_list={ids}{more}"


@pytest.mark.parametrize(
    ("day", "newest"), [("2024-12-30", []), ("2025-01-01", ["v1"]), ("2025-11-01", ["v3"])]
)
def test_a_bare_id_answers_the_newest_version_of_the_day(ask, day, newest):
    found, total = entries(ask(query("2501.00656"), day))
    assert list(found) == [f"2501.00656{version}" for version in newest]
    assert total == len(newest)


def test_bare_and_versioned_ids_mix_and_each_entry_has_its_own_date(ask):
    found, total = entries(ask(query("2501.07301,2501.07301v1,9999.99999,2501.07301v9")))
    assert total == 2
    dates = {
        k: (e.findtext(f"{ATOM}published"), e.findtext(f"{ATOM}updated")) for k, e in found.items()
    }
    assert dates == {
        "2501.07301v1": ("2025-01-13T13:10:16Z", "2025-01-13T13:10:16Z"),
        "2501.07301v2": ("2025-01-13T13:10:16Z", "2025-06-05T16:34:24Z"),
    }


def test_ten_entries_are_the_default_and_total_tells_of_more(ask):
    ids = ",".join(f"{p['id']}v1" for p in ask.standin.facts["papers"])
    found, total = entries(ask(query(ids, "")))
    assert (len(found), total) == (10, 12)


def test_one_malformed_id_refuses_the_batch(ask):
    reply = ask(query("2501.07301,abc"))
    assert reply.status_code == 400
    assert [e.findtext(f"{ATOM}title") for e in entries(reply)[0].values()] == ["Error"]


@pytest.mark.parametrize("name", ["arXiv:2501.07301", "2501.07301V2", "x 2501.07301"])
def test_an_id_with_anything_around_it_matches_nothing(ask, name):
    reply = ask(query(name))
    assert (reply.status_code, entries(reply)) == (200, ({}, 0))


def test_a_client_without_accept_is_not_served(ask):
    assert ask(query("2501.07301"), headers={"Accept": None}).status_code == 406


def test_a_journal_and_a_doi_stand_from_their_day_on_at_the_newest_version(ask):
    path = query("2501.12948,2501.12948v1")
    before, _ = entries(ask(path, "2026-01-03"))
    after, _ = entries(ask(path, "2026-02-01"))
    told = {k: e.findtext(f"{ARXIV}doi") for k, e in (before | after).items()}
    assert told == {"2501.12948v1": None, "2501.12948v2": "10.1038/s41586-025-09422-z"}
    assert "Nature volume 645" in after["2501.12948v2"].findtext(f"{ARXIV}journal_ref")


def test_oai_tells_every_version_and_a_withdrawn_one_by_its_size(ask, ask_made_up):
    path = "arxiv/oai?verb=GetRecord&metadataPrefix=arXivRaw&identifier=oai:arXiv.org:"
    record = ask(f"{path}2411.15124")
    assert [f'version="v{n}"' in record.text for n in (1, 5, 6)] == [True, True, False]
    assert "Mon, 14 Apr 2025 12:00:00 GMT" in record.text
    withdrawn = ask_made_up(f"{path}2502.99999", "2025-04-01").text
    assert "<size>0kb</size>\n            <source_type>I</source_type>" in withdrawn
    assert "Less &lt; more &amp; more" in withdrawn
    assert "idDoesNotExist" in ask(f"{path}9999.99999").text


# --- GitHub ------------------------------------------------------------------------------------


def test_a_file_is_there_until_the_commit_that_deleted_it(ask):
    before = ask(f"{V3}/contents/{PDF}?ref=main", "2025-03-16T15:42:20")
    after = ask(f"{V3}/contents/{PDF}?ref=main", "2025-03-16T15:42:21")
    assert before.json()["sha"] == "29dcd6ad91c9b413a85b01cf852460af0e5273df"
    assert (before.json()["encoding"], before.json()["content"]) == ("none", "")
    assert (after.status_code, after.json()["message"]) == (404, "Not Found")


def test_the_deleting_commit_is_in_the_list_of_the_path(ask):
    first = ask(f"{V3}/commits?path={PDF}&sha=main&per_page=1")
    assert first.json()[0]["commit"]["message"] == "Delete DeepSeek_V3.pdf"
    assert first.json()[0]["commit"]["committer"]["date"] == "2025-03-16T15:42:21Z"
    following = first.links["next"]["url"].removeprefix(f"{ask.standin.url}/")
    assert [c["commit"]["message"] for c in ask(following).json()] == ["Release DeepSeek-V3"]
    until = ask(f"{V3}/commits?path={PDF}&until=2025-01-22T23:59:59Z").json()
    assert [c["sha"][:7] for c in until] == ["4c2fdb8"]
    since = ask(f"{V3}/commits?path={PDF}&since=2025-01-22T23:59:59Z").json()
    assert [c["sha"][:7] for c in since] == ["a878ead"]


def test_a_readme_comes_raw_or_as_json(ask):
    raw = ask(f"{V3}/readme", headers={"Accept": "application/vnd.github.raw+json"})
    assert "https://arxiv.org/abs/2412.19437" in raw.text
    payload = ask(f"{V3}/readme").json()
    assert base64.b64decode(payload["content"]).decode() == raw.text
    assert (
        "arxiv" not in ask(f"{V3}/readme", "2025-01-22T12:00:00", headers=raw.request.headers).text
    )


def test_every_answer_tells_what_is_left_and_nobody_knows_a_missing_repository(ask):
    reply = ask("github/repos/nobody/nothing")
    assert reply.status_code == 404
    assert reply.json() == {
        "message": "Not Found",
        "documentation_url": "https://docs.github.com/rest",
        "status": "404",
    }
    assert int(reply.headers["X-RateLimit-Remaining"]) > 0


def test_graphql_wants_a_token(ask, session):
    reply = session.post(f"{ask.standin.endpoints.github_graphql}", json={"query": "{ x }"})
    assert reply.status_code == 401


def test_a_renamed_repository_moves_for_good_to_its_id(ask_made_up):
    assert ask_made_up("github/repos/OLD/name", "2025-02-01").json()["full_name"] == "old/Name"
    reply = ask_made_up("github/repos/old/Name/contents/README.md?ref=main", "2025-03-02")
    assert reply.status_code == 301
    location = reply.headers["Location"]
    assert location.endswith("/github/repositories/7/contents/README.md?ref=main")
    path = location.removeprefix(f"{ask_made_up.standin.url}/")
    assert ask_made_up(path, "2025-03-02").json()["path"] == "README.md"
    repository = ask_made_up("github/repositories/7", "2025-04-02").json()
    assert (repository["full_name"], repository["archived"]) == ("new/name", True)


def test_folders_have_trees_that_change_with_what_is_in_them(ask_made_up):
    path = "github/repos/new/name"
    root = ask_made_up(f"{path}/contents/", "2025-03-02").json()
    assert [(e["name"], e["type"]) for e in root] == [("README.md", "file"), ("a", "dir")]
    tree = ask_made_up(f"{path}/git/trees/main?recursive=1", "2025-03-02").json()
    assert [e["path"] for e in tree["tree"]] == ["README.md", "a", "a/b", "a/b/c.txt"]
    folder = ask_made_up(f"{path}/git/trees/{root[1]['sha']}", "2025-03-02").json()
    assert [e["path"] for e in folder["tree"]] == ["b"]
    before = ask_made_up(f"{path}/contents/?ref={'a' * 40}", "2025-03-02").json()
    assert [x["sha"] == y["sha"] for x, y in zip(root, before, strict=True)] == [True, False]
    listed = ask_made_up(f"{path}/commits?path=a/b", "2025-03-02").json()
    assert [c["sha"][0] for c in listed] == ["b", "a"]


def test_the_latest_release_is_no_prerelease_and_none_is_404(ask_made_up):
    path = "github/repos/old/name"
    assert ask_made_up(f"{path}/releases/latest", "2025-01-03").status_code == 404
    latest = ask_made_up(f"{path}/releases/latest", "2025-02-10").json()
    assert (latest["tag_name"], latest["published_at"]) == ("v1.0", "2025-02-02T12:00:00Z")
    releases = ask_made_up(f"{path}/releases", "2025-02-10").json()
    assert [r["tag_name"] for r in releases] == ["v2.0-rc1", "v1.0"]
    tags = ask_made_up(f"{path}/tags", "2025-02-10").json()
    assert [(t["name"], t["commit"]["sha"][0]) for t in tags] == [
        ("v2.0-rc1", "b"),
        ("v1.0", "b"),
        ("v0.1", "a"),
    ]
    assert ask_made_up(f"{path}/git/ref/tags/v0.1", "2025-02-10").json()["object"]["sha"][0] == "a"
    assert ask_made_up(f"{path}/git/ref/tags/main", "2025-02-10").status_code == 404


@pytest.mark.parametrize("path", ["contents/README.md?ref=no", "commits?sha=no", "git/trees/no"])
def test_an_unknown_ref_is_404(ask_made_up, path):
    assert ask_made_up(f"github/repos/old/name/{path}", "2025-02-10").status_code == 404


def test_raw_files_come_at_a_ref(ask_made_up):
    assert ask_made_up("raw/old/name/main/a/b/c.txt", "2025-02-10").text == "d\n"
    assert ask_made_up("raw/old/name/refs/tags/v0.1/a/b/c.txt", "2025-02-10").text == "c\n"
    assert ask_made_up("raw/old/name/main/none", "2025-02-10").status_code == 404


def test_a_file_may_be_given_by_its_bytes(session):
    """The same by every road, with the blob sha that git would give it."""
    commit = {"sha": "a" * 40, "date": "2025-01-01", "message": "m", "files": {}}
    commit["files"]["p.pdf"] = {"base64": base64.b64encode(b"%PDF-\xff").decode()}
    facts = {"repositories": [{"id": 1, "full_name": "o/r", "commits": [commit]}]}
    with StandIn(at("2025-02-01"), facts) as standin:
        raw = session.get(f"{standin.url}/raw/o/r/{'a' * 40}/p.pdf")
        shown = session.get(f"{standin.url}/github/repos/o/r/contents/p.pdf").json()
    assert raw.content == base64.b64decode(shown["content"]) == b"%PDF-\xff"
    made = hashlib.sha1(b"blob 6\0%PDF-\xff", usedforsecurity=False)
    assert (shown["sha"], shown["size"]) == (made.hexdigest(), 6)


def test_a_file_of_which_only_the_blob_was_recorded_is_not_served(ask):
    path = "raw/deepseek-ai/DeepSeek-V3/4c2fdb8f55e049553b9f4f1a3241f86d739c8cf8"
    assert ask(f"{path}/DeepSeek_V3.pdf").status_code == 404
    assert ask(f"{path}/README.md").status_code == 200


# --- Hugging Face ------------------------------------------------------------------------------


def test_expand_answers_those_fields_and_the_ids(ask):
    reply = ask(f"{MINIMAX}?expand[]=sha&expand[]=lastModified&expand[]=tags")
    assert reply.json().keys() == {"_id", "id", "sha", "lastModified", "tags"}
    assert "arxiv:2501.08313" in reply.json()["tags"]
    assert reply.headers["RateLimit"].startswith('"api";r=')
    assert ask(f"{MINIMAX}?expand[]=sha&full=1").status_code == 400


def test_another_case_is_a_307_with_a_relative_location(ask):
    reply = ask("huggingface/api/models/minimaxai/minimax-text-01")
    assert (reply.status_code, reply.headers["Location"]) == (307, f"/{MINIMAX}")


def test_what_is_missing_is_401_without_a_token_and_404_with_one(ask):
    path = "huggingface/api/models/nobody/nothing"
    without = ask(path)
    assert (without.status_code, without.headers.get("X-Error-Code")) == (401, None)
    with_one = ask(path, headers={"Authorization": "Bearer hf_x"})
    assert (with_one.status_code, with_one.headers["X-Error-Code"]) == (404, "RepoNotFound")


def test_the_life_of_a_model(ask_made_up):
    path = "huggingface/api/models/{}/model"
    assert ask_made_up(path.format("old"), "2025-02-02").json()["sha"] == "d" * 40
    moved = ask_made_up(path.format("old"), "2025-03-02")
    assert moved.headers["Location"] == "/huggingface/api/models/new/model"
    commits = f"{path.format('new')}/commits/main?limit=1"
    listed = ask_made_up(commits, "2025-03-02")
    assert (listed.json()[0]["title"], listed.headers["X-Total-Count"]) == ("two", "2")
    assert listed.links["next"]["url"].endswith("/commits/main?p=1&limit=1")
    gated = ask_made_up(commits, "2025-04-02")
    assert (gated.status_code, gated.headers["X-Error-Code"]) == (401, "GatedRepo")
    assert ask_made_up(path.format("new"), "2025-04-02").json()["gated"] == "manual"
    assert ask_made_up(path.format("new"), "2025-05-02").json()["disabled"] is True
    assert ask_made_up(path.format("new"), "2025-06-02").status_code == 401


def test_a_tree_shows_the_files_of_a_revision(ask_made_up):
    path = "huggingface/api/models/old/model/tree"
    first = ask_made_up(f"{path}/{'c' * 40}?recursive=1", "2025-02-02").json()
    second = ask_made_up(f"{path}/main?recursive=1", "2025-02-02").json()
    assert [e["path"] for e in first] == ["README.md"]
    assert [(e["path"], "lfs" in e) for e in second] == [("model.safetensors", True)]
    bad = ask_made_up(f"{path}/no-such-branch", "2025-02-02")
    assert (bad.status_code, bad.headers["X-Error-Code"]) == (404, "RevisionNotFound")


@pytest.mark.parametrize(
    ("place", "day", "status", "code"),
    [
        (f"old/model/raw/{'c' * 40}/README.md", "2025-02-02", 200, None),
        (f"OLD/model/raw/{'c' * 40}/README.md", "2025-02-02", 307, None),
        (f"old/model/raw/{'c' * 40}/README.md", "2025-03-02", 307, None),
        (f"old/model/raw/{'d' * 40}/README.md", "2025-02-02", 404, "EntryNotFound"),
        (f"old/model/raw/{'d' * 40}/model.safetensors", "2025-02-02", 404, "EntryNotFound"),
        (f"old/model/raw/{'e' * 40}/README.md", "2025-02-02", 404, "RevisionNotFound"),
        (f"datasets/old/model/raw/{'c' * 40}/README.md", "2025-02-02", 401, None),
        (f"new/model/raw/{'c' * 40}/README.md", "2025-04-02", 401, "GatedRepo"),
    ],
    ids="text case renamed taken-away unknown revision kind gated".split(),  # noqa: SIM905 - a list of words
)
def test_a_file_is_served_as_it_was_at_a_revision(ask_made_up, place, day, status, code):
    """Where the facts hold its text, under the name of that day, to those who may see it."""
    reply = ask_made_up(f"huggingface/{place}", day)
    assert (reply.status_code, reply.headers.get("X-Error-Code")) == (status, code)
    if status == 200:
        assert reply.content.decode() == "é\n"
    if status == 307:
        own = "new/model" if day == "2025-03-02" else "old/model"
        assert reply.headers["Location"] == f"/huggingface/{own}/raw/{'c' * 40}/README.md"


def test_what_is_gated_is_served_to_a_token(ask_made_up):
    path = f"huggingface/new/model/raw/{'c' * 40}/README.md"
    headers = {"Authorization": "Bearer hf_x"}
    assert ask_made_up(path, "2025-04-02", headers=headers).text == "é\n"


def test_a_file_with_a_text_has_its_size(ask_made_up):
    path = f"huggingface/api/models/old/model/tree/{'c' * 40}"
    (entry,) = ask_made_up(path, "2025-02-02").json()
    assert entry["size"] == 3


def test_an_owners_models_are_listed_page_by_page(ask):
    reply = ask("huggingface/api/models?author=Qwen&expand[]=sha&limit=1")
    assert [m["id"] for m in reply.json()] == ["Qwen/Qwen2.5-Math-PRM-7B"]
    assert "next" not in reply.links


@pytest.mark.parametrize(
    ("day", "count"), [("2025-01-22", 7), ("2025-01-31", 10), ("2025-03-01", 11)]
)
def test_a_collection_grows_and_its_items_ids_tell_when(ask, day, count):
    items = ask(TULU, day).json()["items"]
    assert len(items) == count
    added = {i["id"].rpartition("/")[2]: int(i["_id"][:8], 16) for i in items}
    assert max(added.values()) <= at(day).timestamp()
    if day == "2025-03-01":
        assert added["Llama-3.1-Tulu-3.1-8B"] == at("2025-02-12T12:00:00").timestamp()


def test_a_collection_answers_under_old_slugs_and_the_list_form_is_cut(ask):
    assert ask(TULU.replace("tulu-3-models", "old-title")).json()["title"] == "Tulu 3 Models"
    assert ask(TULU.replace("673b8e0d", "00000000")).status_code == 404
    listed = ask("huggingface/api/collections?owner=allenai").json()
    assert [len(c["items"]) for c in listed] == [4, 4, 4]


# --- the server --------------------------------------------------------------------------------


def test_it_keeps_what_was_asked_and_can_be_told_to_answer_badly(ask):
    ask.standin.faults += [
        ("collections", (503, {"Retry-After": "1"}, "busy")),
        (r"\?limit=1$", lambda method, path: Reply(429, {}, f"{method} {path}")),
        ("models", lambda _method, _path: None),
    ]
    assert (ask(TULU).status_code, ask(TULU).text) == (503, "busy")
    assert ask(f"{MINIMAX}?limit=1").text == f"GET /{MINIMAX}?limit=1"
    assert ask(MINIMAX).status_code == 200
    assert ask.standin.requests[-1] == ("GET", f"/{MINIMAX}")
    ask.standin.faults.clear()
    assert ask(TULU).status_code == 200


def test_its_addresses_are_below_one_host_and_carry_no_token(ask):
    endpoints = ask.standin.endpoints
    addresses = {v for v in vars(endpoints).values() if v is not None}
    assert len(addresses) == 7
    assert all(a.startswith(f"{ask.standin.url}/") for a in addresses)
    assert all(not a.endswith("/") for a in addresses)


def test_the_same_day_gives_the_same_answers(ask):
    with StandIn(at("2025-06-30T12:00:00")) as other, requests.Session() as session:
        for path in (TULU, MINIMAX, query("2501.07301,2411.15124")):
            assert session.get(f"{other.url}/{path}").content == ask(path).content


def test_outside_its_block_it_has_no_address():
    with pytest.raises(RuntimeError, match="with block"):
        _ = StandIn(at("2025-01-01")).url


def test_a_post_with_a_body_leaves_the_connection_usable(ask, session):
    url = ask.standin.endpoints.github_graphql
    statuses = [session.post(url, data=json.dumps({"n": n})).status_code for n in range(3)]
    assert statuses == [401, 401, 401]
