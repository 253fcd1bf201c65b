//! placeholder until the parser lands
use std::borrow::Cow;
use crate::text::{Fragment, Local};
use super::Value;
/// Decode.
pub fn decode(raw: &str) -> Cow<'_, str> { Cow::Borrowed(raw) }
/// Embed.
pub fn embed_json_string(_: &Fragment<'_>, _: Value<'_, '_>) -> Option<Fragment<'static>> { None }
/// Embed.
pub fn embed_url_decoded(_: &Fragment<'_>, _: Local) -> Option<Fragment<'static>> { None }
