# Recipes for https://just.systems; `just` lists them. None but `oracle` does what cargo alone could not.

set shell := ["bash", "-euo", "pipefail", "-c"]

_list:
    @just --list --unsorted

# All that CI runs
ready:
    .ci/run

# Run the tests, or those whose path contains a word: `just test torture`
test *ARGS:
    cargo test {{ ARGS }}

# Look at the snapshots that changed, one by one
review:
    cargo insta test --review

# Rewrite the texts that tests check: page headers, rules/README.md, schemas, the generated parts of README.md
update:
    UPDATE=1 cargo test
    git diff --stat

# Measure the ratios of the design
bench:
    cargo bench

# Put random exact questions to z3 as well, and compare; needs Python 3 and PyPI
oracle COUNT="1000" SEED="1":
    @command -v python3 >/dev/null || { echo "oracle: python3 was not found" >&2; exit 2; }
    python3 benches/oracle/oracle.py {{ COUNT }} {{ SEED }}

# Lay out a new rule: page, code, fixtures, registry line
new-rule NAME:
    #!/usr/bin/env bash
    set -euo pipefail
    export LC_ALL=C
    name={{ quote(NAME) }}
    if [[ ! $name =~ ^[a-z]+(-[a-z]+)+$ ]]; then
        echo "a rule's name is kebab-case and reads after \"allow ...\", such as shared-prefix" >&2
        exit 2
    fi
    module=${name//-/_}
    for path in "rules/$name.md" "src/rules/$module.rs" "fixtures/$name"; do
        if [[ -e $path ]]; then echo "$path is there already" >&2; exit 2; fi
    done

    cat >"rules/$name.md" <<PAGE
    # $name

    <!-- generated line -->

    ## What it does

    ## Why it matters

    ## Bad

    Tencent COS:

    \`\`\`json
    { "version": "2.0", "statement": [] }
    \`\`\`

    Alibaba OSS:

    \`\`\`json
    { "Version": "1", "Statement": [] }
    \`\`\`

    AWS S3:

    \`\`\`json
    { "Version": "2012-10-17", "Statement": [] }
    \`\`\`

    ## Good

    Tencent COS:

    \`\`\`json
    { "version": "2.0", "statement": [] }
    \`\`\`

    Alibaba OSS:

    \`\`\`json
    { "Version": "1", "Statement": [] }
    \`\`\`

    AWS S3:

    \`\`\`json
    { "Version": "2012-10-17", "Statement": [] }
    \`\`\`

    ## How to fix

    ## When to ignore it

    ## What it cannot see

    ## References
    PAGE

    cat >"src/rules/$module.rs" <<CODE
    //! \`$name\`: what somebody could do that nobody meant to allow.

    use super::prelude::*;

    pub(super) static META: RuleMeta = RuleMeta {
        name: "$name",
        summary: "what it reports, in one lower-case sentence",
        grades: Grades::all(LOOK),
        confidence: Confidence::High,
        status: Status::Preview { since: "$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)" },
        fix: FixLevel::None,
        page: include_str!("../../rules/$name.md"),
    };

    pub(super) const CHECK: Check = Check::Policy(check);

    fn check(cx: &Analysis<'_, '_>, out: &mut Reporter<'_>) {
        for reading in cx.allows() {
            let Some(draft) = out.claim(Claim::at(reading.statement.span).of(reading.statement)) else { continue };
            draft.message("what is wrong").caption("here").help("name the repair");
        }
    }
    CODE

    mkdir "fixtures/$name"
    for fixture in bad-one bad-two good-one good-two; do
        printf '{ "version": "2.0", "statement": [] }\n' >"fixtures/$name/$fixture.session.json"
    done

    # Both lists of the registry are sorted. The modules of the rules are a paragraph of their own.
    awk -v module="$module" '
        /^mod reporter;$/ { in_modules = 1; print; next }
        in_modules && /^mod / && !placed && substr($2, 1, length($2) - 1) > module { print "mod " module ";"; placed = 1 }
        in_modules && /^mod / { is_inside = 1 }
        in_modules && /^$/ && is_inside { if (!placed) print "mod " module ";"; placed = 1; in_modules = 0 }
        /^rules! \{$/ { in_rules = 1; print; next }
        in_rules && /^    / && !listed && substr($1, 1, length($1) - 1) > module { print "    " module ","; listed = 1 }
        in_rules && /^\}$/ { if (!listed) print "    " module ","; listed = 1; in_rules = 0 }
        { print }
        END { if (!placed || !listed) exit 1 }
    ' src/rules/mod.rs >src/rules/mod.rs.new || { rm src/rules/mod.rs.new; echo "add \`mod $module;\` by hand" >&2; exit 1; }
    mv src/rules/mod.rs.new src/rules/mod.rs

    echo "next: the page, the code and the fixtures of $name, a line in CHANGELOG.md, then \`just update\` and \`just review\`"
