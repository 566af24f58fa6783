"""What titles of columns and lines mean, in the languages exports are written in. A table of words; the unit decides before it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from labdesk.domain.imported import ChannelKind
from labdesk.services.imports.units import Unit

_CJK = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")


def plain(text: str) -> str:
    """Lower case without accents, marks and doubled blanks: ``Prüfkraft_[N]`` and ``PRUFKRAFT n`` look alike."""
    folded = unicodedata.normalize("NFKD", text.strip().strip('"').casefold())
    folded = "".join(char for char in folded if not unicodedata.combining(char)).replace("ß", "ss")
    return " ".join(re.sub(r"[_\-.:,;()\[\]（）【】/]+", " ", folded).split())


def _has(text: str, words: Iterable[str]) -> bool:
    return any(_pattern(word).search(text) for word in words)


@lru_cache(maxsize=1024)
def _pattern(word: str) -> re.Pattern[str]:
    """A word in Latin letters stands at the beginning of a word (``=word``: alone, ``*word``: anywhere); CJK anywhere."""
    bare = plain(word.lstrip("=*"))
    if word.startswith("*") or _CJK.search(bare):
        return re.compile(re.escape(bare))
    if word.startswith("="):
        return re.compile(rf"^{re.escape(bare)}(?: \d)?$")
    return re.compile(rf"(?<!\w){re.escape(bare)}")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split("|") if word.strip())


_NEVER = _words(
    "*sollwert|setpoint|set point|*command|consigne|target|demand|*geschwindigkeit|speed|velocity|vitesse|rate|*rate|"
    "速度|速率|temperat|*temperatur|温度|cycle|zyklus|周期|循环|counter|datum|date|"
    "tageszeit|日期|index|=nr|=no|=number|"
    "=id|序号|编号|energy|arbeit|=work|功|power|spannung|stress|contrainte|应力|応力|强度|強さ|esfuerzo|tension mec|"
    "true |wahre|voltage|current|modul|module|simulated|preload|limit|remark|bemerkung|event|status|digital"
)
_TIME = _words(
    "time|*zeit|temps|tiempo|tempo|tijd|czas|sure|zaman|时间|時間|elapsed|secondes|seconds|"
    "=t|=sec|duree|laufzeit|chrono|время|시간"
)
_FORCE = _words(
    "force|load|*kraft|=last|prueflast|charge|effort|fuerza|carga|forca|forza|carico|"
    "kracht|sila|kuvvet|yuk|试验力|力值|荷载|"
    "荷重|载荷|负荷|試験力|=f|=p|*力|zugkraft|druckkraft|"
    "нагрузка|усилие|сила|siła|obciazenie|하중|힘"
)
_STRAIN = _words(
    "strain|*dehnung|*stauchung|应变|ひずみ|deformation relative|deformacion unitaria|deformazione relativa|sekil degis"
)
_NOMINAL = _words("nominal strain|nominelle|nominal|deformation nominale|dehnung nominell|traversendehnung")
_EXTENSION = _words(
    "extensom|extension|=ext|ext1|ext2|*extenso|引伸|变形|伸长|伸び|allongement|*verlangerung|"
    "*langenanderung|langenaend|feindehn|*fuhler|"
    "*aufnehmer|*ansatz|elongation|alargamiento|allungamento|lvdt|deformation|*verformung|"
    "deformacion|clip|*dehnung|strain|"
    "deltal|delta l|=dl|dl |longitudinal|uzama|延伸|extensao|wydłużenie|удлинение|деформация|연신|신장"
)
_DISPLACEMENT = _words(
    "displacement|=disp|=displ|crosshead|*travers|travel|stroke|position|piston|*kolben|*weg|deplacement|course|位移|行程|横梁|"
    "ストローク|変位|desplazamiento|recorrido|spostamento|corsa|verfahrweg|actuator|ram|"
    "grip|einspann|ecartement|verplaatsing|"
    "przemieszcz|deslocamento|stauchweg|活塞|夹头|перемещение|변위|스트로크"
)
_ABSOLUTE = _words("absolu|absolut|position|grip|einspann|ecartement|lage")
_SECOND = _words("machine|crosshead|*travers|absolu|nominal|nominelle")

#: Geometry by words of a line or of a result column; the quantity its unit must have.
_GEOMETRY: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("fracture_area_mm2", "area", _words(
            "cross-section after|final area|断后截面|断后面积|su|querschnitt nach|section apres")),
    ("lu_mm", "length", _words("final length|=lu|断后标距|断后长度|lange nach bruch|longueur apres|final gauge")),
    ("le_mm", "length", _words(
            "extensometer gauge|extensometer gage|=le|引伸计标距|messlange extensometer|le mm|"
            "messlange le")),
    ("lc_mm", "length", _words("parallel length|=lc|平行长度|versuchslange|longueur calibree|lc mm")),
    (
        "l0_mm", "length",
        _words(

            "gauge length|gage length|=l0|=lo|l0|original length|anfangsmesslange|messlange|"
            "longueur initiale|原始标距|标距|"
            "標点|longitud calibrada|lunghezza iniziale|original gauge|initial length|distance entre reperes"
        ),
    ),
    (
        "s0_mm2", "area",
        _words(

            "original cross|cross-section|cross section|=s0|=so|s0|initial area|original area|"
            "=area|specimen area|querschnitt|"

            "*flache|*querschnittsflache|=section|section initiale|截面|原始横截面|面积|断面積|"
            "anfangsquerschnitt|seccion|sezione"
        ),
    ),
    ("diameter_mm", "length", _words("*diameter|*durchmesser|diametre|diametro|直径|=d0|=do|=d|srednica|diam")),
    ("thickness_mm", "length", _words("*thickness|*dicke|epaisseur|厚度|厚さ|=a0|=ao|espesor|spessore|dikte|=thk")),
    ("width_mm", "length", _words("*width|*breite|largeur|宽度|幅|=b0|=bo|ancho|larghezza|breedte|试样宽")),
    ("side_mm", "length", _words("边长|side length|kantenlange|=side")),
    ("height_mm", "length", _words("height|hohe|hauteur|高度|altura|altezza|anvil height")),
    ("length_mm", "length", _words("=length|=lange|=longueur|=长度|specimen length|dimension length")),
    ("mass_g", "mass", _words("mass|masse|gewicht|weight|poids|质量")),
)  # fmt: skip

_NOTES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "specimen",
        _words(

            "specimen id|specimen name|specimen label|specimen designation|=specimen|probenname|"
            "probenbezeichnung|=probe|"

            "proben nr|designation eprouvette|eprouvette|试样编号|试样名称|试件编号|样品编号|"
            "sample name|sample id|=sample|"
            "試験片|probe nr|probenkennzeichen|=name|test name"
        ),
    ),
    ("operator", _words(
            "operator|prufer|=bediener|bedienername|operateur|tester|试验员|操作员|检验员|"
            "tested by|operador")),
    ("date", _words("date|datum|日期|试验日期|prufdatum|fecha|data prova|testrundate|test date|start time|时间戳")),
    ("machine", _words("machine|prufmaschine|试验机|设备|maschine")),
    ("standard", _words("standard|norm|prufnorm|试验标准|执行标准|test method|method|norme")),
    ("ended", _words(
            "end of test|test end|ende der prufung|abbruch|stop reason|end reason|结束原因|"
            "停止原因|fin d'essai|break|broken|bruch")),
)  # fmt: skip

#: Results by symbol; the quantities their unit may have.
_RESULTS: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "dL_Fm", ("length", "strain"),
        _words(
            "dl at fmax|dl bei fmax|dl pour fmax|dl at fm|dl bei fm|extension at max|"
            "displacement at max|dl a fmax|deformation at max|最大力位移|最大力变形|"
            "verformung bei fmax|travel at fmax"),
    ),
    ("dL_break", ("length", "strain"), _words(
            "dl at break|dl bei bruch|dl a rupture|dl a la rupture|dl beim bruch|"
            "extension at break|displacement at break")),
    (
        "F_break", ("force",),
        _words(
            "frupt|fbreak|f break|f at break|fbruch|f bruch|force at break|load at break|"
            "force a la rupture|断裂力|f rupture"),
    ),
    ("ReH", ("stress",), _words("=reh|reh |upper yield|obere streckgrenze|上屈服强度|limite superieure|上降伏点")),
    ("ReL", ("stress",), _words("=rel|rel |lower yield|untere streckgrenze|下屈服强度|limite inferieure|下降伏点")),
    ("FeH", ("force",), _words("=feh|上屈服力|上屈服荷载|upper yield force|upper yield load")),
    ("FeL", ("force",), _words("=fel|下屈服力|下屈服荷载|lower yield force|lower yield load|屈服力|屈服荷载")),
    ("Rp1.0", ("stress",), _words("rp1 0|rp 1 0|=rp1|yield stress at 1%|proof stress 1%|1% proof|1% offset")),
    ("Rp0.2", ("stress",), _words(
            "rp0 2|rp 0 2|=rp02|0 2% proof|yield stress at 0 2%|proof stress|dehngrenze|"
            "规定塑性延伸强度|0 2% offset|offset yield|yield strength|耐力|屈服强度")),
    ("Rt0.5", ("stress",), _words("rt0 5|rt 0 5")),
    (
        "Rm", ("stress",),
        _words(
            "=rm|rm |tensile strength|ultimate tensile|zugfestigkeit|抗拉强度|"
            "resistance a la traction|uts|引張強さ|tensile stress at max|maximum tensile stress|"
            "maximum stress|sigma max|max stress"),
    ),
    ("fc", ("stress",), _words(
            "*druckfestig|compressive strength|抗压强度|resistance a la compression|"
            "compressive stress at max")),
    (
        "Fm", ("force",),
        _words(
            "=fm|=fmax|fmax|f max|max force|maximum force|max load|maximum load|peak load|"
            "peak force|hochstkraft|maximalkraft|kraft max|force max|force maximale|*bruchkraft|"
            "*bruchlast|最大力|最大试验力|最大荷载|最大载荷|破坏荷载|破坏力|ultimate load|"
            "ultimate force|max kraft|carga maxima|forza massima|breaking load|failure load|=peak|"
            "试验力峰值"),
    ),
    ("Agt", ("strain",), _words(
            "=agt|agt |最大力总延伸率|最大力总伸长率|total extension at max|"
            "gesamtdehnung bei hochst|gesamtdehnung")),
    ("Ag", ("strain",), _words(
            "=ag|ag |uniform elongation|gleichmassdehnung|最大力塑性延伸率|allongement reparti|"
            "allongement uniforme")),
    ("Z", ("strain",), _words("=z|reduction of area|brucheinschnurung|断面收缩率|striction")),
    ("At", ("strain",), _words(
            "=at|total elongation at fracture|断裂总延伸率|断裂总伸长率|strain at break|"
            "bruchdehnung gesamt")),
    ("A", ("strain",), _words(
            "=a|a5|a11|a80|elongation after fracture|elongation at break|bruchdehnung|断后伸长率|"
            "allongement a la rupture|allongement rupture|elongation at fracture|延伸率")),
    ("E", ("stress",), _words(
            "=e|e modul|*emod|young|elastic modulus|modulus|slope of linear|弹性模量|弾性率|"
            "module d'|modulus of elasticity|elastizitatsmodul|=mod")),
)  # fmt: skip

_AFTER = _words("final|*nach bruch|after fracture|apres rupture|断后")
_STOPPED = _words(
    "aborted|abort|stopped by|cancelled|canceled|*abgebrochen|*abbruch|interrompu|annule|"
    "中止|终止|手动停止|作废|invalid|ungultig"
)


@lru_cache(maxsize=4096)
def result_symbol(printed: str, quantity: str) -> str:
    """The symbol of a stated result (``Fmax`` is ``Fm``), or empty; ``quantity`` of its unit, empty if none was printed."""
    text = plain(printed)
    for symbol, quantities, words in _RESULTS:
        if (quantity in quantities or not quantity) and _has(text, words):
            return symbol
    return ""


@lru_cache(maxsize=4096)
def geometry_name(printed: str, quantity: str) -> str:
    """LabDesk's name of a dimension (``Épaisseur éprouvette`` is ``thickness_mm``), or empty."""
    text = plain(printed).removeprefix("specimen properties ").removeprefix("dimension ").removeprefix("geometry ")
    after = _has(text, _AFTER)
    for name, wanted, words in _GEOMETRY:
        if quantity in (wanted, "") and _has(text, words) and (not after or name in ("fracture_area_mm2", "lu_mm")):
            return name
    return ""


@lru_cache(maxsize=4096)
def note_name(printed: str) -> str:
    """LabDesk's name of a further fact (``Prüfer`` is ``operator``), or empty."""
    text = plain(printed).removeprefix("specimen properties ").removeprefix("dimension ")
    return next((name for name, words in _NOTES if _has(text, words)), "")


def says_stopped(text: str) -> bool:
    """Whether a text of the file says that the test was stopped or is void."""
    return _has(plain(text), _STOPPED)


def column_kind(title: str, unit: Unit | None) -> ChannelKind:
    """What a column is. Its unit decides; words decide between columns of one unit, and where no unit is printed."""
    return _kind(plain(title), unit.quantity if unit else "")


@lru_cache(maxsize=4096)
def _kind(text: str, quantity: str) -> ChannelKind:
    if quantity in ("stress", "area", "other") or (quantity != "length" and _has(text, _NEVER)):
        return ChannelKind.OTHER
    if quantity == "length":
        return _length_kind(text)
    if quantity in ("force", "mass"):
        heavy = quantity == "mass" and not _has(text, _FORCE)
        return ChannelKind.OTHER if heavy or result_symbol(text, "force") else ChannelKind.FORCE
    if quantity == "time":
        return ChannelKind.TIME
    if quantity == "strain":
        return ChannelKind.STRAIN if not result_symbol(text, "strain") or _has(text, _STRAIN) else ChannelKind.OTHER
    return _kind_by_words(text)


def _length_kind(text: str) -> ChannelKind:
    if _has(text, _words("*sollwert|setpoint|command|consigne|target")) or result_symbol(text, "length"):
        return ChannelKind.OTHER
    if _has(text, _NOMINAL) or not _has(text, _EXTENSION):
        known = _has(text, _NOMINAL + _DISPLACEMENT + _STRAIN)
        geometry = geometry_name(text, "length")
        return ChannelKind.DISPLACEMENT if known and not geometry else ChannelKind.OTHER
    return ChannelKind.EXTENSION


def _kind_by_words(text: str) -> ChannelKind:
    """Without a unit. A result's name (``Fmax``) is no channel."""
    if result_symbol(text, "") and not _has(text, _words("=f|=p|=t|force|load|*kraft")):
        return ChannelKind.OTHER
    for kind, words in (
        (ChannelKind.TIME, _TIME),
        (ChannelKind.STRAIN, _STRAIN),
        (ChannelKind.EXTENSION, _EXTENSION),
        (ChannelKind.DISPLACEMENT, _DISPLACEMENT),
        (ChannelKind.FORCE, _FORCE),
    ):
        if _has(text, words) and not (kind is ChannelKind.FORCE and result_symbol(text, "force") not in ("", "Fm")):
            return kind if kind is not ChannelKind.FORCE or not result_symbol(text, "force") else ChannelKind.OTHER
    return ChannelKind.OTHER


def rank(kind: ChannelKind, title: str) -> int:
    """Which of several columns of a kind is the one: smaller is better."""
    text = plain(title)
    if kind is ChannelKind.TIME:
        return 0 if _has(text, _words("=time|=zeit|=temps|=时间|*prufzeit|running time|laufzeit|test time|=t")) else 1
    if kind is ChannelKind.FORCE:
        return 0 if _has(text, _words("standard|test force|试验力|=force|=load|=kraft|pruf")) else 1
    if kind is ChannelKind.DISPLACEMENT:
        return 2 * _has(text, _ABSOLUTE) + 3 * _has(text, _NOMINAL) + 1 * _has(text, _SECOND)
    return 1 if _has(text, _words("transvers|quer|lateral|width|breit|横向")) else 0
