//! The README shows what the program prints: the findings in the guide's examples, the help, the table of rules.
//!
//! Each lies between two comments that name it. `UPDATE=1` writes them anew.

use std::path::Path;
use std::process::Command;

use grantlint::finding::PolicyKind;
use grantlint::rules::all;

/// What the program prints in the root of the repository, with nothing of the environment that could change it.
fn printed(arguments: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_grantlint"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .output()
        .expect("the program runs");
    assert_eq!(done.status.code(), Some(0), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).expect("the report is UTF-8")
}

fn block(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    format!("```text\n{}\n```", lines.join("\n"))
}

/// The rules that speak in the default profile, and how many more there are.
fn table() -> String {
    let mut text =
        String::from("| rule | session | identity | bucket | profile | |\n| --- | --- | --- | --- | --- | --- |\n");
    for meta in all() {
        let severity = |kind| meta.grades.of(kind).severity.word();
        text.push_str(&format!(
            "| [{name}](rules/{name}.md) | {} | {} | {} | {} | {} |\n",
            severity(PolicyKind::Session),
            severity(PolicyKind::Identity),
            severity(PolicyKind::Bucket),
            meta.grades.first_profile().word(),
            meta.summary,
            name = meta.name,
        ));
    }
    text.trim_end().to_owned()
}

fn replaced(readme: &str, name: &str, content: &str) -> String {
    let (open, close) = (format!("<!-- {name} -->"), format!("<!-- /{name} -->"));
    let start = readme.find(&open).unwrap_or_else(|| panic!("the README has {open}")) + open.len();
    let end = readme.find(&close).unwrap_or_else(|| panic!("the README has {close}"));
    format!("{}\n\n{content}\n\n{}", &readme[..start], &readme[end..])
}

#[test]
fn the_readme_shows_what_the_program_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("there is a README");
    let mut expected =
        replaced(&readme, "first finding", &block(&printed(&["check", "--exit-zero", "fixtures/guide"])));
    expected = replaced(&expected, "help", &block(&printed(&["check", "-h"])));
    expected = replaced(&expected, "rules", &table());
    if std::env::var_os("UPDATE").is_some_and(|update| !update.is_empty()) {
        std::fs::write(&path, expected).expect("the README can be written");
    } else {
        assert!(readme == expected, "the README is out of date; UPDATE=1 cargo test --test it readme writes it anew");
    }
}
