export type Json = Readonly<Record<string, unknown>>;

/** A JSON object, not an array and not null. */
export function isObject(json: unknown): json is Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** The text as JSON, or undefined. The parser's own error is dropped: it quotes the text, which is people's data. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
