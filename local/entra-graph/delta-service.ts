import type { SimRequest } from '../simulator/server.ts';
import type { DeltaEntry } from './delta-entries.ts';
import type { DeltaOptions } from './delta-pages.ts';
import type { TokenCodec } from './delta-token.ts';
import type { DirectoryStore } from './directory-store.ts';

/** How an unusable delta token is refused: 400 syncStateNotFound, 410 with Location, or 400 "Badly formed token.". */
export type ExpiryMode = 'syncStateNotFound' | 'gone' | 'badlyFormed';

export interface LinkOptions extends DeltaOptions {
  /** How tokens older than 7 days are refused. */
  expiry: ExpiryMode;
  /** While set, next links point to this host, where no client may follow. */
  wrongHostNextLink: string | undefined;
  /** While true, every next link is the link that was just followed. */
  nextLinkLoop: boolean;
}

/** The objects whose changes are asked for. */
export interface DeltaSource {
  /** Which objects they are, however they were addressed: `users`, or the folder of a mailbox. Tokens carry it. */
  readonly stream: string;
  /** Where they stand below the version, as links say it: `users`. */
  readonly path: string;
  readonly store: DirectoryStore;
  /** Outlook has tokens of its own kind: no age limit, but only the newest few of a folder are remembered. */
  readonly outlook?: {
    readonly nextGeneration: () => number;
    readonly isRemembered: (generation: number) => boolean;
    /** The entry as Outlook shows it: with the id that was asked for, and but one kind of removal. */
    readonly toEntry: (entry: DeltaEntry) => object;
    readonly headers: Readonly<Record<string, string>>;
    readonly pageSize: number;
  };
}

export interface DeltaService {
  readonly options: LinkOptions;
  readonly codec: TokenCodec;
  readonly now: () => number;
  readonly origin: () => string;
  readonly nextSeed: () => number;
  /** Tokens of an earlier epoch are refused in the mode given with it. */
  readonly epoch: () => { readonly number: number; readonly mode: ExpiryMode };
}

/** One request for a page of a chain, and all that answering it takes. */
export interface PageContext {
  readonly service: DeltaService;
  readonly version: string;
  readonly source: DeltaSource;
  readonly request: SimRequest;
}

/** Where the chain's links lead. */
export function deltaPath(context: PageContext): string {
  return `/${context.version}/${context.source.path}/delta`;
}
