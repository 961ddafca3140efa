//! JSON with the path to each value, so that what is wrong with it has a place.

use serde_json::Value;

/// A value and its path: `catalog.groups[2].controls[0].title`.
#[derive(Clone)]
pub(super) struct At<'a> {
    pub(super) value: &'a Value,
    pub(super) path: String,
}

impl<'a> At<'a> {
    pub(super) fn new(value: &'a Value, path: &str) -> Self {
        At { value, path: path.to_owned() }
    }

    /// The value of a key, if it is there.
    pub(super) fn get(&self, key: &str) -> Option<At<'a>> {
        self.value.get(key).map(|value| At { value, path: format!("{}.{key}", self.path) })
    }

    /// The text of a key; nothing where it is missing or no text.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// The items of a list; none where it is missing or no list.
    pub(super) fn items(&self, key: &str) -> impl Iterator<Item = At<'a>> + use<'a> {
        let path = format!("{}.{key}", self.path);
        let items = self.value.get(key).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        items.iter().enumerate().map(move |(index, value)| At { value, path: format!("{path}[{index}]") })
    }

    /// The value of a property: `props: [{name, value}]`, the one without a class before others.
    pub(super) fn property(&self, name: &str) -> Option<&'a str> {
        // NIST writes labels for other publications beside its own, and some with zeros.
        let named = || self.items("props").filter(move |prop| prop.text("name") == Some(name));
        let plain = named().find(|prop| prop.text("class").is_none());
        let other = || named().find(|prop| !matches!(prop.text("class"), Some("sp800-53a" | "zero-padded")));
        plain.or_else(other).and_then(|prop| prop.text("value"))
    }
}
