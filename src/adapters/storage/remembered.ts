/** Runs once and answers the same to everybody; a failure is forgotten, so that the next call tries again. */
export function remembered<T>(call: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= call().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}
