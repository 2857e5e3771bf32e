"""The state of a question on a day, as the cookbook and its page have it, is that of its events so far."""

import copy
import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pyoxigraph as ox
import pytest
from starlette.testclient import TestClient

from lod import Options, Summary, build_release
from lod.iri import last_segment
from lod.query import cookbook
from lod.release import Release
from lod.web.index.builder import ensure_index
from lod.web.index.reader import Index, nodes
from lod.web.pages import Language
from lod.web.pages.links import Links
from lod.web.pages.memberships import MembershipResolver
from lod.web.pages.question_on_day import on_day
from lod.web.pages.question_view import QuestionViewReader
from tests.conftest import SAMPLES
from tests.support.queries import SOURCES
from tests.support.server import client

Node = dict[str, Any]
DAYS = 200
LIVELY = "an/17/qe/99112"
"""Asked on 6 January 2026, re-attributed on 3 March, flagged on 28 April, answered on 5 May."""
HTML = {"Accept": "text/html"}
CLOSURES = [
    ("FM", "Fin de mandat"),
    ("AU", "Retirée à l'initiative de l'auteur"),
    ("DE", "Décès"),
    ("ZZ", "Autre"),
]
"""Codes and words of ends: lapsed, withdrawn, closed, and one that is not understood."""
ENDS = {"retrait": "retiree", "caducite": "caduque", "cloture": "close"}


class State(NamedTuple):
    """What is asked: the state, by its label, and so on."""

    state: str
    ministry: str | None
    due: str | None
    is_overdue: bool
    group: str | None


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("days")
    (folder / "generated").mkdir()
    for name, document in generated():
        (folder / "generated" / name).write_text(json.dumps(document), encoding="utf-8")
    options = Options(registers=(SAMPLES / "register",))
    return build_release([*SOURCES, folder / "generated"], folder / "out", options).path


def generated() -> Iterator[tuple[str, Node]]:
    """Yield documents of questions with each end and with attributions, of a known day or not."""
    template = json.loads((SAMPLES / "json" / "QANR5L17QE90101.json").read_text(encoding="utf-8"))
    cases = product([*CLOSURES, None], ["2026-05-12", None], ["both", "first", "second"])
    for number, (closure, day, dated) in enumerate(cases, 92001):
        document = copy.deepcopy(template)
        question = document["question"]
        question["uid"] = f"QANR5L17QE{number}"
        question["identifiant"]["numero"] = str(number)
        question["textesReponse"] = None
        code, text = closure or (None, None)
        ending = {"codeCloture": code, "libelleCloture": text, "dateCloture": day, "infoJO": None}
        question["cloture"] = ending if closure else None
        for rank, attribution in zip(("first", "second"), question["minAttribs"]["minAttrib"], strict=True):
            if dated not in ("both", rank):
                attribution["infoJO"] = None
        yield f"{question['uid']}.json", document


@pytest.fixture(scope="module")
def web(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with client(release, tmp_path_factory.mktemp("site")) as running:
        yield running


def test_the_query_and_the_page_say_what_a_replay_of_the_events_says(release: Path, tmp_path: Path) -> None:
    seen = compare(Index(ensure_index(Release(release), tmp_path)), loaded(release))
    assert len({state.state for state in seen if state}) == 6
    assert {state.is_overdue for state in seen if state} == {True, False}
    assert None in seen


@pytest.mark.real
@pytest.mark.slow
def test_the_same_is_true_of_real_questions(real_split_release: Summary, tmp_path: Path) -> None:
    path = real_split_release.path
    assert len(set(compare(Index(ensure_index(Release(path), tmp_path)), loaded(path)))) > DAYS // 10


def compare(index: Index, store: ox.Store) -> list[State | None]:
    """Compare query and page with a replay on random days, and return what the replay says of each."""
    chance, seen = random.Random(19), list[State | None]()
    questions = [each for each in index.documents() if each.kind == "question"]
    for _ in range(DAYS):
        document = index.document(chance.choice(questions).path)
        assert document
        node = nodes(index.json(document))[0]
        day = some_day(node, chance)
        expected = replayed(node, day, index)
        assert queried(store, node["identifier"], day) == expected, (document.path, day)
        assert shown(node, day, index) == (expected and expected._replace(ministry=None)), (
            document.path,
            day,
        )
        seen.append(expected)
    return seen


def some_day(node: Node, chance: random.Random) -> str:
    """Return a day on or beside that of an event, or any day near the life of a question."""
    days = [activity["activityDate"] for activity in node["procedure"][0]["activities"]]
    near = date.fromisoformat(chance.choice(days)) + timedelta(chance.choice((-1, 0, 1)))
    far = date.fromisoformat(node["issued"]) + timedelta(chance.randrange(-30, 400))
    return chance.choice((near, far)).isoformat()


def replayed(node: Node, day: str, index: Index) -> State | None:
    """Return the state after letting each event up to a day happen; None before the publication."""
    [process] = node["procedure"]
    past = [each for each in process["activities"] if "activityOrder" in each and each["activityDate"] <= day]
    if not past:
        return None
    parts = {each["id"]: each for each in node["participations"]}
    events = [each for each in process["activities"] if "activityOrder" in each]
    dated = {part for each in events for part in each.get("hadParticipations", ())}
    state, ended = "en-attente-de-reponse", {last_segment(each["activityType"]["id"]) for each in events}
    now = last_segment(process["processStatus"]["id"])
    if not ended & {*ENDS, "reponse"}:
        state = now
    charge = [label(each, index) for each in parts.values() if has(each, "ministere-interroge")]
    charge += [label(each, index) for each in parts.values() if is_charge(each) and each["id"] not in dated]
    for event in sorted(past, key=lambda each: float(each["activityOrder"])):
        kind = last_segment(event["activityType"]["id"])
        if kind == "reponse":
            state = "repondue"
        elif kind in ENDS and state != "repondue":
            state = now if now != "repondue" else ENDS[kind]
        charge += [
            label(parts[each], index) for each in event.get("hadParticipations", ()) if is_charge(parts[each])
        ]
    undated = [
        label(each, index)
        for each in parts.values()
        if has(each, "attributaire-actuel") and each["id"] not in dated
    ]
    names = {each["id"] for each in past}
    dues = [
        each["activityDate"]
        for each in process["activities"]
        if "activityOrder" not in each and each["motivatedBy"] in names
    ]
    due = max(dues, default=None)
    is_overdue = state == "en-attente-de-reponse" and due is not None and due < day
    text = index.label(index.iris.concept("etat", state))
    assert text
    ministry = undated[0] if undated else charge[-1] if any(map(is_charge, parts.values())) else None
    return State(text, ministry, due, is_overdue, group_on(node, day, index))


def has(part: Node, role: str) -> bool:
    return any(last_segment(each["id"]) == role for each in part["participationRoles"])


def is_charge(part: Node) -> bool:
    return has(part, "ministere-attributaire")


def label(part: Node, index: Index) -> str:
    """Return the published name of a ministry, from which the one printed may differ in letters."""
    document = index.document(index.iris.path(part["participantOrganization"]["id"]))
    assert document
    return str(document.label)


def group_on(node: Node, day: str, index: Index) -> str | None:
    """Return the group of the author on a day, by the memberships of their document."""
    [author] = [each for each in node["participations"] if has(each, "auteur")]
    stated = {each["id"] for each in author["inCapacityOf"]}
    document = index.document(index.iris.path(min(stated)))
    assert document
    held = [
        each
        for each in nodes(index.json(document))
        if "organization" in each and each["organization"]["id"] != index.iris.chamber()
    ]
    groups = [each for each in held if each["id"] in stated and "memberDuring" not in each]
    for each in sorted(held, key=lambda each: str(each.get("memberDuring", {}).get("startDate"))):
        period = each.get("memberDuring", {})
        if "startDate" in period and period["startDate"] <= day <= period.get("endDate", "9999"):
            groups.append(each)
    return str(groups[-1]["organization"]["label"]) if groups else None


def loaded(release: Path) -> ox.Store:
    store, files = ox.Store(), Release(release)
    for dump in files.dumps("nq"):
        with dump.stream() as stream:
            store.bulk_load(stream.read(), ox.RdfFormat.N_QUADS)
    store.bulk_load(files.file("concepts.ttl").read_bytes(), ox.RdfFormat.TURTLE)
    return store


def queried(store: ox.Store, identifier: str, day: str) -> State | None:
    text = cookbook()["state-on-day"].bind({"identifier": identifier, "today": day})
    results = store.query(text, use_default_graph_as_union=True)
    assert isinstance(results, ox.QuerySolutions)
    rows = [[cell.value if cell else None for cell in row] for row in results]
    if not rows:
        return None
    [[state, ministry, due, overdue, group]] = rows
    return State(str(state), ministry, due, overdue == "oui", group)


def shown(node: Node, day: str, index: Index) -> State | None:
    """Return what the page shows, but the ministry, which it shows beside the one asked."""
    then = on_day(node, day, index.iris)
    if then is None:
        return None
    links = Links(index, None, Language.FR)
    view = QuestionViewReader(index, links, MembershipResolver(index, day), day).read(then)
    group = view.group.text if view.group else None
    return State(view.status_label.text, None, view.due, bool(view.overdue_days), group)


def page(web: TestClient, day: str, ending: str = ".html") -> str:
    answer = web.get(f"/{LIVELY}{ending}?au={day}", headers=HTML)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_page_shows_only_what_had_happened(web: TestClient) -> None:
    early, flagged, late = (page(web, day) for day in ("2026-01-10", "2026-04-28", "2026-05-05"))
    assert "badge-en-attente-de-reponse" in early
    assert "Faune inventée" not in early
    assert "event-signalement" not in early
    assert "event-signalement" in flagged
    assert "badge-en-attente-de-reponse" in flagged
    assert "badge-repondue" in late
    assert "état au" in early.lower()
    assert "As of" in page(web, "2026-01-10", ".en.html")


def test_a_page_of_a_day_is_not_indexed_and_leads_to_the_current_one(web: TestClient) -> None:
    text, now = page(web, "2026-01-10"), web.get(f"/{LIVELY}.html").text
    assert '<meta name="robots" content="noindex">' in text
    assert f'<a href="/{LIVELY}.html">Voir l’état actuel</a>' in text
    assert "noindex" not in now
    assert 'name="au"' in now


def test_a_page_of_a_day_has_an_address_and_a_tag_of_its_own(web: TestClient) -> None:
    then, now = (web.get(f"/{LIVELY}{query}", headers=HTML) for query in ("?au=2026-01-10", ""))
    assert then.headers["content-location"] == f"/{LIVELY}.html?au=2026-01-10"
    assert then.headers["etag"] != now.headers["etag"]


def test_a_question_is_not_found_on_a_day_before_its_publication(web: TestClient) -> None:
    assert web.get(f"/{LIVELY}.html?au=2026-01-05").status_code == 404


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (
            f"{LIVELY}.html?au=2026-02-30",
            "au: expected one day such as 2026-05-01, not after today; found « 2026-02-30 »",
        ),
        (
            f"{LIVELY}.html?au=20260501",
            "au: expected one day such as 2026-05-01, not after today; found « 20260501 »",
        ),
        (f"{LIVELY}.html?au=", "au: expected one day such as 2026-05-01, not after today; found «  »"),
        (
            f"{LIVELY}.html?au=9999-12-31",
            "au: expected one day such as 2026-05-01, not after today; found « 9999-12-31 »",
        ),
        (
            f"{LIVELY}.html?au=2026-05-01&au=2026-05-02",
            "au: expected one day such as 2026-05-01, not after today; found « 2026-05-01, 2026-05-02 »",
        ),
        (f"{LIVELY}.ttl?au=2026-05-01", "au: only the page of a question can be shown as of a day"),
        ("catalogue.html?au=2026-05-01", "au: only the page of a question can be shown as of a day"),
    ],
)
def test_a_day_that_cannot_be_shown_is_refused_in_one_sentence(
    web: TestClient, address: str, sentence: str
) -> None:
    answer = web.get(f"/{address}")
    assert (answer.status_code, answer.text) == (400, f"{sentence}\n")
