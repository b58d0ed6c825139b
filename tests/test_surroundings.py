"""Which repository an address is of, and which domain a CNAME file names."""

import pytest

from tracker.surroundings import domain_url, on_github, repository, repository_url

ADDRESSES = {
    "https://github.com/Ada/notes.git": "Ada/notes",
    "https://github.com/ada/notes": "ada/notes",
    "https://token@github.com/ada/notes.git": "ada/notes",
    "git@github.com:ada/ada.github.io.git": "ada/ada.github.io",
    "ssh://git@github.com/ada/notes.git": "ada/notes",
    "https://www.github.com/ada/notes/": "ada/notes",
    "https://gitlab.com/ada/notes": None,
    "https://notgithub.com/ada/notes": None,
    "/srv/git/notes.git": None,
    "ada/notes": None,
}


@pytest.mark.parametrize(("address", "expected"), ADDRESSES.items(), ids=ADDRESSES)
def test_the_repository_of_an_address(address, expected):
    """As git spells addresses."""
    assert on_github(address) == expected


def test_the_environment_names_the_repository_first(tmp_path):
    """And the address of its Pages follows."""
    assert repository(tmp_path, {"GITHUB_REPOSITORY": "Ada/Notes"}) == "Ada/Notes"
    assert repository_url(tmp_path, {"GITHUB_REPOSITORY": "Ada/Notes"}) == (
        "https://ada.github.io/Notes/"
    )
    assert repository_url(tmp_path, {"GITHUB_REPOSITORY": "Ada/ada.github.io"}) == (
        "https://ada.github.io/"
    )
    assert repository_url(tmp_path, {}) is None


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("CNAME", "Notes.Ada.example\n", "https://notes.ada.example/"),
        ("docs/CNAME", "ada.example", "https://ada.example/"),
        ("src/raw/CNAME", "ada.example", "https://ada.example/"),
        ("CNAME", "https://ada.example/x", None),
        ("CNAME", "", None),
        ("other/CNAME", "ada.example", None),
    ],
)
def test_the_domain_of_a_site(tmp_path, name, text, expected):
    """Where GitHub Pages reads it."""
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text)
    assert domain_url(tmp_path, "src/raw") == expected
