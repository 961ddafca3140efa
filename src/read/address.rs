//! Addresses in settings: of the web and of mail.

/// Longest address that is read; browsers and mail servers take no more (RFC 5321, 4.5.3.1, has 254 for a mailbox).
const LONGEST: usize = 2000;

/// Whether a text is an address on the web that may be published: `http` or `https`, a host, and no character that a URL has to encode
/// (RFC 3986, 2).
pub(super) fn is_web(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port)));
    let good_port = port.is_none_or(|port| port.parse::<u16>().is_ok());
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}'));
    plain && good_port && is_host(host) && text.len() <= LONGEST
}

/// Whether a text is a mailbox as people write it: `security@example.com` (RFC 5321, 4.1.2, without quoted forms).
pub(super) fn is_mail(text: &str) -> bool {
    let Some((local, host)) = text.split_once('@') else { return false };
    // The rest of what RFC 5321 allows would have to be encoded in a link, and is nobody's mailbox.
    let of_local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '=' | '~');
    let good = !local.is_empty() && local.len() <= 64 && local.chars().all(of_local) && !local.split('.').any(str::is_empty);
    good && is_host(host) && host.contains('.') && text.len() <= 254
}

/// Names of hosts (RFC 1123, 2.1), and addresses in figures.
fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        let inner = label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        !label.is_empty() && label.len() <= 63 && inner && !label.starts_with('-') && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_on_the_web_have_a_scheme_and_a_host() {
        for text in ["https://a.example", "http://localhost:8080/x?y#z", "https://a-b.example/(c)/~d%20e"] {
            assert!(is_web(text), "{text}");
        }
        for text in [
            "a.example",
            "https://",
            "https:///x",
            "javascript:alert(1)",
            "https://a.example/\"x",
            "https://a b",
            "https://ä.example",
            "https://-a.example",
            "https://a.example:x",
        ] {
            assert!(!is_web(text), "{text}");
        }
    }

    #[test]
    fn mailboxes_have_one_at_and_a_domain() {
        for text in ["security@tarnwick.example", "a.b+c@d-e.example"] {
            assert!(is_mail(text), "{text}");
        }
        for text in [
            "security",
            "a@b",
            "a@@b.example",
            "a b@c.example",
            ".a@b.example",
            "a@b.example?cc=x@y.example",
            "a@b.example\nx",
            "<a@b.example>",
            "",
        ] {
            assert!(!is_mail(text), "{text:?}");
        }
    }
}
