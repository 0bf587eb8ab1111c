/** Reserved words by language: they are the language's, not the repository's, so they are no terms. Only words of three letters and more. */
const lists: Readonly<Record<string, string>> = {
  c: "auto break case char const continue default double else enum extern float for goto inline int long register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while define include ifdef ifndef endif undef pragma elif error bool true false NULL size_t",
  cpp: "alignas alignof and asm catch char8_t char16_t char32_t class co_await co_return co_yield compl concept consteval constexpr constinit const_cast decltype delete dynamic_cast explicit export final friend mutable namespace new noexcept not nullptr operator override private protected public reinterpret_cast requires static_assert static_cast template this thread_local throw try typeid typename using virtual wchar_t xor std",
  "objective-c":
    "interface implementation protocol property nonatomic strong weak copy assign readonly readwrite end self super nil YES NO autoreleasepool selector synthesize dynamic instancetype import",
  csharp:
    "abstract add alias and async await base bool break byte case catch char checked class const continue decimal default delegate descending double dynamic else enum event explicit extern false file finally fixed float for foreach from get global goto group implicit init int interface internal into join let lock long managed nameof namespace new nint not null object operator orderby out override params partial private protected public readonly record ref remove required return sbyte scoped sealed select set short sizeof stackalloc static string struct switch this throw true try typeof uint ulong unchecked unmanaged unsafe ushort using value var virtual void volatile when where while with yield",
  java: "abstract assert boolean break byte case catch char class const continue default double else enum exports extends final finally float for goto implements import instanceof int interface long module native new non null opens package permits private protected provides public record requires return sealed short static strictfp super switch synchronized this throw throws transient true false try uses var void volatile while with yield",
  kotlin:
    "abstract actual annotation break by catch class companion const constructor continue crossinline data delegate else enum expect external false final finally for fun get import infix init inline inner interface internal lateinit noinline null object open operator out override package private protected public reified return sealed set super suspend tailrec this throw true try typealias typeof val var vararg when where while",
  scala:
    "abstract case catch class def derives else end enum extends export extension false final finally for forSome given implicit import inline lazy match new null object opaque override package private protected return sealed super then this throw trait transparent true try type using val var while with yield",
  groovy: "def",
  javascript:
    "arguments async await break case catch class const continue debugger default delete else enum export extends false finally for from function get global implements import instanceof interface let new null of package private protected public return set static super switch this throw true try typeof undefined var void while with yield NaN Infinity",
  typescript:
    "abstract any asserts bigint boolean declare infer intrinsic is keyof module namespace never number object out override readonly require satisfies string symbol type unique unknown accessor using",
  python:
    "and assert async await break case class continue def del elif else except False finally for from global import lambda match None nonlocal not pass raise return True try type while with yield self cls",
  go: "any bool break byte case chan comparable complex64 complex128 const continue default defer else error fallthrough false float32 float64 for func goto if import int int8 int16 int32 int64 interface iota map nil package range return rune select string struct switch true type uint uint8 uint16 uint32 uint64 uintptr var append cap close copy delete len make new panic print println recover",
  rust: "abstract async await become bool box break char const continue crate default dyn else enum extern f32 f64 false final for gen i8 i16 i32 i64 i128 impl isize let loop macro macro_rules match mod move mut override priv pub ref return self Self static str struct super trait true try type typeof u16 u32 u64 u128 union unsafe unsized use usize virtual where while yield",
  swift:
    "actor any associatedtype associativity async await break case catch class continue convenience default defer deinit didSet distributed dynamic else enum extension fallthrough false fileprivate final for func get guard import indirect infix init inout internal isolated lazy left let mutating nil nonisolated nonmutating open operator optional override package postfix precedence precedencegroup prefix private protocol public repeat required rethrows return right self Self set some static struct subscript super switch throw throws true try Type typealias unowned var weak where while willSet",
  dart: "abstract assert async await base break case catch class const continue covariant default deferred do dynamic else enum export extends extension external factory false final finally for function get hide implements import in interface is late library mixin new null on operator part required rethrow return sealed set show static super switch sync this throw true try typedef var void when while with yield",
  php: "abstract and array bool break callable case catch class clone const continue declare default die echo else elseif empty enddeclare endfor endforeach endif endswitch endwhile enum eval exit extends false final finally float fn for foreach function global goto implements include include_once instanceof insteadof int interface isset iterable list match mixed namespace never new null object parent print private protected public readonly require require_once return self static string switch this throw trait true try unset use var void while xor yield",
  ruby: "BEGIN END alias and begin break case class def defined do else elsif end ensure false for in module next nil not redo rescue retry return self super then true undef unless until when while yield attr_accessor attr_reader attr_writer include extend require require_relative private protected public raise puts __FILE__ __LINE__",
  perl: "cmp continue else elsif eq for foreach goto last local lock my next no our package print redo require return scalar shift sub tie undef unless until use wantarray while xor",
  lua: "and break do else elseif end false for function goto if in local nil not or repeat return then true until while",
  r: "break else FALSE for function if in Inf library NA NaN next NULL repeat require return TRUE while",
  julia:
    "abstract baremodule begin break catch const continue do else elseif end export false finally for function global if import let local macro module mutable nothing primitive quote return struct true try type using where while",
  haskell:
    "case class data default deriving do else family forall foreign hiding if import in infix infixl infixr instance let module newtype of pattern qualified then type where",
  ocaml:
    "and as assert begin class constraint do done downto else end exception external false for fun function functor if in include inherit initializer lazy let match method module mutable new nonrec object of open or private rec sig struct then to true try type val virtual when while with",
  fsharp:
    "abstract and as assert base begin class default delegate do done downcast downto elif else end exception extern false finally fixed for fun function global if in inherit inline interface internal lazy let match member module mutable namespace new not null of open or override private public rec return select static struct then to true try type upcast use val void when while with yield",
  clojure:
    "def defn defmacro defmulti defmethod defprotocol defrecord deftype let loop recur fn if-let when when-let when-not cond case do nil true false ns require import use quote throw try catch finally",
  lisp: "defun defvar defparameter defmacro defclass defmethod defgeneric defstruct define lambda let let* cond case when unless progn setq setf nil begin quote require provide",
  erlang:
    "after and andalso band begin bnot bor bsl bsr bxor case catch cond div else end fun let maybe not of or orelse receive rem try when xor module export",
  elixir:
    "after alias and case catch cond def defmodule defp defmacro defimpl defprotocol defstruct do else end false fn for if import in nil not or quote raise receive require rescue super true try unless unquote use when with",
  nim: "addr and asm bind block break case cast concept const continue converter defer discard distinct div elif else end enum except export finally for from func import include interface iterator let macro method mixin mod nil not notin object out proc ptr raise ref return shl shr static template try tuple type using var when while xor yield",
  zig: "addrspace align allowzero and anyframe anytype asm async await break callconv catch comptime const continue defer else enum errdefer error export extern false fn for if inline linksection noalias noinline nosuspend null opaque or orelse packed pub resume return struct suspend switch test threadlocal true try undefined union unreachable usingnamespace usize var void volatile while bool",
  shellscript:
    "alias break case continue declare done echo elif else esac eval exec exit export false for function local printf read readonly return select set shift source test then time trap true typeset unset until wait while",
  powershell:
    "begin break catch class continue data define do dynamicparam else elseif end enum exit filter finally for foreach from function hidden if in param process return static switch throw trap try until using var while workflow true false null",
  sql: "add all alter and any asc begin between bigint boolean by cascade case cast char check column commit constraint create cross current database date declare default delete desc distinct double drop else end exists false float foreign from full function grant group having if in index inner insert int integer into is join key left like limit not null numeric offset on or order outer over partition precision primary procedure references replace return returns right rollback row rows select serial set table text then timestamp to transaction trigger true truncate union unique update using values varchar view when where with",
  proto3:
    "bool bytes double enum extend extensions false fixed32 fixed64 float group import int32 int64 map max message oneof option optional package public repeated required reserved returns rpc service sfixed32 sfixed64 sint32 sint64 stream string syntax true uint32 uint64 weak",
  graphql: "enum extend false fragment implements input interface mutation null query scalar schema subscription true type union",
  terraform: "data dynamic else endfor endif false for for_each if in locals module null output provider resource terraform true variable",
  makefile: "define else endef endif export ifdef ifeq ifndef ifneq include override unexport vpath PHONY",
  cmake:
    "AND BREAK CONTINUE DEFINED ELSE ELSEIF ENDFOREACH ENDFUNCTION ENDIF ENDMACRO ENDWHILE EQUAL FALSE FOREACH FUNCTION IF IN LESS LISTS MACRO MATCHES NOT OFF OR RETURN SET STREQUAL TRUE WHILE else elseif endforeach endfunction endif endmacro endwhile foreach function if macro return set while",
  dockerfile: "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR",
  css: "and important from media not only keyframes import supports charset use include mixin extend function return each else while for",
  vb: "and as boolean byref byval case class const dim do double each else elseif end enum exit false finally for friend function get if imports in inherits integer interface is loop me mod module mustinherit namespace new next not nothing object of on optional or overrides private property protected public readonly return select set shared single static step string structure sub then throw to true try until using when while with",
  pascal:
    "and array as begin boolean case class const constructor destructor div do downto else end except exports file finally for function goto if implementation in inherited initialization integer interface is mod nil not object of on or out packed procedure program property raise record repeat set shl shr string then to try type unit until uses var while with xor",
  vhdl: "architecture begin component else elsif end entity for function generate generic if in is library map not of others out package port process signal std_logic then to type use variable when while",
};

/** Languages that share or extend another one's words. */
const parents: Readonly<Record<string, readonly string[]>> = {
  cpp: ["c"],
  "cuda-cpp": ["cpp", "c"],
  "objective-c": ["c"],
  "objective-cpp": ["objective-c", "cpp", "c"],
  groovy: ["java"],
  javascriptreact: ["javascript"],
  typescript: ["javascript"],
  typescriptreact: ["typescript", "javascript"],
  vue: ["typescript", "javascript"],
  svelte: ["typescript", "javascript"],
  astro: ["typescript", "javascript"],
  html: ["javascript"],
  starlark: ["python"],
  meson: ["python"],
  purescript: ["haskell"],
  elm: ["haskell"],
  dhall: ["haskell"],
  raku: ["perl"],
  wgsl: ["c"],
  d: ["c", "cpp"],
  solidity: ["javascript"],
  v: ["c"],
  bat: ["shellscript"],
  just: ["shellscript"],
  awk: ["shellscript"],
  m4: ["shellscript"],
  scss: ["css"],
  sass: ["css"],
  less: ["css"],
  ada: ["vhdl"],
  thrift: ["proto3"],
  cue: ["go"],
};

const ignoringCase = new Set(["sql", "vb", "pascal", "fortran", "cobol", "powershell", "vhdl", "ada", "bat", "cmake"]);
const known = new Map<string, ReadonlySet<string>>();

function keywordsOf(language: string): ReadonlySet<string> {
  const found = known.get(language);
  if (found) return found;
  const words = [language, ...(parents[language] ?? [])].flatMap((name) => lists[name]?.split(" ") ?? []);
  const set = new Set(ignoringCase.has(language) ? words.map((word) => word.toLowerCase()) : words);
  known.set(language, set);
  return set;
}

export function isKeyword(word: string, language: string): boolean {
  return keywordsOf(language).has(ignoringCase.has(language) ? word.toLowerCase() : word);
}
