//! What went wrong once, in its smallest form.
