"""Records of questions in every state of their lives, all of them fictitious."""

from datetime import date

from msgspec.structs import replace

from lod.definitions import DEFAULT_BASE
from lod.describe.alignments import aligned, eurovoc_concept
from lod.describe.citations import cited_resource, citing_work
from lod.describe.quality import measurements
from lod.describe.question import tombstone
from lod.describe.related import cluster_list, related_questions
from lod.finding import Finding
from lod.iri import Iris
from lod.links.alignments import RubricAlignment
from lod.links.citations import find_citations
from lod.links.related import Pair, QuestionText, find_clusters
from lod.model import (
    Answer,
    AppliedCorrection,
    Attribution,
    Author,
    Closure,
    Ending,
    Erratum,
    Group,
    Identity,
    Journal,
    JournalPage,
    Ministry,
    Quality,
    Question,
    QuestionId,
    QuestionKind,
    Seat,
    Source,
    Tenure,
    Text,
)

CLEAR_SKIES = Ministry(label="Beaux temps et éclaircies")
INVENTED_FAUNA = Ministry(
    label="Faune inventée", official_id="PO9990030", full_name="Ministère de la faune inventée"
)

AWAITING = Question(
    id=QuestionId(legislature=17, kind=QuestionKind.WRITTEN, number=91001),
    title="Arcs-en-ciel de nuit",
    author=Author(
        name="Zéphyrine Exemple",
        civility="Mme",
        official_id=None,
        seat=Seat(departement="01", number=41),
        group=Group(label="Groupe des Essais"),
    ),
    rubric="Environnement",
    ministry_asked=CLEAR_SKIES,
    attributions=(Attribution(ministry=CLEAR_SKIES, on=date(2026, 1, 6)),),
    published=JournalPage(on=date(2026, 1, 6), page="9001"),
    text=Text(plain="Mme Zéphyrine Exemple demande pourquoi nul ne voit les arcs-en-ciel de nuit."),
    sources=(Source(digest="a" * 64, name="a.json"),),
)

IDENTIFIED = replace(
    AWAITING.author,
    official_id="PA9990001",
    mandate_id="PM99900012",
    constituency_id="PO9990041",
    group=Group(label="Groupe des Essais", official_id="PO9990010", abbreviation="ESSAIS"),
    identity=Identity(
        id="PA9990001",
        civility="Mme",
        given_name="Zéphyrine",
        family_name="Exemple",
        mandate=Tenure(id="PM99900012", start=date(2024, 7, 7)),
        affiliations=(
            Tenure(
                id="PM99900011", start=date(2024, 7, 19), end=date(2026, 10, 1), quality=Quality.AFFILIATED
            ),
        ),
    ),
)

ANSWERED = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91002),
    author=IDENTIFIED,
    stated=(AWAITING.author,),
    title="Horaires des marées imaginaires",
    attributions=(
        *AWAITING.attributions,
        Attribution(ministry=INVENTED_FAUNA, on=date(2026, 3, 3)),
    ),
    renewals=(date(2026, 4, 14),),
    flaggings=(date(2026, 4, 28),),
    answers=(
        Answer(
            published=JournalPage(on=date(2026, 5, 5), page="9500"),
            text=Text(plain="Les marées imaginaires sont à l'heure."),
        ),
    ),
    sources=(Source(digest="b" * 64, name="b.json"),),
)

ANSWERED_TWICE = replace(
    ANSWERED,
    id=replace(AWAITING.id, number=91003),
    answers=(
        *ANSWERED.answers,
        Answer(
            published=JournalPage(on=date(2026, 6, 2), page=None),
            text=Text(plain="Les marées imaginaires sont en avance."),
        ),
    ),
    sources=(Source(digest="c" * 64, name="c.json"),),
)

WITHDRAWN = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91004),
    title="Nombre de dragons recensés",
    closure=Closure(
        ending=Ending.WITHDRAWN, on=date(2026, 2, 17), label="Question retirée à l'initiative de l'auteur"
    ),
    sources=(Source(digest="d" * 64, name="d.json"),),
)

LAPSED = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91005),
    title="Prix du sable des rêves",
    closure=Closure(ending=Ending.LAPSED, on=date(2026, 6, 11), label="Fin de mandat"),
    sources=(Source(digest="e" * 64, name="e.json"),),
)

CLOSED = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91006),
    title="Entretien des phares de montagne",
    closure=Closure(ending=Ending.CLOSED, on=date(2026, 3, 31), label="Autre cause, que la source nomme"),
    sources=(Source(digest="f" * 64, name="f.json"),),
)

ENDED = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91020),
    title="Emploi du temps des comètes",
    closure=Closure(ending=Ending.UNKNOWN, on=date(2026, 4, 7), label="Cause que nul ne comprend"),
    sources=(Source(digest="1c" * 32, name="1c.json"),),
)

ENDED_WITH_ITS_LEGISLATURE = replace(
    AWAITING,
    id=QuestionId(legislature=13, kind=QuestionKind.WRITTEN, number=91021),
    title="Vol des tapis",
    ministry_asked=None,
    attributions=(),
    published=JournalPage(on=date(2009, 1, 6), page="101"),
    text=None,
    closure=Closure(ending=Ending.UNKNOWN),
    sources=(Source(digest="ad" * 32, name="ad.html"),),
)

ANSWERED_WITHOUT_TEXT = replace(
    ANSWERED,
    id=replace(AWAITING.id, number=91019),
    flaggings=(date(2026, 4, 28), date(2026, 5, 2)),
    answers=(replace(ANSWERED.answers[0], text=None),),
    sources=(Source(digest="ae" * 32, name="ae.json"),),
)

ORAL = replace(
    AWAITING,
    id=QuestionId(legislature=17, kind=QuestionKind.ORAL, number=911),
    title="Désertification des oasis",
    keywords=("oasis", "sable"),
    sources=(Source(digest="0" * 64, name="0.json"),),
)

GOVERNMENT = replace(
    AWAITING,
    id=QuestionId(legislature=17, kind=QuestionKind.GOVERNMENT, number=912),
    title="Relève des gardiens de nuages",
    published=JournalPage(on=date(2026, 1, 7), page="41", journal=Journal.DEBATES),
    attributions=(Attribution(ministry=CLEAR_SKIES, on=date(2026, 1, 7)),),
    text=None,
    answers=(
        Answer(
            published=JournalPage(on=date(2026, 1, 7), page="41", journal=Journal.DEBATES),
            text=Text(
                plain="Mme Zéphyrine Exemple. Qui garde les nuages ?\nM. le ministre. Personne. (Sourires.)",
                html='<p><span class="speaker">Mme Zéphyrine Exemple.</span> Qui garde les nuages ?</p>\n'
                '<p><span class="speaker">M. le ministre.</span> Personne. '
                '<span class="stage-direction">(Sourires.)</span></p>',
            ),
        ),
    ),
    sources=(Source(digest="1" * 64, name="1.json"),),
)

UNTITLED = replace(
    AWAITING,
    id=QuestionId(legislature=14, kind=QuestionKind.WRITTEN, number=91007),
    title=None,
    keywords=("arc-en-ciel", "nuit"),
    published=JournalPage(on=date(2013, 1, 8), page="101"),
    attributions=(Attribution(ministry=CLEAR_SKIES, on=date(2013, 1, 8)),),
    sources=(Source(digest="2" * 64, name="2.xml", alone=False),),
)

BY_DECREE = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91008),
    title="Cartes des îles flottantes",
    published=replace(AWAITING.published, number="1"),
    attributions=(
        *AWAITING.attributions,
        Attribution(ministry=INVENTED_FAUNA, on=date(2026, 2, 1), journal=Journal.LAWS, number="27"),
    ),
    sources=(Source(digest="3" * 64, name="3.json"),),
)

ATTRIBUTED_LATER = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91009),
    title="Tarif des échos",
    attributions=(Attribution(ministry=INVENTED_FAUNA, on=date(2026, 1, 20)),),
    sources=(Source(digest="4" * 64, name="4.json"),),
)

ATTRIBUTED_UNDATED = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91010),
    title="Poids des ombres",
    attributions=(Attribution(ministry=INVENTED_FAUNA, on=None),),
    sources=(Source(digest="5" * 64, name="5.json"),),
)

CORRECTED = replace(
    ANSWERED,
    id=replace(AWAITING.id, number=91011),
    title="Hauteur des vagues de sable",
    answers=(
        replace(
            ANSWERED.answers[0],
            errata=(Erratum(published=JournalPage(on=date(2026, 5, 19), page="9600"), text=None),),
        ),
    ),
    errata=(
        Erratum(
            published=JournalPage(on=date(2026, 1, 13), page="9100"),
            text=Text(plain="Au lieu de : « dunes », lire : « vagues »."),
        ),
        Erratum(published=None, text=Text(plain="Au lieu de : « sel », lire : « sable ».")),
    ),
    sources=(Source(digest="6" * 64, name="6.json"),),
)

ANSWERED_WITH_OTHERS = replace(
    ANSWERED,
    id=replace(AWAITING.id, number=91012),
    answers=(replace(ANSWERED.answers[0], first=replace(AWAITING.id, number=91000)),),
    sources=(Source(digest="7" * 64, name="7.json"),),
)

RECALLING = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91013),
    text=Text(plain="Mme Zéphyrine Exemple rappelle les termes de sa question n° 91001."),
    recalls=(AWAITING.id,),
    sources=(Source(digest="8" * 64, name="8.json"),),
)

BY_DEPARTEMENT = replace(
    AWAITING,
    id=QuestionId(legislature=11, kind=QuestionKind.WRITTEN, number=91014),
    author=replace(AWAITING.author, seat=None, departement="93", group=None),
    published=JournalPage(on=date(2001, 1, 8), page="101"),
    attributions=(Attribution(ministry=CLEAR_SKIES, on=date(2001, 1, 8)),),
    sources=(Source(digest="9" * 64, name="9.html"),),
)

BY_NAME = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91015),
    author=replace(AWAITING.author, seat=None, group=Group(label="Non inscrit", attached=False)),
    sources=(Source(digest="ab" * 32, name="ab.html"),),
)

AMENDED = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91029),
    sources=(Source(digest="cd" * 32, name="cd.json"),),
    corrections=(
        AppliedCorrection(
            name="91029-rubrique",
            term="http://data.europa.eu/eli/ontology#is_about",
            label="rubrique",
            reason="Rubrique d’une autre question.",
            source="Lettre imaginaire du 3 février 2026",
            on=date(2026, 2, 4),
            digest="cd" * 32,
        ),
        AppliedCorrection(
            name="91029-titre",
            term="http://purl.org/dc/terms/title",
            label="titre",
            reason="Titre incomplet.",
            source="https://example.org/journal-imaginaire",
            on=date(2026, 2, 3),
            digest="cd" * 32,
        ),
    ),
)

CHAIR = Tenure(id="PM99900019", start=date(2025, 10, 1), quality=Quality.CHAIR)
PRINTED_OTHERWISE = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91017),
    author=replace(
        IDENTIFIED,
        identity=IDENTIFIED.identity
        and replace(
            IDENTIFIED.identity,
            affiliations=(
                replace(IDENTIFIED.identity.affiliations[0], quality=Quality.MEMBER),
                CHAIR,
            ),
        ),
    ),
    stated=(
        replace(
            AWAITING.author,
            name="Zéphyrine-Aimée Exemple",
            official_id="PA9990001",
            group=Group(label="Groupe des Tentatives", official_id="PO9990010"),
        ),
    ),
    sources=(Source(digest="ac" * 32, name="ac.json", dated=date(2026, 1, 13), export=True),),
)

WITHOUT_TEXT = replace(
    AWAITING,
    id=QuestionId(legislature=9, kind=QuestionKind.ORAL, number=917),
    title="Bruit des nuages",
    author=replace(AWAITING.author, seat=None, departement="22", group=None),
    published=JournalPage(on=date(1989, 5, 3), page="1130", journal=None),
    attributions=(Attribution(ministry=CLEAR_SKIES, on=date(1989, 5, 3), journal=None),),
    text=None,
    answers=(
        Answer(published=JournalPage(on=date(1989, 5, 6), page="1262", journal=Journal.DEBATES), text=None),
    ),
    sources=(Source(digest="1a" * 32, name="1a.html"),),
)

INCOMPLETE = replace(
    AWAITING,
    id=replace(AWAITING.id, number=91018),
    title="Ombres sans maître",
    author=replace(AWAITING.author, name=None, civility=None, seat=None),
    ministry_asked=None,
    attributions=(),
    text=None,
    sources=(Source(digest="1b" * 32, name="1b.json"),),
)

STATES = {
    "awaiting": AWAITING,
    "answered": ANSWERED,
    "answered-twice": ANSWERED_TWICE,
    "withdrawn": WITHDRAWN,
    "lapsed": LAPSED,
    "closed": CLOSED,
    "ended": ENDED,
    "ended-with-its-legislature": ENDED_WITH_ITS_LEGISLATURE,
    "answered-without-text": ANSWERED_WITHOUT_TEXT,
    "oral": ORAL,
    "government": GOVERNMENT,
    "untitled": UNTITLED,
    "by-decree": BY_DECREE,
    "attributed-later": ATTRIBUTED_LATER,
    "attributed-undated": ATTRIBUTED_UNDATED,
    "corrected": CORRECTED,
    "answered-with-others": ANSWERED_WITH_OTHERS,
    "recalling": RECALLING,
    "by-departement": BY_DEPARTEMENT,
    "by-name": BY_NAME,
    "amended": AMENDED,
    "printed-otherwise": PRINTED_OTHERWISE,
    "without-text": WITHOUT_TEXT,
    "incomplete": INCOMPLETE,
}
"""One question for each state shown in `ontology/examples`."""

CITING = replace(
    ANSWERED,
    id=replace(ANSWERED.id, number=91030),
    text=Text(
        plain="L'article L. 9999-1 du code du travail, la loi n° 2021-9901 du 3 mai 2021, la directive "
        "2011/9999/UE et la réponse à la question écrite n° 91001 ne disent rien des marées imaginaires."
    ),
)
"""A question that cites a code, a law, a directive and a question, all of them fictitious but the code."""
_CITED = find_citations(CITING.text.plain if CITING.text else "", CITING.id, CITING.published.on).citations
CITATIONS = [
    citing_work(Iris(DEFAULT_BASE), Iris(DEFAULT_BASE).question(CITING.id), _CITED),
    *filter(None, (cited_resource(Iris(DEFAULT_BASE), each.target) for each in _CITED)),
]
"""What it cites, as in `ontology/examples/citing.ttl`."""

_RUBRICS = {"animaux": "closeMatch", "chasse et pêche": "exactMatch", "bois et forêts": "broadMatch"}
ALIGNMENTS = [
    *aligned(
        (Iris(DEFAULT_BASE).concept("rubrique", name), relation, "http://eurovoc.europa.eu/999999")
        for name, relation in _RUBRICS.items()
    ),
    eurovoc_concept(
        RubricAlignment(
            rubric="animaux",
            relation="closeMatch",
            target="http://eurovoc.europa.eu/999999",
            label="faune imaginaire",
            label_en="imaginary wildlife",
        )
    ),
]
"""What rubrics correspond to, as in `ontology/examples/aligned.ttl`."""

_ALIKE = {
    iri: QuestionText(iri, date(2026, 1, day), "")
    for day in (1, 2)
    for iri in [Iris(DEFAULT_BASE).question(replace(AWAITING.id, number=91030 + day))]
}
_ONE, _OTHER = _ALIKE
_PAIR = Pair(one=_ONE, other=_OTHER, score=0.625, is_copied=True)
RELATED = [
    *related_questions(Iris(DEFAULT_BASE), find_clusters([_PAIR]), [_PAIR], _ALIKE),
    *(cluster_list(Iris(DEFAULT_BASE), each, _ALIKE, "Marées") for each in find_clusters([_PAIR])),
]
"""Two questions on the same matter, as in `ontology/examples/related.ttl`."""

MEASUREMENTS = measurements(
    Iris(DEFAULT_BASE), "questions-ecrites-17", {Finding.PAGE_MISSING: 3, Finding.ENCODING_ASSUMED: 1}
)
"""What was found in the documents of a data set, as in `ontology/examples/measured.ttl`."""

TOMBSTONE = tombstone(Iris(DEFAULT_BASE), replace(AWAITING.id, number=91016), date(2026, 6, 16))
"""The tombstone of a question that is no longer published, as in `ontology/examples/tombstone.ttl`."""
