//! What only a whole process shows: from start to exit, and the most memory it took.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::generate::{self, Random};
use crate::median;
use grantlint::finding::PolicyKind;
use grantlint::rules::{Facts, Filter};
use grantlint::text::Source;

const MEGABYTE: usize = 1_000_000;

/// How long a large file may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// The binary, if it can already do its work.
fn binary() -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_BIN_EXE_grantlint"));
    let said = Command::new(&path).arg("--version").output().ok()?;
    said.stdout.starts_with(b"grantlint").then_some(path)
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

/// Start to exit on one policy, beside a program that does nothing.
pub(crate) fn start_to_exit() {
    let Some(binary) = binary() else {
        println!("start to exit: skipped, the binary does not check anything yet\n");
        return;
    };
    let file = folder().join("one-policy.json");
    let mut random = Random::new(17);
    if fs::write(&file, generate::policy(&mut random, true)).is_err() {
        println!("start to exit: skipped, {} cannot be written\n", file.display());
        return;
    }
    let run = |command: &mut Command| {
        let start = Instant::now();
        let done = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
        done.map_or(f64::NAN, |_| start.elapsed().as_secs_f64() * 1e3)
    };
    let (mut ours, mut nothing) = (Vec::new(), Vec::new());
    for _ in 0..200 {
        nothing.push(run(&mut Command::new("/bin/true")));
        ours.push(run(Command::new(&binary).args(["check", "--no-config", "--kind", "session"]).arg(&file)));
    }
    println!(
        "start to exit on one policy: {:.2} ms (aim: under 5), `/bin/true`: {:.2} ms\n",
        median(ours),
        median(nothing)
    );
}

/// The most memory that a process takes on large files.
pub(crate) fn memory() {
    let mut random = Random::new(42);
    let one = generate::policy(&mut random, true).replace('\n', "").replace("  ", "");
    let lines = format!("{one}\n").repeat(100 * MEGABYTE / (one.len() + 1));
    let statements = generate::long_policy(&mut random, 100 * MEGABYTE / 420);
    let files = [
        ("one policy per line", lines, "6"),
        ("one policy of ordinary statements", statements, "6"),
        ("brackets opened", "[".repeat(100 * MEGABYTE), "20"),
        (
            "brackets opened and closed",
            format!("{}1]", "[],".repeat(100 * MEGABYTE / 3)).replacen("[]", "[[]", 1),
            "20",
        ),
    ];
    let binary = binary();
    println!("peak memory of {}:", if binary.is_some() { "the binary" } else { "the library in a process of its own" });
    for (name, text, aim) in files {
        let file = folder().join("large.json");
        if fs::write(&file, &text).is_err() {
            println!("  skipped, {} cannot be written", file.display());
            return;
        }
        let bytes = text.len();
        drop(text);
        let start = Instant::now();
        let peak = command(binary.as_deref(), &file).and_then(|mut command| peak_of(&mut command));
        let seconds = start.elapsed().as_secs_f64();
        let peak = peak.map_or("stopped, too slow".to_owned(), |peak| {
            format!("{:.1}x ({} MB)", peak as f64 / bytes as f64, peak / MEGABYTE)
        });
        println!("  {name:<36}{:>5} MB {peak:>18} (aim: at most {aim}x) in {seconds:.1} s", bytes / MEGABYTE);
        let _ = fs::remove_file(&file);
    }
}

fn command(binary: Option<&Path>, file: &Path) -> Option<Command> {
    let own = std::env::current_exe().ok()?;
    let mut command = Command::new(binary.unwrap_or(&own));
    match binary {
        Some(_) => command.args(["check", "--no-config", "--kind", "session"]),
        None => command.arg("--analyse"),
    };
    command.arg(file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Some(command)
}

/// The high-water mark of a child in bytes, read again and again until it ends: the mark never falls, so the last one
/// read misses at most what the last moments took.
fn peak_of(command: &mut Command) -> Option<usize> {
    let mut child = command.spawn().ok()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = None;
    let start = Instant::now();
    while matches!(child.try_wait(), Ok(None)) {
        if start.elapsed() > PATIENCE {
            child.kill().ok()?;
            child.wait().ok()?;
            return None;
        }
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<usize>().ok());
        peak = kilobytes.map(|kilobytes| kilobytes * 1024).or(peak);
        std::thread::sleep(Duration::from_micros(500));
    }
    peak
}

/// Tells as JSON how long the check of one policy of a folder takes, by the median of some passes over all of them.
pub(crate) fn each_of(folder: &str) {
    const PASSES: usize = 9;
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
    files.sort();
    let read = |file: &PathBuf| Source::from_bytes(file.display().to_string(), fs::read(file).ok()?).ok();
    let sources: Vec<Source> = files.iter().filter_map(read).collect();
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    let (mut policies, mut flagged) = (0, 0);
    let spent = (0..PASSES).map(|_| {
        (policies, flagged) = (0, 0);
        let start = Instant::now();
        for source in &sources {
            let analysed = grantlint::engine::analyse(source, &facts, &Filter::default());
            // What is taken for another vendor's is not judged.
            let is_foreign = analysed.findings.iter().any(|finding| finding.rule.name == "foreign-syntax");
            policies += if is_foreign { 0 } else { analysed.policies.len() };
            flagged += usize::from(!analysed.findings.is_empty());
        }
        start.elapsed().as_secs_f64() * 1e6 / sources.len().max(1) as f64
    });
    let microseconds = median(spent.collect());
    println!("{{\"microseconds\":{microseconds:.3},\"policies\":{policies},\"flagged\":{flagged}}}");
}

/// Analyse a file and end, for [`memory`] to watch.
pub(crate) fn analyse_file(file: &str) {
    let Some(source) = fs::read(file).ok().and_then(|bytes| Source::from_bytes(file, bytes).ok()) else {
        println!("{file} cannot be read");
        return;
    };
    let facts = Facts { kind: Some(PolicyKind::Session), ..Facts::default() };
    let analysed = grantlint::engine::analyse(&source, &facts, &Filter::default());
    println!("{} policies, {} findings", analysed.policies.len(), analysed.findings.len());
}
