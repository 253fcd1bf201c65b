//! Policies to measure on: made from a fixed seed, so that every run and every machine reads the same bytes.
//!
//! Two sorts. A clean policy gives one user's key what it needs (uploads to an own path, reading a shared one, listing
//! one prefix, with conditions and denies) and reports nothing in the default profile. A faulty one is made of the
//! statements that people really write: wildcards, joined actions, shared prefixes, misspelled names, foreign words.

use std::fmt::Write as _;

/// Deterministic numbers: xorshift64.
pub(crate) struct Random(u64);

impl Random {
    /// Numbers from this seed, which is not 0.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end.max(1)
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    /// One of some words.
    pub(crate) fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words.get(self.below(words.len())).copied().unwrap_or_default()
    }
}

const REGIONS: [&str; 5] = ["ap-guangzhou", "ap-beijing", "ap-shanghai", "ap-singapore", "na-siliconvalley"];
const BUCKETS: [&str; 6] = ["examplebucket", "media", "user-files", "app-assets", "backup-2024", "im"];
const FOLDERS: [&str; 8] =
    ["app/avatar", "app/photos", "uploads", "im/files", "docs/public", "video/raw", "chat", "album/thumbs"];
const UPLOADS: [&str; 4] = ["PutObject", "PostObject", "AppendObject", "InitiateMultipartUpload"];
const MULTIPART: [&str; 6] = [
    "InitiateMultipartUpload",
    "ListMultipartUploads",
    "ListParts",
    "UploadPart",
    "CompleteMultipartUpload",
    "AbortMultipartUpload",
];
const READS: [&str; 4] = ["GetObject", "HeadObject", "GetObjectTagging", "OptionsObject"];

/// The words of one statement; lists of one are written as lists or as strings.
struct Statement {
    effect: &'static str,
    actions: Vec<String>,
    resources: Vec<String>,
    conditions: Vec<(&'static str, &'static str, String)>,
    sid: Option<String>,
}

/// Where the statements of a policy speak of.
struct Place {
    region: &'static str,
    appid: u64,
    bucket: &'static str,
    owner: String,
}

impl Place {
    fn new(random: &mut Random) -> Self {
        let owner = match random.below(4) {
            0 => format!("user{}", random.below(9000) + 1000),
            1 => {
                let (a, b) = (random.next(), random.next());
                format!(
                    "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
                    a >> 32,
                    a >> 16 & 0xffff,
                    a & 0xfff,
                    b & 0xfff,
                    b >> 16
                )
            }
            2 => "<Username>".to_owned(),
            _ => "${userId}".to_owned(),
        };
        let appid = 1_250_000_000 + random.next() % 9_000_000;
        Self { region: random.pick(&REGIONS), appid, bucket: random.pick(&BUCKETS), owner }
    }

    fn resource(&self, key: &str) -> String {
        let Self { region, appid, bucket, .. } = self;
        format!("qcs::cos:{region}:uid/{appid}:{bucket}-{appid}/{key}")
    }
}

fn statement(actions: &[&str], resource: String) -> Statement {
    let actions = actions.iter().map(|name| format!("name/cos:{name}")).collect();
    Statement { effect: "allow", actions, resources: vec![resource], conditions: Vec::new(), sid: None }
}

fn clean_statement(random: &mut Random, place: &Place) -> Statement {
    let folder = random.pick(&FOLDERS);
    let own = place.resource(&format!("{folder}/{}/*", place.owner));
    let mut made = match random.below(7) {
        0 => statement(&MULTIPART, own),
        1 | 2 => statement(UPLOADS.get(..=random.below(3)).unwrap_or_default(), own),
        3 => statement(&["PutObject", "GetObject", "DeleteObject"], own),
        4 => {
            let mut made = statement(&["GetBucket"], place.resource(""));
            made.conditions.push(("string_like", "cos:prefix", format!("\"{}%2F*\"", folder.replace('/', "%2F"))));
            return made;
        }
        5 => {
            let mut made = statement(READS.get(..=random.below(4)).unwrap_or_default(), own);
            made.resources.push(place.resource(&format!("{folder}/default/{}.png", random.below(100))));
            made
        }
        _ => statement(READS.get(..=random.below(2)).unwrap_or_default(), place.resource(&format!("{folder}/*"))),
    };
    match random.below(8) {
        0 => made.conditions.push((
            "ip_equal",
            "qcs:ip",
            format!("[\"10.{}.0.0/16\", \"203.0.113.7\"]", random.below(256)),
        )),
        // Beside them, actions without a body would never be granted.
        1 if made.actions.iter().all(|name| name.ends_with("PutObject")) => {
            made.conditions.push(("numeric_less_than_equal", "cos:content-length", "5242880".to_owned()));
            made.conditions.push(("string_like", "cos:content-type", "\"image/*\"".to_owned()));
        }
        2 => made.conditions.push(("bool_equal", "cos:secure-transport", "\"true\"".to_owned())),
        _ => {}
    }
    if random.one_in(4) {
        made.sid = Some(format!("allow-{}", random.below(1000)));
    }
    made
}

/// The denies that careful people add; the last statement of some clean policies.
fn clean_deny() -> Statement {
    Statement {
        effect: "deny",
        conditions: vec![("bool_equal", "cos:secure-transport", "\"false\"".to_owned())],
        ..statement(&["*"], "*".to_owned())
    }
}

fn faulty_statement(random: &mut Random, place: &Place) -> Statement {
    let folder = random.pick(&FOLDERS);
    let shared = place.resource(&format!("{folder}/*"));
    match random.below(10) {
        0 => statement(&["*"], "*".to_owned()),
        1 => statement(&["PutObject", "GetObject", "DeleteObject"], "*".to_owned()),
        2 => statement(&["GetObject", "PutObject", "DeleteObject", "PutObjectACL"], shared),
        3 => statement(&["GetBucket*", "PutBucket*"], place.resource("*")),
        4 => statement(&["PutObjects", "getObject", "ListBucket"], shared),
        5 => {
            let mut made = statement(&["PutObject", "GetObject"], shared);
            made.conditions.push(("StringEquals", "cos:x-cos-acl", "\"private\"".to_owned()));
            made
        }
        6 => statement(
            &["PutObject"],
            format!("qcs::cos:{}:uid/1259999999:{}-{}/*", place.region, place.bucket, place.appid),
        ),
        7 => {
            let mut made = statement(&["Put*", "Delete*"], place.resource(&format!("{folder}/{}*", place.owner)));
            made.conditions.push(("string_equal", "cos:content-typ", "\"image/*\"".to_owned()));
            made
        }
        8 => statement(&["GetBucket", "PutBucketPolicy", "DeleteBucket"], place.resource("")),
        _ => {
            let mut made = statement(&["GetObject", "PutObject"], "arn:aws:s3:::examplebucket/app/*".to_owned());
            made.conditions.push(("numeric_less_than", "cos:content-length", "\"10MB\"".to_owned()));
            made
        }
    }
}

/// How a policy is laid out: on one line, or with this many blanks a level.
fn write_policy(statements: &[Statement], indent: Option<usize>) -> String {
    let mut text = String::from("{");
    let line = |text: &mut String, depth: usize| {
        if let Some(width) = indent {
            let _ = write!(text, "\n{:1$}", "", width * depth);
        }
    };
    let colon = if indent.is_some() { ": " } else { ":" };
    line(&mut text, 1);
    let _ = write!(text, "\"version\"{colon}\"2.0\",");
    line(&mut text, 1);
    let _ = write!(text, "\"statement\"{colon}[");
    for (number, statement) in statements.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        line(&mut text, 2);
        text.push('{');
        if let Some(sid) = &statement.sid {
            line(&mut text, 3);
            let _ = write!(text, "\"sid\"{colon}\"{sid}\",");
        }
        line(&mut text, 3);
        let _ = write!(text, "\"effect\"{colon}\"{}\",", statement.effect);
        for (name, list) in [("action", &statement.actions), ("resource", &statement.resources)] {
            line(&mut text, 3);
            let _ = write!(text, "\"{name}\"{colon}[");
            for (number, word) in list.iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                line(&mut text, 4);
                let _ = write!(text, "\"{word}\"");
            }
            line(&mut text, 3);
            text.push_str(if name == "resource" && statement.conditions.is_empty() { "]" } else { "]," });
        }
        if !statement.conditions.is_empty() {
            line(&mut text, 3);
            let _ = write!(text, "\"condition\"{colon}{{");
            for (number, (operator, key, value)) in statement.conditions.iter().enumerate() {
                if number > 0 {
                    text.push(',');
                }
                line(&mut text, 4);
                let _ = write!(text, "\"{operator}\"{colon}{{\"{key}\"{colon}{value}}}");
            }
            line(&mut text, 3);
            text.push('}');
        }
        line(&mut text, 2);
        text.push('}');
    }
    line(&mut text, 1);
    text.push(']');
    line(&mut text, 0);
    text.push('}');
    text
}

/// A policy of 300 to 900 bytes.
pub(crate) fn policy(random: &mut Random, is_clean: bool) -> String {
    loop {
        let place = Place::new(random);
        let indent = [None, None, Some(2), Some(4)].get(random.below(4)).copied().flatten();
        let mut statements = Vec::new();
        let count = random.below(4) + 1;
        for _ in 0..count {
            statements.push(if is_clean { clean_statement(random, &place) } else { faulty_statement(random, &place) });
        }
        if is_clean && random.one_in(8) {
            statements.push(clean_deny());
        }
        let text = write_policy(&statements, indent);
        if (300..=900).contains(&text.len()) {
            return text;
        }
    }
}

/// One policy with this many clean statements about as many users, laid out with two blanks a level.
pub(crate) fn long_policy(random: &mut Random, count: usize) -> String {
    let mut place = Place::new(random);
    let statements: Vec<Statement> = (0..count)
        .map(|number| {
            place.owner = format!("user{number}");
            clean_statement(random, &place)
        })
        .collect();
    write_policy(&statements, Some(2))
}

/// Paths of resources as policies have them: whole buckets, folders, owners' folders, objects, wildcards inside.
pub(crate) fn path(random: &mut Random) -> String {
    let place = Place::new(random);
    let folder = random.pick(&FOLDERS);
    let Place { appid, bucket, owner, .. } = place;
    match random.below(6) {
        0 => format!("{bucket}-{appid}/*"),
        1 => format!("{bucket}-{appid}/{folder}/*"),
        2 | 3 => format!("{bucket}-{appid}/{folder}/{owner}/*"),
        4 => format!("{bucket}-{appid}/{folder}/{owner}/photo.jpg"),
        _ => format!("{bucket}-*/{folder}/*/photo.jpg"),
    }
}
