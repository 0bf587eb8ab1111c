/** Words of the languages themselves: they are not names of the repository. One set serves all languages of a family. */
const shared =
  "abstract and as assert async await base bool boolean break byte case catch char class const constexpr continue debugger decltype declare def default del delete do double dyn echo elif else elseif elsif end ensure enum except exec explicit export extends extern false final finally float for foreach friend from func function global goto if impl implements implicit import in include inline instanceof int interface internal into is lambda let long loop match mod module mut mutable namespace native new nil none nonlocal not null nullptr number object of operator or out override package pass pub private protected public raise readonly ref register require rescue return sealed self sizeof static string struct super switch synchronized template then this throw throws trait transient true try type typedef typename typeof undefined undef union unless unsafe until use using val var virtual void volatile when where while with yield True False None Self";

const keywords = new Set(shared.split(" "));

export function isKeyword(word: string): boolean {
  return keywords.has(word);
}
