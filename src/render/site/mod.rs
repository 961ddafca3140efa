//! The site: pages by Tera templates, the theme, and the search index.

pub mod code;
pub mod escape;
pub mod html;
