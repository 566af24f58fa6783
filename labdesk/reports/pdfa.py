"""From a drawn PDF to PDF/A-3b: output intent with the fixed ICC profile, XMP, attached files, identifiers without chance."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from labdesk.reports.style import CHINA

PRODUCER = "LabDesk"


@dataclass(frozen=True)
class Attachment:
    """An associated file; ``relationship`` as in PDF/A-3 (``Data``, ``Source``, ``Supplement``)."""

    name: str
    content: bytes
    media_type: str
    relationship: str
    description: str


@dataclass(frozen=True)
class PdfFacts:
    """What the file says of itself."""

    title: str
    author: str
    subject: str
    moment: datetime


def to_pdfa(drawn: bytes, facts: PdfFacts, attachments: Sequence[Attachment] = ()) -> bytes:
    """``drawn`` as PDF/A-3b with ``attachments`` as associated files. The same input gives the same bytes."""
    with Pdf.open(io.BytesIO(drawn)) as pdf:
        root = pdf.Root
        for key in ("/Outlines", "/PageMode", "/OpenAction"):
            if key in root:
                del root[key]
        root.OutputIntents = Array([_output_intent(pdf)])
        root.Metadata = _metadata(pdf, facts)
        root.Lang = String("zh-CN")
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        _attach(pdf, attachments, facts.moment)
        pdf.trailer.Info = pdf.make_indirect(_info(facts))
        out = io.BytesIO()
        pdf.save(
            out,
            min_version="1.7",
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.none,
            compress_streams=True,
            recompress_flate=False,
        )
    return out.getvalue()


def pdf_date(moment: datetime) -> str:
    """A moment as PDF writes it, in Chinese standard time."""
    return moment.astimezone(CHINA).strftime("D:%Y%m%d%H%M%S+08'00'")


def _info(facts: PdfFacts) -> Dictionary:
    return Dictionary(
        Title=String(facts.title),
        Author=String(facts.author),
        Subject=String(facts.subject),
        Creator=String(PRODUCER),
        Producer=String(PRODUCER),
        CreationDate=String(pdf_date(facts.moment)),
        ModDate=String(pdf_date(facts.moment)),
    )


def _output_intent(pdf: Pdf) -> Dictionary:
    profile = resources.files("labdesk_resources.icc").joinpath("srgb.icc").read_bytes()
    stream = pdf.make_indirect(Stream(pdf, profile, N=3, Alternate=Name.DeviceRGB))
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=stream,
    )


def _metadata(pdf: Pdf, facts: PdfFacts) -> pikepdf.Object:
    stamp = facts.moment.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M:%S+08:00")
    text = f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(facts.title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{escape(facts.author)}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{escape(facts.subject)}</rdf:li></rdf:Alt></dc:description>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool><xmp:CreateDate>{stamp}</xmp:CreateDate><xmp:ModifyDate>{stamp}</xmp:ModifyDate>
<xmp:MetadataDate>{stamp}</xmp:MetadataDate><pdf:Producer>{PRODUCER}</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
    return pdf.make_indirect(Stream(pdf, text.encode("utf-8"), Type=Name.Metadata, Subtype=Name.XML))


def _attach(pdf: Pdf, attachments: Sequence[Attachment], moment: datetime) -> None:
    if not attachments:
        return
    names: list[pikepdf.Object] = []
    associated: list[pikepdf.Object] = []
    for item in sorted(attachments, key=lambda attachment: attachment.name):
        embedded = Stream(pdf, item.content)
        embedded.Type = Name.EmbeddedFile
        embedded.Subtype = Name("/" + item.media_type)
        embedded.Params = Dictionary(
            Size=len(item.content),
            ModDate=String(pdf_date(moment)),
            CheckSum=String(hashlib.md5(item.content, usedforsecurity=False).digest()),
        )
        reference = pdf.make_indirect(embedded)
        spec = pdf.make_indirect(
            Dictionary(
                Type=Name.Filespec,
                F=String(item.name),
                UF=String(item.name),
                Desc=String(item.description),
                AFRelationship=Name("/" + item.relationship),
                EF=Dictionary(F=reference, UF=reference),
            )
        )
        names += [String(item.name), spec]
        associated.append(spec)
    pdf.Root.AF = Array(associated)
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(names)))
