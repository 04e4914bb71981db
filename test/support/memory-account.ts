import { createAccount } from '../../local/messagemedia/account.ts';
import type { Account } from '../../local/messagemedia/account.ts';
import type { AccountState, StateOptions } from '../../local/messagemedia/account-state.ts';
import { invalidInput } from '../../local/messagemedia/answers.ts';
import type { Behaviour, Call, Calls, SubscribedWrite } from '../../local/messagemedia/call.ts';
import { contactCalls } from '../../local/messagemedia/contact-calls.ts';
import { findOperation } from '../../local/messagemedia/contract-document.ts';
import { validateRequest } from '../../local/messagemedia/contract.ts';
import { fieldCalls } from '../../local/messagemedia/field-calls.ts';
import { listCalls } from '../../local/messagemedia/list-calls.ts';
import { numberCalls } from '../../local/messagemedia/number-calls.ts';
import { seededRandom } from '../../local/simulator/random.ts';
import type { SimResponse } from '../../local/simulator/server.ts';
import { WireFailure } from '../../src/adapters/messagemedia/wire.ts';
import type { Wire, WireRequest } from '../../src/adapters/messagemedia/wire.ts';
import { carryOut, NoAnswer, textOf } from './memory-calls.ts';
import type { MemoryHooks } from './memory-calls.ts';

export interface MemoryAccountOptions extends Partial<Behaviour>, Omit<StateOptions, 'now'> {
  readonly now: () => number;
  /** Decides the ids that the account gives. */
  readonly seed?: number;
}

/** A call that asks for a change, whether it was granted or not. */
export interface MemoryWrite {
  readonly name: string;
  readonly path: string;
  readonly body: unknown;
}

export interface MemoryAccount {
  readonly account: Account;
  readonly writes: readonly MemoryWrite[];
  readonly subscribedWrites: SubscribedWrite[];
  /** Departures of requests from the vendor's contract, in words without values. */
  readonly violations: readonly string[];
  /** While true, every call is answered with 401. */
  isRevoked: boolean;
  /** The way to the account with hooks of its own. */
  wire(hooks: MemoryHooks): Wire;
}

interface Platform {
  readonly state: AccountState;
  readonly behaviour: Behaviour;
  readonly subscribedWrites: SubscribedWrite[];
  readonly violations: string[];
}

const CALLS: Calls = { ...contactCalls, ...listCalls, ...fieldCalls, ...numberCalls };

/** The simulated account behind a wire without sockets: the same calls, held against the same contract. */
export function createMemoryAccount(options: MemoryAccountOptions): MemoryAccount {
  const { account, state } = createAccount(options);
  drawIds(state, options.seed ?? 1);
  const writes: MemoryWrite[] = [];
  const platform: Platform = { state, behaviour: behaviourOf(options), subscribedWrites: [], violations: [] };
  const memory: MemoryAccount = {
    account,
    writes,
    subscribedWrites: platform.subscribedWrites,
    violations: platform.violations,
    isRevoked: false,
    wire: (hooks) => ({
      async send(request) {
        const call = { name: nameOf(request), isWrite: request.method !== 'GET' };
        if (call.isWrite) writes.push({ name: call.name, path: request.path, body: bodyOf(request) });
        const effect = (): SimResponse => (memory.isRevoked ? { status: 401 } : answer(platform, request));
        const response = await carryOut(hooks, call, effect).catch(rethrowAsWireFailure);
        return { status: response.status, headers: lowerCase(response.headers), text: textOf(response) };
      },
      close: async () => undefined,
    }),
  };
  return memory;
}

// The state draws random ids; a history that is told by a seed has to get the same ones each time.
function drawIds(state: AccountState, seed: number): void {
  const random = seededRandom(seed);
  const digits = (count: number): string => Array.from({ length: count }, () => hexDigit(random())).join('');
  const { stamp } = state;
  Object.assign(state, {
    stamp: () => ({ ...stamp(), id: `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}` }),
  });
}

function hexDigit(draw: number): string {
  return Math.floor(draw * 16).toString(16);
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

function answer(platform: Platform, request: WireRequest): SimResponse {
  const url = urlOf(request);
  const headers = { ...request.headers };
  const problems = validateRequest(request.method, url.pathname, url.searchParams, headers, request.body ?? '');
  for (const { where, what } of problems) platform.violations.push(`${nameOf(request)}: ${where} ${what}`);
  if (problems.length > 0) {
    return invalidInput(
      problems.map(({ where, what }) => ({ name: where, code: 'constraint_violation', reason: what })),
    );
  }
  return callOf(request)({ ...platform, ...addressOf(request), query: url.searchParams, body: bodyOf(request) });
}

function callOf(request: WireRequest): (call: Call) => SimResponse {
  const call = CALLS[nameOf(request)];
  if (call === undefined) throw new Error(`The account in memory does not know ${request.method} ${request.path}.`);
  return call;
}

function addressOf(request: WireRequest): Pick<Call, 'method' | 'path' | 'params'> {
  const path = urlOf(request).pathname;
  return { method: request.method, path, params: findOperation(request.method, path)?.params ?? {} };
}

function nameOf(request: WireRequest): string {
  return findOperation(request.method, urlOf(request).pathname)?.operation.operationId ?? request.method;
}

function urlOf({ path }: WireRequest): URL {
  return new URL(path, 'https://account.example.com');
}

function bodyOf({ body }: WireRequest): unknown {
  return body === undefined ? undefined : (JSON.parse(body) as unknown);
}

function rethrowAsWireFailure(error: unknown): never {
  throw error instanceof NoAnswer ? new WireFailure(error.timedOut, error.sent, error) : error;
}

function lowerCase(headers: SimResponse['headers'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
