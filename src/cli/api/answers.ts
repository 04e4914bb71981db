/** What the app answers, as far as the command line reads it. Times are ISO 8601, UTC. A newer app may say more. */
export interface Run {
  readonly runId: string;
  readonly state: string;
  readonly phase: string;
  readonly mode: string;
  readonly trigger: string;
  readonly dryRun: boolean;
  readonly reason?: string | undefined;
  readonly counts: Readonly<Record<string, number> & Record<'read' | 'inScope' | 'held', number>>;
  readonly calls: { readonly graph: number; readonly messagemedia: number };
  readonly createdAt: string;
  readonly startedAt?: string | undefined;
  readonly finishedAt?: string | undefined;
  readonly planHash?: string | undefined;
  /** In the first full run after a change of the configuration: people whom the change itself concerns. */
  readonly impact?: Impact | undefined;
  /** Of a run that read the whole account, once it has ended. */
  readonly adoption?: Adoption | undefined;
  readonly holds: readonly Hold[];
  readonly decision?: { readonly kind: string; readonly at: string } | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

export interface Impact {
  readonly entering: number;
  readonly leaving: number;
  readonly rewritten: number;
}

/** What an account holds: `linkable` and `ambiguous` count people, the others contacts. */
export interface Adoption {
  readonly contacts: number;
  readonly managed: number;
  readonly linkable: number;
  readonly ambiguous: number;
  readonly unmanaged: number;
  readonly orphaned: number;
}

export interface Hold {
  readonly rule: string;
  readonly list?: string | undefined;
  readonly field?: string | undefined;
  readonly operations: number;
  readonly limit: number;
  readonly recent: number;
  readonly members: number;
  readonly renewed?: boolean | undefined;
}

/** What a run did, or would do, to one person; of a contact that is nobody's, with the id that it carries or none. */
export interface PersonRecord {
  readonly personId: string;
  readonly department: string;
  readonly operation: string;
  readonly outcome: string;
  readonly reason?: string | undefined;
  readonly words: string;
  readonly fields: readonly {
    readonly field: string;
    readonly before?: string | undefined;
    readonly after: string;
    readonly to?: 'directory' | undefined;
    readonly leftAlone?: true | undefined;
  }[];
  readonly lists: { readonly add: readonly string[]; readonly remove: readonly string[] };
  /** Contacts between which nobody but people can decide, or the one that is nobody's. */
  readonly contactIds?: readonly string[] | undefined;
  /** Of a run that read the whole account: linkable, ambiguous, unmanaged or orphaned. */
  readonly adoption?: string | undefined;
}

export interface NeighbourHealth {
  readonly neighbour: string;
  readonly ok: boolean;
  readonly code?: string | undefined;
  /** With `access-denied`: what is wrong with the app's access. */
  readonly access?: string | undefined;
  /** What is wrong, and how to mend it where that is known. */
  readonly message?: string | undefined;
  readonly latencyMs: number;
  readonly ageSeconds: number;
}

export interface Credential {
  readonly name: string;
  readonly expiresAt: string;
  readonly daysLeft: number;
}

export interface Alert {
  readonly name: string;
  readonly since: string;
}

export interface Status {
  readonly lastSuccessAt?: string | undefined;
  readonly lastRun?:
    { readonly runId: string; readonly state: string; readonly finishedAt?: string | undefined } | undefined;
  readonly activeRunId?: string | undefined;
  readonly tokenAgeHours?: number | undefined;
  readonly paused: boolean;
  readonly pausedSince?: string | undefined;
  readonly alerts: readonly Alert[];
  readonly credentials: readonly Credential[];
  readonly held: number;
  readonly leaversKept: number;
  readonly pending: Readonly<Record<string, number>>;
  readonly schedule: {
    readonly words: string;
    readonly fullWords: string;
    readonly reconcileWords?: string | undefined;
    readonly next: readonly string[];
  };
  readonly neighbours: readonly NeighbourHealth[];
}

export interface RunAccepted {
  readonly runId: string;
  readonly state: string;
}

export interface Pause {
  readonly paused: boolean;
  readonly since?: string | undefined;
}

export interface Erasure {
  readonly personId: string;
  readonly rows: number;
  readonly kept: readonly string[];
}

/** One thing that the scope or a rule asks of a person. */
export interface Clause {
  readonly path: string;
  readonly expected: string;
  readonly value?: unknown;
  /** How the attribute stands where it has no value: `never-set`, `unset`, … */
  readonly state?: string | undefined;
  readonly holds: boolean | 'unknown';
}

export interface MappingStep {
  readonly what: string;
  readonly input?: unknown;
  readonly output?: unknown;
  readonly state?: string | undefined;
  readonly limit?: string | undefined;
}

export interface MappedField {
  readonly to: string;
  readonly steps: readonly MappingStep[];
  readonly when?: readonly Clause[] | undefined;
  readonly value?: Readonly<Record<string, string>> | undefined;
  readonly rejected?: { readonly field: string; readonly limit: string } | undefined;
  readonly undecided?: boolean | undefined;
}

/** A text that was tried as the number of a person. */
export interface TriedNumber {
  readonly input: string;
  readonly e164?: string | undefined;
  readonly country?: string | undefined;
  readonly type?: string | undefined;
  readonly reason?: string | undefined;
}

/** The number of a person as it was read. */
export interface ReadNumber {
  readonly input?: string | undefined;
  readonly region?: string | undefined;
  readonly regionFrom?: string | undefined;
  readonly type?: string | undefined;
  readonly e164?: string | undefined;
  readonly reason?: string | undefined;
  readonly tried: readonly TriedNumber[];
}

export interface Waiting {
  readonly outcome: string;
  readonly reason: string;
  readonly words: string;
  readonly runbook: string;
  readonly since: string;
  readonly until?: string | undefined;
}

/** Whether the numbers of a contact may be texted, and what it is on. */
export interface Consent {
  readonly exists: boolean;
  readonly numbers: readonly { readonly number: string; readonly type: string; readonly state: string }[];
  readonly lists: readonly string[];
}

/** Why one person is where they are. Parts that we do not know are shown as they are. */
export interface Explanation {
  readonly person: {
    readonly id: string;
    readonly kind: string;
    readonly presence: string;
    readonly attributes: Readonly<Record<string, unknown>>;
    readonly manager?: Readonly<Record<string, unknown>> | undefined;
  };
  readonly found: { readonly directory: boolean; readonly stored: boolean };
  readonly scope: {
    readonly inScope: boolean;
    readonly cause?: string | undefined;
    readonly reason?: string | undefined;
    readonly decidedBy?: string | undefined;
    readonly clauses: readonly Clause[];
  };
  readonly mapping: readonly MappedField[];
  readonly phone: ReadNumber;
  readonly match: {
    readonly how: string;
    readonly words: string;
    readonly contactId?: string | undefined;
    readonly contactIds?: readonly string[] | undefined;
    readonly holder?: string | undefined;
  };
  readonly lists: readonly { readonly name: string; readonly because: string; readonly joined: boolean }[];
  readonly consent?: Consent | undefined;
  readonly optOuts?:
    readonly { readonly number: string; readonly source: string; readonly since: string }[] | undefined;
  readonly pending?: Waiting | undefined;
  readonly lastChanges: readonly {
    readonly runId: string;
    readonly at: string;
    readonly operation: string;
    readonly outcome: string;
    readonly words: string;
  }[];
  readonly next: PersonRecord;
}

/** How the webhook for opt-outs stands at MessageMedia. */
export interface Webhook {
  readonly url: string;
  readonly registered: boolean;
  readonly signing: string;
  readonly keyBits?: number | undefined;
  readonly problems: readonly string[];
}
