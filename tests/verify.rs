//! What was published, held against its manifest, its signature and its sources; statements of provenance; packs for a handover.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, clippy::panic)] // laws 1 and 5 bind the product

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use annexa::base::digest::sha256;
use common::{Project, Ran, SETTINGS, assert_same, document, files, git, run};
use serde_json::Value;
use ssh_key::private::{Ed25519Keypair, PrivateKey};

const POLICY: &str = "content/policies/pol-001.md";

/// A policy that customers see, but for a section, and one that they do not see at all.
fn project() -> Project {
    let open = document("POL-001", "Access ends within a day.\n\n## Inside {classification=confidential}\n\nThe safe is in the cellar.")
        .replace("classification: internal", "classification: public");
    let roles =
        common::ROLES.replace("officer}", "officer, classification: public}").replace("director}", "director, classification: public}");
    Project::new(&[
        ("annexa.yaml", SETTINGS),
        ("content/registers/roles.yaml", &roles),
        (POLICY, &open),
        ("content/policies/pol-002.md", &document("POL-002", "Only for those inside.")),
    ])
}

fn key(seed: u8) -> PrivateKey {
    PrivateKey::from(Ed25519Keypair::from_seed(&[seed; 32]))
}

/// Writes a key beside the project, and gives its path and the line that allows it.
fn with_key(project: &Project, seed: u8) -> (String, String) {
    let path = project.beside(&format!("key{seed}"));
    fs::write(&path, key(seed).to_openssh(ssh_key::LineEnding::LF).unwrap()).unwrap();
    let line = format!("publisher namespaces=\"annexa-manifest\" {}\n", key(seed).public_key().to_openssh().unwrap());
    (path.to_str().unwrap().to_owned(), line)
}

#[track_caller]
fn verify(project: &Project, arguments: &[&str], status: i32) -> String {
    let ran = run(project.root(), ["verify"].iter().chain(arguments));
    assert_eq!(ran.status, Some(status), "{}\n{}", ran.out, ran.err);
    ran.out + &ran.err
}

fn manifest(dist: &Path) -> Value {
    serde_json::from_slice(&fs::read(dist.join("manifest.json")).unwrap()).unwrap()
}

/// Changes a file of an output, and its entry in the manifest with it, as somebody would who wants it to be believed.
fn forge(dist: &Path, path: &str, bytes: &str) {
    let entry = |bytes: &[u8]| format!("\"size\":{},\"sha256\":\"{}\"", bytes.len(), sha256(bytes));
    let before = entry(&fs::read(dist.join(path)).unwrap());
    let text = fs::read_to_string(dist.join("manifest.json")).unwrap();
    assert_eq!(text.matches(&before).count(), 1);
    fs::write(dist.join("manifest.json"), text.replace(&before, &entry(bytes.as_bytes()))).unwrap();
    fs::write(dist.join(path), bytes).unwrap();
}

mod a_manifest {
    use super::*;

    #[test]
    fn says_what_an_output_was_made_from_and_a_lower_one_only_its_view() {
        let project = project();
        let dist = project.build(&["--audience", "all"]);
        let (auditor, public) = (manifest(&dist.join("auditor")), manifest(&dist.join("public")));
        assert_eq!(
            (&auditor["audience"], &auditor["settings"]["pdf"], &auditor["version"]),
            (&"auditor".into(), &false.into(), &env!("CARGO_PKG_VERSION").into())
        );
        let list = fs::read(dist.join("auditor/sources.sha256")).unwrap();
        assert_eq!(auditor["sources"], sha256(&list), "the digest of the sources is that of their list");
        let text = String::from_utf8(list).unwrap();
        let line = format!("{}  {POLICY}\n", sha256(&fs::read(project.path(POLICY)).unwrap()));
        assert!(text.contains(&line) && !text.contains("annexa/"), "{text}");
        assert!(public["view"].as_str().unwrap().len() == 64 && public["view"] != auditor["view"]);
        assert!(public.get("sources").is_none() && !dist.join("public/sources.sha256").exists());
    }

    /// The whole output of a lower audience, manifest and signature and statement of provenance included.
    #[test]
    fn of_a_lower_audience_is_the_same_after_an_edit_of_what_is_withheld() {
        let project = project();
        let (key, _) = with_key(&project, 1);
        let statement = project.beside("provenance.json");
        let build = || {
            let dist = project.build(&["--audience", "public", "--sign", &key, "--provenance", statement.to_str().unwrap()]);
            (files(&dist), fs::read(&statement).unwrap())
        };
        let before = build();
        project.edit(POLICY, "in the cellar", "in the attic");
        project.edit("content/policies/pol-002.md", "Only for those inside", "Rewritten");
        project.write("content/policies/pol-003.md", document("POL-003", "New."));
        let after = build();
        assert_same(&before.0, &after.0);
        assert_eq!(before.1, after.1);
        project.edit(POLICY, "within a day", "within an hour");
        let open = build();
        assert_ne!(manifest_of(&before.0)["view"], manifest_of(&open.0)["view"]);
    }

    fn manifest_of(files: &std::collections::BTreeMap<String, Vec<u8>>) -> Value {
        serde_json::from_slice(&files["manifest.json"]).unwrap()
    }

    #[test]
    fn leaves_out_how_sources_are_written() {
        let project = project();
        let view = || manifest(&project.build(&["--audience", "public"]))["view"].clone();
        let before = view();
        project.edit(POLICY, "Access ends within a day.", "Access *ends*\nwithin\na day.");
        fs::rename(project.path(POLICY), project.path("content/policies/access.md")).unwrap();
        assert_eq!(view(), before);
    }
}

mod a_signature {
    use super::*;

    /// What somebody does who has no Annexa.
    #[cfg(unix)]
    #[test]
    fn is_one_that_ssh_keygen_verifies() {
        if Command::new("ssh-keygen").arg("-?").stderr(Stdio::null()).status().is_err() {
            return;
        }
        let project = project();
        let (key, line) = with_key(&project, 1);
        let dist = project.build(&["--sign", &key]);
        let listed = |name: &str, text: &str| {
            fs::write(project.beside(name), text).unwrap();
            project.beside(name)
        };
        let (own, other) = (listed("signers", &line), listed("others", &with_key(&project, 2).1));
        let keygen = |signers: &Path, namespace: &str| {
            let mut command = Command::new("ssh-keygen");
            command.args(["-Y", "verify", "-I", "publisher", "-n", namespace, "-f"]).arg(signers);
            command.arg("-s").arg(dist.join("manifest.json.sig")).stdin(fs::File::open(dist.join("manifest.json")).unwrap());
            command.output().unwrap().status.success()
        };
        assert!(keygen(&own, "annexa-manifest"));
        assert!(!keygen(&own, "annexa-approval") && !keygen(&other, "annexa-manifest"));
        let signers = own.to_str().unwrap();
        let said = verify(&project, &["dist", "--allowed-signers", signers], 0);
        assert!(said.contains("manifest.json is signed by publisher (SHA256:"), "{said}");

        // One that ssh-keygen made is as good.
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
        fs::remove_file(dist.join("manifest.json.sig")).unwrap();
        let said = verify(&project, &["dist", "--allowed-signers", signers], 1);
        assert!(said.contains("error[manifest-unsigned]"), "{said}");
        let signed = Command::new("ssh-keygen")
            .args(["-q", "-Y", "sign", "-n", "annexa-manifest", "-f", &key])
            .arg(dist.join("manifest.json"))
            .output();
        assert!(signed.unwrap().status.success());
        verify(&project, &["dist", "--allowed-signers", signers], 0);
    }

    #[test]
    fn by_the_key_of_the_projects_own_list_is_known() {
        let project = project();
        let (key, line) = with_key(&project, 1);
        project.write("records/allowed_signers", line);
        project.build(&["--sign", &key]);
        assert!(verify(&project, &["dist"], 0).contains("is signed by publisher"));
        project.build(&[]);
        assert!(!project.path("dist/manifest.json.sig").exists(), "an output that is not signed keeps no signature of before");
        assert!(verify(&project, &["dist"], 0).contains("The manifest is not signed"));
    }

    #[test]
    fn by_a_stranger_is_found_out() {
        let project = project();
        let (_, line) = with_key(&project, 1);
        let (stranger, _) = with_key(&project, 2);
        project.build(&["--sign", &stranger]);
        let said = verify(&project, &["dist"], 0);
        assert!(said.contains("warning[manifest-signer-unknown]") && said.contains("no list says whose it is"), "{said}");
        project.write("records/allowed_signers", line.replace("annexa-manifest", "annexa-approval"));
        let said = verify(&project, &["dist"], 1);
        assert!(said.contains("error[manifest-signer-unknown]") && said.contains("which is listed for nobody"), "{said}");
        let approver = with_key(&project, 2).1.replace("annexa-manifest", "annexa-approval");
        project.write("records/allowed_signers", approver);
        assert!(verify(&project, &["dist"], 1).contains("which is listed for other namespaces than `annexa-manifest`"));
    }

    #[test]
    fn does_not_fit_a_manifest_that_was_changed() {
        let project = project();
        let (key, line) = with_key(&project, 1);
        project.write("records/allowed_signers", line);
        let dist = project.build(&["--sign", &key]);
        forge(&dist, "index.html", "<p>All is well.</p>");
        let said = verify(&project, &["dist"], 1);
        assert!(said.contains("error[manifest-signature-invalid]: the signature of `manifest.json` does not fit"), "{said}");
        assert!(!said.contains("output-changed"), "the forger has thought of that: {said}");
        for other in ["", "no signature", &"x".repeat(2 << 20)] {
            fs::write(dist.join("manifest.json.sig"), other).unwrap();
            assert!(verify(&project, &["dist"], 1).contains("error[manifest-signature-invalid]"));
        }
    }

    #[test]
    fn needs_a_key_that_is_there() {
        let project = project();
        let ran = project.run("build", &["--no-pdf", "--sign", "nowhere"]);
        assert_eq!(ran.status, Some(2), "{}", ran.err);
        assert!(!project.path("dist").exists());
    }

    #[test]
    fn stands_beside_the_manifest_of_every_release() {
        let project = released();
        let (key, line) = with_key(&project, 1);
        fs::write(project.beside("signers"), line).unwrap();
        let signers = project.beside("signers");
        let releases = || assert_eq!(project.run("build", &["--no-pdf", "--releases", "--sign", &key]).status, Some(0));
        releases();
        let before = files(&project.path("dist"));
        assert_eq!(before.keys().filter(|path| path.ends_with("manifest.json.sig")).count(), 4, "v1.0, v2.0, latest and the top");
        let said = verify(&project, &["dist", "--allowed-signers", signers.to_str().unwrap()], 0);
        assert_eq!(said.matches("is signed by publisher").count(), 4, "{said}");
        releases();
        assert_same(&before, &files(&project.path("dist")));
        let ran = project.run("build", &["--no-pdf", "--releases", "--previous", "dist", "--out", "other"]);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        assert!(project.path("other/v1.0/manifest.json.sig").exists(), "a release that is taken over keeps its signature");
    }
}

/// Two releases, and a word changed since.
fn released() -> Project {
    let project = project();
    let day = |day: &str, tag: &str| {
        git(project.root(), day, &["add", "-A"]);
        git(project.root(), day, &["commit", "-q", "--allow-empty", "-m", "On this day"]);
        git(project.root(), day, &["tag", tag]);
    };
    git(project.root(), "2026-01-10", &["init", "-q", "-b", "main"]);
    project.write(".gitignore", "dist\nother\n");
    day("2026-01-10", "v1.0");
    project.edit(POLICY, "within a day", "within an hour");
    day("2026-03-01", "v2.0");
    project
}

mod made_again {
    use super::*;

    #[test]
    fn the_same_sources_give_the_same_bytes() {
        let project = project();
        for audience in ["public", "auditor"] {
            project.build(&["--audience", audience]);
            let said = verify(&project, &["dist", "--project", "."], 0);
            assert!(said.contains("Made again from the sources in `.`: ") && said.contains(" the same bytes."), "{said}");
        }
        assert!(!verify(&project, &["dist"], 0).contains("Made again"), "only where the project is named");
    }

    #[test]
    fn a_page_that_was_changed_with_its_manifest_is_found() {
        let project = project();
        let dist = project.build(&[]);
        forge(&dist, "documents/pol-001.html", "<p>Access never ends.</p>");
        verify(&project, &["dist"], 0);
        let said = verify(&project, &["dist", "--project", "."], 1);
        assert!(said.contains("error[rebuild-differs]: `documents/pol-001.html` is not what these sources give"), "{said}");
        assert!(said.contains("error[rebuild-differs]: `manifest.json` is not what these sources give"), "{said}");
    }

    #[test]
    fn other_sources_are_named_to_those_who_see_them_all() {
        let project = project();
        project.build(&["--audience", "all"]);
        project.edit(POLICY, "in the cellar", "in the attic");
        project.write("content/policies/pol-003.md", document("POL-003", "New."));
        fs::remove_file(project.path("content/policies/pol-002.md")).unwrap();
        let said = verify(&project, &["dist/auditor", "--project", "."], 1);
        let how = format!(
            "error[sources-differ]: the output was made from other sources than the sources in `.`: `{POLICY}` changed, `content/policies/pol-003.md` was added, `content/policies/pol-002.md` is gone"
        );
        assert!(said.contains(&how), "{said}");
        assert!(verify(&project, &["dist/public", "--project", "."], 0).contains("the same bytes"), "the public has seen nothing of it");
        project.edit(POLICY, "within a day", "within an hour");
        assert!(verify(&project, &["dist/public", "--project", "."], 1).contains("what this audience sees has changed"));
    }

    #[test]
    fn another_version_is_compared_by_digests_alone() {
        let project = project();
        let dist = project.build(&[]);
        let text = fs::read_to_string(dist.join("manifest.json")).unwrap();
        fs::write(
            dist.join("manifest.json"),
            text.replace(&format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION")), "\"version\": \"9.9.9\""),
        )
        .unwrap();
        let said = verify(&project, &["dist", "--project", "."], 0);
        assert!(said.contains("warning[not-compared]: the output was not made again: it was made by Annexa 9.9.9"), "{said}");
        assert!(said.contains("by its digest, it was made from the sources in `.`"), "{said}");
        project.edit(POLICY, "within a day", "within an hour");
        assert!(verify(&project, &["dist", "--project", "."], 1).contains("error[sources-differ]"));
    }

    #[test]
    fn a_release_is_made_again_from_its_tag_and_a_moved_tag_is_noticed() {
        let project = released();
        assert_eq!(project.run("build", &["--no-pdf", "--releases", "--next", "--audience", "all"]).status, Some(0));
        for audience in ["auditor", "public"] {
            let said = verify(&project, &[&format!("dist/{audience}"), "--project", "."], 0);
            for folder in
                ["v1.0/Made again from the release v1.0", "v2.0/Made again from the release v2.0", "latest/Made again", "next/Made again"]
            {
                assert!(said.contains(folder), "{folder}: {said}");
            }
        }
        // Within the same day, so that neither name nor day tells.
        git(project.root(), "2026-01-10", &["tag", "-f", "v1.0", "v2.0"]);
        project.edit(POLICY, "within an hour", "at once");
        git(project.root(), "2026-01-10", &["commit", "-qam", "Again"]);
        git(project.root(), "2026-01-10", &["tag", "-f", "v1.0"]);
        let said = verify(&project, &["dist/public", "--project", "."], 1);
        assert!(
            said.contains(
                "error[sources-differ]: v1.0/ was made from other sources than the release v1.0: what this audience sees has changed"
            ),
            "{said}"
        );
        assert!(verify(&project, &["dist/auditor", "--project", "."], 1).contains("the tag leads to another tree"));
    }
}

mod a_hostile_output {
    use super::*;

    fn built() -> (Project, PathBuf) {
        let project = project();
        let dist = project.build(&[]);
        (project, dist)
    }

    #[cfg(unix)]
    #[test]
    fn has_a_link_which_is_not_followed() {
        let (project, dist) = built();
        fs::rename(dist.join("index.html"), project.beside("index.html")).unwrap();
        std::os::unix::fs::symlink(project.beside("index.html"), dist.join("index.html")).unwrap();
        std::os::unix::fs::symlink("/", dist.join("root")).unwrap();
        let said = verify(&project, &["dist"], 1);
        assert!(said.contains("error[output-changed]: `index.html` is a link, and an output has none"), "{said}");
        assert!(said.contains("error[output-changed]: `root` is a link") && !said.contains("output-missing"), "{said}");
    }

    #[cfg(unix)]
    #[test]
    fn has_a_pipe_which_is_not_waited_for() {
        let (project, dist) = built();
        fs::remove_file(dist.join("manifest.json")).unwrap();
        for name in ["manifest.json", "pipe"] {
            assert!(Command::new("mkfifo").arg(dist.join(name)).status().unwrap().success());
        }
        let said = verify(&project, &["dist"], 1);
        assert!(said.contains("`pipe` is no plain file") && said.contains("error[manifest-missing]"), "{said}");
    }

    #[test]
    fn has_a_manifest_of_paths_that_lead_elsewhere() {
        let (project, dist) = built();
        fs::write(project.beside("outside.txt"), "x").unwrap();
        let text = fs::read_to_string(dist.join("manifest.json")).unwrap();
        let entry = |path: &str| format!("{{\"path\":\"{path}\",\"size\":1,\"sha256\":\"{}\"}},\n", sha256(b"x"));
        let paths = ["../../outside.txt", "/etc/passwd", "./index.html", "a//b", "..\\\\..\\\\x", "C:\\\\x", "", "\\u0000"];
        let more: String = paths.iter().map(|path| entry(path)).collect();
        let folders = "\"folders\": [\"..\", \"../isms\", \"/\", \"\", \".\", \"assets/..\"],\n  \"files\": [\n";
        fs::write(dist.join("manifest.json"), text.replace("\"files\": [\n", &format!("{folders}{more}"))).unwrap();
        let said = verify(&project, &["dist"], 1);
        assert_eq!(said.matches("error[output-missing]").count(), paths.len() + 6, "{said}");
        assert!(!said.contains('\u{0}') && !said.contains("output-added"), "{said}");
    }

    #[test]
    fn has_a_manifest_that_is_none() {
        let (project, dist) = built();
        let deep = format!("{{\"generator\": \"annexa\", \"files\": {}", "[".repeat(100_000));
        for text in
            ["", "{", "[]", "{\"generator\": \"annexa\", \"files\": 7}", &deep, "{\"generator\": \"annexa\", \"today\": \"yesterday\"}"]
        {
            fs::write(dist.join("manifest.json"), text).unwrap();
            assert!(verify(&project, &["dist"], 1).contains("error[manifest-missing]"), "{}", &text[..text.len().min(60)]);
        }
        let file = fs::File::create(dist.join("manifest.json")).unwrap();
        file.set_len(65 << 20).unwrap();
        assert!(verify(&project, &["dist"], 1).contains("error[manifest-missing]"), "larger than any manifest");
    }

    #[test]
    fn says_things_to_a_terminal() {
        let (project, dist) = built();
        let text = fs::read_to_string(dist.join("manifest.json")).unwrap();
        let evil = "\\u001b[2J\\u001b]0;x\\u0007";
        fs::write(dist.join("manifest.json"), text.replace("\"audience\": \"auditor\"", &format!("\"audience\": \"{evil}\""))).unwrap();
        for arguments in [&["dist"][..], &["dist", "--project", "."]] {
            assert!(!verify(&project, arguments, 2).contains('\u{1b}'));
        }
    }

    /// What is hidden in a folder that the manifest names is looked at as an output of its own.
    #[test]
    fn hides_a_file_in_a_folder_of_a_release() {
        let project = released();
        assert_eq!(project.run("build", &["--no-pdf", "--releases"]).status, Some(0));
        fs::write(project.path("dist/v1.0/index.html"), "hello").unwrap();
        fs::write(project.path("dist/v2.0/more.html"), "hello").unwrap();
        fs::remove_dir_all(project.path("dist/latest")).unwrap();
        let said = verify(&project, &["dist"], 1);
        assert!(said.contains("error[output-changed]: `index.html` is not as it was written"), "{said}");
        assert!(said.contains("v1.0/index.html") && said.contains("v2.0/more.html"), "{said}");
        assert!(said.contains("error[output-missing]: the folder `latest` is missing, or has no manifest"), "{said}");
    }
}

mod provenance {
    use super::*;

    fn statement(project: &Project, arguments: &[&str]) -> (Value, PathBuf) {
        let file = project.beside("statements/provenance.json");
        let dist = project.build(&[&["--provenance", file.to_str().unwrap()], arguments].concat());
        (serde_json::from_slice(&fs::read(file).unwrap()).unwrap(), dist)
    }

    /// What in-toto's Statement v1 and SLSA's Provenance v1 require.
    #[test]
    fn has_every_field_that_its_formats_require() {
        let project = project();
        let (statement, dist) = statement(&project, &[]);
        assert_eq!(statement["_type"], "https://in-toto.io/Statement/v1");
        assert_eq!(statement["predicateType"], "https://slsa.dev/provenance/v1");
        let subjects = statement["subject"].as_array().unwrap();
        let all = files(&dist);
        assert_eq!(subjects.len(), all.len(), "every file is a subject");
        for subject in subjects {
            let name = subject["name"].as_str().unwrap();
            assert_eq!(subject["digest"]["sha256"], sha256(&all[name]), "{name}");
        }
        let definition = &statement["predicate"]["buildDefinition"];
        let is_uri = |value: &Value| {
            value.as_str().is_some_and(|uri| {
                uri.split_once(':').is_some_and(|(scheme, rest)| scheme.chars().all(|c| c.is_ascii_lowercase()) && !rest.is_empty())
            })
        };
        assert!(is_uri(&definition["buildType"]), "{definition}");
        assert_eq!(definition["externalParameters"], serde_json::json!({"audience": "auditor", "pdf": false, "today": common::TODAY}));
        let inputs = definition["resolvedDependencies"].as_array().unwrap();
        assert!(
            inputs.iter().any(|input| input["name"] == "sources" && input["digest"]["sha256"] == manifest(&dist)["sources"]),
            "{definition}"
        );
        let details = &statement["predicate"]["runDetails"];
        assert!(is_uri(&details["builder"]["id"]), "{details}");
        assert!(details.get("metadata").is_none(), "no clock");
    }

    #[test]
    fn of_a_lower_audience_has_nothing_of_the_sources() {
        let project = project();
        let (statement, dist) = statement(&project, &["--audience", "public"]);
        let inputs = &statement["predicate"]["buildDefinition"]["resolvedDependencies"];
        assert_eq!(*inputs, serde_json::json!([{"name": "view", "digest": {"sha256": manifest(&dist)["view"]}}]));
    }

    #[test]
    fn is_about_one_output_and_lies_beside_it() {
        let project = project();
        let refused = |arguments: &[&str]| -> Ran {
            let ran = project.run("build", &[&["--no-pdf"], arguments].concat());
            assert_eq!(ran.status, Some(2), "{}", ran.out);
            assert!(!project.path("dist").exists());
            ran
        };
        assert!(refused(&["--audience", "all", "--provenance", "p.json"]).err.contains("is about one output"));
        assert!(refused(&["--provenance", "dist/p.json"]).err.contains("cannot lie there itself"));
        refused(&["--releases", "--provenance", "p.json"]);
    }
}

mod a_pack {
    use super::*;

    fn packed(project: &Project, arguments: &[&str]) -> Vec<u8> {
        let out = project.beside("pack.zip");
        let all = [&["pack"], arguments, &["--no-pdf", "--out", out.to_str().unwrap()]].concat();
        let ran = run(project.root(), &all);
        assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
        fs::read(out).unwrap()
    }

    /// Unpacks a zip, and gives the one folder in it.
    fn unpacked(project: &Project, zip: &[u8]) -> PathBuf {
        let to = project.beside("unpacked");
        fs::remove_dir_all(&to).ok();
        zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap().extract(&to).unwrap();
        let mut entries = fs::read_dir(&to).unwrap();
        let folder = entries.next().unwrap().unwrap().path();
        assert!(entries.next().is_none(), "one folder");
        folder
    }

    /// What an auditor does, with and without Annexa.
    #[cfg(unix)]
    #[test]
    fn is_verified_by_sha256sum_by_ssh_keygen_and_by_annexa() {
        let project = released();
        let (key, line) = with_key(&project, 1);
        fs::write(project.beside("signers"), line).unwrap();
        let folder = unpacked(&project, &packed(&project, &["v1.0", "--sign", &key]));
        assert_eq!(folder.file_name().unwrap(), "manual-v1.0-auditor");
        let sums = Command::new("sha256sum").current_dir(&folder).args(["--strict", "-c", "SHA256SUMS"]).output().unwrap();
        assert!(sums.status.success(), "{}", String::from_utf8_lossy(&sums.stderr));
        let listed = String::from_utf8(sums.stdout).unwrap().lines().count();
        assert_eq!(listed + 3, files(&folder).len(), "all but the list, the manifest and its signature");
        let digest = sha256(&fs::read(folder.join("SHA256SUMS")).unwrap());
        assert!(
            fs::read_to_string(folder.join("manifest.json"))
                .unwrap()
                .lines()
                .any(|line| line.contains("SHA256SUMS") && line.contains(&digest))
        );
        let mut command = Command::new("ssh-keygen");
        command.current_dir(&folder).args(["-Y", "verify", "-I", "publisher", "-n", "annexa-manifest", "-s", "manifest.json.sig", "-f"]);
        command.arg(project.beside("signers")).stdin(fs::File::open(folder.join("manifest.json")).unwrap());
        assert!(command.output().unwrap().status.success());
        let said = verify(
            &project,
            &[folder.to_str().unwrap(), "--allowed-signers", project.beside("signers").to_str().unwrap(), "--project", "."],
            0,
        );
        assert!(
            said.contains("signed by publisher") && said.contains("Made again from the release v1.0") && said.contains("the same bytes"),
            "{said}"
        );
        let text = fs::read_to_string(folder.join("VERIFY.txt")).unwrap();
        insta::assert_snapshot!(text);
        assert!(fs::read_to_string(folder.join("verify.html")).unwrap().contains("sha256sum -c SHA256SUMS"));
        assert!(folder.join("registers/roles.csv").exists() && folder.join("sources.sha256").exists());
    }

    #[test]
    fn is_the_same_twice_and_holds_a_release_as_it_was() {
        let project = released();
        let first = packed(&project, &["v1.0"]);
        project.edit(POLICY, "within an hour", "at once");
        assert_eq!(first, packed(&project, &["v1.0"]), "whatever has changed since");
        let page = |folder: &Path| fs::read_to_string(folder.join("documents/pol-001.html")).unwrap();
        assert!(page(&unpacked(&project, &first)).contains("within a day"));
        let now = unpacked(&project, &packed(&project, &["--today", common::TODAY, "--audience", "public"]));
        assert!(page(&now).contains("at once") && !page(&now).contains("cellar"));
        assert_eq!(now.file_name().unwrap(), "manual-2026-06-01-public");
    }

    /// The redline since the last audit, in each audience's words, is made again and compared like all else.
    #[test]
    fn since_the_last_audit_it_tells_what_changed() {
        let project = released();
        let folder = unpacked(&project, &packed(&project, &["v2.0", "--since", "v1.0"]));
        let read = |path: &str| fs::read_to_string(folder.join(path)).unwrap();
        let changes = read("changes/since-v1.0.html");
        assert!(changes.contains("<ins>") && changes.contains("an hour"), "{changes}");
        assert!(read("index.html").contains("<a href=\"changes/since-v1.0.html\">Changes since v1.0</a>"));
        assert_eq!(manifest(&folder)["settings"], serde_json::json!({"pdf": false, "pack": true, "since": "v1.0"}));
        for how in ["VERIFY.txt", "verify.html"] {
            let said = common::html::unescaped(&read(how));
            assert!(said.contains("What changed since v1.0") && said.contains("changes/since-v1.0.html"), "{how}");
        }
        let said = verify(&project, &[folder.to_str().unwrap(), "--project", "."], 0);
        assert!(said.contains("Made again from the release v2.0"), "{said}");
        forge(&folder, "changes/since-v1.0.html", &changes.replace("an hour", "a month"));
        let said = verify(&project, &[folder.to_str().unwrap(), "--project", "."], 1);
        assert!(said.contains("`changes/since-v1.0.html` is not what these sources give"), "{said}");
    }

    /// Nothing lies beside it: what leads to other releases on the versioned site would lead nowhere.
    #[test]
    fn no_link_leads_out_of_it() {
        let project = released();
        for arguments in [&["v2.0", "--since", "v1.0"][..], &["v1.0"], &["--since", "v1.0", "--today", common::TODAY]] {
            let folder = unpacked(&project, &packed(&project, arguments));
            for (path, bytes) in files(&folder).iter().filter(|(path, _)| path.ends_with(".html")) {
                for tag in common::html::tags(&String::from_utf8_lossy(bytes)) {
                    let link = tag.get("href").or(tag.get("src")).unwrap_or_default();
                    let link = link.split(['#', '?']).next().unwrap();
                    if link.is_empty() || link.contains(':') {
                        continue;
                    }
                    let target = folder.join(path).parent().unwrap().join(common::html::percent_decoded(link));
                    let inside = fs::canonicalize(&target).is_ok_and(|real| real.starts_with(fs::canonicalize(&folder).unwrap()));
                    assert!(inside, "{arguments:?}: {path} leads to {link}");
                }
            }
        }
    }

    #[cfg(feature = "pdf")]
    #[test]
    fn its_book_of_changes_is_made_again_too() {
        let project = released();
        let out = project.beside("pack.zip");
        let ran = run(project.root(), ["pack", "v2.0", "--since", "v1.0", "--audience", "public", "--out", out.to_str().unwrap()]);
        assert_eq!(ran.status, Some(0), "{}", ran.err);
        let folder = unpacked(&project, &fs::read(&out).unwrap());
        assert!(fs::read(folder.join("changes-since-v1.0.pdf")).unwrap().starts_with(b"%PDF-1.7"));
        assert!(fs::read_to_string(folder.join("VERIFY.txt")).unwrap().contains("    changes-since-v1.0.pdf\n"));
        assert!(verify(&project, &[folder.to_str().unwrap(), "--project", "."], 0).contains("the same bytes"));
    }

    #[test]
    fn since_a_later_release_is_refused() {
        let project = released();
        for arguments in [["v1.0", "--since", "v2.0"], ["v1.0", "--since", "v1.0"]] {
            let ran = run(project.root(), ["pack", "--no-pdf"].iter().chain(&arguments));
            assert!(ran.status == Some(2) && ran.err.contains("is no earlier release"), "{}", ran.err);
        }
    }

    #[test]
    fn of_what_is_not_there_is_refused() {
        let project = released();
        let refused = |arguments: &[&str]| {
            let ran = run(project.root(), ["pack", "--no-pdf"].iter().chain(arguments));
            assert_eq!(ran.status, Some(2), "{}", ran.out);
            ran.err
        };
        assert!(refused(&["v1.1"]).contains("there is no release `v1.1` (tags named `v*`); did you mean `v1.0`?"));
        assert!(refused(&["v1.0", "--audience", "nobody"]).contains("there is no audience `nobody`"));
        project.write(
            "annexa.yaml",
            format!("{SETTINGS}releases:\n  withdrawn: [{{release: v1.0, date: 2026-05-04, reason: It named a person.}}]\n"),
        );
        assert!(refused(&["v1.0"]).contains("was withdrawn on 2026-05-04: It named a person."));
        project.edit(POLICY, "within an hour", "see [[POL-009]]");
        let ran = project.run("check", &[]);
        let broken = run(project.root(), ["pack", "--no-pdf"]);
        assert_eq!(broken.status, ran.status, "{}", broken.err);
    }
}

#[cfg(feature = "pdf")]
mod a_pdf {
    use super::*;

    fn pdf(project: &Project, arguments: &[&str]) -> String {
        let out = project.beside("manual.pdf");
        let all = [&["pdf"], arguments, &["--today", common::TODAY, "--out", out.to_str().unwrap()]].concat();
        let ran = run(project.root(), &all);
        assert_eq!(ran.status, Some(0), "{}{}", ran.out, ran.err);
        out.to_str().unwrap().to_owned()
    }

    #[test]
    fn is_confirmed_by_its_sources() {
        let project = project();
        for arguments in [&[][..], &["POL-001", "--audience", "public"], &["--controls", "gdpr:32"], &["gdpr"]] {
            let file = pdf(&project, arguments);
            let said = verify(&project, &[&file, "--project", "."], 0);
            assert!(said.contains("manual.pdf: confirmed, made from the sources in `.`"), "{arguments:?}: {said}");
        }
    }

    #[test]
    fn names_the_files_that_have_changed_to_those_who_see_them_all() {
        let project = released();
        let (whole, public) = (pdf(&project, &[]), project.beside("public.pdf"));
        fs::rename(&whole, project.beside("whole.pdf")).unwrap();
        fs::rename(pdf(&project, &["--audience", "public"]), &public).unwrap();
        let (whole, public) = (project.beside("whole.pdf"), public);
        project.edit(POLICY, "in the cellar", "in the attic");
        let said = verify(&project, &[whole.to_str().unwrap()], 1);
        assert!(
            said.contains(&format!(
                "error[sources-differ]: `whole.pdf` was made from other sources than the sources in `.`: `{POLICY}` changed"
            )),
            "{said}"
        );
        assert!(said.contains("it was made from the release v2.0: verify it with --release v2.0"), "{said}");
        assert!(verify(&project, &[public.to_str().unwrap()], 0).contains("confirmed"), "the public has seen nothing of it");
        let bytes = fs::read(&public).unwrap();
        let digest = sha256(&fs::read(project.path(POLICY)).unwrap());
        for secret in ["sources=", "sources.sha256", &digest] {
            assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{secret}");
        }
    }

    #[test]
    fn that_was_changed_afterwards_is_found_out() {
        let project = project();
        let file = pdf(&project, &["POL-001"]);
        let mut bytes = fs::read(&file).unwrap();
        bytes.extend(b"\n% more\n");
        fs::write(&file, &bytes).unwrap();
        let said = verify(&project, &[&file], 1);
        assert!(said.contains("error[rebuild-differs]"), "{said}");
        fs::write(&file, "%PDF-1.7 and nothing").unwrap();
        verify(&project, &[&file], 2);
    }
}
