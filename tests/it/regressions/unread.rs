//! What may grant something and was passed over, because something else in the same document was read.

use data_encoding::{BASE64, BASE64URL_NOPAD};

use crate::harness::Project;

const GOOD: &str = r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::media/app/alice/a.jpg"}]}"#;

/// The errors for a text in which `GOOD` stands for a policy with nothing wrong.
#[track_caller]
fn errors(text: &str) -> Vec<String> {
    let project = Project::new().file("p.json", text.replace("GOOD", GOOD));
    let run = project.run(["check", "--kind=session", "--format=concise", "p.json"]);
    let found: Vec<String> = run.stdout.lines().filter(|line| line.contains("error: ")).map(str::to_owned).collect();
    assert_eq!(run.status, Some(if found.is_empty() { 0 } else { 2 }), "{text}\n{}{}", run.stdout, run.stderr);
    found
}

#[track_caller]
fn is_told(text: &str, what: &str) {
    let found = errors(text);
    assert!(matches!(found.as_slice(), [one] if one.contains(what)), "{text}: {found:?}");
}

#[track_caller]
fn is_quiet(text: &str) {
    assert_eq!(errors(text), [] as [&str; 0], "{text}");
}

#[test]
fn a_request_without_a_policy_asks_for_all_that_the_role_has() {
    const TOLD: &str = "this request for a key has no policy";
    const WITH: &str = r#"{"RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "a", "Policy": GOOD}"#;
    for without in [
        r#"{"RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "b", "Policy": null}"#,
        r#"{"RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "b", "Policy": ""}"#,
        r#"{"role_arn": "arn:aws:iam::111122223333:role/r", "role_session_name": "b"}"#,
        r#"{"RoleArn": "arn:aws:iam::111122223333:role/r", "DurationSeconds": 900}"#,
        r#"{"RoleArn": "arn:aws:iam::111122223333:role/r"}"#,
        r#"{"RoleArn": "arn:aws:iam::111122223333:role/r", "Policy": "${policy}"}"#,
    ] {
        is_told(&format!("[{WITH}, {without}]"), TOLD);
        is_told(&format!(r#"{{"a": {WITH}, "b": {{"c": {without}}}}}"#), TOLD);
    }
    is_told(r#"[GOOD, {"RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "b"}]"#, TOLD);
    is_told(r#"{"policy": GOOD, "x": {"RoleArn": "arn:aws:iam::111122223333:role/r", "Policy": null}}"#, TOLD);
    // In a string it is the same request.
    let escaped = |text: &str| serde_json::to_string(&text.replace("GOOD", GOOD)).unwrap();
    let without = escaped(r#"{"RoleArn": "r", "RoleSessionName": "b"}"#);
    is_told(&format!(r#"{{"a": {}, "b": {without}}}"#, escaped(WITH)), TOLD);
    is_told(&format!("[{}, {without}]", escaped(WITH)), TOLD);
    is_told(&format!("[GOOD, {without}]"), TOLD);
    is_quiet(&format!(r#"{{"policy": GOOD, "x": {without}}}"#));
    // What requests have in common may stand around them.
    is_told(r#"{"RoleArn": "r", "RoleSessionName": "y", "keys": [{"Policy": GOOD}, {"Policy": null}]}"#, TOLD);
    is_quiet(r#"{"RoleArn": "r", "RoleSessionName": "y", "keys": [{"Policy": GOOD}], "retry": {"policy": "never"}}"#);
    is_told(r#"[{"Name": "a", "DurationSeconds": 900, "Policy": GOOD}, {"Name": "b", "DurationSeconds": 900}]"#, TOLD);
    is_quiet(r#"[GOOD, {"name": "video", "durationSeconds": 30}]"#);
    is_quiet(r#"[GOOD, {"bucket": "b", "prefix": "a/", "action": "upload"}]"#);
    is_quiet(&format!("[{WITH}, {WITH}]"));
    // What a role is for is said elsewhere, what requests have in common stands around them, and not all have roles.
    is_quiet(&format!(r#"[{WITH}, {{"Arn": "x", "Id": "y", "RoleArn": "arn:aws:iam::111122223333:role/r"}}]"#));
    is_quiet(r#"{"policy": GOOD, "sts": {"roleArn": "arn:aws:iam::111122223333:role/r", "roleSessionName": "web"}}"#);
    is_quiet(&format!(r#"{{"RoleArn": "x", "RoleSessionName": "y", "requests": [{WITH}]}}"#));
    is_quiet(r#"[{"name": "a", "policy": GOOD}, {"name": "b", "policy": null}]"#);
}

const GRANT: &str = "this grants something in a form that is not read";

#[test]
fn a_grant_in_another_notation_is_told_beside_a_policy() {
    for grant in [
        r#"{"aws_iam_policy_document": {"x": {"statement": [{"actions": ["s3:*"], "resources": ["*"]}]}}}"#,
        r#"{"aws_iam_policy_document": {"x": {"statement": {"actions": ["*"], "resources": ["${var.all}"]}}}}"#,
        r#"{"aws_iam_policy_document": {"x": {"statement": [{"not_actions": ["ec2:*"], "resources": ["*"]}]}}}"#,
        r#"[{"Effect": "Allow", "Actions": ["s3:*"], "Resources": ["*"]}]"#,
        r#"[{"Effect": "Allow", "Actions": ["*"], "Resources": ["*"]}]"#,
        r#"[{"Action": "s3:*", "Resource": "*"}]"#,
        r#"[{"_actions": ["s3:*"], "_resources": ["*"]}]"#,
        r#"[{"Effect": "Allow", "Action": "s3:*"}]"#,
        r#"[{"action": "name/cos:PutObject", "bucket": "b-1250000000", "region": "ap-guangzhou", "prefix": "*"}]"#,
        r#"{"allowPrefix": "*", "allowActions": ["name/cos:PutObject"]}"#,
        r#"{"bucket": "b-1250000000", "allow_prefix": ["*"], "allow_actions": ["name/cos:PutObject"], "policy": ""}"#,
        r#""{\"allowPrefix\": \"*\", \"allowActions\": [\"name/cos:PutObject\"]}""#,
        r#"{"permissions": "s3:*", "resource": "arn:aws:s3:::media/*"}"#,
        r#"{"prior_state": {"x": {"statement": [{"effect": "Allow", "actions": ["s3:*"], "not_actions": null, "resources": ["*"]}]}}}"#,
        r#"{"x": {"statement": [{"effect": {"constant_value": "Allow"}, "actions": {"constant_value": ["s3:*"]}}]}}"#,
    ] {
        is_told(&format!(r#"{{"policy": GOOD, "x": {grant}}}"#), GRANT);
    }
}

/// Grants that count wherever they stand.
#[track_caller]
fn is_told_alone_too(grant: &str) {
    is_told(grant, GRANT);
    is_told(&format!(r#"{{"policy": GOOD, "x": {grant}}}"#), GRANT);
    Project::new().file("b.json", grant).run(["check", "--kind=session"]).exits(2);
}

#[test]
fn a_statement_whose_keys_hold_the_way_to_each_element_is_told() {
    for grant in [
        r#"{"Statement.1.Effect": "allow", "Statement.1.Action": "s3:*", "Statement.1.Resource": "*"}"#,
        r#"{"policy.Statement.1.Effect": "allow", "policy.Statement.1.Action": "name/cos:*"}"#,
        r#"{"Policy": {"Statement.member.1.Action.member.1": "oss:*", "Statement.member.1.Resource.member.1": "*"}}"#,
        r#"{"Statement[0].Effect": "Allow", "Statement[0].NotAction[0]": "ec2:*", "Statement[0].Resource[0]": "*"}"#,
        r#"{"Statement__0__Effect": "Allow", "Statement__0__Action": "s3:*"}"#,
        r#"{"a.effect": "allow", "a.action": "s3:*", "a.resource": "*"}"#,
        r#"{"statement_0_effect": "allow", "statement_0_action": "name/cos:*", "statement_0_resource": "*"}"#,
        r#"{"Statement-1-Effect": "Allow", "Statement-1-Action": "name/cos:*", "Statement-1-Resource": "*"}"#,
        r#"{"statement_0_effect": "allow", "statement_0_not_action": "ec2:*", "statement_0_resource": "*"}"#,
        r#"{"allow-prefix": "*", "allow-actions": ["name/cos:PutObject"], "bucket": "b-1250000000"}"#,
    ] {
        is_told_alone_too(grant);
    }
    is_quiet(r#"{"policy": GOOD, "x": {"statement_effect": "fade", "user_action": "read", "bank_statement_id": "*"}}"#);
    is_quiet(r#"{"policy": GOOD, "x": {"a.effect": "allow", "a.action": "read", "a.resource": "article"}}"#);
    is_quiet(
        r#"{"policy": GOOD, "x": {"Statement.1.Effect": "Allow", "Statement.1.Action": "ec2:*", "b.resource": "*"}}"#,
    );
}

#[test]
fn lists_of_storage_actions_and_resources_are_told_whatever_they_are_called() {
    is_told_alone_too(r#"{"permissions": ["s3:PutObject"], "resources": ["arn:aws:s3:::media/*"]}"#);
    is_told_alone_too(r#"{"operations": ["oss:PutObject"], "paths": ["acs:oss:*:*:media/*"]}"#);
    is_told_alone_too(r#"{"permissions": ["s3:PutObject"], "resources": ["*"]}"#);
    is_told(r#"{"policy": GOOD, "x": {"operation": "s3:PutObject", "object": "arn:aws:s3:::media/*"}}"#, GRANT);
    is_told(r#"{"policy": GOOD, "x": {"event.action": "s3:*", "event.resource": "arn:aws:s3:::media/a"}}"#, GRANT);
    is_told_alone_too(r#"{"actions": ["cos:PutObject"], "resources": ["qcs::cos:::media-1250000000/*"]}"#);
    for other in [
        r#"{"permissions": ["read"], "resources": ["article"]}"#,
        r#"{"permissions": ["ec2:*"], "resources": ["arn:aws:ec2:*:*:instance/x"]}"#,
        r#"{"events": ["s3:ObjectCreated:*"], "resources": ["arn:aws:s3:::media"]}"#,
        // Logs of requests.
        r#"{"operation": "s3:PutObject", "object": "arn:aws:s3:::media/a.jpg"}"#,
        r#"{"event.action": "s3:PutObject", "event.resource": "arn:aws:s3:::media/a.jpg"}"#,
    ] {
        is_quiet(&format!(r#"{{"policy": GOOD, "x": {other}}}"#));
    }
}

#[test]
fn an_application_s_own_permissions_are_no_policy_of_storage() {
    let own = [
        r#"{"effect": "allow", "action": "read", "resource": "article"}"#,
        r#"{"effect": "allow", "action": ["read", "create"], "resource": "*"}"#,
        r#"{"rules": [{"effect": "allow", "actions": ["read"], "resources": ["article"]}]}"#,
    ];
    for text in own {
        is_quiet(&format!(r#"{{"policy": GOOD, "x": {text}}}"#));
        Project::new().file("a.json", GOOD).file("b.json", text).run(["check", "--kind=session"]).exits(0);
        // Named, it was to be one.
        let run = Project::new().file("b.json", text).run(["check", "b.json"]).exits(2);
        assert!(run.stdout.contains("no policy was found"), "{}{}", run.stdout, run.stderr);
    }
    // A provider's action in another letter case or misspelt, and all actions, are storage's.
    for text in [
        r#"{"effect": "allow", "action": ["getobjects", "putobjects"], "resource": "*"}"#,
        r#"{"effect": "allow", "action": "putobject", "resource": "*"}"#,
        r#"{"effect": "allow", "action": "*", "resource": "*"}"#,
    ] {
        Project::new().file("b.json", text).run(["check", "--kind=session", "b.json"]).exits(1);
    }
    for text in [
        r#"{"effect": "allow", "action": "*", "resource": "examplebucket-1250000000"}"#,
        r#"{"effect": "allow", "action": "*", "resource": "article"}"#,
    ] {
        let run = Project::new().file("a.json", GOOD).file("b.json", text).run(["check", "--kind=session"]);
        assert_ne!(run.status, Some(0), "{text}\n{}", run.stdout);
        assert!(run.stdout.contains("b.json"), "{text}\n{}", run.stdout);
    }
    is_told(r#"[GOOD, {"effect": "allow", "actions": ["putobjects"], "resources": ["*"]}]"#, GRANT);
    is_told(r#"[GOOD, {"effect": "allow", "actions": ["*"], "resources": ["examplebucket-1250000000"]}]"#, GRANT);
}

#[test]
fn a_plan_without_policies_of_storage_is_none() {
    for statement in [
        r#"{"effect": "Allow", "actions": ["ec2:*"], "not_actions": null, "resources": ["*"], "not_resources": []}"#,
        r#"{"effect": "Allow", "actions": ["*"], "not_actions": [], "resources": ["arn:aws:ec2:*:*:instance/x"]}"#,
        r#"{"effect": "Allow", "actions": ["sts:AssumeRole"], "principals": [{"type": "Service"}], "resources": null}"#,
        r#"{"effect": {"constant_value": "Allow"}, "actions": {"constant_value": ["ec2:*"]}}"#,
    ] {
        let plan = format!(r#"{{"prior_state": {{"values": {{"statement": [{statement}]}}}}}}"#);
        is_quiet(&format!(r#"{{"policy": GOOD, "x": {plan}}}"#));
        Project::new().file("a.json", GOOD).file("plan.json", plan).run(["check", "--kind=session"]).exits(0);
    }
}

#[test]
fn what_has_a_word_of_a_grant_is_none() {
    for other in [
        r#"{"statement": [{"actions": ["ec2:*", "sts:AssumeRole"], "resources": ["*"]}]}"#,
        r#"[{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}]"#,
        r#"{"Statements": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::media/a.jpg"}]}"#,
        r#"{"action": "create", "resource": "user", "scope": ["openid"]}"#,
        r#"{"Action": "lambda:InvokeFunction", "SourceArn": "arn:aws:s3:::media", "Principal": "s3.amazonaws.com"}"#,
        r#"{"Type": "Task", "Resource": "arn:aws:states:::s3:putObject", "Next": "end"}"#,
        r#"{"effect": "fade", "action": "show", "bucket": "b", "prefix": "app/"}"#,
        r#"{"Statement": {"RateBasedStatement": {"Limit": 100}}, "Action": {"Block": {}}}"#,
        r#"{"scope": "source.json", "statement": "select 1", "resources": ["a.png"], "actions": ["build"]}"#,
        r#"{"bucket": "b-1250000000", "allowPrefix": "*", "allowActions": ["name/cos:PutObject"], "policy": GOOD}"#,
    ] {
        is_quiet(&format!(r#"{{"policy": GOOD, "x": {other}}}"#));
    }
}

#[test]
fn a_plain_grant_counts_in_a_walk_and_no_other_one() {
    let plain = r#"{"x": {"statement": [{"actions": ["s3:*"], "resources": ["*"]}]}}"#;
    let run = Project::new().file("a.json", GOOD).file("b.json", plain).run(["check", "--kind=session"]).exits(2);
    assert!(run.stdout.contains(&format!("error: b.json:1:22: {GRANT}")), "{}", run.stdout);
    let other = r#"[{"effect": "allow", "actions": ["delete"], "resources": ["articles"]}, {"action": "s3:Get", "resource": "x"}]"#;
    Project::new().file("a.json", GOOD).file("b.json", other).run(["check", "--kind=session"]).exits(0);
}

#[test]
fn a_walk_passes_over_statements_that_speak_of_nothing_a_policy_does() {
    let mut project = Project::new().file("a.json", GOOD);
    for (name, text) in [
        ("b.json", r#"{"statement": {"descriptor": "x"}}"#),
        ("c.json", r#"{"statement": ["SELECT 1"]}"#),
        ("d.json", r#"{"version": "1", "statement": "thanks"}"#),
        ("e.json", r#"{"map": "data:application/json;base64,eyJ2ZXJzaW9uIjozfQ=="}"#),
        ("f.json", "{"),
        ("g.json", ""),
        ("h.json", r#"{"statement": [{"affect": "mood"}]}"#),
    ] {
        project = project.file(name, text);
    }
    let run = project.run(["check", "-v", "--kind=session"]).exits(0);
    for name in ["b", "c", "d", "e", "f", "g", "h"] {
        let skipped = format!("skipped: {name}.json: ");
        assert!(run.stdout.contains(&skipped) || run.stderr.contains(&skipped), "{}{}", run.stdout, run.stderr);
    }
    // Named, it is judged.
    project.run(["check", "--kind=session", "b.json"]).exits(1);
}

#[test]
fn a_policy_that_was_cut_short_is_told_in_a_walk() {
    for cut in [
        r#"{ "Version": "2012-10-17", "Statemen"#,
        r#"{"Version": "2012-10-17", ""#,
        r#"{"version": "2.0", "statement""#,
        r#"{"version": "2.0", "statement":"#,
    ] {
        Project::new().file("a.json", GOOD).file("b.json", cut).run(["check", "--kind=session"]).exits(2);
    }
    let other = r#"{"version": "2.0", "styles"#;
    Project::new().file("a.json", GOOD).file("b.json", other).run(["check", "--kind=session"]).exits(0);
}

#[test]
fn policies_that_a_request_names_are_told_by_every_command() {
    const TOLD: &str = "the policies that are named here are not in this document";
    let request = |more: &str| {
        format!(r#"{{"RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "a", {more}"Policy": GOOD}}"#)
    };
    let arns = r#""PolicyArns": [{"arn": "arn:aws:iam::aws:policy/AdministratorAccess"}], "#;
    is_told(&request(arns), TOLD);
    is_told(&request(r#""PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/AdministratorAccess", "#), TOLD);
    is_told(&request(r#""PolicyArns[0].arn": "arn:aws:iam::aws:policy/AdministratorAccess", "#), TOLD);
    is_told(&format!(r#"{{"Policy": GOOD, {}}}"#, arns.replace(['[', ']'], "").trim_end_matches(", ")), TOLD);
    is_quiet(&request(r#""PolicyArns": [], "#));
    // What a template attaches to a role may do more, as whatever else is attached.
    is_quiet(
        r#"{"ManagedPolicyArns": ["arn:aws:iam::aws:policy/AmazonS3FullAccess"], "Policies": [{"PolicyName": "x", "PolicyDocument": GOOD}]}"#,
    );

    let [with, without] = [request(arns), request("")].map(|text| text.replace("GOOD", GOOD));
    let project = Project::new().file("with.json", with).file("without.json", without);
    for (command, status) in [
        (&["diff", "without.json", "with.json"][..], 2),
        (&["diff", "without.json", "without.json"], 0),
        (&["effective", "--caller", "without.json", "--session", "with.json"], 2),
        (&["effective", "--caller", "with.json", "--session", "without.json"], 2),
        (&["matrix", "with.json"], 2),
        (&["matrix", "without.json"], 0),
        (&["can", "with.json", "DeleteObject", "media/b"], 2),
        (&["can", "without.json", "DeleteObject", "media/b"], 1),
    ] {
        let run = project.run(command).exits(status);
        assert_eq!(run.stdout.contains(TOLD) || run.stderr.contains(TOLD), status == 2, "{command:?}");
    }
}

const FORM: &str =
    r#"{"expiration": "2026-12-01T12:00:00.000Z", "conditions": [{"bucket": "media"}, ["starts-with", "$key", ""]]}"#;
const ENCODED: &str = "this is a policy in base64";

#[test]
fn a_policy_in_base64_is_told_beside_another_one() {
    for text in [GOOD, FORM, &format!("\n{GOOD}"), &format!(r#"{{"x": {{"Policy": {GOOD}}}}}"#)] {
        let encoded = BASE64.encode(text.as_bytes());
        let lines: Vec<&str> = encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
        for written in [
            encoded.clone(),
            encoded.replace('/', "\\/"),
            encoded.replace('=', "%3D"),
            lines.join("\\n"),
            BASE64URL_NOPAD.encode(text.as_bytes()),
            format!("data:application/json;base64,{encoded}"),
            format!("DATA:application/json;BASE64,{encoded}"),
            format!("\\n  {encoded}"),
            format!("  {encoded}"),
            BASE64.encode(format!(r#"{{"twice": "{encoded}"}}"#).as_bytes()),
            BASE64.encode(encoded.as_bytes()),
            BASE64URL_NOPAD.encode(BASE64.encode(encoded.as_bytes()).as_bytes()),
            BASE64.encode(BASE64.encode(BASE64.encode(encoded.as_bytes()).as_bytes()).as_bytes()),
            BASE64.encode(format!("\"{}\"", text.replace('"', "\\\"").replace('\n', " ")).as_bytes()),
        ] {
            is_told(&format!(r#"{{"policy": GOOD, "x": "{written}"}}"#), ENCODED);
            is_told(&format!(r#"[GOOD, "{written}"]"#), ENCODED);
        }
        let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        is_told(&format!(r#"[GOOD, "{}"]"#, BASE64.encode(&utf_16)), ENCODED);
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for marked in [[b"\xFF\xFE", utf_16.as_slice()].concat(), [b"\xFE\xFF", big.as_slice()].concat()] {
            is_told(&format!(r#"[GOOD, "{}"]"#, BASE64.encode(&marked)), ENCODED);
            is_told(&format!(r#"[GOOD, "{}"]"#, BASE64.encode(&marked).replace('/', "\\/")), ENCODED);
        }
    }
}

/// A text with every byte URL-encoded.
fn url(text: &str) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap();
    text.bytes().flat_map(|byte| ['%', digit(byte >> 4), digit(byte & 15)]).collect()
}

#[test]
fn a_policy_is_told_however_often_it_was_encoded() {
    for blanks in ["", "    ", &" ".repeat(40), "\n                  "] {
        let mut text = format!("{blanks}{GOOD}");
        for _ in 0..12 {
            text = format!("{blanks}{}", BASE64.encode(text.as_bytes()));
            is_told(&format!(r#"[GOOD, "{}"]"#, text.replace('\n', "\\n")), ENCODED);
        }
    }
    let base = |text: &str| BASE64.encode(text.as_bytes());
    for text in [
        base(&format!("// c\n{GOOD}")),
        base(&format!("\u{200B}{GOOD}")),
        base(&url(GOOD)),
        base(&url(GOOD).replace("%20", "+")),
        url(&base(GOOD)),
        url(&base(&url(GOOD))),
        url(&url(&url(&url(&url(GOOD))))),
    ] {
        is_told(&format!(r#"[GOOD, {{"x": "{text}"}}]"#), ENCODED);
    }
}

#[test]
fn a_text_under_the_name_of_a_policy_that_is_not_read_is_told_beside_one() {
    let yaml = "Version: '2012-10-17'\nStatement:\n- {Effect: Allow, Action: 's3:*', Resource: '*'}\n";
    let texts = ["// bob\nGOOD", "\u{200B}GOOD", ";GOOD", "(GOOD)", "\0GOOD", yaml, "x = GOOD"];
    for text in texts.map(|text| serde_json::to_string(&text.replace("GOOD", GOOD)).unwrap()) {
        for name in ["Policy", "policy_document"] {
            is_told(&format!(r#"[GOOD, {{"{name}": {text}}}]"#), "no policy was recognised here");
            is_told(
                &format!(r#"{{"policy": GOOD, "x": {{"y": {{"{name}": {text}}}}}}}"#),
                "no policy was recognised here",
            );
        }
    }
    for other in [
        "private",
        "arn:aws:iam::aws:policy/AmazonS3FullAccess",
        "file:///etc/policies/effect/action/resource/statement.json",
        "This statement says what effect each action on a resource has: none",
    ] {
        is_quiet(&format!(r#"[GOOD, {{"Policy": "{other}"}}]"#));
    }
}

#[test]
fn a_policy_that_a_url_or_a_form_passes_is_told() {
    const TOLD: &str = "a policy is passed in this URL or form";
    let encoded = url(GOOD);
    let base = BASE64.encode(GOOD.as_bytes());
    for text in [
        format!("https://sts.example/?Action=GetFederationToken&Policy={encoded}"),
        format!("https://sts.example/?Action=GetFederationToken\\u0026Policy={encoded}"),
        format!("Policy={encoded}&Name=x"),
        format!("Policy={base}&Name=x"),
        format!("policy={}", GOOD.replace('"', "\\\"")),
    ] {
        is_told(&format!(r#"[GOOD, {{"x": "{text}"}}]"#), TOLD);
        Project::new().file("b.json", format!(r#"{{"x": "{text}"}}"#)).run(["check", "--kind=session"]).exits(2);
    }
    is_quiet(r#"[GOOD, {"x": "https://docs.example/page?policy=private&statement=effect&action=resource"}]"#);
}

#[test]
fn other_words_in_base64_are_nothing() {
    let map = r#"{"version": 3, "sources": ["a.ts", "b.ts"], "mappings": "AAAA"}"#;
    for other in [
        &*BASE64.encode(map.as_bytes()),
        "data:application/json;base64,eyJ2ZXJzaW9uIjozfQ==",
        &*BASE64.encode(br#"{"version": "a version of something that is long enough"}"#),
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ.c2ln",
        "In every bucket of this account there is one directory for each user",
        r"{note: 'Indicates something', other: 'eggs and ham and more of it'}",
        "e30eyJ7eyJe30e30WyJWyJWyJ7eyJe30e30WyJWyJWyJ7eyJe30e30WyJ",
    ] {
        is_quiet(&format!(r#"{{"policy": GOOD, "x": "{other}"}}"#));
    }
}

#[test]
fn a_presigned_form_counts_in_a_walk() {
    let form = format!(
        r#"{{"url": "https://media.example", "fields": {{"key": "${{filename}}", "policy": "{}"}}}}"#,
        BASE64.encode(FORM.as_bytes())
    );
    let project = Project::new().file("a.json", GOOD).file("b.json", form);
    for args in [&["check", "--kind=session"][..], &["check", "--ignore-unknown", "b.json"], &["check", "b.json"]] {
        let run = project.run(args).exits(2);
        assert!(run.stdout.contains(&format!("error: b.json:1:77: {ENCODED}")), "{}", run.stdout);
    }
    project.run(["can", "b.json", "PutObject", "media/a"]).exits(2);
    project.run(["diff", "a.json", "b.json"]).exits(2);
}

#[test]
fn what_a_template_fills_in_is_not_judged_and_no_fault() {
    let statement =
        |elements: &str| format!(r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", {elements}}}]}}"#);
    for (elements, function) in [
        (r#""Action": "s3:PutObject", "Resource": {"Fn::Sub": "arn:aws:s3:::${B}/public/*"}"#, "Fn::Sub"),
        (r#""Action": "s3:PutObject", "Resource": [{"Fn::Join": ["", ["a", "b"]]}]"#, "Fn::Join"),
        (r#""Action": {"Fn::If": ["A", "s3:GetObject", "s3:PutObject"]}, "Resource": "arn:aws:s3:::b/a""#, "Fn::If"),
        (
            r#""Principal": {"AWS": {"Fn::GetAtt": ["R", "Arn"]}}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/a""#,
            "Fn::GetAtt",
        ),
        (r#""Principal": {"Ref": "P"}, "Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/a""#, "Ref"),
        (
            r#""Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/a", "Condition": {"Fn::If": ["A", {}, {}]}"#,
            "Fn::If",
        ),
        (
            r#""Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/a", "Condition": {"StringEquals": {"aws:PrincipalOrgID": {"Ref": "O"}}}"#,
            "Ref",
        ),
        (r#""Action": "s3:PutObject", "Resource": "arn:aws:s3:::b/a"}, {"Fn::If": ["A", {}, {}]"#, "Fn::If"),
    ] {
        let project = Project::new().file("p.json", statement(elements));
        let run = project.run(["check", "--format=concise", "p.json"]).exits(2);
        assert!(run.stdout.contains(&format!("what `{function}` makes of this")), "{elements}: {}", run.stdout);
        for rule in ["wrong-type", "unknown-operator", "missing-element", "unknown-element"] {
            assert!(!run.stdout.contains(rule), "{elements}: {}", run.stdout);
        }
    }
}
