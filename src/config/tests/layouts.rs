//! Mistakes in `[[layout]]`, and what becomes of one without.

use super::*;

#[test]
fn mistakes_in_layouts_are_underlined() {
    let text = r#"
[[layout]]
bucket = "examplebucket-*"
key = ["app/avatar/*", "/app/{user}", 3, "app/{userId}/*", "app/{user}/*"]
owner = "user"
names = '[a-z'
name = "a"
[[layout]]
key = "app/{user}/*"
owner = "{user}"
names = "(?m)^a\u0062*$"
[[layout]]
bucket = "b"
key = "app/{user}/*"
owner = "user"
names = "a[^\\s\\S]"
[[layout]]
bucket = "b"
key = "app/{user}/*"
owner = "user"
names = 'a{2,1}b'
[[layout]]
bucket = "b"
key = ""
owner = true
names = ["a"]
"#;
    insta::assert_snapshot!(mistakes(text).join("\n"), @r##"
    "examplebucket-*": `examplebucket-*` is no bucket's name; write the name of one bucket, such as `examplebucket-1250000000`
    "app/avatar/*": `app/avatar/*` does not say where the owner's name stands; write `{user}` in it
    "/app/{user}": `/app/{user}` is no shape of keys: no key begins with `/`; write the key as it stands behind the bucket's name, such as `app/{user}/*`
    3: `key` is a string or a list of strings, found an integer
    "app/{userId}/*": `app/{userId}/*` does not say where the owner's name stands; write `{user}` in it, or `owner = "userId"` if that is the user
    [: `names` cannot be used: unclosed character class; write a regex that matches a whole name, such as `[a-z0-9_]{1,32}`
    name: unknown key `name` in `[[layout]]`; did you mean `names`?
    [[layout]]: `[[layout]]` without `bucket`; add `bucket = "..."` with the bucket's name
    "{user}": `{user}` is no name of a hole; write the name of the hole alone: `user`
    "(?m)^a\u0062*$": `names` cannot be used: a name is matched as a whole: word boundaries and the ends of lines have no meaning in it; write a regex that matches a whole name, such as `[a-z0-9_]{1,32}`
    "a[^\\s\\S]": `names` cannot be used: the regex matches no name; write a regex that matches a whole name, such as `[a-z0-9_]{1,32}`
    {2,1}: `names` cannot be used: invalid repetition count range, the start must be <= the end; write a regex that matches a whole name, such as `[a-z0-9_]{1,32}`
    "": `` is no shape of keys: it is empty; write the key as it stands behind the bucket's name, such as `app/{user}/*`
    true: `owner` is a string, found a boolean
    ["a"]: `names` is a string, found an array
    "##);
}

#[test]
fn layouts_that_contradict_each_other_are_a_mistake() {
    let layout = |key: &str, owner: &str, names: &str| {
        format!("[[layout]]\nbucket = 'b'\nkey = '{key}'\nowner = '{owner}'\n{names}\n")
    };
    let of = |first: &str, second: &str| parse(&format!("{first}{second}")).err().map(|error| error.to_string());
    let first = layout("app/{shop}/{user}/*", "user", "");
    assert_eq!(of(&first, &first), None, "the same twice is no contradiction");
    assert_eq!(of(&first, &layout("app/{shop}/{user}/x*", "shop", "")), None, "other keys");
    assert_eq!(
        of(&first, &layout("app/{shop}/{user}/*", "shop", "")).unwrap(),
        "grantlint.toml:9:9: `app/{shop}/{user}/*` is owned by `user` in the layout at grantlint.toml:1; \
         keep one of the two, or give one of them other keys"
    );
    assert_eq!(
        of(&first, &layout("app/<x>/<user>/*", "user", "names = '[a-z]+'")).unwrap(),
        "grantlint.toml:10:9: `app/<x>/<user>/*` is owned by users with names like `[A-Za-z0-9]+` in the layout at \
         grantlint.toml:1; keep one of the two, or give one of them other keys"
    );
    assert_eq!(of(&first, &layout("app/{shop}/{user}/*", "shop", "").replace("'b'", "'c'")), None, "another bucket");
}

#[test]
fn a_layout_is_known_in_every_file() {
    let text = "[[layout]]\nbucket = 'b'\nkey = ['a/{user}', 'b/<user>/*']\nowner = 'user'\nnames = '[a-z/]+'\n";
    let config = parse(text).unwrap();
    for path in ["/project/a.json", "/elsewhere/a.json", "<stdin>"] {
        assert_eq!(config.facts(Path::new(path)).layouts, config.layouts);
    }
    let layout = &config.layouts[0];
    assert_eq!((layout.at.as_str(), layout.is_assumed), ("grantlint.toml:1", false));
    assert!(!layout.safe.as_ref().unwrap().contains("a/b") && layout.names.contains("a/b"));
    assert_eq!(layout.keys[1].pointer, "/layout/0/key/1");
    let under = |span: Span| text.get(span.start as usize..span.end as usize).unwrap();
    assert_eq!((under(layout.keys[1].span), under(layout.names_span.unwrap())), ("'b/<user>/*'", "'[a-z/]+'"));
}
