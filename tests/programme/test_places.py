"""Places by every name that people give them, asked of the programme's own data."""

import pytest
from django.db import transaction

from programme.models import City, CityName, Country
from programme.places import name_key
from programme.selectors import find_cities, places_called
from programme.services import load_cities, load_reference_data

pytestmark = pytest.mark.django_db

# As their people, their neighbours, and people in a hurry write them: (typed, name here, country).
WRITTEN = """
Lisboa|Lisbon|PT
lisboa|Lisbon|PT
Lissabon|Lisbon|PT
København|Copenhagen|DK
Kobenhavn|Copenhagen|DK
Koebenhavn|Copenhagen|DK
Kopenhagen|Copenhagen|DK
Αθήνα|Athens|GR
ΑΘΗΝΑ|Athens|GR
Athina|Athens|GR
Θεσσαλονίκη|Thessaloniki|GR
Πειραιάς|Piraeus|GR
Ηράκλειο|Irákleion|GR
北京|Beijing|CN
北京市|Beijing|CN
Peking|Beijing|CN
上海|Shanghai|CN
广州|Guangzhou|CN
武汉|Wuhan|CN
München|Munich|DE
Muenchen|Munich|DE
Munchen|Munich|DE
Monaco di Baviera|Munich|DE
Köln|Köln|DE
Koeln|Köln|DE
Cologne|Köln|DE
Düsseldorf|Düsseldorf|DE
Duesseldorf|Düsseldorf|DE
Nürnberg|Nuremberg|DE
Frankfurt/Main|Frankfurt am Main|DE
Frankfurt a. M.|Frankfurt am Main|DE
Cluj Napoca|Cluj-Napoca|RO
cluj-napoca|Cluj-Napoca|RO
Kolozsvár|Cluj-Napoca|RO
București|Bucharest|RO
Bucuresti|Bucharest|RO
Iași|Iaşi|RO
Iasi|Iaşi|RO
L’Aquila|L'Aquila|IT
L'Aquila|L'Aquila|IT
LAquila|L'Aquila|IT
L Aquila|L'Aquila|IT
Roma|Rome|IT
Milano|Milan|IT
Mailand|Milan|IT
Firenze|Florence|IT
Torino|Turin|IT
Napoli|Naples|IT
Venezia|Venice|IT
Genova|Genoa|IT
Reggio Emilia|Reggio nell'Emilia|IT
Wien|Vienna|AT
Bécs|Vienna|AT
Praha|Prague|CZ
Brno|Brno|CZ
Plzeň|Pilsen|CZ
Warszawa|Warsaw|PL
Krakow|Kraków|PL
Lodz|Łódź|PL
Gdansk|Gdańsk|PL
Wroclaw|Wrocław|PL
Breslau|Wrocław|PL
Den Haag|The Hague|NL
's-Gravenhage|The Hague|NL
‘s-Hertogenbosch|'s-Hertogenbosch|NL
Den Bosch|'s-Hertogenbosch|NL
Bruxelles|Brussels|BE
Brussel|Brussels|BE
Antwerpen|Antwerp|BE
Anvers|Antwerp|BE
Gent|Gent|BE
Liège|Liège|BE
Luik|Liège|BE
Göteborg|Gothenburg|SE
Goeteborg|Gothenburg|SE
Malmo|Malmö|SE
Helsingfors|Helsinki|FI
Åbo|Turku|FI
Abo|Turku|FI
Aarhus|Århus|DK
Århus|Århus|DK
София|Sofia|BG
Пловдив|Plovdiv|BG
Варна|Varna|BG
Rijeka|Rijeka|HR
Fiume|Rijeka|HR
Ragusa|Dubrovnik|HR
Sevilla|Sevilla|ES
Seville|Sevilla|ES
A Coruña|A Coruña|ES
La Coruna|A Coruña|ES
Donostia|Donostia / San Sebastián|ES
San Sebastian|Donostia / San Sebastián|ES
Saragossa|Zaragoza|ES
Vilnius|Vilnius|LT
Wilno|Vilnius|LT
Rīga|Riga|LV
Lefkosia|Nicosia|CY
Λευκωσία|Nicosia|CY
Marseille|Marseille|FR
Saint Etienne|Saint-Étienne|FR
Saint-Denis|Saint-Denis|FR
Strassburg|Strasbourg|FR
मुंबई|Mumbai|IN
Bombay|Mumbai|IN
पुणे|Pune|IN
Calcutta|Kolkata|IN
Panaji|Panjim|IN
Bengaluru|Bengaluru|IN
Bangalore|Bengaluru|IN
東京|Tokyo|JP
札幌|Sapporo|JP
서울|Seoul|KR
부산|Busan|KR
São Paulo|São Paulo|BR
Sao Paulo|São Paulo|BR
Ciudad de Mexico|Mexico City|MX
Montreal|Montréal|CA
""".strip().splitlines()


@pytest.fixture(scope="module")
def places(django_db_setup, django_db_blocker):
    """Load the places and their names once, in a transaction of the module's own."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_reference_data()
        load_cities()
        yield
        transaction.set_rollback(True)


def test_places_are_found_as_people_write_them(places):
    missed = []
    for line in WRITTEN:
        typed, name, country = line.split("|")
        first = find_cities(typed).filter(country=country).first()
        if first is None or name_key(first.name) != name_key(name):
            missed.append(f"{line}: {first}")
    assert missed == []
    assert len(WRITTEN) > 100


def test_names_load_once_and_follow_the_file(places):
    before = CityName.objects.count()
    assert before > 100_000
    lisbon = City.objects.get(geonameid=2_267_057)
    lisbon.names.filter(name="Lisboa").delete()
    CityName.objects.create(city=lisbon, name="Nowhere", search_name="nowhere")
    _cities, names = load_cities()
    assert (names.made, names.kept) == (1, before - 1)
    assert CityName.objects.count() == before
    assert places_called("Lisboa") == [lisbon]


def test_search_of_places_reads_an_index(places):
    plan = find_cities("lisb")[:10].explain()
    scanned = [line for line in plan.splitlines() if "programme_cityname" in line]
    assert scanned
    assert [line for line in scanned if "SCAN" in line or "Seq Scan" in line] == []


def test_search_has_one_query(places, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [city.country.code for city in find_cities("Αθήνα")[:1]] == ["GR"]


def test_place_called_by_its_main_name_comes_before_namesakes(places):
    spain = Country.objects.get(code="ES")
    assert City.objects.called("Santiago").filter(country="CL").count() > 0
    assert [city.name for city in places_called("Valencia", spain)] == ["Valencia"]
