//! SSH signatures (OpenSSH, PROTOCOL.sshsig), and whose key signs for which role (ssh-keygen(1), ALLOWED SIGNERS): what `ssh-keygen -Y verify` checks, checked alike.

use jiff::civil::Date;
use ssh_key::{HashAlg, PrivateKey, PublicKey, SshSig};

use crate::base::word::{Phrase, phrase};

/// What signatures of approvals are for, so that one made for something else never counts: the namespace of `ssh-keygen -Y`.
pub const NAMESPACE: &str = "annexa-approval";
/// What signatures of manifests of outputs are for.
pub const MANIFEST_NAMESPACE: &str = "annexa-manifest";

/// A line of the file of allowed signers.
#[derive(Clone, Debug)]
struct Signer {
    /// Patterns of names: here, roles.
    principals: String,
    /// Patterns of namespaces; all where none are named.
    namespaces: Option<String>,
    /// The first day on which the key counts.
    from: Option<Date>,
    /// The last day.
    until: Option<Date>,
    key: PublicKey,
}

/// Whose key signs for which role.
#[derive(Clone, Debug, Default)]
pub struct Signers {
    signers: Vec<Signer>,
    /// Lines that cannot be used, with why.
    pub faults: Vec<(usize, Phrase)>,
}

impl Signers {
    /// Reads a file of allowed signers. A line that cannot be read allows nobody.
    pub fn read(text: &str) -> Self {
        let mut signers = Signers::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match signer(line) {
                Ok(signer) => signers.signers.push(signer),
                Err(why) => signers.faults.push((number, why)),
            }
        }
        signers
    }

    /// Whether a key signs for a role in a namespace on a day; else why not, in words that go on from "the key".
    pub fn allow(&self, key: &PublicKey, role: &str, namespace: &str, date: Date) -> Result<(), Phrase> {
        let mut known: Vec<&Signer> = self.signers.iter().filter(|signer| signer.key.key_data() == key.key_data()).collect();
        if known.is_empty() {
            return Err(phrase!("is listed for no role"));
        }
        known.retain(|signer| fits_list(&signer.principals, role));
        if known.is_empty() {
            return Err(phrase!("is not listed for the role `{role}`", role = role));
        }
        known.retain(|signer| signer.namespaces.as_deref().is_none_or(|namespaces| fits_list(namespaces, namespace)));
        if known.is_empty() {
            return Err(other_namespaces(namespace));
        }
        known.retain(|signer| signer.from.is_none_or(|from| from <= date) && signer.until.is_none_or(|until| date <= until));
        if known.is_empty() { Err(other_days(date)) } else { Ok(()) }
    }
}

impl Signers {
    /// As whom a key signs in a namespace on a day: the principals of its line. Else why it does not, in words that go on from "the key".
    ///
    /// # Errors
    /// A key that is not listed, or for other namespaces or days.
    pub fn signer(&self, key: &PublicKey, namespace: &str, date: Date) -> Result<&str, Phrase> {
        let listed = || self.signers.iter().filter(|signer| signer.key.key_data() == key.key_data());
        if listed().next().is_none() {
            return Err(phrase!("is listed for nobody"));
        }
        let in_namespace = |signer: &&Signer| signer.namespaces.as_deref().is_none_or(|namespaces| fits_list(namespaces, namespace));
        if !listed().any(|signer| in_namespace(&signer)) {
            return Err(other_namespaces(namespace));
        }
        let on_day = |signer: &&Signer| signer.from.is_none_or(|from| from <= date) && signer.until.is_none_or(|until| date <= until);
        let found = listed().filter(in_namespace).find(on_day);
        found.map(|signer| signer.principals.as_str()).ok_or_else(|| other_days(date))
    }
}

fn other_namespaces(namespace: &str) -> Phrase {
    phrase!("is listed for other namespaces than `{name}`", name = namespace)
}

fn other_days(date: Date) -> Phrase {
    phrase!("is listed for other days than {date}", date = date)
}

/// A line: principals, perhaps options, a key's type, the key, perhaps a comment.
fn signer(line: &str) -> Result<Signer, Phrase> {
    let no_key = || phrase!("it has no key");
    let (principals, rest) = word(line).ok_or_else(no_key)?;
    let (mut namespaces, mut from, mut until) = (None, None, None);
    let is_key_type = |text: &str| ["ssh-", "ecdsa-", "sk-"].iter().any(|head| text.starts_with(head));
    let mut key = rest;
    if !is_key_type(rest) {
        let (options, after) = word(rest).ok_or_else(no_key)?;
        key = after;
        for option in split_options(options) {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            let value = value.trim_matches('"');
            match name.to_ascii_lowercase().as_str() {
                "namespaces" => namespaces = Some(value.to_owned()),
                "valid-after" => from = Some(day(value)?),
                "valid-before" => until = Some(day(value)?),
                "cert-authority" => return Err(phrase!("authorities of certificates are not read; list the key itself")),
                _ => return Err(phrase!("it has an option `{name}` that is not known", name = name)),
            }
        }
    }
    let key = PublicKey::from_openssh(key.trim()).map_err(|error| phrase!("its key cannot be read: {error}", error = error.to_string()))?;
    Ok(Signer { principals: principals.trim_matches('"').to_owned(), namespaces, from, until, key })
}

/// The first word of a line, in which quotes hold what they enclose together, and what follows.
fn word(line: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let end = line.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        !quoted && (*c == ' ' || *c == '\t')
    });
    let (end, _) = end?;
    Some((&line[..end], line[end..].trim_start()))
}

fn split_options(options: &str) -> Vec<&str> {
    let mut quoted = false;
    options
        .split(|c| {
            quoted ^= c == '"';
            !quoted && c == ','
        })
        .collect()
}

/// The day of a time of an allowed signer: `YYYYMMDD`, perhaps with a time of day.
fn day(text: &str) -> Result<Date, Phrase> {
    let date = text.get(..8).filter(|_| text.trim_end_matches('Z').chars().all(|c| c.is_ascii_digit()));
    date.and_then(|date| Date::strptime("%Y%m%d", date).ok()).ok_or_else(|| phrase!("`{text}` is no time, as in 20260302", text = text))
}

/// Whether a name fits a list of patterns, as OpenSSH matches them: one has to fit, and none that begins with `!`.
fn fits_list(patterns: &str, name: &str) -> bool {
    let mut fits_one = false;
    for pattern in patterns.split(',') {
        match pattern.strip_prefix('!') {
            Some(pattern) if crate::base::pattern::fits(pattern, name) => return false,
            Some(_) => {}
            None => fits_one |= crate::base::pattern::fits(pattern, name),
        }
    }
    fits_one
}

/// Checks that a signature is one of a message in a namespace, and says by which key.
///
/// # Errors
/// Why it does not fit, in words that go on from "the signature".
pub fn verify(namespace: &str, message: &[u8], signature: &[u8]) -> Result<PublicKey, Phrase> {
    let armoured = String::from_utf8_lossy(signature).replace("\r\n", "\n");
    let read = SshSig::from_pem(armoured.trim()).map_err(|error| phrase!("cannot be read: {error}", error = error.to_string()))?;
    if read.namespace() != namespace {
        return Err(phrase!("is one for `{own}`, not for `{name}`", own = read.namespace(), name = namespace));
    }
    let key = PublicKey::from(read.public_key().clone());
    match key.verify(namespace, message, &read) {
        Ok(()) => Ok(key),
        Err(ssh_key::Error::AlgorithmUnknown | ssh_key::Error::AlgorithmUnsupported { .. }) => {
            let kind = read.algorithm().to_string();
            Err(phrase!("is by a key of a kind that is not read ({kind}); use one of Ed25519 or ECDSA", kind = kind))
        }
        Err(_) => Err(phrase!("does not fit: what was signed has been changed, or was signed by another key")),
    }
}

/// Whether signatures by keys of this kind can be checked: Ed25519 and ECDSA on P-256 and P-384, those of security keys among them.
pub fn is_read(key: &PublicKey) -> bool {
    use ssh_key::{Algorithm, EcdsaCurve};
    matches!(
        key.algorithm(),
        Algorithm::Ed25519
            | Algorithm::SkEd25519
            | Algorithm::SkEcdsaSha2NistP256
            | Algorithm::Ecdsa { curve: EcdsaCurve::NistP256 | EcdsaCurve::NistP384 }
    )
}

/// Signs a message with a private key.
///
/// # Errors
/// A key of a kind that is not supported.
pub fn sign(key: &PrivateKey, namespace: &str, message: &[u8]) -> Result<String, ssh_key::Error> {
    armoured(&key.sign(namespace, HashAlg::Sha512, message)?)
}

/// What a key that only an agent holds has to sign, for [`from_agent`].
///
/// # Errors
/// None that can occur with a namespace.
pub fn to_sign(namespace: &str, message: &[u8]) -> Result<Vec<u8>, ssh_key::Error> {
    SshSig::signed_data(namespace, HashAlg::Sha512, message)
}

/// The signature file of what an agent has signed.
///
/// # Errors
/// An answer that is no signature, or one by a kind of key that is not supported.
pub fn from_agent(key: &PublicKey, namespace: &str, signature: &[u8]) -> Result<String, ssh_key::Error> {
    let signature = ssh_key::Signature::try_from(signature)?;
    armoured(&SshSig::new(key.key_data().clone(), namespace, HashAlg::Sha512, signature)?)
}

fn armoured(signature: &SshSig) -> Result<String, ssh_key::Error> {
    let mut text = signature.to_pem(ssh_key::LineEnding::LF)?;
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB+hwRT2P1r+kKutJ5qZ06QavXiAzv90fI87XQCCAkpV";

    fn key() -> PublicKey {
        PublicKey::from_openssh(KEY).unwrap()
    }

    fn allow(line: &str, role: &str, date: &str) -> Result<(), String> {
        let signers = Signers::read(line);
        assert_eq!(signers.faults, [], "{line}");
        signers.allow(&key(), role, NAMESPACE, date.parse().unwrap()).map_err(|why| why.to_string())
    }

    #[test]
    fn a_key_signs_for_the_roles_and_days_that_its_line_names() {
        let day = "2026-03-02";
        for line in [
            format!("ceo {KEY} somebody@example.com"),
            format!("# a comment\n\nciso,c?o namespaces=\"git,annexa-*\" {KEY}"),
            format!("ceo valid-after=\"20260302\",valid-before=\"20260302235959Z\" {KEY}"),
            format!("\"ceo\"\tnamespaces=\"annexa-approval\" {KEY}"),
        ] {
            assert_eq!(allow(&line, "ceo", day), Ok(()), "{line}");
        }
        let refused = |line: String| allow(&line, "ceo", day).unwrap_err();
        assert_eq!(refused(format!("ciso {KEY}")), "is not listed for the role `ceo`");
        assert_eq!(refused(format!("*,!ceo {KEY}")), "is not listed for the role `ceo`");
        assert_eq!(refused(format!("ceo namespaces=\"git\" {KEY}")), "is listed for other namespaces than `annexa-approval`");
        assert_eq!(refused(format!("ceo valid-after=20260303 {KEY}")), "is listed for other days than 2026-03-02");
        assert_eq!(refused(format!("ceo valid-before=20260301 {KEY}")), "is listed for other days than 2026-03-02");
        assert_eq!(refused(String::new()), "is listed for no role");
    }

    #[test]
    fn lines_that_cannot_be_read_allow_nobody() {
        for line in
            ["ceo", "ceo ssh-ed25519", "ceo ssh-ed25519 AAAA", "ceo magic ssh-ed25519 AAAA", "\"ceo", &format!("ceo cert-authority {KEY}")]
        {
            let signers = Signers::read(line);
            assert_eq!((signers.signers.len(), signers.faults.len()), (0, 1), "{line}");
        }
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        for text in ["", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n", "\u{0}\u{ff}"] {
            assert!(verify(NAMESPACE, b"message", text.as_bytes()).is_err(), "{text}");
        }
    }
}
