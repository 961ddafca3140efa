//! ssh-agent (RFC draft-miller-ssh-agent), as far as signing needs it: which keys it holds, and a signature by one of them.
#![allow(clippy::disallowed_methods)] // law 1: cli reads the environment

use std::io::{self, Read, Write};
use std::time::Duration;

use ssh_key::PublicKey;

use super::CouldNotRun;

const REQUEST_IDENTITIES: u8 = 11;
const IDENTITIES_ANSWER: u8 = 12;
const SIGN_REQUEST: u8 = 13;
const SIGN_RESPONSE: u8 = 14;

/// Largest answer that is read, in bytes: what OpenSSH itself allows.
const LARGEST: u32 = 256 << 10;

/// A connection to an agent.
pub(super) struct Agent {
    #[cfg(unix)]
    stream: std::os::unix::net::UnixStream,
}

#[cfg(unix)]
impl Agent {
    /// Connects to the agent of SSH_AUTH_SOCK.
    pub(super) fn connect() -> Option<Self> {
        let stream = std::os::unix::net::UnixStream::connect(std::env::var_os("SSH_AUTH_SOCK")?).ok()?;
        // A key that asks for a touch takes its time; an agent that is dead answers never.
        stream.set_read_timeout(Some(Duration::from_secs(120))).ok()?;
        Some(Agent { stream })
    }

    fn ask(&mut self, request: &[u8], expected: u8) -> io::Result<Vec<u8>> {
        let length = u32::try_from(request.len()).map_err(io::Error::other)?;
        self.stream.write_all(&length.to_be_bytes())?;
        self.stream.write_all(request)?;
        let mut length = [0; 4];
        self.stream.read_exact(&mut length)?;
        let length = u32::from_be_bytes(length);
        if length == 0 || length > LARGEST {
            return Err(io::Error::other("an answer of an impossible length"));
        }
        let mut answer = vec![0; length as usize];
        self.stream.read_exact(&mut answer)?;
        if answer.remove(0) == expected { Ok(answer) } else { Err(io::Error::other("it refuses")) }
    }
}

#[cfg(not(unix))]
impl Agent {
    /// There is no agent that is spoken to on this system.
    pub(super) fn connect() -> Option<Self> {
        None
    }

    fn ask(&mut self, _: &[u8], _: u8) -> io::Result<Vec<u8>> {
        Err(io::Error::other("it is not spoken to on this system"))
    }
}

impl Agent {
    /// The public keys that it holds, of the kinds that can be read.
    pub(super) fn keys(&mut self) -> Result<Vec<PublicKey>, CouldNotRun> {
        let answer = self.ask(&[REQUEST_IDENTITIES], IDENTITIES_ANSWER).map_err(|error| failed(&error))?;
        let mut rest = answer.get(4..).unwrap_or_default();
        let mut keys = Vec::new();
        while let Some(key) = string(&mut rest) {
            keys.extend(PublicKey::from_bytes(key).ok());
            string(&mut rest);
        }
        Ok(keys)
    }

    /// A signature by one of its keys, as a blob of RFC 4253, 6.6.
    pub(super) fn sign(&mut self, key: &PublicKey, data: &[u8]) -> Result<Vec<u8>, CouldNotRun> {
        let mut request = vec![SIGN_REQUEST];
        let blob = key.to_bytes().map_err(|error| CouldNotRun(format!("the public key cannot be written: {error}")))?;
        for part in [blob.as_slice(), data] {
            request.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            request.extend(part);
        }
        request.extend(0_u32.to_be_bytes());
        let answer = self.ask(&request, SIGN_RESPONSE).map_err(|error| failed(&error))?;
        let mut rest = answer.as_slice();
        string(&mut rest).map(<[u8]>::to_vec).ok_or_else(|| CouldNotRun("ssh-agent gave an answer that is no signature".into()))
    }
}

fn failed(error: &io::Error) -> CouldNotRun {
    CouldNotRun(format!("ssh-agent does not sign: {error}"))
}

/// The next string (RFC 4251, 5), and what follows it.
fn string<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    let (text, after) = after.split_at_checked(u32::from_be_bytes(*length) as usize)?;
    *rest = after;
    Some(text)
}
