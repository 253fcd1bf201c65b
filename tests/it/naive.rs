//! A second opinion: an evaluator so simple that it can be checked by reading.
//!
//! It shares no code with the library: policies are read by `serde_json`, `*` is matched by recursion, and the few facts
//! about COS that it needs stand in the tables below. A request is an action and a target; a statement whose conditions
//! are not empty may or may not speak, so an answer is *may* (if conditions turn out so) or *must* (whatever they are).

use serde_json::Value;

/// The actions that list are judged against the prefix they ask for.
const LISTING: [&str; 3] = ["GetBucket", "GetBucketObjectVersions", "ListMultipartUploads"];

/// Actions that are granted on `*` and on nothing else.
const SERVICE: [&str; 17] = [
    "CreateAutoBackup",
    "CreateInstantBackup",
    "CreateJob",
    "CreateMigrateUser",
    "CreateMigrateVoucherTask",
    "CreateMounting",
    "CreateOrModifyLhGiftPkg",
    "DescribeAutoBackup",
    "DescribeBackupTask",
    "DescribeGsPkgConfig",
    "DescribeJob",
    "DescribeStatCosPackage",
    "GetBucketBandwidthQuota",
    "GetService",
    "ListJobs",
    "UpdateJobPriority",
    "UpdateJobStatus",
];

/// What an action touches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Touches {
    /// A key of a bucket.
    Object,
    /// The bucket, written `bucket/`.
    Bucket,
    /// A prefix of keys: `bucket/prefix`, the prefix perhaps empty.
    Prefix,
    /// The account: only `*`.
    Service,
}

/// What an action touches, by its name.
pub(crate) fn touches(action: &str) -> Touches {
    if SERVICE.contains(&action) {
        Touches::Service
    } else if LISTING.contains(&action) {
        Touches::Prefix
    } else if action.contains("Bucket") || action == "ListLiveChannels" {
        Touches::Bucket
    } else {
        Touches::Object
    }
}

/// Whether a pattern, in which `*` is any run of characters, matches a text.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    match pattern.strip_prefix('*') {
        Some(rest) if rest.starts_with('*') => glob(rest, text),
        Some(rest) => (0..=text.len()).filter(|at| text.is_char_boundary(*at)).any(|at| glob(rest, &text[at..])),
        None => match (pattern.chars().next(), text.chars().next()) {
            (Some(a), Some(b)) => a == b && glob(&pattern[a.len_utf8()..], &text[b.len_utf8()..]),
            (None, None) => true,
            _ => false,
        },
    }
}

/// A statement as far as it matters here.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) allows: bool,
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<String>,
    pub(crate) is_conditional: bool,
}

/// An answer for one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Answer {
    /// It passes when the conditions turn out well for it.
    pub(crate) may: bool,
    /// It passes whatever the conditions.
    pub(crate) must: bool,
}

/// The value of a key in any letter case; the last one of several.
fn get<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    object.as_object()?.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next_back()
}

fn strings(value: Option<&Value>) -> Option<Vec<String>> {
    match value? {
        Value::String(text) => Some(vec![text.trim().to_owned()]),
        Value::Array(list) => list.iter().map(|text| text.as_str().map(|text| text.trim().to_owned())).collect(),
        _ => None,
    }
}

/// The statements of a policy; `None` for whatever is not of the plain form.
pub(crate) fn statements(text: &str) -> Option<Vec<Statement>> {
    let policy: Value = serde_json::from_str(text).ok()?;
    let list = match get(&policy, "statement")? {
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    };
    list.iter()
        .map(|statement| {
            Some(Statement {
                allows: get(statement, "effect")?.as_str()?.eq_ignore_ascii_case("allow"),
                actions: strings(get(statement, "action"))?,
                resources: strings(get(statement, "resource"))?.iter().map(|text| modern(text)).collect(),
                is_conditional: get(statement, "condition").and_then(Value::as_object).is_some_and(|o| !o.is_empty()),
            })
        })
        .collect()
}

/// `prefix//appid/bucket/key` as `bucket-appid/key`.
fn modern(resource: &str) -> String {
    let Some((head, old)) = resource.split_once(":prefix//") else { return resource.to_owned() };
    let mut parts = old.splitn(3, '/');
    let (appid, bucket) = (parts.next().unwrap_or_default(), parts.next().unwrap_or("*"));
    let bucket =
        if bucket.contains('*') || appid.contains('*') { bucket.to_owned() } else { format!("{bucket}-{appid}") };
    parts.next().map_or_else(|| format!("{head}:{bucket}"), |key| format!("{head}:{bucket}/{key}"))
}

/// Whether an action pattern speaks of an action; the letter case is forgiven as the design has it.
pub(crate) fn speaks_of(pattern: &str, action: &str) -> bool {
    let pattern = pattern.strip_prefix("name/").unwrap_or(pattern);
    let name = match pattern.split_once(':') {
        None if pattern == "*" => return true,
        None => pattern,
        Some((service, name)) if glob(&service.to_ascii_lowercase(), "cos") => name,
        Some(_) => return false,
    };
    let name = name.trim();
    glob(name, action) || glob(&name.to_ascii_lowercase(), &action.to_ascii_lowercase())
}

/// Region, account and path of a resource.
fn parts(resource: &str) -> Option<[&str; 3]> {
    let mut parts = resource.splitn(6, ':');
    let (_, _, service) = (parts.next()?, parts.next()?, parts.next()?);
    let (region, account, path) = (parts.next()?, parts.next()?, parts.next()?);
    matches!(service, "cos" | "" | "*").then_some([region.trim(), account.trim(), path.trim()])
}

/// Whether a resource holds the target of a request for an action that touches this.
pub(crate) fn holds(resource: &str, target: &str, touches: Touches) -> bool {
    if resource == "*" {
        return true;
    }
    let (Some([region, account, path]), Some([own_region, own_account, own_path])) = (parts(resource), parts(target))
    else {
        return false;
    };
    let sort = |account: &str| account.split_once('/').map(|(sort, _)| sort.to_owned());
    let fits_region = region.is_empty() || own_region.is_empty() || glob(region, own_region);
    // An APPID and an account number cannot be compared, and the bucket's name holds the APPID anyway.
    let fits_account = account.is_empty()
        || own_account.is_empty()
        || account.ends_with('/')
        || sort(account) != sort(own_account)
        || glob(account, own_account);
    fits_region && fits_account && holds_path(path, own_path, touches)
}

/// The same for paths alone.
pub(crate) fn holds_path(path: &str, target: &str, touches: Touches) -> bool {
    let is_bucket_itself = !path.contains('*') && path.find('/').is_none_or(|slash| slash + 1 == path.len());
    let bucket = path.trim_end_matches('/');
    match touches {
        Touches::Service => false,
        Touches::Prefix if is_bucket_itself => target.split('/').next() == Some(bucket),
        Touches::Bucket if is_bucket_itself => target.trim_end_matches('/') == bucket,
        Touches::Object if is_bucket_itself => false,
        _ => glob(path, target),
    }
}

/// Whether a request passes.
pub(crate) fn judge(statements: &[Statement], action: &str, target: &str) -> Answer {
    let touches = touches(action);
    let speaks = |statement: &Statement| {
        statement.actions.iter().any(|pattern| speaks_of(pattern, action))
            && statement.resources.iter().any(|resource| holds(resource, target, touches))
    };
    let any = |allows: bool, is_firm: bool| {
        statements.iter().any(|s| s.allows == allows && (!is_firm || !s.is_conditional) && speaks(s))
    };
    Answer { may: any(true, false) && !any(false, true), must: any(true, true) && !any(false, false) }
}

#[test]
fn the_second_opinion_is_right_on_what_everybody_knows() {
    assert!(glob("a*b*", "axxbyy") && glob("*", "") && glob("a*", "a/b") && !glob("a*b", "ab/"));
    assert!(glob("**a", "za") && !glob("?", "a"));
    assert!(speaks_of("name/cos:Get*", "GetBucket") && speaks_of("*", "PutObject") && speaks_of("cos:*", "PutObject"));
    assert!(!speaks_of("cvm:*", "PutObject") && speaks_of("name/*:*", "PutObject"));
    assert!(holds_path("b/", "b/app/", Touches::Prefix) && holds_path("b/*", "b/", Touches::Bucket));
    assert!(!holds_path("b/app/*", "b/", Touches::Bucket) && !holds_path("b/", "b/x", Touches::Object));
    let policy = r#"{"version": "2.0", "statement": [
        {"effect": "allow", "action": "name/cos:GetObject", "resource": "qcs::cos:r:uid/1:b-1/*"},
        {"effect": "deny", "action": "cos:*", "resource": ["qcs::cos::uid/1:b-1/x"], "condition": {"a": {"b": "c"}}}]}"#;
    let statements = statements(policy).unwrap();
    let ask = |path: &str| judge(&statements, "GetObject", &format!("qcs::cos:r:uid/1:{path}"));
    assert_eq!(ask("b-1/x"), Answer { may: true, must: false });
    assert_eq!(ask("b-1/y"), Answer { may: true, must: true });
    assert_eq!(ask("c-1/y"), Answer { may: false, must: false });
}
