import type { SimRequest, SimResponse } from '../simulator/server.ts';
import type { DirectoryStore, UserRecord } from './directory-store.ts';
import { refuse } from './graph-replies.ts';
import type { WriteDelays } from './late-writes.ts';
import { ROLES } from './roles.ts';
import type { CountWrite } from './write-limits.ts';
import { APP_ONLY_FORBIDDEN, PHONE_PROPERTIES, ruleOf } from './write-rules.ts';

export interface WriteService {
  readonly users: DirectoryStore;
  /** The roles the caller has at the moment: in the token, and still granted. */
  readonly rolesOf: (request: SimRequest) => ReadonlySet<string>;
  /** People with administrator roles: their sensitive properties are out of reach. */
  readonly privileged: ReadonlySet<string>;
  readonly delays: () => WriteDelays;
  readonly count: CountWrite;
  /** Receives what no product may ever ask for. */
  readonly unexpected: string[];
}

type Properties = Readonly<Record<string, unknown>>;

/** Answers `PATCH /{version}/users/{id or UPN}`: all of it is written, or nothing. */
export function answerUserWrite(service: WriteService, key: string, request: SimRequest): SimResponse {
  const headers = service.count();
  const properties = readBody(request);
  const names = Object.keys(properties);
  requireRoles(service, request, names);
  const record = service.users.findLive(key);
  if (record === undefined) {
    const message = `Resource '${key}' does not exist or one of its queried reference-property objects are not present.`;
    return refuse(404, 'Request_ResourceNotFound', message);
  }
  refuseOutOfReach(service, record, names);
  for (const [name, value] of Object.entries(properties)) refuseInvalid(name, value);
  service.users.write(record.id, properties, service.delays());
  return { status: 204, headers };
}

/** Answers every other write to users: there is none that the app is meant to make. */
export function refuseOtherWrite(service: Pick<WriteService, 'unexpected'>, request: SimRequest): never {
  service.unexpected.push(`${request.method} ${request.path}`);
  return denied();
}

function readBody(request: SimRequest): Properties {
  try {
    const body: unknown = request.json();
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Properties;
  } catch {
    return badRequest('Unable to read JSON request payload.');
  }
  return badRequest('Unable to read JSON request payload.');
}

// User-Phone.ReadWrite.All opens the two phone properties alone: not in company with others.
function requireRoles(service: WriteService, request: SimRequest, names: readonly string[]): void {
  for (const name of names) {
    if (APP_ONLY_FORBIDDEN.includes(name)) denied();
    if (ruleOf(name) !== undefined) continue;
    // Passwords, sign-in names, switched-off accounts: that a product tries is a finding, whatever its permissions.
    service.unexpected.push(`PATCH of ${name}`);
    denied();
  }
  const roles = service.rolesOf(request);
  const accepted = names.every((name) => PHONE_PROPERTIES.includes(name)) ? ROLES.phoneWrites : ROLES.userWrites;
  if (!accepted.some((role) => roles.has(role))) denied();
}

function refuseOutOfReach(service: WriteService, { id, attributes }: UserRecord, names: readonly string[]): void {
  if (service.privileged.has(id) && names.some((name) => PHONE_PROPERTIES.includes(name))) denied();
  const synced = attributes['onPremisesSyncEnabled'];
  if (synced === true && !names.every((name) => ruleOf(name)?.cloud === true)) {
    badRequest(
      'Unable to update the specified properties for on-premises mastered Directory Sync objects or objects currently undergoing migration.',
    );
  }
  if (synced === false && names.includes('onPremisesExtensionAttributes')) {
    badRequest(
      'Unable to update the specified properties for objects that have originated within an external service.',
    );
  }
}

function refuseInvalid(name: string, value: unknown): void {
  const rule = ruleOf(name) ?? {};
  if (value === null) {
    if (rule.required === true) badRequest(`A value is required for property '${name}' of resource 'User'.`);
    return;
  }
  if (name === 'businessPhones' && Array.isArray(value) && value.length > 1) {
    badRequest("Only one value can be set for property 'businessPhones' of resource 'User'.");
  }
  for (const text of textsOf(value)) {
    if (text === '') badRequest(`Invalid value specified for property '${name}' of resource 'User'.`);
    if (text.length > (rule.maxLength ?? Number.POSITIVE_INFINITY)) {
      badRequest(`The ${name} should be between 1 and ${rule.maxLength} characters.`);
    }
  }
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : [];
}

function denied(): never {
  return refuse(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
}

function badRequest(message: string): never {
  return refuse(400, 'Request_BadRequest', message);
}
