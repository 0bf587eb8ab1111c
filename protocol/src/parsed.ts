/** A parsed value, or the first thing that is wrong with it, in words. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

type AnySchema = {
  safeParse(
    value: unknown,
  ): { success: true; data: unknown } | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };
};

/** The schema checked every field that `T` names, so the cast states what was checked. */
export function parser<T>(schema: AnySchema): (value: unknown) => Parsed<T> {
  return (value) => {
    const result = schema.safeParse(value);
    if (result.success) return { ok: true, value: value as T };
    const issue = result.error.issues[0];
    return {
      ok: false,
      problem: issue === undefined ? "not as expected" : `${issue.path.map(String).join(".") || "the document"}: ${issue.message}`,
    };
  };
}
