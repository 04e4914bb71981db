import { z } from 'zod';
import { SyncDocument } from './schema.ts';

/** The JSON Schema (draft 7, which editors know best) of what an administrator may write, as the text of its file. */
export function configSchemaText(): string {
  const schema = z.toJSONSchema(SyncDocument, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify(schema, null, 2)}\n`;
}
