//! Parameters of OSCAL, inserted into prose as NIST prints them: `[organization-defined frequency]`, `[Selection (one or more): a; b]`.

use std::collections::BTreeMap;

use super::json::At;

/// How many parameters may stand in one another.
const MAX_DEPTH: usize = 6;
/// How many parameters one prose may hold in all: each may hold several others.
const MOST: usize = 200;

/// The parameters of a catalogue by their ids.
#[derive(Default)]
pub(super) struct Params<'a>(BTreeMap<&'a str, At<'a>>);

impl<'a> Params<'a> {
    pub(super) fn add(&mut self, of: &At<'a>) {
        for param in of.items("params") {
            if let Some(id) = param.text("id") {
                self.0.insert(id, param);
            }
        }
    }

    /// The prose with every `{{ insert: param, id }}` replaced; the ids that name none.
    pub(super) fn inserted(&self, prose: &str) -> (String, Vec<String>) {
        let mut unknown = Vec::new();
        let text = self.insert(prose, 0, &mut MOST.clone(), &mut unknown);
        (text, unknown)
    }

    fn insert(&self, prose: &str, depth: usize, left: &mut usize, unknown: &mut Vec<String>) -> String {
        let mut out = String::new();
        let mut rest = prose;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((inside, next)) = after.split_once("}}") else { break };
            out.push_str(before);
            match parameter(inside) {
                Some(id) => out.push_str(&self.words(id, depth, left, unknown)),
                None => out.push_str(&format!("{{{{{inside}}}}}")),
            }
            rest = next;
        }
        out.push_str(rest);
        out
    }

    /// What a parameter reads as: its value, else its choices, else its label.
    fn words(&self, id: &str, depth: usize, left: &mut usize, unknown: &mut Vec<String>) -> String {
        let Some(param) = self.0.get(id) else {
            unknown.push(id.to_owned());
            return format!("[{id}]");
        };
        if depth >= MAX_DEPTH || *left == 0 {
            return "[...]".into();
        }
        *left -= 1;
        let values: Vec<&str> =
            param.value.get("values").and_then(|v| v.as_array()).into_iter().flatten().filter_map(|v| v.as_str()).collect();
        if !values.is_empty() {
            return values.join("; ");
        }
        if let Some(select) = param.get("select") {
            let choices =
                select.value.get("choice").and_then(|choices| choices.as_array()).into_iter().flatten().filter_map(|v| v.as_str());
            let choices: Vec<String> = choices.map(|choice| self.insert(choice, depth + 1, left, unknown).trim().to_owned()).collect();
            let how_many = if select.text("how-many") == Some("one-or-more") { " (one or more)" } else { "" };
            return format!("[Selection{how_many}: {}]", choices.join("; "));
        }
        match param.text("label").map(str::trim).filter(|label| !label.is_empty()) {
            Some(label) if label.to_lowercase().contains("organization-defined") => format!("[{label}]"),
            Some(label) => format!("[organization-defined {label}]"),
            None => "[organization-defined value]".into(),
        }
    }
}

/// The id that an insertion names: `insert: param, ac-1_prm_1`, in older files `ac-1_prm_1` alone.
fn parameter(inside: &str) -> Option<&str> {
    let inside = inside.trim();
    match inside.split_once(':') {
        Some((word, rest)) if word.trim() == "insert" => {
            rest.split_once(',').filter(|(kind, _)| kind.trim() == "param").map(|(_, id)| id.trim())
        }
        Some(_) => None,
        None => (!inside.contains(char::is_whitespace) && !inside.is_empty()).then_some(inside),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parameters_read_as_nist_prints_them() {
        let control = json!({"params": [
            {"id": "a", "label": "organization-defined frequency"},
            {"id": "b", "label": "personnel"},
            {"id": "c", "select": {"how-many": "one-or-more", "choice": ["stop", " after {{ insert: param, a }} "]}},
            {"id": "d", "values": ["30 days"]},
            {"id": "e", "select": {"choice": ["{{ insert: param, e }}"]}},
        ]});
        let mut params = Params::default();
        params.add(&At::new(&control, "c"));
        let read = |prose: &str| params.inserted(prose).0;
        assert_eq!(
            read("Review {{ insert: param, a }} by {{ b }}."),
            "Review [organization-defined frequency] by [organization-defined personnel]."
        );
        assert_eq!(read("{{ insert: param, c }}"), "[Selection (one or more): stop; after [organization-defined frequency]]");
        assert_eq!(read("{{insert: param,d}} and {{ other words }} and {{ open"), "30 days and {{ other words }} and {{ open");
        assert!(read("{{ e }}").contains("[...]"), "a parameter that holds itself ends");
        assert_eq!(params.inserted("{{ nothing }}").1, ["nothing"]);
    }

    #[test]
    fn parameters_that_multiply_stay_small() {
        let many: Vec<_> =
            (0..9).map(|n| json!({"id": format!("p{n}"), "select": {"choice": vec![format!("{{{{ p{} }}}}", n + 1); 60]}})).collect();
        let control = json!({"params": many});
        let mut params = Params::default();
        params.add(&At::new(&control, "c"));
        assert!(params.inserted("{{ p0 }}").0.len() < 100_000);
    }
}
