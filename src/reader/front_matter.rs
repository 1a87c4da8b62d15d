//! stand-in
use super::Settings;
use crate::diagnostic::Diagnostics;
use crate::source::{SourceFile, Span, Spanned};
pub struct FrontMatter { pub span: Span, pub body: usize, pub dialect: Option<Spanned<String>> }
impl FrontMatter { pub fn apply(&self, _: &mut Settings) {} }
pub fn may_have(_: &SourceFile) -> bool { false }
pub fn read(_: &SourceFile, _: &mut Diagnostics) -> Option<FrontMatter> { None }
