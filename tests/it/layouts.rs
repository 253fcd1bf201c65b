//! Declared layouts as a user meets them: the program in a project with a `grantlint.toml`.

use std::fmt::Write as _;

use super::harness::{Project, Run};

/// A session policy that lets upload these keys.
fn policy(keys: &[&str]) -> String {
    let resource = |key: &&str| format!("qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/{key}");
    let resources: Vec<String> = keys.iter().map(resource).collect();
    serde_json::json!({"version": "2.0", "statement": [
        {"effect": "allow", "action": ["name/cos:PutObject"], "resource": resources}
    ]})
    .to_string()
}

fn layout(keys: &[&str], names: Option<&str>) -> String {
    let mut text = format!("[[layout]]\nbucket = 'examplebucket-1250000000'\nkey = {keys:?}\nowner = 'user'\n");
    if let Some(names) = names {
        writeln!(text, "names = '{names}'").unwrap();
    }
    text
}

fn project(granted: &[&str], owned: &[&str], names: Option<&str>) -> Project {
    Project::new().file("grantlint.toml", layout(owned, names)).file("key.json.tpl", policy(granted))
}

fn check(project: &Project, format: &str) -> Run {
    project.run(["check", "--kind", "session", "--format", format, "key.json.tpl"])
}

/// `rule file message` of each finding.
fn said(run: &Run) -> Vec<String> {
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap().to_owned();
    let findings = run.json()["findings"].as_array().unwrap().clone();
    findings.iter().map(|f| format!("{} {} {}", text(f, "rule"), text(f, "file"), text(f, "message"))).collect()
}

/// Rows of the specification's table: behind `app/`, what is granted, what is owned, the names, what is said.
#[test]
fn the_isolation_table_row_by_row() {
    let three: &[&str] = &["{user}.jpg", "{user}_m.jpg", "{user}_s.jpg"];
    let rows: [(&[&str], &[&str], &str); 8] = [
        (&["{user}*"], &["{user}/*"], "[a-z0-9]+"),
        (&["{user}/*"], &["{user}/*"], "[^/]+"),
        (&["{user}/*"], &["{user}/*"], "(?s).+"),
        (&["{user}_*"], &["{user}_*"], "[a-z_]+"),
        (three, three, "[a-z0-9]+"),
        (three, three, "[a-z0-9_]+"),
        (&["{user}.jpg"], &["{user}.jpg"], "[a-z.]+"),
        (&["{user}/*"], &["{user}/*"], "[0-9]{8}"),
    ];
    let mut table = String::new();
    for (granted, owned, names) in rows {
        let below = |keys: &[&str]| keys.iter().map(|key| format!("app/{key}")).collect::<Vec<_>>();
        let (granted, owned) = (below(granted), below(owned));
        let strs = |keys: &[String]| {
            keys.iter().map(|key| Box::leak(key.clone().into_boxed_str()) as &str).collect::<Vec<_>>()
        };
        let run = check(&project(&strs(&granted), &strs(&owned), Some(names)), "json");
        let said = said(&run);
        let shown = if said.is_empty() { "clean".to_owned() } else { said.join("\n    ") };
        writeln!(table, "{} | {} | {names}\n    {shown}", granted.join(" "), owned.join(" ")).unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn a_layout_is_reported_in_every_format_with_the_configuration_as_its_file() {
    let project = project(&["app/{user}/*"], &["app/{user}*"], None);
    let mut shown = String::new();
    for format in ["human", "concise", "json", "sarif", "github", "gitlab"] {
        let run = check(&project, format).exits(1);
        if format == "human" {
            shown.push_str(&run.stdout);
            continue;
        }
        assert!(run.stdout.contains("grantlint.toml"), "{format}: {}", run.stdout);
        assert!(run.stdout.contains("ambiguous-layout"), "{format}: {}", run.stdout);
    }
    insta::assert_snapshot!(shown);
    let json = check(&project, "json").json();
    let finding = &json["findings"][0];
    assert_eq!(
        (finding["pointer"].as_str(), finding["range"]["start"]["line"].as_u64()),
        (Some("/layout/0/key/0"), Some(3))
    );
    assert_eq!((json["summary"]["files"].as_u64(), json["files"].as_array().unwrap().len()), (Some(1), 1));
}

#[test]
fn a_layout_speaks_only_beside_a_policy_of_its_bucket_and_once() {
    let owned = ["app/{user}*"];
    let other = policy(&["app/{user}/*"]).replace("examplebucket", "otherbucket");
    let project = Project::new().file("grantlint.toml", layout(&owned, None)).file("other.json.tpl", other);
    project.run(["check", "--kind", "session"]).exits(0);
    let project = project.file("a.json.tpl", policy(&["app/{user}/*"])).file("b.json.tpl", policy(&["app/{user}/x"]));
    let run = project.run(["check", "--kind", "session", "--format", "json"]).exits(1);
    assert_eq!(said(&run).len(), 1, "{:?}", said(&run));
    let ignore = "\n[[ignore]]\nrule = 'ambiguous-layout'\nfiles = 'grantlint.toml'\nreason = 'an old layout'\n";
    let project = project.file("grantlint.toml", layout(&owned, None) + ignore);
    project.run(["check", "--kind", "session"]).exits(0);
    project.run(["check", "--kind", "session", "--no-ignores"]).exits(1);
    project.run(["check", "--kind", "session", "--no-config"]).exits(0);
}

#[test]
fn a_configuration_above_is_named_as_it_is_found() {
    let project = Project::new()
        .file(".git/HEAD", "")
        .file("grantlint.toml", layout(&["app/{user}*"], Some("[a-z]+")))
        .file("keys/key.json.tpl", policy(&["app/{user}/*"]))
        .within("keys");
    let run = check(&project, "json").exits(1);
    assert_eq!(
        said(&run),
        [
            "ambiguous-layout ../grantlint.toml `app/bobax` belongs to `bob` and to `boba`: no policy can keep them apart"
        ]
    );
}

#[test]
fn a_baseline_accepts_a_layout_from_every_directory() {
    // The second layout's fault is told at it, with the place of the first one.
    let names = Some("[a-z_]+");
    let layouts = layout(&["app/{user}.jpg"], names) + &layout(&["app/{user}_m.jpg"], names);
    let project = Project::new().file(".git/HEAD", "").file("grantlint.toml", layouts);
    let project = project.file("keys/key.json.tpl", policy(&["app/{user}.jpg"]));
    let check = ["check", "--kind", "session"];
    let run = project.run(check.iter().chain(&["--format", "json"])).exits(1);
    assert!(said(&run).iter().any(|words| words.contains("by the layout at grantlint.toml:")), "{:?}", said(&run));
    project.run(check.iter().chain(&["--write-baseline", "known.json"])).exits(0);
    project.within("keys").run(check.iter().chain(&["--baseline", "../known.json"])).exits(0);
}

#[test]
fn assumed_names_are_said() {
    let run = check(&project(&["app/{user}/*"], &["app/{user}/*"], None), "human").exits(0);
    assert!(run.stdout.contains("the layout has no `names`; `[A-Za-z0-9]+` is assumed"), "{}", run.stdout);
    let run = check(&project(&["app/{user}/*"], &["app/{user}/*"], Some("[a-z]+")), "human").exits(0);
    assert!(!run.stdout.contains("assumed"), "{}", run.stdout);
}

#[test]
fn an_instance_is_decided_by_the_layout() {
    let of = |granted: &str| said(&check(&project(&[granted], &["app/avatar/{user}/*"], Some("[a-z]+")), "json"));
    assert_eq!(of("app/avatar/alice/*"), [""; 0]);
    assert_eq!(
        of("app/avatar/*"),
        [
            "shared-prefix key.json.tpl `PutObject` allowed on the keys of more than one user: `app/avatar/bob/example` of `bob` \
             and `app/avatar/alice/example` of `alice`"
        ]
    );
}

/// The policy of [`policy`] in the words of each provider, its file's name and the layout's bucket.
fn everywhere(keys: &[&str]) -> [(&'static str, String); 3] {
    let resources = |lead: &str| keys.iter().map(|key| format!("{lead}/{key}")).collect::<Vec<_>>();
    let written = |version: &str, action: &str, lead: &str| {
        let statement = serde_json::json!({"Effect": "Allow", "Action": [action], "Resource": resources(lead)});
        serde_json::json!({"Version": version, "Statement": [statement]}).to_string()
    };
    let bucket = "examplebucket-1250000000";
    [
        ("cos", policy(keys)),
        ("oss", written("1", "oss:PutObject", &format!("acs:oss:*:*:{bucket}"))),
        ("s3", written("2012-10-17", "s3:PutObject", &format!("arn:aws:s3:::{bucket}"))),
    ]
}

/// What is said of the same keys for each provider: three times the same, as far as rules go, or the test fails.
fn said_everywhere(granted: &[&str], owned: &[&str], names: Option<&str>) -> Vec<String> {
    let of = |policy: String| {
        let project = Project::new().file("grantlint.toml", layout(owned, names)).file("key.json.tpl", policy);
        said(&check(&project, "json"))
    };
    let [cos, oss, s3] = everywhere(granted).map(|(_, policy)| of(policy));
    assert_eq!(cos, oss);
    assert_eq!(cos, s3);
    cos
}

#[test]
fn layouts_judge_the_policies_of_every_provider() {
    let rules = |granted: &[&str], owned: &[&str], names: &str| -> Vec<String> {
        let said = said_everywhere(granted, owned, Some(names));
        said.iter().map(|said| said.split(' ').next().unwrap().to_owned()).collect()
    };
    assert_eq!(rules(&["app/{user}/*"], &["app/{user}/*"], "[a-z]+"), [""; 0]);
    assert_eq!(rules(&["app/{user}*"], &["app/{user}/*"], "[a-z]+"), ["prefix-collision"]);
    assert_eq!(rules(&["app/alice*"], &["app/{user}/*"], "[a-z]+"), ["shared-prefix"]);
    assert_eq!(rules(&["app/alice/*"], &["app/{user}/*"], "[a-z]+"), [""; 0]);
    assert_eq!(rules(&["app/*"], &["app/{user}/*"], "[a-z]+"), ["shared-prefix"]);
    assert_eq!(rules(&["app/{user}/*"], &["app/{user}*"], "[a-z]+"), ["ambiguous-layout"]);
    assert_eq!(rules(&["app/{user}/*"], &["app/{user}/*"], "[^/]+"), ["unsafe-owner-name"]);
}

#[test]
fn a_hole_beside_the_owner_stays_in_its_directory() {
    let of = |granted: &[&str], owned: &[&str]| said_everywhere(granted, owned, Some("[a-z]+"));
    let team = &["app/{team}/{user}/*"];
    assert_eq!(of(team, team), [""; 0], "the third directory is the user's, whatever the team");
    assert_eq!(of(&["app/red/{user}/*"], team), [""; 0]);
    assert_eq!(of(&["app/red/alice/*"], team), [""; 0]);
    let ambiguous = |owned: &[&str]| {
        let found = of(&["app/red/{user}/x"], owned);
        assert!(found.iter().any(|said| said.starts_with("ambiguous-layout")), "{owned:?}: {found:?}");
    };
    ambiguous(&["app/{team}/{user}*"]);
    ambiguous(&["app/{team}{user}/*"]);
    ambiguous(&["app/{team}/{user}/*", "app/{user}/{team}/*"]);
    ambiguous(&["app/*/{user}/*"]);
    assert!(of(&["app/red/{user}*"], team).iter().any(|said| said.starts_with("prefix-collision")));
}
