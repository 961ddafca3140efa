//! The proof of an output: whatever is withheld is found wherever it stands, and what is open is not spoken of.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::io::Write;
use std::sync::{Arc, OnceLock};

use annexa::base::finding::{Finding, Place};
use annexa::base::source::{Content, SourceFile, Sources};
use annexa::publish::Proof;
use annexa::read::register::KINDS;
use annexa::read::schema::Kind;
use annexa::{read, render};

use common::{Project, run};

const SETTINGS: &str = "format: 1
title: Manual
org: {name: Example Ltd}
frameworks: [gdpr, iso27017@2015]
values: {used: Zqused, unused: ZqValue}  # ZqSettingsComment
";

/// A public document with something withheld in each of the ways that there are.
const OPEN: &str = "---
id: POL-001
title: Open policy
type: policy
status: draft
classification: public
owner: ciso # ZqFrontComment
---

Seen by all within {{ values.used }}: see [[POL-002]], [its words](pol-002.md) and [[POL-003|the inner rules]].[^1]

<!-- ZqHtmlComment -->

## Inner {#zq-heading-id classification=internal satisfies=gdpr:32(1)(c)}

Withheld ZqSection with ![ZqAlt](../assets/zq-picture.png \"ZqImageTitle\") and [words](https://zqhost.example/zqpath).[^2]

### Below ZqBelow

| a | b |
| - | - |
| c | ZqCell |

```ZqLanguage
ZqCode
```

> [!NOTE]
> ZqAlert

ZqTerm
: ZqDefinition

Pay the broker half of what we take, as agreed. ![ZqAltTwo][picture]

## Open again

Words for all.

[^1]: An open note.
[^2]: ZqNote.

[picture]: ../assets/zq-other.png \"ZqDefinitionTitle\"
";

const WITHHELD: &str = "---
id: POL-002
title: ZqTitle
type: policy
version: \"2.7-ZqVersion\"
status: draft
classification: confidential
abstract: {for: customer, text: ZqAbstract}
owner: zqowner
approver: zqapprover
retention: ZqRetention
distribution: [ZqDistribution]
history:
  - {version: ZqHistoryVersion, date: 2026-01-01, author: zqauthor, change: ZqChange}
---

ZqBody, **Zq**Emphasis, zq-host-17, 10.99.7.12, jane.zq@example.org, ZQX.

## ZqHeading {#zq-anchor}
";

const STATEMENTS: &str = "framework: gdpr
statements:
  \"32\":
    applicable: true
    reasons: [business]
    status: partial
    implementation: ZqImplementation
    classification: public
    responsibility:
      - {role: provider, counterparty: customers, ownership: shared, ours: Open duty., theirs: Open duty of theirs.}
  \"33\": {applicable: false, justification: ZqJustification}
";

const CATALOGUE: &str = "format: 1
framework: ring
edition: \"1\"
title: Requirements of the ring
controls:
  - {id: R-1, title: First, text: ZqControlText, guidance_text: ZqGuidance} # ZqCatalogueComment
";

const CROSSWALK: &str = "format: 1
source: iso27017@2015
target: gdpr
basis: zqbasis
note: ZqCrosswalkNote
pairs:
  - [CLD.6.3.1, related, \"32\", ZqPairRationale]
";

const DECISIONS: &str = "format: 1
pairs:
  - {source: iso27017:CLD.6.3.1, target: gdpr:32, decision: reject, by: zqdecider, date: 2026-11-02, rationale: ZqDecision}
";

/// Every register with a word of its own in every field that holds words; nothing is marked.
fn registers() -> Vec<(String, String)> {
    fn value(kind: Kind, word: &str) -> Option<String> {
        match kind {
            Kind::Text | Kind::Prose => Some(word.to_owned()),
            Kind::List(item) => value(*item, word).map(|value| format!("[{value}]")),
            Kind::Record(schema) => {
                let parts = schema
                    .fields
                    .iter()
                    .filter_map(|field| Some(format!("{}: {}", field.key, value(field.kind, &format!("{word}{}", field.key))?)));
                Some(format!("{{{}}}", parts.collect::<Vec<_>>().join(", ")))
            }
            _ => None,
        }
    }
    let register = |kind: &&annexa::read::register::RegisterKind| {
        let name = kind.name.replace('-', "");
        let fields = kind.schema.fields.iter().filter(|field| !["classification", "outward"].contains(&field.key));
        let fields = fields.filter_map(|field| {
            Some(format!("    {}: {}\n", field.key, value(field.kind, &format!("Zq{name}{}", field.key.replace('_', "")))?))
        });
        let id = if kind.prefix.is_empty() { "zqrole".to_owned() } else { format!("{}-{}", kind.prefix, 977) };
        let text = format!("register: {}\nrows:\n  - id: {id} # Zq{name}comment\n{}", kind.name, fields.collect::<String>());
        let path =
            if kind.name == "distribution" { "records/distribution.yaml".into() } else { format!("content/registers/{}.yaml", kind.name) };
        (path, text)
    };
    KINDS.iter().map(register).collect()
}

fn project() -> Arc<Sources> {
    let registers = registers();
    let mut texts: Vec<(&str, &str)> = registers.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    texts.extend([
        ("annexa.yaml", SETTINGS),
        ("content/policies/pol-001.md", OPEN),
        ("content/policies/pol-002.md", WITHHELD),
        ("content/policies/pol-003-zqfilename.md", "no front matter ZqBroken"),
        ("content/policies/pol-004.md", "---\nid: [\n---\nZqBadYaml\n"),
        ("content/controls/gdpr.yaml", STATEMENTS),
        ("content/registers/broken.yaml", "register: risks\nrows: [\nZqBrokenRegister"),
        ("content/assets/zq.csv", "ZqCsv;1\n"),
        (
            "content/assets/zq.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><title>ZqDrawing</title><text>Zq<tspan>Text</tspan></text></svg>",
        ),
        ("frameworks/ring.yaml", CATALOGUE),
        ("frameworks/crosswalks/own.yaml", CROSSWALK),
        ("frameworks/crosswalk.yaml", DECISIONS),
        ("templates/site/index.html", "{# ZqTemplateComment #}Template words"),
        ("templates/pdf/front.typ", "// ZqTypstComment\n#let x = [Template words]"),
    ]);
    let mut files: Vec<SourceFile> = Sources::from_texts(&texts).iter().map(|(_, file)| file.clone()).collect();
    let mut bytes = |path: &str, bytes: Vec<u8>| files.push(SourceFile { path: path.into(), content: Content::Bytes(bytes.into()) });
    bytes("content/assets/zq-picture.png", png(&[(b"tEXt", b"Author\0ZqImageAuthor")]));
    bytes("content/assets/zq-other.png", png(&[(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x>ZqXmp</x>")]));
    bytes("content/assets/zq.zip", zipped(&[("zqinner.txt", b"ZqInnerText")]));
    Arc::new(Sources::new(files).with_files(read::built_in()))
}

fn proof(sources: &Arc<Sources>, audience: &str) -> Proof {
    Proof::new(sources.clone(), audience, &render::fixed_files())
}

/// The proof for the public of [`project`], which takes its time.
fn public() -> &'static (Arc<Sources>, Proof) {
    static PUBLIC: OnceLock<(Arc<Sources>, Proof)> = OnceLock::new();
    PUBLIC.get_or_init(|| {
        let sources = project();
        let proof = proof(&sources, "public");
        (sources, proof)
    })
}

/// A PNG of one pixel with chunks before its end.
fn png(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut chunk = |kind: &[u8], data: &[u8]| {
        bytes.extend((data.len() as u32).to_be_bytes());
        bytes.extend([kind, data].concat());
        bytes.extend(crc([kind, data].concat()).to_be_bytes());
    };
    chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
    chunk(b"IDAT", &[0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1]);
    chunks.iter().for_each(|(kind, data)| chunk(*kind, data));
    chunk(b"IEND", b"");
    bytes
}

fn crc(bytes: Vec<u8>) -> u32 {
    let step =
        |sum: u32, byte: u8| (0..8).fold(sum ^ u32::from(byte), |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 });
    !bytes.into_iter().fold(!0, step)
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// What the findings say was found: codes, files and lines of the sources.
fn places(findings: &[Finding], sources: &Sources) -> Vec<String> {
    let place = |finding: &Finding| match &finding.place {
        Place::Project => "project".to_owned(),
        Place::File(path) => path.to_string(),
        Place::Span(span) => {
            let file = sources.file(span.file);
            format!("{}:{}", file.path, file.text()[..span.start as usize].matches('\n').count() + 1)
        }
    };
    findings.iter().map(place).collect()
}

#[test]
fn a_word_is_found_wherever_in_the_sources_it_is_withheld() {
    let (sources, proof) = public();
    let mut words = 0;
    for (_, file) in sources.iter().filter(|(_, file)| !file.path.starts_with("annexa/")) {
        for (number, line) in file.text().lines().enumerate() {
            for word in line.split(|c: char| !c.is_alphanumeric()).filter(|word| word.to_lowercase().starts_with("zq") && word.len() > 3) {
                let page = format!("<p>{word}</p>");
                let findings = proof.check(&[("page.html", page.as_bytes())]);
                if word == "Zqused" {
                    assert!(findings.is_empty(), "a value that open text inserts");
                    continue;
                }
                assert_eq!(findings.len(), 1, "{word} in {}:{}", file.path, number + 1);
                let expected = format!("{}:{}", file.path, number + 1);
                let place = places(&findings, sources).remove(0);
                // Attachments and names of files have no lines.
                assert!(
                    place == expected || place == *file.path || !line.contains(word),
                    "{word} is found at {place}, and stands at {expected}"
                );
                assert!(
                    findings[0].message.to_string().contains("page.html") && findings[0].message.to_string().contains(word),
                    "{}",
                    findings[0].message
                );
                words += 1;
            }
        }
    }
    assert!(words > 120, "{words}");
    // What stands in no text: metadata of images, files in files, names, addresses, identifiers.
    for said in [
        "ZqImageAuthor",
        "ZqXmp",
        "zqinner.txt",
        "ZqInnerText",
        "pol-003-zqfilename",
        "POL-002",
        "pol_002.html",
        "RSK-977",
        "SUP 977",
        "ZqEmphasis",
        "zq-host-17",
        "10.99.7.12",
        "jane.zq@example.org",
        "ZQX",
        "zqhost.example",
        "ZqText",
    ] {
        assert_eq!(proof.check(&[("page.html", format!("<p>{said}</p>").as_bytes())]).len(), 1, "{said}");
    }
}

#[test]
fn what_is_open_is_not_spoken_of() {
    let sources = project();
    let page = "<p>Open policy: seen by all within Zqused, see an internal document, its words and the inner rules. An open note. POL-001 gdpr:32 Open again
        Words for all. First of the ring R-1 Requirements of the ring. Open duty of theirs. Template words. Example Ltd, CLD.6.3.1, public, confidential</p>";
    let findings = public().1.check(&[("documents/pol-001.html", page.as_bytes())]);
    assert!(findings.is_empty(), "{:?}", findings.iter().map(|finding| &finding.message).collect::<Vec<_>>());
    let abstracted = b"<p>POL-002 ZqTitle ZqAbstract</p>";
    assert!(proof(&sources, "customer").check(&[("a.html", abstracted)]).is_empty(), "an abstract publishes id, title and itself");
    let more = b"<p>ZqSection zq-heading-id ZqCell ZqCode ZqNote ZqAlt ZqImageTitle zqhost.example ZqDefinitionTitle</p>";
    assert!(proof(&sources, "internal").check(&[("a.html", more)]).is_empty(), "a section marked internal is open to those inside");
    assert!(
        proof(&sources, "auditor").check(&[("a.html", b"<p>ZqBody ZqImplementation</p>")]).is_empty(),
        "nothing is withheld from the auditor"
    );
}

#[test]
fn five_words_in_a_row_are_found_although_each_of_them_is_open() {
    let check = |text: &str| public().1.check(&[("a.html", text.as_bytes())]);
    let found = check("<p>They pay the <b>broker half</b> of what we took.</p>");
    assert_eq!(found.len(), 1);
    assert!(found[0].message.to_string().contains("the broker half of"), "{}", found[0].message);
    assert!(found[0].help[0].to_string().contains("They pay the broker half of what we took."), "{:?}", found[0].help);
    assert!(check("<p>We pay the bill and half of it.</p>").iter().all(|finding| !finding.message.to_string().contains("pay the")));
}

/// Every form of output with one withheld word in it, each of which is found.
#[test]
fn a_leak_is_found_in_whatever_form_it_is_published() {
    let (sources, proof) = public();
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let zlib = |bytes: &[u8]| {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let utf16: Vec<u8> = [0xfeff].into_iter().chain("ZqSection".encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let workbook = {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(3, 4, "See ZqSection").unwrap();
        book.save_to_buffer().unwrap()
    };
    let titled = {
        let mut book = rust_xlsxwriter::Workbook::new();
        book.set_properties(&rust_xlsxwriter::DocProperties::new().set_title("ZqSection"));
        book.add_worksheet().set_name("x").unwrap();
        book.save_to_buffer().unwrap()
    };
    let html = |text: &str| text.as_bytes().to_vec();
    let cases: Vec<(&str, &str, Vec<u8>)> = vec![
        ("text of a page", "a.html", html("<p>a ZqSection b</p>")),
        ("capitals", "a.html", html("<p>ZQSECTION</p>")),
        ("split by emphasis", "a.html", html("<p>Zq<em>Sec</em>tion</p>")),
        ("split by a soft hyphen", "a.html", html("<p>Zq&shy;Section</p>")),
        ("split by a chance to break", "a.html", html("<p>Zq<wbr>Section</p>")),
        ("character references", "a.html", html("<p>&#90;q&#x53;ection</p>")),
        ("between tags without a space", "a.html", html("<span>x</span><b>ZqSection</b><i>y</i>")),
        ("an attribute", "a.html", html("<img alt=\"ZqSection\">")),
        ("an attribute without quotes", "a.html", html("<img alt=ZqSection>")),
        ("an address", "a.html", html("<a href=\"x.html?q=%5AqSection\">x</a>")),
        ("an id", "a.html", html("<p id='zqsection'>x</p>")),
        ("a class", "a.html", html("<p class='b zqsection'>x</p>")),
        ("a comment", "a.html", html("<!-- ZqSection -->")),
        ("a script in a page", "a.html", html("<script>var a = 'Zq\\u0053ection';</script>")),
        ("a style in a page", "a.html", html("<style>p::after { content: \"ZqSection\" }</style>")),
        ("a description", "a.html", html("<meta name=description content='ZqSection'>")),
        ("a page that breaks off", "a.html", html("<p title=\"ZqSection")),
        ("a search index", "assets/search-index.js", html("window.x = {\"e\": [\"zqsection\"]};")),
        ("JSON with escapes", "a.json", html("{\"a\": \"\\u005aqSection\"}")),
        ("a key of JSON", "a.json", html("{\"ZqSection\": 1}")),
        ("a style sheet", "a.css", html("/* ZqSection */")),
        ("a table", "a.csv", html("a,\"b, ZqSection\"\n")),
        ("a feed", "feed.xml", html("<?xml version=\"1.0\"?><feed><entry><title type=\"html\">&lt;b&gt;ZqSection</title></entry></feed>")),
        ("CDATA", "feed.xml", html("<feed><![CDATA[ZqSection]]></feed>")),
        ("a sitemap", "sitemap.xml", html("<urlset><url><loc>https://x.example/zqsection.html</loc></url></urlset>")),
        ("a drawing", "a.svg", html("<svg><text>Zq<tspan>Section</tspan></text></svg>")),
        ("a redirect", "_redirects", html("/zqsection /index.html 301")),
        ("a text", "robots.txt", html("Disallow: /ZqSection")),
        ("a file without a name of its kind", "LICENSE", html("ZqSection")),
        ("UTF-16", "a.txt", utf16),
        ("the name of a file", "documents/zqsection.html", html("<p>x</p>")),
        ("a folder", "zqsection/a.html", html("<p>x</p>")),
        ("a zip", "a.zip", zipped(&[("a.html", b"<p>ZqSection</p>")])),
        ("a name in a zip", "a.zip", zipped(&[("zqsection.txt", b"x")])),
        ("a zip in a zip", "a.zip", zipped(&[("b.zip", &zipped(&[("a.txt", b"ZqSection")]))])),
        ("a workbook", "a.xlsx", workbook),
        ("the title of a workbook", "a.xlsx", titled),
        (
            "a document of an office",
            "a.docx",
            zipped(&[("word/document.xml", b"<w:p><w:r><w:t>Zq</w:t></w:r><w:r><w:t>Section</w:t></w:r></w:p>")]),
        ),
        ("gzip", "a.html.gz", gzip(b"<p>ZqSection</p>")),
        ("a packed drawing", "a.svgz", gzip(b"<svg><title>ZqSection</title></svg>")),
        ("text in a PNG", "a.png", png(&[(b"tEXt", b"Comment\0ZqSection")])),
        ("packed text in a PNG", "a.png", png(&[(b"zTXt", &[b"Comment\0\0".as_slice(), &zlib(b"ZqSection")].concat())])),
        ("behind the end of a PNG", "a.png", [png(&[]), b"ZqSection".to_vec()].concat()),
        ("a comment in a JPEG", "a.jpg", [b"\xff\xd8\xff\xfe\0\x0bZqSection\xff\xd9".as_slice()].concat()),
        ("an image in a page", "a.html", html("<img src=\"data:image/svg+xml;base64,PHN2Zz48dGl0bGU+WnFTZWN0aW9uPC90aXRsZT48L3N2Zz4=\">")),
        ("an image in an address", "a.html", html("<img src=\"data:image/svg+xml,%3Csvg%3E%3Ctitle%3EZqSection%3C/title%3E%3C/svg%3E\">")),
        ("bytes of no known kind", "a.bin", [b"\xff\0\x01\x80ZqSection\0\xff".as_slice()].concat()),
        ("a PDF by another program", "a.pdf", foreign_pdf("Zq", "See ZqSection.")),
        ("the title of a PDF", "a.pdf", foreign_pdf("ZqSection", "x")),
        ("a PDF in a zip", "a.zip", zipped(&[("a.pdf", &foreign_pdf("Zq", "See ZqSection."))])),
    ];
    for (form, path, bytes) in &cases {
        let findings = proof.check(&[(path, bytes)]);
        assert_eq!(places(&findings, sources), ["content/policies/pol-001.md:16"], "{form}");
    }
}

#[test]
fn a_withheld_file_is_found_by_its_bytes_and_by_its_digest() {
    let (sources, proof) = public();
    let file = |path: &str| sources.file(sources.find(path).unwrap());
    for path in ["content/assets/zq-picture.png", "content/assets/zq.zip", "content/policies/pol-002.md"] {
        let bytes = file(path).bytes();
        for (form, name, output) in [("itself", "x", bytes.to_vec()), ("in a zip", "x.zip", zipped(&[("x", bytes)]))] {
            let findings = proof.check(&[(name, &output)]);
            let said = format!("`{path}` is withheld from public, and `{name}` holds it");
            assert!(findings.iter().any(|finding| finding.message.to_string() == said), "{path} {form}: {findings:?}");
        }
        let digest = <sha2::Sha256 as sha2::Digest>::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(proof.check(&[("x.json", format!("{{\"sha256\": \"{digest}\"}}").as_bytes())]).len(), 1, "the digest of {path}");
    }
}

/// A PDF as printpdf makes it: text in a built-in font, in Windows' Latin code page.
fn foreign_pdf(title: &str, text: &str) -> Vec<u8> {
    use printpdf::*;
    let mut document = PdfDocument::new(title);
    let ops = vec![
        Op::StartTextSection,
        Op::SetFont { font: PdfFontHandle::Builtin(BuiltinFont::Helvetica), size: Pt(12.0) },
        Op::SetTextCursor { pos: Point::new(Mm(20.0), Mm(200.0)) },
        Op::ShowText { items: vec![TextItem::Text(text.into())] },
        Op::EndTextSection,
    ];
    let pages = vec![PdfPage::new(Mm(210.0), Mm(297.0), ops)];
    document.with_pages(pages).save(&PdfSaveOptions::default(), &mut Vec::new())
}

/// A picture of 24 by 16 pixels, no two of them of the same colour.
fn picture(shift: u8) -> image::RgbaImage {
    image::RgbaImage::from_fn(24, 16, |x, y| image::Rgba([x as u8 * 10 + shift, y as u8 * 15, (x * y) as u8, 255 - x as u8]))
}

fn encoded(picture: &image::RgbaImage, format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A PDF that shows a picture, as samples and not as the file that it was.
fn picture_in_pdf(picture: &image::RgbaImage) -> Vec<u8> {
    use printpdf::*;
    let mut document = PdfDocument::new("Plan");
    let pixels = RawImageData::U8(image::DynamicImage::from(picture.clone()).to_rgb8().into_raw());
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let id = document.add_image(&RawImage { pixels, width, height, data_format: RawImageFormat::RGB8, tag: Vec::new() });
    let pages = vec![PdfPage::new(Mm(210.0), Mm(297.0), vec![Op::UseXobject { id, transform: XObjectTransform::default() }])];
    document.with_pages(pages).save(&PdfSaveOptions::default(), &mut Vec::new())
}

/// The bytes of a picture change where it is packed anew or set into a PDF: what it shows does not.
#[test]
fn a_withheld_picture_is_found_by_what_it_shows() {
    let withheld = "content/assets/network.png";
    let open = common::document("POL-001", "![Ours](../assets/open.png)").replace("classification: internal", "classification: public");
    let texts = [("annexa.yaml", common::SETTINGS), ("content/policies/pol-001.md", open.as_str())];
    let mut files: Vec<SourceFile> = Sources::from_texts(&texts).iter().map(|(_, file)| file.clone()).collect();
    let mut bytes = |path: &str, bytes: Vec<u8>| files.push(SourceFile { path: path.into(), content: Content::Bytes(bytes.into()) });
    bytes(withheld, encoded(&picture(0), image::ImageFormat::Png));
    bytes("content/assets/open.png", encoded(&picture(1), image::ImageFormat::Png));
    bytes("content/assets/white.png", encoded(&image::RgbaImage::from_pixel(24, 16, image::Rgba([255; 4])), image::ImageFormat::Png));
    // The same picture is shown and lies somewhere else besides: that it is published is no leak.
    bytes("content/assets/copy.gif", encoded(&picture(1), image::ImageFormat::WebP));
    let proof = proof(&Arc::new(Sources::new(files).with_files(read::built_in())), "public");

    let said = |output: Vec<u8>| -> Vec<String> {
        proof.check(&[("x", &output)]).into_iter().map(|finding| finding.message.to_string()).collect()
    };
    let found = [format!("`{withheld}` is withheld from public, and `x` holds it")];
    let again = encoded(&picture(0), image::ImageFormat::WebP);
    assert_eq!(said(again.clone()), found, "packed anew");
    assert_eq!(said(zipped(&[("a.webp", &again)])), found, "packed anew, in a zip");
    assert_eq!(said(picture_in_pdf(&picture(0))), found, "as samples in a PDF");
    assert_eq!(said(encoded(&picture(0), image::ImageFormat::Png)), found, "as it is, which is told once");

    assert_eq!(said(picture_in_pdf(&picture(1))), [""; 0], "what is shown may be set in a PDF");
    assert_eq!(said(picture_in_pdf(&picture(2))), [""; 0], "another picture of the same size");
    let white = image::RgbaImage::from_pixel(24, 16, image::Rgba([255; 4]));
    assert_eq!(said(picture_in_pdf(&white)), [""; 0], "a white picture is like any other");
}

/// The same in the PDF that Annexa sets: the manual of the auditor, published to everybody.
#[cfg(feature = "pdf")]
#[test]
fn a_withheld_picture_is_found_in_a_manual() {
    let project = Project::sound();
    project.write("content/policies/pol-001.md", common::document("POL-001", "![Ours](../assets/network.png)"));
    project.write("content/assets/network.png", encoded(&picture(0), image::ImageFormat::Png));
    let ran = project.run("build", &["--audience", "auditor"]);
    assert_eq!(ran.status, Some(0), "{}", ran.err);
    let manual = std::fs::read(project.path("dist/manual.pdf")).unwrap();
    let sources = annexa::base::source::Sources::from_folder(project.root(), &Default::default()).unwrap().0;
    let proof = proof(&Arc::new(sources.with_files(read::built_in())), "public");
    let findings = proof.check(&[("manual.pdf", &manual)]);
    let said = "`content/assets/network.png` is withheld from public, and `manual.pdf` holds it";
    assert!(findings.iter().any(|finding| finding.message.to_string() == said), "{findings:?}");
}

#[test]
fn what_cannot_be_looked_into_is_not_passed() {
    let bomb = {
        let mut inner = vec![0u8; 4 << 20];
        for _ in 0..6 {
            inner = zipped(&[("x", &inner)]);
        }
        inner
    };
    for (why, path, bytes) in [
        ("a zip that breaks off", "a.zip", zipped(&[("x", b"yyyyyyyyyyyyyyyyyyy")])[..30].to_vec()),
        ("a PDF that is none", "a.pdf", b"%PDF-1.7\nnothing".to_vec()),
        ("files in files in files", "a.zip", bomb),
    ] {
        let findings = public().1.check(&[(path, &bytes)]);
        assert_eq!(findings.iter().map(|finding| finding.rule.code).collect::<Vec<_>>(), ["output-unreadable"], "{why}: {findings:?}");
    }
}

#[test]
fn the_proof_shares_no_code_with_view_or_renderers() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/publish/proof");
    for (path, bytes) in common::files(&folder) {
        let text = String::from_utf8(bytes).unwrap();
        let imports = text.lines().filter(|line| line.contains("crate::")).filter(|_| path != "tests.rs");
        for line in imports {
            assert!(!line.contains("crate::render") && !line.contains("crate::link") && !line.contains("read::markdown"), "{path}: {line}");
        }
    }
}

/// The public document of a small project, whose picture says in its metadata what another document withholds.
fn leaking() -> Project {
    let project = Project::sound();
    project
        .write("content/policies/pol-002.md", common::document("POL-002", "By Jane Falkenried.").replace("classification: internal\n", ""));
    let open = common::document("POL-003", "A picture: ![A tree](../assets/tree.png)")
        .replace("classification: internal", "classification: public");
    project.write("content/policies/pol-003.md", open);
    project.write("content/assets/tree.png", png(&[(b"tEXt", b"Author\0Jane Falkenried")]));
    project
}

#[test]
fn a_build_that_would_leak_writes_nothing_and_says_where() {
    let project = leaking();
    let ran = project.run("build", &["--no-pdf", "--audience", "public"]);
    assert_eq!(ran.status, Some(1), "{}", ran.err);
    assert!(
        ran.err.contains("error[withheld-published]: `Falkenried` is withheld from public, and stands in `files/assets/tree.png`"),
        "{}",
        ran.err
    );
    assert!(ran.err.contains("content/policies/pol-002.md:12:9"), "{}", ran.err);
    assert!(!project.path("dist").exists());
    project.build(&["--audience", "auditor"]);
    // What may be said is said in the settings.
    project.write("annexa.yaml", format!("{}proof: {{allow: [Jane, Falkenried]}}\n", common::SETTINGS));
    project.build(&["--audience", "public"]);
}

/// Leaks in PDFs as Annexa itself sets them: by a template of the project that knows what is withheld, and writes it in two parts so that it is
/// no open word of the template.
#[cfg(feature = "pdf")]
mod a_pdf_that_is_set {
    use super::*;

    const NAME: &str = "\"Griffin\" + \"hall\"";

    /// A public document beside a withheld one that names Jane Griffinhall, and a cover on which `extra` stands.
    fn with(extra: &str) -> Project {
        let project = Project::sound();
        project.write(
            "content/policies/pol-002.md",
            common::document("POL-002", "By Jane Griffinhall.").replace("classification: internal\n", ""),
        );
        let open = common::document("POL-003", "Words for all.").replace("classification: internal", "classification: public");
        project.write("content/policies/pol-003.md", open);
        let manual = format!(
            "#import \"/annexa/manual.typ\": everywhere, manual as built-in\n#let name = {NAME}\n#let manual(whole, ..parts) = {{ {extra} }}\n"
        );
        project.write("templates/pdf/manual.typ", manual);
        project
    }

    #[track_caller]
    fn is_found(extra: &str) {
        let project = with(extra);
        let ran = project.run("build", &["--audience", "public"]);
        assert_eq!(ran.status, Some(1), "{extra}: {}", ran.err);
        let said = ran.err.to_lowercase();
        assert!(
            said.contains("[withheld-published]: `griffinhall` is withheld from public, and stands in `manual.pdf`"),
            "{extra}: {said}"
        );
        assert!(ran.err.contains("content/policies/pol-002.md:12:9"), "{extra}: {}", ran.err);
        assert!(!project.path("dist").exists());
    }

    #[test]
    fn without_anything_withheld_is_published() {
        let project = with("built-in(whole, ..parts)");
        let ran = project.run("build", &["--audience", "public"]);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        assert!(project.path("dist/manual.pdf").exists());
    }

    #[test]
    fn is_found_to_leak_on_a_page() {
        // Its two f and i are one glyph.
        is_found("built-in(whole, ..parts); par(name)");
        is_found("built-in(whole, ..parts); par(emph(name.slice(0, 5)) + strong(name.slice(5)))");
        is_found("built-in(whole, ..parts); block(width: 2em, text(size: 1pt, fill: white, hyphenate: true, name))");
        is_found("built-in((..whole, organisation: (..whole.organisation, name: name)), ..parts)");
        is_found("set page(footer: pdf.artifact(name)); built-in(whole, ..parts); pagebreak(); [x]");
    }

    #[test]
    fn is_found_to_leak_beside_its_pages() {
        is_found("built-in(whole, ..parts); figure(alt: name, rect())");
        is_found("built-in(whole, ..parts); link(\"https://\" + lower(name) + \".example/\")[words]");
        is_found("built-in((..whole, name: name), ..parts)");
        is_found("set document(keywords: (name,)); built-in(whole, ..parts)");
        let file = "mime-type: \"text/csv\", relationship: \"supplement\"";
        is_found(&format!("built-in(whole, ..parts); pdf.attach(\"a.csv\", bytes(\"a;\" + name), description: \"x\", {file})"));
        is_found(&format!("built-in(whole, ..parts); pdf.attach(\"a.csv\", bytes(\"a\"), description: name, {file})"));
    }
}

/// A record of an approved release lists the digests of all files, and the manifest says those of what is published.
#[test]
fn a_released_image_is_published_though_a_withheld_record_lists_its_digest() {
    let image = png(&[]);
    let digest = annexa::base::digest::sha256(&image);
    let document = "---\nid: POL-001\ntitle: Open policy\ntype: policy\nstatus: draft\nclassification: public\nowner: ciso\n---\n\n![The network](../assets/network.png)\n";
    let project = Project::new(&[
        ("annexa.yaml", common::SETTINGS),
        ("content/registers/roles.yaml", common::ROLES),
        ("content/policies/pol-001.md", document),
        ("records/approved/release@1.0-1.txt", &format!("annexa-release-1\nfiles\n {digest}  content/assets/network.png\n")),
    ]);
    project.write("content/assets/network.png", &image);
    let ran = run(project.root(), ["build", "--audience", "public"]);
    assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
    assert!(std::fs::read_to_string(project.path("dist/manifest.json")).unwrap().contains(&digest));
}

#[test]
fn an_image_without_metadata_is_published() {
    let project = leaking();
    project.write("content/assets/tree.png", png(&[]));
    project.build(&["--audience", "public"]);
}

mod verify {
    use super::*;

    fn published() -> (Project, std::path::PathBuf) {
        let project = leaking();
        project.write("content/assets/tree.png", png(&[]));
        let dist = project.build(&["--audience", "public"]);
        (project, dist)
    }

    #[track_caller]
    fn verified(project: &Project, arguments: &[&str], status: i32) -> String {
        let ran = run(project.root(), ["verify", "dist"].iter().chain(arguments));
        assert_eq!(ran.status, Some(status), "{}\n{}", ran.out, ran.err);
        ran.out + &ran.err
    }

    #[test]
    fn a_folder_as_it_was_built_is_well() {
        let (project, _) = published();
        let said = verified(&project, &["--audience", "public"], 0);
        assert!(said.contains("all as they were built; nothing in them is withheld from public"), "{said}");
        assert_eq!(verified(&project, &[], 0), said, "whom it is for stands in the manifest");
    }

    #[test]
    fn a_leak_that_came_afterwards_is_found() {
        let (project, dist) = published();
        std::fs::write(dist.join("notes.html"), "<p>Ask Falkenried</p>").unwrap();
        let said = verified(&project, &["--audience", "public"], 1);
        assert!(said.contains("error[output-added]: `notes.html`"), "{said}");
        assert!(said.contains("error[withheld-published]: `Falkenried` is withheld from public, and stands in `notes.html`"), "{said}");
    }

    #[test]
    fn what_is_missing_or_changed_is_found() {
        let (project, dist) = published();
        std::fs::remove_file(dist.join("search.html")).unwrap();
        std::fs::write(dist.join("index.html"), "<p>hello</p>").unwrap();
        std::fs::write(dist.join(".DS_Store"), "x").unwrap();
        let said = verified(&project, &[], 1);
        assert!(said.contains("error[output-missing]: `search.html`") && said.contains("error[output-changed]: `index.html`"), "{said}");
        assert!(!said.contains("DS_Store"), "{said}");
    }

    #[test]
    fn an_output_for_the_auditor_is_not_one_for_the_public() {
        let (project, _) = published();
        project.build(&["--audience", "auditor"]);
        let said = verified(&project, &["--audience", "public"], 1);
        assert!(said.contains("error[audience-differs]: the output was made for auditor, and is verified for public"), "{said}");
        assert!(said.contains("error[withheld-published]"), "{said}");
        assert!(verified(&project, &[], 0).contains("nothing in them is withheld from auditor"));
    }

    #[test]
    fn without_the_project_the_manifest_alone_is_verified() {
        let (project, dist) = published();
        let elsewhere = project.beside("elsewhere");
        std::fs::create_dir(&elsewhere).unwrap();
        let dist = dist.to_str().unwrap();
        let ran = run(&elsewhere, ["verify", dist]);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        assert!(ran.out.contains("What they say was not looked at"), "{}", ran.out);
        let ran = run(&elsewhere, ["verify", dist, "--audience", "public"]);
        assert_eq!(ran.status, Some(2));
        assert!(ran.err.contains("name the project with --project"), "{}", ran.err);
        let ran = run(&elsewhere, ["verify", dist, "--audience", "public", "--project", project.root().to_str().unwrap()]);
        assert_eq!(ran.status, Some(0), "{}\n{}", ran.out, ran.err);
    }

    #[test]
    fn a_folder_that_is_no_output_is_said_to_be_none() {
        let (project, dist) = published();
        let ran = run(project.root(), ["verify", "dist/assets"]);
        assert_eq!(ran.status, Some(1));
        assert!(ran.out.contains("error[manifest-missing]"), "{}", ran.out);
        let ran = run(project.root(), ["verify", "nowhere"]);
        assert_eq!(ran.status, Some(2));
        drop(dist);
    }

    #[test]
    fn findings_are_there_for_programs_too() {
        let (project, dist) = published();
        std::fs::write(dist.join("notes.html"), "<p>Ask Falkenried</p>").unwrap();
        let said = verified(&project, &["--format", "json"], 1);
        let json: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert_eq!(json["findings"].as_array().unwrap().len(), 2, "{said}");
    }
}
