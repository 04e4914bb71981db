const POLL_MS = 50;
// Twenty seconds and more: what takes a moment on an idle machine may take so long on a busy one.
const MAX_POLLS = 400;

/** Looks again and again until it is true, for a while. It never fails: what is expected next does. */
export async function eventually(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let polls = 0; polls < MAX_POLLS && !(await isTrue()); polls += 1) {
    await new Promise((resolve) => void setTimeout(resolve, POLL_MS));
  }
}
