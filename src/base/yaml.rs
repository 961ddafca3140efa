//! YAML as a tree with spans, scalars as written.
