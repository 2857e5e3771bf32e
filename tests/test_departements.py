"""Départements: their codes, names and links are those of INSEE, the EU and the Assemblée's register."""

import pytest

from lod.departements import departements_by_code, former_names

INSEE = "http://id.insee.fr/geo/departement/"
EU = "http://publications.europa.eu/resource/authority/atu/"


@pytest.mark.parametrize(
    ("code", "name", "versioned", "eu"),
    [
        ("01", "Ain", "84680e6f-2e99-44c9-a9ba-2e96a2ae48b7", "FRA_DPT_001"),
        ("2A", "Corse-du-Sud", "9de761ab-a07a-4ba9-934d-6f753129b924", "FRA_DPT_02A"),
        ("971", "Guadeloupe", "bddb7eb1-e8db-4b01-818f-967057b8bbea", "FRA_DPT_971"),
    ],
)
def test_a_departement_leads_to_those_of_insee_and_of_the_eu(
    code: str, name: str, versioned: str, eu: str
) -> None:
    found = departements_by_code()[code]
    assert (found.code, found.name, found.iri) == (code, name, INSEE + code)
    assert found.same == (INSEE + versioned, EU + eu)


def test_a_territory_that_is_no_departement_leads_nowhere() -> None:
    found = departements_by_code()["988"]
    assert (found.name, found.iri, found.same) == ("Nouvelle-Calédonie", None, ())
    assert found.aliases == ("Nouvelle-Calédonie et dépendances",)


def test_former_names_are_those_of_before() -> None:
    assert former_names("01") == []
    assert former_names("22") == ["Côtes-du-Nord"]
