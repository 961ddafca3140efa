//! The key that signs: from a file, its passphrase asked at a terminal, or one that ssh-agent holds.
#![allow(clippy::disallowed_methods)] // law 1: cli reads keys and the environment

use std::io::IsTerminal;
use std::path::Path;

use jiff::civil::Date;
use ssh_key::{HashAlg, PrivateKey, PublicKey};

use super::CouldNotRun;
use super::agent::Agent;
use super::load::Loaded;
use crate::base::id::ItemId;
use crate::base::source::read_file;
use crate::history::approval::Ledger;
use crate::history::approval::signature::{self, MANIFEST_NAMESPACE, NAMESPACE, Signers};
use crate::read::approval::SIGNERS;

/// Largest file that is read for a key, in bytes.
const LARGEST: u64 = 64 << 10;
/// What `--sign` says for a key that ssh-agent holds.
const AGENT: &str = "agent";

/// What signs.
pub(super) enum Signing {
    /// A private key.
    Key(Box<PrivateKey>),
    /// A key that an agent holds.
    Agent(Agent, Box<PublicKey>),
}

impl Signing {
    /// The key to sign with, which must be one that counts for the role on the day.
    pub(super) fn find(file: Option<&Path>, ledger: &Ledger, loaded: &Loaded, role: &ItemId, date: Date) -> Result<Self, CouldNotRun> {
        let has_list = loaded.sources.find(SIGNERS).is_some();
        let allow = |key: &PublicKey| ledger.signers.allow(key, role.as_str(), NAMESPACE, date);
        let signing = match file {
            Some(file) => Signing::from_file(file)?,
            None => {
                let mut agent = Agent::connect().ok_or_else(|| {
                    CouldNotRun("no key is named and no ssh-agent answers; name one with --key FILE, or record with --unsigned".into())
                })?;
                let keys = agent.keys()?;
                match keys.into_iter().find(|key| has_list && signature::is_read(key) && allow(key).is_ok()) {
                    Some(key) => Signing::Agent(agent, Box::new(key)),
                    None if has_list => {
                        return Err(CouldNotRun(format!(
                            "ssh-agent holds no key that {SIGNERS} lists for `{role}`; name one with --key FILE, or add it there"
                        )));
                    }
                    None => {
                        return Err(CouldNotRun(format!(
                            "there is no {SIGNERS} that says which key is `{role}`'s; name one with --key FILE"
                        )));
                    }
                }
            }
        };
        let key = signing.public();
        readable(key)?;
        let line = || format!("{role} namespaces=\"{NAMESPACE}\" {}", bare(key));
        match allow(key) {
            _ if !has_list => Err(CouldNotRun(format!(
                "there is no {SIGNERS}, by which others check the signature; make it with this line, if the key is theirs, and have it reviewed:\n{}",
                line()
            ))),
            Err(why) => Err(CouldNotRun(format!(
                "the key {} {why} in {SIGNERS}; if it is theirs, have this line added there:\n{}",
                key.fingerprint(HashAlg::Sha256),
                line()
            ))),
            Ok(()) => Ok(signing),
        }
    }

    /// The key to sign manifests with: that of a file, or for `agent` the one that an agent holds and `signers` lists for them. Who checks the signature
    /// may have another list, so that the key need not be in this one.
    pub(super) fn for_manifests(name: &Path, signers: &Signers, date: Date) -> Result<Self, CouldNotRun> {
        if name != Path::new(AGENT) {
            let signing = Signing::from_file(name)?;
            readable(signing.public())?;
            return Ok(signing);
        }
        let mut agent =
            Agent::connect().ok_or_else(|| CouldNotRun("no ssh-agent answers (SSH_AUTH_SOCK); name a key with --sign FILE".into()))?;
        let keys = agent.keys()?;
        match keys.into_iter().find(|key| signature::is_read(key) && signers.signer(key, MANIFEST_NAMESPACE, date).is_ok()) {
            Some(key) => Ok(Signing::Agent(agent, Box::new(key))),
            None => Err(CouldNotRun(format!(
                "ssh-agent holds no key that {SIGNERS} lists for the namespace `{MANIFEST_NAMESPACE}`; name one with --sign FILE.pub, or add it there"
            ))),
        }
    }

    fn from_file(file: &Path) -> Result<Self, CouldNotRun> {
        let bytes = read_file(file, LARGEST).map_err(CouldNotRun)?;
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(key) = PublicKey::from_openssh(text.trim()) {
            let agent = Agent::connect().ok_or_else(|| {
                CouldNotRun(format!("`{}` is a public key, and no ssh-agent answers that could hold the private one", file.display()))
            })?;
            return Ok(Signing::Agent(agent, Box::new(key)));
        }
        let key = PrivateKey::from_openssh(text.replace("\r\n", "\n").as_bytes()).map_err(|error| {
            let help = "name a private key in OpenSSH's format, Ed25519 or ECDSA; `ssh-keygen -t ed25519` makes one";
            CouldNotRun(format!("`{}` is no key that can be read ({error}); {help}", file.display()))
        })?;
        if !key.is_encrypted() {
            return Ok(Signing::Key(Box::new(key)));
        }
        if !std::io::stdin().is_terminal() {
            return Err(CouldNotRun(format!(
                "the key `{}` has a passphrase, which is asked at a terminal only; add the key to ssh-agent and name its public key",
                file.display()
            )));
        }
        let passphrase = rpassword::prompt_password(format!("Passphrase of {}: ", file.display()))?;
        match key.decrypt(passphrase.as_bytes()) {
            Ok(key) => Ok(Signing::Key(Box::new(key))),
            Err(_) => Err(CouldNotRun(format!("this is not the passphrase of `{}`", file.display()))),
        }
    }

    /// The key by which others check what is signed.
    pub(super) fn public(&self) -> &PublicKey {
        match self {
            Signing::Key(key) => key.public_key(),
            Signing::Agent(_, key) => key,
        }
    }

    /// Signs, and sees that the signature fits.
    pub(super) fn sign(&mut self, namespace: &str, message: &[u8]) -> Result<String, CouldNotRun> {
        let failed = |error: ssh_key::Error| CouldNotRun(format!("the key cannot sign: {error}; use one of Ed25519 or ECDSA"));
        let signature = match self {
            Signing::Key(key) => signature::sign(key, namespace, message).map_err(failed)?,
            Signing::Agent(agent, key) => {
                let answer = agent.sign(key, &signature::to_sign(namespace, message).map_err(failed)?)?;
                signature::from_agent(key, namespace, &answer).map_err(failed)?
            }
        };
        signature::verify(namespace, message, signature.as_bytes())
            .map_err(|why| CouldNotRun(format!("the signature that was made {why}; nothing was written")))?;
        Ok(signature)
    }
}

/// Refuses keys whose signatures could not be checked.
fn readable(key: &PublicKey) -> Result<(), CouldNotRun> {
    if signature::is_read(key) {
        return Ok(());
    }
    Err(CouldNotRun(format!("keys that sign are of Ed25519 or ECDSA (P-256, P-384), and this is one of {}", key.algorithm())))
}

/// A public key without its comment, which may name a person.
pub(super) fn bare(key: &PublicKey) -> String {
    let mut key = key.clone();
    key.set_comment("");
    key.to_openssh().unwrap_or_default().trim().to_owned()
}
