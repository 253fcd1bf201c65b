//! grantlint's own JSON. A version's shape lives in a module of its own and is never changed, only followed by the
//! next one; `schema/report-v1.schema.json` is written from its types.

pub(super) mod range;
mod v1;
pub(super) mod writer;

use std::io;

use schemars::generate::SchemaSettings;

use crate::engine::Outcome;

pub(super) fn render(outcome: &Outcome, out: &mut dyn io::Write) -> io::Result<()> {
    writer::write(&v1::Report::of(outcome), out)
}

pub(super) fn schema() -> String {
    let mut schema =
        SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<v1::Report<'static>>();
    schema.insert("title".to_owned(), "grantlint report, version 1".into());
    let mut text = serde_json::to_string_pretty(&schema).unwrap_or_default();
    text.push('\n');
    text
}
