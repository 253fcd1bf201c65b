//! Who owns which keys of a bucket, as a project declares it.
//!
//! A layout says: in this bucket, keys of these shapes belong to the user whose name stands in them. With it a rule need
//! not guess whose keys a pattern reaches. Keys that fit none of the shapes belong to nobody that is known here. A hole is one
//! name of a directory or file, or a part of one: only the user's name may hold `/`, where the layout says so of names.

use super::glob::{Glob, Letter, Step};
use super::isolation::{Piece, Reached, Template, may_meet, owners_reached, segment};
use super::names::Names;
use super::search::{Answer, Budget, witness};
use crate::policy::{Anchor, Case, HoleRole, Pattern, Place, TokenKind};
use crate::text::Span;

/// Who owns which keys of a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The bucket's name.
    pub bucket: String,
    /// The shapes of keys that belong to one user each.
    pub keys: Vec<OwnedKey>,
    /// The name of the hole that stands for the user.
    pub owner: String,
    /// What a user's name may look like, names that are unsafe to fill in included.
    pub names: Names,
    /// The same without the unsafe names; everything is judged by these. `None` when all are unsafe.
    pub safe: Option<Names>,
    /// Nobody said what names look like.
    pub is_assumed: bool,
    /// Where the layout is declared, such as `grantlint.toml:12`.
    pub at: String,
    /// JSON pointer to it in its file.
    pub pointer: String,
    /// The bytes that say what names look like.
    pub names_span: Option<Span>,
}

/// A shape of keys that belong to one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedKey {
    /// As it is written.
    pub text: String,
    /// With the owner in it; other holes are any text without `/`.
    pub template: Template,
    /// The bytes that say so.
    pub span: Span,
    /// JSON pointer to it.
    pub pointer: String,
}

/// The template of a key, the holes called `owner` standing for the user and all others for any text that is not empty and
/// holds no `/`: what is to hold one is written as `*`.
pub fn key_template(text: &str, owner: &str) -> Template {
    let pattern = Pattern::new(text, false, Case::Sensitive, Anchor::loose(Span::default()));
    template_of(&pattern, 0, |name| name == owner)
}

impl Layout {
    /// The shapes of keys.
    pub fn templates(&self) -> Vec<Template> {
        self.keys.iter().map(|key| key.template.clone()).collect()
    }

    /// JSON pointer to the part of the layout that these bytes say.
    pub fn pointer_to(&self, span: Span) -> String {
        let key = self.keys.iter().find(|key| key.span == span);
        match key {
            Some(key) => key.pointer.clone(),
            None if self.names_span == Some(span) => format!("{}/names", self.pointer),
            None => self.pointer.clone(),
        }
    }

    /// Whether a resource may be about this bucket: it names it, or has a wildcard or a hole there that fits it.
    pub fn speaks_of(&self, place: &Place<'_>) -> bool {
        let bucket = place.bucket();
        if bucket == self.bucket {
            return true;
        }
        let path = &place.path;
        let end = place.slash().unwrap_or(path.text().len() as u32);
        if path.tokens().iter().all(|token| token.kind == TokenKind::Literal || token.start >= end) {
            return false;
        }
        // A wildcard in the bucket's name may cross the `/` and take in keys.
        let named = if place.slash().is_some() { self.bucket.clone() } else { format!("{}/*", self.bucket) };
        let inside = [&glob_of(path, 0, end), &Glob::parse(&named, false)];
        witness(&inside, &[], &mut Budget::default()) != Answer::None
    }

    /// The keys that a resource of this bucket grants, as a template: the holes of the owner's name stand for the user, or
    /// those of the only name of an owner in it. `None` when no user's name stands in it.
    pub fn granted(&self, place: &Place<'_>) -> Option<Template> {
        let key = place.slash()? + 1;
        let path = &place.path;
        let mut names: Vec<&str> = path
            .holes()
            .iter()
            .filter(|hole| hole.range.start >= key && hole.role == HoleRole::Owner)
            .map(|hole| path.hole_name(hole))
            .collect();
        names.sort_unstable();
        names.dedup();
        let owner = match names.as_slice() {
            // Two owners are two unknowns.
            _ if names.contains(&self.owner.as_str()) => self.owner.as_str(),
            [only] if !only.is_empty() => only,
            _ => return None,
        };
        Some(template_of(path, key, |name| name == owner))
    }

    /// Whether the layout itself gives the keys of `granted` to the user to whom they are granted. Whoever else reaches
    /// them then does so by the layout.
    pub fn gives(&self, granted: &Template) -> bool {
        self.keys.iter().any(|key| key.template.holds(granted))
    }

    /// Whether it says anything of the keys in `granted`.
    pub fn knows(&self, granted: &Template) -> bool {
        self.safe.as_ref().is_some_and(|names| may_meet(granted, &self.templates(), names))
    }

    /// The first shape of keys of which a resource of this bucket reaches some user's. `None` when an owner's hole is among its
    /// keys.
    pub fn shape_reached(&self, place: &Place<'_>) -> Option<&OwnedKey> {
        let names = self.safe.as_ref()?;
        let glob = keys_of(place, names)?;
        let is_reached = |key: &&OwnedKey| {
            let template = std::slice::from_ref(&key.template);
            matches!(owners_reached(&glob, template, names), Reached::One(_) | Reached::Several(_))
        };
        self.keys.iter().find(is_reached)
    }

    /// The directory of a resource of this bucket that stands where a shape of keys has its owner, if it is no user's name, and
    /// that shape.
    pub fn misnamed<'p>(&self, place: &'p Place<'_>) -> Option<(&'p str, &OwnedKey)> {
        let wild = place.path.first_wildcard().map_or(place.path.text().len(), |token| token.start as usize);
        let from = place.slash()? as usize + 1;
        let fixed = place.path.text().get(from..wild)?;
        if place.path.holes().iter().any(|hole| hole.range.end as usize > from && (hole.range.start as usize) < wild) {
            return None;
        }
        self.keys.iter().find_map(|key| {
            let pattern = Pattern::new(key.text.as_str(), false, Case::Sensitive, Anchor::loose(Span::default()));
            let hole = pattern.holes().first().filter(|hole| pattern.hole_name(hole) == self.owner)?;
            let before = key.text.get(..hole.range.start as usize).filter(|before| !before.contains('*'))?;
            let behind = key.text.get(hole.range.end as usize..)?;
            let name = fixed.strip_prefix(before)?.split_once('/').filter(|_| behind.starts_with('/'))?.0;
            let is_name = name.is_empty() || self.names.contains(name);
            (!is_name && (before.is_empty() || before.ends_with('/'))).then_some((name, key))
        })
    }

    /// How many users own a key that a resource of this bucket reaches. `None` when an owner's hole is among its keys, or it
    /// names none.
    pub fn reached(&self, place: &Place<'_>) -> Option<Reached> {
        let names = self.safe.as_ref()?;
        let glob = keys_of(place, names)?;
        Some(owners_reached(&glob, &self.templates(), names))
    }
}

/// The keys of a resource of a layout's bucket. A hole that names no owner is some text, and one that stands for all it may be is
/// taken: what reaches several users with it does so. `None` where an owner's hole stands among the keys.
fn keys_of(place: &Place<'_>, names: &Names) -> Option<Glob> {
    let from = place.slash()? + 1;
    let mut holes = place.path.holes().iter().filter(|hole| hole.range.end > from).peekable();
    if holes.peek().is_none() {
        return Some(glob_of(&place.path, from, place.path.text().len() as u32));
    }
    if holes.any(|hole| hole.role == HoleRole::Owner) {
        return None;
    }
    let name = names.shortest();
    let is_key = |mark: &str| place.path.text().get(from as usize..).is_some_and(|key| key.contains(mark));
    let path = place.path.filled(|mark, _| is_key(mark).then(|| name.clone()));
    let from = path.text().find('/')? as u32 + 1;
    Some(glob_of(&path, from, path.text().len() as u32))
}

/// The part of a pattern behind `from`.
fn template_of(pattern: &Pattern<'_>, from: u32, is_owner: impl Fn(&str) -> bool) -> Template {
    let mut pieces = Vec::new();
    for token in pattern.tokens().iter().filter(|token| token.end > from) {
        match token.kind {
            TokenKind::Literal => {
                let text = pattern.text().get(token.start.max(from) as usize..token.end as usize).unwrap_or_default();
                pieces.extend(text.chars().map(|c| Piece::Step(Step::Letter(Letter::of(c)))));
            }
            TokenKind::AnyOne => pieces.push(Piece::Step(Step::One)),
            TokenKind::AnyRun => pieces.push(Piece::Step(Step::Run)),
            TokenKind::Hole(index) => {
                let hole = pattern.holes().get(index as usize);
                let name = hole.map_or("", |hole| pattern.hole_name(hole));
                if is_owner(name) {
                    pieces.push(Piece::Owner);
                } else {
                    pieces.extend(segment());
                }
            }
        }
    }
    Template::new(pieces)
}

/// The part of a pattern from one offset to another, its holes being any text that is not empty.
fn glob_of(pattern: &Pattern<'_>, from: u32, to: u32) -> Glob {
    let mut steps = Vec::new();
    for token in pattern.tokens().iter().filter(|token| token.end > from && token.start < to) {
        match token.kind {
            TokenKind::Literal => {
                let range = token.start.max(from) as usize..token.end.min(to) as usize;
                let text = pattern.text().get(range).unwrap_or_default();
                steps.extend(text.chars().map(|c| Step::Letter(Letter::of(c))));
            }
            TokenKind::AnyOne => steps.push(Step::One),
            TokenKind::AnyRun => steps.push(Step::Run),
            TokenKind::Hole(_) => steps.extend([Step::One, Step::Run]),
        }
    }
    Glob::new(steps)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Owners;

    fn layout(keys: &[&str]) -> Layout {
        let key = |text: &&str| OwnedKey {
            text: (*text).to_owned(),
            template: key_template(text, "user"),
            span: Span::default(),
            pointer: String::new(),
        };
        Layout {
            bucket: "media-1250000000".to_owned(),
            keys: keys.iter().map(key).collect(),
            owner: "user".to_owned(),
            names: Names::assumed(),
            safe: Names::assumed().safe(),
            is_assumed: true,
            at: "grantlint.toml:1".to_owned(),
            pointer: "/layout/0".to_owned(),
            names_span: None,
        }
    }

    fn place(path: &str) -> Place<'_> {
        let pattern = |text| Pattern::new(text, false, Case::Sensitive, Anchor::loose(Span::default()));
        let mut path = pattern(path);
        let roles: Vec<bool> =
            path.holes().iter().map(|hole| Owners::default().is_owner_name(path.hole_name(hole))).collect();
        for (hole, is_owner) in path.holes_mut().iter_mut().zip(roles) {
            hole.role = if is_owner { HoleRole::Owner } else { HoleRole::Unknown };
        }
        Place::new(pattern(""), pattern(""), path)
    }

    #[test]
    fn a_bucket_is_named_or_fits() {
        let layout = layout(&["app/{user}/*"]);
        for (path, speaks) in [
            ("media-1250000000/app/*", true),
            ("media-1250000000/", true),
            ("media-1250000000", true),
            ("media-{appid}/app/*", true),
            ("<BucketName-APPID>/app/*", true),
            ("*", true),
            ("media-*", true),
            ("me*/app/x", true),
            ("media-1250000001/app/*", false),
            ("media-12500000/*", false),
            ("doc-{appid}/app/*", false),
        ] {
            assert_eq!(layout.speaks_of(&place(path)), speaks, "{path}");
        }
    }

    #[test]
    fn the_owner_is_told_from_other_holes() {
        let layout = layout(&["app/{user}/*"]);
        let granted = |path| layout.granted(&place(path)).map(|template| template.owners());
        assert_eq!(granted("media-1250000000/app/<user>/<date>/*"), Some(1));
        assert_eq!(granted("media-1250000000/app/${openId}/*"), Some(1));
        assert_eq!(granted("media-1250000000/app/{user}/{user}.jpg"), Some(2));
        assert_eq!(granted("media-1250000000/app/{tenant}/{openId}/*"), None);
        assert_eq!(granted("media-1250000000/app/{tenant}/{user}/*"), Some(1));
        assert_eq!(granted("media-1250000000/app/{date}/*"), None);
        assert_eq!(granted("{user}/app/*"), None);
    }

    #[test]
    fn a_hole_stays_in_its_directory() {
        let layout = layout(&["app/{team}/{user}/*"]);
        let granted = |path| layout.granted(&place(path)).unwrap();
        assert!(layout.gives(&granted("b/app/{team}/{user}/*")) && layout.gives(&granted("b/app/red/{user}/a/*")));
        assert!(!layout.gives(&granted("b/app/red/blue/{user}/*")) && !layout.gives(&granted("b/app/{user}/*")));
        assert!(!layout.gives(&granted("b/app/*/{user}/*")), "a wildcard crosses directories");
        assert!(matches!(layout.reached(&place("b/app/red/bob/*")), Some(Reached::One(owner)) if owner.name == "bob"));
        assert!(matches!(layout.reached(&place("b/app/red/*")), Some(Reached::Several(_))));
    }

    #[test]
    fn what_a_layout_gives_and_knows() {
        let layout = layout(&["app/{user}/*", "pic/{user}_{size}.jpg"]);
        let granted = |path| layout.granted(&place(path)).unwrap();
        assert!(layout.gives(&granted("b/app/{user}/photos/*")) && layout.gives(&granted("b/pic/{user}_{size}.jpg")));
        assert!(layout.gives(&granted("b/pic/{user}_m.jpg")));
        assert!(!layout.gives(&granted("b/app/{user}*")));
        assert!(layout.knows(&granted("b/app/{user}*")) && !layout.knows(&granted("b/doc/{user}*")));
        assert!(matches!(layout.reached(&place("b/app/alice/*")), Some(Reached::One(owner)) if owner.name == "alice"));
        assert!(matches!(layout.reached(&place("b/app/*")), Some(Reached::Several(_))));
        assert_eq!(layout.reached(&place("b/app/{user}/*")), None);
        assert_eq!(layout.reached(&place("b*")), None);
    }
}
