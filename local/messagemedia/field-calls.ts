import type { SimResponse } from '../simulator/server.ts';
import { fieldData } from './account-data.ts';
import { addField, removeField } from './account-state.ts';
import type { FieldRecord } from './account-state.ts';
import { conflict, invalidInput, notFound } from './answers.ts';
import type { Call, Calls } from './call.ts';
import { pageAnswer } from './paging.ts';
import type { FieldRequest, InvalidField } from './wire.ts';

export const fieldCalls: Calls = {
  createCustomField,
  getCustomFieldsPage,
  getCustomFieldById,
  updateCustomField,
  deleteCustomFieldById,
};

function createCustomField({ state, body }: Call): SimResponse {
  const request = body as FieldRequest;
  const problems = [...emptyProblems({ ...request }), ...lengthProblems(request.maxLength)];
  if (problems.length > 0) return invalidInput(problems);
  const isTaken = [...state.fields.values()].some((field) => field.mergeTag === request.mergeTag);
  if (isTaken) return conflict('custom field with this merge tag');
  return { status: 201, body: fieldData(state, addField(state, request)) };
}

function getCustomFieldsPage({ state, query }: Call): SimResponse {
  const ids = query.has('customFieldIds') ? new Set(query.getAll('customFieldIds')) : undefined;
  const label = query.get('label');
  const mergeTag = query.get('mergeTag');
  const fields = [...state.fields.values()].filter((field) => {
    if (ids !== undefined && !ids.has(field.id)) return false;
    return (label === null || field.label === label) && (mergeTag === null || field.mergeTag === mergeTag);
  });
  return pageAnswer(fields, query, (field) => fieldData(state, field));
}

function getCustomFieldById(call: Call): SimResponse {
  const field = fieldOf(call);
  return field === undefined ? notFound('custom field') : { status: 200, body: fieldData(call.state, field) };
}

function updateCustomField(call: Call): SimResponse {
  const field = fieldOf(call);
  if (field === undefined) return notFound('custom field');
  const { label = field.label, maxLength = field.maxLength } = call.body as Partial<FieldRequest>;
  const problems = [...emptyProblems({ label }), ...lengthProblems(maxLength)];
  if (problems.length > 0) return invalidInput(problems);
  field.label = label;
  field.maxLength = maxLength;
  field.lastModifiedDate = call.state.timestamp();
  return { status: 200, body: fieldData(call.state, field) };
}

function deleteCustomFieldById({ state, params }: Call): SimResponse {
  return removeField(state, params['customFieldId'] ?? '') ? { status: 204 } : notFound('custom field');
}

function fieldOf({ state, params }: Call): FieldRecord | undefined {
  return state.fields.get(params['customFieldId'] ?? '');
}

function emptyProblems(texts: Readonly<Record<string, unknown>>): readonly InvalidField[] {
  const empty = Object.keys(texts).filter((name) => texts[name] === '');
  return empty.map((name) => ({ name, code: 'must_not_be_empty', reason: 'A value is needed.' }));
}

function lengthProblems(maxLength: number): readonly InvalidField[] {
  if (maxLength > 0) return [];
  return [{ name: 'maxLength', code: 'constraint_violation', reason: 'The length must be positive.' }];
}
