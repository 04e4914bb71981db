import type { Application, Case } from './apply-case.ts';
import { linkTo } from './apply-contact.ts';
import { applyEach } from './end-case.ts';
import { writeDirectory } from './write-directory.ts';

/** Where contacts are only read: the directory is written, and the link says whose contact it is. */
export async function takeOver(app: Application, cases: readonly Case[]): Promise<void> {
  await applyEach(app, cases, async (one) => {
    await writeDirectory(app, one);
    if (one.ending !== undefined) return;
    const { operation, link } = one;
    const contactId = operation.contactId!;
    if (link !== undefined && link.contactId !== contactId) one.abandoned = link.contactId;
    one.next = linkTo(app, one, contactId, false, link?.lists ?? {});
  });
}
