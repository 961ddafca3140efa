//! The preview: it shows what a build would write, follows what is saved, keeps the last good pages in any broken state, and tells nobody else.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use common::preview::{Listener, Preview};
use common::{Project, SETTINGS, TODAY, annexa, assert_same, document, files};

const PAGE: &str = "/auditor/documents/pol-001.html";

/// All files of a folder of an output, asked of a preview one by one.
fn shown(preview: &Preview, audience: &str, built: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let paths = built.keys().filter(|path| *path != "manifest.json");
    paths.map(|path| (path.clone(), preview.get(&format!("/{audience}/{}", path.replace(' ', "%20"))).built())).collect()
}

#[test]
fn every_file_is_that_of_a_build_and_only_the_script_is_added() {
    let project = Project::fixture("small");
    let preview = Preview::of(&project);
    let dist = project.build(&["--audience", "all"]);
    for audience in ["public", "customer", "internal", "auditor"] {
        let mut built = files(&dist.join(audience));
        let served = shown(&preview, audience, &built);
        built.remove("manifest.json");
        assert_same(&built, &served);
    }
    let page = preview.get(PAGE).text();
    let script = page.rsplit_once("</html>").unwrap().1;
    assert_eq!(script.trim().lines().count(), 1, "{script}");
    assert!(!files(&dist).values().any(|bytes| bytes.windows(10).any(|window| window == b"preview.js")), "nothing of it is built");
}

#[test]
fn a_file_that_is_saved_is_told_and_shown_at_once() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    assert!(!preview.get(PAGE).text().contains("Marmalade"));
    let mut listener = Listener::of(&preview);
    let before = listener.next()["edition"].as_u64().unwrap();

    project.write("content/policies/pol-001.md", document("POL-001", "Marmalade is kept locked."));
    let news = std::iter::repeat_with(|| listener.next()).find(|told| told["edition"].as_u64() > Some(before)).unwrap();
    assert_eq!(news["broken"], false);
    assert!(preview.get(PAGE).text().contains("Marmalade is kept locked."), "the page that the news make a browser load is the new one");
}

#[test]
fn what_an_editor_does_to_save_is_one_saved_file() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    // Renamed into place, as most editors do.
    project.write("content/policies/.pol-001.md.swp", "swap");
    project.write("content/policies/4913", "");
    fs::remove_file(project.path("content/policies/4913")).unwrap();
    project.write("content/policies/pol-001.md~", document("POL-001", "Renamed into place."));
    fs::rename(project.path("content/policies/pol-001.md~"), project.path("content/policies/pol-001.md")).unwrap();
    preview.wait_for(PAGE, |page| page.text().contains("Renamed into place."));
    // Written in pieces, of which some are no document.
    let text = document("POL-001", &"In many pieces. ".repeat(20_000));
    let mut file = fs::File::create(project.path("content/policies/pol-001.md")).unwrap();
    for piece in text.as_bytes().chunks(text.len() / 7) {
        file.write_all(piece).unwrap();
        file.flush().unwrap();
        preview.get(PAGE);
    }
    drop(file);
    preview.wait_for(PAGE, |page| page.text().matches("In many pieces.").count() >= 20_000);
    preview.wait_told(|told| told["broken"] == false);
}

#[test]
fn files_come_and_go_by_the_hundred() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    for number in 100..400 {
        project.write(&format!("content/policies/new/pol-{number}.md"), document(&format!("POL-{number}"), "One of many."));
    }
    preview.wait_for("/auditor/documents/pol-399.html", |page| page.status == 200);
    assert_eq!(preview.get("/auditor/documents/pol-100.html").status, 200);
    fs::remove_dir_all(project.path("content/policies/new")).unwrap();
    preview.wait_for("/auditor/documents/pol-399.html", |page| page.status == 404);
    assert_eq!(preview.get(PAGE).status, 200);
}

/// A way to break a project, what pages are told of it, and a way to mend it.
type Breaking = (&'static str, fn(&Project), &'static str, fn(&Project));

const BREAKINGS: [Breaking; 5] = [
    (
        "front matter that is no YAML",
        |project| project.write("content/policies/pol-001.md", "---\nid: [POL-001\ntitle: \"half\n---\n\nText.\n"),
        "content/policies/pol-001.md",
        |_| {},
    ),
    (
        "a register that is no YAML",
        |project| project.write("content/registers/roles.yaml", "register: roles\nrows: {{{"),
        "roles.yaml",
        |project| project.write("content/registers/roles.yaml", common::ROLES),
    ),
    (
        "no annexa.yaml",
        |project| fs::remove_file(project.path("annexa.yaml")).unwrap(),
        "annexa.yaml",
        |project| project.write("annexa.yaml", SETTINGS),
    ),
    ("an empty annexa.yaml", |project| project.write("annexa.yaml", ""), "annexa.yaml", |project| project.write("annexa.yaml", SETTINGS)),
    (
        "no folder",
        |project| fs::rename(project.root(), project.beside("elsewhere")).unwrap(),
        "there is no folder",
        |project| fs::rename(project.beside("elsewhere"), project.root()).unwrap(),
    ),
];

#[test]
fn the_last_good_pages_stay_in_any_broken_state_and_follow_again_once_it_is_mended() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    for (number, (what, breaks, told_of, mends)) in BREAKINGS.into_iter().enumerate() {
        let good = preview.get(PAGE).built();
        assert!(!good.is_empty());
        breaks(&project);
        let told = preview.wait_told(|told| told["broken"] == true);
        assert!(told["findings"].to_string().contains(told_of), "{what}: {told}");
        assert_eq!(told["findings"][0]["severity"], "error", "{what}");
        assert!(preview.get(PAGE).built() == good, "{what}: the page stays as it was");
        assert!(preview.said().contains("The pages stay as they were."), "{what}: {}", preview.said());
        mends(&project);
        let words = format!("Mended for the {number}th time.");
        project.write("content/policies/pol-001.md", document("POL-001", &words));
        preview.wait_for(PAGE, |page| page.text().contains(&words));
        assert_eq!(preview.told()["broken"], false, "{what}");
    }
}

#[test]
fn a_template_that_fails_leaves_the_pages_of_before_and_says_where() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    let good = preview.get(PAGE).built();
    for broken in ["{% if %}", "{{ nothing.there }}", "{% block main %}{{ document | nofilter }}{% endblock %}"] {
        project.write("templates/site/document.html", broken);
        let told = || preview.told()["findings"].to_string();
        preview.wait_for(PAGE, |page| page.built() == good && told().contains("template-error"));
        assert!(told().contains("templates/site/document.html:1:"), "{}", told());
        project.write("templates/site/document.html", "{% extends \"annexa/document.html\" %}");
        preview.wait_for(PAGE, |page| page.status == 200 && !told().contains("template-error"));
    }
    project.write("templates/site/document.html", "<p>Our own: {{ document.title }}</p>");
    preview.wait_for(PAGE, |page| page.built() == b"<p>Our own: Title of POL-001</p>");
}

#[test]
fn an_error_that_is_there_from_the_beginning_keeps_nobody_from_writing() {
    let project = Project::sound();
    project.write("content/policies/pol-002.md", document("POL-002", "").replace("status: draft", "status: drafty"));
    let preview = Preview::of(&project);
    let told = preview.wait_told(|told| told["checked"] == true);
    assert_eq!((&told["broken"], &told["counts"]["errors"]), (&false.into(), &1.into()), "{told}");
    project.write("content/policies/pol-001.md", document("POL-001", "Written beside it."));
    preview.wait_for(PAGE, |page| page.text().contains("Written beside it."));
}

#[test]
fn what_the_rules_find_is_told_with_its_place_while_pages_follow() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    project.write("content/policies/pol-001.md", document("POL-001", "See [[POL-404]]."));
    let told = preview.wait_told(|told| told["counts"]["errors"] == 1 && told["checked"] == true);
    let finding = &told["findings"][0];
    assert_eq!(
        (finding["code"].as_str(), finding["place"].as_str()),
        (Some("unresolved-reference"), Some("content/policies/pol-001.md:13:5"))
    );
    assert!(preview.get(PAGE).text().contains("See "), "the page is the new one");
    assert!(preview.said().contains("error[unresolved-reference]"), "{}", preview.said());
}

#[test]
fn a_project_that_never_was_good_shows_what_is_wrong_and_escapes_it() {
    let project = Project::new(&[("annexa.yaml", "format: 1\ntitle: [\n\"<script>alert(1)</script>\": \"</pre><img src=x>\n")]);
    let preview = Preview::of(&project);
    let page = preview.get("/");
    assert_eq!(page.status, 503);
    let text = page.text();
    assert!(text.contains("&lt;script&gt;alert(1)"), "{text}");
    assert!(!text.contains("<script>alert") && !text.contains("<img"), "{text}");
    assert!(text.contains("/.annexa/preview.js"), "it shows the pages once there are some");
    project.write("annexa.yaml", SETTINGS);
    project.write("content/registers/roles.yaml", common::ROLES);
    preview.wait_for("/auditor/", |page| page.status == 200);
    let gone = preview.get("/auditor/%3Cscript%3Ealert(1)%3C%2fscript%3E.html");
    assert_eq!(gone.status, 400);
    let gone = preview.get("/auditor/%3Cscript%3Ealert(1)%22.html");
    assert_eq!(gone.status, 404);
    assert!(!gone.text().contains("<script>alert") && gone.text().contains("&lt;script&gt;"), "{}", gone.text());
}

#[test]
fn the_script_of_the_preview_sets_all_that_it_is_told_as_text() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    let script = preview.get("/.annexa/preview.js").text();
    assert!(script.contains("textContent"));
    for danger in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser", "srcdoc"] {
        assert!(!script.contains(danger), "{danger}");
    }
    project.write("content/policies/pol-001.md", document("POL-001", "").replace("title:", "\"<img src=x>\\ndata: {}\": x\ntitle:"));
    let told = preview.wait_told(|told| told["broken"] == true);
    assert!(told["findings"][0]["message"].as_str().unwrap().contains("<img src=x>"), "{told}");
}

#[test]
fn each_audience_has_its_own_pages_and_the_first_one_is_as_asked() {
    let project = Project::sound();
    let preview = Preview::for_audience(&project, Some("public"));
    let top = preview.get("/");
    assert_eq!(top.status, 302);
    assert!(top.head.contains("Location: /public/\r\n"), "{}", top.head);
    assert_eq!(preview.get("/public/").status, 200);
    assert_eq!(preview.get("/public/documents/pol-001.html").status, 404, "an internal document");
    assert_eq!(preview.get("/internal/documents/pol-001.html").status, 200);
    assert_eq!(preview.get("/nobody/index.html").status, 404);
    assert!(preview.get("/public").head.contains("Location: /public/\r\n"));
    assert_eq!(preview.told()["audiences"], serde_json::json!(["public", "customer", "internal", "auditor"]));
}

#[test]
fn pages_stay_under_the_policy_of_the_site() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    for target in [PAGE, "/auditor/assets/site.css", "/auditor/nothing.html"] {
        let head = preview.get(target).head;
        let policy =
            head.lines().find_map(|line| line.strip_prefix("Content-Security-Policy: ")).unwrap_or_else(|| panic!("{target}: {head}"));
        assert!(policy.contains("default-src 'none'; style-src 'self'; script-src 'self';"), "{policy}");
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"), "{policy}");
        for field in ["X-Content-Type-Options: nosniff", "Cross-Origin-Resource-Policy: same-origin", "Cache-Control: no-store"] {
            assert!(head.contains(field), "{field} in {head}");
        }
    }
}

#[test]
fn no_address_reaches_a_file_that_is_not_of_the_output() {
    let project = Project::sound();
    project.write("content/assets/secret.txt", "secret words");
    project.write("dist/left.html", "secret words");
    fs::write(project.beside("outside.html"), "secret words").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(project.beside("outside.html"), project.path("content/assets/link.html")).unwrap();
    let preview = Preview::of(&project);
    for target in [
        "/annexa.yaml",
        "/auditor/annexa.yaml",
        "/auditor/content/assets/secret.txt",
        "/auditor/files/assets/secret.txt",
        "/auditor/files/assets/link.html",
        "/auditor/../outside.html",
        "/auditor/../../outside.html",
        "/auditor/%2e%2e/outside.html",
        "/auditor/..%2f..%2foutside.html",
        "/auditor/..%5coutside.html",
        "/auditor//etc/passwd",
        "//etc/passwd",
        "/auditor/%2fetc%2fpasswd",
        "/auditor/index.html%00.txt",
        "/dist/left.html",
        "/auditor/left.html",
        "/.annexa/../annexa.yaml",
        "/.annexa/preview.js/",
        "/.annexa/",
        "/auditor/documents/",
        "/auditor/documents",
        "/AUDITOR/index.html",
        "/auditor/INDEX.HTML",
    ] {
        let answer = preview.get(target);
        assert!(matches!(answer.status, 400 | 404), "{target}: {}", answer.head);
        assert!(!answer.text().contains("secret words") && !answer.text().contains("root:"), "{target}");
    }
}

#[test]
fn a_name_that_somebody_else_gave_this_machine_is_refused() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    let port = preview.host().rsplit_once(':').unwrap().1.to_owned();
    let with_host = |host: &str| preview.send(format!("GET {PAGE} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes());
    assert_eq!(with_host(&format!("localhost:{port}")).status, 200);
    for host in ["rebound.example", &format!("rebound.example:{port}"), &format!("localhost.example:{port}"), "127.0.0.1", ""] {
        let answer = with_host(host);
        assert_eq!(answer.status, 421, "{host}");
        assert!(!answer.text().contains("POL-001"), "{host}");
    }
    assert_eq!(preview.send(format!("GET {PAGE} HTTP/1.1\r\n\r\n").as_bytes()).status, 400);
    assert_eq!(preview.send(format!("GET http://rebound.example{PAGE} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n").as_bytes()).status, 400);
    let embedded = format!(
        "GET /auditor/assets/search.js HTTP/1.1\r\nHost: localhost:{port}\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n\r\n"
    );
    assert_eq!(preview.send(embedded.as_bytes()).status, 403);
}

#[test]
fn pages_are_read_and_nothing_else() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    let before = files(project.root());
    let ask = |method: &str| preview.send(format!("{method} {PAGE} HTTP/1.1\r\nHost: {}\r\n\r\n", preview.host()).as_bytes());
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "CONNECT"] {
        assert_eq!(ask(method).status, 405, "{method}");
    }
    let head = ask("HEAD");
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert!(head.head.contains(&format!("Content-Length: {}", preview.get(PAGE).body.len())), "{}", head.head);
    assert!(files(project.root()) == before, "a preview writes nothing");
}

#[test]
fn whoever_asks_too_much_or_never_reads_keeps_nobody_else_waiting() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    // Some say nothing, some never end, some ask and do not read.
    let silent: Vec<_> = (0..10).map(|_| preview.connect()).collect();
    let says = |words: String| {
        let mut stream = preview.connect();
        stream.write_all(words.as_bytes()).unwrap();
        stream
    };
    let asks = |target: &str| says(format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", preview.host()));
    let endless: Vec<_> = (0..10).map(|_| says("GET / HTTP/1.1\r\nHost: ".into())).collect();
    let deaf: Vec<_> = (0..5).flat_map(|_| [asks("/.annexa/events"), asks("/auditor/assets/site.css")]).collect();
    assert_eq!(preview.get(PAGE).status, 200);
    project.write("content/policies/pol-001.md", document("POL-001", "Still followed."));
    preview.wait_for(PAGE, |page| page.text().contains("Still followed."));
    drop((silent, endless, deaf));

    let long = format!("GET {PAGE} HTTP/1.1\r\nHost: {}\r\nX: {}\r\n\r\n", preview.host(), "x".repeat(1 << 20));
    assert!(matches!(preview.send(long.as_bytes()).status, 0 | 431));
    let crowd: Vec<_> = (0..200).map(|_| preview.connect()).collect();
    drop(crowd);
    preview.wait_for(PAGE, |page| page.status == 200);
    for noise in [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"[..], b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n", b"\r\n\r\n\r\n\r\n "] {
        assert!(matches!(preview.send(noise).status, 0 | 400 | 408), "{noise:?}");
    }
}

#[test]
fn two_previews_of_one_project_do_not_mind_each_other() {
    let project = Project::sound();
    let (one, other) = (Preview::of(&project), Preview::for_audience(&project, Some("internal")));
    project.write("content/policies/pol-001.md", document("POL-001", "Seen by both."));
    for preview in [&one, &other] {
        preview.wait_for(PAGE, |page| page.text().contains("Seen by both."));
    }
}

#[test]
fn a_preview_that_ends_lets_its_port_go() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    let host = preview.host();
    let mut listener = Listener::of(&preview);
    listener.next();
    drop(preview);
    let begun = std::time::Instant::now();
    while TcpListener::bind(&host).is_err() {
        assert!(begun.elapsed().as_secs() < 60, "{host} is still held");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[cfg(feature = "pdf")]
#[test]
fn the_pdf_of_what_is_being_read_is_set_when_it_is_asked_for() {
    let project = Project::sound();
    let preview = Preview::of(&project);
    let page = preview.get(PAGE).text();
    let address = page.rsplit_once("data-pdf=\"").unwrap().1.split('"').next().unwrap().replace("&#x2F;", "/");
    assert_eq!(address, "/.annexa/pdf/auditor/documents/pol-001.pdf");
    for _ in 0..2 {
        let pdf = preview.get(&address);
        assert_eq!(pdf.status, 200, "{}", pdf.text());
        assert!(pdf.head.contains("Content-Type: application/pdf") && pdf.body.starts_with(b"%PDF-"));
    }
    assert!(!preview.get("/auditor/registers/roles.html").text().contains("data-pdf"), "there is no PDF of a register alone");
    assert_eq!(preview.get("/.annexa/pdf/public/documents/pol-001.pdf").status, 404, "an internal document");
}

#[test]
fn the_command_says_where_it_serves_and_ends_when_it_is_told_to() {
    let project = Project::sound();
    let mut running = annexa(project.root()).args(["serve", "--port", "0", "--today", TODAY]).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(running.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
    let address = said.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_else(|| panic!("{said}")).to_owned();
    let mut stream = std::net::TcpStream::connect(&address).unwrap();
    write!(stream, "GET {PAGE} HTTP/1.1\r\nHost: {address}\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    assert!(page.contains("Title of POL-001"), "{page}");
    assert!(Command::new("kill").args(["-TERM", &running.id().to_string()]).status().unwrap().success());
    assert_eq!(running.wait().unwrap().code(), Some(0));
}

/// Runs `annexa serve --open` with these programs and no others to be found; gives what it says first, and how it ended.
#[cfg(target_os = "linux")]
fn opened(programs: &std::path::Path, until: impl Fn() -> bool) -> (String, String) {
    let project = Project::sound();
    let mut command = annexa(project.root());
    command.args(["serve", "--port", "0", "--today", TODAY, "--open"]).env("PATH", programs);
    let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(running.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
    let begun = std::time::Instant::now();
    while !until() && begun.elapsed().as_secs() < 30 {
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    // It serves on, whether there was a browser or not.
    let address = said.split("http://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or_else(|| panic!("{said}"));
    assert!(std::net::TcpStream::connect(address).is_ok());
    assert!(Command::new("kill").args(["-TERM", &running.id().to_string()]).status().unwrap().success());
    let ended = running.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(0));
    (said, String::from_utf8(ended.stderr).unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn the_browser_is_opened_at_the_address_where_that_is_asked_for() {
    use std::os::unix::fs::PermissionsExt;
    let programs = tempfile::tempdir().unwrap();
    let (browser, asked) = (programs.path().join("xdg-open"), programs.path().join("asked"));
    fs::write(&browser, format!("#!/bin/sh\necho \"$1\" > '{0}.new' && /bin/mv '{0}.new' '{0}'\n", asked.display())).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();
    let (said, err) = opened(programs.path(), || asked.exists());
    let asked = fs::read_to_string(&asked).unwrap();
    assert!(asked.starts_with("http://127.0.0.1:") && said.contains(asked.trim()), "{said}{asked}");
    assert_eq!(err, "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_machine_without_a_browser_serves_all_the_same() {
    let none = tempfile::tempdir().unwrap();
    let waited = std::time::Instant::now();
    let (_, err) = opened(none.path(), || waited.elapsed().as_millis() > 1500);
    assert!(err.starts_with("No browser could be opened (") && err.ends_with("; open the address in one.\n"), "{err}");
}

#[test]
fn a_port_that_is_in_use_is_told_with_what_to_do() {
    let project = Project::sound();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ran = project.run("serve", &["--port", &port]);
    assert_eq!(ran.status, Some(2));
    insta::assert_snapshot!(ran.err.replace(&port, "PORT"), @"annexa: port PORT is in use, perhaps by another `annexa serve`; name another one, or none, and a free one is taken");
    let ran = project.run("serve", &["--audience", "nobody"]);
    assert_eq!(ran.status, Some(2));
    insta::assert_snapshot!(ran.err, @"annexa: there is no audience `nobody`; there are `public`, `customer`, `internal` and `auditor`");
    let ran = common::run(project.root(), ["serve", "nowhere"]);
    assert_eq!(ran.status, Some(2));
    insta::assert_snapshot!(ran.err, @"annexa: there is no folder `nowhere`; name the folder that holds annexa.yaml");
}
