//! The exact commands as a user calls them: `can`, `diff`, `effective` and `check --caller`.

use super::harness::{NARROW, Project, WIDE};

const OWNED: &str = r#"{
  "version": "2.0",
  "statement": [
    {
      "effect": "allow",
      "action": ["name/cos:GetObject", "name/cos:PutObject"],
      "resource": ["qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/alice/*"]
    },
    {
      "effect": "allow",
      "action": ["name/cos:GetBucket"],
      "resource": ["qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/alice/*"],
      "condition": {"ip_equal": {"qcs:ip": "10.0.0.0/8"}}
    }
  ]
}
"#;

const NARROW_S3: &str = r#"{"Version":"2012-10-17","Statement":[
  {"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::media/app/alice/*"}]}"#;

fn shared() -> String {
    OWNED.replace("app/alice/*", "app/*")
}

#[test]
fn a_request_is_answered() {
    let project = || Project::new().file("p.json", OWNED);
    let ask = |args: &[&str], status| {
        let all: Vec<&str> = ["can", "p.json"].into_iter().chain(args.iter().copied()).collect();
        project().run(&all).exits(status)
    };
    let yes = ask(&["PutObject", "examplebucket-1250000000/app/alice/a.jpg"], 0);
    assert!(yes.stdout.starts_with("yes\n"), "{}", yes.stdout);
    assert!(yes.stdout.contains("statement 1") && yes.stdout.contains("p.json:7:20"), "{}", yes.stdout);
    let full = "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/alice/a.jpg";
    ask(&["name/cos:PutObject", full], 0);
    ask(&["cos:PutObject", full], 0);
    ask(&["PutObject", &full.replace("guangzhou", "beijing")], 1);
    ask(&["PutObject", "examplebucket-1250000000/app/bob/a.jpg"], 1);
    ask(&["DeleteObject", "examplebucket-1250000000/app/alice/a.jpg"], 1);
    let open = ask(&["GetBucket", "examplebucket-1250000000/app/alice/"], 2);
    assert!(open.stdout.starts_with("only if\n") && open.stdout.contains("`qcs:ip`"), "{}", open.stdout);
    ask(&["GetBucket", "examplebucket-1250000000/app/alice/", "--context", "qcs:ip=10.1.2.3"], 0);
    ask(&["GetBucket", "examplebucket-1250000000/app/alice/", "--context", "qcs:ip=192.168.0.1"], 1);
    ask(&["GetBucket", "examplebucket-1250000000/app/alice/", "--absent", "qcs:ip"], 1);
    let json = ask(&["GetBucket", "examplebucket-1250000000/app/alice/", "-f", "json"], 2).json();
    assert_eq!((&json["answer"], &json["open"][0]), (&"conditional".into(), &"qcs:ip".into()));
    assert_eq!((&json["version"], &json["statement"]), (&1.into(), &2.into()));
}

#[test]
fn a_key_that_no_request_carries_is_told_where_the_answer_hangs_on_it() {
    // The catalogue may list too few keys for an action, so that this is no answer.
    let text = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:ListBucketMultipartUploads",
        "Resource": "arn:aws:s3:::examplebucket", "Condition": {"StringLike": {"s3:prefix": "a/*"}}}]}"#;
    let project = Project::new().file("p.json", text);
    let run = project.run(["can", "p.json", "ListBucketMultipartUploads", "examplebucket"]).exits(2);
    let told = "requests for `ListBucketMultipartUploads` carry no `s3:prefix`";
    assert!(run.stdout.contains(told), "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_placeholder_that_cannot_be_filled_is_not_said_to_be_absent() {
    let policy = |action: &str, resource: &str| {
        format!(
            r#"{{"version": "2.0", "statement": [{{"effect": "allow", "action": "{action}", "resource": "{resource}"}}]}}"#
        )
    };
    for text in [
        policy("name/cos:PutObject", "qcs::${svc}:ap-guangzhou:uid/1250000000:b-1250000000/a"),
        policy("name/${svc}:PutObject", "qcs::cos:ap-guangzhou:uid/1250000000:b-1250000000/a"),
    ] {
        let args = ["can", "p.json", "PutObject", "b-1250000000/a", "--set", "svc=cos"];
        let run = Project::new().file("p.json", text).run(args).exits(2);
        let told = "the placeholder `svc` stands in a service or an action, which is not filled here";
        assert!(run.stderr.contains(told) && run.stderr.contains("write `cos` into the policy"), "{}", run.stderr);
    }
}

#[test]
fn an_upload_carries_no_prefix() {
    let mixed = r#"{"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": ["s3:PutObject", "s3:ListBucket"],
        "Resource": ["arn:aws:s3:::examplebucket", "arn:aws:s3:::examplebucket/users/482913/*"],
        "Condition": {"StringLike": {"s3:prefix": "users/482913/*"}}}]}"#;
    let ask = |text: &str, args: &[&str], status| {
        let all: Vec<&str> = ["can", "p.json"].into_iter().chain(args.iter().copied()).collect();
        Project::new().file("p.json", text).run(&all).exits(status)
    };
    let upload = ["PutObject", "examplebucket/users/482913/a.jpg"];
    let told = [upload[0], upload[1], "--context", "s3:prefix=users/482913/a"];
    ask(mixed, &upload, 1);
    let said = ask(mixed, &told, 1);
    assert!(said.stdout.contains("requests for `PutObject` carry no `s3:prefix`"), "{}{}", said.stdout, said.stderr);
    ask(mixed, &["ListBucket", "examplebucket", "--context", "s3:prefix=users/482913/"], 0);
    // A test that an absent key passes asks nothing of an upload.
    ask(&mixed.replace("StringLike", "StringLikeIfExists"), &upload, 0);
    ask(&mixed.replace("StringLike", "StringNotLike"), &upload, 0);
    // Nothing is offered as an example that the condition keeps from passing.
    let wide = mixed.replace("/users/482913/*\"]", "/*\"]");
    let run =
        Project::new().file("p.json", wide).run(["check", "--kind", "session", "-f", "concise", "p.json"]).exits(1);
    assert!(run.stdout.contains("never grants it") && run.stdout.lines().count() == 1, "{}", run.stdout);
}

#[test]
fn no_request_is_on_a_bucket_of_another_account() {
    let text = OWNED.replace("uid/1250000000", "uid/1250000001");
    let project = Project::new().file("p.json", text);
    let full = "qcs::cos:ap-guangzhou:uid/1250000001:examplebucket-1250000000/app/alice/a.jpg";
    project.run(["can", "p.json", "PutObject", full]).exits(1);
    project.run(["can", "p.json", "PutObject", "examplebucket-1250000000/app/alice/a.jpg"]).exits(1);
    let matrix = project.run(["matrix", "p.json"]).exits(0);
    assert!(matrix.stdout.contains("0 of them grant"), "{}", matrix.stdout);
}

#[test]
fn a_question_that_cannot_be_understood_is_refused() {
    let ask = |file: &str, args: &[&str]| {
        let several = format!("[{},{}]", NARROW.trim(), NARROW.trim());
        let project = Project::new().file("p.json", OWNED).file("two.json", several).file("no.json", "{\"a\": 1}");
        let all: Vec<&str> = ["can", file].into_iter().chain(args.iter().copied()).collect();
        project.run(&all).exits(2).stderr
    };
    let path = "examplebucket-1250000000/app/alice/a.jpg";
    assert!(ask("p.json", &["ListObjects", path]).contains("GetBucket"));
    assert!(ask("p.json", &["Put*", path]).contains("names no single action"));
    assert!(ask("p.json", &["PutObjct", path]).contains("did you mean `PutObject`?"));
    assert!(ask("p.json", &["Frobnicate", path]).contains("no statement names it"));
    assert!(ask("p.json", &["cvm:RunInstances", path]).contains("is no action of"));
    assert!(ask("p.json", &["PutObject", "examplebucket-1250000000/app/*"]).contains("is a pattern"));
    assert!(ask("p.json", &["PutObject", "examplebucket-1250000000/"]).contains("no key"));
    assert!(ask("p.json", &["PutObject", path, "--context", "qcs:ipp=1"]).contains("did you mean `qcs:ip`?"));
    assert!(ask("p.json", &["PutObject", path, "--principal", "anonymous"]).contains("only a bucket policy"));
    assert!(ask("two.json", &["PutObject", path]).contains("2 policies"));
    assert!(ask("no.json", &["PutObject", path]).contains("no policy was found"));
    assert!(ask("none.json", &["PutObject", path]).contains("no such file"));
}

#[test]
fn an_action_that_nobody_knows_is_answered_where_a_statement_speaks_of_it() {
    let of = |actions: &str| {
        format!("{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",{actions},\"Resource\":\"*\"}}]}}")
    };
    let project = Project::new()
        .file("named.json", of("\"Action\":\"s3:PutObjct\""))
        .file("wild.json", of("\"Action\":\"s3:*\""))
        .file("not.json", of("\"NotAction\":[\"s3:DeleteObject\",\"s3:Frobnicate\"]"));
    let ask = |file: &str, action: &str| project.run(["can", file, action, "media/a"]);
    assert!(ask("named.json", "PutObjct").exits(0).stdout.contains("did you mean `PutObject`?"));
    assert!(ask("wild.json", "Frobnicate").exits(0).stdout.contains("knows no action `Frobnicate`"));
    // A slip of the pen is none that may be new.
    assert!(ask("wild.json", "PutObjct").exits(2).stderr.contains("did you mean `PutObject`?"));
    ask("not.json", "Frobnicate").exits(1);
    ask("not.json", "Defenestrate").exits(2);
}

#[test]
fn placeholders_and_variables_are_filled_by_the_question() {
    let of = |version: &str| {
        format!(
            r#"{{"Version":"{version}","Statement":[
             {{"Effect":"Allow","Action":["s3:PutObject"],"Resource":["arn:aws:s3:::media/home/${{aws:username}}/*"]}},
             {{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::media/{{team}}/${{aws:PrincipalTag/site,'x'}}/*"]}},
             {{"Effect":"Allow","Action":["s3:ListBucket"],"Resource":["arn:aws:s3:::media"],
              "Condition":{{"StringLike":{{"s3:prefix":["home/${{aws:username}}/*"]}}}}}}]}}"#
        )
    };
    let project = Project::new().file("p.json", of("2012-10-17")).file("old.json", of("2008-10-17"));
    let ask = |args: &[&str], status| {
        let all: Vec<&str> = ["can"].into_iter().chain(args.iter().copied()).collect();
        project.run(&all).exits(status)
    };
    let put = ["p.json", "PutObject", "media/home/bob/x"];
    ask(&[&put[..], &["--context", "aws:username=bob"]].concat(), 0);
    ask(&[&put[..], &["--context", "AWS:UserName=alice"]].concat(), 1);
    let open = ask(&put, 2).stdout;
    assert!(open.contains("  help: say what they are filled with: `--context aws:username=...`\n"), "{open}");
    // A value that may be a wildcard or several values say nothing.
    ask(&[&put[..], &["--context", "aws:username=b*"]].concat(), 2);
    ask(&[&put[..], &["--context", "aws:username=bob", "--context", "aws:username=alice"]].concat(), 2);
    let list = ["p.json", "ListBucket", "media", "--context", "s3:prefix=home/bob/"];
    ask(&[&list[..], &["--context", "aws:username=bob"]].concat(), 0);
    ask(&[&list[..], &["--context", "aws:username=alice"]].concat(), 1);
    let get = ["p.json", "GetObject", "media/red/east/x"];
    let open = ask(&get, 2).stdout;
    assert!(open.contains("`--set 'team=...'` `--context aws:PrincipalTag/site=...`"), "{open}");
    ask(&[&get[..], &["--set", "team=red", "--context", "aws:PrincipalTag/site=east"]].concat(), 0);
    ask(&[&get[..], &["--set", "team=blue", "--context", "aws:PrincipalTag/site=east"]].concat(), 1);
    ask(&[&get[..], &["--set", "team=red"]].concat(), 2);
    let wrong = |set: &str| ask(&[&get[..], &["--set", set]].concat(), 2).stderr;
    assert!(wrong("taem=red").contains("did you mean `team`?"));
    assert!(wrong("team=a/b").contains("`a/b` cannot fill `team`: it holds `/`"));
    assert!(wrong("aws:username=bob").contains("write `--context aws:username=bob`"));
    // That version has no variables.
    let old = ask(&["old.json", "PutObject", "media/home/bob/x", "--context", "aws:username=bob"], 2).stdout;
    assert!(old.contains("is not filled in by the provider") && old.contains("help: mend that first"), "{old}");
}

#[test]
fn a_difference_is_told_in_every_format() {
    let project = || Project::new().file("old.json", OWNED).file("new.json", shared());
    let human = project().run(["diff", "old.json", "new.json"]).exits(1);
    assert!(human.stdout.contains("newly allowed") && human.stdout.contains("new.json:7:20"), "{}", human.stdout);
    assert!(human.stdout.ends_with("wider: something is newly allowed (COS)\n"), "{}", human.stdout);
    let json = project().run(["diff", "-f", "json", "old.json", "new.json"]).exits(1).json();
    assert_eq!(json["verdict"], "wider");
    assert_eq!(json["added"][0]["action"], "name/cos:PutObject");
    assert!(json["removed"].as_array().unwrap().is_empty());
    let back = project().run(["diff", "-f", "json", "new.json", "old.json"]).exits(0).json();
    assert_eq!((&back["verdict"], back["removed"].as_array().unwrap().len()), (&"narrower".into(), 2));
    let markdown = project().run(["diff", "-f", "markdown", "old.json", "new.json"]).exits(1).stdout;
    assert!(markdown.starts_with("### grantlint: wider") && markdown.contains("| Newly allowed |"), "{markdown}");
    let github = project().run(["diff", "-f", "github", "old.json", "new.json"]).exits(1).stdout;
    assert!(github.starts_with("::error file=new.json,line=7,"), "{github}");
    project().run(["diff", "old.json", "old.json"]).exits(0);
    project().stdin(shared()).run(["diff", "old.json", "-"]).exits(1);
}

#[test]
fn what_cannot_be_compared_is_never_equal() {
    let unreadable =
        OWNED.replace("qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/alice/*", "nonsense");
    let project = || {
        Project::new()
            .file("old.json", OWNED)
            .file("cut.json", &OWNED[..OWNED.len() / 2])
            .file("odd.json", &unreadable)
            .file("no.json", "{\"a\": 1}")
    };
    for new in ["cut.json", "odd.json", "no.json"] {
        let run = project().run(["diff", "old.json", new]).exits(2);
        assert!(run.stdout.lines().last().unwrap().contains("unknown"), "{new}: {}", run.stdout);
    }
    let run = project().run(["diff", "odd.json", "odd.json"]).exits(2);
    assert!(run.stdout.contains("unknown"), "{}", run.stdout);
    project().run(["diff", "old.json"]).exits(2);
    project().run(["diff", "old.json", "none.json"]).exits(2);
}

#[test]
fn what_a_policy_says_is_no_markup_and_no_command() {
    let hostile = OWNED.replace("app/alice/*", "a|`b`</td><b>@all ##vso[task] \\u001b[31m/*");
    let project = || Project::new().file("old.json", NARROW).file("new.json", &hostile);
    for format in ["human", "json", "markdown", "github"] {
        let out = project().run(["diff", "-f", format, "old.json", "new.json"]).stdout;
        assert!(!out.contains('\u{1b}') && !out.contains("##vso["), "{format}: {out}");
    }
    let markdown = project().run(["diff", "-f", "markdown", "old.json", "new.json"]).stdout;
    assert!(!markdown.contains("<b>") && !markdown.contains("@all"), "{markdown}");
}

#[test]
fn a_key_has_what_both_policies_permit() {
    let project = || Project::new().file("caller.json", shared()).file("session.json", OWNED).file("wide.json", WIDE);
    let run = project().run(["effective", "--caller", "caller.json", "--session", "session.json"]).exits(0);
    assert!(run.stdout.starts_with("session.json within caller.json: 3 actions x 2 resources"), "{}", run.stdout);
    assert!(
        run.stdout.contains("numbers in brackets are the statements of session.json that decide"),
        "{}",
        run.stdout
    );
    let run = project().run(["effective", "--caller", "caller.json", "--session", "wide.json"]).exits(0);
    assert!(run.stdout.contains(": in caller.json no statement allowed it\n"), "{}", run.stdout);
    let other = NARROW_S3;
    let run = project().file("s3.json", other).run(["effective", "--caller", "caller.json", "--session", "s3.json"]);
    let run = run.exits(2);
    assert!(run.stdout.is_empty() && run.stderr.contains("one policy is of cos, the other of s3"), "{}", run.stdout);
    let run = project().run(["effective", "--caller", "caller.json", "--session", "wide.json", "-f", "json"]).exits(0);
    let unmet = run.json()["unmet"].as_array().unwrap().len();
    assert!(unmet > 0, "{}", run.stdout);
    let run = project().run(["effective", "--caller", "caller.json"]).exits(0);
    assert!(run.stdout.contains("no session policy, so the key has all of it"), "{}", run.stdout);
    project().run(["effective", "--caller", "none.json"]).exits(2);
}

#[test]
fn a_session_is_judged_within_its_caller() {
    let project = || {
        Project::new()
            .file("wide.json", WIDE)
            .file("owned.json", OWNED)
            .file("shared.json", shared())
            .file("all.json", WIDE)
    };
    project().run(["check", "--kind", "session", "wide.json"]).exits(1);
    // All that the caller has is one user's: so is what the key has.
    let run = project().run(["check", "--owner", "alice", "--caller", "owned.json", "wide.json"]).exits(0);
    assert!(run.stdout.contains("no findings"), "{}", run.stdout);
    let run = project().run(["check", "-f", "json", "--caller", "shared.json", "wide.json"]).exits(1);
    let json = run.json();
    let rules: Vec<&str> = json["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap()).collect();
    assert!(rules.iter().all(|rule| matches!(*rule, "shared-prefix" | "combined-action-resource")), "{rules:?}");
    assert!(!rules.is_empty());
    // What the caller may do everywhere changes nothing.
    let alone = project().run(["check", "--kind", "session", "-f", "concise", "wide.json"]).exits(1).stdout;
    let within = project().run(["check", "-f", "concise", "--caller", "all.json", "wide.json"]).exits(1).stdout;
    assert_eq!(alone, within);
    project().run(["check", "--caller", "none.json", "wide.json"]).exits(2);
    // What nothing tells whether the caller has it takes no finding back.
    let open = WIDE.replacen("\"*\"", "\"name/cos:{x}\"", 1);
    let project = project().file("open.json", &open);
    let run = project.run(["check", "--caller", "open.json", "wide.json"]).exits(2);
    assert!(
        run.stderr.contains("open.json: the caller's policy was not judged: the action `name/cos:{x}`"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_generated_owner_is_one_that_the_layout_allows() {
    let config = "[[layout]]\nbucket = 'examplebucket-1250000000'\nkey = 'app/{user}/*'\nowner = 'user'\nnames = '[a-z]{3,8}'\n\
                  [[expect]]\nfiles = 'a.json'\nallow = [{ actions = '@upload', keys = 'app/{user}/*' }]\n";
    let project = || Project::new().file("grantlint.toml", config);
    project().run(["generate", "--set", "user=alice"]).exits(0);
    let refused = project().run(["generate", "--set", "user=al1ce"]).exits(2);
    assert!(refused.stderr.contains("`al1ce` is no name that grantlint.toml:1 allows"), "{}", refused.stderr);
}

#[test]
fn a_revision_is_compared_with_the_working_tree() {
    let project = Project::new().file("policies/p.json", OWNED).file("policies/q.json", NARROW);
    let git = |args: &[&str]| {
        let run = std::process::Command::new("git")
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"])
            .args(args)
            .current_dir(project.path(""))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "one"]);
    let path = std::env::var("PATH").unwrap();
    let project = project.variable("PATH", &path);
    project.run(["diff", "--base", "HEAD"]).exits(0);
    let project = project.file("policies/cut.json", r#"{ "Version": "2012-10-17", "Statemen"#);
    project.run(["diff", "--base", "HEAD", "policies"]).exits(2);
    std::fs::remove_file(project.path("policies/cut.json")).unwrap();
    let project = project.file("policies/p.json", shared()).file("policies/new.json", NARROW).file("other.json", "{}");
    let json = project.run(["diff", "--base", "HEAD", "-f", "json", "policies"]).exits(1).json();
    let files: Vec<(&str, &str)> = json["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| (file["file"].as_str().unwrap(), file["status"].as_str().unwrap()))
        .collect();
    assert_eq!(files, [("policies/new.json", "new"), ("policies/p.json", "changed")]);
    std::fs::remove_file(project.path("policies/q.json")).unwrap();
    std::fs::remove_file(project.path("policies/new.json")).unwrap();
    let project = project.file("policies/p.json", OWNED);
    let json = project.run(["diff", "--base", "HEAD", "-f", "json"]).exits(0).json();
    assert_eq!((&json["verdict"], &json["files"][0]["status"]), (&"narrower".into(), &"deleted".into()));
    let project = project.file("policies/p.json", "{\"a\": 1}");
    let lost = project.run(["diff", "--base", "HEAD"]).exits(2);
    assert!(lost.stdout.contains("no policy is recognised in this file any more"), "{}", lost.stdout);
    assert!(project.run(["diff", "--base", "none"]).exits(2).stderr.contains("no such revision"));
}

#[test]
fn a_faulty_policy_hides_nothing_that_its_repair_allows() {
    let broken = [
        OWNED.replace("[\"name/cos:GetObject\", \"name/cos:PutObject\"]", "[]"),
        OWNED.replace(
            "\"effect\": \"allow\",\n      \"action\": [\"name/cos:GetObject\"",
            "\"action\": [\"name/cos:GetObject\"",
        ),
        OWNED.replace(
            "\"effect\": \"allow\",\n      \"action\": [\"name/cos:GetObject\"",
            "\"effect\": \"allow\", \"effect\": \"deny\",\n      \"action\": [\"name/cos:GetObject\"",
        ),
        OWNED.replace("\"name/cos:PutObject\"", "\" name/cos:PutObject\""),
        OWNED.replace("qcs::cos:ap-guangzhou:uid/1250000000:", "qcs::cos:ap-guangzhou:"),
    ];
    for old in broken {
        assert_ne!(old, OWNED);
        let project = Project::new().file("old.json", &old).file("new.json", OWNED);
        let run = project.run(["diff", "old.json", "new.json"]).exits(2);
        assert!(run.stdout.lines().last().unwrap().starts_with("unknown"), "{old}\n{}", run.stdout);
        project.run(["can", "old.json", "PutObject", "examplebucket-1250000000/app/alice/x"]).exits(2);
    }
}

#[test]
fn every_allow_of_the_caller_counts_in_any_order() {
    let statement = |action: &str| {
        format!(
            r#"{{"effect":"allow","action":"name/cos:{action}","resource":"qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/app/*"}}"#
        )
    };
    let policy = |actions: &[&str]| {
        let statements: Vec<String> = actions.iter().map(|action| statement(action)).collect();
        format!(r#"{{"version":"2.0","statement":[{}]}}"#, statements.join(","))
    };
    for caller in [["GetObject", "DeleteObject"], ["DeleteObject", "GetObject"]] {
        let project = Project::new().file("caller.json", policy(&caller)).file("session.json", policy(&["*"]));
        let run = project.run(["check", "-f", "concise", "--caller", "caller.json", "session.json"]).exits(1);
        assert!(run.stdout.contains("DeleteObject"), "{caller:?}: {}", run.stdout);
    }
}

#[test]
fn many_ways_to_choose_a_resource_of_each_policy_are_given_up() {
    let resources: Vec<String> = (0..60).map(|number| format!("\"arn:aws:s3:::b/*{number}x*\"")).collect();
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:GetObject","Resource":[{}]}},
        {{"Effect":"Deny","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/*"]}}]}}"#,
        resources.join(",")
    );
    let project = Project::new().file("policy.json", &policy);
    let run = project.run(["effective", "--caller", "policy.json", "--session", "policy.json", "-f", "json"]);
    // 3,600 ways for each of 60 resources, of which none leaves anything: most are not tried, and that is said.
    let cells = run.stdout.matches("\"unknown\"").count();
    assert!(cells > 30, "{cells}: {}", run.stdout);
}

#[test]
fn a_session_is_told_of_each_deny_of_its_caller_that_takes_something() {
    let statement = |effect: &str, actions: &str, keys: &str| {
        format!(
            "{{\"effect\": \"{effect}\", \"action\": [{actions}], \
             \"resource\": \"qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/{keys}\"}}"
        )
    };
    let policy =
        |statements: &[String]| format!("{{\"version\": \"2.0\", \"statement\": [{}]}}", statements.join(", "));
    let (put, get) = ("\"name/cos:PutObject\"", "\"name/cos:GetObject\"");
    let caller = policy(&[
        statement("allow", &format!("{put}, {get}"), "avatar/*"),
        statement("deny", get, "avatar/private/*"),
        statement("deny", "\"name/cos:DeleteBucket\"", ""),
    ]);
    let session = policy(&[statement("allow", &format!("{put}, {get}"), "*")]);
    let project = Project::new().file("caller.json", &caller).file("session.json", &session);
    let told = project.run(["effective", "--caller", "caller.json", "--session", "session.json"]).stdout;
    assert!(told.contains("avatar/private/example: in caller.json statement 2 denied it"), "{told}");
    assert!(told.contains("no statement allowed it") && !told.contains("statement 3"), "{told}");
}

#[test]
fn a_service_that_the_policy_names_is_that_service() {
    let policy = |deny: &str| {
        format!(
            "{{\"Version\": \"2012-10-17\", \"Statement\": [\
             {{\"Effect\": \"Allow\", \"Principal\": {{\"Service\": \"cloudfront.amazonaws.com\"}}, \
             \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::examplebucket/*\"}}{deny}]}}"
        )
    };
    let denied = ", {\"Effect\": \"Deny\", \"Principal\": {\"Service\": \"cloudfront.amazonaws.com\"}, \
                  \"Action\": \"s3:GetObject\", \"Resource\": \"arn:aws:s3:::examplebucket/q/*\"}";
    let project = Project::new().file("b.json", policy("")).file("d.json", policy(denied));
    let ask = |file: &str, key: &str| {
        project.run(["can", file, "GetObject", key, "--kind=bucket", "--principal=cloudfront.amazonaws.com"])
    };
    ask("b.json", "examplebucket/a").exits(0);
    ask("d.json", "examplebucket/a").exits(0);
    ask("d.json", "examplebucket/q/a").exits(1);
    let lost = project.run(["can", "b.json", "GetObject", "examplebucket/a", "--pointer=/x"]).exits(2);
    assert!(lost.stderr.contains("leave out `--pointer`"), "{}", lost.stderr);
}
