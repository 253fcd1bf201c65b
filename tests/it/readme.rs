//! The README shows what the program prints: the findings in the guide's examples, the help, the table of rules.
//!
//! Each lies between two comments that name it. `UPDATE=1` writes them anew. And its commands run as they are written.

use std::path::Path;
use std::process::Command;

use grantlint::finding::PolicyKind;
use grantlint::rules::all;

#[cfg(unix)]
use super::harness::{NARROW, Project, WIDE};

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    std::fs::read_to_string(path).expect("there is a README")
}

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

/// All rules, with their severities and the first profile in which each speaks.
fn table() -> String {
    let mut text = String::from(
        "| rule | session | identity | bucket | undetermined | profile | |\n| --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for meta in all() {
        let severity = |kind| meta.grades.of(kind).severity.word();
        text.push_str(&format!(
            "| [{name}](rules/{name}.md) | {} | {} | {} | {} | {} | {} |\n",
            severity(PolicyKind::Session),
            severity(PolicyKind::Identity),
            severity(PolicyKind::Bucket),
            severity(PolicyKind::Undetermined),
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
    let readme = readme();
    let shown = ["check", "--kind", "session", "--exit-zero", "fixtures/guide"];
    assert!(readme.contains(&format!("-- {}\n", shown.join(" "))), "the README shows the command");
    let mut expected = replaced(&readme, "first finding", &block(&printed(&shown)));
    expected = replaced(&expected, "help", &block(&printed(&["check", "-h"])));
    expected = replaced(&expected, "rules", &table());
    if std::env::var_os("UPDATE").is_some_and(|update| !update.is_empty()) {
        std::fs::write(&path, expected).expect("the README can be written");
    } else {
        assert!(readme == expected, "the README is out of date; UPDATE=1 cargo test --test it readme writes it anew");
    }
}

/// The first block of this language below a heading.
#[cfg(unix)]
fn code<'r>(readme: &'r str, heading: &str, language: &str) -> &'r str {
    let (_, section) = readme.split_once(&format!("\n## {heading}\n")).expect("the heading is there");
    let (_, code) = section.split_once(&format!("\n```{language}\n")).expect("a block of code is there");
    code.split_once("\n```\n").expect("it ends").0
}

/// What a shell does with a text in a project, the program being on its path: its status and what it says beside reports.
#[cfg(unix)]
fn shell(project: &Project, text: &str) -> (Option<i32>, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_grantlint")).parent().expect("it lies in a directory");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").expect("there is a path"));
    let mut shell = Command::new("sh");
    shell
        .args(["-euc", text])
        .current_dir(project.path(""))
        .env_clear()
        .env("PATH", path)
        .env("HOME", project.path(""));
    let done = shell.output().expect("there is a shell");
    (done.status.code(), String::from_utf8(done.stderr).expect("messages are UTF-8"))
}

#[cfg(unix)]
#[test]
fn an_expectation_and_its_policy_begin_in_an_empty_directory() {
    let readme = readme();
    let project = Project::new().file("grantlint.toml", code(&readme, "Configuration", "toml"));
    let (status, stderr) = shell(&project, code(&readme, "Write a policy", "sh"));
    assert_eq!(status, Some(0), "{stderr}");
    assert!(!stderr.contains("error"), "{stderr}");
    // Without the file that it wrote, a check of files says what the expectation lacks, and standard input does not mind.
    std::fs::remove_file(project.path("policies/keys/files.json.tpl")).expect("it was written");
    let (status, stderr) = shell(&project, "grantlint check --allow-empty policies");
    assert!(status == Some(2) && stderr.contains("`policies/keys/files*.json*` matches no file"), "{stderr}");
    let narrow = format!("echo '{NARROW}' |");
    assert_eq!(shell(&project, &format!("{narrow} grantlint check --kind session --owner alice -")).0, Some(0));
    assert_eq!(shell(&project, &format!("{narrow} grantlint matrix -")).0, Some(0));
}

#[cfg(unix)]
#[test]
fn the_commands_of_the_first_run_are_commands() {
    let readme = readme();
    let files = ["policies/a.json", "policy.json", "p.json", "old.json", "role.json", "session.json"];
    let project = files.into_iter().fold(Project::new(), |project, name| project.file(name, NARROW));
    let project = project.file("new.json", WIDE);
    for line in code(&readme, "First run", "sh").lines() {
        let (status, stderr) = shell(&project, line);
        assert!(matches!(status, Some(0 | 1)) && !stderr.contains("error"), "{line}: {stderr}");
        if line.starts_with("grantlint init") {
            std::fs::write(project.path("grantlint.toml"), code(&readme, "Configuration", "toml")).expect("a file");
        }
    }
}
