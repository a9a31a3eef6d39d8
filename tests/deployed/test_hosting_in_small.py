"""The stand-in for Firebase Hosting reads firebase.json as Hosting does."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from support.globs import matches, pattern
from support.hosting import Hosting
from support.local_server import Exchange, LocalServer

RULES = {
    "public": "public",
    "cleanUrls": True,
    "trailingSlash": False,
    "ignore": ["**/.*"],
    "rewrites": [
        {"source": "/api/first{,/**}", "run": {"serviceId": "first"}},
        {"source": "/api/**", "run": {"serviceId": "last"}},
    ],
    "headers": [
        {"source": "**", "headers": [{"key": "X-Kept", "value": "always"}, {"key": "Cache-Control", "value": "short"}]},
        {"source": "**/*.@(js|css)", "headers": [{"key": "Cache-Control", "value": "long"}]},
    ],
}


@pytest.mark.parametrize(
    ("glob", "found", "not_found"),
    [
        ("**", ["/", "/a", "/a/b.c"], []),
        ("/api/**", ["/api/a", "/api/a/b"], ["/api", "/apis/a", "/a/api/b"]),
        ("/a{,/**}", ["/a", "/a/b", "/a/b/c"], ["/ab", "/b/a"]),
        ("/@(ui|engine)/turn", ["/ui/turn", "/engine/turn"], ["/uiengine/turn", "//turn", "/other/turn"]),
        ("/a/{b.json,c,c/**}", ["/a/b.json", "/a/c", "/a/c/d"], ["/a/bxjson", "/a/d"]),
        ("**/*.@(js|css)", ["/x.js", "/a/b/x.css"], ["/x.json", "/js"]),
        ("*.html", ["/a.html"], ["/a/b.html"]),
        ("/?.txt", ["/a.txt"], ["/ab.txt", "//.txt"]),
        ("/?(a)b*(c)+(d)", ["/abccd", "/bd"], ["/aabd", "/abc"]),
        ("**/.*", ["/.git", "/a/.b"], ["/a.b"]),
    ],
)
def test_globs(glob: str, found: list[str], not_found: list[str]) -> None:
    """Each form that a rule may take."""
    assert [path for path in [*found, *not_found] if matches(glob, path)] == found


@pytest.mark.parametrize("glob", ["/!(a)", "/[ab]", "/@(a|@(b|c))", "/{a,{b,c}}", "/(a)", "/a}"])
def test_what_it_cannot_read_it_does_not_guess(glob: str) -> None:
    """A rule that would be read wrongly is refused."""
    with pytest.raises(ValueError, match="beyond us"):
        pattern(glob)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[httpx.Client]:
    """A site of a few files in front of two functions that say who they are and what they were asked."""
    public = tmp_path / "public"
    (public / "docs").mkdir(parents=True)
    files = {"index.html": "home", "about.html": "about", "docs/index.html": "docs", "a.js": "code", "404.html": "none"}
    for name, text in {**files, ".hidden": "hidden"}.items():
        (public / name).write_text(text)
    (tmp_path / "firebase.json").write_text(json.dumps({"hosting": RULES}))

    def says(name: str) -> LocalServer:
        def tell(exchange: Exchange) -> None:
            told = {"name": name, "path": exchange.path, "query": exchange.query, "body": exchange.body.decode()}
            exchange.send_json(201, {**told, "for": exchange.headers["x-forwarded-for"]})

        return LocalServer(tell)

    with says("first") as first, says("last") as last:
        services = {"first": first.url, "last": last.url}
        with Hosting(services, tmp_path) as hosting, httpx.Client(base_url=hosting.url, trust_env=False) as client:
            yield client


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/", 200, "home"),
        ("/about", 200, "about"),
        ("/docs", 200, "docs"),
        ("/a.js", 200, "code"),
        ("/nowhere", 404, "none"),
        ("/.hidden", 404, "none"),
        ("/../firebase.json", 404, "none"),
        ("/%2e%2e/firebase.json", 404, "none"),
    ],
)
def test_files(path: str, status: int, text: str, site: httpx.Client) -> None:
    """Clean addresses lead to files; what is ignored or outside is not there."""
    answered = site.get(path)

    assert (answered.status_code, answered.text) == (status, text)


@pytest.mark.parametrize(("path", "address"), [("/about.html", "/about"), ("/about/", "/about"), ("/index.html", "/")])
def test_other_names_of_a_file_lead_to_its_address(path: str, address: str, site: httpx.Client) -> None:
    """One page has one address."""
    answered = site.get(path)

    assert (answered.status_code, answered.headers["Location"]) == (301, address)


def test_headers_are_for_files_and_the_later_rule_wins(site: httpx.Client) -> None:
    """A function's answer goes out as it came."""
    code, function = site.get("/a.js").headers, site.get("/api/first").headers

    assert (code["X-Kept"], code["Cache-Control"]) == ("always", "long")
    assert site.get("/nowhere").headers["Cache-Control"] == "short"
    assert not {"X-Kept", "Cache-Control"} & set(function)


def test_the_first_rewrite_that_matches_leads_to_its_function(site: httpx.Client) -> None:
    """With path, query and body as they were; the caller's address is appended to what the caller claimed."""
    asked = site.post("/api/first/a/?x=1&x=2", content=b"words", headers={"X-Forwarded-For": "1.2.3.4"})

    assert asked.status_code == 201
    assert asked.json() == {
        "name": "first",
        "path": "/api/first/a/",
        "query": {"x": ["1", "2"]},
        "body": "words",
        "for": "1.2.3.4, 127.0.0.1",
    }
    assert site.get("/api/other").json()["name"] == "last"
