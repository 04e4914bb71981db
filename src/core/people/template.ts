/** A piece of a template: text that stands as it is, or the path of an attribute. */
export type TemplatePart = { readonly text: string } | { readonly attribute: string };

export type TemplateReading =
  { readonly ok: true; readonly parts: readonly TemplatePart[] } | { readonly ok: false; readonly expected: string };

// An opening brace twice, a closing one twice, an attribute in braces, a brace that is never closed, or plain text.
const TOKEN = /\{\{|\}\}|\{([^{}]*)\}|\{|[^{}]+|\}/g;

/** Reads `{attribute}` and the text around it. `{{` and `}}` stand for one brace; a closing brace alone is text. */
export function parseTemplate(template: string): TemplateReading {
  const parts: TemplatePart[] = [];
  for (const [token, attribute] of template.matchAll(TOKEN)) {
    if (token === '{') return { ok: false, expected: 'a closing brace } for every {attribute}; {{ is a brace as text' };
    if (attribute !== undefined) parts.push({ attribute: attribute.trim() });
    else parts.push({ text: token === '{{' || token === '}}' ? token.slice(1) : token });
  }
  if (parts.some((part) => 'attribute' in part)) return { ok: true, parts };
  return { ok: false, expected: 'at least one {attribute}: the same text for everybody is a constant' };
}

/** The attributes of a template in the order in which they stand in it; none when it cannot be read. */
export function attributesOfTemplate(template: string): readonly string[] {
  const reading = parseTemplate(template);
  return reading.ok ? reading.parts.flatMap((part) => ('attribute' in part ? [part.attribute] : [])) : [];
}
