"""What each figure means, in plain Swedish: the funder's contract, as the titles."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from reporting.exports import titles as t

SHEET = t.Heading("Blad", width=18)
FIGURE = t.Heading("Uppgift", width=32, wrap=True)
MEANING = t.Heading("Betydelse", width=90, wrap=True)
UNIT = t.Heading("Enhet", width=28, wrap=True)
SOURCE = t.Heading("Källa", width=36, wrap=True)

EVERYWHERE = "Alla blad"


class Definition(NamedTuple):
    sheet: str
    figure: str
    meaning: str
    unit: str
    source: str


_PERSONS, _SEATS, _TIME = "personer", "anmälningar", "timmar, två decimaler"
_SHARE, _POINTS = "procent, två decimaler", "procentenheter, en decimal"
_REQUESTS = "antal"
_ATTENDANCE = "Närvaro, registrerad av projektkontor eller utbildningsleverantör"
_STAFF = "Företagens personalunderlag"
_COMPUTED = "Beräknat ur närvaro och personalunderlag"
_REQUESTED = "Begäran om anpassning"

_DEFINITIONS = [
    Definition(
        EVERYWHERE,
        "Närvaro i perioden",
        "Närvaro med tid över noll på kurspass som börjar en svensk kalenderdag från "
        "och med periodens första till och med dess sista dag.",
        "minuter",
        _ATTENDANCE,
    ),
    Definition(
        EVERYWHERE,
        "Personer",
        "Olika människor med närvaro i perioden. Den som har varit anställd på två av "
        "företagen räknas en gång i projektet, och en gång på vart och ett av "
        "företagen.",
        _PERSONS,
        _ATTENDANCE,
    ),
    Definition(
        EVERYWHERE,
        "Kön",
        "Som företaget har angett det. Anger två företag olika kön för samma människa "
        "gäller i projektets siffror det som står hos företaget med den första "
        "närvaron.",
        "kvinna, man, icke-binär, okänt",
        "Företagens uppgifter om deltagare",
    ),
    Definition(
        EVERYWHERE,
        "Timmar",
        "Summan av närvarons minuter, delad med 60 och avrundad en gång.",
        _TIME,
        _ATTENDANCE,
    ),
    Definition(
        EVERYWHERE,
        "Andel kvinnor i utbildning",
        "Kvinnor delat med kvinnor, män och icke-binära bland personerna. Den vars kön "
        "är okänt räknas inte med i andelen utan visas bredvid.",
        _SHARE,
        _ATTENDANCE,
    ),
    Definition(
        EVERYWHERE,
        "Tom cell",
        "Uppgiften finns inte, till exempel för att underlag saknas. Tomt är aldrig "
        "detsamma som noll.",
        "",
        "",
    ),
    Definition(
        t.SUMMARY,
        "Deltaganden",
        "Platser på kurstillfällen med närvaro i perioden. En person som går två "
        "utbildningar har två deltaganden.",
        _SEATS,
        _ATTENDANCE,
    ),
    Definition(
        t.SUMMARY,
        "Intygade timmar",
        "De av timmarna som deltagaren själv har intygat och som inte är bestridda.",
        _TIME,
        "Deltagarnas intyg",
    ),
    Definition(
        t.SUMMARY,
        "Kurstillfällen och företag",
        "De som har närvaro i perioden. Inställda kurstillfällen räknas där första "
        "kurspasset skulle ha hållits.",
        "antal",
        _ATTENDANCE,
    ),
    Definition(
        t.SUMMARY,
        "Skillnad inom och mellan företagen",
        "Skillnaden delad i två: vilka som valdes ut inom företagen, och vilka företag "
        "som skickade deltagare. Före avrundning är summan av dem hela skillnaden.",
        _POINTS,
        _COMPUTED,
    ),
    Definition(
        t.SUMMARY,
        "Väntad andel kvinnor",
        "Andelen om varje företags deltagare hade valts ur personalen utan hänsyn till "
        "kön. En person hör till företaget där den första närvaron i perioden finns.",
        _SHARE,
        _COMPUTED,
    ),
    Definition(
        t.SUMMARY,
        "Horisontella principer",
        "Personer med närvaro på en utbildning som tar upp principen, och deras andel "
        "av alla personer i perioden.",
        f"{_PERSONS}; {_SHARE}",
        "Utbildningarnas beskrivning och närvaro",
    ),
    Definition(
        t.COMPANIES,
        "Personalunderlag",
        "Antal kvinnor, män och icke-binära i företagets personal, enligt det senaste "
        "underlaget till och med periodens sista dag. Ett senare underlag används "
        "aldrig.",
        "anställda",
        _STAFF,
    ),
    Definition(
        t.COMPANIES,
        "Andel kvinnor i personalen",
        "Kvinnor delat med hela personalen enligt underlaget.",
        _SHARE,
        _STAFF,
    ),
    Definition(
        t.COMPANIES,
        "Skillnad",
        "Andel kvinnor i utbildning minus andel kvinnor i personalen. Minus betyder "
        "att kvinnor är färre i utbildning. Samma sak för timmarna.",
        _POINTS,
        _COMPUTED,
    ),
    Definition(
        t.COMPANIES,
        "p",
        "Hur sannolikt det är att en slumpmässig uttagning ur personalen ger en "
        "fördelning som är minst lika ovanlig som den faktiska. Exakt tvåsidigt "
        "hypergeometriskt test. Under 0,05 är tecken på skevhet, under 0,01 en "
        "säkerställd skevhet.",
        "0 till 1, fyra decimaler",
        _COMPUTED,
    ),
    Definition(
        t.COMPANIES,
        "Speglings-p",
        "Hur väl utfallet visar att könsfördelningen speglar personalen, så när som på "
        "en liten marginal: fem procentenheter, eller en femtedel av det minsta könets "
        "väntade andel om det är mindre. Under 0,05 är spegling visad.",
        "0 till 1, fyra decimaler",
        _COMPUTED,
    ),
    Definition(
        t.COMPANIES,
        "Inom slumpen från och till",
        "Minsta och största antal kvinnor som inte är ovanligt (p är inte under 0,05) "
        "när så många har deltagit.",
        "kvinnor",
        _COMPUTED,
    ),
    Definition(
        t.COMPANIES,
        "Bedömning",
        "Vad siffrorna bevisar: speglar personalen, säkerställd skevhet, tecken på "
        "skevhet, för få för att säga, eller varken visat eller uteslutet. Bedömningen "
        "säger inget om hur stor skillnaden är.",
        "ord",
        _COMPUTED,
    ),
    Definition(
        t.COMPANIES,
        "Riktning",
        "Om kvinnorna är färre, fler eller lika många som väntat.",
        "ord",
        _COMPUTED,
    ),
    Definition(
        t.COMPANIES,
        "Kvinnor till spegling",
        "Så många fler kvinnor bland lika många deltagare som hade speglat personalen. "
        "Minus betyder färre.",
        "kvinnor",
        _COMPUTED,
    ),
    Definition(
        t.COMPANIES,
        "Jämn fördelning 40/60",
        "Om kvinnor och män båda utgör 40 till 60 procent av personerna.",
        "ja eller nej",
        _ATTENDANCE,
    ),
    Definition(
        t.STAFF_GROUPS,
        "Personalgrupp",
        "Arbetare, tjänstemän eller chefer, som företaget har angett för deltagaren. "
        "Jämförs med samma grupp i personalen, företag för företag.",
        "",
        "Företagens uppgifter om deltagare och personal",
    ),
    Definition(
        t.THEMES,
        "Tema",
        "Utbildningens tema. Den som har gått utbildningar med olika tema räknas som "
        "person i vart och ett.",
        f"{_PERSONS}; timmar",
        "Utbildningarnas beskrivning och närvaro",
    ),
    Definition(
        t.MONTHS,
        "Månad",
        "Kalendermånad i svensk tid. Bara periodens dagar räknas. Den som har deltagit "
        "i flera månader räknas som person i var och en.",
        f"{_PERSONS}; timmar",
        _ATTENDANCE,
    ),
    Definition(
        t.PIPELINE,
        "Flöde",
        "Anmälningar till kurstillfällen, inte inställda, vars första kurspass är i "
        "perioden: anmälda; har någon gång fått plats; har deltagit någon tid; har "
        "fullföljt den andel av tiden som utbildningen kräver; har avbrutit efter "
        "bekräftad plats.",
        _SEATS,
        "Anmälningar och närvaro",
    ),
    Definition(
        t.ACCOMMODATIONS,
        "Anpassningar",
        "Begärda anpassningar, som inte har återtagits, på kurstillfällen, inte "
        "inställda, vars första kurspass är i perioden.",
        _REQUESTS,
        _REQUESTED,
    ),
    Definition(
        t.ACCOMMODATIONS,
        "I tid, för sent, avböjda, förfallna, öppna",
        "I tid är ordnad innan första kurspasset börjar. Förfallen är obesvarad på en "
        "plats som har avböjts eller återtagits. Öppen väntar på svar.",
        _REQUESTS,
        _REQUESTED,
    ),
    Definition(
        t.ACCOMMODATIONS,
        "Mediantid",
        "Median av tiden från begäran till ordnad anpassning.",
        "dagar, en decimal",
        _REQUESTED,
    ),
    Definition(
        t.ACCOMMODATIONS,
        "Utfall",
        "Om den ordnade anpassningen fungerade, enligt deltagaren.",
        _REQUESTS,
        "Deltagarnas svar",
    ),
    Definition(
        t.INDICATORS,
        "Indikatorer",
        "Fondens gemensamma indikatorer. Nya i perioden: personens allra första "
        "närvaro är i perioden. Hittills: den är senast periodens sista dag. Ålder på "
        "dagen för den första närvaron.",
        _PERSONS,
        "Förordning (EU) 2021/1057, bilaga I; för 2014–2020 förordning (EU) "
        "nr 1304/2013, bilaga I",
    ),
    Definition(
        t.INDICATORS,
        "Övriga indikatorer",
        "Härleds av statistikmyndigheten ur register och samlas inte in här.",
        "",
        "Register",
    ),
    Definition(
        t.NETWORKS,
        "Nätverk",
        "Medlemmar på periodens sista dag och deras företag; träffar som börjar i "
        "perioden; personer som var med någon tid, medlemmar eller inte, och deras "
        "tid.",
        f"{_PERSONS}; antal; timmar",
        "Nätverkens medlemslistor och närvaro på träffar",
    ),
    Definition(
        t.CHECKS,
        "Kontroller",
        "Summor i arbetsboken räknade på nytt ur delarna. Tid jämförs i hela minuter, "
        "så att avrundning aldrig ger en avvikelse.",
        "OK eller avviker",
        "Arbetsbokens tabeller",
    ),
]


def definitions_table() -> pd.DataFrame:
    """Return the definitions, in the order of the sheets."""
    columns = [SHEET, FIGURE, MEANING, UNIT, SOURCE]
    return pd.DataFrame(_DEFINITIONS, columns=columns, dtype=object)
