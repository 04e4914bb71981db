import { startSimulator } from '../simulator/server.ts';
import type { SimRequest, SimResponse, Simulator, SimulatorOptions } from '../simulator/server.ts';
import { createAccount } from './account.ts';
import type { Account } from './account.ts';
import type { AccountState, StateOptions } from './account-state.ts';
import { errorBody, invalidInput } from './answers.ts';
import { authenticate } from './authentication.ts';
import type { Credentials } from './authentication.ts';
import type { Behaviour, Calls, SubscribedWrite } from './call.ts';
import { contactCalls } from './contact-calls.ts';
import { findOperation } from './contract-document.ts';
import { validateRequest, validateResponse } from './contract.ts';
import type { ContractProblem } from './contract.ts';
import { fieldCalls } from './field-calls.ts';
import { listCalls } from './list-calls.ts';
import { numberCalls } from './number-calls.ts';
import { deliverOptOut } from './deliver-webhook.ts';
import type { Delivered } from './deliver-webhook.ts';
import { webhookCalls } from './webhook-calls.ts';
import { assertNone } from './violations.ts';
import type { Violation } from './violations.ts';

export interface MessageMediaOptions extends Credentials, Partial<Behaviour>, StateOptions {
  readonly tls: SimulatorOptions['tls'];
  readonly port?: number;
  /** Seed of the faults that have a probability. */
  readonly seed?: number;
}

interface MessageMediaAccount extends Account {
  readonly violations: readonly Violation[];
  /** Throws with all of them; for the end of every test. */
  assertNoViolations(): void;
  /** Every request, successful or not, that asked to subscribe a number. */
  readonly subscribedWrites: readonly SubscribedWrite[];
  /**
   * The number's owner replies STOP: it is unsubscribed and blocked, and every webhook for opt-outs is told, signed
   * where a key is enabled. Answers what came of each, after the last try.
   */
  replyStop(number: string, options?: { readonly retryDelayMs?: number }): Promise<readonly Delivered[]>;
  /** From now on these are the only credentials that are accepted. */
  rotateCredentials(credentials: Credentials): void;
  /** Accepted besides the others: the overlap of a rotation. */
  addCredentials(credentials: Credentials): void;
}

export interface MessageMedia extends Simulator {
  readonly account: MessageMediaAccount;
}

interface Platform {
  readonly state: AccountState;
  readonly behaviour: Behaviour;
  readonly violations: Violation[];
  readonly subscribedWrites: SubscribedWrite[];
  /** Whose requests are accepted, by key and secret or by their signature. */
  readonly accepted: Credentials[];
  readonly now: () => number;
}

const CALLS: Calls = { ...contactCalls, ...listCalls, ...fieldCalls, ...numberCalls, ...webhookCalls };

// Longer addresses are cut off or refused by proxies on the way: a client must split its look-ups before that.
const MAX_URL_LENGTH = 8192;

/** Starts a simulated MessageMedia account. Every request and answer is held against the vendor's contract. */
export async function startMessageMedia(options: MessageMediaOptions): Promise<MessageMedia> {
  const { account, state } = createAccount(options);
  const platform: Platform = {
    state,
    behaviour: behaviourOf(options),
    violations: [],
    subscribedWrites: [],
    accepted: [options],
    now: options.now ?? Date.now,
  };
  const simulator = await startSimulator({
    name: 'messagemedia',
    tls: options.tls,
    handle: (request) => control(state, account, request) ?? handle(platform, request),
    errorBody,
    ...(options.port === undefined ? {} : { port: options.port }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  // Assigned, not spread: a copy of `latencyMs` would no longer slow the server down.
  return Object.assign(simulator, {
    account: {
      ...account,
      ...supervision(platform),
      replyStop(number: string, how: { readonly retryDelayMs?: number } = {}) {
        account.optOut(number);
        return deliverOptOut(state, number, how);
      },
    },
  });
}

/** What no account has: somebody's phone. `POST /simulator/reply-stop {"number": "+61…"}` replies STOP from it. */
function control(
  state: AccountState,
  account: Account,
  { method, path, json }: SimRequest,
): Promise<SimResponse> | undefined {
  if (method !== 'POST' || path !== '/simulator/reply-stop') return undefined;
  const { number } = json() as { readonly number: string };
  account.optOut(number);
  return deliverOptOut(state, number, {}).then((delivered) => ({ status: 200, body: { delivered } }));
}

function supervision({ violations, subscribedWrites, accepted }: Platform) {
  return {
    violations,
    assertNoViolations: () => assertNone(violations),
    subscribedWrites,
    rotateCredentials(credentials: Credentials): void {
      accepted.splice(0, accepted.length, credentials);
    },
    addCredentials(credentials: Credentials): void {
      accepted.push(credentials);
    },
  };
}

function behaviourOf(options: Partial<Behaviour>): Behaviour {
  return {
    uniqueNumbers: options.uniqueNumbers ?? true,
    uniqueListNames: options.uniqueListNames ?? true,
    signing: options.signing ?? 'not-available',
    namesBadIds: options.namesBadIds ?? true,
    channelsMode: options.channelsMode ?? 'replace',
    customFieldsMode: options.customFieldsMode ?? 'replace',
    listsMode: options.listsMode ?? 'replace',
  };
}

function handle(platform: Platform, request: SimRequest): SimResponse {
  const { method, path, query, headers, body } = request;
  if (urlLength(request) > MAX_URL_LENGTH) {
    note(platform, request, [{ where: 'path', what: `the address is longer than ${MAX_URL_LENGTH} characters` }]);
    return { status: 414 };
  }
  const problems = validateRequest(method, path, query, headers, body);
  note(platform, request, problems);
  if (authenticate(request, platform.accepted, platform.now()) !== undefined)
    return credentialsRefused(platform, request);
  if (problems.length > 0) return answerToViolation(request, problems);
  return checked(platform, request, answer(platform, request));
}

function answer(platform: Platform, request: SimRequest): SimResponse {
  const { method, path, query, body } = request;
  const found = findOperation(method, path);
  const call = found === undefined ? undefined : CALLS[found.operation.operationId];
  if (found === undefined || call === undefined) {
    note(platform, request, [{ where: 'path', what: 'is documented, but not simulated' }]);
    return { status: 501 };
  }
  const { state, behaviour, subscribedWrites } = platform;
  const content = body === '' ? undefined : request.json();
  return call({ state, behaviour, method, path, params: found.params, query, body: content, subscribedWrites });
}

/** An answer that breaks the contract is the simulator's own fault: it becomes a violation and a 500. */
function checked(platform: Platform, request: SimRequest, response: SimResponse): SimResponse {
  if (response.status === 501) return response;
  const problems = validateResponse(request.method, request.path, response.status, response.body);
  if (problems.length === 0) return response;
  note(platform, request, problems, response.status);
  return { status: 500, body: errorBody(500) };
}

/** The number calls document no 401, but a 403 with a message of their own. */
function credentialsRefused({ now }: Platform, { path }: SimRequest): SimResponse {
  const headers = { Date: new Date(now()).toUTCString() };
  if (!path.startsWith('/v1/number_authorisation/')) return { status: 401, headers };
  return { status: 403, headers, body: { message: 'Invalid authentication credentials' } };
}

function answerToViolation({ method, path }: SimRequest, problems: readonly ContractProblem[]): SimResponse {
  if (!findOperation(method, path)?.operation.responses.has(400)) return { status: 501 };
  const isUnreadable = problems.some(({ where, what }) => where === 'body' && what === 'is not JSON');
  const fields = problems.map(
    ({ where, what }) => ({ name: where, code: 'constraint_violation', reason: what }) as const,
  );
  return invalidInput(fields, isUnreadable ? 'message_not_readable' : 'validation');
}

function note(
  { violations }: Platform,
  { method, path }: SimRequest,
  problems: readonly ContractProblem[],
  status?: number,
): void {
  const side = status === undefined ? 'request' : 'answer';
  for (const problem of problems) {
    violations.push({ side, method, path, ...(status === undefined ? {} : { status }), ...problem });
  }
}

function urlLength({ path, query }: SimRequest): number {
  return path.length + 1 + query.toString().length;
}
